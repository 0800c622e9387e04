/** What the samples of the actions benchmark come to: medians, ratios within a round, and whether the aims are met. */
import { median } from "./measure.ts";

export type Delivery = "first" | "repeated";

/** One sample of one contender. */
export interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of one request, in the contender's process. */
  readonly serverCpuUs: number;
  /** The same in all processes of Postgres; NaN when it cannot be known. */
  readonly postgresCpuUs: number;
}

export interface Figure {
  readonly contender: string;
  readonly delivery: Delivery;
  /** One a round. */
  readonly samples: readonly Sample[];
}

export const BARE = "bare Fastify";
export const BY_HAND = "by hand";
export const NODE_IDEMPOTENCY = "@node-idempotency";
const PEERS = [BARE, BY_HAND, NODE_IDEMPOTENCY] as const;

/** The least ratios of our server to a peer. */
const AIMS = [
  { peer: BY_HAND, delivery: "first", least: 2 },
  { peer: NODE_IDEMPOTENCY, delivery: "first", least: 1.2 },
  { peer: NODE_IDEMPOTENCY, delivery: "repeated", least: 1 },
] as const;

/** How many times as many requests a second as another contender, round by round; NaN when that was not measured. */
function ratioTo(other: string, figure: Figure, figures: readonly Figure[]): number {
  const { samples } = figures.find(
    ({ contender, delivery }) => contender === other && delivery === figure.delivery,
  ) ?? { samples: [] };
  return median(
    samples.map((sample, at) => (figure.samples[at]?.perSecond ?? 0) / sample.perSecond),
  );
}

export function summary(figure: Figure, figures: readonly Figure[]) {
  const of = (member: keyof Sample) => median(figure.samples.map((sample) => sample[member]));
  return {
    perSecond: of("perSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    serverCpuUs: of("serverCpuUs"),
    postgresCpuUs: of("postgresCpuUs"),
    ratios: Object.fromEntries(PEERS.map((peer) => [peer, ratioTo(peer, figure, figures)])),
  };
}

const HEAD = [
  "",
  "delivery",
  "per second",
  "p50, ms",
  "p99, ms",
  "CPU, µs",
  "Postgres CPU, µs",
  ...PEERS.map((peer) => `to ${peer}`),
];

export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { perSecond, p50Ms, p99Ms, serverCpuUs, postgresCpuUs, ratios } = summary(
      figure,
      figures,
    );
    return [
      figure.contender,
      figure.delivery,
      Math.round(perSecond).toLocaleString("en-US"),
      ...[p50Ms, p99Ms, serverCpuUs, postgresCpuUs].map((value) => value.toFixed(0)),
      ...PEERS.map((peer) => ratios[peer]?.toFixed(2) ?? ""),
    ];
  });
  const lines = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** One line for each aim and each way of ours. */
export function toVerdicts(figures: readonly Figure[], ours: readonly string[]) {
  return AIMS.flatMap(({ peer, delivery, least }) =>
    figures
      .filter((figure) => ours.includes(figure.contender) && figure.delivery === delivery)
      .map((figure) => {
        const ratio = ratioTo(peer, figure, figures);
        return { contender: figure.contender, delivery, peer, least, ratio, met: ratio >= least };
      }),
  ).filter(({ ratio }) => !Number.isNaN(ratio));
}
