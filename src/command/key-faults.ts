import { join } from "node:path";
import { nearName } from "../diagnostic/near-name.ts";
import type { EndedFault, KeyHolder, UndeclaredFault } from "../identity/key-holder.ts";
import type { HolderFault } from "../identity/mint-key.ts";
import { minuteText } from "../view/minute-text.ts";
import { unknownOrg } from "./unknown-org.ts";

/** A key that cannot be made, or that is not there to be ended. */
export class KeyFault extends Error {
  readonly code: "undeclared-key" | "key-ended" | "key-minted" | "key-not-minted";
  constructor(code: KeyFault["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** Where the command looked, and where manifests are written. */
export interface Looked {
  readonly where: string;
  readonly dir: string;
}

/** Says what stands in the way of a key, and what to write or to run instead. */
export function refuseKey(
  holder: KeyHolder,
  found: HolderFault | { readonly fault: "minted" | "not-minted" },
  { where, dir }: Looked,
): never {
  switch (found.fault) {
    case "unknown-org":
      return unknownOrg(holder.kind === "org" ? holder.org : "", { where, slugs: found.slugs });
    case "undeclared":
      throw new KeyFault("undeclared-key", undeclaredText(holder, found, dir));
    case "ended":
      throw new KeyFault("key-ended", endedText(holder, found, dir));
    case "minted":
      throw new KeyFault(
        "key-minted",
        `${subjectOf(holder)} works already, and cannot be shown again. For another one that takes its place: tenantry keys rotate ${argumentsOf(holder)}`,
      );
    case "not-minted":
      throw new KeyFault(
        "key-not-minted",
        `There is no ${lower(subjectOf(holder))} that works in ${where}. What there is: tenantry keys list${holder.kind === "org" ? ` ${holder.org}` : ""}`,
      );
  }
}

function undeclaredText(holder: KeyHolder, { declared, path }: UndeclaredFault, dir: string): string {
  const org = holder.kind === "org" ? holder.org : "";
  const near = nearName(holder.name, declared);
  return [
    `${org} declares no key "${holder.name}".${near ? ` Did you mean "${near}"?` : ""}`,
    `What a key may do is the manifest's to say. Write it in ${join(dir, path ?? `orgs/${org}.yaml`)}, and apply it:`,
    "  api_keys:",
    `    ${holder.name}: { scopes: [members:read] }`,
  ].join("\n");
}

function endedText(holder: KeyHolder, { ended, path }: EndedFault, dir: string): string {
  const org = holder.kind === "org" ? holder.org : "";
  return `By its manifest ${lower(subjectOf(holder))} ended on ${minuteText(ended)}: none that is made now would work. Write a later api_keys.${holder.name}.expires in ${join(dir, path ?? `orgs/${org}.yaml`)}, and apply it.`;
}

/** `Key ci of acme`, `Service key worker` */
export function subjectOf(holder: KeyHolder): string {
  return holder.kind === "org" ? `Key ${holder.name} of ${holder.org}` : `Service key ${holder.name}`;
}

/** As the command takes it. */
export function argumentsOf(holder: KeyHolder): string {
  return holder.kind === "org" ? `${holder.org} ${holder.name}` : `--service ${holder.name}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
