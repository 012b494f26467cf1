/** Something that lets a tenant's rows be seen, or written, by another; or that would hide that it was done. */
export interface Finding {
  /** Which check found it. Scripts rely on these names. */
  readonly id: string;
  /** `note`: to know, and nothing to mend; it fails no run. */
  readonly severity: "error" | "warning" | "note";
  /** What it was found on, as SQL writes it; with the id it names the finding. */
  readonly where: string;
  /** What can happen. */
  readonly risk: string;
  /** How to mend it. */
  readonly mend: string;
  /** The same as statements to run in order, where it can be said so. */
  readonly sql: readonly string[];
}
