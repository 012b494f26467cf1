import { decideEntitlement } from "../decision/decide-entitlement.ts";
import { decideFlag } from "../decision/decide-flag.ts";
import { decidePermission } from "../decision/decide-permission.ts";
import { explain } from "../decision/explain.ts";
import type { AskedResource, Question } from "../decision/question.ts";
import type { OrgSnapshot } from "../decision/snapshot.ts";
import type { Value } from "../model/value.ts";
import type { LiveEstate } from "../runtime/live-estate.ts";
import { explanationJson } from "../view/explanation-json.ts";
import type {
  About,
  AboutMember,
  Answer,
  Explanation,
  OrgQuestions,
  Query,
  Resource,
  Vocabulary,
} from "./client.ts";
import { valueOr } from "./flag-value.ts";
import { noAnswer, noExplanation } from "./no-answer.ts";
import { tellEach } from "./tell-each.ts";
import { assertNotTooMany, type Wanted, wantedOf } from "./wanted.ts";

/** What the orgs of a client in process are asked of. */
export interface InProcess {
  /** Which holds every org. */
  readonly estate: Pick<LiveEstate, "org" | "onChange">;
  readonly clock: () => number;
  /** Whether what is known may answer at that time. */
  readonly isFresh: (now: number) => boolean;
}

/**
 * Asks about one org in memory. Apps make one with every request and ask it many times: it is a class, because the functions
 * of an object made anew cost more than an answer does.
 */
export class LocalOrg implements OrgQuestions<Vocabulary, "now"> {
  readonly #slug: string;
  readonly #process: InProcess;

  constructor(slug: string, process: InProcess) {
    this.#slug = slug;
    this.#process = process;
  }

  can(member: string | null, permission: string, resource?: Resource, about?: About): boolean {
    const now = this.#process.clock();
    const org = this.#find(now);
    if (org === null) return false;
    // Written out, as the engine's `questionOf` is: what is spread costs ten times as much.
    const question: Question = {
      org,
      now,
      member,
      workspace: about?.workspace ?? null,
      environment: about?.environment ?? null,
      resource: resource === undefined ? null : asked(resource),
      subject: null,
      action: null,
      request: about?.context ?? null,
    };
    return decidePermission(question, permission).isAllowed;
  }

  flag(key: string, about: AboutMember, fallback: Value): Value {
    const now = this.#process.clock();
    const org = this.#find(now);
    return org === null ? fallback : valueOr(decideFlag(questionOf(about, org, now), key).value, fallback);
  }

  entitled(feature: string, about: About = nowhere): boolean {
    const now = this.#process.clock();
    const org = this.#find(now);
    return org !== null && decideEntitlement(questionOf(about, org, now), feature).isEntitled;
  }

  check(queries: readonly Query[]): readonly Answer[] {
    assertNotTooMany(queries);
    const now = this.#process.clock();
    const org = this.#find(now);
    return queries.map((query) => {
      const wanted = wantedOf(query);
      return org === null
        ? noAnswer(wanted, this.#whyNone(now))
        : answer(wanted, questionOf(query, org, now));
    });
  }

  explain(query: Query): Explanation {
    const now = this.#process.clock();
    const wanted = wantedOf(query);
    const org = this.#find(now);
    if (org === null) return noExplanation(wanted, this.#whyNone(now));
    const question = questionOf(query, org, now);
    return { answer: answer(wanted, question), explanation: explanationJson(explain(wanted, question)) };
  }

  onChange(listener: () => void): () => void {
    return this.#process.estate.onChange(({ slugs }) => {
      if (slugs === null || slugs.has(this.#slug)) tellEach([listener], undefined);
    });
  }

  /** null: there is none, or what is known of it is too old. */
  #find(now: number): OrgSnapshot | null {
    const { isFresh, estate } = this.#process;
    // All orgs are held, and so none has to be waited for.
    return isFresh(now) ? (estate.org(this.#slug) as OrgSnapshot | null) : null;
  }

  #whyNone(now: number): "unknown-org" | "unavailable" {
    return this.#process.isFresh(now) ? "unknown-org" : "unavailable";
  }
}

const nowhere: About = {};

interface Asked extends AboutMember {
  readonly resource?: Resource;
}

function questionOf(about: Asked, org: OrgSnapshot, now: number): Question {
  const { resource } = about;
  return {
    org,
    now,
    member: about.member ?? null,
    workspace: about.workspace ?? null,
    environment: about.environment ?? null,
    resource: resource === undefined ? null : asked(resource),
    subject: null,
    action: null,
    request: about.context ?? null,
  };
}

function asked({ type, id, attributes }: Resource): AskedResource {
  return { type, id: id ?? null, attributes: attributes ?? null };
}

function answer({ kind, name }: Wanted, question: Question): Answer {
  switch (kind) {
    case "permission": {
      const { isAllowed: allowed, reason, decidedBy, through } = decidePermission(question, name);
      return { kind, permission: name, allowed, reason, decidedBy, through };
    }
    case "flag": {
      const { value, variant, reason, decidedBy } = decideFlag(question, name);
      return { kind, flag: name, value, variant, reason, decidedBy };
    }
    case "entitlement": {
      const { isEntitled: entitled, value, reason, decidedBy, through } = decideEntitlement(question, name);
      return { kind, entitlement: name, entitled, value, reason, decidedBy, through };
    }
  }
}
