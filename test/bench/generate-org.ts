import { overrideLines, subscriptionLines } from "./generate-commerce.ts";
import { type Person, peopleOf, teamLines, writtenPeople } from "./generate-people.ts";
import { workspaceLines, workspaceNames } from "./generate-places.ts";
import type { Random } from "./random.ts";

export interface OrgSize {
  readonly members: number;
  readonly workspaces: number;
  readonly overrides: number;
  /** How many members it has to have, whatever the average. */
  readonly exactly?: number;
}

/** What the sections of an org's manifest are written from. */
export interface GeneratedOrg {
  readonly random: Random;
  readonly slug: string;
  readonly domain: string;
  readonly people: readonly Person[];
  readonly workspaces: readonly [string, ...string[]];
  readonly overrides: number;
}

export interface OrgFile {
  readonly slug: string;
  readonly text: string;
}

/** The manifest of one org, laid out as a person would. */
export function generateOrg(index: number, random: Random, size: OrgSize): OrgFile {
  const company = `${random.pick(firstWords)} ${random.pick(secondWords)}`;
  const slug = `${company.toLowerCase().replace(" ", "-")}-${String(index).padStart(5, "0")}`;
  const around = (average: number) => random.between(0, Math.round(average * 2));
  const domain = `${slug}.example`;
  const [first, ...others] = workspaceNames;
  const org: GeneratedOrg = {
    random,
    slug,
    domain,
    workspaces: [first, ...others.slice(0, Math.max(0, around(size.workspaces) - 1))],
    people: peopleOf(Math.max(2, size.exactly ?? around(size.members)), domain, random),
    overrides: around(size.overrides),
  };
  const lines = [
    ...identityLines(org, company),
    ...subscriptionLines(org),
    ...overrideLines(org),
    ...writtenPeople(org),
    ...teamLines(org),
    ...workspaceLines(org),
    ...settingLines(org),
  ];
  return { slug, text: `${lines.join("\n")}\n` };
}

function identityLines({ random, slug, domain, people }: GeneratedOrg, company: string): string[] {
  const day = (from: number, to: number) => String(random.between(from, to)).padStart(2, "0");
  return [
    "# yaml-language-server: $schema=../../schemas/org.schema.json",
    "apiVersion: tenantry/v1",
    `org: ${slug}`,
    `name: ${company}`,
    `description: Customer since ${random.between(2019, 2023)}, looked after by ${random.pick(accountTeams)}`,
    `created: ${random.between(2019, 2025)}-${day(1, 12)}-${day(1, 28)}`,
    ...(random.chance(0.6) ? [`templates: [${random.chance(0.3) ? "regulated" : "standard"}]`] : []),
    "status: active",
    `primary_domain: ${domain}`,
    `industry: ${random.pick(industries)}`,
    `contacts: { primary: ops@${domain}, billing: accounts@${domain} }`,
    `support_tier: ${random.pick(["community", "standard", "premium", "enterprise"])}`,
    `attributes: { region: ${random.pick(["eu", "us", "apac"])}, employees: ${people.length * random.between(3, 40)} }`,
    ...(random.chance(0.6)
      ? [`metadata: { crm: "00${random.between(100_000, 999_999)}", csm: ${random.pick(accountTeams)} }`]
      : []),
    "",
  ];
}

function settingLines({ random, domain }: GeneratedOrg): string[] {
  const maybe = (share: number, ...lines: string[]) => (random.chance(share) ? lines : []);
  return [
    ...maybe(
      0.4,
      "api_keys:",
      `  warehouse: { description: Stock levels from the warehouse, scopes: [document:read], expires: 2032-06-30 }`,
    ),
    ...maybe(
      0.3,
      "webhooks:",
      "  erp:",
      `    url: https://erp.${domain}/hooks/orders`,
      "    events: [order.created, order.paid, order.cancelled]",
      "    secret: secret://env/ERP_WEBHOOK_SECRET",
    ),
    ...maybe(0.5, "notifications:", `  incidents: { email: [ops@${domain}, oncall@${domain}] }`),
    ...maybe(0.3, `trace: { mode: sampled, sample_rate: 0.${random.between(1, 9)}, retention_days: 14 }`),
    ...maybe(
      0.3,
      `branding: { primary: "#${random.between(0x100000, 0xffffff).toString(16)}", font: Inter }`,
    ),
  ];
}

const firstWords = [
  "Amber",
  "Birch",
  "Cobalt",
  "Delta",
  "Ember",
  "Fjord",
  "Granite",
  "Harbor",
  "Indigo",
  "Juniper",
  "Keystone",
  "Lumen",
  "Meridian",
  "Northwind",
  "Opal",
  "Pioneer",
] as const;
const secondWords = [
  "Analytics",
  "Bank",
  "Clinics",
  "Energy",
  "Foods",
  "Insurance",
  "Labs",
  "Logistics",
  "Media",
  "Motors",
  "Robotics",
  "Systems",
] as const;
const industries = ["banking", "energy", "food", "health", "logistics", "manufacturing", "media"] as const;
const accountTeams = ["the Dublin team", "the Lyon team", "the Austin team", "partners"] as const;
