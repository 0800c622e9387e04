/** Small bundles as texts, for tests of the checker. */

/** A bundle of one flow `f` that starts at "A", with the given members of States, and other resources. */
export function flowText(states: string, resources = ""): string {
  return `{"name":"b","zis_template_version":"2019-10-14","resources":{
"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"A","States":{
${states}
}}}}${resources === "" ? "" : `,\n${resources}`}
}}`;
}

/** A custom action `act` with the given members of its definition. */
export function actionText(definition: string): string {
  return `"act":{"type":"ZIS::Action::Http","properties":{"name":"act","definition":{${definition}}}}`;
}

export const GET_ACTION = actionText('"method":"GET","path":"/api/v2/x"');

/** An Action state that calls `act` and ends the flow. */
export function callText(members: string): string {
  return `"A":{"Type":"Action","ActionName":"zis:int:action:act","ResultPath":"$.r","End":true${members}}`;
}

/** A flow of state objects as a bundle's text; starts at the first state. */
export function bundleOf(
  states: Record<string, unknown>,
  resources: Record<string, unknown> = {},
): string {
  const definition = { StartAt: Object.keys(states)[0], States: states };
  return JSON.stringify({
    name: "b",
    zis_template_version: "2019-10-14",
    resources: { f: { type: "ZIS::Flow", properties: { name: "f", definition } }, ...resources },
  });
}
