/** The unmodified node-zendesk against a desk, and answers whose members the fixture does not name. */
import { createClient } from "node-zendesk";
import type { DeskFixture } from "./desk-fixture.ts";

export type DeskClient = ReturnType<typeof createClient>;

export function openClient(desk: DeskFixture): DeskClient {
  return createClient({
    username: desk.adminEmail,
    token: desk.apiToken,
    endpointUri: `${desk.url}/api/v2`,
  });
}

export interface WireJob {
  readonly id: string;
  readonly status: string;
  readonly url: string;
  readonly results: readonly { readonly success: boolean }[];
}

/** The members that tests of changes read; each answer has some of them. */
interface ChangeBody {
  readonly job_status: WireJob;
  readonly job_statuses: readonly WireJob[];
  readonly comment: { readonly plain_body: string; readonly html_body: string };
  readonly attachment: object;
  readonly user: { readonly id: number };
  readonly users: readonly { readonly id: number }[];
  readonly deleted_users: readonly object[];
  readonly compliance_deletion_statuses: readonly object[];
  readonly identities: readonly { readonly id: number; readonly primary: boolean }[];
  readonly group_memberships: readonly { readonly id: number; readonly group_id: number }[];
  readonly custom_statuses: readonly { readonly id: number; readonly default: boolean }[];
  readonly custom_status: { readonly id: number };
  readonly tickets: readonly Readonly<Record<string, unknown>>[];
}

interface ChangeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ChangeBody;
}

export async function send(
  desk: DeskFixture,
  method: string,
  path: string,
  body?: unknown,
): Promise<ChangeAnswer> {
  const answer = await desk.call(path, { method, ...(body === undefined ? {} : { body }) });
  return { ...answer, body: answer.body as unknown as ChangeBody };
}
