# shellcheck shell=bash
# A release: what the tagged commit's deploy/<environment> names comes to production's registry, by the digests that were reviewed. What
# it names without a digest is the image that was built from the tag's content. A version is never given twice.

release() {
  local tag service version named image pinned digest
  tag=$(ref_name)
  # A tag that is no version ends it here.
  for service in $(services); do release_version "$tag" "$service" >/dev/null; done
  registry_login "$REGISTRY"
  if [[ -n $PROMOTE_FROM ]]; then registry_login "$PROMOTE_FROM"; fi
  named=$(environment_versions "$ENVIRONMENT" "$(current_commit)" | own_images)
  if [[ $tag != */* ]]; then
    while read -r image pinned digest _; do
      [[ -z $image || $digest == - ]] || take "$image" "$pinned" "$digest"
    done <<<"$named"
  fi
  for service in $(services); do
    version=$(release_version "$tag" "$service")
    [[ -n $version ]] || continue
    image=$(image_of "$service") pinned='' digest=-
    read -r _ pinned digest _ < <(line_of "$image" <<<"$named") || true
    digest=${digest:--}
    if [[ $digest == - || $tag == */* && $pinned != "$version" ]]; then release_image "$service" "$version" build
    elif [[ $pinned != "$version" ]]; then release_image "$service" "$version" ''
    elif [[ $tag == */* ]]; then take "$image" "$pinned" "$digest"; fi
  done
  # The tag of one service says nothing of the rest of the repository.
  if [[ $tag == */* ]]; then return; fi
  flavour_release "${tag#v}"
  check_released <<<"$named"
}

# own_images < VERSIONS: those that come from this environment's registry. Others are somebody else's, or what ran before the first image.
own_images() {
  local image tag digest name
  while read -r image tag digest name; do
    if [[ $name == - || $name == "$REGISTRY/$TEAM/$image" ]]; then printf '%s\n' "$image $tag $digest $name"
    else warn "$image is not released: deploy/$ENVIRONMENT takes it from $name, not from $REGISTRY/$TEAM/$image"; fi
  done
}

# take IMAGE VERSION DIGEST: this image and no other, from where it was tried.
take() {
  local image=$1 version=$2 digest=$3 target=$REGISTRY/$TEAM/$1 source there
  there=$(digest_of "$target:$version")
  if [[ $there == "$digest" ]]; then say "$target:$version is there already"; return; fi
  [[ -z $there ]] || fail "deploy/$ENVIRONMENT names $image:$version by $digest, but $target:$version is $there: a version never changes; promote again, under the next one"
  if [[ -n $PROMOTE_FROM ]]; then
    source=$PROMOTE_FROM/$TEAM/$image
    there=$(digest_of "$source:$version")
    [[ -z $there || $there == "$digest" ]] || fail "deploy/$ENVIRONMENT names $image:$version by $digest, but $source:$version is $there: promote again"
    if [[ -n $(digest_of "$source@$digest") ]]; then
      copy_by_digest "$source@$digest" "$target:$version"
      pushed "$target:$version"
      return
    fi
  fi
  # With one registry for all, or after going back to what ran here once.
  [[ -n $(digest_of "$target@$digest") ]] ||
    fail "deploy/$ENVIRONMENT names $image:$version by $digest, which is not in ${PROMOTE_FROM:+$PROMOTE_FROM, nor in }$REGISTRY: promote again (the workflow promote), merge, then tag"
  copy_by_digest "$target@$digest" "$target:$version"
  pushed "$target:$version"
}

# release_image SERVICE VERSION BUILD: BUILD is empty where deploy/ names another image of it anyway, so that nothing is missing.
release_image() {
  local service=$1 commit target digest built_here='' built_there=''
  commit=$(current_commit)
  target=$REGISTRY/$(repository_of "$service"):$2
  digest=$(digest_of "$target")
  built_here=$(find_built "$REGISTRY" "$service" "$commit")
  if [[ -n $PROMOTE_FROM ]]; then
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
  elif [[ -z $3 ]]; then
    warn "$service $2: no image was built from ${commit:0:7}, and none is now, since deploy/$ENVIRONMENT names another; promote to release what main has"
    return
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

# check_released < NAMED: what Flux will now apply names images that are there. Those with a digest are.
check_released() {
  local image tag digest missing=
  while read -r image tag digest _; do
    [[ -n $image && $digest == - ]] || continue
    [[ -n $(digest_of "$REGISTRY/$TEAM/$image:$tag") ]] || missing+=" $image:$tag"
  done
  [[ -z $missing ]] || fail "deploy/$ENVIRONMENT names what is not in $REGISTRY:$missing. Promote first (the workflow promote), merge, then tag."
}
