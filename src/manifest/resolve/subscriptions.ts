import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import { isDeclared } from "./declared.ts";
import { type OrgScope, reference } from "./org-scope.ts";

type Subscription = NonNullable<OrgScope["content"]["subscriptions"]>[string];

/** What the org has bought, a product each. */
export function subscriptionResources(scope: OrgScope): Resource[] {
  return Object.entries(scope.content.subscriptions ?? {}).map(([product, subscription]) => {
    const path: Path = ["subscriptions", product];
    isDeclared(
      {
        name: product,
        place: scope.place(path, "key"),
        code: "unknown-product",
        by: "in the catalog's products",
      },
      scope.catalog.declared("products"),
      scope.report,
    );
    checkPlan(scope, subscription.plan, product, [...path, "plan"]);
    if (subscription.next) checkPlan(scope, subscription.next.plan, product, [...path, "next", "plan"]);
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

function checkPlan(scope: OrgScope, version: string, product: string, path: Path): void {
  const written = {
    ...reference(scope, version, path),
    code: "unknown-plan",
    by: "in the catalog's plans",
  } as const;
  if (!isDeclared(written, scope.catalog.versions, scope.report)) return;
  const plan = scope.catalog.merged.sections.plans.get(version.replace(/@.*$/, ""));
  if (plan && plan.value.product !== product) {
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
      "A trial needs its end: trial_ends: 2026-12-01.",
    );
  }
  if (status !== "trial" && trial_ends !== undefined) {
    const instead = status === undefined ? "the status is not written" : `the status is ${status}`;
    const detail = `trial_ends counts with status: trial only; here ${instead}.`;
    scope.report("trial-mismatch", scope.place([...path, "trial_ends"], "key"), detail);
  }
}

function checkPeriod(scope: OrgScope, { starts, ends }: Subscription, path: Path): void {
  if (starts === undefined || ends === undefined || starts < ends) return;
  scope.report("wrong-period", scope.place([...path, "ends"]), "It would end before it begins.", [
    { message: "it begins", place: scope.place([...path, "starts"]) },
  ]);
}
