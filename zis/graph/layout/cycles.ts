/** Which arcs close a cycle: turned round, the rest goes one way. */

/** An arc between two vertices, given by their numbers. */
export interface Arc {
  readonly from: number;
  readonly to: number;
}

/**
 * The arcs that lead back to a vertex still being explored by a depth-first search (from vertex 0, then
 * from each vertex not yet seen). Reversing them leaves no cycle. Loops from a vertex to itself are not
 * among them.
 *
 * @returns the indexes of the arcs.
 */
export function backArcs(count: number, arcs: readonly Arc[]): Set<number> {
  const leaving: number[][] = Array.from({ length: count }, () => []);
  arcs.forEach(({ from, to }, index) => from !== to && leaving[from]?.push(index));
  const back = new Set<number>();
  const isDone = new Set<number>();
  const isOpen = new Set<number>();
  for (let root = 0; root < count; root += 1) {
    if (isDone.has(root)) continue;
    const stack = [{ vertex: root, next: 0 }];
    isOpen.add(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const index = leaving[top.vertex]?.[top.next];
      top.next += 1;
      if (index === undefined) {
        isOpen.delete(top.vertex);
        isDone.add(top.vertex);
        stack.pop();
        continue;
      }
      const to = arcs[index]?.to ?? 0;
      if (isOpen.has(to)) back.add(index);
      else if (!isDone.has(to)) {
        isOpen.add(to);
        stack.push({ vertex: to, next: 0 });
      }
    }
  }
  return back;
}
