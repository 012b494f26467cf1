import { FlagdCore } from "@openfeature/flagd-core";

const silent = { error() {}, warn() {}, info() {}, debug() {} };

export default function prepare({ flags, plans, percent, orgs, requests }) {
  const fractional = [
    ["on", percent],
    ["off", 100 - percent],
  ];
  const flag = {
    state: "ENABLED",
    variants: { on: true, off: false },
    defaultVariant: "off",
    targeting: { if: [{ in: [{ var: "plan" }, plans] }, { fractional }, "off"] },
  };
  const core = new FlagdCore(undefined, silent);
  core.setConfigurations(JSON.stringify({ flags: Object.fromEntries(flags.map((name) => [name, flag])) }));
  const contexts = orgs.map(({ id, ...attributes }) => ({ targetingKey: id, ...attributes }));
  return (index) => {
    const { flag, org } = requests[index];
    return core.resolveBooleanEvaluation(flag, false, contexts[org], silent).value;
  };
}
