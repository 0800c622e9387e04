/** Does docs/attributes.md list the steps and problems that the code has? */
import { expect, it } from "vitest";
import { STEPS } from "#contract/attributes/steps";
import { PROBLEMS } from "#subjects/attributes/transforms/value";
import { documentTable } from "#test/support/document-table";

it("lists every step with its members and what it does", () => {
  const rows = Object.values(STEPS).map((schema) => {
    const { properties, required } = schema;
    const { description } = schema as { readonly description?: string };
    const needed = new Set<string>(required);
    const [name = "", ...members] = Object.keys(properties);
    expect(name).toBe("do");
    const shown = members.map((member) => (needed.has(member) ? member : `${member}?`));
    return [properties.do.const, shown.join(", "), description];
  });
  expect(documentTable("docs/attributes.md", "steps")).toEqual(rows);
});

it("lists every problem", () => {
  const listed = documentTable("docs/attributes.md", "problems").map(([problem]) => problem);
  expect(listed).toEqual([...PROBLEMS]);
});
