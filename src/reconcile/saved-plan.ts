import { createHash, randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Impact } from "../decision/impact/impact.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlanAbout } from "../view/plan-head-text.ts";
import type { Places } from "../view/plan-lines.ts";
import { type PlacesJson, placesFromJson, placesToJson } from "./saved-places.ts";
import { type PlanInJson, planFromJson, planToJson } from "./saved-plan-json.ts";

/** A plan as it is kept between its review and its apply. */
export interface SavedPlan {
  /** Made when it was saved: by it the plan is applied once, however often that is tried. */
  readonly applyId: string;
  readonly plan: Plan;
  readonly impact: Impact | null;
  /** What was compared with what; the commit, its title and who planned. */
  readonly about: PlanAbout;
  readonly places: Places;
  /** The version of Tenantry that saved it. */
  readonly tool: string;
}

/** A file that is no saved plan, or no more the one that was saved. */
export class SavedPlanUnusable extends Error {
  readonly code = "saved-plan";
  override get name(): string {
    return "SavedPlanUnusable";
  }
}

const format = "tenantry/saved-plan";
const version = 1;

/**
 * Writes a plan to a file of its owner's alone (mode 0600), whole or not at all, and returns the apply's id. The file is one
 * JSON object: `format`, `version`, `hash` and `content`, of whose bytes `hash` is the SHA-256 in hex. Maps are lists of
 * pairs. It holds what the manifests and the rows hold, and neither environment nor connection. The hash tells
 * damage, not forgery: who may write the file may change what it does.
 */
export async function savePlan(file: string, saved: Omit<SavedPlan, "applyId">): Promise<string> {
  const applyId = randomUUID();
  const { plan, places, impact, about, tool } = saved;
  const content = JSON.stringify({
    tool,
    applyId,
    about,
    plan: planToJson(plan),
    places: placesToJson(plan, places),
    impact,
  } satisfies Content);
  await writeWhole(file, `${headOf(version, hashOf(content))}${content}}\n`);
  return applyId;
}

/** Reads a saved plan. Throws `SavedPlanUnusable` for any file of which a single byte is not as it was saved. */
export async function readSavedPlan(file: string): Promise<SavedPlan> {
  const text = await readText(file);
  const head = /^\{"format":"tenantry\/saved-plan","version":(\d+),"hash":"([0-9a-f]{64})","content":/.exec(
    text,
  );
  if (!head) throw unusable(file, "is no saved plan, or was damaged");
  const [whole, found, hash] = head;
  if (Number(found) !== version) {
    throw unusable(
      file,
      `was saved by another version of Tenantry (format ${found}; this one reads ${version})`,
    );
  }
  const content = text.slice(whole.length, -2);
  if (!text.endsWith("}\n") || hashOf(content) !== hash)
    throw unusable(file, "was damaged since it was saved");
  const { plan, places, ...rest } = JSON.parse(content) as Content;
  return { ...rest, plan: planFromJson(plan), places: placesFromJson(places) };
}

interface Content extends Omit<SavedPlan, "plan" | "places"> {
  readonly plan: PlanInJson;
  readonly places: PlacesJson;
}

function headOf(written: number, hash: string): string {
  return `{"format":"${format}","version":${written},"hash":"${hash}","content":`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function unusable(file: string, why: string): SavedPlanUnusable {
  return new SavedPlanUnusable(`${file} ${why}. Make it again with \`tenantry plan --out\`.`);
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
    throw new SavedPlanUnusable(`${file} ${why}.`, { cause: error });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unusable(file, "is no saved plan, or was damaged");
  }
}

/** On disk before it has its name: whoever finds the file finds all of it, even after a crash. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new SavedPlanUnusable(`The plan cannot be saved as ${file} (${code}).`, { cause: error });
  }
  const directory = await open(dirname(file));
  // Some file systems keep no directories in step, and say so.
  await directory.sync().catch(() => {});
  await directory.close();
}
