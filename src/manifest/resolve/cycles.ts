import { byCodeUnit } from "../../model/value.ts";

type Cycle = readonly [string, ...string[]];

/** The circles in what refers to what, each once, beginning with its first name. In linear time, and without recursion. */
export function cyclesIn(names: readonly string[], refersTo: (name: string) => readonly string[]): Cycle[] {
  const done = new Set<string>();
  const cycles: Cycle[] = [];
  for (const start of names) {
    if (done.has(start)) continue;
    const trail: { readonly name: string; readonly open: string[] }[] = [
      { name: start, open: [...refersTo(start)] },
    ];
    const onTrail = new Map([[start, 0]]);
    while (trail.length > 0) {
      const here = trail.at(-1) as (typeof trail)[number];
      const next = here.open.pop();
      if (next === undefined) {
        done.add(here.name);
        onTrail.delete(here.name);
        trail.pop();
      } else if (onTrail.has(next)) {
        const circle = trail.slice(onTrail.get(next)).map(({ name }) => name);
        const first = circle.indexOf([...circle].sort(byCodeUnit)[0] as string);
        cycles.push([...circle.slice(first), ...circle.slice(0, first)] as unknown as Cycle);
      } else if (!done.has(next)) {
        onTrail.set(next, trail.length);
        trail.push({ name: next, open: [...refersTo(next)] });
      }
    }
  }
  return cycles;
}

/** `a → b → a` */
export function cycleText(cycle: Cycle): string {
  return [...cycle, cycle[0]].join(" → ");
}
