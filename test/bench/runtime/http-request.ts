/** One request of those that a server is loaded with, and what its answer has to be. */
export interface HttpRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isRight: (status: number, text: string) => boolean;
}

export interface LoadTarget {
  readonly name: string;
  readonly requests: readonly HttpRequest[];
  /** Makes what every request is sent with beside its own headers, once the server answers. */
  readonly credentials?: (origin: string) => Promise<Readonly<Record<string, string>>>;
  /** The program and its arguments. It has to print its address, `http://127.0.0.1:4600`, when it listens. */
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it prints none: its address, and a path that answers 200 when it is ready. */
  readonly ready?: { readonly origin: string; readonly path: string };
}

export function json(
  path: string,
  body: unknown,
  isRight: (answer: never, status: number) => boolean,
): HttpRequest {
  return {
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    isRight: (status, text) => status === 200 && isRight(JSON.parse(text) as never, status),
  };
}
