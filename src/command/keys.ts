import type { Database } from "../database/connect.ts";
import type { KeyHolder } from "../identity/key-holder.ts";
import { listKeys } from "../identity/list-keys.ts";
import { type MintedKey, mintKey } from "../identity/mint-key.ts";
import { revokeKeyById, revokeKeys } from "../identity/revoke-key.ts";
import { type RotatedKey, rotateKey } from "../identity/rotate-key.ts";
import { keysText } from "../view/keys-text.ts";
import { minuteText } from "../view/minute-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance } from "./find-provenance.ts";
import { KeyFault, refuseKey, subjectOf } from "./key-faults.ts";
import type { Terminal } from "./terminal.ts";
import { unknownOrg } from "./unknown-org.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface KeyOptions extends DatabaseOptions {
  readonly json: boolean;
  /** For whom, as the audit will say. */
  readonly actor?: string | undefined;
  /** When a service's key ends, in canonical form. */
  readonly expires?: string | undefined;
}

/** Mints a key. It alone is printed on standard output, this once; what there is to say of it on standard error. */
export async function createKey(
  holder: KeyHolder,
  options: KeyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withActor(options, terminal, async (database, actor) => {
    const made = await mintKey(database, holder, { actor, expires: options.expires });
    if ("fault" in made) return refuseKey(holder, made, lookedIn(database, options));
    print(holder, made, options, terminal);
    return exitCode.done;
  });
}

/** Mints another key of a name; those of before work until the grace is over. It is printed as `createKey` does. */
export async function rotateKeys(
  holder: KeyHolder,
  options: KeyOptions & { readonly grace: number },
  terminal: Terminal,
): Promise<ExitCode> {
  return withActor(options, terminal, async (database, actor) => {
    const { expires, grace } = options;
    const made = await rotateKey(database, holder, { actor, expires, grace });
    if ("fault" in made) return refuseKey(holder, made, lookedIn(database, options));
    print(holder, made, options, terminal);
    if (!options.json) {
      terminal.talk(
        made.endingBy === null
          ? "The one of before works no more.\n"
          : `The one of before works until ${minuteText(made.endingBy)}: have everybody take the new one by then.\n`,
      );
    }
    return exitCode.done;
  });
}

/** Ends every key of a name, or the one of an id. Servers refuse it within a second. */
export async function revoke(
  which: KeyHolder | { readonly kind: "id"; readonly id: string },
  options: KeyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withActor(options, terminal, async (database, actor) => {
    const revoked = await revokedIds(database, which, { actor, dir: options.dir });
    if (options.json) {
      terminal.out(`${JSON.stringify({ format: "tenantry/keys-revoked/v1", revoked }, null, 2)}\n`);
    } else {
      terminal.out(revoked.map((id) => `Revoked ${id}.\n`).join(""));
    }
    return exitCode.done;
  });
}

async function revokedIds(
  database: Database,
  which: KeyHolder | { readonly kind: "id"; readonly id: string },
  { actor, dir }: { readonly actor: string; readonly dir: string },
): Promise<readonly string[]> {
  if (which.kind === "id") {
    if (await revokeKeyById(database, which.id, actor)) return [which.id];
    throw new KeyFault(
      "key-not-minted",
      `There is no key ${which.id} in ${placeOf(database)} that was not revoked before. What there is: tenantry keys list`,
    );
  }
  const ids = await revokeKeys(database, which, actor);
  return "fault" in ids ? refuseKey(which, ids, lookedIn(database, { dir })) : ids;
}

/** Lists the keys of an org, or of all and of services: what is minted, and what is only declared. */
export async function list(
  org: string | undefined,
  options: KeyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const keys = await listKeys(database, org);
    if ("fault" in keys) return unknownOrg(org ?? "", { where: placeOf(database), slugs: keys.slugs });
    if (options.json) terminal.out(`${JSON.stringify({ format: "tenantry/keys/v1", keys }, null, 2)}\n`);
    else terminal.out(keysText(keys, terminal));
    return exitCode.done;
  });
}

async function withActor(
  options: KeyOptions,
  terminal: Terminal,
  work: (database: Database, actor: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { actor } = await findProvenance(options, process.env);
  return withDatabase(options, terminal, (database) => work(database, actor));
}

function lookedIn(database: Database, { dir }: { readonly dir: string }) {
  return { where: placeOf(database), dir };
}

/** The key alone, so that a shell can take it: `KEY=$(tenantry keys create acme ci)`. */
function print(
  holder: KeyHolder,
  { id, text, expires, ending = [], endingBy = null }: MintedKey & Partial<RotatedKey>,
  { json }: KeyOptions,
  terminal: Terminal,
): void {
  if (json) {
    const org = holder.kind === "org" ? holder.org : null;
    const { name } = holder;
    const ends = { expires, ending, ending_by: endingBy };
    const data = { format: "tenantry/key/v1", org, name, id, key: text, ...ends };
    terminal.out(`${JSON.stringify(data, null, 2)}\n`);
    return;
  }
  terminal.out(`${text}\n`);
  const until = expires === null ? "" : `, works until ${minuteText(expires)}`;
  terminal.talk(
    `${subjectOf(holder)}, id ${id}${until}. It is shown this once and kept nowhere: put it where secrets are.\n`,
  );
}
