# shellcheck shell=bash
# From what runs in staging to a pull request for production. What staging runs is read from this repository: Flux sets a commit
# status for each commit that it has applied and found healthy, and the files of that commit name the images. So this needs no
# credential of a cluster.

# Statuses of the platform: mooring/<environment>/…
status_prefix=mooring

promote() {
  local commit='' versions=() from to
  while (($# > 0)); do
    case $1 in
      --commit) commit=${2:-}; shift 2 ;;
      --version) read -r -a given <<<"${2:-}"; versions+=("${given[@]}"); shift 2 ;;
      *) fail "promote takes --commit and --version, not \`$1\`" ;;
    esac
  done
  need_mooring
  check_services
  from=$(environment_of main) to=$(environment_of release)
  # shellcheck disable=SC2153 # need_mooring sets it
  [[ $ENVIRONMENT == "$to" ]] || fail "this promotes to $to, but MOORING is of $ENVIRONMENT"
  if [[ -z $commit ]]; then
    commit=$(ready_commit "$from")
  else
    commit=$(git rev-parse --quiet --verify "$commit^{commit}") || fail "there is no such commit"
    git merge-base --is-ancestor "$commit" HEAD || fail "${commit:0:7} is not a commit of this branch"
  fi
  say "$from runs what ${commit:0:7} says"
  promote_images "$commit" "$from" "$to" "${versions[@]}"
}

# The newest commit that Flux said anything of, if all that it said is good. Commits that came together are applied as one.
ready_commit() {
  local sha states shas
  shas=$(git rev-list --max-count=50 HEAD)
  for sha in $shas; do
    states=$(commit_states "$sha" "$status_prefix/$1/")
    [[ -n $states ]] || continue
    if grep --quiet --invert-match '^success' <<<"$states"; then
      fail "$1 is not ready at ${sha:0:7}: $(grep --invert-match '^success' <<<"$states" | sed -n 1p | tr '\t' ' ')"
    fi
    printf '%s\n' "$sha"
    return
  done
  fail "none of the last 50 commits has a status $status_prefix/$1/…: the platform sets them where the team's settings have \
commit statuses (notify). Without them look for yourself what $1 runs, and name the commit: promote --commit SHA"
}

# promote_images COMMIT FROM TO [VERSION | IMAGE=VERSION ...]
promote_images() {
  local commit=$1 from=$2 to=$3 source=${PROMOTE_FROM:-$REGISTRY} found image tag digest version files lines='' first=''
  shift 3
  found=$(environment_versions "$from" "$commit")
  [[ -n $found ]] || fail "deploy/$from has no version with a marker (# {\"\$imagepolicy\": …}) at ${commit:0:7}"
  mapfile -t files < <(marked_files "$to")
  ((${#files[@]} > 0)) || fail "deploy/$to has no line with a marker (# {\"\$imagepolicy\": …}), so there is nowhere to write a version"
  found=$(with_place "$found" "$to" "${files[@]}")
  [[ -n $found ]] || fail "deploy/$to has a line for none of these images: name them in the team's settings of $to (images), or write their entries as deploy/$from has them"
  check_versions "$found" "$@"
  registry_login "$REGISTRY"
  registry_login "$source"
  while read -r image tag digest; do
    if [[ $digest == - ]]; then digest=$(digest_of "$source/$TEAM/$image:$tag"); fi
    [[ -n $digest && -n $(digest_of "$source/$TEAM/$image@$digest") ]] ||
      fail "$image:$tag is not in $source: $from runs no image of this repository yet"
    version=$(version_for "$image" "$digest" "$@")
    put_version "$source/$TEAM/$image@$digest" "$REGISTRY/$TEAM/$image:$version"
    marker_set "$image" "$version" "$digest" "$REGISTRY/$TEAM/$image" "${files[@]}"
    lines+="| \`$image\` | \`$version\` | \`$tag\` | \`$digest\` |"$'\n'
    first=${first:-$version}
  done <<<"$found"
  if (($(wc -l <<<"$found") > 1)); then first=; fi
  flavour_promote "$commit" "$from" "$to" "$first"
  request_promotion "$commit" "$from" "$to" "$first" "$lines"
}

# with_place FOUND TO FILE...: the images whose version the files have a line for. An image of one environment alone is no fault.
with_place() {
  local found=$1 to=$2 image rest
  shift 2
  while read -r image rest; do
    if grep --quiet --extended-regexp -e "\"\\\$imagepolicy\": *\"[^\":]+:${image//./\\.}(:tag)?\"" -- "$@"; then printf '%s %s\n' "$image" "$rest"
    else warn "$image is not promoted: deploy/$to has no line with its marker (# {\"\$imagepolicy\": \"…:$image:tag\"})"; fi
  done <<<"$found"
}

# check_versions FOUND GIVEN...: before anything is copied.
check_versions() {
  local found=$1 given
  shift
  for given in "$@"; do
    is_semver "${given#*=}" || fail "--version $given: write <major>.<minor>.<patch>, for example 1.4.2"
    if [[ $given == *=* ]]; then
      grep --quiet "^${given%%=*} " <<<"$found" || fail "--version $given: there is no image \`${given%%=*}\` here, but: $(cut -d' ' -f1 <<<"$found" | tr '\n' ' ')"
    elif (($(wc -l <<<"$found") > 1)); then
      fail "--version $given: there are several images; write IMAGE=$given for each that gets a version of its own"
    fi
  done
}

# version_for IMAGE DIGEST GIVEN...: the one that was given, else the one that it has, else the next patch.
version_for() {
  local image=$1 digest=$2 given newest
  shift 2
  for given in "$@"; do
    if [[ $given == *=* && ${given%%=*} != "$image" ]]; then continue; fi
    printf '%s\n' "${given#*=}"
    return
  done
  newest=$(tags_of "$REGISTRY" "$TEAM/$image" | { grep -E '^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$' || true; } | sort --version-sort | tail -n 1)
  if [[ -z $newest ]]; then echo 0.1.0
  elif [[ $(digest_of "$REGISTRY/$TEAM/$image:$newest") == "$digest" ]]; then printf '%s\n' "$newest"
  else printf '%s.%s\n' "${newest%.*}" "$((${newest##*.} + 1))"; fi
}

# put_version FROM@DIGEST TARGET
put_version() {
  local there
  there=$(digest_of "$2")
  if [[ -z $there ]]; then copy_by_digest "$1" "$2"
  elif [[ $there == "${1##*@}" ]]; then say "$2 is there already"
  else fail "$2 is there already, as another image: a version never changes; choose the next one"; fi
}

# request_promotion COMMIT FROM TO VERSION LINES
request_promotion() {
  local commit=$1 from=$2 to=$3 version=$4 branch=mooring/promote-$3 body tag address
  if git diff --quiet -- deploy; then say "deploy/$to names these versions already"; return; fi
  git switch --quiet --force-create "$branch"
  git add deploy
  git -c user.name=mooring -c user.email=mooring@users.noreply.github.com commit --quiet --message "Promote to $to${version:+: $version}"
  git push --quiet --force origin "$branch" || fail "cannot push the branch $branch: does a rule of the repository forbid it?"
  body=$(mktemp) tag=v${version:-<the next version of the configuration>}
  cat >"$body" <<TEXT
What $from runs and Flux reports as ready there, as of ${commit}, for $to. The images are in its registry, by digest.

| image | version | in $from | digest |
|---|---|---|---|
$5
After the merge, the release: \`git tag $tag && git push origin $tag\`, on the merge commit.
TEXT
  address=$(open_pull_request "$branch" "Promote to $to${version:+: $version}" "$body")
  rm "$body"
  start_checks "$branch"
  say "$address"
  note "Promotion to $to: $address"
}

# propose BRANCH: Flux pushed new versions to a branch of its own; somebody shall review them.
propose() {
  local branch=${1:-} environment body other
  [[ $branch =~ ^mooring/([a-z0-9-]+)-images$ ]] || fail "propose takes a branch mooring/<environment>-images, not \`$branch\`"
  environment=${BASH_REMATCH[1]}
  git fetch --quiet origin "+refs/heads/$branch:refs/remotes/origin/$branch" +refs/heads/main:refs/remotes/origin/main || fail "cannot fetch $branch"
  if git diff --quiet origin/main "origin/$branch" -- deploy; then say "main says what $branch says"; return; fi
  # A promotion may have written the same a minute ago.
  other=origin/mooring/promote-$environment
  if git fetch --quiet origin "+refs/heads/mooring/promote-$environment:refs/remotes/$other" 2>/dev/null && git diff --quiet "$other" "origin/$branch" -- "deploy/$environment"; then
    say "mooring/promote-$environment says what $branch says"
    return
  fi
  body=$(mktemp)
  { printf 'New images for %s, as Flux found them in its registry.\n\n' "$environment"
    git log --format='%B' "origin/main..origin/$branch"; } >"$body"
  open_pull_request "$branch" "New images for $environment" "$body"
  rm "$body"
}
