# shellcheck shell=bash
# Azure Container Registry, signed in to with the job's federated principal: no password is stored anywhere.

declare -A signed_in=()

# registry_name HOST: what Azure calls it, which its host need not begin with.
registry_name() {
  case $1 in
    "$REGISTRY") printf '%s\n' "$REGISTRY_NAME" ;;
    "$PROMOTE_FROM") printf '%s\n' "$PROMOTE_FROM_NAME" ;;
    *) fail "MOORING names no registry $1" ;;
  esac
}

# Docker's credential file then also serves Helm.
registry_login() {
  [[ -z ${signed_in[$1]:-} ]] || return 0
  local name
  name=$(registry_name "$1")
  az acr login --name "$name" >&2 || fail "cannot sign in to $1: has the job the Azure login of its environment?"
  signed_in[$1]=yes
}

# tags_of HOST REPOSITORY: all of them, newest first; none when nothing was pushed there yet.
tags_of() {
  local answer name status=0
  name=$(registry_name "$1")
  answer=$(az acr repository show-tags --name "$name" --repository "$2" --orderby time_desc --output tsv 2>"$scratch") || status=$?
  if ((status == 0)); then printf '%s\n' "$answer" | sed '/^$/d'; return; fi
  # `Error: repository "orders/api" is not found. Correlation ID: …`
  grep --quiet --ignore-case -E 'is not found|name not known|does not exist' "$scratch" || fail "cannot read the tags of $1/$2: $(tail -n 1 "$scratch")"
}

# The digest of an image, `sha256:…`; nothing when it is not there.
digest_of() {
  local answer
  if answer=$(docker buildx imagetools inspect --format '{{json .Manifest}}' "$1" 2>"$scratch"); then
    jq --raw-output .digest <<<"$answer"
  else
    grep --quiet --ignore-case 'not found' "$scratch" || fail "cannot read $1: $(tail -n 1 "$scratch")"
  fi
}

# copy_by_digest HOST/REPOSITORY@DIGEST HOST/REPOSITORY:TAG: what was tried is what runs, to the bit.
copy_by_digest() {
  local digest
  # Without --prefer-index=false a single manifest would be wrapped, and have another digest.
  docker buildx imagetools create --prefer-index=false --tag "$2" "$1" >&2 || fail "cannot copy $1 to $2"
  digest=$(digest_of "$2")
  [[ $digest == "${1##*@}" ]] || fail "$2 is $digest after the copy, not ${1##*@}"
  say "$2 is $1"
}

scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
