import { nearName } from "../diagnostic/near-name.ts";
import { canonicalTime } from "../model/value.ts";
import { explainOrg } from "../reconcile/explain-org.ts";
import { explainText } from "../view/explain-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type LoadOptions, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** Shows every value that is in effect for an org, and the line, template, plan or rule that it comes from. */
export async function explain(slug: string, options: LoadOptions, terminal: Terminal): Promise<ExitCode> {
  const loaded = load(options, terminal);
  if (typeof loaded === "number") return loaded;
  const now = canonicalTime(new Date().toISOString());
  const values = explainOrg(loaded, slug, now);
  if (!values) {
    const near = nearName(
      slug,
      loaded.desired.orgs.flatMap(({ org }) => org ?? []),
    );
    terminal.talk(
      `error: no manifest in ${options.dir} declares the org "${slug}".${near ? ` Did you mean "${near}"?` : ""}\n`,
    );
    return exitCode.error;
  }
  const data = { format: "tenantry/explain/v1", org: slug, now, values };
  terminal.out(options.json ? `${JSON.stringify(data, null, 2)}\n` : explainText(slug, values, terminal));
  return exitCode.done;
}
