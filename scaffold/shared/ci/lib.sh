# shellcheck shell=bash
# Words to whoever reads the log, and the settings.

say() { printf '%s\n' "$*" >&2; }

# A line that GitHub and Azure DevOps also show outside the log.
warn() {
  if [[ -n ${GITHUB_ACTIONS:-} ]]; then say "::warning::$*"
  elif [[ -n ${TF_BUILD:-} ]]; then say "##vso[task.logissue type=warning]$*"
  else say "warning: $*"; fi
}

fail() {
  if [[ -n ${GITHUB_ACTIONS:-} ]]; then say "::error::$*"
  elif [[ -n ${TF_BUILD:-} ]]; then say "##vso[task.logissue type=error]$*"
  else say "error: $*"; fi
  exit 1
}

# What of the environment MOORING says, by a path of jq; nothing where it is null.
config() { jq --raw-output "($1) // empty" <<<"$MOORING"; }

# Reads MOORING into REGISTRY, REGISTRY_NAME, TEAM, ENVIRONMENT, RECEIVER, PROMOTE_FROM, PROMOTE_FROM_NAME.
need_mooring() {
  is_set MOORING || fail "the variable MOORING is not set: the platform sets it for each environment. \
Run this in a job of the environment (GitHub), or with the variable group mooring-main or mooring-release (Azure DevOps)."
  jq --exit-status 'type == "object"' <<<"$MOORING" >/dev/null 2>&1 || fail "the variable MOORING is not a JSON object"
  local field fields=(environment team registry registryName)
  if [[ -n $(config .promoteFrom) ]]; then fields+=(promoteFrom.registry promoteFrom.name); fi
  for field in "${fields[@]}"; do
    [[ -n $(config ".$field") ]] || fail "the variable MOORING has no \"$field\""
  done
  REGISTRY=$(config .registry) REGISTRY_NAME=$(config .registryName) TEAM=$(config .team) ENVIRONMENT=$(config .environment)
  RECEIVER=$(config .receiver) PROMOTE_FROM=$(config .promoteFrom.registry) PROMOTE_FROM_NAME=$(config .promoteFrom.name)
  # shellcheck disable=SC2034 # read by the other parts
  readonly REGISTRY REGISTRY_NAME TEAM ENVIRONMENT RECEIVER PROMOTE_FROM PROMOTE_FROM_NAME
}

# Environments that this repository has a folder for: deploy/<environment>, declared by the platform.
environments() {
  local file
  for file in deploy/*/kustomization.yaml; do
    [[ -e $file ]] || continue
    # A component, such as deploy/canary, is a part of environments.
    if grep --quiet '^kind: Component' "$file"; then continue; fi
    file=${file#deploy/}
    [[ ${file%%/*} == base ]] || printf '%s\n' "${file%%/*}"
  done
}

# What a build leaves for `announce`, a line each. Another job gets it as the output `notes`.
note() { mkdir -p .build && printf '%s\n' "$*" >>.build/notes.md; }

notes() {
  printf 'notes<<END_OF_NOTES\n'
  if [[ -e .build/notes.md ]]; then cat .build/notes.md; fi
  printf 'END_OF_NOTES\n'
}

# A variable that is set. Azure DevOps leaves `$(NAME)` where a variable of that name is not there.
is_set() { [[ -n ${!1:-} && ${!1} != "\$($1)" ]]; }
