import { laidOver } from "../laid-over.ts";
import { type Content, mergeContent, pathFrom, without } from "../layers.ts";
import type { OrgManifest } from "../schema/org-schema.ts";
import type { OrgFile } from "./org.ts";

/**
 * An org's file with an estate's file for the same org laid over it, as one. The layers stay beside it, because
 * templates go below both, and each takes away for itself.
 */
export function layOverOrg(own: OrgFile, overlay: OrgFile): OrgFile {
  const { unset: _taken, ...above } = overlay.content as unknown as Content;
  const below = (overlay.content.unset ?? []).reduce<Content>(
    (left, text) => {
      const path = pathFrom(text, left);
      return path ? without(left, path) : left;
    },
    own.content as unknown as Content,
  );
  return {
    file: laidOver(overlay.file, own.file),
    content: mergeContent(below, above) as unknown as OrgManifest,
    broken: new Set([...own.broken, ...overlay.broken]),
    isPartial: own.isPartial || overlay.isPartial,
    layers: [own, overlay],
  };
}

/** The files of an estate's orgs: each with the overlay's on top, and those that are only in the overlay. */
export function layOverOrgs(files: readonly OrgFile[]): readonly OrgFile[] {
  if (files.every(({ file }) => file.overlay === undefined)) return files;
  const overlays = new Map<string, OrgFile>();
  const common = new Set<string>();
  for (const org of files) {
    const { org: slug } = org.content;
    if (org.file.overlay === undefined) common.add(slug);
    else if (!overlays.has(slug)) overlays.set(slug, org);
  }
  const laid = new Set<OrgFile>();
  return files.flatMap((org) => {
    const overlay = overlays.get(org.content.org);
    if (org === overlay && common.has(org.content.org)) return [];
    // A second file of the same org is an error, which is told of the files as they are.
    if (overlay === undefined || org.file.overlay !== undefined || laid.has(overlay)) return org;
    laid.add(overlay);
    return layOverOrg(org, overlay);
  });
}
