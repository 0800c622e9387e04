/** Where the pages are. */

export interface Links {
  readonly overview: string;
  readonly log: string;
  /** Where runs are counted, as JSON. */
  readonly stats: string;
  runs(query?: Query): string;
  run(id: string, query?: Query): string;
  /** Where a run's event is fired again. */
  replay(id: string): string;
  flow(integration: string, name: string, query?: Query): string;
  /** The picture of a flow as a file. */
  picture(integration: string, name: string): string;
  fire(query?: Query): string;
  asset(name: string): string;
}

type Query = Readonly<Record<string, string | undefined>>;

/** @param base what stands before each path: empty, or such as `/page` */
export function createLinks(base: string): Links {
  const to = (path: string, query: Query = {}): string => {
    const given = Object.entries(query).filter((entry): entry is [string, string] => {
      const [, value] = entry;
      return value !== undefined;
    });
    return `${base}${path}${given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ""}`;
  };
  return {
    overview: to("/"),
    log: to("/log"),
    stats: "/local/stats",
    runs: (query) => to("/runs", query),
    run: (id, query) => to(`/runs/${encodeURIComponent(id)}`, query),
    replay: (id) => to(`/runs/${encodeURIComponent(id)}/replay`),
    flow: (integration, name, query) => to("/flow", { integration, name, ...query }),
    picture: (integration, name) => to("/flow.svg", { integration, name }),
    fire: (query) => to("/fire", query),
    asset: (name) => to(`/assets/${name}`),
  };
}
