import { describe, expect, it } from "vitest";
import { fieldsOf, readForm } from "#zis/page/fire-form";

const good = {
  event_source: " support ",
  event_type: "ticket.TicketCreated",
  input: '{"a":1}',
  copies: "2",
};

describe("the form to fire an event", () => {
  it("becomes an event", () => {
    expect(readForm(fieldsOf(good))).toEqual({
      ok: true,
      event: {
        event_source: "support",
        event_type: "ticket.TicketCreated",
        input: { a: 1 },
        copies: 2,
      },
    });
  });

  it.each([
    [{ event_source: " " }, "event_source", "Enter the source"],
    [{ event_type: "" }, "event_type", "Enter the type"],
    [{ input: "  " }, "input", "{} if the flow reads none"],
    [{ input: '{\n  "a": tru\n}' }, "input", "Line 2, column 8"],
    [{ copies: "0" }, "copies", "from 1 to 100"],
    [{ copies: "101" }, "copies", "from 1 to 100"],
    [{ copies: "1e2" }, "copies", "from 1 to 100"],
    [{ copies: undefined }, "copies", "from 1 to 100"],
  ])("is told what is wrong with %j", (change, field, message) => {
    const read = readForm(fieldsOf({ ...good, ...change }));
    expect(read).toEqual({
      ok: false,
      problems: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it("is told everything at once", () => {
    const read = readForm(fieldsOf({}));
    expect(read.ok ? [] : read.problems.map(({ field }) => field)).toEqual([
      "event_source",
      "event_type",
      "input",
      "copies",
    ]);
  });
});
