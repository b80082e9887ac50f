# shellcheck shell=bash
# What is built, whoever runs this: GitHub Actions, Azure Pipelines, or a person.
# Sources: docs.github.com "Variables reference"; learn.microsoft.com "Use predefined variables".

# refs/heads/main, refs/tags/v1.4.2 or refs/pull/12/merge.
current_ref() {
  if [[ -n ${GITHUB_REF:-} ]]; then printf '%s\n' "$GITHUB_REF"
  elif [[ -n ${BUILD_SOURCEBRANCH:-} ]]; then printf '%s\n' "$BUILD_SOURCEBRANCH"
  else git symbolic-ref --quiet HEAD || fail "HEAD is on no branch: check one out"; fi
}

# branch, tag or pull.
ref_kind() {
  case $(current_ref) in
    refs/heads/*) echo branch ;;
    refs/tags/*) echo tag ;;
    refs/pull/*) echo pull ;;
    *) fail "$(current_ref) is neither a branch nor a tag nor a pull request" ;;
  esac
}

ref_name() { current_ref | sed -E 's,^refs/(heads|tags)/,,'; }

pull_number() {
  # A pull request of GitHub has two numbers in Azure DevOps; its own is the one that people know.
  local number=${SYSTEM_PULLREQUEST_PULLREQUESTNUMBER:-}
  [[ -n $number ]] || number=$(current_ref | sed -E 's,^refs/pull/([0-9]+)/.*$,\1,')
  [[ $number =~ ^[0-9]+$ ]] || fail "$(current_ref) is no pull request"
  printf '%s\n' "$number"
}

# The commit, 40 hex digits. Of a pull request its own, not the merge that is checked out.
current_commit() {
  if [[ $(ref_kind) == pull ]]; then
    local commit=${PULL_REQUEST_COMMIT:-${SYSTEM_PULLREQUEST_SOURCECOMMITID:-}}
    [[ $commit =~ ^[0-9a-f]{40}$ ]] || fail "PULL_REQUEST_COMMIT is not set to the pull request's commit"
    printf '%s\n' "$commit"
  else git rev-parse HEAD; fi
}

# Where a person reads the log; nothing on a laptop.
run_address() {
  if [[ -n ${GITHUB_RUN_ID:-} ]]; then printf '%s\n' "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  elif [[ -n ${BUILD_BUILDID:-} ]]; then printf '%s\n' "$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_build/results?buildId=$BUILD_BUILDID"
  fi
}
