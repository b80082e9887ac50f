# shellcheck shell=bash
# Which version an image gets with a promotion.

# check_versions FOUND GIVEN...
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

# version_for IMAGE DIGEST TO GIVEN...: the one that was given, else the one that TO has for it, else the next patch.
version_for() {
  local image=$1 digest=$2 to=$3 given has='' pinned=- newest next
  shift 3
  for given in "$@"; do
    if [[ $given == *=* && ${given%%=*} != "$image" ]]; then continue; fi
    printf '%s\n' "${given#*=}"
    return
  done
  read -r _ has pinned _ < <(environment_versions "$to" | line_of "$image") || true
  is_semver "$has" || has=
  if [[ -n $has && $pinned == "$digest" ]]; then printf '%s\n' "$has"; return; fi
  newest=$(versions_given "$image" "$to" | sort --version-sort | tail -n 1)
  if [[ -z $newest ]]; then next=${has:-0.1.0}; else next=${newest%.*}.$((${newest##*.} + 1)); fi
  # What nobody has released yet, as in the first days of the folder, is the version to begin with.
  if [[ -n $has && $pinned == - ]]; then next=$(printf '%s\n' "$next" "$has" | sort --version-sort | tail -n 1); fi
  printf '%s\n' "$next"
}

# versions_given IMAGE TO: by a git tag, and with a digest in any commit of deploy/TO. Those of production's registry are not known here.
versions_given() {
  local image=$1 to=$2 service prefix=v tags commit
  for service in $(services); do
    if [[ $(image_of "$service") == "$image" && $(services | wc -l) -gt 1 ]]; then prefix=$service/v; fi
  done
  tags=$(git ls-remote --quiet --tags --refs origin "refs/tags/$prefix*") || fail "cannot read the tags of origin"
  sed -n "s,^.*refs/tags/$prefix,,p" <<<"$tags" | only_versions
  for commit in $(git log --max-count=200 --format=%H -- "deploy/$to"); do
    environment_versions "$to" "$commit" | line_of "$image"
  done | awk '$3 != "-" { print $2 }' | only_versions
}

only_versions() { grep -E '^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$' || true; }
