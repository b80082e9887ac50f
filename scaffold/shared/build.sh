#!/usr/bin/env bash
# Everything that a pipeline does with this repository, so that it can be done by hand as well: `bash build.sh help`.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")"
for part in lib context services tags registry push release markers forge versions promote tell tools flavour; do
  # shellcheck source=/dev/null
  source "ci/$part.sh"
done

usage() {
  cat <<'TEXT'
bash build.sh <command>

  test [service]       the tests, in the image's stage `test`
  image [service]      builds the images, pushes nothing
  validate             the manifests of every environment
  version [service]    the tag that a build of this commit has
  push [--rebuild]     builds and pushes what changed; of a release tag, brings to production's registry what deploy/ names
  notify               tells Flux that there is something new
  announce STATE       tells the result: STATE is success, failure or cancelled
  promote [--commit SHA] [--version VERSION | --version IMAGE=VERSION ...]
                       opens the pull request for production: what the environment of main runs, by digest
  propose BRANCH       opens the pull request for a branch that Flux pushed
  plan [main] [release]
                       what a pipeline decides by; fails where the environment of these is not there
  notes                what a push noted

push, notify and promote read the variable MOORING, which the platform sets for each environment: of the environment of main, but
of production's for the push of a release.
TEXT
}

command=${1:-help}
shift || true
case $command in
  test) each_service run_tests "$@" ;;
  image) each_service build_image "$@" ;;
  validate) flavour_validate ;;
  version) each_service print_version "$@" ;;
  push) push "$@" ;;
  notify) notify ;;
  announce) announce "$@" ;;
  notes) notes ;;
  promote) promote "$@" ;;
  propose) propose "$@" ;;
  plan) plan "$@" ;;
  help | --help) usage ;;
  *) usage >&2; fail "there is no command \`$command\`" ;;
esac
