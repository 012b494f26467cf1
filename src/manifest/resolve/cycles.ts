import { byCodeUnit } from "../../model/value.ts";
import type { Placing, Report } from "../place.ts";

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

/** Reports a circle at its first step, with the others as notes. `verb` is what one does to the next: `extends`. */
export function reportCycle(
  cycle: Cycle,
  verb: string,
  placeOf: (name: string, next: string) => Placing,
  report: Report,
): void {
  const steps = cycle.map((name, index) => {
    const next = cycle[index + 1] ?? cycle[0];
    return { message: `"${name}" ${verb} "${next}"`, place: placeOf(name, next) };
  });
  const [first, ...others] = steps as [(typeof steps)[number], ...typeof steps];
  const detail =
    others.length === 0
      ? `"${cycle[0]}" ${verb} itself. Take that away.`
      : `${[...cycle, cycle[0]].join(" → ")}: each ${verb} the next. Take one of the steps away.`;
  report("cycle", first.place, detail, others.slice(0, 8));
}
