#!/usr/bin/env bash
# Tells of drift in an issue of the repository, one a stack: made, brought up to date, and closed once there is none.
#   cli/ci/tell.sh STACK...
# GH_TOKEN and GH_REPO say to whom `gh` talks. The reports are where run.sh put them.
set -euo pipefail
reports=${RUNNER_TEMP:?}/reports

for stack in "$@"; do
  report=$reports/drift-$stack.md
  export TITLE="Drift in $stack"
  # Of ours alone: anybody may open an issue of that title.
  number=$(gh issue list --state open --author app/github-actions --limit 100 --json number,title \
    --jq 'map(select(.title == env.TITLE)) | .[0].number // empty')
  if [[ -f "$reports/drift-$stack.exit" && "$(<"$reports/drift-$stack.exit")" == 0 ]]; then
    if [[ -n "$number" ]]; then gh issue close "$number" --comment "Nothing differs any more."; fi
    continue
  fi
  if [[ ! -f "$report" ]]; then
    # The job did not come as far as the check.
    mkdir -p "$reports"
    echo "Whether anything differs is not known: the check failed. ${GITHUB_SERVER_URL:?}/${GITHUB_REPOSITORY:?}/actions/runs/${GITHUB_RUN_ID:?}" >"$report"
  fi
  if [[ -n "$number" ]]; then
    gh issue edit "$number" --body-file "$report"
  else
    gh issue create --title "$TITLE" --body-file "$report"
  fi
done
