# shellcheck shell=bash
# From what the environment of main runs to a pull request for production. What it runs is read from this repository: Flux sets a commit
# status for each commit that it has applied and found healthy, and the files of that commit name the images. So this needs no
# credential of a cluster, and none of production: it says by digest what production is to run, and the release tag brings it there.

# Statuses of the platform: mooring/<environment>/…
status_prefix=mooring

promote() {
  local commit='' versions=() given from to found by
  while (($# > 0)); do
    case $1 in
      --commit) commit=${2:-}; shift 2 ;;
      --version) read -r -a given <<<"${2:-}"; versions+=("${given[@]}"); shift 2 ;;
      *) fail "promote takes --commit and --version, not \`$1\`" ;;
    esac
  done
  [[ $(current_ref) == refs/heads/main ]] || fail "promote is run on main, not on $(current_ref)"
  need_environment main
  need_declared release
  from=$(environment_of main) to=$(environment_of release)
  [[ $from != "$to" ]] || fail "services.json names $to as both environments: there is nothing to promote from"
  if [[ -z $commit ]]; then
    found=$(ready_commit "$from")
    commit=${found%% *} by="Flux reports it as ready, as ${found#* }"
  else
    commit=$(git rev-parse --quiet --verify "$commit^{commit}") || fail "there is no such commit"
    git merge-base --is-ancestor "$commit" HEAD || fail "${commit:0:7} is not a commit of this branch"
    by="whoever started this named the commit; what Flux reports was not asked"
  fi
  say "$from runs what ${commit:0:7} says: $by"
  promote_images "$commit" "$from" "$to" "$by" "${versions[@]}"
}

# The newest commit that Flux said anything of, if all that it said is good, and who said it: `SHA CREATOR[, …]`. Commits that came
# together are applied as one.
ready_commit() {
  local sha states shas creator
  creator=$(jq --raw-output '.statusCreator // ""' services.json)
  shas=$(git rev-list --max-count=50 HEAD)
  for sha in $shas; do
    states=$(commit_states "$sha" "$status_prefix/$1/" "$creator")
    [[ -n $states ]] || continue
    if grep --quiet --invert-match '^success' <<<"$states"; then
      fail "$1 is not ready at ${sha:0:7}: $(grep --invert-match '^success' <<<"$states" | sed -n 1p | tr '\t' ' ')"
    fi
    printf '%s %s\n' "$sha" "$(cut --fields=3 <<<"$states" | sort --unique | paste --serial --delimiters=, | sed 's/,/, /g')"
    return
  done
  fail "none of the last 50 commits has a status $status_prefix/$1/…${creator:+ of $creator}: the platform sets them where the team's settings have \
commit statuses (notify). Without them look for yourself what $1 runs, and name the commit: promote --commit SHA"
}

# promote_images COMMIT FROM TO BY [VERSION | IMAGE=VERSION ...]
promote_images() {
  local commit=$1 from=$2 to=$3 by=$4 found image tag digest name version files lines='' first='' planned=''
  shift 4
  found=$(environment_versions "$from" "$commit")
  [[ -n $found ]] || fail "deploy/$from has no version with a marker (# {\"\$imagepolicy\": …}) at ${commit:0:7}"
  mapfile -t files < <(marked_files "$to")
  ((${#files[@]} > 0)) || fail "deploy/$to has no line with a marker (# {\"\$imagepolicy\": …}), so there is nowhere to write a version"
  found=$(with_place "$found" "$to" "${files[@]}")
  [[ -n $found ]] || fail "deploy/$to has a line for none of these images: name them in the team's settings of $to (images), or write their entries as deploy/$from has them"
  check_versions "$found" "$@"
  registry_login "$REGISTRY"
  while read -r image tag digest name; do
    [[ $name == - || $name == "$REGISTRY/$TEAM/$image" ]] || fail "$from runs no image of this repository as $image yet, but $name:$tag"
    if [[ $digest == - ]]; then digest=$(digest_of "$REGISTRY/$TEAM/$image:$tag"); fi
    [[ -n $digest && -n $(digest_of "$REGISTRY/$TEAM/$image@$digest") ]] || fail "$image:$tag is not in $REGISTRY, where $from takes it from"
    version=$(version_for "$image" "$digest" "$to" "$@")
    planned+="$image $version $digest"$'\n'
    lines+="| \`$image\` | \`$version\` | \`$tag\` | \`$digest\` |"$'\n'
    first=${first:-$version}
  done <<<"$found"
  while read -r image version digest; do
    marker_set "$image" "$version" "$digest" "${files[@]}"
  done <<<"${planned%$'\n'}"
  if (($(wc -l <<<"$found") > 1)); then first=; fi
  flavour_promote "$commit" "$from" "$to" "$first"
  request_promotion "$commit" "$from" "$to" "$first" "$by" "$lines"
}

# with_place FOUND TO FILE...: the images whose version the files have a line for. An image of one environment alone is no fault. What
# production is to run is pinned, in its own registry.
with_place() {
  local found=$1 to=$2 image rest name
  shift 2
  while read -r image rest; do
    if ! has_marker "$image" '(:tag)?' "$@"; then
      warn "$image is not promoted: deploy/$to has no line with its marker (# {\"\$imagepolicy\": \"…:$image:tag\"})"
      continue
    fi
    if has_marker "$image" :tag "$@" && ! has_marker "$image" :digest "$@"; then
      fail "deploy/$to has a line for the tag of $image and none for its digest: write one, empty, with the marker of the tag and :digest in place of :tag (digest: \"\" # {\"\$imagepolicy\": \"…:$image:digest\"})"
    fi
    name=$(environment_versions "$to" | line_of "$image" | cut --delimiter=' ' --fields=4)
    [[ ${name:--} == - || $name == */"$TEAM/$image" ]] || fail "deploy/$to takes $image from $name: write the registry of $to there, <registry>/$TEAM/$image"
    printf '%s %s\n' "$image" "$rest"
  done <<<"$found"
}

# has_marker IMAGE FIELD FILE...
has_marker() {
  local image=$1 field=$2
  shift 2
  grep --quiet --extended-regexp -e "\"\\\$imagepolicy\": *\"[^\":]+:${image//./\\.}$field\"" -- "$@"
}

# request_promotion COMMIT FROM TO VERSION BY LINES
request_promotion() {
  local commit=$1 from=$2 to=$3 version=$4 branch=mooring/promote-$3 body tag address
  if git diff --quiet -- deploy; then say "deploy/$to names these versions already"; return; fi
  git switch --quiet --force-create "$branch"
  git add deploy
  git -c user.name=mooring -c user.email=mooring@users.noreply.github.com commit --quiet --message "Promote to $to${version:+: $version}"
  git push --quiet --force origin "$branch" || fail "cannot push the branch $branch: does a rule of the repository forbid it?"
  body=$(mktemp) tag=v${version:-<the next version of the configuration>}
  cat >"$body" <<TEXT
What $from runs as of ${commit}, for $to: $5.

| image | version | in $from | digest |
|---|---|---|---|
$6
After the merge, the release: \`git tag $tag && git push origin $tag\`, on the merge commit. It copies what is named here to the registry
of $to, and only by these digests.
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
