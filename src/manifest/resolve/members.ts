import type { FieldsOf } from "../../model/field.ts";
import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import type { Placing } from "../place.ts";
import { bindingResources } from "./bindings.ts";
import { memberKey } from "./member-keys.ts";
import { type OrgScope, own } from "./org-scope.ts";
import { attributeValues } from "./values.ts";

/** Members of the org, and the roles that they hold. */
export function memberResources(scope: OrgScope): Resource[] {
  const members = Object.entries(scope.content.members ?? {});
  checkIds(scope, members);
  const resources: Resource[] = [];
  for (const [key, member] of members) {
    const path: Path = ["members", key];
    const previously = member.previously?.map(memberKey) ?? [];
    resources.push(
      resource("member", { key, path, previously, fields: memberFields(scope, key, member) }),
      ...bindingResources(scope, { member: key }, member, path),
    );
  }
  return resources;
}

type Member = NonNullable<OrgScope["content"]["members"]>[string];

function memberFields(scope: OrgScope, key: string, member: Member): Partial<FieldsOf<"member">> {
  const { id, name, metadata, attributes } = member;
  const isAddress = key.includes("@");
  const fields: { -readonly [F in keyof FieldsOf<"member">]?: FieldsOf<"member">[F] } = {
    key,
    email: isAddress ? key : null,
    type: member.type ?? kinds.member.fields.type.default,
    status: member.status ?? kinds.member.fields.status.default,
  };
  if (!isAddress || id !== undefined) fields.user_id = id ?? key;
  if (name !== undefined) fields.name = name;
  if (metadata !== undefined) fields.metadata = metadata;
  if (attributes !== undefined)
    fields.attributes = attributeValues(scope, "member", attributes, ["members", key, "attributes"]);
  return fields;
}

function checkIds(
  scope: OrgScope,
  members: readonly (readonly [string, { readonly id?: string | undefined }])[],
): void {
  const keyOf = new Map<string, string>();
  const addresses = new Set(members.map(([key]) => key));
  for (const [key, { id }] of members) {
    const named = id ?? (key.includes("@") ? undefined : key);
    if (named === undefined) continue;
    const address = memberKey(named);
    if (named.includes("@") && address !== key && addresses.has(address)) {
      scope.report(
        "same-person",
        idPlace(scope, key),
        `"${named}" is the id of "${key}" and the address of another member: nobody could tell which of them is asked about. Give "${key}" an id of its own.`,
        [{ message: `"${address}" is declared`, place: scope.place(["members", address], "key") }],
      );
      continue;
    }
    const earlier = keyOf.get(named);
    if (earlier === undefined) keyOf.set(named, key);
    else {
      scope.report(
        "same-person",
        idPlace(scope, key),
        `"${earlier}" and "${key}" have the same id, "${named}", and so are one person. Give one its own, or take it away.`,
        [{ message: `"${named}" is first written`, place: idPlace(scope, earlier) }],
      );
    }
  }
}

/** Where a member's id is written, which may be its key. */
function idPlace({ content, place }: OrgScope, key: string): Placing {
  const id = own(content.members, key)?.id;
  return id === undefined ? place(["members", key], "key") : place(["members", key, "id"]);
}
