/** What an apply notes of a scope beside its rows, so that the next plan need not look at it again. */
export interface Baseline {
  readonly orgId: string;
  /** Of the scope's files; null where the manifests do not declare it. */
  readonly sourceDigest: string | null;
  /** Of what they came to. For the catalog: of all that orgs are resolved with. */
  readonly desiredDigest: string | null;
  /** When something of it lapses or begins with time alone. */
  readonly nextDue: string | null;
  /** Its files; null where they are noted already. */
  readonly sources: readonly StoredSource[] | null;
}

/** A manifest as the database keeps it: a file with known bytes is parsed by nobody twice. */
export interface StoredSource {
  /** Below the manifests' directory, with `/`. */
  readonly path: string;
  readonly digest: string;
  readonly text: string;
  /** What was read from it, as JSON. */
  readonly content: string;
  /** What no other org may claim too: `slug acme`, `domain acme.example`. */
  readonly claims: readonly string[];
}
