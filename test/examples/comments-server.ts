import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment as GitHub keeps it: https://docs.github.com/rest/issues/comments */
export interface Comment {
  readonly id: number;
  readonly url: string;
  body: string;
  readonly user: { readonly login: string; readonly type: "Bot" | "User" };
}

/** GitHub's comments on one pull request, served over HTTP: it pages, and wants the token. */
export interface CommentsServer {
  readonly url: string;
  readonly comments: Comment[];
  /** Adds a comment of somebody's. */
  readonly add: (login: string, body: string) => Comment;
  readonly close: () => Promise<void>;
}

const pull = "/repos/acme/tenants/issues/7/comments";

export async function serveComments(token: string): Promise<CommentsServer> {
  const comments: Comment[] = [];
  const add = (login: string, body: string) => {
    const id = comments.length + 1;
    const type = login.endsWith("[bot]") ? "Bot" : "User";
    const comment: Comment = {
      id,
      url: `${base()}/repos/acme/tenants/issues/comments/${id}`,
      body,
      user: { login, type },
    };
    comments.push(comment);
    return comment;
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "", base());
    if (request.headers.authorization !== `Bearer ${token}`)
      return { status: 401, content: { message: "Bad credentials" } };
    if (request.method === "GET" && url.pathname === pull) return page(url, comments);
    const { body } = JSON.parse(await textOf(request)) as { readonly body: string };
    if (body.length > 65_536) return { status: 422, content: { message: "Body is too long" } };
    if (request.method === "POST" && url.pathname === pull)
      return { status: 201, content: add("github-actions[bot]", body) };
    const comment = comments.find((each) => each.url === url.href);
    if (request.method !== "PATCH" || !comment) return { status: 404, content: { message: "Not Found" } };
    if (comment.user.type !== "Bot") return { status: 403, content: { message: "Forbidden" } };
    comment.body = body;
    return { status: 200, content: comment };
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, content, link }) => {
      response.writeHead(status, { "content-type": "application/json", ...(link ? { link } : {}) });
      response.end(JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: base(),
    comments,
    add,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Answer {
  readonly status: number;
  readonly content: unknown;
  readonly link?: string;
}

function page(url: URL, comments: readonly Comment[]): Answer {
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
  const number = Number(url.searchParams.get("page") ?? 1);
  const content = comments.slice((number - 1) * size, number * size);
  if (number * size >= comments.length) return { status: 200, content };
  const next = new URL(url);
  next.searchParams.set("page", String(number + 1));
  return { status: 200, content, link: `<${url.href}>; rel="prev", <${next.href}>; rel="next"` };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
