import { nearName } from "../diagnostic/near-name.ts";
import { addressOf } from "../model/address.ts";
import type { ActualState, DesiredState } from "../model/state.ts";

/**
 * What is wrong with what is to be let go of, one sentence each: only orgs and workspaces are that the manifests made and
 * declare no more. Of the database, the named orgs must have been read.
 */
export function forgetFaults(
  forget: Iterable<string>,
  desired: DesiredState,
  actual: Pick<ActualState, "orgs">,
): string[] {
  const declared = new Set([
    ...desired.orgs.flatMap(({ org, resources }) => [
      org ?? "",
      ...resources
        .filter(({ kind }) => kind === "workspace")
        .map(({ key }) => addressOf(org, "workspace", key)),
    ]),
  ]);
  const held = new Map<string, boolean>();
  for (const { org, rows } of actual.orgs) {
    held.set(org ?? "", rows.get("org")?.[0]?.managed != null);
    for (const { fields, managed } of rows.get("workspace") ?? [])
      held.set(addressOf(org, "workspace", String(fields.slug)), managed !== null);
  }
  return [...new Set(forget)].flatMap((address) => {
    const fault = faultOf(address, { declared, held });
    return fault === null ? [] : [`--forget ${address}: ${fault}`];
  });
}

interface Known {
  readonly declared: ReadonlySet<string>;
  /** By address, whether it is the manifests'. */
  readonly held: ReadonlyMap<string, boolean>;
}

function faultOf(address: string, { declared, held }: Known): string | null {
  if (!/^[^/]+(?:\/workspace\/[^/]+)?$/.test(address))
    return "only an org, acme, or a workspace, acme/workspace/web, is let go of by name.";
  if (declared.has(address)) return "a manifest declares it. Take that away first, or write release: in it.";
  const isManaged = held.get(address);
  if (isManaged === false) return "it is not the manifests', so that there is nothing to let go of.";
  if (isManaged) return null;
  const near = nearName(
    address,
    [...held].flatMap(([each, managed]) => (managed && !declared.has(each) ? [each] : [])),
  );
  return near === undefined
    ? "the database holds nothing of that name."
    : `the database holds nothing of that name. Did you mean ${near}?`;
}
