import { describe, expect, it } from "vitest";
import type { Finding } from "#zis/check/finding";
import { checkText } from "#zis/check/check-text";
import { RULES } from "#zis/check/rules/table";
import { actionText, callText, flowText, GET_ACTION } from "./bundles.ts";

/** In the texts § stands right before the place at which the finding must point. */
const MARK = "§";
const END = '"Z":{"Type":"Succeed"}';
const F = "/resources/f/properties/definition";
const S = `${F}/States`;

interface Case {
  readonly rule: string;
  readonly text: string;
  readonly path: string;
  readonly message: string;
  readonly severity?: Finding["severity"];
  readonly origin?: Finding["origin"];
}

function place(marked: string): { text: string; line: number; column: number } {
  const before = marked.slice(0, marked.indexOf(MARK));
  const lines = before.split("\n");
  return {
    text: marked.replace(MARK, ""),
    line: lines.length,
    column: (lines.at(-1) ?? "").length + 1,
  };
}

const choice = (rule: string, members = ',"Default":"Z"'): string =>
  flowText(`"A":{"Type":"Choice","Choices":[${rule}]${members}},${END}`);
const pass = (members: string): string => flowText(`"A":{"Type":"Pass",${members}}`);
const jq = (parameters: string): string =>
  flowText(
    `"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","ResultPath":"$.r","End":true,"Parameters":§{${parameters}}}`,
  );
const builtIn = (name: string, parameters: string): string =>
  flowText(
    `"A":{"Type":"Action","ActionName":"zis:common:action:${name}","ResultPath":"$.r","End":true,"Parameters":§{${parameters}}}`,
  );
const http = (definition: string): string => flowText(callText(""), actionText(definition));
/** A flow whose message reads what jq has made of its data. */
const messageOfJq = (expr: string, data: string, into: string, read: string): string =>
  flowText(
    `"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":${expr},"data.$":"${data}"},"ResultPath":"${into}","Next":"Z"},"Z":{"Type":"Succeed","Message":§"{{${read}}}"}`,
  );
/** § stands before the definition of the flow. */
const flowMarked = (states: string): string =>
  flowText(states).replace('"definition"', '§"definition"');
const DEF = "/resources/act/properties/definition";

const spec = (type: string, source = "support"): string =>
  `"j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"${source}","event_type":"${type}","flow_name":"zis:int:flow:f"}}`;

const CASES: readonly Case[] = [
  {
    rule: "event-member",
    text: flowText(
      '"A":{"Type":"Succeed","Message":§"{{$.input.ticket}}"}',
      spec("ticket.TicketCreated"),
    ),
    path: `${S}/A/Message`,
    severity: "warning",
    message: "As documented, the event ticket.TicketCreated has no $.input.ticket.",
  },
  {
    rule: "event-items",
    text: flowText(
      '"A":{"Type":"Map","ItemsPath":§"$.input.ticket_event.ticket.tags","ResultPath":"$.r","End":true,"Iterator":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}',
      spec("ticket.TicketCreated"),
    ),
    path: `${S}/A/ItemsPath`,
    severity: "warning",
    message:
      "$.input.ticket_event.ticket.tags is a list of texts, but a Map repeats over objects only: the Map fails.",
  },
  {
    rule: "iteration-root",
    text: flowText(
      `"A":{"Type":"Map","ItemsPath":"$.input.a","ResultPath":"$.r","End":true,"Iterator":{"StartAt":"I","States":{"I":{"Type":"Succeed","Message":§"{{$.input.b}}"}}}}`,
    ),
    path: `${S}/A/Iterator/States/I/Message`,
    severity: "warning",
    message:
      "An iteration sees its item only, and nothing seems to put input into the items: $.input.b is then not there.",
  },
  {
    rule: "no-credential",
    text: http('"method":"GET","path":§"/api/v2/x"'),
    path: `${DEF}/path`,
    severity: "warning",
    message: "This call to Zendesk has no credential: Zendesk answers 401.",
  },
  {
    rule: "connection-host",
    text: http('"method":"GET","url":"https://a.example/","connectionName":§"zendesk"'),
    path: `${DEF}/connectionName`,
    severity: "warning",
    message:
      'The connection "zendesk" is for the account\'s own Zendesk, and this action calls a.example: its token would go there.',
  },
  {
    rule: "credential-leaves",
    text: flowText(
      callText(',"Parameters":{"d.$":§"$"}'),
      actionText(
        '"method":"POST","url":"https://a.example/","connectionName":"crm","requestBody":"{{$.d}}"',
      ),
    ),
    path: `${S}/A/Parameters/d.$`,
    severity: "warning",
    message:
      '$, which holds the token of every OAuth connection, is sent to a.example, in the body of action "act".',
  },
  {
    rule: "credential-stored",
    text: flowText(
      '"A":{"Type":"Action","ActionName":"zis:common:action:PatchConfig","ResultPath":"$.r","End":true,"Parameters":{"scope":"s","config":{"t.$":§"$.connections.crm.access_token"}}}',
    ),
    path: `${S}/A/Parameters/config/t.$`,
    severity: "warning",
    message:
      'The token of the connection "crm" is stored by PatchConfig, where whoever reads configs and links finds it.',
  },
  {
    rule: "open-path-segment",
    text: flowText(
      callText(',"Parameters":{"t.$":"$.input.t"}'),
      actionText('"method":"GET","path":§"/api/{{$.t}}","connectionName":"zendesk"'),
    ),
    path: `${DEF}/path`,
    severity: "warning",
    message:
      '{{$.t}} can leave its place in the path: $.input.t may hold "/", "?" or "..", and then another path is called.',
  },
  {
    rule: "not-json",
    text: '{"a":1,\n "b":§tru}',
    path: "",
    message: 'Expected a JSON value, found "tru".',
  },
  {
    rule: "not-json",
    text: '{"name":"b"§,}',
    path: "",
    message: 'JSON allows no comma before "}".',
  },
  { rule: "not-json", text: '§// hello\n{"name":"b"}', path: "", message: "JSON has no comments." },
  {
    rule: "not-json",
    text: "§",
    path: "",
    message: "Expected a JSON value, found the end of the text.",
  },
  {
    rule: "duplicate-key",
    text: '{"name":"b",\n§"name":"c"}',
    path: "/name",
    message: 'The name "name" is given twice in this object; most readers keep the last.',
  },
  {
    rule: "unknown-member",
    text: '{"name":"b","zis_template_version":"2019-10-14",§"resource":{},"resources":{}}',
    path: "/resource",
    severity: "warning",
    message: 'Unknown member "resource"; nearest: "resources".',
  },
  {
    rule: "unknown-member",
    text: pass('§"Resultpath":"$.x","End":true'),
    path: `${S}/A/Resultpath`,
    severity: "warning",
    message: 'Unknown member "Resultpath"; nearest: "ResultPath".',
  },
  {
    rule: "wrong-type",
    text: pass('"ResultPath":§5,"End":true'),
    path: `${S}/A/ResultPath`,
    message: "Expected a string, found a number.",
  },
  {
    rule: "bundle-validation",
    origin: "registry",
    text: "§[]",
    path: "",
    message: "BundleValidationError: the request body must be a JSON object (found []).",
  },
  {
    rule: "bundle-validation",
    origin: "registry",
    text: '§{"zis_template_version":"2019-10-14","resources":{}}',
    path: "/name",
    message: "BundleValidationError: name is required and must be a non-empty string.",
  },
  {
    rule: "bundle-validation",
    origin: "registry",
    text: '{"name":§7,"zis_template_version":"2019-10-14","resources":{}}',
    path: "/name",
    message: "BundleValidationError: name is required and must be a non-empty string (found 7).",
  },
  {
    rule: "bundle-validation",
    origin: "registry",
    text: '{"name":"b","zis_template_version":"2019-10-14","resources":§[]}',
    path: "/resources",
    message: "BundleValidationError: resources is required and must be an object (found []).",
  },
  {
    rule: "unknown-member",
    text: flowText('"A":{§"type":"Pass","end":true}'),
    path: `${S}/A/type`,
    severity: "warning",
    message: 'Unknown member "type"; nearest: "Type".',
  },
  {
    rule: "unknown-member",
    text: flowText('"A":{"type":"Pass",§"end":true}'),
    path: `${S}/A/end`,
    severity: "warning",
    message: 'Unknown member "end"; nearest: "End".',
  },
  {
    rule: "event-type",
    text: flowText(
      '"A":{"Type":"Succeed"}',
      '"j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"support","event_type":§"ticket.StatusChange","flow_name":"zis:int:flow:f"}}',
    ),
    path: "/resources/j/properties/event_type",
    severity: "warning",
    message:
      '"ticket.StatusChange" is not a documented event of Zendesk; nearest: "ticket.StatusChanged".',
  },
  {
    rule: "timestamp-operand",
    text: choice('{"Variable":"$.input.t","TimestampLessThan":§"yesterday","Next":"Z"}'),
    path: `${S}/A/Choices/0/TimestampLessThan`,
    severity: "warning",
    message: '"yesterday" is not a timestamp: the comparison is never true.',
  },
  {
    rule: "foreign-member",
    text: flowText(
      '"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","End":true,§"Parameters":{},"Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}',
    ),
    path: `${S}/A/Parameters`,
    message: "Parameters is not supported by ZIS.",
  },
  {
    rule: "map-item",
    text: flowText(
      '"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","Next":"Z","Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}},"Z":{"Type":"Succeed","Message":§"{{$.m[0].q}}"}',
    ),
    path: `${S}/Z/Message`,
    severity: "warning",
    message: '$.m[0].q is not there when Map "A" has no items.',
  },
  {
    rule: "wrong-type",
    text: flowText('"A":§null'),
    path: `${S}/A`,
    message: "Expected an object, found null.",
  },
  {
    rule: "missing-member",
    text: flowText('"A":§{"Type":"Fail","Error":"e"}'),
    path: `${S}/A`,
    message: 'The member "Cause" is missing.',
  },
  {
    rule: "missing-member",
    text: flowText(
      '"A":§{"Type":"Map","Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"ResultPath":"$.m","End":true}',
    ),
    path: `${S}/A`,
    message: 'The member "ItemsPath" is missing.',
  },
  {
    rule: "missing-member",
    text: flowText('"A":§{"Next":"Z"},' + END),
    path: `${S}/A`,
    message: 'The member "Type" is missing.',
  },
  {
    rule: "bundle-validation",
    origin: "registry",
    text: '{"name":"b","zis_template_version":§"2019-02-28","resources":{}}',
    path: "/zis_template_version",
    message:
      'BundleValidationError: zis_template_version must be "2019-10-14" (found "2019-02-28").',
  },
  {
    rule: "wrong-value",
    text: pass('"End":§false'),
    path: `${S}/A/End`,
    message: "Must be true, found false.",
  },
  {
    rule: "wrong-value",
    text: http('"method":§"get","url":"https://a.example"'),
    path: `${DEF}/method`,
    message: '"get" is not allowed here; nearest: "GET".',
  },
  {
    rule: "wrong-value",
    text: flowText(`"A":{"Type":"Choice","Choices":§[],"Default":"Z"},${END}`),
    path: `${S}/A/Choices`,
    message: "Must not be empty.",
  },
  {
    rule: "unknown-type",
    text: flowText('"A":{"Type":§"Pas","End":true}'),
    path: `${S}/A/Type`,
    message: '"Pas" is not a type of state; nearest: "Pass".',
  },
  {
    rule: "bundle-validation",
    origin: "registry",
    text: '{"name":"b","zis_template_version":"2019-10-14","resources":{"x":{"type":§"ZIS::Flows","properties":{}}}}',
    path: "/resources/x/type",
    message:
      'BundleValidationError: resources.x.type must be one of ZIS::Flow, ZIS::Action::Http, ZIS::JobSpec (found "ZIS::Flows"; nearest: "ZIS::Flow").',
  },
  {
    rule: "foreign-member",
    text: flowText(callText(',§"Retry":[]'), GET_ACTION),
    path: `${S}/A/Retry`,
    severity: "warning",
    message: "Retry has gone from the ZIS documentation.",
  },
  {
    rule: "foreign-member",
    text: flowText(callText(',§"TimeoutSeconds":5'), GET_ACTION),
    path: `${S}/A/TimeoutSeconds`,
    severity: "warning",
    message: "TimeoutSeconds has gone from the ZIS documentation.",
  },
  {
    rule: "foreign-member",
    text: pass('§"InputPath":"$.x","End":true'),
    path: `${S}/A/InputPath`,
    severity: "warning",
    message: "InputPath is not supported by ZIS.",
  },
  {
    rule: "foreign-member",
    text: pass('§"OutputPath":"$.x","End":true'),
    path: `${S}/A/OutputPath`,
    severity: "warning",
    message: "OutputPath is not supported by ZIS.",
  },
  {
    rule: "duplicate-name",
    text: flowText(
      callText(""),
      `${GET_ACTION},\n"other":{"type":"ZIS::Action::Http","properties":{"name":§"act","definition":{"method":"GET","path":"/x"}}}`,
    ),
    path: "/resources/other/properties/name",
    origin: "registry",
    message: 'Bundle contains duplicated resources: "act" and "other" are both named "act".',
  },
  {
    rule: "action-name",
    text: flowText(
      '"A":{"Type":"Succeed"}',
      '"x":{"type":"ZIS::Action::Http","properties":{"name":§"a.name-much-too-long-for-ZIS","definition":{"method":"GET","path":"/x"}}}',
    ),
    path: "/resources/x/properties/name",
    severity: "warning",
    message: `The action's name has 28 characters where 20 are documented, has characters other than letters, digits and _, differs from its key "x".`,
  },
  {
    rule: "unknown-action",
    text: flowText(
      '"A":{"Type":"Action","ActionName":§"zis:int:action:akt","ResultPath":"$.r","End":true}',
      GET_ACTION,
    ),
    path: `${S}/A/ActionName`,
    message: 'The bundle has no action named "akt"; nearest: "act".',
  },
  {
    rule: "unknown-action",
    text: flowText(
      '"A":{"Type":"Action","ActionName":§"zis:common:transform:jq","ResultPath":"$.r","End":true}',
    ),
    path: `${S}/A/ActionName`,
    message: '"zis:common:transform:jq" is not an action; nearest: "zis:common:transform:Jq".',
  },
  {
    rule: "unknown-flow",
    text: flowText(
      '"A":{"Type":"Succeed"}',
      '"j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"support","event_type":"t","flow_name":§"zis:int:flow:g"}}',
    ),
    path: "/resources/j/properties/flow_name",
    message: 'The bundle has no flow named "g"; nearest: "f".',
  },
  {
    rule: "unknown-flow",
    text: flowText(
      '"A":{"Type":"Succeed"}',
      '"j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"support","event_type":"t","flow_name":§"f"}}',
    ),
    path: "/resources/j/properties/flow_name",
    message: '"f" is not the full name of a flow.',
  },
  {
    rule: "integration-name",
    text: flowText(callText("").replace('"zis:int:', '§"zis:My Int:'), GET_ACTION),
    path: `${S}/A/ActionName`,
    origin: "registry",
    message: 'invalid integration key: "My Int" cannot be the name of an integration.',
  },
  {
    rule: "mixed-integrations",
    text: flowText(
      callText("").replace('"zis:int:', '§"zis:two:'),
      `${GET_ACTION},\n"j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"support","event_type":"t","flow_name":"zis:one:flow:f"}}`,
    ),
    path: `${S}/A/ActionName`,
    message: 'The integration is "two" here and "one" elsewhere in the bundle.',
  },
  {
    rule: "dangling-next",
    text: flowText(`"A":{"Type":"Pass","Next":§"Done2"},"Done":{"Type":"Succeed"}`),
    path: `${S}/A/Next`,
    message: 'Next names "Done2", which is not a state of this flow; nearest: "Done".',
  },
  {
    rule: "dangling-next",
    text: flowText(`"B":{"Type":"Succeed"}`).replace('"StartAt":', '"StartAt":§'),
    path: `${F}/StartAt`,
    message: 'StartAt names "A", which is not a state of this flow; nearest: "B".',
  },
  {
    rule: "dangling-next",
    text: choice('{"Variable":"$.input.x","StringEquals":"a","Next":§"Nowhere"}'),
    path: `${S}/A/Choices/0/Next`,
    message: 'Next names "Nowhere", which is not a state of this flow.',
  },
  {
    rule: "dangling-next",
    text: choice('{"Variable":"$.input.x","StringEquals":"a","Next":"Z"}', ',"Default":§"Zed"'),
    path: `${S}/A/Default`,
    message: 'Default names "Zed", which is not a state of this flow.',
  },
  {
    rule: "dangling-next",
    text: flowText(
      callText(',"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":§"Oops"}]'),
      GET_ACTION,
    ),
    path: `${S}/A/Catch/0/Next`,
    message: 'Next names "Oops", which is not a state of this flow.',
  },
  {
    rule: "iterator-jump",
    text: flowText(
      `"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","Iterator":{"StartAt":"B","States":{"B":{"Type":"Pass","Next":§"Z"}}},"Next":"Z"},${END}`,
    ),
    path: `${S}/A/Iterator/States/B/Next`,
    message: 'Next names "Z", a state outside the Iterator.',
  },
  {
    rule: "next-and-end",
    text: flowText(`"A":{"Type":"Pass","Next":"Z",§"End":true},${END}`),
    path: `${S}/A/End`,
    message: 'State "A" has both Next and End.',
  },
  {
    rule: "next-and-end",
    text: flowText('"A":§{"Type":"Pass"}'),
    path: `${S}/A`,
    message: 'State "A" has neither Next nor End.',
  },
  {
    rule: "next-and-end",
    text: flowText('"A":{"Type":"Succeed",§"End":true}'),
    path: `${S}/A/End`,
    message: "End is not allowed here: Succeed ends the flow.",
  },
  {
    rule: "next-and-end",
    text: flowText(`"A":{"Type":"Fail","Error":"e","Cause":"c",§"Next":"Z"},${END}`),
    path: `${S}/A/Next`,
    message: "Next is not allowed here: Fail ends the flow.",
  },
  {
    rule: "next-and-end",
    text: choice(
      '{"Variable":"$.input.x","StringEquals":"a","Next":"Z"}',
      ',"Default":"Z",§"Next":"Z"',
    ),
    path: `${S}/A/Next`,
    message: "Next is not allowed here: a Choice goes where its rules and Default say.",
  },
  {
    rule: "unreachable-state",
    text: flowText('"A":{"Type":"Succeed"},\n§"B":{"Type":"Succeed"}'),
    path: `${S}/B`,
    severity: "warning",
    message: 'State "B" cannot be reached from StartAt.',
  },
  {
    rule: "no-way-to-end",
    text: flowText('§"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}'),
    path: `${S}/A`,
    message: 'No end can be reached from "A", "B".',
  },
  {
    rule: "unbounded-loop",
    text: flowText(
      `§"A":{"Type":"Choice","Choices":[{"Variable":"$.input.x","StringEquals":"a","Next":"W"}],"Default":"Z"},"W":{"Type":"Wait","Seconds":1,"Next":"A"},${END}`,
    ),
    path: `${S}/A`,
    message:
      'The loop "A" -> "W" -> "A" has no end that can be proven; ZIS ends a flow after 250 transitions.',
  },
  {
    rule: "near-limit",
    text: flowMarked('"A":{"Type":"Wait","Seconds":101,"End":true}'),
    path: F,
    message: 'Flow "f" may take 101 seconds, 101 % of the 100 that ZIS allows.',
  },
  {
    rule: "near-limit",
    text: flowMarked('"A":{"Type":"Wait","Seconds":80.5,"End":true}'),
    path: F,
    severity: "warning",
    message: 'Flow "f" may take 80.5 seconds, 81 % of the 100 that ZIS allows.',
  },
  {
    rule: "near-limit",
    text: flowMarked(
      '"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","Next":"Z","Iterator":{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Succeed"}}}},' +
        END,
    ),
    path: F,
    severity: "warning",
    message:
      'Flow "f" may take 202 state transitions, 81 % of the 250 that ZIS allows. Map "A" may have 100 items.',
  },
  {
    rule: "near-limit",
    text: flowMarked('"A":{"Type":"Wait","SecondsPath":"$.input.s","End":true}'),
    path: F,
    message:
      'Flow "f" has no bound on its seconds. Wait "A" waits as long as $.input.s says, which is not known.',
  },
  {
    rule: "wait-seconds",
    text: flowText('"A":{"Type":"Wait","Seconds":§0,"End":true}'),
    path: `${S}/A/Seconds`,
    message: "Seconds is 0; it must be above 0.",
  },
  {
    rule: "wait-seconds",
    text: flowText('"A":{"Type":"Wait","Seconds":§-2.5,"End":true}'),
    path: `${S}/A/Seconds`,
    message: "Seconds is -2.5; it must be above 0.",
  },
  {
    rule: "wait-seconds",
    text: flowText('"A":§{"Type":"Wait","End":true}'),
    path: `${S}/A`,
    message: 'Wait "A" has neither Seconds nor SecondsPath.',
  },
  {
    rule: "wait-seconds",
    text: flowText('"A":§{"Type":"Wait","Seconds":1,"SecondsPath":"$.input.s","End":true}'),
    path: `${S}/A`,
    message: 'Wait "A" has both Seconds and SecondsPath.',
  },
  {
    rule: "catch-not-allowed",
    text: pass('§"Catch":[],"End":true'),
    path: `${S}/A/Catch`,
    message: "A Pass state cannot have a Catch.",
  },
  {
    rule: "error-equals",
    text: flowText(
      `${callText(',"Catch":[{"ErrorEquals":§["States.Timeout"],"ResultPath":"$.e","Next":"Z"}]')},${END}`,
      GET_ACTION,
    ),
    path: `${S}/A/Catch/0/ErrorEquals`,
    message: 'ErrorEquals must be ["States.ALL"].',
  },
  {
    rule: "catch-replaces-data",
    text: flowText(
      `${callText(',"Catch":[§{"ErrorEquals":["States.ALL"],"Next":"Z"}]')},${END}`,
      GET_ACTION,
    ),
    path: `${S}/A/Catch/0`,
    severity: "warning",
    message: "This Catch has no ResultPath: the error replaces all data, $.input included.",
  },
  {
    rule: "unknown-operator",
    text: choice('{"Variable":"$.input.x",§"StringMatches":"a*","Next":"Z"}'),
    path: `${S}/A/Choices/0/StringMatches`,
    origin: "registry",
    message: 'BundleValidationError: And is required ("StringMatches" is not an operator of ZIS).',
  },
  {
    rule: "unknown-operator",
    text: choice('{"Not":{"Variable":"$.input.x",§"StringEqual":"a"},"Next":"Z"}'),
    path: `${S}/A/Choices/0/Not/StringEqual`,
    origin: "registry",
    message:
      'BundleValidationError: And is required ("StringEqual" is not an operator of ZIS; nearest: "StringEquals").',
  },
  {
    rule: "malformed-choice-rule",
    text: choice('§{"Variable":"$.input.x","Next":"Z"}'),
    path: `${S}/A/Choices/0`,
    message: "This rule has no operator.",
  },
  {
    rule: "malformed-choice-rule",
    text: choice('§{"Variable":"$.input.x","IsNull":true,"StringEquals":"a","Next":"Z"}'),
    path: `${S}/A/Choices/0`,
    message: "This rule has several operators: IsNull, StringEquals.",
  },
  {
    rule: "malformed-choice-rule",
    text: choice('§{"IsNull":true,"Next":"Z"}'),
    path: `${S}/A/Choices/0`,
    message: "This comparison has no Variable.",
  },
  {
    rule: "malformed-choice-rule",
    text: choice('§{"Variable":"$.input.x","IsNull":true}'),
    path: `${S}/A/Choices/0`,
    message: "This rule has no Next.",
  },
  {
    rule: "malformed-choice-rule",
    text: choice('{"And":[{"Variable":"$.input.x","IsNull":true,§"Next":"Z"}],"Next":"Z"}'),
    path: `${S}/A/Choices/0/And/0/Next`,
    message: "Next is not allowed inside And, Or and Not.",
  },
  {
    rule: "choice-no-default",
    text: flowText(
      `"A":§{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"Z"}]},${END}`,
    ),
    path: `${S}/A`,
    severity: "warning",
    message: 'Choice "A" has no Default: the flow fails when no rule is true.',
  },
  {
    rule: "is-present-null",
    text: choice('{"Variable":"$.input.x",§"IsPresent":true,"Next":"Z"}'),
    path: `${S}/A/Choices/0/IsPresent`,
    severity: "info",
    message: "Whether IsPresent is true for a value of null is not documented.",
  },
  {
    rule: "map-empty",
    text: flowText(
      '"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":§"$.m","Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"Next":"J"},"J":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"[.m[] | .id]","data.$":"$"},"ResultPath":"$.ids","End":true}',
    ),
    path: `${S}/A/ResultPath`,
    severity: "info",
    message: 'State "J" walks over $.m, which may be null when the Map has no items.',
  },
  {
    rule: "no-result-path",
    text: flowText(
      '"A":§{"Type":"Action","ActionName":"zis:int:action:act","End":true}',
      GET_ACTION,
    ),
    path: `${S}/A`,
    severity: "warning",
    message: 'Action "A" has no ResultPath; what becomes of its result is not documented.',
  },
  {
    rule: "malformed-path",
    text: pass('"Result":1,"ResultPath":§"$.a..b","End":true'),
    path: `${S}/A/ResultPath`,
    message: '"$.a..b" is not a path: at character 5, the descent ".." is not supported.',
  },
  {
    rule: "malformed-path",
    text: choice('{"Variable":§"input.x","IsNull":true,"Next":"Z"}'),
    path: `${S}/A/Choices/0/Variable`,
    message: '"input.x" is not a path: at character 1, a path begins with "$".',
  },
  {
    rule: "malformed-path",
    text: flowText(callText(',"Parameters":{"x.$":§"$.input[*]"}'), GET_ACTION),
    path: `${S}/A/Parameters/x.$`,
    message: '"$.input[*]" is not a path: at character 9, the wildcard "*" is not supported.',
  },
  {
    rule: "malformed-path",
    text: flowText(callText(',"Parameters":{"x.$":§"id {{$.input[}}"}'), GET_ACTION),
    path: `${S}/A/Parameters/x.$`,
    message:
      '"$.input[" is not a path: at character 9, an index or a quoted member name must follow "[".',
  },
  {
    rule: "malformed-placeholder",
    text: flowText('"A":{"Type":"Succeed","Message":§"done {{$.input.id}"}'),
    path: `${S}/A/Message`,
    message: 'The placeholder at character 6 is not closed by "}}": "{{$.input.id}".',
  },
  {
    rule: "malformed-placeholder",
    text: http('"method":"GET","path":§"/api/{{ticketId}}"'),
    path: `${DEF}/path`,
    severity: "warning",
    message: 'The braces at character 6 hold no path and stay as they are: "{{ticketId}}".',
  },
  {
    rule: "not-a-path",
    text: flowText(callText(',"Parameters":{"x.$":§"input.id"}'), GET_ACTION),
    path: `${S}/A/Parameters/x.$`,
    message: '"input.id" is neither a path nor a text with placeholders, but its key ends in ".$".',
  },
  {
    rule: "literal-path",
    text: flowText(callText(',"Parameters":{"x":§"$.input.id"}'), GET_ACTION),
    path: `${S}/A/Parameters/x`,
    severity: "warning",
    message: '"$.input.id" is taken literally here.',
  },
  {
    rule: "literal-path",
    text: flowText(callText(',"Parameters":{"x":{"y":[§"id {{$.input.id}}"]}}'), GET_ACTION),
    path: `${S}/A/Parameters/x/y/0`,
    severity: "warning",
    message: '"id {{$.input.id}}" is taken literally here.',
  },
  {
    rule: "literal-path",
    text: http('"method":"POST","path":"/x","requestBody":{"a":§"$.b"}'),
    path: `${DEF}/requestBody/a`,
    severity: "warning",
    message: '"$.b" is taken literally here.',
  },
  {
    rule: "pass-template",
    text: pass('"Result":{§"a.$":"$.input"},"ResultPath":"$.x","End":true'),
    path: `${S}/A/Result/a.$`,
    severity: "warning",
    message: 'Whether a Pass resolves "$.input" is not documented.',
  },
  {
    rule: "connection-path",
    text: flowText(callText(',"Parameters":{"t.$":§"$.connections.zendesk"}'), GET_ACTION),
    path: `${S}/A/Parameters/t.$`,
    severity: "warning",
    message: "$.connections.zendesk is a whole connection.",
  },
  {
    rule: "connection-path",
    text: flowText(
      callText(',"Parameters":{"t.$":§"{{$.connections.x.access_token}}"}'),
      GET_ACTION,
    ),
    path: `${S}/A/Parameters/t.$`,
    severity: "warning",
    message: '"x" in $.connections.x.access_token cannot be the name of a connection.',
  },
  {
    rule: "impossible-path",
    text: flowText(callText(',"Parameters":{"x.$":§"$.config.a"}'), GET_ACTION),
    path: `${S}/A/Parameters/x.$`,
    message: "Nothing can be at $.config.a here: no earlier state writes it.",
  },
  {
    rule: "impossible-path",
    text: choice('{"Variable":§"$.flag","BooleanEquals":true,"Next":"Z"}'),
    path: `${S}/A/Choices/0/Variable`,
    severity: "warning",
    message: "Nothing can be at $.flag here, so the comparison never matches.",
  },
  {
    rule: "impossible-path",
    text: flowText(
      '"A":{"Type":"Map","ItemsPath":"$.l","ResultPath":"$.m","Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed","Message":§"{{$.input.id}}"}}},"End":true}',
    ).replace('"A":', '"A":{"Type":"Pass","Result":[{"id":1}],"ResultPath":"$.l","Next":"M"},"M":'),
    path: `${S}/M/Iterator/States/B/Message`,
    message: "Nothing can be at $.input.id here: no earlier state writes it.",
  },
  {
    rule: "unsure-path",
    text: flowText(
      `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"P"}],"Default":"Z"},"P":{"Type":"Pass","Result":1,"ResultPath":"$.p","Next":"Z"},"Z":{"Type":"Succeed","Message":§"$.p"}`,
    ),
    path: `${S}/Z/Message`,
    message: "$.p is written on some of the ways to this state, but not on all.",
  },
  {
    rule: "missing-parameter",
    text: flowText(
      callText(',"Parameters":§{"id":1}'),
      actionText('"method":"GET","path":"/x/{{$.id}}/{{$.page}}"'),
    ),
    path: `${S}/A/Parameters`,
    message: 'Action "act" reads $.page, which this state does not pass.',
  },
  {
    rule: "built-in-parameters",
    text: jq('"data.$":"$"'),
    path: `${S}/A/Parameters`,
    message: 'Jq needs the parameter "expr".',
  },
  {
    rule: "built-in-parameters",
    text: builtIn("LoadLinks", '"link_type":"t"'),
    path: `${S}/A/Parameters`,
    message: "LoadLinks needs left_object_name or right_object_name.",
  },
  {
    rule: "built-in-parameters",
    text: builtIn("LoadConfig", '"scope":"s",§"scop":"t"').replace("§", ""),
    path: `${S}/A/Parameters/scop`,
    severity: "warning",
    message: 'LoadConfig has no parameter "scop"; nearest: "scope".',
  },
  {
    rule: "built-in-parameters",
    text: jq('"expr":".","data":§{}').replace("§", ""),
    path: `${S}/A/Parameters/data`,
    message: 'data must be JSON in a text, such as "{\\"a\\": 1}".',
  },
  {
    rule: "built-in-parameters",
    text: builtIn("LoadLinks", '"link_type":"t","left_object_name":"l","page_size":§101').replace(
      "§",
      "",
    ),
    path: `${S}/A/Parameters/page_size`,
    message: "page_size must be a whole number from 1 to 100.",
  },
  {
    rule: "built-in-parameters",
    text: builtIn("LoadConfig", '"scope":"s",§"scope.$":"$.input.s"').replace("§", ""),
    path: `${S}/A/Parameters/scope.$`,
    message: 'The parameter "scope" is given twice, plain and with ".$".',
  },
  {
    rule: "action-target",
    text: http('"method":"GET"').replace('"definition":{"method"', '"definition":§{"method"'),
    path: DEF,
    message: "The action has neither url nor path.",
  },
  {
    rule: "action-target",
    text: http('"method":"GET","url":"https://a.example","path":"/x"').replace(
      '"definition":{"method"',
      '"definition":§{"method"',
    ),
    path: DEF,
    message: "The action has url and path; only one is allowed.",
  },
  {
    rule: "action-target",
    text: http('"method":"GET","path":§"https://a.example/x"'),
    path: `${DEF}/path`,
    message: "path holds a full URL.",
  },
  {
    rule: "action-target",
    text: http('"method":"GET","url":§"/api/v2"'),
    path: `${DEF}/url`,
    message: '"/api/v2" is not an absolute URL.',
  },
  {
    rule: "header-shape",
    text: http('"method":"GET","path":"/x","headers":§{"Accept":"*/*"}'),
    path: `${DEF}/headers`,
    message: "headers is an object; it must be an array.",
  },
  {
    rule: "header-shape",
    text: http('"method":"GET","path":"/x","headers":[§{"name":"Accept","value":"a"}]'),
    path: `${DEF}/headers/0`,
    message: "This entry of headers has no key.",
  },
  {
    rule: "connection-name",
    text: http('"method":"GET","path":"/x","connectionName":§"my connection"'),
    path: `${DEF}/connectionName`,
    message: '"my connection" cannot be the name of a connection.',
  },
  {
    rule: "secret-literal",
    text: http(
      '"method":"GET","path":"/x","headers":[{"key":"Authorization","value":§"Bearer abcdef0123456789"}]',
    ),
    path: `${DEF}/headers/0/value`,
    severity: "warning",
    message: "The header Authorization seems to hold a credential in plain text.",
  },
  {
    rule: "secret-literal",
    text: http('"method":"GET","url":§"https://user:pass@a.example/"'),
    path: `${DEF}/url`,
    severity: "warning",
    message: "The URL seems to hold a credential in plain text.",
  },
  {
    rule: "secret-in-message",
    text: flowText(
      '"A":{"Type":"Fail","Error":"e","Cause":§"token {{$.connections.zendesk.access_token}}"}',
    ),
    path: `${S}/A/Cause`,
    message:
      "$.connections.zendesk.access_token holds a credential of a connection, and the integration log shows this text.",
  },
  {
    rule: "secret-in-message",
    text: flowText('"A":{"Type":"Succeed","Message":§"$"}'),
    path: `${S}/A/Message`,
    message: "$ holds a credential of a connection, and the integration log shows this text.",
  },
  {
    rule: "secret-in-message",
    text: messageOfJq('".connections | keys"', "$", "$.copy", "$.copy.zendesk"),
    path: `${S}/Z/Message`,
    severity: "warning",
    message:
      "$.copy.zendesk may hold a credential of a connection, and the integration log shows this text.",
  },
  {
    rule: "secret-in-message",
    text: messageOfJq('"."', "$.connections.zendesk", "$.copy", "$.copy"),
    path: `${S}/Z/Message`,
    severity: "warning",
    message:
      "$.copy may hold a credential of a connection, and the integration log shows this text.",
  },
  {
    rule: "secret-in-message",
    text: flowText(
      '"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"[.]","data.$":"$.connections"},"ResultPath":"$.l","Next":"M"},"M":{"Type":"Map","ItemsPath":"$.l","ResultPath":"$.m","End":true,"Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed","Message":§"{{$.zendesk}}"}}}}',
    ),
    path: `${S}/M/Iterator/States/B/Message`,
    severity: "warning",
    message:
      "$.zendesk may hold a credential of a connection, and the integration log shows this text.",
  },
  {
    rule: "url-without-connection",
    text: http('"method":"GET","url":§"https://api.example:8443/x?y={{$.z}}"'),
    path: `${DEF}/url`,
    severity: "warning",
    message: "The action calls api.example:8443 without a connection.",
  },
  {
    rule: "url-without-connection",
    text: flowText(
      callText(',"Parameters":{"host":"a","t.$":"$.connections.crm.access_token"}'),
      actionText('"method":"GET","url":§"https://{{$.host}}.example/"'),
    ),
    path: `${DEF}/url`,
    severity: "warning",
    message:
      "The host that the action calls comes from {{$.host}}.example: the flow's data decide where it goes.",
  },
  {
    rule: "url-without-connection",
    text: http('"method":"GET","url.$":§"$.endpoint"'),
    path: `${DEF}/url.$`,
    severity: "warning",
    message:
      "The host that the action calls comes from $.endpoint: the flow's data decide where it goes.",
  },
];

describe("rules", () => {
  it.each(CASES.map((entry) => [`${entry.rule}: ${entry.message}`, entry] as const))(
    "finds %s",
    (_title, { rule, text: marked, path, message, severity = "error", origin = "ours" }) => {
      const { text, line, column } = marked.includes(MARK)
        ? place(marked)
        : { text: marked, line: undefined, column: undefined };
      const found = checkText(text).findings.filter((finding) => finding.rule === rule);
      expect(found.map(({ message }) => message)).toContain(message);
      const finding = found.find((candidate) => candidate.message === message);
      expect(finding).toMatchObject({ severity, origin, path });
      expect(finding?.hint).not.toBe("");
      if (line !== undefined) expect(finding).toMatchObject({ line, column });
    },
  );

  it("has a case for every rule of the table", () => {
    const tried = new Set(CASES.map(({ rule }) => rule));
    expect(RULES.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it("gives every rule a name of its own and a source", () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    expect(RULES.filter(({ source, what }) => source === "" || what === "")).toEqual([]);
  });

  it("finds nothing in a bundle that follows all rules", () => {
    const text = flowText(
      `"A":{"Type":"Action","ActionName":"zis:int:action:act","Parameters":{"id.$":"$.input.ticket_event.ticket.id"},"ResultPath":"$.r","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"No"}],"Next":"Yes"},"No":{"Type":"Fail","Error":"E","Cause":"{{$.error.Cause}}"},"Yes":{"Type":"Succeed","Message":"{{$.r.name}}"}`,
      `${actionText('"method":"GET","path":"/api/{{$.id}}","connectionName":"zendesk"')},"j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"support","event_type":"ticket.TicketCreated","flow_name":"zis:int:flow:f"}}`,
    );
    expect(checkText(text).findings).toEqual([]);
  });

  it("reports everything at once, in the order of the text", () => {
    const text = flowText(
      '"A":{"Type":"Wait","Seconds":-1,"Next":"Gone"},"B":{"Type":"Pass"}',
      '"x":{"type":"nope","properties":{}}',
    );
    const { findings } = checkText(text);
    expect(findings.map(({ rule }) => rule)).toEqual([
      "wait-seconds",
      "dangling-next",
      "unreachable-state",
      "next-and-end",
      "bundle-validation",
    ]);
  });

  it("quotes the registry where it refuses the upload", () => {
    const { findings } = checkText('{"name": "b", "zis_template_version": "2019-10-14"}');
    expect(findings).toEqual([
      {
        severity: "error",
        origin: "registry",
        rule: "bundle-validation",
        path: "/resources",
        line: 1,
        column: 1,
        message: "BundleValidationError: resources is required and must be an object.",
        hint: "Zendesk refuses the upload: write what it requires.",
      },
    ]);
  });
});

describe("what a flow has written", () => {
  const succeed = (message: string): string => `"Z":{"Type":"Succeed","Message":"${message}"}`;
  const written = (states: string) =>
    checkText(flowText(states)).findings.filter(({ rule }) => rule.endsWith("-path"));

  it.each([
    [
      "a member of a Pass's Result",
      `"A":{"Type":"Pass","Result":{"a":{"b":1}},"ResultPath":"$.x","Next":"Z"},${succeed("{{$.x.a.b}}")}`,
    ],
    [
      "an item of a Pass's Result",
      `"A":{"Type":"Pass","Result":[{"b":1}],"ResultPath":"$.x","Next":"Z"},${succeed("{{$.x[0].b}}")}`,
    ],
    ["anything below the event", `"A":{"Type":"Pass","Next":"Z"},${succeed("{{$.input.a.b.c}}")}`],
    [
      "a path that IsPresent has shown",
      `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"P"}],"Default":"Q"},"P":{"Type":"Pass","Result":1,"ResultPath":"$.p","Next":"Q"},"Q":{"Type":"Choice","Choices":[{"Variable":"$.p","IsPresent":true,"Next":"Z"}],"Default":"Y"},"Y":{"Type":"Succeed"},${succeed("{{$.p}}")}`,
    ],
    [
      "a path that Not IsPresent has ruled out",
      `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"P"}],"Default":"Q"},"P":{"Type":"Pass","Result":1,"ResultPath":"$.p","Next":"Q"},"Q":{"Type":"Choice","Choices":[{"Variable":"$.p","IsPresent":false,"Next":"Y"}],"Default":"Z"},"Y":{"Type":"Succeed"},${succeed("{{$.p}}")}`,
    ],
    [
      "a path that a constant flag goes with",
      `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"P"}],"Default":"N"},"N":{"Type":"Pass","Result":false,"ResultPath":"$.has","Next":"Q"},"P":{"Type":"Pass","Result":1,"ResultPath":"$.p","Next":"P2"},"P2":{"Type":"Pass","Result":true,"ResultPath":"$.has","Next":"Q"},"Q":{"Type":"Choice","Choices":[{"Variable":"$.has","BooleanEquals":true,"Next":"Z"}],"Default":"Y"},"Y":{"Type":"Succeed"},${succeed("{{$.p}}")}`,
    ],
  ])("may read %s", (_what, states) => {
    expect(written(states)).toEqual([]);
  });

  it.each([
    [
      "a member that the Result lacks",
      "impossible-path",
      `"A":{"Type":"Pass","Result":{"a":1},"ResultPath":"$.x","Next":"Z"},${succeed("{{$.x.b}}")}`,
    ],
    [
      "an item past the end of the Result",
      "impossible-path",
      `"A":{"Type":"Pass","Result":[1],"ResultPath":"$.x","Next":"Z"},${succeed("{{$.x[1]}}")}`,
    ],
    [
      "the event after ResultPath $ has replaced it",
      "impossible-path",
      `"A":{"Type":"Pass","Result":{"a":1},"ResultPath":"$","Next":"Z"},${succeed("{{$.input.id}}")}`,
    ],
    [
      "a member below a constant that is not an object",
      "impossible-path",
      `"A":{"Type":"Pass","Result":"text","ResultPath":"$.x","Next":"Z"},${succeed("{{$.x.length}}")}`,
    ],
    [
      "a member that only some of the ways have written inside an object",
      "unsure-path",
      `"A":{"Type":"Pass","Result":{"a":1},"ResultPath":"$.x","Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"P"}],"Default":"Z"},"P":{"Type":"Pass","Result":1,"ResultPath":"$.x.b","Next":"Z"},${succeed("{{$.x.b}}")}`,
    ],
    [
      "a member of one of two Results",
      "unsure-path",
      `"A":{"Type":"Choice","Choices":[{"Variable":"$.input.x","IsNull":true,"Next":"P"}],"Default":"Q"},"P":{"Type":"Pass","Result":{"a":{"b":1}},"ResultPath":"$.x","Next":"Z"},"Q":{"Type":"Pass","Result":{"a":{}},"ResultPath":"$.x","Next":"R"},"R":{"Type":"Choice","Choices":[{"Variable":"$.input.y","IsNull":true,"Next":"S"}],"Default":"Z"},"S":{"Type":"Pass","Result":1,"ResultPath":"$.x.a.b","Next":"Z"},${succeed("{{$.x.a.b}}")}`,
    ],
  ])("may not read %s", (_what, rule, states) => {
    expect(written(states).map((finding) => finding.rule)).toEqual([rule]);
  });
});

describe("what is allowed without a finding", () => {
  const rulesOf = (text: string): string[] => checkText(text).findings.map(({ rule }) => rule);

  it.each<[string, string]>([
    [
      "a Wait of 80 seconds, which is 80 % of the limit",
      flowText('"A":{"Type":"Wait","Seconds":80,"End":true}'),
    ],
    [
      "a message from data of which jq has removed the connections",
      messageOfJq('"del(.connections) | tojson"', "$", "$.copy", "$.copy").replace(MARK, ""),
    ],
    [
      "a message from data that jq took from the event",
      messageOfJq('".input.id"', "$", "$.id", "$.id").replace(MARK, ""),
    ],
    [
      "a message that says how many connections there are",
      messageOfJq('".connections | length"', "$", "$.n", "$.n").replace(MARK, ""),
    ],
    [
      "a call of the account's own host",
      http(
        '"method":"GET","url":"https://{{$.subdomain}}.{{$.zendeskHost}}/api","connectionName":"zendesk"',
      ),
    ],
    [
      "a call of a written host by a connection",
      http('"method":"GET","url":"https://api.example/x","connectionName":"crm"'),
    ],
    [
      "a call of a written host with a token that every caller takes from a connection",
      flowText(
        callText(',"Parameters":{"t.$":"$.connections.crm.access_token"}'),
        actionText(
          '"method":"GET","url":"https://api.example","headers":[{"key":"Authorization","value":"Bearer {{$.t}}"}]',
        ),
      ),
    ],
  ])("%s", (_what, text) => {
    expect(rulesOf(text)).toEqual([]);
  });
});
