import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import { isDeclared } from "./declared.ts";
import { type OrgScope, reference } from "./org-scope.ts";

type Subscription = NonNullable<OrgScope["content"]["subscriptions"]>[string];

/** What the org has bought, a product each. */
export function subscriptionResources(scope: OrgScope): Resource[] {
  return Object.entries(scope.content.subscriptions ?? {}).map(([product, subscription]) => {
    const path: Path = ["subscriptions", product];
    const by = "in the catalog's products";
    const written = { name: product, place: scope.place(path, "key"), code: "unknown-product", by } as const;
    const sold = isDeclared(written, scope.catalog.declared("products"), scope.report) ? product : null;
    checkPlan(scope, subscription.plan, sold, [...path, "plan"]);
    if (subscription.next) checkPlan(scope, subscription.next.plan, sold, [...path, "next", "plan"]);
    checkTrial(scope, subscription, path);
    checkPeriod(scope, subscription, path);
    const { cycle, auto_renew, quantity } = kinds.subscription.fields;
    const { status, starts, ends } = subscription;
    return resource("subscription", {
      key: product,
      path,
      fields: {
        product,
        plan: subscription.plan,
        cycle: subscription.cycle ?? cycle.default,
        auto_renew: subscription.auto_renew ?? auto_renew.default,
        quantity: subscription.quantity ?? quantity.default,
        trial_ends: subscription.trial_ends ?? null,
        next_plan: subscription.next?.plan ?? null,
        next_from: subscription.next?.from ?? null,
        // Where nothing is said, these belong to the billing system.
        ...(status === undefined ? {} : { status }),
        ...(starts === undefined ? {} : { starts }),
        ...(ends === undefined ? {} : { ends }),
      },
    });
  });
}

function checkPlan(scope: OrgScope, version: string, product: string | null, path: Path): void {
  const written = {
    ...reference(scope, version, path),
    code: "unknown-plan",
    by: "in the catalog's plans",
  } as const;
  if (!isDeclared(written, scope.catalog.versions, scope.report)) return;
  const plan = scope.catalog.merged.sections.plans.get(version.replace(/@.*$/, ""));
  if (plan && product !== null && plan.value.product !== product) {
    scope.report(
      "unknown-plan",
      scope.place(path),
      `${version} is a plan of ${plan.value.product}, not of ${product}.`,
      [
        {
          message: "its product is named",
          place: { file: plan.file, path: [...plan.path, "product"], what: "value" },
        },
      ],
    );
  }
}

function checkTrial(scope: OrgScope, { status, trial_ends }: Subscription, path: Path): void {
  if (status === "trial" && trial_ends === undefined) {
    scope.report(
      "trial-mismatch",
      scope.place([...path, "status"]),
      "A trial needs its end: write trial_ends: 2026-12-01.",
    );
  }
  if (status !== "trial" && trial_ends !== undefined) {
    const instead = status === undefined ? "none is written" : `it is ${status}`;
    const detail = `trial_ends counts with status: trial only, and here ${instead}. Write that, or take trial_ends away.`;
    const notes =
      status === undefined
        ? []
        : [{ message: "the status is written", place: scope.place([...path, "status"]) }];
    scope.report("trial-mismatch", scope.place([...path, "trial_ends"], "key"), detail, notes);
  }
}

function checkPeriod(scope: OrgScope, { starts, ends }: Subscription, path: Path): void {
  if (starts === undefined || ends === undefined || starts < ends) return;
  scope.report("wrong-period", scope.place([...path, "ends"]), "It has to end after it begins.", [
    { message: "it begins", place: scope.place([...path, "starts"]) },
  ]);
}
