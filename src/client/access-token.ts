/** What a key was exchanged for. */
export interface Exchanged {
  readonly token: string;
  /** How long it holds, in milliseconds. */
  readonly life: number;
}

/** The token that a client asks with. */
export interface AccessToken {
  /** One that holds; exchanged anew before its end, or where there is none. */
  readonly current: () => string | Promise<string>;
  /** The server does not take it any more. */
  readonly refused: (token: string) => void;
}

/** Exchanges a key once at a time, however many wait for it. Rejects as `exchange` does. */
export function accessToken(exchange: () => Promise<Exchanged>): AccessToken {
  let held: (Exchanged & { readonly began: number }) | null = null;
  let underWay: Promise<string> | null = null;
  const renew = () => {
    underWay ??= (async () => {
      // Its life began at the server after this, so that it never ends before it is thought to.
      const began = performance.now();
      try {
        held = { ...(await exchange()), began };
        return held.token;
      } finally {
        underWay = null;
      }
    })();
    return underWay;
  };
  return {
    current() {
      if (!held) return renew();
      const { token, life, began } = held;
      const left = began + life - performance.now();
      if (left > life * renewedFrom) return token;
      const renewing = renew();
      if (left < life * tooLate) return renewing;
      // It still holds: nobody has to wait, and who asks when it ends hears of what fails.
      renewing.catch(() => {});
      return token;
    },
    refused(token) {
      // Another one may have come meanwhile.
      if (held?.token === token) held = null;
    },
  };
}

/** The share of its life that is left when a token is renewed, and when it is no longer asked with. */
const renewedFrom = 0.2;
const tooLate = 0.02;
