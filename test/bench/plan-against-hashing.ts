import { compare, ratioText } from "./compare.ts";
import type { WrittenEstate } from "./generate-estate.ts";
import { takeSample } from "./take-sample.ts";

/** A plan that finds nothing to do, against reading the same files and hashing them. `url`: where they are applied. */
export async function planAgainstHashing(
  { folder }: WrittenEstate,
  url: string,
  pairs: number,
): Promise<string> {
  const compared = await compare(
    () => takeSample("plan", { folder, url }).milliseconds,
    () => takeSample("hash", { folder }).milliseconds,
    pairs,
  );
  return [
    `${ratioText(compared)}  budget 1.5 ×`,
    `${compared.ours.toFixed(0)} ms against ${compared.theirs.toFixed(0)} ms of reading and sha256`,
  ].join("\n");
}
