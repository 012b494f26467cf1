import type { FastifyInstance } from "fastify";

/** Gives the methods that a path takes; none: there is nothing at that path. */
export type AllowedMethods = (path: string) => readonly string[];

/** Knows every route that is added after this call. Asked only about what no route answered, so it need not be quick. */
export function allowedMethods(app: FastifyInstance): AllowedMethods {
  const routes: { readonly segments: readonly string[]; readonly methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    routes.push({ segments: url.split("/"), methods: [method].flat() });
  });
  return (path) => {
    const asked = path.split("/");
    const methods = routes.filter(({ segments }) => isAt(segments, asked)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

function isAt(segments: readonly string[], asked: readonly string[]): boolean {
  return (
    segments.length === asked.length &&
    segments.every((segment, place) =>
      segment.startsWith(":") ? asked[place] !== "" : segment === asked[place],
    )
  );
}
