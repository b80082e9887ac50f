#!/usr/bin/env bash
# What a pipeline runs, the same for GitHub Actions and Azure Pipelines; docs/delivery.md says when and as whom.
#
#   cli/ci/run.sh diff               checks the settings of every stack, and says what a change does to what they declare
#   cli/ci/run.sh preview STACK      what an `up` would do
#   cli/ci/run.sh drift STACK        what somebody changed by hand
#   cli/ci/run.sh up STACK           previews, refuses what loses something, and brings the stack up
#   cli/ci/run.sh stop STACK         waits for an `up` whose job was cancelled
#   cli/ci/run.sh comment            puts the reports of this run on its pull request
#   cli/ci/run.sh comment-run        the same for the run that this one follows, whose reports nobody vouches for
#
# Reports are Markdown, <diff|preview|drift>-<stack>.md, in the folder `reports` of the job's temporary one: outside the checkout.
# MOORING_GITHUB_APP, _KEY, _OWNER and _HOST name a GitHub App of the pipeline's own (cli/github-token.ts).
# ACCEPT has names of resources that may be lost, with spaces between them; SECONDS_TO_STOP says how long `stop` waits, by default 240.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
what=$1
stack=${2:-}
reports=${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:?}}/reports
mkdir -p "$reports"
# npm's own Node, which `npm ci` installed.
PATH="$PWD/node_modules/.bin:$PATH"

accepted=()
read -ra names <<<"${ACCEPT:-}"
for name in "${names[@]}"; do accepted+=(--accept "$name"); done

# Into the page of the run, where the job's readers see it without a comment.
summarise() {
  test -f "$1" || return 0
  if [[ -n "${GITHUB_STEP_SUMMARY:-}" ]]; then cat "$1" >>"$GITHUB_STEP_SUMMARY"; fi
  if [[ -n "${TF_BUILD:-}" ]]; then echo "##vso[task.uploadsummary]$1"; fi
}

# As the App that the environment names. Without one, `mooring:github.app` of the stack file is what GitHub is asked with.
sign_in_at_github() {
  if [[ -z "${MOORING_GITHUB_APP:-}" ]]; then return 0; fi
  GITHUB_TOKEN=$(npm run --silent github-token -- --owner "${MOORING_GITHUB_OWNER:?}" --host "${MOORING_GITHUB_HOST:-github.com}")
  export GITHUB_TOKEN
}

code=0
case $what in
  diff)
    for file in Pulumi.*.yaml; do
      stack=${file#Pulumi.} stack=${stack%.yaml}
      # Nobody's environment but one's own.
      if [[ "$stack" == local ]]; then continue; fi
      npm run --silent check -- "$stack" || code=1
      # The tree of a pull request's job is the merge; its first parent is what it is merged into.
      npm run --silent diff -- "$stack" --base HEAD^1 --install --out "$reports/diff-$stack.md" || code=1
      summarise "$reports/diff-$stack.md"
    done
    ;;
  preview)
    sign_in_at_github
    npm run --silent preview -- "$stack" "${accepted[@]}" --markdown "$reports/preview-$stack.md" || code=$?
    summarise "$reports/preview-$stack.md"
    ;;
  drift)
    sign_in_at_github
    npm run --silent preview -- "$stack" --drift --markdown "$reports/drift-$stack.md" || code=$?
    # For tell.sh, in another job.
    echo "$code" >"$reports/drift-$stack.exit"
    summarise "$reports/drift-$stack.md"
    ;;
  up)
    sign_in_at_github
    # In this process's place: a signal is sent to the first process of a step, and npm does not pass it on.
    exec node --import ./cli/preload.mjs cli/up.ts "$stack" "${accepted[@]}"
    ;;
  stop)
    exec node --import ./cli/preload.mjs cli/up.ts "$stack" --stop --seconds "${SECONDS_TO_STOP:-240}"
    ;;
  comment)
    sign_in_at_github
    for body in "$reports"/{diff,preview}-*.md; do
      if [[ ! -f "$body" ]]; then continue; fi
      key=$(basename "$body" .md)
      npm run --silent comment -- --body "$body" --key "$key" || code=1
    done
    ;;
  comment-run)
    exec node --import ./cli/preload.mjs cli/ci/comment-run.ts "$reports"
    ;;
  *)
    echo "cli/ci/run.sh: there is no $what" >&2
    exit 2
    ;;
esac
exit "$code"
