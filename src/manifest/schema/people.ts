import * as z from "zod";
import { bindings, description, metadata, previously, role } from "./bindings.ts";
import { domain, email, memberName, name, oneOf, secret, text, time, toggle, url } from "./scalars.ts";
import { mapOf, namesOf, raw, shorthand } from "./shapes.ts";

const roleName = { type: "string" } as const;
const rolesShort = {
  description: "A role, or a list of roles",
  anyOf: [roleName, { type: "array", items: roleName }],
};

/** `owner` and `[admin, auditor]` mean `{ roles: … }`. */
const rolesAlone = (written: unknown) =>
  typeof written === "object" && written !== null && !Array.isArray(written) ? written : { roles: written };

const member = shorthand(
  z
    .strictObject({
      id: text("The app's own id of this person; with the email address it names one person", 200).optional(),
      previously: previously(memberName("An earlier address or id")),
      name: text("The person's name", 200).optional(),
      type: oneOf("A person, or an application that signs in for itself", ["user", "service"]).optional(),
      status: oneOf("A suspended member may do nothing", ["active", "suspended"]).optional(),
      attributes: mapOf(name("An attribute"), raw("Its value"))
        .meta({ description: "Values of the attributes that the catalog declares for members" })
        .optional(),
      metadata: metadata().optional(),
      ...bindings,
    })
    .meta({ description: "A member and the roles that they hold" }),
  rolesAlone,
  rolesShort,
);

const team = z
  .strictObject({
    description: description().optional(),
    previously: previously(),
    parent: name("The team that this one is a part of; its members are members there too").optional(),
    members: shorthand(
      mapOf(memberName("A member"), oneOf("What they are in the team", ["member", "maintainer"])).meta({
        description: "Who is in it: a list, or member or maintainer by name",
      }),
      (written) =>
        Array.isArray(written) ? Object.fromEntries(written.map((one) => [String(one), "member"])) : written,
      { description: "A list of members", type: "array", items: { type: "string" } },
    ).optional(),
    metadata: metadata().optional(),
    ...bindings,
  })
  .meta({ description: "A team: members who hold roles together" });

const invitation = shorthand(
  z
    .strictObject({
      expires: time("Until when it can be accepted").optional(),
      message: text("What the invitation says", 2_000).optional(),
      teams: namesOf("Teams that the invited will be a member of").optional(),
      ...bindings,
    })
    .meta({ description: "An invitation by email, and what the invited will hold" }),
  rolesAlone,
  rolesShort,
);

const connection = z
  .strictObject({
    description: description().optional(),
    protocol: oneOf("How people sign in", ["oidc", "saml"]),
    issuer: url("The OIDC issuer").optional(),
    client_id: text("The OIDC client", 500).optional(),
    client_secret: secret("Where the OIDC client's secret is kept").optional(),
    metadata_url: url("Where the SAML identity provider publishes its metadata").optional(),
    domains: namesOf("Email domains whose people sign in here", domain("A domain")).optional(),
    enabled: toggle("Whether it is in use; true where nothing is said").optional(),
  })
  .meta({ description: "A connection to an identity provider" });

const joinRule = shorthand(
  z
    .strictObject({
      sso: name("The SSO connection through which they must come").optional(),
      teams: namesOf("Teams that a newcomer will be a member of").optional(),
      ...bindings,
    })
    .meta({
      description: "What people with an address of this verified domain hold when they join by themselves",
    }),
  rolesAlone,
  rolesShort,
);

/** The sections of an org that say who is in it, and what they may do. */
export const peopleSections = {
  roles: mapOf(name("A role"), role()).meta({ description: "Roles that only this org has" }).optional(),
  members: mapOf(memberName("A member"), member)
    .meta({ description: "Members, by email address or user id" })
    .optional(),
  teams: mapOf(name("A team"), team).meta({ description: "Teams, by name" }).optional(),
  invitations: mapOf(email("Who is invited"), invitation)
    .meta({ description: "Pending invitations, by email address" })
    .optional(),
  sso: mapOf(name("A connection"), connection).meta({ description: "Enterprise sign-in" }).optional(),
  join: mapOf(domain("A domain"), joinRule)
    .meta({ description: "Who may join without an invitation, by verified email domain" })
    .optional(),
};
