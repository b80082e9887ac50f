# shellcheck shell=bash
# The tags of images. Flux reads them: a policy for a branch takes the newest by the seconds at the end, one for releases by version.

# The branch's part: lower case, everything but letters, digits and - made -. A tag begins with neither - nor nothing, and has 128 characters at most.
branch_part() {
  local part
  part=$(printf '%s' "$1" | LC_ALL=C tr '[:upper:]' '[:lower:]' | LC_ALL=C tr -c 'a-z0-9-' '-' | sed -E 's/^-+//')
  printf '%s\n' "${part:-branch}" | cut -c1-100
}

# Two branches must not have the same tags, or Main would be deployed for main.
check_branch() {
  local part
  part=$(branch_part "$1")
  [[ $part == "$1" ]] || ! git rev-parse --quiet --verify "refs/remotes/origin/$part" >/dev/null ||
    fail "the branch $1 would have the tags of the branch $part: give it another name"
}

# branch_tag BRANCH COMMIT SECONDS
branch_tag() { printf '%s-%s-%s\n' "$(branch_part "$1")" "${2:0:7}" "$3"; }

# pull_tag NUMBER COMMIT; no policy of Flux takes these.
pull_tag() { printf 'pr-%s-%s\n' "$1" "${2:0:7}"; }

is_semver() { [[ $1 =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]]; }

# The version that a git tag names, for a service: v1.4.2, or <service>/v1.4.2. Nothing when the tag is another service's.
# With several services v1.4.2 alone releases the configuration, and no image.
release_version() {
  local tag=$1 service=$2 prefix='' version
  if (($(services | wc -l) > 1)); then prefix="$service/"; fi
  if [[ -z $prefix && $tag == */* ]]; then fail "$tag: this repository has one service; write v1.4.2"; fi
  if [[ $tag == */* && -z $(service_field "${tag%/*}" .name) ]]; then fail "$tag: services.json has no service \`${tag%/*}\`"; fi
  version=${tag##*/}
  if [[ $version != v* ]] || ! is_semver "${version#v}"; then
    fail "$tag: write the version as v<major>.<minor>.<patch>, for example ${prefix}v1.4.2"
  fi
  if [[ $tag == "$prefix$version" ]]; then printf '%s\n' "${version#v}"; fi
}

# What a build of this commit is called; of a branch, as of now.
print_version() {
  local kind name number commit
  kind=$(ref_kind) name=$(ref_name) commit=$(current_commit)
  case $kind in
    branch) branch_tag "$name" "$commit" "$(date +%s)" ;;
    tag) release_version "$name" "$1" ;;
    pull)
      number=$(pull_number)
      pull_tag "$number" "$commit"
      ;;
  esac
}
