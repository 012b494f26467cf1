// Puts a file into the pull request as one comment, and updates that comment from then on.
// node comment.mjs plan.md, with GITHUB_TOKEN, GITHUB_REPOSITORY, PULL_REQUEST and, where it is not GitHub itself, GITHUB_API_URL.
import { readFileSync } from "node:fs";

const marker = "<!-- tenantry plan -->";
const longest = 65_536;

const {
  GITHUB_API_URL = "https://api.github.com",
  GITHUB_TOKEN,
  GITHUB_REPOSITORY,
  PULL_REQUEST,
} = process.env;
const comments = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${PULL_REQUEST}/comments`;

const body = shortened(`${marker}\n${readFileSync(process.argv[2], "utf8")}`);
const mine = await findComment();
if (mine === undefined) await request("POST", comments, { body });
else await request("PATCH", mine.url, { body });
console.log(mine === undefined ? "The plan is in a new comment." : "The plan's comment was updated.");

/** The comment that an earlier run made; a person's that quotes it is not taken for it. */
async function findComment() {
  let page = `${comments}?per_page=100`;
  while (page !== undefined) {
    const answer = await request("GET", page);
    const found = (await answer.json()).find(
      ({ body, user }) => user?.type === "Bot" && body?.startsWith(marker),
    );
    if (found !== undefined) return found;
    page = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
  }
  return undefined;
}

async function request(method, url, content) {
  const answer = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${GITHUB_TOKEN}`,
      "x-github-api-version": "2022-11-28",
      ...(content === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok)
    throw new Error(`${method} ${url} was answered with ${answer.status}: ${await answer.text()}`);
  return answer;
}

function shortened(text) {
  if (text.length <= longest) return text;
  const rest = "\n\n*The rest did not fit into a comment; it is in the summary of this run.*\n";
  return text.slice(0, text.lastIndexOf("\n", longest - rest.length)) + rest;
}
