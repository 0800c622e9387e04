/** Does docs/agents.md list the rules that the code has? */
import { expect, it } from "vitest";
import { AgentRule } from "#contract/agents/rules";
import { AGENT_RULES } from "#subjects/agents/agent-rules";
import { documentTable } from "#test/support/document-table";

const rules = AgentRule.anyOf.map((rule) => ({ description: "", ...rule }));

it("lists every rule and what it means", () => {
  const rows = rules.map(({ const: name, description }) => [name, description]);
  expect(documentTable("docs/agents.md", "rules")).toEqual(rows);
});

it("has a rule of each name, in the order of the contract", () => {
  expect(Object.keys(AGENT_RULES)).toEqual(rules.map((rule) => rule.const));
});
