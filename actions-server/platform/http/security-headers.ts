/** Security headers of every answer. */
import helmet from "@fastify/helmet";
import { fastify } from "fastify";

/**
 * For answers that are data, which no browser shows as a page: a policy that allows nothing, and none of helmet's headers
 * that only matter to documents (OWASP, REST Security Cheat Sheet). Helmet works the same headers out for every request;
 * they never differ, so they are computed once, at the start.
 */
export async function readSecurityHeaders(): Promise<Readonly<Record<string, string>>> {
  const once = fastify();
  await once.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  once.get("/", async (_request, reply) => Object.keys(reply.raw.getHeaders()));
  const { headers, body } = await once.inject("/");
  await once.close();
  const names = JSON.parse(body) as string[];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}
