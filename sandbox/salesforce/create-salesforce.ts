/** The stand-in for a Salesforce org: its REST API and OAuth endpoints over records in memory. */
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Faults } from "../faults.ts";
import { gzipAnswers } from "./compression.ts";
import { createCursors } from "./cursors.ts";
import { SalesforceError } from "./errors.ts";
import { mintId, toId18 } from "./ids.ts";
import { loadRecords, type SeedRecords } from "./load-records.ts";
import { createGrants, type OAuthClient } from "./oauth/grants.ts";
import { registerOAuth } from "./oauth/oauth-routes.ts";
import { FULL_SCHEMA, OBJECTS } from "./objects.ts";
import { createOrg } from "./org.ts";
import { collectionOperations } from "./rest/collection-operations.ts";
import { compositeOperation } from "./rest/composite-operation.ts";
import { describeOperations } from "./rest/describe-operations.ts";
import type { RestDeps } from "./rest/operation.ts";
import { queryOperations } from "./rest/query-operations.ts";
import { registerRest } from "./rest/rest-routes.ts";
import { rowOperations } from "./rest/row-operations.ts";
import { createSchema, hide, type ObjectSchema, type SfRecord } from "./schema.ts";
import { createSessions } from "./sessions.ts";
import { createStore, isDeleted, type RecordStore } from "./store.ts";
import { createUsage } from "./usage.ts";

/** Where the platform's behaviour is not certain, or is a setting of the org. */
interface SalesforceSwitches {
  /** Session timeout in seconds without use; 7,200 is a usual setting. */
  readonly sessionSeconds: number;
  /** Client credentials answer the session that is still alive (reported by a user of jsforce). */
  readonly reuseSessions: boolean;
  /** Each refresh gives a new refresh token and kills the old one (a setting of the app). */
  readonly rotateRefreshTokens: boolean;
  /** What an upsert that updates answers: 200 with a body, 204 without one on older versions. */
  readonly upsertUpdateStatus: 200 | 204;
  /** Pages may be smaller than asked for; rows at most. */
  readonly maxPageRows: number;
  /** Fields ("Case.SuppliedEmail") and objects ("CaseComment") that the user may not see. */
  readonly hidden: readonly string[];
  /** Whom assignment rules hand cases to, unless a write refuses them; absent: no active rule. */
  readonly caseAssignmentOwnerId?: string;
}

export interface SalesforceOptions {
  /** Rows by object name, each with its `Id`; at least the users that clients run as. */
  readonly records: SeedRecords;
  readonly clients: readonly OAuthClient[];
  readonly now: () => Date;
  /** A text that never comes twice: source of tokens and locators. */
  readonly newId: () => string;
  readonly faults?: Faults;
  /** Requests in 24 hours; absent: an Enterprise org's 100,000. */
  readonly limits?: { readonly dailyRequests: number };
  /** Whole numbers; absent: 31 to 68. */
  readonly apiVersions?: { readonly oldest: number; readonly newest: number };
  readonly switches?: Partial<SalesforceSwitches>;
}

export interface Salesforce {
  readonly routes: FastifyPluginAsync;
  /** The org's records, for checks. */
  readonly store: {
    /** Rows of an object that are not deleted. @throws TypeError for an object that is not there */
    all(objectName: string): readonly SfRecord[];
    /** The row under an id of 15 or 18 characters, unless deleted. */
    get(id: string): SfRecord | undefined;
  };
  /** Ends every session: the next call of each is answered 401 INVALID_SESSION_ID. */
  revokeTokens(): void;
  usage(): { readonly used: number; readonly limit: number };
}

const DEFAULT_SWITCHES: SalesforceSwitches = {
  sessionSeconds: 7_200,
  reuseSessions: false,
  rotateRefreshTokens: false,
  upsertUpdateStatus: 200,
  maxPageRows: 2_000,
  hidden: [],
};

const ORGANIZATION_ID = mintId("00D", 1);

/** Refusals as the platform writes them; what Fastify finds wrong with a body as the JSON reader would. */
function answerError(
  error: FastifyError | SalesforceError,
  _request: FastifyRequest,
  reply: FastifyReply,
) {
  if (error instanceof SalesforceError) return reply.code(error.status).send(error.errors);
  const status = error.statusCode ?? 500;
  const errorCode = status < 500 ? "JSON_PARSER_ERROR" : "UNKNOWN_EXCEPTION";
  return reply.code(status).send([{ message: error.message, errorCode }]);
}

/** Every field of a row, mirrors worked out. */
function wholeRow(record: SfRecord, object: ObjectSchema, store: RecordStore): SfRecord {
  return Object.fromEntries(object.fields.map((one) => [one.name, store.value(record, one)]));
}

function requireObject(name: string): ObjectSchema {
  const object = FULL_SCHEMA.object(name);
  if (!object) throw new TypeError(`no object ${name} in this org`);
  return object;
}

function checkClients(clients: readonly OAuthClient[], store: RecordStore): void {
  for (const { clientId, runAsUserId } of clients) {
    if (runAsUserId === undefined || store.get(runAsUserId)) continue;
    throw new TypeError(`client ${clientId}: runAsUserId ${runAsUserId} is not a User in records`);
  }
}

/**
 * An org with the records given.
 * @throws TypeError when a record or a client does not fit the org: which and why
 */
export function createSalesforce(options: SalesforceOptions): Salesforce {
  const { clients, now, newId, faults } = options;
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const store = createStore(FULL_SCHEMA);
  const userId = clients.find((one) => one.runAsUserId)?.runAsUserId ?? mintId("005", 0);
  loadRecords(options.records, { store, schema: FULL_SCHEMA, now, userId });
  checkClients(clients, store);

  const usage = createUsage({ now, limit: options.limits?.dailyRequests ?? 100_000 });
  const sessions = createSessions({
    now,
    newId,
    organizationId: ORGANIZATION_ID,
    seconds: switches.sessionSeconds,
    reuse: switches.reuseSessions,
  });
  const grants = createGrants({
    clients,
    sessions,
    store,
    users: requireObject("User"),
    now,
    newId,
    rotateRefreshTokens: switches.rotateRefreshTokens,
  });
  const { caseAssignmentOwnerId, hidden, maxPageRows, upsertUpdateStatus } = switches;
  const deps: RestDeps = {
    org: createOrg({ store, schema: FULL_SCHEMA, now, caseAssignmentOwnerId }),
    schema: createSchema(hide(OBJECTS, hidden)),
    cursors: createCursors({ now, newId }),
    usage,
    now,
    upsertUpdateStatus,
    maxPageRows,
    organizationId: ORGANIZATION_ID,
  };
  const single = [
    ...describeOperations(deps),
    ...queryOperations(deps),
    ...rowOperations(deps),
    ...collectionOperations(deps),
  ];
  const operations = [...single, compositeOperation(deps, single)];
  const versions = options.apiVersions ?? { oldest: 31, newest: 68 };

  return {
    routes: async (app) => {
      if (faults) {
        app.addHook("onRequest", async (request, reply) => faults.onRequest(request, reply));
        app.addHook("onSend", async (request, reply, payload) =>
          faults.onSend(request, reply, payload),
        );
      }
      app.addHook("onSend", gzipAnswers);
      app.setErrorHandler(answerError);
      await app.register(async (scope) =>
        registerOAuth(scope, { clients, grants, sessions, store, organizationId: ORGANIZATION_ID }),
      );
      await app.register(async (scope) =>
        registerRest(scope, { operations, sessions, usage, versions }),
      );
    },
    store: {
      all(objectName) {
        const object = requireObject(objectName);
        return [...store.scan(object.name)]
          .filter((record) => !isDeleted(record))
          .map((record) => wholeRow(record, object, store));
      },
      get(id) {
        const record = store.get(toId18(id) ?? "");
        const object = FULL_SCHEMA.objectOfId(id);
        return record && object && !isDeleted(record) ? wholeRow(record, object, store) : undefined;
      },
    },
    revokeTokens: () => {
      sessions.revokeAll();
    },
    usage: () => usage.read(),
  };
}
