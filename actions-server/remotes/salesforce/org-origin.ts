/** Which addresses a session of the org may be sent to. */

/**
 * Domains of Salesforce's APIs: the public clouds, the United States' military clouds, and China. INFERRED from the hosts
 * that Salesforce's own tools accept; customers' sites (`force.com`) are left out.
 */
const DOMAINS = [
  "salesforce.com",
  "salesforce.mil",
  "crmforce.mil",
  "sfcrmapps.cn",
  "sfcrmproducts.cn",
];

/**
 * The origin of an `instance_url`: https on a domain of Salesforce, or the configured address, whatever it is. Undefined: it is
 * neither, so no credential may be sent there.
 */
export function orgOrigin(instanceUrl: string, loginUrl: string): string | undefined {
  if (!URL.canParse(instanceUrl)) return undefined;
  const { origin, protocol, hostname } = new URL(instanceUrl);
  if (origin === new URL(loginUrl).origin) return origin;
  const isTheirs = DOMAINS.some((domain) => hostname.endsWith(`.${domain}`));
  return protocol === "https:" && isTheirs ? origin : undefined;
}
