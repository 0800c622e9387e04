/**
 * Where files of comments are read: the account's address redirects to a host of its own for files, with a token that ends. Sources:
 * Zendesk API reference, "Attachments" (`content_url` may be on another host); how long a token lives, the redirect's status, and
 * what an ended token or a credential is answered are UNVERIFIED.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Faults } from "../../faults.ts";
import { createEndpointLimit } from "../endpoint-limits.ts";
import { recordNotFound, sendRefusal, ZendeskRefusal } from "../errors.ts";
import type { AttachmentRecord } from "../model.ts";
import { contentOf } from "./content.ts";

/** One request that reached the host of files. */
interface FileRequest {
  readonly token: string;
  readonly status: number;
  /** Whether a header Authorization or a cookie came with it: neither belongs there. */
  readonly hadCredentials: boolean;
}

export interface FileHost {
  /** Register it on a server of its own, on another port or name than the account's. */
  readonly routes: FastifyPluginAsync;
  /** The account's `/attachments/token/…`, without the limits of the Support API. */
  readonly accountRoutes: FastifyPluginAsync;
  /** Says where `routes` are served, such as `http://127.0.0.1:4711`; until then the account's host gives the content itself. */
  listensAt(origin: string): void;
  /** The file's address on the host of files; undefined when there is none. */
  addressOf(file: AttachmentRecord): string | undefined;
  /** What reached the host of files, oldest first. */
  readonly requests: readonly FileRequest[];
}

interface FileHostOptions {
  readonly now: () => Date;
  /** Any text; signs tokens. */
  readonly secret: string;
  readonly find: (token: string) => AttachmentRecord | undefined;
  /** How long a token lives, asked when it is checked. */
  readonly lifetimeSeconds: () => number;
  /** Refuses a stranger; called for the account's address when files are private. */
  readonly admit: (request: FastifyRequest) => void;
  readonly faults: Faults | undefined;
}

const PER_MINUTE = 2_500;
const MINUTE_MS = 60_000;
/** Tokens are longer than a named part of a path may be. */
const PATH = "/attachments/token/*";

export function createFileHost(options: FileHostOptions): FileHost {
  const { now, secret, find, faults } = options;
  const requests: FileRequest[] = [];
  let origin: string | undefined;

  const sign = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");

  function addressOf(file: AttachmentRecord): string | undefined {
    if (origin === undefined) return undefined;
    const text = Buffer.from(JSON.stringify([file.token, now().getTime()])).toString("base64url");
    return `${origin}/attachments/token/${text}.${sign(text)}/?name=${encodeURIComponent(file.file_name)}`;
  }

  function read(signed: string): { readonly file: AttachmentRecord; readonly ended: boolean } {
    const [text = "", signature = ""] = signed.split(".");
    const [given, right] = [Buffer.from(signature), Buffer.from(sign(text))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw recordNotFound();
    const [token, made] = JSON.parse(Buffer.from(text, "base64url").toString()) as [string, number];
    const file = find(token);
    if (!file) throw recordNotFound();
    return { file, ended: now().getTime() - made > options.lifetimeSeconds() * 1_000 };
  }

  function send(reply: FastifyReply, file: AttachmentRecord): FastifyReply {
    return reply
      .type(file.content_type)
      .header("content-length", file.size)
      .header(
        "content-disposition",
        `attachment; filename*=UTF-8''${encodeURIComponent(file.file_name)}`,
      )
      .send(Readable.from(contentOf(file)));
  }

  function prepare(app: FastifyInstance): void {
    if (faults) {
      app.addHook("onRequest", (request, reply) => faults.onRequest(request, reply));
      app.addHook("onSend", (request, reply, payload) => faults.onSend(request, reply, payload));
    }
    app.setErrorHandler(sendRefusal);
  }

  const tokenOf = (request: FastifyRequest) =>
    (request.params as { readonly "*": string })["*"].replace(/\/$/, "");

  return {
    async routes(app) {
      prepare(app);
      app.addHook("onResponse", async (request, reply) => {
        const { authorization, cookie } = request.headers;
        requests.push({
          token: tokenOf(request),
          status: reply.statusCode,
          hadCredentials: authorization !== undefined || cookie !== undefined,
        });
      });
      app.get(PATH, async (request, reply) => {
        if (request.headers.authorization !== undefined) {
          throw new ZendeskRefusal(400, "Credentials are not accepted here.");
        }
        const { file, ended } = read(tokenOf(request));
        if (ended) throw new ZendeskRefusal(403, "This address has expired.");
        return send(reply, file);
      });
    },
    async accountRoutes(app) {
      prepare(app);
      // The name in the header is UNVERIFIED.
      const limit = createEndpointLimit({
        name: "attachments-token",
        what: "attachment requests per minute",
        limit: () => PER_MINUTE,
        windowMs: MINUTE_MS,
        now,
      });
      app.get(PATH, async (request, reply) => {
        limit.count(reply);
        options.admit(request);
        const file = find(tokenOf(request));
        if (!file) throw recordNotFound();
        const address = addressOf(file);
        return address === undefined ? send(reply, file) : reply.redirect(address, 302);
      });
    },
    listensAt(at) {
      origin = at;
    },
    addressOf,
    requests,
  };
}
