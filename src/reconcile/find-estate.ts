import { type ChosenEstate, checkOverlays, chooseEstate } from "../manifest/choose-estate.ts";
import { discoverEstates } from "../manifest/discover-estates.ts";
import { readEstates } from "../manifest/read-estates.ts";

/**
 * The estate of a manifests' directory that is asked for by name, else its only one; null where it declares none.
 * Every fault of `estate.yaml` and of the folders in `overlays/` is in the result.
 */
export function findEstate(
  directory: string,
  asked: string | undefined,
  { cwd = process.cwd() }: { readonly cwd?: string } = {},
): ChosenEstate {
  const { file, overlays, diagnostics } = discoverEstates(directory, { cwd });
  if (diagnostics.length > 0) return { estate: null, diagnostics };
  const read = file && readEstates(file);
  const chosen = chooseEstate(read, asked);
  if (read && read.diagnostics.length > 0) return chosen;
  const astray = checkOverlays(read, overlays);
  return astray.length > 0 ? { estate: null, diagnostics: [...astray, ...chosen.diagnostics] } : chosen;
}
