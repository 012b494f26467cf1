import { descriptorOf, type Kind } from "./kinds.ts";

/** Where a resource is found, for people and machines: `acme/member/ana@acme.example`, `catalog/flag/new_dashboard`. */
export function addressOf(org: string | null, kind: Kind, key: string): string {
  const { label } = descriptorOf(kind);
  return [org ?? "catalog", label, key].filter((part) => part !== "").join("/");
}
