/**
 * What a ZIS bundle is: the file that is uploaded to the registry.
 *
 * Words: a *bundle* is one upload of *resources*; a *flow* is a state machine; an *action* is an HTTP
 * call that a flow's Action states may name; a *job spec* says which event starts which flow; an
 * *integration* is the namespace all of it lives in. Source: developer.zendesk.com, ZIS registry API.
 */
import type { HttpActionDefinition } from "./action.ts";
import type { FlowDefinition } from "./flow.ts";

/** The only template version that the registry documents. It is a constant, not a version. */
export const ZIS_TEMPLATE_VERSION = "2019-10-14";

export interface Bundle {
  readonly name: string;
  readonly description?: string;
  readonly zis_template_version: typeof ZIS_TEMPLATE_VERSION;
  readonly resources: Readonly<Record<string, Resource>>;
}

export type Resource = FlowResource | ActionResource | JobSpecResource;

export interface FlowResource {
  readonly type: "ZIS::Flow";
  readonly properties: { readonly name: string; readonly definition: FlowDefinition };
}

export interface ActionResource {
  readonly type: "ZIS::Action::Http";
  readonly properties: { readonly name: string; readonly definition: HttpActionDefinition };
}

export interface JobSpecResource {
  readonly type: "ZIS::JobSpec";
  readonly properties: JobSpec;
}

/** Joins one event (source and type) to one flow, given by its full name `zis:INT:flow:NAME`. */
export interface JobSpec {
  readonly name: string;
  readonly event_source: string;
  readonly event_type: string;
  readonly flow_name: string;
}
