/** Reading, making and changing custom statuses. Source: Zendesk API reference, "Custom Ticket Statuses". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { JsonObject } from "#zis/model/json";
import { toSecondPrecision } from "../clock.ts";
import { CATEGORIES, type CustomStatus } from "./custom-statuses.ts";
import { notAllowed, recordInvalid, recordNotFound } from "./errors.ts";
import { parameter } from "./paging.ts";
import { baseUrlOf, queryOf, readId, route, type RouteDeps } from "./route.ts";
import { memberOf } from "./ticket-input.ts";

const MOST = 300;
const MOST_OF_CATEGORY = 100;
const LONGEST_LABEL = 48;

function present(status: CustomStatus, baseUrl: string): object {
  return {
    url: `${baseUrl}/api/v2/custom_statuses/${status.id}.json`,
    ...status,
    raw_agent_label: status.agent_label,
    raw_end_user_label: status.end_user_label,
    raw_description: status.description,
    raw_end_user_description: status.end_user_description,
  };
}

export function customStatusRoutes(app: FastifyInstance, { access, store, now }: RouteDeps): void {
  const { statuses } = store;

  function checkAdministrator(request: FastifyRequest): void {
    const caller = access.caller(request.headers, "write", "tickets");
    if (caller.role !== "admin") throw notAllowed("You do not have access to this page");
  }

  function find(request: FastifyRequest): CustomStatus {
    const status = statuses.get(readId(request));
    if (!status) throw recordNotFound();
    return status;
  }

  function label(body: JsonObject, member: string): string | undefined {
    const value = body[member];
    if (value === undefined) return undefined;
    if (typeof value !== "string" || value === "" || value.length > LONGEST_LABEL) {
      throw recordInvalid(member, `${member}: expected 1 to ${LONGEST_LABEL} characters`);
    }
    return value;
  }

  function readMembers(body: JsonObject): Partial<CustomStatus> {
    const agent_label = label(body, "agent_label");
    const end_user_label = label(body, "end_user_label");
    const { description, end_user_description, active } = body;
    return {
      ...(agent_label !== undefined && { agent_label }),
      ...(end_user_label !== undefined && { end_user_label }),
      ...(typeof description === "string" && { description }),
      ...(typeof end_user_description === "string" && { end_user_description }),
      ...(typeof active === "boolean" && { active }),
    };
  }

  // All at once: this list has no pages.
  route(app, "GET", "/custom_statuses", (request) => {
    access.caller(request.headers, "read", "tickets");
    const query = queryOf(request);
    const categories = parameter(query, "status_categories")?.split(",");
    const isMeant = (name: "active" | "default", value: boolean) =>
      parameter(query, name) === undefined || parameter(query, name) === String(value);
    const shown = [...statuses.values()].filter(
      (status) =>
        (categories?.includes(status.status_category) ?? true) &&
        isMeant("active", status.active) &&
        isMeant("default", status.default),
    );
    return { custom_statuses: shown.map((status) => present(status, baseUrlOf(request))) };
  });

  route(app, "GET", "/custom_statuses/:id", (request) => {
    access.caller(request.headers, "read", "tickets");
    return { custom_status: present(find(request), baseUrlOf(request)) };
  });

  route(app, "POST", "/custom_statuses", (request, reply) => {
    checkAdministrator(request);
    const body = memberOf(request.body, "custom_status");
    const category = CATEGORIES.find((one) => one === body["status_category"]);
    if (!category) throw recordInvalid("status_category", "Status category: is invalid");
    const { agent_label, ...members } = readMembers(body);
    if (!agent_label)
      throw recordInvalid("agent_label", "Agent label: cannot be blank", "BlankValue");
    const same = [...statuses.values()].filter((one) => one.status_category === category);
    if (statuses.size >= MOST || same.length >= MOST_OF_CATEGORY) {
      throw recordInvalid("base", "Too many custom statuses");
    }
    const at = toSecondPrecision(now());
    const status: CustomStatus = {
      id: Math.max(...statuses.keys()) + 1,
      status_category: category,
      agent_label,
      end_user_label: agent_label,
      description: "",
      end_user_description: "",
      active: true,
      default: false,
      created_at: at,
      updated_at: at,
      ...members,
    };
    statuses.set(status.id, status);
    void reply.code(201);
    return { custom_status: present(status, baseUrlOf(request)) };
  });

  route(app, "PUT", "/custom_statuses/:id", (request) => {
    checkAdministrator(request);
    const status = find(request);
    const changed = {
      ...status,
      ...readMembers(memberOf(request.body, "custom_status")),
      updated_at: toSecondPrecision(now()),
    };
    statuses.set(status.id, changed);
    return { custom_status: present(changed, baseUrlOf(request)) };
  });
}
