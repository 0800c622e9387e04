/** Shows what has changed on a page without a reload, and says so. Without it all pages work the same. */
// @ts-check

const POLL_MS = 1000;

/** @typedef {{ queued: number, running: number, flows: Record<string, number> }} Stats */

/** @param {Stats} stats */
function endedIn({ flows }) {
  const {
    succeeded = 0,
    failed = 0,
    timed_out = 0,
    transitions_exceeded = 0,
    not_started = 0,
  } = flows;
  return succeeded + failed + timed_out + transitions_exceeded + not_started;
}

/**
 * Takes the live part of the same page anew, with the focus where it was. False while an entry is open:
 * whoever reads it must not lose it.
 *
 * @param {Element} region
 */
async function refresh(region) {
  if (region.querySelector("details[open]")) return false;
  const reply = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const part = fresh.querySelector("[data-live]");
  if (!part) return false;
  const focused = document.activeElement?.id ?? "";
  region.replaceChildren(...part.childNodes);
  if (focused !== "") document.getElementById(focused)?.focus();
  return true;
}

/** @param {string} text */
function tell(text) {
  const news = document.querySelector("#news");
  if (news && news.textContent !== text) news.textContent = text;
}

/**
 * @param {number} count
 * @param {Stats} stats
 */
function newsOf(count, { queued, running }) {
  const rest = queued + running;
  const waiting = rest > 0 ? ` ${rest} more under way.` : "";
  return `${count} new ${count === 1 ? "run has" : "runs have"} ended.${waiting}`;
}

/** @param {Element} region */
async function watch(region) {
  const { stats: url = "", ended: known = "0" } = document.body.dataset;
  let shown = Number(known);
  let isLost = false;
  for (;;) {
    try {
      if (!document.hidden) {
        const stats = /** @type {Stats} */ (await (await fetch(url)).json());
        const ended = endedIn(stats);
        if (isLost) tell("The local ZIS answers again.");
        isLost = false;
        // Fewer than before: it was started anew.
        if (ended !== shown && (await refresh(region))) {
          if (ended > shown) tell(newsOf(ended - shown, stats));
          shown = ended;
        }
      }
    } catch {
      tell("The local ZIS does not answer: has it been stopped?");
      isLost = true;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const region = document.querySelector("[data-live]");
if (region) void watch(region);
