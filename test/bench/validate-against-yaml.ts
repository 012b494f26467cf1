import { compare, ratioText } from "./compare.ts";
import type { WrittenEstate } from "./generate-estate.ts";
import { takeSample } from "./take-sample.ts";

/** Reading and checking all manifests, against the `yaml` package parsing the same bytes out of memory. */
export async function validateAgainstYaml(estate: WrittenEstate, pairs: number): Promise<string> {
  const { folder } = estate;
  const { resources } = takeSample("validate", { folder });
  const compared = await compare(
    () => takeSample("validate", { folder }).milliseconds,
    () => takeSample("parse", { folder }).milliseconds,
    pairs,
  );
  const { ours, theirs } = compared;
  const speed = (estate.bytes / 1e6 / (ours / 1_000)).toFixed(1);
  return [
    `${ratioText(compared)}  budget 1.5 ×`,
    `${ours.toFixed(0)} ms (${speed} MB/s, ${resources} resources) against ${theirs.toFixed(0)} ms of parseDocument`,
  ].join("\n");
}
