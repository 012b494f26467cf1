/**
 * An email address as addresses are compared: without the case of ASCII letters, and of no others. The lower case of
 * U+212A, the Kelvin sign, is "k": whoever can sign up under such an address would be somebody else.
 */
export function emailKey(address: string): string {
  const lower = address.toLowerCase();
  return lower === address || isAscii.test(address)
    ? lower
    : address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const isAscii = /^[\0-\x7f]*$/;
