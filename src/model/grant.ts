import type { Condition } from "./condition.ts";

/** What a role says of the permissions that a pattern names. Deny beats allow. */
export type Grant = {
  readonly effect: "allow" | "deny";
  /** `document:read`, `document:*`, `*:read` or `*:*`. */
  readonly permission: string;
  /** null: always. Unknown never allows, and always denies. */
  readonly if: Condition | null;
};

/** Where a permission is held. */
export type PermissionScope = "org" | "workspace" | "environment";

/** Whether a pattern names a permission such as `document:read`. */
export function isPermissionNamed(
  pattern: string,
  permission: { readonly type: string; readonly action: string },
): boolean {
  const colon = pattern.indexOf(":");
  const type = pattern.slice(0, colon);
  const action = pattern.slice(colon + 1);
  return (
    colon > 0 &&
    (type === "*" || type === permission.type) &&
    (action === "*" || action === permission.action)
  );
}
