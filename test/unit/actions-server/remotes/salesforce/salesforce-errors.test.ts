/** Is each failure of Salesforce distinguished, without letting its words through? */
import { describe, expect, it } from "vitest";
import { AppError } from "#platform/errors";
import { toSalesforceError, toTokenError } from "#remotes/salesforce/salesforce-errors";

function thrown(name: string, message = "text of Salesforce with rita@example.com"): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

describe("toSalesforceError", () => {
  it.each([
    ["INVALID_SESSION_ID", 401, "SALESFORCE_REFUSED"],
    ["INVALID_FIELD", 400, "SALESFORCE_REFUSED"],
    ["INVALID_TYPE", 400, "SALESFORCE_REFUSED"],
    ["MALFORMED_QUERY", 400, "SALESFORCE_REFUSED"],
    ["API_DISABLED_FOR_ORG", 403, "SALESFORCE_REFUSED"],
    ["ERROR_HTTP_410", 410, "SALESFORCE_REFUSED"],
    ["REQUEST_LIMIT_EXCEEDED", 403, "SALESFORCE_UNAVAILABLE"],
    ["QUERY_TIMEOUT", 400, "SALESFORCE_UNAVAILABLE"],
    ["UNABLE_TO_LOCK_ROW", 400, "SALESFORCE_UNAVAILABLE"],
    ["REQUEST_RUNNING_TOO_LONG", 400, "SALESFORCE_UNAVAILABLE"],
    ["NOT_FOUND", 404, "SALESFORCE_REFUSED"],
    ["ERROR_HTTP_404", 404, "SALESFORCE_UNAVAILABLE"],
    ["ERROR_HTTP_420", 420, "SALESFORCE_UNAVAILABLE"],
    ["ERROR_HTTP_503", 503, "SALESFORCE_UNAVAILABLE"],
    ["UNKNOWN_EXCEPTION", 500, "SALESFORCE_UNAVAILABLE"],
  ])("takes %s with status %s for %s", (name, status, code) => {
    const error = toSalesforceError(thrown(name), status) as AppError;
    expect(error.code).toBe(code);
    expect(error.message).not.toContain("rita@example.com");
  });

  it("keeps the name of the field that is missing, and nothing of the query around it", () => {
    const message =
      "\nSELECT Id FROM Case WHERE Zd__c = 'rita@example.com'\n^\nERROR at Row:1:Column:28\n" +
      "No such column 'Zd__c' on entity 'Case'. If you are attempting to use a custom field, be sure ...";
    expect(toSalesforceError(thrown("INVALID_FIELD", message), 400)).toMatchObject({
      message: "Salesforce answered 400 (INVALID_FIELD: No such column 'Zd__c' on entity 'Case')",
    });
  });

  it("forwards no page of HTML", () => {
    const error = toSalesforceError(thrown("ERROR_HTTP_503", "<html><h1>Down</h1></html>"), 503);
    expect(error).toMatchObject({ message: "Salesforce answered 503" });
  });

  it.each([
    ["an error that is ours already", new AppError("SALESFORCE_UNAVAILABLE", "too slow"), 503],
    ["a fault of the program after an answer", new TypeError("x is undefined"), 200],
    ["a fault of the program without one", new TypeError("x is undefined"), undefined],
  ])("leaves %s as it is", (_what, error, status) => {
    expect(toSalesforceError(error, status)).toBe(error);
  });
});

describe("toTokenError", () => {
  const judge = (code: string, description: string, status = 400) =>
    toTokenError(thrown(code, description), status) as AppError;

  it.each([
    ["unknown_error", "retry your request"],
    ["invalid_grant", "token request is already being processed"],
    ["invalid_grant", "expired authorization code"],
    ["invalid_grant", "login rate exceeded"],
    ["temporarily_unavailable", ""],
    ["server_error", "try later"],
    ["invalid_grant", "Token request is already being processed for this user"],
  ])("takes %s (%s) for passing", (code, description) => {
    expect(judge(code, description).code).toBe("SALESFORCE_UNAVAILABLE");
  });

  it.each([
    ["invalid_client", "invalid client credentials"],
    ["invalid_client_id", "client identifier invalid"],
    ["invalid_grant", "ip restricted"],
    ["invalid_grant", "inactive user"],
    ["invalid_grant", "expired access/refresh token"],
    ["invalid_grant", "user hasn't approved this consumer"],
    ["invalid_grant", "no client credentials user enabled"],
    ["unsupported_grant_type", "grant type not supported"],
  ])("takes %s (%s) for final, and says so", (code, description) => {
    const error = judge(code, description);
    expect(error.code).toBe("SALESFORCE_REFUSED");
    expect(error.message).toBe(`Salesforce answered 400 (${code}: ${description})`);
  });

  it("forwards one short line, and no page", () => {
    expect(judge("invalid_grant", `a\n\u001b[2Jb ${"c".repeat(300)}`).message).toBe(
      `Salesforce answered 400 (invalid_grant: a [2Jb ${"c".repeat(193)})`,
    );
    expect(judge("ERROR_HTTP_403", "<html>blocked</html>", 403)).toMatchObject({
      code: "SALESFORCE_UNAVAILABLE",
      message: "Salesforce answered 403",
    });
  });
});
