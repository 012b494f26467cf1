import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import type { Place } from "../place.ts";
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
        idPlace(scope, key),
        `"${earlier}" and "${key}" have the same id, "${named}", and so are one person. Give one its own, or take it away.`,
        [{ message: `"${named}" is first written`, place: idPlace(scope, earlier) }],
      );
    }
  }
}

/** Where a member's id is written, which may be its key. */
function idPlace({ content, place }: OrgScope, key: string): Place {
  const id = own(content.members, key)?.id;
  return id === undefined ? place(["members", key], "key") : place(["members", key, "id"]);
}
