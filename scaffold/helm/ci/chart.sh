# shellcheck shell=bash
# The chart's versions. A branch build's is 0.0.0-<branch>.<unix seconds>.g<sha7>: below every release, and ordered by time within the
# branch. The platform's deploy/<environment>/kustomization.yaml selects by this form.

branch_chart='^0\.0\.0-([a-z0-9-]+)\.([0-9]+)\.g([0-9a-f]{7})$'

chart_field() { sed -n -E "s/^$1: *\"?([^\"# ]+)\"?.*$/\\1/p" chart/Chart.yaml; }

chart_repository() { printf '%s/charts/%s\n' "$TEAM" "$(chart_field name)"; }

# The branch as an identifier of a version; a number there must not begin with 0.
branch_identifier() { branch_part "$1" | sed -E 's/^([0-9]+)$/b\1/'; }

# branch_charts HOST [BRANCH]: lines `seconds sha7 version`, the newest first.
branch_charts() {
  local tags tag wanted=${2:-}
  tags=$(tags_of "$1" "$(chart_repository)")
  while read -r tag; do
    [[ $tag =~ $branch_chart ]] || continue
    [[ -n $wanted && ${BASH_REMATCH[1]} != "$wanted" ]] || printf '%s %s %s\n' "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "$tag"
  done <<<"$tags" | sort --numeric-sort --reverse
}

# package_and_push VERSION IMAGE-TAG
package_and_push() {
  local folder name
  name=$(chart_field name) folder=$(mktemp -d)
  helm package chart --version "$1" --app-version "$2" --destination "$folder" >&2 || fail "the chart cannot be packaged"
  helm push "$folder/$name-$1.tgz" "oci://$REGISTRY/$TEAM/charts" >&2 || fail "the chart $name $1 cannot be pushed"
  rm -rf "$folder"
  say "oci://$REGISTRY/$(chart_repository):$1"
  note "Chart \`$name\` \`$1\`, with the image \`$2\`"
}

# push_branch_chart TAG CHANGED: a new chart for new images, and for a chart that changed.
push_branch_chart() {
  local branch commit service image newest sha seconds=${1##*-}
  branch=$(branch_identifier "$(ref_name)") commit=$(current_commit)
  # The image that the chart runs unless a release says otherwise: the newest of the first service, whose tag may be of an earlier build.
  service=$(services | sed -n 1p)
  image=$(built_tags "$REGISTRY" "$service" "$(branch_part "$(ref_name)")" | sed -n 1p)
  [[ -n $image ]] || fail "$service has no image of the branch $(ref_name), so there is none for the chart"
  read -r newest sha _ < <(branch_charts "$REGISTRY" "$branch" | sed -n 1p) || true
  if [[ -n ${newest:-} ]]; then
    if [[ $(git rev-parse --quiet --verify "$sha^{commit}") != "$commit" ]] && git merge-base --is-ancestor "$commit" "$sha" 2>/dev/null; then
      warn "the chart of $sha is of a newer commit; none is pushed for ${commit:0:7}"
      return
    fi
    if [[ -z $2 ]] && git cat-file -e "$sha^{commit}" 2>/dev/null && git diff --quiet "$sha" "$commit" -- chart; then say "chart: nothing changed since $sha"; return; fi
    if ((newest >= seconds)); then seconds=$((newest + 1)); fi
  fi
  package_and_push "0.0.0-$branch.$seconds.g${commit:0:7}" "${image##* }"
}

# A version is never given twice.
push_release_chart() {
  local tags
  tags=$(tags_of "$REGISTRY" "$(chart_repository)")
  if grep --quiet --line-regexp --fixed-strings -- "$1" <<<"$tags"; then say "the chart $1 is there already"; return; fi
  package_and_push "$1" "$1"
}

# branch_chart_of HOST COMMIT: the newest chart that was built from COMMIT or from a commit before it.
branch_chart_of() {
  local charts sha version
  charts=$(branch_charts "$1")
  while read -r _ sha version; do
    if [[ -n $version ]] && git merge-base --is-ancestor "$sha" "$2" 2>/dev/null; then printf '%s\n' "$version"; return; fi
  done <<<"$charts"
}

# chart_digest HOST VERSION: `sha256:…`; nothing when it is not there.
chart_digest() {
  local crane
  crane=$(tool crane)
  # shellcheck disable=SC2154 # ci/registry.sh sets it
  "$crane" digest "$1/$(chart_repository):$2" 2>"$scratch" || grep --quiet -E 'MANIFEST_UNKNOWN|NAME_UNKNOWN|404 Not Found' "$scratch" ||
    fail "cannot read the chart $2 of $1: $(tail -n 1 "$scratch")"
}

# take_chart VERSION DIGEST: from where it was tried, to this environment's registry. DIGEST is empty where nobody wrote one.
take_chart() {
  local version=$1 digest=$2 crane repository there from
  repository=$(chart_repository) there=$(chart_digest "$REGISTRY" "$version")
  if [[ -n $there ]]; then
    [[ -z $digest || $there == "$digest" ]] || fail "deploy/$ENVIRONMENT names the chart $version by $digest, but in $REGISTRY it is $there: promote again"
    say "the chart $version is there already"
    return
  fi
  from=${PROMOTE_FROM:+$(chart_digest "$PROMOTE_FROM" "$version")}
  [[ -n $from ]] || fail "deploy/$ENVIRONMENT names the chart $version, which is not in ${PROMOTE_FROM:+$PROMOTE_FROM, nor in }$REGISTRY: promote again (the workflow promote), merge, then tag"
  [[ -z $digest || $from == "$digest" ]] || fail "deploy/$ENVIRONMENT names the chart $version by $digest, but in $PROMOTE_FROM it is $from: promote again"
  crane=$(tool crane)
  "$crane" copy "$PROMOTE_FROM/$repository@$from" "$REGISTRY/$repository:$version" >&2 || fail "cannot copy the chart $version from $PROMOTE_FROM to $REGISTRY"
  there=$(chart_digest "$REGISTRY" "$version")
  [[ $there == "$from" ]] || fail "the chart $version is $there in $REGISTRY after the copy, not $from"
  say "$REGISTRY/$repository:$version is that of $PROMOTE_FROM"
  note "Chart \`$(chart_field name)\` \`$version\`"
}

# What stands in an environment's folder before `# chart: FIELD`: `pinned FILE FIELD`.
pinned() { sed -n -E "s,^ *- sourceValue: *[\"']?([^\"']*)[\"']? # chart: $2\$,\\1,p" "$1"; }

is_pinned() { is_semver "$1" || [[ $1 =~ $branch_chart ]]; }

# set_chart FILE VERSION DIGEST: where the comments `# chart: versions`, `filter` and `digest` mark it.
set_chart() {
  local field
  for field in versions digest; do
    grep --quiet "# chart: $field\$" "$1" || fail "$1 has no line that ends in \`# chart: $field\`, so there is nowhere to write which chart; the replacements of spec.ref.semver and spec.ref.digest have them (README.md)"
  done
  sed -i -E -e "s|^( *- sourceValue: ).*( # chart: versions)$|\\1\"$2\"\\2|" -e "s|^( *- sourceValue: ).*( # chart: filter)$|\\1''\\2|" \
    -e "s|^( *- sourceValue: ).*( # chart: digest)$|\\1\"$3\"\\2|" "$1"
}
