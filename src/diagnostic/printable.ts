/** Everything that would not show as itself on a terminal, or would steer it: controls, marks of direction, what has no width. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Text that is safe to print and hides nothing: tabs become `→`, other controls their picture (`␛`),
 * and what is invisible its number (`<U+200B>`). Line feeds are controls like any other.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) as number;
    if (code === 0x09) return "→";
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const flat = /\p{Mn}|\p{Me}/u;

/** How many columns of a terminal a printable text takes. */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += flat.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}
