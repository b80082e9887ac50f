# shellcheck shell=bash
# services.json: what this repository builds.
#   name   what deploy/base calls the image. `app` stands for the first image of the team's settings
#   path   the folder with the Dockerfile; a change in it is a new version
#   also   further folders and files that it is built from; the folder that is built from is then the repository's root

services() { jq --raw-output '.services[].name' services.json; }

# service NAME FIELD
service_field() { jq --raw-output --arg name "$1" ".services[] | select(.name == \$name) | $2" services.json; }

check_services() {
  jq --exit-status '(.services | type == "array" and length > 0)
    and all(.services[]; (.name | type == "string" and test("^[a-z0-9]+([._-][a-z0-9]+)*$")) and (.path | type == "string" and length > 0) and ((.also // []) | type == "array"))
    and ([.services[].name] | length == (unique | length))
    and (.environments.main | type == "string") and (.environments.release | type == "string")' services.json >/dev/null ||
    fail 'services.json: each service needs a name of its own (lower case letters, digits, - . _) and a path; environments needs main and release'
}

# each_service FUNCTION [SERVICE]
each_service() {
  local function=$1 wanted=${2:-} service
  check_services
  [[ -z $wanted || -n $(service_field "$wanted" .name) ]] || fail "services.json has no service \`$wanted\`"
  for service in $(services); do
    [[ -n $wanted && $service != "$wanted" ]] || "$function" "$service"
  done
}

# Folders and files that a service is built from.
paths_of() { service_field "$1" '.path, (.also // [])[]'; }

# The name under which a service's image lies in the registry.
image_of() {
  local first=
  if [[ $1 == app ]]; then first=$(config '.images[0]'); fi
  printf '%s\n' "${first:-$1}"
}

run_tests() { say "Testing $1"; build_stage "$1" --target test; }

build_image() { say "Building $1"; build_stage "$1" --tag "$1:dev"; }

# build_stage SERVICE OPTION...
build_stage() {
  local service=$1 path
  shift
  path=$(service_field "$service" .path)
  local root=$path
  if [[ -n $(service_field "$service" '(.also // [])[]') ]]; then root=.; fi
  docker buildx build --file "$path/Dockerfile" "$@" "$root"
}

environment_of() { jq --raw-output ".environments.$1" services.json; }

# Where nothing is declared yet, as in the template itself, nothing is pushed.
plan() {
  check_services
  local main release ready=false release_ready=false there
  main=$(environment_of main) release=$(environment_of release) there=$(environments)
  if grep --quiet --line-regexp --fixed-strings -- "$main" <<<"$there"; then ready=true; fi
  if grep --quiet --line-regexp --fixed-strings -- "$release" <<<"$there"; then release_ready=true; fi
  printf 'main=%s\nrelease=%s\nready=%s\nrelease-ready=%s\npull-request-images=%s\n' \
    "$main" "$release" "$ready" "$release_ready" "$(jq --raw-output '.pullRequestImages == true' services.json)"
}
