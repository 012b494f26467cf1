import { quoted } from "../diagnostic/quoted.ts";

/** What has no look of its own: two keys that differ in it could not be told apart. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;

/** Why a name cannot be a key, and what to do; null where it can. */
export function checkKey(name: string): string | null {
  if (name === "") return "A key cannot be empty.";
  if (name === "__proto__")
    return '"__proto__" cannot be a key: JavaScript gives it a meaning of its own. Choose another name.';
  if (name.startsWith(" ") || name.endsWith(" "))
    return `${quoted(name)} begins or ends with a space. Take the space away.`;
  const found = /^[\x20-\x7e]*$/.test(name) ? null : invisible.exec(name);
  if (!found) return null;
  const number = (found[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  return `${quoted(name)} holds a character that does not show, U+${number}. Type the name anew.`;
}
