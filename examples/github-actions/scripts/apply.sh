#!/bin/sh
# Applies the saved plan, and nothing but it.
set -u

tenantry apply plan.json --yes
code=$?

case "$code" in
  3) echo "::error::The database changed since the plan was made, in a row that it reads or writes. Nothing was applied: run all jobs again, and look at the new plan." ;;
  4) echo "::error::A guard or a test refused. Nothing was applied." ;;
  5) echo "::error::Another apply holds the lock. Nothing was applied: run this job again." ;;
  6) echo "::error::The answer to the commit was lost. Run this job again: it finds out whether the plan was applied." ;;
esac
exit "$code"
