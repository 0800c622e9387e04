/** The variables of the environment: what each is for, its form and its default. */
import { Type, type Static } from "typebox";
import { DEFAULT_ZENDESK_SCOPE } from "#remotes/zendesk/credentials";

const Text = (description: string, options: { default?: string; pattern?: string } = {}) =>
  Type.String({ minLength: 1, description, ...options });
const ORIGIN = "^https?://[^/?#@\\s]+/?$";
const INTEGER = "^[0-9]{1,9}$";
/** Above 0, up to 1. */
const SHARE = "^(0?\\.[0-9]{0,3}[1-9]|1)$";

/** The variables, as text. Those with a default, and those that are optional, may be unset or empty. */
export const ENVIRONMENT = Type.Object({
  HOST: Type.Optional(Text("Address to listen on; 0.0.0.0 for all.", { default: "127.0.0.1" })),
  PORT: Type.Optional(
    Text("Port to listen on; 0 takes a free one.", { default: "8080", pattern: INTEGER }),
  ),
  MONITORING_PORT: Type.Optional(
    Text(
      "Port of /metrics and /health/ready, also on HOST; unset: they are on PORT, for everybody who reaches it.",
      { pattern: INTEGER },
    ),
  ),
  SERVER_TOKENS: Text(
    'Who may call: account:token,account:token, or JSON: {"acme":["old","new"]} for bearer tokens, {"acme":{"bearer":["…"],"basic":["user:password"],"api_key":["…"]}} for each kind. Every kind takes several secrets at once. Instead of a secret, {"secret":"…","scopes":["read"]} limits what it opens: actions (the flows), read (conversations) or admin (everything else, and reading); without scopes all of them. The account is a name or number of your choice, kept with all its data; a secret has at least 16 characters.',
  ),
  API_KEY_HEADER: Type.Optional(
    Text("Header that carries the API keys of SERVER_TOKENS.", {
      default: "x-api-key",
      pattern: "^[A-Za-z0-9-]{1,64}$",
    }),
  ),
  RATE_LIMIT_PER_MINUTE: Type.Optional(
    Text("Requests that an account may make in a minute; 0: no limit.", {
      default: "6000",
      pattern: INTEGER,
    }),
  ),
  TRUSTED_PROXIES: Type.Optional(
    Text(
      "Addresses or networks (10.0.0.0/8) of proxies, separated by commas, whose X-Forwarded-For is believed.",
    ),
  ),
  DATABASE_URL: Type.Optional(
    Text("Postgres to use; unset: the embedded one in DATA_DIR.", { pattern: "^postgres(ql)?://" }),
  ),
  REDIS_URL: Type.Optional(
    Text("Redis that answers repeated requests faster; unset, or away: the database does.", {
      pattern: "^rediss?://[^/?#\\s]+(/[0-9]*)?$",
    }),
  ),
  DATA_DIR: Type.Optional(Text("Folder of the embedded Postgres.", { default: ".caseqa" })),
  ZENDESK_URL: Text("Origin of the Zendesk account, https://{subdomain}.zendesk.com.", {
    pattern: ORIGIN,
  }),
  ZENDESK_SUBDOMAIN: Type.Optional(
    Text(
      "Subdomain by which Zendesk signs for the app, {subdomain}.zendesk.com; unset: the first label of ZENDESK_URL.",
      { pattern: "^[a-z0-9][a-z0-9-]{0,62}$" },
    ),
  ),
  ZAF_SDK_URL: Type.Optional(
    Text("Address of Zendesk's app framework, which the app's sign-in page loads in the browser.", {
      default: "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js",
      pattern: '^https?://[^\\s"<>]+$',
    }),
  ),
  ZENDESK_CLIENT_ID: Type.Optional(Text("Identifier of the OAuth client in Zendesk.")),
  ZENDESK_CLIENT_SECRET: Type.Optional(Text("Secret of that client.")),
  ZENDESK_REFRESH_TOKEN: Type.Optional(
    Text(
      "First refresh token of that client; unset: the client credentials are used. Needs TOKEN_KEYS, because each use replaces it.",
    ),
  ),
  ZENDESK_SCOPE: Type.Optional(
    Text(
      "Scopes that tokens are asked for with; read tickets:write also opens the ticket audits, where Zendesk keeps the messages of chats.",
      { default: DEFAULT_ZENDESK_SCOPE },
    ),
  ),
  ZENDESK_BUDGET_SHARE: Type.Optional(
    Text("Part of the requests a minute that others leave us which the server may take.", {
      default: "1",
      pattern: SHARE,
    }),
  ),
  ZENDESK_EMAIL: Type.Optional(Text("Agent whose API token is used; see ZENDESK_ALLOW_API_TOKEN.")),
  ZENDESK_API_TOKEN: Type.Optional(Text("API token of that agent.")),
  ZENDESK_ALLOW_API_TOKEN: Type.Optional(
    Text("true: an API token may be used until the account has an OAuth client.", {
      default: "false",
      pattern: "^(true|false)$",
    }),
  ),
  SALESFORCE_LOGIN_URL: Text("My Domain of the org, https://{domain}.my.salesforce.com.", {
    pattern: ORIGIN,
  }),
  SALESFORCE_CLIENT_ID: Text("Consumer key of the connected app."),
  SALESFORCE_CLIENT_SECRET: Type.Optional(
    Text("Consumer secret of that app; not needed with SALESFORCE_JWT_KEY_FILE."),
  ),
  SALESFORCE_JWT_KEY_FILE: Type.Optional(
    Text("PEM file of the app's RSA key: sessions come from the JWT bearer flow."),
  ),
  SALESFORCE_USERNAME: Type.Optional(Text("Integration user of the JWT bearer flow.")),
  SALESFORCE_REFRESH_TOKEN: Type.Optional(
    Text(
      "First refresh token of that app: sessions come from it instead of the client credentials. Needs TOKEN_KEYS, because each use may replace it.",
    ),
  ),
  SALESFORCE_BUDGET_SHARE: Type.Optional(
    Text("Part of the org's requests a day that others leave us which the server may take.", {
      default: "0.5",
      pattern: SHARE,
    }),
  ),
  SALESFORCE_API_VERSION: Type.Optional(
    Text("Version of the Salesforce REST API.", { default: "67.0", pattern: "^[0-9]{2,3}\\.0$" }),
  ),
  TOKEN_KEYS: Type.Optional(
    Text(
      "Keys that seal access tokens in the database, id:base64,id:base64 of 32 bytes each: the first seals, all open. Unset: tokens stay in memory, and every instance fetches its own.",
    ),
  ),
  ALERT_AFTER_MINUTES: Type.Optional(
    Text(
      "How long no flow of an account may call before Health and the alerts say so. Test events come each hour, so take more than 60.",
      { default: "180", pattern: "^[1-9][0-9]{0,5}$" },
    ),
  ),
  ALERT_WEBHOOK_URL: Type.Optional(
    Text(
      "Address to which alerts are posted as JSON, such as an incoming webhook of Slack; unset: none are.",
      { pattern: "^https?://[^\\s]+$" },
    ),
  ),
  ALERT_EMAIL_TO: Type.Optional(
    Text(
      "Address to which alerts are mailed; needs ALERT_EMAIL_FROM and ALERT_SMTP_URL. Unset: none are.",
      { pattern: "^[^\\s,]+@[^\\s,]+$" },
    ),
  ),
  ALERT_EMAIL_FROM: Type.Optional(
    Text("Sender of the alerts by e-mail.", { pattern: "^[^\\s,]+@[^\\s,]+$" }),
  ),
  ALERT_SMTP_URL: Type.Optional(
    Text("Your mail server: smtps://user:password@host:465, or smtp://…:587 for STARTTLS.", {
      pattern: "^smtps?://[^\\s]+$",
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Text("Base address of a collector that takes traces by OTLP over HTTP; unset: no traces.", {
      pattern: "^https?://[^?#@\\s]+$",
    }),
  ),
  LOG_LEVEL: Type.Optional(
    Text("Least level that is logged.", {
      default: "info",
      pattern: "^(trace|debug|info|warn|error|fatal|silent)$",
    }),
  ),
  SHUTDOWN_GRACE_MS: Type.Optional(
    Text("Time for running requests and jobs to end on SIGTERM.", {
      default: "10000",
      pattern: INTEGER,
    }),
  ),
});

export type Environment = Static<typeof ENVIRONMENT>;
export type Variable = keyof Environment;
