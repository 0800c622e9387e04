/** What a refusal means: cause and remedy for every known text. */
import type { ServerRefusal } from "#contract/client";
import { INSTALL_REMEDY, runSteps } from "./step-remedies.ts";

export interface Meaning {
  /** Null: not known. */
  readonly cause: string | null;
  readonly remedy: string;
}

const TRY_AGAIN = "Try again.";

interface Refusal {
  readonly status?: number;
  readonly text: RegExp;
  readonly cause: string;
  readonly remedy: string;
}

/**
 * Texts of Zendesk's refusals as third parties saw them on live accounts (ZIS services); none is documented. The first
 * match counts.
 */
const ZENDESK_REFUSALS: readonly Refusal[] = [
  {
    text: /OAuth being disabled/i,
    cause: "Zendesk does not accept an OAuth token for this call",
    remedy:
      "Open the CaseQA app in Zendesk as an administrator and press “Install all” there, or use an API token where the account still has one.",
  },
  {
    text: /integration mismatch/i,
    cause: "the token belongs to another integration, or this integration does not exist",
    remedy: `${runSteps("integration", "oauth_client")} They make a token of the client zis_<integration>.`,
  },
  {
    text: /API token is not supported/i,
    cause: "an API token is not accepted here, only a token of the integration's own OAuth client",
    remedy: `${runSteps("oauth_client")} It makes a token of the client zis_<integration>.`,
  },
  {
    text: /Only admin user is allowed/i,
    cause: "the user is not an administrator of this Zendesk account",
    remedy: "Sign in as an administrator, or ask one to do this step.",
  },
  {
    text: /not available for upsert by this account/i,
    cause: "another Zendesk account owns this integration name; names are unique over all accounts",
    remedy:
      "Choose another name, such as the present one with a suffix: the app's setting `integration`, or caseqa init --integration NAME. Then install again.",
  },
  {
    text: /invalid integration key/i,
    cause: "the integration's name is not allowed",
    remedy: "Use 1 to 64 of a-z, 0-9, - and _.",
  },
  {
    text: /requested job specs is invalid/i,
    cause: "the job spec is not in the uploaded bundle",
    remedy: runSteps("bundle", "job_specs"),
  },
  {
    text: /zis_template_version|bundle.*invalid|resources/i,
    status: 400,
    cause: "Zendesk did not accept the bundle's content",
    remedy: "Install the newest version of CaseQA; if it is the newest, report this text.",
  },
  {
    text: /insufficient.?scope|invalid_scope|forbidden.*scope|scope/i,
    status: 403,
    cause: "the credential lacks a scope",
    remedy: "Use a credential with the scopes read and write.",
  },
  {
    text: /Couldn't authenticate you|Authentication failed|invalid_token|unauthori[sz]ed/i,
    status: 401,
    cause: "Zendesk does not accept the credential: it is missing, wrong, revoked or expired",
    remedy:
      "Sign in again (zcli login), or renew the API token or OAuth client in use, then try again.",
  },
];

const BY_STATUS: readonly {
  readonly fits: (status: number) => boolean;
  readonly cause: string;
  readonly remedy: string;
}[] = [
  {
    fits: (status) => status === 401,
    cause: "the credential is not accepted",
    remedy: "Sign in again (zcli login), or renew the credential in use, then try again.",
  },
  {
    fits: (status) => status === 403,
    cause: "the user or the credential may not do this",
    remedy:
      "Sign in as an administrator. ZIS needs Suite Growth or Support Professional, or above.",
  },
  {
    fits: (status) => status === 404,
    cause: "it does not exist",
    remedy: INSTALL_REMEDY,
  },
  {
    fits: (status) => status === 409,
    cause: "somebody else changed it at the same time, or the name is taken",
    remedy: TRY_AGAIN,
  },
  {
    fits: (status) => status === 413,
    cause: "it is too large",
    remedy: "Report this: the installation tried to store more than is allowed.",
  },
  {
    fits: (status) => status === 429,
    cause: "too many calls for now",
    remedy: "Wait a minute, then try again.",
  },
  {
    fits: (status) => status >= 500,
    cause: "the service is in trouble",
    remedy: "Wait a little, then try again; everything may be repeated at any time.",
  },
];

/** The meaning of a refusal by Zendesk. */
export function zendeskMeaning(status: number, text: string): Meaning {
  const known =
    ZENDESK_REFUSALS.find(
      (refusal) => (refusal.status ?? status) === status && refusal.text.test(text),
    ) ?? BY_STATUS.find(({ fits }) => fits(status));
  return { cause: known?.cause ?? null, remedy: known?.remedy ?? TRY_AGAIN };
}

/** What to do about a refusal by our server, which says it itself but for what only its caller knows. */
export function serverRemedy({ status, hint }: Pick<ServerRefusal, "status" | "hint">): string {
  if (status === 401) {
    return "Set CASEQA_SERVER_TOKEN to one of the server's SERVER_TOKENS (the part after the colon); in the app, reload the page for a new session.";
  }
  if (status === 404) return "The server is older than this installation: update it.";
  return hint ?? BY_STATUS.find(({ fits }) => fits(status))?.remedy ?? TRY_AGAIN;
}
