import type { Baseline, StoredSource } from "../plan/baseline.ts";
import type { BaselineOrigin } from "./note-baselines.ts";
import { arrayText } from "./sql-text.ts";
import type { Transaction } from "./transaction.ts";
import type { Step } from "./writing.ts";

/** So much text a statement, in characters: manifests differ in size by a thousand times. */
const batchLength = 4_000_000;

/** Keeps the manifests of scopes in place of those that were kept. */
export async function writeSources(
  transaction: Transaction,
  baselines: readonly Baseline[],
  origin: BaselineOrigin,
  step: Step,
): Promise<void> {
  if (baselines.length === 0) return;
  await step("forget sources");
  await transaction.query("delete from source where org_id = any($1::uuid[])", [
    baselines.map(({ orgId }) => orgId),
  ]);
  for (const batch of batches(baselines)) {
    await step("keep sources");
    const column = (read: (source: OwnedSource) => string) => arrayText(batch.map(read));
    await transaction.query(
      `insert into source (org_id, path, digest, text, content, claims, "commit", revision)
       select c.org_id, c.path, c.digest, c.text, c.content, c.claims::text[], $7::text, $8::bigint
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::json[], $6::text[])
         as c (org_id, path, digest, text, content, claims)`,
      [
        column(({ orgId }) => orgId),
        column(({ path }) => path),
        column(({ digest }) => digest),
        column(({ text }) => text),
        column(({ content }) => content),
        column(({ claims }) => arrayText(claims)),
        origin.commit ?? null,
        origin.revision,
      ],
    );
  }
}

interface OwnedSource extends StoredSource {
  readonly orgId: string;
}

function* batches(baselines: readonly Baseline[]): Generator<OwnedSource[]> {
  let batch: OwnedSource[] = [];
  let length = 0;
  for (const { orgId, sources } of baselines) {
    for (const source of sources ?? []) {
      batch.push({ ...source, orgId });
      length += source.text.length + source.content.length;
      if (length < batchLength) continue;
      yield batch;
      batch = [];
      length = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
