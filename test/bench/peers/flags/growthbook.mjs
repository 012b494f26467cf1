import { GrowthBookClient } from "@growthbook/growthbook";

/** One client for all orgs, each with a context of its own: the library's form for servers. */
export default function prepare({ flags, plans, percent, orgs, requests }) {
  const features = Object.fromEntries(
    flags.map((seed) => [
      seed,
      {
        defaultValue: false,
        rules: [
          {
            condition: { plan: { $in: plans } },
            force: true,
            coverage: percent / 100,
            hashAttribute: "id",
            seed,
          },
        ],
      },
    ]),
  );
  const client = new GrowthBookClient().initSync({ payload: { features } });
  const contexts = orgs.map((attributes) => ({ attributes: { ...attributes } }));
  return (index) => {
    const { flag, org } = requests[index];
    return client.isOn(flag, contexts[org]);
  };
}
