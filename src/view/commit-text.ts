/** A recorded commit as people read it: `9f3c2e1`, `9f3c2e1 (edited)`. What is no commit's full name stays as it is. */
export function commitText(commit: string): string {
  return commit.replace(/^([0-9a-f]{7})(?:[0-9a-f]{33}|[0-9a-f]{57})(?= \(edited\)$|$)/, "$1");
}
