/** How many tickets a sweep requests from the export at once: fewer where Zendesk cannot build so many. Pure. */

/** Half of the largest page: a thousand large tickets may exceed Zendesk's own time limit. */
export const LARGEST_PAGE = 500;

/** Zendesk advises halving a page that times out (API reference, "Incremental exports"). Undefined: the page was a single ticket already. */
export function smallerPage(size: number): number | undefined {
  return size > 1 ? Math.floor(size / 2) : undefined;
}

/** After a page that could be built. */
export function largerPage(size: number): number {
  return Math.min(LARGEST_PAGE, size * 2);
}
