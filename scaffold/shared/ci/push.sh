# shellcheck shell=bash
# Pushes what changed. An image is built once: who has the same content gets the same image, by digest.

built='^(.+)-([0-9a-f]{7})-([0-9]{10,})$'

push() {
  local rebuild=
  if [[ ${1:-} == --rebuild ]]; then rebuild=yes; shift; fi
  (($# == 0)) || fail "push takes --rebuild and nothing else, not \`$1\`"
  local kind
  kind=$(ref_kind)
  case $kind in
    tag) need_environment release ;;
    *) need_environment main ;;
  esac
  if [[ $kind == pull ]] && ! wants_pull_images; then warn "no image of this pull request is pushed: services.json does not say \"pullRequestImages\": true"; return; fi
  registry_login "$REGISTRY"
  case $kind in
    pull) each_service push_pull ;;
    branch) push_branch_all "$rebuild" ;;
    tag) release ;;
  esac
}

repository_of() { printf '%s/%s\n' "$TEAM" "$(image_of "$1")"; }

# build_and_push SERVICE TAG
build_and_push() {
  local target commit
  target=$REGISTRY/$(repository_of "$1"):$2
  commit=$(current_commit)
  build_stage "$1" --push --platform linux/amd64 --tag "$target" --build-arg "VERSION=$2" \
    --label "org.opencontainers.image.revision=$commit" --label "org.opencontainers.image.version=$2" >&2
  pushed "$target"
}

pushed() {
  local digest
  digest=$(digest_of "$1")
  [[ -n $digest ]] || fail "$1 is not in the registry after the push"
  say "$1@$digest"
  note "| \`$1\` | \`$digest\` |"
}

push_pull() {
  local tag
  tag=$(print_version "$1")
  build_and_push "$1" "$tag"
}

# same_content SHA COMMIT SERVICE: whether the service is built from the same files in both.
same_content() {
  local paths
  mapfile -t paths < <(paths_of "$3")
  git cat-file -e "$1^{commit}" 2>/dev/null && git diff --quiet "$1" "$2" -- "${paths[@]}"
}

# Tags of a service's builds, those with the most seconds first: `built_tags HOST SERVICE [BRANCH]`.
built_tags() {
  local tag
  tags_of "$1" "$(repository_of "$2")" | while read -r tag; do
    [[ $tag =~ $built ]] || continue
    if [[ -z ${3:-} || ${BASH_REMATCH[1]} == "$3" ]]; then printf '%s %s %s\n' "${BASH_REMATCH[3]}" "${BASH_REMATCH[2]}" "$tag"; fi
  done | sort --numeric-sort --reverse
}

# The digest of an image of HOST with what COMMIT has: `find_built HOST SERVICE COMMIT`. Nothing when there is none.
find_built() {
  local tags sha tag
  tags=$(built_tags "$1" "$2")
  while read -r _ sha tag; do
    if [[ -n $sha ]] && same_content "$sha" "$3" "$2"; then digest_of "$1/$(repository_of "$2"):$tag"; return; fi
  done <<<"$tags"
}

push_branch_all() {
  local service branch seconds anything=
  branch=$(ref_name)
  check_branch "$branch"
  seconds=$(date +%s)
  for service in $(services); do push_branch "$service" "$1" "$seconds"; done
  flavour_push "$(branch_tag "$branch" "$(current_commit)" "$seconds")" "$anything"
}

# push_branch SERVICE REBUILD SECONDS
push_branch() {
  local service=$1 seconds=$3 commit branch newest sha tag digest=
  commit=$(current_commit) branch=$(branch_part "$(ref_name)")
  newest=$(built_tags "$REGISTRY" "$service" "$branch" | sed -n 1p)
  if [[ -n $newest ]]; then
    read -r newest sha tag <<<"$newest"
    if [[ $(git rev-parse --quiet --verify "$sha^{commit}") != "$commit" ]] && git merge-base --is-ancestor "$commit" "$sha" 2>/dev/null; then
      warn "$service: $tag is of a newer commit; nothing is pushed for ${commit:0:7}"
      return
    fi
    if [[ -z $2 ]] && same_content "$sha" "$commit" "$service"; then say "$service: nothing changed since $tag"; return; fi
    # Clocks of agents differ, and Flux takes the largest number.
    if ((10#$newest >= seconds)); then seconds=$((10#$newest + 1)); fi
  fi
  anything=yes
  tag=$(branch_tag "$(ref_name)" "$commit" "$seconds")
  # A change that was reverted was built before.
  [[ -n $2 ]] || digest=$(find_built "$REGISTRY" "$service" "$commit")
  if [[ -z $digest ]]; then build_and_push "$service" "$tag"; return; fi
  copy_by_digest "$REGISTRY/$(repository_of "$service")@$digest" "$REGISTRY/$(repository_of "$service"):$tag"
  pushed "$REGISTRY/$(repository_of "$service"):$tag"
}
