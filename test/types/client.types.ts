/** Compiled, never run: questions to the server that must not compile. */
import { askRoute, type SendCall } from "#contract/client";

export async function ask(send: SendCall) {
  const { tickets } = await askRoute(send, {
    route: "preview-settings",
    // @ts-expect-error the settings are not whole
    body: { settings: { version: 3 } },
  });
  void tickets.length;

  const { next } = await askRoute(send, { route: "log", query: { limit: 10 } });
  const text: string | null = next;
  void text;

  // @ts-expect-error there is no such route
  await askRoute(send, { route: "logs" });

  // @ts-expect-error the path has a parameter
  await askRoute(send, { route: "sweep" });

  // @ts-expect-error the route takes no body
  await askRoute(send, { route: "health", body: {} });

  // @ts-expect-error the query has no such member
  await askRoute(send, { route: "log", query: { colour: "red" } });

  // @ts-expect-error the reply has no such member
  void (await askRoute(send, { route: "sweeps" })).reports;
}
