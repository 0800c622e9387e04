/**
 * Which objects belong together: link type, left name and right name identify a link. Source: ZIS Links
 * API and its guide; the statuses of refusals, PATCH and DELETE are inferred.
 */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { asText, matchesWildcard, requiredText } from "./fields.ts";
import { type PageMeta, type PageRequest, paginate, sortedBy } from "./paging.ts";
import { conflict, invalid, notFound } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { Store } from "./store.ts";

interface LinkObject {
  readonly name: string;
  readonly metadata?: JsonObject;
}

export interface Link {
  readonly id: string;
  readonly uuid: string;
  readonly account_id: number;
  readonly integration: string;
  readonly link_type: string;
  readonly left_object: LinkObject;
  readonly right_object: LinkObject;
  readonly created_at: string;
  readonly updated_at: string;
}

type Fields = Readonly<Record<string, unknown>>;

export interface Links {
  /** Of every integration, in the order they were made. */
  all(): readonly Link[];
  /** By link_type and one or both names, in which `*` stands for any run of characters. */
  search(
    integration: string,
    fields: Fields,
    page: PageRequest,
  ): { readonly links: readonly Link[]; readonly meta: PageMeta };
  /** 409 when the link exists. */
  create(integration: string, fields: Fields): Link;
  /** Changes left_object and right_object of the link that the identity names. 404 without one. */
  patch(integration: string, identity: Fields, changes: Fields): Link;
  /** 404 when there is no such link. */
  remove(integration: string, identity: Fields): void;
}

export interface LinksOptions {
  readonly store: Store;
  readonly accountId: number;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly switches: ServiceSwitches;
}

type Side = "left_object" | "right_object";

/** The links of one account. */
export function createLinks(options: LinksOptions): Links {
  const { store, accountId, now, newId, switches } = options;
  const links = store.collection<Link>("links");
  const byName = new Map<string, Set<string>>();

  function index(link: Link): void {
    for (const name of nameKeysOf(link)) {
      const keys = byName.get(name) ?? new Set();
      byName.set(name, keys.add(keyOf(link)));
    }
  }

  function save(link: Link): Link {
    links.set(keyOf(link), link);
    index(link);
    return link;
  }

  function drop(link: Link): void {
    links.delete(keyOf(link));
    for (const name of nameKeysOf(link)) {
      const keys = byName.get(name);
      keys?.delete(keyOf(link));
      if (keys?.size === 0) byName.delete(name);
    }
  }

  function existing(integration: string, identity: Fields): Link {
    const type = requiredText(identity, "link_type");
    const left = requiredName(identity["left_object_name"], "left_object_name");
    const right = requiredName(identity["right_object_name"], "right_object_name");
    const link = links.get(linkKey(integration, type, left, right));
    if (link) return link;
    throw notFound("link not found");
  }

  /** Links that may match: by an index when one of the names has no wildcard, else all. */
  function candidates(integration: string, type: string, left?: string, right?: string): Link[] {
    const exact = [
      { side: "left_object" as const, name: left },
      { side: "right_object" as const, name: right },
    ].find(({ name }) => name !== undefined && !name.includes("*"));
    if (exact?.name === undefined) return [...links.values()];
    const keys = byName.get(nameKey(integration, type, exact.side, exact.name)) ?? [];
    return Array.from(keys, (key) => links.get(key)).filter((link) => link !== undefined);
  }

  for (const link of links.values()) index(link);

  return {
    all: () => [...links.values()],
    search(integration, fields, page) {
      const type = requiredText(fields, "link_type");
      const left = optionalName(fields["left_object_name"], "left_object_name");
      const right = optionalName(fields["right_object_name"], "right_object_name");
      if (left === undefined && right === undefined) {
        throw invalid("left_object_name or right_object_name is required");
      }
      const found = candidates(integration, type, left, right).filter(
        (link) =>
          link.integration === integration &&
          link.link_type === type &&
          (left === undefined || matchesWildcard(left, link.left_object.name)) &&
          (right === undefined || matchesWildcard(right, link.right_object.name)),
      );
      const { items, meta } = paginate(sortedBy(found, cursorOf), cursorOf, page);
      return { links: items, meta };
    },
    create(integration, fields) {
      const type = requiredName(fields["link_type"], "link_type");
      const left_object = linkObject(fields["left_object"], "left_object");
      const right_object = linkObject(fields["right_object"], "right_object");
      const known = links.get(linkKey(integration, type, left_object.name, right_object.name));
      if (known && switches.duplicateLink === "conflict") throw conflict("link already exists");
      if (known) return known;
      const at = now().toISOString();
      return save({
        id: String(store.nextNumber("link")),
        uuid: newId(),
        account_id: accountId,
        integration,
        link_type: type,
        left_object,
        right_object,
        created_at: at,
        updated_at: at,
      });
    },
    patch(integration, identity, changes) {
      const before = existing(integration, identity);
      const after: Link = {
        ...before,
        ...changedSide(before, changes, "left_object"),
        ...changedSide(before, changes, "right_object"),
        updated_at: now().toISOString(),
      };
      if (keyOf(after) !== keyOf(before) && links.get(keyOf(after))) {
        throw conflict("link already exists");
      }
      drop(before);
      return save(after);
    },
    remove(integration, identity) {
      drop(existing(integration, identity));
    },
  };
}

function linkKey(integration: string, type: string, left: string, right: string): string {
  return JSON.stringify([integration, type, left, right]);
}

function keyOf({ integration, link_type, left_object, right_object }: Link): string {
  return linkKey(integration, link_type, left_object.name, right_object.name);
}

function nameKey(integration: string, type: string, side: Side, name: string): string {
  return JSON.stringify([integration, type, side, name]);
}

function nameKeysOf({ integration, link_type, left_object, right_object }: Link): string[] {
  return [
    nameKey(integration, link_type, "left_object", left_object.name),
    nameKey(integration, link_type, "right_object", right_object.name),
  ];
}

/** Orders links by age; ids are whole numbers as texts. */
function cursorOf(link: Link): string {
  return link.id.padStart(16, "0");
}

/** A side keeps what the change does not name: only the metadata, or only the name, may be sent. */
function changedSide(link: Link, changes: Fields, side: Side): Partial<Record<Side, LinkObject>> {
  const change = changes[side];
  if (change === undefined) return {};
  if (!isJsonObject(change)) throw invalid(`${side} must be an object`);
  return { [side]: linkObject({ ...link[side], ...change }, side) };
}

function linkObject(value: unknown, side: Side): LinkObject {
  if (!isJsonObject(value)) throw invalid(`${side} is required and must be an object`);
  const name = requiredName(value["name"], `${side}.name`);
  const metadata: Json | undefined = value["metadata"];
  if (metadata === undefined || metadata === null) return { name };
  if (!isJsonObject(metadata)) throw invalid(`${side}.metadata must be an object`);
  return { name, metadata };
}

function optionalName(value: unknown, field: string): string | undefined {
  return value === undefined || value === "" ? undefined : nameText(value, field);
}

/** Names have 3 to 256 characters. Source: ZIS tutorial on links. */
function requiredName(value: unknown, field: string): string {
  const name = nameText(value, field);
  if (name.length >= 3 && name.length <= 256) return name;
  throw invalid(`${field} must have 3 to 256 characters`);
}

function nameText(value: unknown, field: string): string {
  const text = asText(value as Json | undefined);
  if (text !== undefined) return text;
  throw invalid(`${field} is required and must be a string`);
}
