import type { MemberSnapshot, OrgSnapshot } from "../snapshot.ts";

/** An org compiled as it was and as it will be, with who is who. */
export interface OrgPair {
  readonly before: OrgSnapshot;
  readonly after: OrgSnapshot;
  readonly members: readonly MemberPair[];
}

/** The same person on both sides, whatever became of the address; null: not there. */
export interface MemberPair {
  readonly before: MemberSnapshot | null;
  readonly after: MemberSnapshot | null;
}

/** Matches members by what never changes of them, and by their keys where that is not known. */
export function orgPair(before: OrgSnapshot, after: OrgSnapshot): OrgPair {
  const earlier = new Map<string, MemberSnapshot>();
  const byKey = new Map<string, MemberSnapshot>();
  for (const member of membersOf(before)) {
    if (member.id !== null) earlier.set(member.id, member);
    byKey.set(member.key, member);
  }
  const taken = new Set<MemberSnapshot>();
  const earlierOf = ({ id, key }: MemberSnapshot): MemberSnapshot | null => {
    const found = (id === null ? undefined : earlier.get(id)) ?? byKey.get(key);
    return found && (id === null || found.id === null || found.id === id) ? found : null;
  };
  const present = membersOf(after).map((member) => {
    const found = earlierOf(member);
    if (found) taken.add(found);
    return { before: found, after: member };
  });
  const left = membersOf(before)
    .filter((member) => !taken.has(member))
    .map((member) => ({ before: member, after: null }));
  return {
    before,
    after,
    members: [...present, ...left],
  };
}

/** Every member once: a snapshot knows each by address and user id too. */
export function membersOf({ members }: OrgSnapshot): readonly MemberSnapshot[] {
  return [...members].filter(([name, { key }]) => name === key).map(([, member]) => member);
}
