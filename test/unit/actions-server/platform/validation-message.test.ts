/** Does a refusal name the member that is wrong, and what it should be? */
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "#contract/actions/operations";
import { describeFaults } from "#platform/validation-message";

const ajv = new Ajv({ allErrors: true, verbose: true });
const isBody = ajv.compile(OPERATIONS["resolve-case"].request);

function refusalOf(body: unknown): string {
  expect(isBody(body)).toBe(false);
  return describeFaults(isBody.errors ?? []);
}

describe("describeFaults", () => {
  it.each([
    [{}, "body.ticket_id is missing"],
    [[], "body must be object"],
    ["text", "body must be object"],
    [null, "body must be object"],
    [{ ticket_id: true }, "body.ticket_id must be integer or must be string"],
    [{ ticket_id: 0 }, "body.ticket_id must be >= 1 or must be string"],
    [
      { ticket_id: "x" },
      'body.ticket_id must be integer or must match pattern "^[1-9][0-9]{0,18}$"',
    ],
    [
      { ticket_id: 7, match_order: ["email"] },
      'body.match_order[0] must be "case_number" or must be "external_id" or must be "requester_email"',
    ],
    [
      { ticket_id: 7, case_number_field: 1 },
      'body has no member "case_number_field"; did you mean case_number_field_id?',
    ],
    [
      { tiket_id: 7 },
      'body.ticket_id is missing; body has no member "tiket_id"; did you mean ticket_id?',
    ],
    [
      { ticket_id: 7, zzz: 1 },
      'body has no member "zzz"; known are ticket_id, case_number_field_id, case_external_id_field, match_order',
    ],
    [
      JSON.parse('{"ticket_id":7,"__proto__":1}') as unknown,
      'body has no member "__proto__"; known are ticket_id, case_number_field_id, case_external_id_field, match_order',
    ],
  ])("says of %j: %s", (body, message) => {
    expect(refusalOf(body)).toBe(message);
  });

  it("calls the whole value by the given name", () => {
    isBody({ ticket_id: true });
    expect(describeFaults(isBody.errors ?? [], "settings")).toMatch(/^settings\.ticket_id must/);
  });

  it("stays short, however much is wrong", () => {
    const members = Array.from({ length: 1000 }, (_, index) => [`${"x".repeat(500)}${index}`, 1]);
    const message = refusalOf({ ticket_id: 7, ...Object.fromEntries(members) });
    expect(message).toMatch(/; and 995 more$/);
    expect(message.length).toBeLessThan(1000);
  });

  it("names a place inside lists and objects", () => {
    const isList = new Ajv({ strict: false }).compile({
      properties: { tags: { type: "array", items: { properties: { "a/b": { type: "string" } } } } },
    });
    isList({ tags: [{}, { "a/b": 1 }] });
    expect(describeFaults(isList.errors ?? [])).toBe("body.tags[1].a/b must be string");
  });
});
