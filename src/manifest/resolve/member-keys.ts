import { emailKey } from "../../model/email-key.ts";
import type { Value } from "../../model/value.ts";
import { type Content, type Layer, placeIn } from "../layers.ts";
import type { Report } from "../place.ts";

/** Addresses are compared without case; a user id is the app's own and stays as it is. */
export function memberKey(written: string): string {
  return written.includes("@") ? emailKey(written) : written;
}

const isKey = (written: string) => memberKey(written) === written;

/** The layer with its members and invitations by their keys. One person under two spellings is reported. */
export function withMemberKeys(layer: Layer, report: Report): Layer {
  let content = layer.content;
  for (const section of ["members", "invitations"] as const) {
    const entries = layer.content[section] as Content | undefined;
    if (!entries || Object.keys(entries).every(isKey)) continue;
    const spelling = new Map<string, string>();
    const byKey: Record<string, Value> = {};
    for (const [written, entry] of Object.entries(entries)) {
      const key = memberKey(written);
      const earlier = spelling.get(key);
      if (earlier !== undefined) {
        report(
          "same-person",
          placeIn(layer, [section, written], "key"),
          `"${earlier}" and "${written}" are one person: addresses are compared without case. Keep one.`,
          [{ message: `"${earlier}" is declared`, place: placeIn(layer, [section, earlier], "key") }],
        );
      } else {
        spelling.set(key, written);
        byKey[key] = entry;
      }
    }
    content = { ...content, [section]: byKey };
  }
  return content === layer.content ? layer : { ...layer, content };
}
