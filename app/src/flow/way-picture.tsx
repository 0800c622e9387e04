/** The picture of an event's way: a row of boxes, solid where the server has a record. */
import { useId } from "preact/hooks";
import { useAppContext } from "../app-context.ts";
import type { Texts } from "../texts/en.ts";
import type { WayStep } from "./flow-way.ts";

const WIDTH = 192;
const HEIGHT = 64;
const GAP = 22;
const PER_ROW = 4;
/** Characters that fit into a box. */
const LONGEST = 26;
const ROW = HEIGHT + 32;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly state: "start" | "recorded" | "failed" | "inferred" | "unknown";
  readonly title: string;
  readonly note: string;
}

interface WayPictureProps {
  readonly flow: string;
  /** Named first: what started the flow. */
  readonly event: string;
  readonly way: readonly WayStep[];
}

export function WayPicture({ flow, event, way }: WayPictureProps) {
  const { language } = useAppContext();
  const { log } = language.texts;
  const id = useId();
  const isRtl = language.dir === "rtl";
  const rows = Math.ceil((way.length + 1) / PER_ROW);
  const columns = Math.min(way.length + 1, PER_ROW);
  const width = columns * (WIDTH + GAP) - GAP + 2;
  const place = (index: number): { x: number; y: number } => {
    const column = index % PER_ROW;
    const x = column * (WIDTH + GAP) + 1;
    return {
      x: isRtl ? width - x - WIDTH : x,
      y: Math.floor(index / PER_ROW) * ROW + 1,
    };
  };
  const boxes: readonly Box[] = [
    { ...place(0), state: "start", title: flow, note: shortKey(event) },
    ...way.map((step, index): Box => ({
      ...place(index + 1),
      title: step.title,
      ...known(log, step),
    })),
  ];
  const words = boxes.map(({ title, note }) => `${title}: ${note}`).join("; ");
  return (
    <div class="scroll" role="group" aria-label={`${log.way}: ${flow}`} tabIndex={0}>
      <svg
        class="way"
        role="img"
        aria-labelledby={id}
        width={width}
        height={rows * ROW - 30}
        viewBox={`0 0 ${width} ${rows * ROW - 30}`}
      >
        <title id={id}>{words}</title>
        {boxes.slice(1).map((box, index) => {
          const from = boxes[index];
          return from === undefined ? null : (
            <path
              key={box.title}
              class={`way__edge${[from, box].some(({ state }) => state === "unknown") ? " is-unknown" : ""}`}
              d={edge(from, box)}
            />
          );
        })}
        {boxes.map((box) => (
          <g key={box.title} class={`way__box is-${box.state}`}>
            <rect x={box.x} y={box.y} width={WIDTH} height={HEIGHT} rx="6" />
            <text x={box.x + WIDTH / 2} y={box.y + 27} direction="ltr">
              {shorten(box.title)}
            </text>
            <text class="way__note" x={box.x + WIDTH / 2} y={box.y + 46} direction="ltr">
              {shorten(signOf(box.state) + box.note)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function known(log: Texts["log"], step: WayStep): Pick<Box, "state" | "note"> {
  if (step.entry === null) {
    return step.known === "inferred"
      ? { state: "inferred", note: log.inferred }
      : { state: "unknown", note: log.notRecorded };
  }
  const { outcome, failed } = step.entry;
  const note = step.known === "one_of" ? log.oneOf(outcome) : outcome;
  return { state: failed ? "failed" : "recorded", note };
}

/** A sign besides the colour. */
function signOf(state: Box["state"]): string {
  if (state === "recorded") return "✓ ";
  return state === "failed" ? "✗ " : "";
}

/** Straight along a row; from a row's end down and to the start of the next. */
function edge(from: Box, to: Box): string {
  if (from.y === to.y) {
    const [start, end] = from.x < to.x ? [from.x + WIDTH, to.x] : [from.x, to.x + WIDTH];
    return `M${start} ${from.y + HEIGHT / 2}H${end}`;
  }
  const middle = from.y + HEIGHT + (ROW - HEIGHT) / 2;
  return `M${from.x + WIDTH / 2} ${from.y + HEIGHT}V${middle}H${to.x + WIDTH / 2}V${to.y}`;
}

/** The beginning of an event's key; the whole stands above the picture. */
function shortKey(key: string): string {
  return key.length > 14 ? `${key.slice(0, 13)}…` : key;
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
