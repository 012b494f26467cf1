/** `1,037 members`; the noun's plural ends in s. */
export function counted(count: number, noun: string): string {
  const digits = String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
  return noun === "" ? digits : `${digits} ${noun}${count === 1 ? "" : "s"}`;
}

/** A few names instead of their count; of many the count, and the names apart. */
export function namedOrCounted(names: readonly string[], count: string, most: number) {
  return names.length <= 3
    ? { whom: names.join(", "), names: [] }
    : { whom: count, names: allNames(names, most) };
}

/** At most so many names, and how many more there are. */
export function allNames(names: readonly string[], most: number): readonly string[] {
  const told = names.slice(0, most);
  const more = names.length - told.length;
  return more > 0 ? [...told, `and ${counted(more, "")} more`] : told;
}

/** ` except web, shop/live`, with a blank before; empty: no exceptions. */
export function exceptText(except: readonly string[]): string {
  return except.length === 0 ? "" : ` except ${except.join(", ")}`;
}
