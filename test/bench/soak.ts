/** Whether a server's memory stays flat under load: its own figure, read every few seconds. */
import { setTimeout } from "node:timers/promises";

export interface MemorySample {
  readonly seconds: number;
  readonly residentMb: number;
}

const EVERY_SECONDS = 10;
/** Caches fill and the heap finds its size. */
const WARM_UP_SHARE = 0.3;

async function readResidentMb(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error(`${url}/metrics does not have the resident memory`);
  return Number(bytes) / 1_048_576;
}

/** Samples until `isOver`. */
export async function watchMemory(url: string, isOver: () => boolean): Promise<MemorySample[]> {
  const began = performance.now();
  const samples: MemorySample[] = [];
  while (!isOver()) {
    const seconds = (performance.now() - began) / 1000;
    samples.push({ seconds, residentMb: await readResidentMb(url) });
    await setTimeout(EVERY_SECONDS * 1000);
  }
  return samples;
}

/** MB a minute by least squares over what came after the warm-up. */
export function growthPerMinute(samples: readonly MemorySample[]): number {
  const last = samples.at(-1)?.seconds ?? 0;
  const counted = samples.filter(({ seconds }) => seconds >= last * WARM_UP_SHARE);
  const mean = (of: (sample: MemorySample) => number) =>
    counted.reduce((sum, sample) => sum + of(sample), 0) / counted.length;
  const [meanX, meanY] = [mean(({ seconds }) => seconds), mean(({ residentMb }) => residentMb)];
  const top = mean(({ seconds, residentMb }) => (seconds - meanX) * (residentMb - meanY));
  const bottom = mean(({ seconds }) => (seconds - meanX) ** 2);
  return bottom === 0 ? 0 : (top / bottom) * 60;
}
