import type { Value } from "./value.ts";

/** An example that the catalog must satisfy. */
export type CatalogTest = {
  readonly name: string;
  /** When it takes place, in canonical text. */
  readonly now: string;
  readonly org?: TestedOrg;
  readonly member?: TestedMember;
  /** What is asked about: `type` and `id`, where it is, and its declared attributes. */
  readonly resource?: TestedResource;
  /** Where it is asked: in this environment of the org. */
  readonly environment?: TestedEnvironment;
  /** `mfa` and the declared attributes of requests. */
  readonly request?: { readonly [attribute: string]: Value };
  /**
   * By `flags.<name>` (the value, or the variant's name where it has variants), `entitlements.<name>`
   * or `permissions.<type>:<action>`.
   */
  readonly expect: { readonly [expectation: string]: Value };
};

/** What is not named here is a declared attribute of orgs; they may also stand under `attributes`. */
export type TestedOrg = {
  readonly id?: string;
  readonly slug?: string;
  /** `team@2`, or `team` for its highest version. Without it the fallback plans hold. */
  readonly plan?: string;
  readonly created_at?: string;
  readonly status?: string;
  readonly flags?: { readonly [flag: string]: Value };
  readonly entitlements?: { readonly [feature: string]: Value };
  readonly attributes?: { readonly [attribute: string]: Value };
  readonly [attribute: string]: Value | undefined;
};

export type TestedMember = {
  readonly id?: string;
  readonly email?: string;
  readonly type?: string;
  readonly status?: string;
  readonly roles?: string | readonly string[];
  readonly workspaces?: { readonly [workspace: string]: string | readonly string[] };
  readonly environments?: { readonly [environment: string]: string | readonly string[] };
  readonly resources?: { readonly [resource: string]: string | readonly string[] };
  readonly attributes?: { readonly [attribute: string]: Value };
};

export type TestedResource = {
  readonly type?: string;
  readonly id?: string;
  readonly workspace?: string;
  readonly environment?: string;
  readonly attributes?: { readonly [attribute: string]: Value };
  readonly [attribute: string]: Value | undefined;
};

export type TestedEnvironment = {
  readonly workspace?: string;
  readonly slug?: string;
  readonly tier?: string;
  readonly host?: string;
};
