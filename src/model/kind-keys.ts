/** The key of what has a name. */
export const byName = (fields: { readonly name?: unknown }) => String(fields.name);

/** `web/live` or `web` after the name, where something holds only there. */
export const placed = (
  name: unknown,
  fields: { readonly workspace?: unknown; readonly environment?: unknown; readonly resource?: unknown },
) => {
  const place = fields.environment ?? fields.workspace ?? fields.resource;
  return place == null ? String(name) : `${name}@${place}`;
};

/** What is set in a workspace or environment stands there in the manifest too. */
export const sectionUnlessPlaced =
  (section: string) => (fields: { readonly workspace?: unknown; readonly environment?: unknown }) =>
    fields.workspace == null && fields.environment == null ? section : "workspaces";
