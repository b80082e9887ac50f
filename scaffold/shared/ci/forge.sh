# shellcheck shell=bash
# Where the repository lies: GitHub (`gh`, with GH_TOKEN) or Azure Repos (its API, with SYSTEM_ACCESSTOKEN).

forge() {
  if [[ ${BUILD_REPOSITORY_PROVIDER:-} == TfsGit ]]; then echo azure; else echo github; fi
}

# azure_repos METHOD PATH-AND-QUERY [BODY]; the token is not in the list of processes.
azure_repos() {
  local base=$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_apis/git/repositories/$BUILD_REPOSITORY_ID
  curl --silent --show-error --fail-with-body --max-time 60 --request "$1" ${3:+--data "$3"} \
    --config <(printf 'header = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\n' "$SYSTEM_ACCESSTOKEN") \
    "$base/$2" || fail "Azure Repos refuses $1 ${2%%\?*}: has the build service the right to contribute to pull requests?"
}

# commit_states COMMIT PREFIX [CREATOR]: lines `state<TAB>context<TAB>creator<TAB>description` of the statuses whose context begins so and
# whose creator that is; of each context the latest, which has the highest id. state is success, pending or failure.
commit_states() {
  local statuses all
  if [[ $(forge) == azure ]]; then
    statuses=$(azure_repos GET "commits/$1/statuses?api-version=7.1")
    all='[.[].value[] | {id, state: ({succeeded: "success", pending: "pending", notSet: "pending"}[.state] // "failure"),
      context: .context.name, by: (.createdBy.uniqueName // ""), description}]'
  else
    statuses=$(gh api --paginate "repos/{owner}/{repo}/commits/$1/statuses?per_page=100") || fail "cannot read the statuses of ${1:0:7}"
    all='[.[][] | {id, state: ({success: "success", pending: "pending"}[.state] // "failure"), context, by: (.creator.login // ""), description}]'
  fi
  jq --slurp --raw-output --arg prefix "$2" --arg creator "${3:-}" "$all"' | map(select((.context | startswith($prefix))
    and ($creator == "" or (.by | ascii_downcase) == ($creator | ascii_downcase)))) | group_by(.context)[] | max_by(.id)
    | [.state, .context, .by, (.description // "")] | @tsv' <<<"$statuses"
}

# open_pull_request BRANCH TITLE FILE-WITH-BODY: opens it to main, or says which is open. Prints its address.
open_pull_request() {
  local open base=main
  if [[ $(forge) == azure ]]; then
    open=$(azure_repos GET "pullrequests?searchCriteria.sourceRefName=refs/heads/$1&searchCriteria.status=active&api-version=7.1" | jq --raw-output '.value[0].pullRequestId // empty')
    if [[ -z $open ]]; then
      open=$(azure_repos POST "pullrequests?api-version=7.1" "$(jq --null-input --arg source "refs/heads/$1" --arg target "refs/heads/$base" --arg title "$2" \
        --rawfile description "$3" '{sourceRefName: $source, targetRefName: $target, title: $title, description: ($description[:4000])}')" | jq --raw-output .pullRequestId)
    fi
    printf '%s\n' "$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_git/$BUILD_REPOSITORY_ID/pullrequest/$open"
    return
  fi
  open=$(gh pr list --head "$1" --base "$base" --state open --json url --jq '.[0].url // empty') || fail "cannot list the pull requests"
  if [[ -n $open ]]; then
    gh pr edit "$open" --title "$2" --body-file "$3" >/dev/null || fail "cannot change $open"
    printf '%s\n' "$open"
    return
  fi
  gh pr create --head "$1" --base "$base" --title "$2" --body-file "$3" ||
    fail "cannot open the pull request: may GitHub Actions open pull requests here (Settings, Actions, General)?"
}

# GitHub starts no workflow for what a workflow's own token does; asking for it is the exception. Flux's push starts one by itself.
start_checks() {
  if [[ $(forge) == azure || -z ${GITHUB_ACTIONS:-} ]]; then return; fi
  gh workflow run ci.yml --ref "$1" >&2 || warn "start the workflow ci for the branch $1 by hand: its checks did not start"
}
