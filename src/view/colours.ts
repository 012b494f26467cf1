import type pc from "picocolors";

/** Paints text, or leaves it as it is where there is no terminal. */
export type Colours = ReturnType<typeof pc.createColors>;
