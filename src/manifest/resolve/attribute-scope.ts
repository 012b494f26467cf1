import { attributeTypeOfFeature, builtInAttributes, entitlementPrefix } from "../../model/condition.ts";
import type { Catalog } from "./catalog.ts";
import type { AttributeDeclaration } from "./values.ts";

interface Asked {
  /** The types of resource that `resource.*` may be about; their attributes are the declared ones. */
  readonly resourceTypes: readonly string[];
  /** Whether `resource.*`, `action.*` and `subject.*` are there: for grants, not for flags. */
  readonly ofRequest: boolean;
}

/** The attributes that a condition may ask for: built in, declared in the catalog, and of the resources in question. */
export function attributeScope(catalog: Catalog, { resourceTypes, ofRequest }: Asked) {
  const found = (name: string): AttributeDeclaration | null => {
    const builtIn = builtInAttributes.get(name);
    if (builtIn && (ofRequest || !isOfRequest(name)))
      return { type: builtIn.type, choices: builtIn.choices ?? null, place: null };
    const [subject = "", ...rest] = name.split(".");
    const attribute = rest.join(".");
    if (isOfRequest(name) && !ofRequest) return null;
    if (subject === "resource") return ofResource(attribute);
    if (name.startsWith(entitlementPrefix))
      return ofEntitlement(catalog, name.slice(entitlementPrefix.length));
    return subjects.includes(subject) ? (catalog.attributes.get(name) ?? null) : null;
  };
  const ofResource = (attribute: string) => {
    for (const type of resourceTypes) {
      const declared = catalog.attributes.get(`${type}.${attribute}`);
      if (declared) return declared;
    }
    return null;
  };
  return {
    attribute: found,
    isBroken: (name: string) => {
      if (isOfRequest(name) && !ofRequest) return false;
      const [subject = "", ...rest] = name.split(".");
      if (name.startsWith(entitlementPrefix))
        return catalog.declared("features").has(name.slice(entitlementPrefix.length));
      const names = subject === "resource" ? resourceTypes.map((type) => [type, ...rest].join(".")) : [name];
      return names.some(catalog.declared("attributes").has);
    },
    *attributeNames() {
      for (const name of builtInAttributes.keys()) if (ofRequest || !isOfRequest(name)) yield name;
      for (const name of catalog.attributes.keys()) {
        const [subject = "", ...rest] = name.split(".");
        if (isOfRequest(name) && !ofRequest) continue;
        if (subjects.includes(subject)) yield name;
        else if (ofRequest && resourceTypes.includes(subject)) yield `resource.${rest.join(".")}`;
      }
      for (const name of catalog.features.keys()) yield `${entitlementPrefix}${name}`;
    },
  };
}

/** What attributes may be declared for, besides types of resource. Those of subjects and actions are claims of whoever asks. */
export const subjects = ["org", "member", "request", "subject", "action"];

const isOfRequest = (name: string) => /^(?:resource|action|subject)\./.test(name);

function ofEntitlement(catalog: Catalog, name: string): AttributeDeclaration | null {
  const feature = catalog.features.get(name);
  return feature
    ? { type: attributeTypeOfFeature[feature.type], choices: feature.choices, place: feature.place }
    : null;
}
