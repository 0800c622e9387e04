/** Which addresses of the setting TRUSTED_PROXIES make sense. */
import { isIP } from "node:net";

function isAddressOrNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

export function isProxyList(items: readonly string[]): boolean {
  return items.every(isAddressOrNetwork);
}
