/** How many tickets a sweep requests from the export at once: fewer where Zendesk cannot build so many. Pure. */

/** Half of the largest page: a thousand large tickets may exceed Zendesk's own time limit. */
export const LARGEST_PAGE = 500;
/** Of a first load, which reads pages by the ten thousand: as many as Zendesk gives. */
export const LARGEST_LOADED = 1_000;

/** Zendesk advises halving a page that times out (API reference, "Incremental exports"). Undefined: the page was a single ticket already. */
export function smallerPage(size: number): number | undefined {
  return size > 1 ? Math.floor(size / 2) : undefined;
}

/** After a page that could be built. */
export function largerPage(size: number, largest: number): number {
  return Math.min(largest, size * 2);
}
