/** What each part of the sync benchmark is given and gives back. */

interface PartOptions {
  /** How long load or reading goes on in each run. */
  readonly seconds: number;
  /** Minutes of Zendesk's clock for the share of the export's limit. */
  readonly minutes: number;
  readonly conversations: number;
}

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be; undefined: it is only told. */
  readonly aim?: { readonly most: number } | { readonly least: number };
}

interface PartResult {
  readonly figures: readonly Figure[];
  /** Every sample. */
  readonly raw: unknown;
}

export interface Part {
  readonly name: string;
  readonly about: string;
  run(options: PartOptions): Promise<PartResult>;
}

/** Undefined: there is no aim. */
export function isMet({ value, aim }: Figure): boolean | undefined {
  if (!aim) return undefined;
  return "most" in aim ? value <= aim.most : value >= aim.least;
}

/** The smallest value that at least the part `part` of all values does not exceed; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** Calls `send` so many times a second whether or not earlier calls have ended, as events come. */
export async function atRate(
  perSecond: number,
  seconds: number,
  send: (index: number, dueMs: number) => Promise<unknown>,
): Promise<{ readonly tookMs: number }> {
  const beganMs = performance.now();
  const sent: Promise<unknown>[] = [];
  const all = Math.round(perSecond * seconds);
  while (sent.length < all) {
    const dueMs = beganMs + (sent.length * 1_000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    // What the timer has overslept is caught up, and counts as waiting.
    sent.push(send(sent.length, dueMs));
  }
  await Promise.all(sent);
  return { tookMs: performance.now() - beganMs };
}
