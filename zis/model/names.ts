/** Full resource names (`zis:INTEGRATION:flow:NAME`) and the rules for their parts. */

export type ResourceKind = "flow" | "action" | "job_spec";

export interface ResourceName {
  readonly integration: string;
  readonly kind: ResourceKind;
  readonly name: string;
}

/** Integration names: 1 to 64 of a-z 0-9 - _, unique over all Zendesk accounts. Source: registry API. */
export const INTEGRATION_NAME = /^[a-z0-9_-]{1,64}$/;

/** Connection names: 3 to 64 letters, digits, _ and -. Source: understanding connections. */
export const CONNECTION_NAME = /^[A-Za-z0-9_-]{3,64}$/;

/** The built-in actions. Source: ZIS developer guide, built-in actions. */
export const BUILT_IN_ACTIONS = [
  "zis:common:action:LoadConfig",
  "zis:common:action:PatchConfig",
  "zis:common:action:LoadLinks",
  "zis:common:action:CreateLink",
  "zis:common:action:PatchLink",
  "zis:common:action:DeleteLink",
  "zis:common:transform:Jq",
] as const;
export type BuiltInAction = (typeof BUILT_IN_ACTIONS)[number];

export const JQ_ACTION = "zis:common:transform:Jq" satisfies BuiltInAction;

/** True for one of the seven built-in actions. */
export function isBuiltInAction(actionName: string): actionName is BuiltInAction {
  return (BUILT_IN_ACTIONS as readonly string[]).includes(actionName);
}

/** `zis:INTEGRATION:KIND:NAME`. */
export function resourceName(integration: string, kind: ResourceKind, name: string): string {
  return `zis:${integration}:${kind}:${name}`;
}

/** The parts of a full resource name, or undefined when the text is not one. */
export function parseResourceName(text: string): ResourceName | undefined {
  const match = /^zis:([^:]+):(flow|action|job_spec):(.+)$/.exec(text);
  if (!match?.[1] || !match[2] || !match[3]) return undefined;
  return { integration: match[1], kind: match[2] as ResourceKind, name: match[3] };
}
