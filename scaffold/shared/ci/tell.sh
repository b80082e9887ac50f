# shellcheck shell=bash
# Tells Flux that there is something new, and people how it went.

# The receiver of the environment takes a call that is signed with its token. Flux looks by itself as well, so a call that fails is no failure.
notify() {
  need_mooring
  if [[ -z $RECEIVER ]]; then say "$ENVIRONMENT has no receiver; Flux looks by itself"; return; fi
  if ! is_set MOORING_RECEIVER_TOKEN; then warn "the secret MOORING_RECEIVER_TOKEN is not set; Flux looks by itself"; return; fi
  local body signature
  body=$(jq --null-input --compact-output --arg team "$TEAM" --arg commit "$(git rev-parse HEAD)" '{team: $team, commit: $commit}')
  # openssl would show the token in the list of processes.
  signature=$(printf '%s' "$body" | python3 -c '
import hashlib, hmac, os, sys
print(hmac.new(os.environ["MOORING_RECEIVER_TOKEN"].encode(), sys.stdin.buffer.read(), hashlib.sha256).hexdigest())')
  # Four attempts, one, two and four seconds apart, when there is no connection or the server says to come back (408, 429, 5xx).
  if curl --silent --show-error --fail --output /dev/null --max-time 15 --retry 3 --retry-max-time 60 --retry-connrefused \
    --request POST --header "Content-Type: application/json" --header "X-Signature: sha256=$signature" --data-binary "$body" "$RECEIVER"; then
    say "Flux was told"
  else
    warn "Flux could not be told; it looks by itself within its interval"
  fi
}

# announce STATE
announce() {
  local state=${1:-} mark text address
  case ${state,,} in
    success | succeeded) mark="✅ succeeded" ;;
    failure | failed) mark="❌ failed" ;;
    cancelled | canceled) mark="⏹ was cancelled" ;;
    succeededwithissues) mark="⚠️ succeeded, with warnings" ;;
    *) fail "announce takes success, failure or cancelled, not \`$state\`" ;;
  esac
  address=$(run_address)
  text="$(ref_name | sed -E 's,^refs/pull/([0-9]+)/.*$,pull request \1,') at $(current_commit | cut -c1-7) $mark${address:+ ([log]($address))}"
  printf '%s\n' "$text" >&2
  local page notes=${NOTES:-}
  if [[ -z $notes && -e .build/notes.md ]]; then notes=$(cat .build/notes.md); fi
  page=$(mktemp)
  { printf '### %s\n\n' "$text"
    if grep --quiet '^|' <<<"$notes"; then printf '| image | digest |\n|---|---|\n'; grep '^|' <<<"$notes"; printf '\n'; fi
    grep --invert-match '^|' <<<"$notes" || true; } >"$page"
  # The job's page, the pull request, the channel: one that fails does not keep the others from being told.
  if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then cat "$page" >>"$GITHUB_STEP_SUMMARY"; fi
  if [[ -n ${TF_BUILD:-} ]]; then printf '##vso[task.uploadsummary]%s\n' "$page"; fi
  if [[ -n ${GITHUB_ACTIONS:-} && -n ${GH_TOKEN:-} && $(ref_kind) == pull ]]; then comment "$page" || warn "the pull request could not be told"; fi
  if is_set TEAM_WEBHOOK; then tell_channel "$(basename "${GITHUB_REPOSITORY:-${BUILD_REPOSITORY_NAME:-$PWD}}"): $text" || warn "the team's channel could not be told"; fi
}

# One comment a pull request, changed in place.
comment() {
  local mark='<!-- build -->' body id number
  number=$(pull_number)
  body=$(mktemp)
  { printf '%s\n' "$mark"; cat "$1"; } >"$body"
  id=$(gh api --paginate "repos/{owner}/{repo}/issues/$number/comments" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id" | sed -n 1p) || return 1
  if [[ -n $id ]]; then gh api --method PATCH "repos/{owner}/{repo}/issues/comments/$id" --field "body=@$body" >/dev/null
  else gh api --method POST "repos/{owner}/{repo}/issues/$number/comments" --field "body=@$body" >/dev/null; fi
}

# Slack, Mattermost, Rocket.Chat and Google Chat take {text}; Discord and Microsoft Teams have forms of their own. The address is secret.
tell_channel() {
  local body
  case ${TEAM_WEBHOOK#https://} in
    discord.com/* | discordapp.com/*) body=$(jq --null-input --arg text "$1" '{content: $text}') ;;
    *.webhook.office.com/* | *.logic.azure.com* | *.powerplatform.com*)
      body=$(jq --null-input --arg text "$1" '{type: "message", attachments: [{contentType: "application/vnd.microsoft.card.adaptive",
        content: {type: "AdaptiveCard", version: "1.4", body: [{type: "TextBlock", wrap: true, text: $text}]}}]}') ;;
    *) body=$(jq --null-input --arg text "$1" '{text: $text}') ;;
  esac
  curl --silent --show-error --fail --output /dev/null --max-time 15 --retry 2 --request POST --header "Content-Type: application/json" \
    --data-binary "$body" --config <(printf 'url = "%s"\n' "$TEAM_WEBHOOK")
}
