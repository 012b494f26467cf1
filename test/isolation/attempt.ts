import type pg from "pg";

/** What came of one message: everything that the server said, whatever happened in between. */
export interface Outcome {
  readonly results: readonly Result[];
  /** Notices and copied data, as text. */
  readonly words: readonly string[];
  readonly error: { readonly code: string; readonly text: string } | null;
}

export interface Result {
  /** As in `INSERT 0 3`. */
  readonly tag: string;
  /** Null where the statement returns none. */
  readonly rows: readonly (readonly (string | null)[])[] | null;
}

/**
 * Sends statements in one message, and keeps what each of them answered up to an error; `pg` itself keeps only the
 * error, and throws copied data away.
 */
export function attempt(client: pg.ClientBase, text: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const words: string[] = [];
    const hear = (notice: object) => words.push(JSON.stringify(notice));
    client.on("notice", hear);
    client.query(
      new Attempt(text, words, (outcome) => {
        client.off("notice", hear);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }),
    );
  });
}

interface Connection {
  query(text: string): void;
  sendCopyFail(reason: string): void;
}

/** The shape by which `pg` runs queries that are not its own. */
class Attempt implements pg.Submittable {
  readonly #text: string;
  readonly #words: string[];
  readonly #done: (outcome: Outcome | Error) => void;
  readonly #results: Result[] = [];
  #rows: (string | null)[][] | null = null;
  callback = () => {};

  constructor(text: string, words: string[], done: (outcome: Outcome | Error) => void) {
    this.#text = text;
    this.#words = words;
    this.#done = done;
  }

  submit(connection: object): void {
    (connection as Connection).query(this.#text);
  }

  handleRowDescription(): void {
    this.#rows = [];
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#rows?.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#results.push({ tag: text, rows: this.#rows });
    this.#rows = null;
  }

  handleEmptyQuery(): void {}

  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFail("nothing to copy");
  }

  handleCopyData({ chunk }: { chunk: Uint8Array }): void {
    this.#rows ??= [];
    this.#rows.push([Buffer.from(chunk).toString()]);
  }

  handlePortalSuspended(): void {}

  handleError(error: Error & { code?: string }): void {
    // Without a code it is the line that broke, and nothing more will come.
    if (!error.code || !("severity" in error)) {
      this.#done(error);
      return;
    }
    const { code, message, ...rest } = error;
    // After an error `pg` tells a query nothing more.
    this.#finish({ code, text: `${message} ${JSON.stringify(rest)}` });
  }

  handleReadyForQuery(): void {
    this.#finish(null);
  }

  #finish(error: Outcome["error"]): void {
    this.#done({ results: this.#results, words: this.#words, error });
  }
}
