import type { Database } from "../../../src/database/connect.ts";
import { minted } from "../../identity/keys-of-acme.ts";
import { type ServedEstate, serveEstate } from "../serve-estate.ts";

/** A served estate of which everybody needs a key, and keys to it. */
export interface KeyedEstate extends ServedEstate {
  readonly keys: { readonly [holder in "edge" | "hooli" | "umbra"]: MintedText };
}

interface MintedText {
  readonly id: string;
  readonly text: string;
}

export const orgFile = (org: string, rest = "") => ({
  [`orgs/${org}.yaml`]: `apiVersion: tenantry/v1
org: ${org}
members: { gus@${org}.example: owner, cy@contractor.example: member }
api_keys: { app: { scopes: [org:read, "members:*"] } }
${rest}`,
});

/** The sample estate, with two orgs that have a key `app` each; `edge` is a service. */
export async function keyedEstate(
  database: Database,
  options: Parameters<typeof serveEstate>[1] = {},
): Promise<KeyedEstate> {
  const served = await serveEstate(database, { ...options, auth: true });
  await served.apply({ ...orgFile("hooli"), ...orgFile("umbra") });
  await served.estate.refresh();
  const keys = {
    edge: await minted(database, "edge"),
    hooli: await minted(database, "app", "hooli"),
    umbra: await minted(database, "app", "umbra"),
  };
  return { ...served, keys };
}

export const bearer = ({ text }: { readonly text: string }) => ({ authorization: `Bearer ${text}` });
