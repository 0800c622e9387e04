/** The connection to the account's own Zendesk: the only one that needs no secret of somebody else. */
export const OWN_ZENDESK = "zendesk";
