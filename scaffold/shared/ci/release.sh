# shellcheck shell=bash
# A release: a git tag gives the image that was built from its content a version. A version is never given twice.

release() {
  local tag service version
  tag=$(ref_name)
  for service in $(services); do
    version=$(release_version "$tag" "$service")
    if [[ -n $version ]]; then release_image "$service" "$version"; fi
  done
  # The tag of one service says nothing of the rest of the repository.
  if [[ $tag == */* ]]; then return; fi
  flavour_push "${tag#v}" ""
  check_released "$ENVIRONMENT"
}

# release_image SERVICE VERSION
release_image() {
  local service=$1 commit target digest built_here='' built_there=''
  commit=$(current_commit)
  target=$REGISTRY/$(repository_of "$service"):$2
  digest=$(digest_of "$target")
  built_here=$(find_built "$REGISTRY" "$service" "$commit")
  if [[ -n $PROMOTE_FROM ]]; then
    registry_login "$PROMOTE_FROM"
    built_there=$(find_built "$PROMOTE_FROM" "$service" "$commit")
  fi
  if [[ -n $digest ]]; then
    [[ -z $built_here$built_there || $digest == "$built_here" || $digest == "$built_there" ]] || same_content_released "$service" "$digest" "$commit" ||
      fail "$target is there already, with other content than ${commit:0:7}: a version never changes; release the next one"
    say "$target is there already"
  elif [[ -n $built_here ]]; then
    copy_by_digest "${target%:*}@$built_here" "$target"
  elif [[ -n $built_there ]]; then
    copy_by_digest "$PROMOTE_FROM/$(repository_of "$service")@$built_there" "$target"
  else
    say "$service: no image was built from this content yet"
    build_and_push "$service" "$2"
    return
  fi
  pushed "$target"
}

# Content that was built more than once has several digests; any of them will do.
same_content_released() {
  local host tags sha tag
  for host in "$REGISTRY" ${PROMOTE_FROM:+"$PROMOTE_FROM"}; do
    tags=$(built_tags "$host" "$1")
    while read -r _ sha tag; do
      if [[ -n $sha ]] && same_content "$sha" "$3" "$1" && [[ $(digest_of "$host/$(repository_of "$1"):$tag") == "$2" ]]; then return 0; fi
    done <<<"$tags"
  done
  return 1
}

# What Flux will now apply names images that are there.
check_released() {
  local image tag digest missing=
  while read -r image tag digest; do
    [[ -n $image ]] || continue
    if [[ $digest == - ]]; then digest=; fi
    [[ -n $(digest_of "$REGISTRY/$TEAM/$image${digest:+@$digest}${digest:-:$tag}") ]] || missing+=" $image:$tag"
  done < <(environment_versions "$1")
  [[ -z $missing ]] || fail "deploy/$1 names what is not in $REGISTRY:$missing. Promote first (bash build.sh promote), merge, then tag."
}
