/** The account that `run` plays when the input does not name one, and that `serve` plays. */
export const PLAYED_ACCOUNT = { id: 1, subdomain: "acme" } as const;

/** The host of its own Zendesk, as mocks name it. */
export const PLAYED_ORIGIN = `https://${PLAYED_ACCOUNT.subdomain}.zendesk.com`;
