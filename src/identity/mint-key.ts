import type { Database } from "../database/connect.ts";
import { type ChangeOptions, changeKeys } from "./change-keys.ts";
import {
  type EndedFault,
  findDeclared,
  type KeyHolder,
  type UndeclaredFault,
  type UnknownOrgFault,
} from "./key-holder.ts";
import { makeKeyText } from "./key-text.ts";
import { lockLiveKeys } from "./live-keys.ts";
import { writeKey } from "./write-key.ts";

export interface MintedKey {
  readonly id: string;
  /** The key itself. It is kept nowhere: who does not write it down now has lost it. */
  readonly text: string;
  /** When it ends, in canonical form: by a time of its own, or by its manifest's; null where by none. */
  readonly expires: string | null;
}

/** Why a name gets no key. */
export type HolderFault = UnknownOrgFault | UndeclaredFault | EndedFault;

/** There is a key of that name already that works. */
interface MintedFault {
  readonly fault: "minted";
  readonly id: string;
}

export interface MintOptions extends ChangeOptions {
  /** When a service's key is to end, in canonical form; that of an org ends as its manifest says. */
  readonly expires?: string | undefined;
}

/** Mints the first key of a name. Where one works there is no second: that is a rotation's to make. Throws as `changeKeys` does. */
export async function mintKey(
  database: Database,
  holder: KeyHolder,
  { expires, ...options }: MintOptions,
): Promise<MintedKey | MintedFault | HolderFault> {
  return changeKeys(database, options, async (transaction) => {
    const found = await findDeclared(transaction, holder);
    if ("fault" in found) return found;
    const [live] = await lockLiveKeys(transaction, found);
    if (live) return { fault: "minted", id: live.id };
    const { text, digest } = makeKeyText();
    const id = await writeKey(transaction, found, { digest, expires: expires ?? null });
    return { id, text, expires: expires ?? found.ends };
  });
}
