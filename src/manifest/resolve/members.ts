import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import { bindingResources } from "./bindings.ts";
import { memberKey } from "./member-keys.ts";
import { type OrgScope, own } from "./org-scope.ts";
import { attributeValues } from "./values.ts";

/** Members of the org, and the roles that they hold. */
export function memberResources(scope: OrgScope): Resource[] {
  const members = Object.entries(scope.content.members ?? {});
  checkIds(scope, members);
  return members.flatMap(([key, member]) => {
    const path: Path = ["members", key];
    const isAddress = key.includes("@");
    const { id, name, status, type, attributes, metadata } = member;
    const previously = (member.previously ?? []).map(memberKey);
    for (const [index, earlier] of previously.entries()) {
      if (!own(scope.content.members, earlier)) continue;
      scope.report(
        "previously-live",
        scope.place([...path, "previously", index]),
        `"${earlier}" is still a member of ${scope.slug}, so that "${key}" cannot be their new name.`,
        [{ message: `"${earlier}" is declared`, place: scope.place(["members", earlier], "key") }],
      );
    }
    return [
      resource("member", {
        key,
        path,
        previously,
        fields: {
          key,
          email: isAddress ? key : null,
          ...(isAddress ? {} : { user_id: key }),
          ...(id === undefined ? {} : { user_id: id }),
          ...(name === undefined ? {} : { name }),
          ...(metadata === undefined ? {} : { metadata }),
          ...(attributes === undefined
            ? {}
            : { attributes: attributeValues(scope, "member", attributes, [...path, "attributes"]) }),
          type: type ?? kinds.member.fields.type.default,
          status: status ?? kinds.member.fields.status.default,
        },
      }),
      ...bindingResources(scope, { member: key }, member, path),
    ];
  });
}

function checkIds(
  scope: OrgScope,
  members: readonly (readonly [string, { readonly id?: string | undefined }])[],
): void {
  const keyOf = new Map<string, string>();
  for (const [key, { id }] of members) {
    const named = id ?? (key.includes("@") ? undefined : key);
    if (named === undefined) continue;
    const earlier = keyOf.get(named);
    if (earlier === undefined) keyOf.set(named, key);
    else {
      scope.report(
        "same-person",
        scope.place(["members", key], "key"),
        `"${earlier}" and "${key}" are the same person: both have the id "${named}".`,
        [{ message: `"${earlier}" is declared`, place: scope.place(["members", earlier], "key") }],
      );
    }
  }
}
