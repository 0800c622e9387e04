/** The picture of a flow, with the way of a run in it. */
import { collapse } from "../graph/collapse.ts";
import { flowGraph, type Graph } from "../graph/graph.ts";
import { toSvg } from "../graph/svg.ts";
import { takenOf, type TakenStep } from "../graph/taken.ts";
import type { FlowResource } from "../model/bundle.ts";
import { html, type Html, trusted } from "./html.ts";

export interface PictureOptions {
  readonly flow: FlowResource["properties"];
  /** The states that a run left, for the way through the picture. */
  readonly steps?: readonly TakenStep[];
  /** Whether the states that only retry a call are drawn one by one. */
  readonly withRetries: boolean;
}

/** The picture as a file of its own. */
export function pictureFile({ flow, steps, withRetries }: PictureOptions): string {
  const graph = flowGraph(flow.definition);
  return toSvg(withRetries ? graph : collapse(graph), {
    title: steps ? `The way through the flow ${flow.name}` : `The flow ${flow.name}`,
    ...(steps && { taken: takenOf(graph, steps) }),
  });
}

/** Whether leaving out the retries makes a difference. */
function hasRetries({ definition }: FlowResource["properties"]): boolean {
  const graph = flowGraph(definition);
  return size(collapse(graph)) !== size(graph);
}

function size({ nodes }: Graph): number {
  return nodes.reduce((sum, { nested }) => sum + 1 + (nested ? size(nested) : 0), 0);
}

/**
 * The picture in a box that scrolls, with a switch for the retries where there are any.
 *
 * @param toggle where the same page is with retries shown or hidden
 */
export function pictureFigure(options: PictureOptions, toggle: string): Html {
  const { flow, steps, withRetries } = options;
  const label = steps ? "The way taken through the flow" : `Picture of the flow ${flow.name}`;
  return html`<figure>
    <div class="picture" role="region" aria-label="${label}" tabindex="0">
      ${trusted(pictureFile(options))}
    </div>
    <figcaption>
      ${steps && "The way taken is drawn thick; a badge counts the visits of a state."} Dashed red
      lines are taken when a state fails.
      ${
        hasRetries(flow) &&
        html`<a href="${toggle}"
          >${withRetries ? "Draw the retries of a call as one note" : "Draw every retry state"}</a
        >`
      }
    </figcaption>
  </figure>`;
}
