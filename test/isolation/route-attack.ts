import type { FastifyInstance } from "fastify";
import { randomFrom } from "../bench/random.ts";
import { decoded, plainly, send } from "./route-answer.ts";
import type { Credentials } from "./route-credentials.ts";
import { asksNothing, type RouteForm } from "./route-forms.ts";
import { type Identifiers, ofNobody } from "./route-identifiers.ts";
import { namelessly, type Owners, toldOf } from "./route-judge.ts";
import { type AskedRequest, makeRequest } from "./route-request.ts";
import { noteAnswer, noteLeak, type RouteTally } from "./route-tally.ts";
import { otherThan, type Tenant, tenants } from "./route-tenants.ts";

/** Whom requests are sent to, and what they are made of. */
export interface Target {
  readonly app: FastifyInstance;
  readonly forms: readonly RouteForm[];
  readonly credentials: readonly Credentials[];
  readonly identifiers: Readonly<Record<Tenant, Identifiers>>;
  readonly owners: Owners;
}

export interface Extent {
  readonly seed: number;
  readonly requests: number;
}

/**
 * Asks every route in turn. Whatever names the other tenant is asked once more with nobody's names in their place: the two
 * answers have to be the same.
 */
export async function attackRoutes(
  target: Target,
  { seed, requests }: Extent,
  tally: RouteTally,
): Promise<void> {
  const nobodys = {
    zqnorth: ofNobody(target.identifiers.zqnorth),
    zqsouth: ofNobody(target.identifiers.zqsouth),
  };
  const working = target.credentials.filter(({ sees }) => sees !== null);
  const failing = target.credentials.filter(({ sees }) => sees === null);
  const random = randomFrom(seed);
  for (let turn = 0; tally.requests < requests; turn++) {
    const form = target.forms[turn % target.forms.length] as RouteForm;
    // What is asked nothing has little to tell, and much to say.
    if (asksNothing.has(form.url) && !random.chance(0.1)) continue;
    const credentials = random.pick((random.chance(0.75) ? working : failing) as [Credentials]);
    const own = tenants.includes(credentials.sees as Tenant)
      ? (credentials.sees as Tenant)
      : random.pick(tenants);
    const other = otherThan(own);
    const number = random.between(0, 2 ** 32 - 1);
    const make = (named: Identifiers) =>
      makeRequest(
        form,
        { own: target.identifiers[own], other: named, random: randomFrom(number) },
        credentials.headers,
      );
    const trial = { target, form, credentials, tally };
    const asked = make(target.identifiers[other]);
    const heard = await ask(trial, asked);
    const askedOfNobody = make(nobodys[other]);
    if (credentials.sees === "every" || isSame(asked, askedOfNobody)) continue;
    const heardOfNobody = await ask(trial, askedOfNobody);
    tally.twins++;
    // What counts all that was asked is another each time.
    if (form.url === "/metrics") continue;
    const opaque = [...givenTo(target.identifiers[other]), ...givenTo(nobodys[other])];
    const known = { other, owners: target.owners, opaque };
    const answers = [
      namelessly(heard, asked, known),
      namelessly(heardOfNobody, askedOfNobody, known),
    ] as const;
    if (answers[0] !== answers[1]) noteLeak(tally, trial, { asked, why: "tells them from nobody", answers });
  }
}

/** Without quotes, which stand in an answer otherwise than in a header. */
function givenTo({ tags, pageTokens, credentials }: Identifiers): readonly string[] {
  return [...tags, ...pageTokens, ...credentials].flatMap((text) => text.match(/[\w-]{10,}/g) ?? []);
}

interface Trial {
  readonly target: Target;
  readonly form: RouteForm;
  readonly credentials: Credentials;
  readonly tally: RouteTally;
}

/** Gives the answer as text. */
async function ask(trial: Trial, asked: AskedRequest): Promise<string> {
  const { target, form, credentials, tally } = trial;
  const heard = await send(target.app, asked);
  noteAnswer(tally, trial, heard.status);
  const answer = plainly(heard);
  for (const [tenant, told] of Object.entries(toldOf(answer, asked, target.owners))) {
    if (told.length === 0) continue;
    if (maySee(tenant as Tenant, form, credentials, asked))
      for (const text of told) tally.seen[tenant as Tenant].add(text);
    else noteLeak(tally, trial, { asked, why: `says ${told.slice(0, 3).join(", ")}`, answers: [answer] });
  }
  return answer;
}

/** A service sees all, but where it names one org, of that one alone. */
function maySee(
  tenant: Tenant,
  { params }: RouteForm,
  { sees }: Credentials,
  { url }: AskedRequest,
): boolean {
  if (sees !== "every") return sees === tenant;
  const [, named] = /\/v1\/orgs\/([^/?]+)/.exec(url) ?? [];
  return !params.includes("org") || decoded(named ?? "") === tenant;
}

function isSame(a: AskedRequest, b: AskedRequest): boolean {
  if (a.url !== b.url || a.payload !== b.payload) return false;
  return JSON.stringify(a.headers) === JSON.stringify(b.headers);
}
