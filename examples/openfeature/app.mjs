// A shop that asks through OpenFeature: its own code knows the standard's API and nothing of tenantry.
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";

const tenantry = process.env.TENANTRY_URL ?? "http://127.0.0.1:4600";

// One provider an org: the org is part of the address, so that no context can reach another's flags.
const orgs = process.argv.slice(2);
for (const org of orgs) {
  await OpenFeature.setProviderAndWait(org, new OFREPProvider({ baseUrl: `${tenantry}/v1/orgs/${org}` }));
}

for (const org of orgs) {
  const flags = OpenFeature.getClient(org);
  // The targeting key is a member: an email address, or the app's own id of the user.
  const context = { targetingKey: `ana@${org}.example` };
  const dashboard = await flags.getBooleanDetails("new_dashboard", false, context);
  const checkout = await flags.getStringDetails("checkout", "v1", context);
  for (const { flagKey, value, variant, reason, flagMetadata } of [dashboard, checkout]) {
    const named = variant ? ` (${variant})` : "";
    console.log(`${org}  ${flagKey}: ${value}${named}  ${reason}, ${flagMetadata.decided_by}`);
  }
}
await OpenFeature.close();
