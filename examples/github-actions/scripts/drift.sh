#!/bin/sh
# Fails where somebody changed the database past the manifests.
set -u

tenantry plan --drift-only --markdown drift.md
code=$?

if [ "$code" -eq 2 ]; then
  echo "::error::The database is not what was last applied. The summary says who changed what, and when."
  [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat drift.md >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
