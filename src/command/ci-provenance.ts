import { readFileSync } from "node:fs";

/** What a CI says of the job that runs here. */
export interface CiProvenance {
  /** The commit that the job is for: of a pull request, the one that its author pushed. */
  readonly commit: string | null;
  /** The commit that the CI checks out for it: of a pull request, often a merge that nobody wrote. */
  readonly checkedOut: string | null;
  readonly title: string | null;
  readonly actor: string | null;
}

/** Reads the documented variables of the CI that this process runs in; null where it runs in none. */
export function ciProvenance(environment: NodeJS.ProcessEnv): CiProvenance | null {
  const found = systems.find(({ isHere }) => environment[isHere]);
  if (!found) return null;
  const said = found.read(environment);
  const commit = commitName(said.commit) ?? commitName(said.checkedOut);
  return {
    commit,
    checkedOut: commitName(said.checkedOut) ?? commit,
    title: said.title?.split("\n", 1)[0] || null,
    actor: said.actor || null,
  };
}

interface Said {
  readonly commit?: string | undefined;
  readonly checkedOut?: string | undefined;
  readonly title?: string | undefined;
  readonly actor?: string | undefined;
}

interface System {
  /** A variable that only this system sets. */
  readonly isHere: string;
  readonly read: (environment: NodeJS.ProcessEnv) => Said;
}

const systems: readonly System[] = [
  // https://docs.github.com/actions/reference/workflows-and-actions/variables
  { isHere: "GITHUB_ACTIONS", read: githubActions },
  // https://docs.gitlab.com/ci/variables/predefined_variables/
  {
    isHere: "GITLAB_CI",
    read: (is) => ({
      commit: is.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA,
      checkedOut: is.CI_COMMIT_SHA,
      title: is.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA ? undefined : is.CI_COMMIT_TITLE,
      actor: is.GITLAB_USER_LOGIN,
    }),
  },
  // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
  {
    isHere: "BITBUCKET_BUILD_NUMBER",
    read: (is) => ({ checkedOut: is.BITBUCKET_COMMIT, actor: is.BITBUCKET_STEP_TRIGGERER_UUID }),
  },
  // https://circleci.com/docs/reference/variables/
  {
    isHere: "CIRCLECI",
    read: (is) => ({ checkedOut: is.CIRCLE_SHA1, actor: is.CIRCLE_USERNAME }),
  },
  // https://buildkite.com/docs/pipelines/configure/environment-variables; its commit may be the word HEAD
  {
    isHere: "BUILDKITE",
    read: (is) => ({
      checkedOut: is.BUILDKITE_COMMIT,
      title: is.BUILDKITE_MESSAGE,
      actor:
        is.BUILDKITE_UNBLOCKER_EMAIL ||
        is.BUILDKITE_UNBLOCKER ||
        is.BUILDKITE_BUILD_CREATOR_EMAIL ||
        is.BUILDKITE_BUILD_CREATOR,
    }),
  },
  // https://learn.microsoft.com/azure/devops/pipelines/build/variables
  {
    isHere: "TF_BUILD",
    read: (is) => ({
      commit: is.SYSTEM_PULLREQUEST_SOURCECOMMITID,
      checkedOut: is.BUILD_SOURCEVERSION,
      title: is.SYSTEM_PULLREQUEST_SOURCECOMMITID ? undefined : is.BUILD_SOURCEVERSIONMESSAGE,
      actor: is.BUILD_REQUESTEDFOREMAIL || is.BUILD_REQUESTEDFOR,
    }),
  },
  // https://plugins.jenkins.io/git and /build-user-vars-plugin
  {
    isHere: "JENKINS_URL",
    read: (is) => ({ checkedOut: is.GIT_COMMIT, actor: is.BUILD_USER_ID || is.CHANGE_AUTHOR }),
  },
];

/** Of a pull request, GITHUB_SHA is a merge made for the job; its event names the commit that was pushed. */
function githubActions(is: NodeJS.ProcessEnv): Said {
  const event = githubEvent(is.GITHUB_EVENT_PATH);
  const isMerge = /^refs\/pull\/\d+\/merge$/.test(is.GITHUB_REF ?? "");
  const pushed = event?.head_commit;
  return {
    commit: isMerge ? event?.pull_request?.head?.sha : is.GITHUB_SHA,
    checkedOut: is.GITHUB_SHA,
    title: pushed?.id === is.GITHUB_SHA ? pushed?.message : undefined,
    actor: is.GITHUB_TRIGGERING_ACTOR || is.GITHUB_ACTOR,
  };
}

interface GithubEvent {
  readonly pull_request?: { readonly head?: { readonly sha?: string } };
  readonly head_commit?: { readonly id?: string; readonly message?: string } | null;
}

function githubEvent(path: string | undefined): GithubEvent | null {
  if (!path) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as GithubEvent | null;
  } catch {
    // A job in a container may not see the runner's files; the variables still tell.
    return null;
  }
}

/** SHA-1 or SHA-256, in full. */
function commitName(text: string | undefined): string | null {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text ?? "") ? (text as string) : null;
}
