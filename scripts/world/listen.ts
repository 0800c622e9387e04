/** HTTP servers of the world, on 127.0.0.1. */
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fastify, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import { type Certificate, makeCertificate } from "#sandbox/apps/certificate";

export const HOST = "127.0.0.1";

/** What has to be closed, in the order in which it was started. */
export type Closers = (() => Promise<unknown>)[];

/** @param port 0: a free one */
export async function listen(
  plugins: readonly FastifyPluginAsync[],
  port: number,
  closers: Closers,
  prepare: (app: FastifyInstance) => void = () => undefined,
): Promise<FastifyInstance> {
  // Room for the long URLs that Salesforce refuses with a 414 of its own.
  const app = fastify({ forceCloseConnections: true, http: { maxHeaderSize: 65_536 } });
  prepare(app);
  for (const plugin of plugins) await app.register(plugin);
  closers.push(() => app.close());
  await app.listen({ host: HOST, port });
  return app;
}

/** The account behind TLS. */
export interface WorldTls extends Certificate {
  readonly url: string;
  /** What zcli takes as ZENDESK_SUBDOMAIN and ZENDESK_DOMAIN to call that address. */
  readonly zcli: { readonly subdomain: string; readonly domain: string };
}

/** Serves the same routes over TLS as well, with a certificate of its own, on a free port. */
export async function listenByTls(
  app: FastifyInstance,
  now: Date,
  closers: Closers,
): Promise<WorldTls> {
  const certificate = makeCertificate(now);
  const server = createTlsServer(certificate, (request, response) => {
    app.routing(request, response);
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    ...certificate,
    url: `https://${HOST}:${port}`,
    zcli: { subdomain: "127", domain: `0.0.1:${port}` },
  };
}

export function originOf(app: FastifyInstance): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${HOST}:${port}`;
}
