import { expect, it } from "vitest";
import { SECURITY_HEADERS } from "#zis/page/security";

it("lets in no inline script and one inline style, that of the pictures", () => {
  const policy = SECURITY_HEADERS["content-security-policy"]!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  expect(policy.match(/sha256-/g)).toHaveLength(1);
});
