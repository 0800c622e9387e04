/** The bundle: which flows, actions and job specs Zendesk runs for us. Open this first. */
import type { OperationName } from "../actions-server/contract/operations.ts";
import { ZIS_TEMPLATE_VERSION, type Bundle, type Resource } from "../zis/model/bundle.ts";
import { INTEGRATION_NAME } from "../zis/model/names.ts";
import { onTicketEvent } from "./build/job-spec.ts";
import { actionNameOf, serverAction } from "./build/server-action.ts";
import { TICKET_STATUS_CHANGED, ticketStatusChanged } from "./flows/ticket-status-changed.ts";

export interface BundleOptions {
  /** The integration's name: 1 to 64 of a-z, 0-9, - and _; unique over all Zendesk accounts. */
  readonly integration: string;
  /** The actions server's origin, without a slash at the end. */
  readonly serverUrl: string;
}

/** What `npm run bundle` writes; an installation renders it anew with its own names. */
export const GENERATED_OPTIONS: BundleOptions = {
  integration: "caseqa",
  serverUrl: "https://caseqa.example.com",
};

const OPERATIONS_IN_USE: readonly OperationName[] = ["resolve-case", "capture-conversation"];

/**
 * The whole bundle as a plain value, its resources in a fixed order.
 *
 * @throws Error on an integration name that ZIS would refuse, or a server URL that is no origin
 */
export function buildBundle(options: BundleOptions): Bundle {
  const { integration, serverUrl } = options;
  if (!INTEGRATION_NAME.test(integration)) {
    throw new Error(`"${integration}" is no integration name: 1 to 64 of a-z, 0-9, - and _.`);
  }
  if (!/^https?:\/\/[^/?#]+$/.test(serverUrl)) {
    throw new Error(`"${serverUrl}" is no origin: write it like https://caseqa.example.com`);
  }

  const resources: Record<string, Resource> = {};
  for (const operation of OPERATIONS_IN_USE) {
    resources[actionNameOf(operation)] = serverAction(serverUrl, operation);
  }
  resources[TICKET_STATUS_CHANGED] = ticketStatusChanged(integration);
  const jobSpec = onTicketEvent(integration, "ticket.StatusChanged", TICKET_STATUS_CHANGED);
  resources[jobSpec.properties.name] = jobSpec;
  return {
    name: "CaseQA",
    description: "Joins Zendesk tickets, Salesforce cases and quality review as things happen.",
    zis_template_version: ZIS_TEMPLATE_VERSION,
    resources,
  };
}
