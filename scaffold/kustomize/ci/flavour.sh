# shellcheck shell=bash
# What is special about plain manifests with Kustomize.

# Every environment as Flux would build it.
flavour_validate() {
  local environment kustomize manifests=''
  kustomize=$(tool kustomize)
  for environment in base $(environments); do
    manifests=$("$kustomize" build "deploy/$environment") || fail "deploy/$environment cannot be built"
    say "deploy/$environment"
    check_schemas "deploy/$environment" <<<"$manifests"
  done
}

# All that is deployed beside the images stands in this repository.
flavour_push() { :; }

flavour_promote() { :; }

flavour_release() { :; }
