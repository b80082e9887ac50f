# shellcheck shell=bash
# services.json: what this repository builds.
#   name   what deploy/base calls the image. `app` stands for the first image of the team's settings
#   path   the folder with the Dockerfile; a change in it is a new version
#   also   further folders and files that it is built from; the folder that is built from is then the repository's root
# And for whom:
#   environments       main: the one that main is deployed to; release: the one that release tags are deployed to
#   pullRequestImages  whether images of pull requests are pushed
#   statusCreator      whose commit statuses `promote` believes; anybody's where it is not said

services() { jq --raw-output '.services[].name' services.json; }

# service NAME FIELD
service_field() { jq --raw-output --arg name "$1" ".services[] | select(.name == \$name) | $2" services.json; }

check_services() {
  jq --exit-status '(.services | type == "array" and length > 0)
    and all(.services[]; (.name | type == "string" and test("^[a-z0-9]+([._-][a-z0-9]+)*$")) and (.path | type == "string" and length > 0) and ((.also // []) | type == "array"))
    and ([.services[].name] | length == (unique | length))
    and (.environments.main | type == "string" and length > 0) and (.environments.release | type == "string" and length > 0)
    and (.statusCreator // "" | type == "string")' services.json >/dev/null ||
    fail 'services.json: each service needs a name of its own (lower case letters, digits, - . _) and a path; environments needs main and release; statusCreator is a name'
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

wants_pull_images() { jq --exit-status '.pullRequestImages == true' services.json >/dev/null; }

# No `environments | grep --quiet`: that ends at the first match, and whoever still writes dies of it (pipefail).
is_declared() {
  local name all
  name=$(environment_of "$1") all=$(environments)
  [[ $'\n'$all$'\n' == *$'\n'"$name"$'\n'* ]]
}

# What to say where the environment of a role, main or release, has no folder.
not_declared() {
  local name there
  name=$(environment_of "$1") there=$(environments | paste --serial --delimiters=' ')
  printf 'services.json calls %s the environment "%s", but there is no deploy/%s/kustomization.yaml (there is: %s). The platform adds it where its settings name this repository; if your environments have other names, write them in services.json' \
    "$name" "$1" "$name" "${there:-none}"
}

need_declared() { is_declared "$1" || fail "$(not_declared "$1")"; }

# need_environment ROLE: MOORING is of that environment, and the environment has its folder.
need_environment() {
  need_mooring
  check_services
  local name
  name=$(environment_of "$1")
  [[ $ENVIRONMENT == "$name" ]] || fail "this is done as $name (services.json, environments.$1), but MOORING is of $ENVIRONMENT"
  need_declared "$1"
}

# plan [ROLE ...]: what a pipeline decides by. The environments of these roles must be there; that main's is not there yet, as in the
# first minutes of a repository, is said.
plan() {
  check_services
  local role ready=false images=false name value
  for role in "$@"; do
    case $role in
      main | release) need_declared "$role" ;;
      *) fail "plan takes main and release, not \`$role\`" ;;
    esac
  done
  if is_declared main; then ready=true; else warn "nothing is pushed: $(not_declared main)"; fi
  if wants_pull_images; then images=true; fi
  for value in "main=$(environment_of main)" "release=$(environment_of release)" "ready=$ready" "pull-request-images=$images"; do
    name=${value%%=*}
    # Variables of Azure DevOps have no hyphen.
    if [[ -n ${TF_BUILD:-} ]]; then printf '##vso[task.setvariable variable=%s;isOutput=true]%s\n' "${name//-/_}" "${value#*=}"
    else printf '%s\n' "$value"; fi
  done
}
