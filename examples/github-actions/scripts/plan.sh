#!/bin/sh
# Plans, and leaves plan.md for people and plan.json for an apply. Where it fails, plan.md says why.
set -u

tenantry plan --out plan.json --markdown plan.md --detailed-exitcode > plan.log 2>&1
code=$?

# Without a plan there is something to tell all the same: the manifests' mistakes, at their places.
if [ ! -s plan.md ]; then
  {
    printf '**No plan was made** (exit code %s).\n\n~~~~~~text\n' "$code"
    head -c 50000 plan.log
    printf '\n~~~~~~\n'
  } > plan.md
fi

cat plan.log
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat plan.md >> "$GITHUB_STEP_SUMMARY"
[ -z "${GITHUB_OUTPUT:-}" ] || [ "$code" -ne 2 ] || echo "changes=true" >> "$GITHUB_OUTPUT"

# Changes are what a plan is for: no fault.
[ "$code" -ne 2 ] || code=0
exit "$code"
