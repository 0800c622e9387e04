/** Which lists of proxies are taken? */
import { expect, it } from "vitest";
import { isProxyList } from "#platform/http/trusted-proxies";

it.each([
  [[], true],
  [["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"], true],
  [["10.0.0.0/33"], false],
  [["fd00::/129"], false],
  [["10.0.0.0/8/8"], false],
  [["10.0.0.0/"], false],
  [["proxy.example"], false],
  [[""], false],
])("%j: %s", (list, taken) => {
  expect(isProxyList(list)).toBe(taken);
});
