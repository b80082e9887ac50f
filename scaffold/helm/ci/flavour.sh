# shellcheck shell=bash
# What is special about a team that ships a Helm chart. It needs Helm, which agents of GitHub and Azure have.
# shellcheck disable=SC2034,SC2154 # `tool crane` reads it
tools[crane]=github.com/google/go-containerregistry/cmd/crane@v0.22.1
# shellcheck source=/dev/null
source ci/chart.sh

# Each environment as Flux would build it, and the chart with the values that Flux would give it there.
flavour_validate() {
  local environment kustomize manifests
  command -v helm >/dev/null || fail "helm is not installed (https://helm.sh/docs/intro/install)"
  helm lint --strict --quiet chart >&2 || fail "the chart is not right by its own values.yaml"
  kustomize=$(tool kustomize)
  for environment in base $(environments); do
    manifests=$("$kustomize" build "deploy/$environment") || fail "deploy/$environment cannot be built"
    say "deploy/$environment"
    check_schemas "deploy/$environment" <<<"$manifests"
    validate_releases "deploy/$environment" <<<"$manifests"
  done
}

# validate_releases NAME < MANIFESTS: every release of this repository's chart.
validate_releases() {
  local objects release rendered values files
  objects=$(to_json)
  values=$(mktemp -d)
  for release in $(releases_of "$(chart_field name)" <<<"$objects"); do
    rm -f "$values"/*
    values_of "$release" "$values" <<<"$objects"
    mapfile -t files < <(find "$values" -type f -printf '--values=%p\n' | sort)
    helm lint --strict --quiet "${files[@]}" chart >&2 || fail "$1: the chart does not take the values of the release $release"
    rendered=$(helm template "$release" chart "${files[@]}") || fail "$1: the chart cannot be rendered for the release $release"
    check_schemas "$1: the chart as the release $release" <<<"$rendered"
  done
  rm -rf "$values"
}

# to_json < MANIFESTS: one object a line. Helm reads YAML, so there is no need for one more tool.
to_json() {
  local reader
  reader=$(mktemp -d)
  mkdir "$reader/templates"
  cat >"$reader/manifests.yaml"
  printf 'apiVersion: v2\nname: reader\nversion: 0.0.0\n' >"$reader/Chart.yaml"
  printf '%s\n' '{{ range regexSplit "(?m)^---$" (.Files.Get "manifests.yaml") -1 }}' '---' '{{ fromYaml . | toJson }}' '{{ end }}' >"$reader/templates/objects.yaml"
  helm template reader "$reader" | grep '^{'
  rm -rf "$reader"
}

# releases_of CHART < OBJECTS: names of the HelmReleases whose source ends in /charts/CHART.
releases_of() {
  jq --slurp --raw-output --arg chart "/charts/$1" '
    [.[] | select(.kind == "OCIRepository" and (.spec.url | endswith($chart))) | .metadata.name] as $sources
    | .[] | select(.kind == "HelmRelease" and (.spec.chartRef.name | IN($sources[]))) | .metadata.name'
}

# values_of RELEASE FOLDER < OBJECTS: what Flux would give the chart, in files in the order in which they count. Secrets cannot be read here.
values_of() {
  local objects name key number=10
  objects=$(jq --slurp --compact-output .)
  while read -r name key; do
    jq --raw-output --arg name "$name" --arg key "$key" '.[] | select(.kind == "ConfigMap" and .metadata.name == $name) | .data[$key]' <<<"$objects" >"$2/$number.yaml"
    number=$((number + 1))
  done < <(jq --raw-output --arg release "$1" '.[] | select(.kind == "HelmRelease" and .metadata.name == $release)
    | .spec.valuesFrom // [] | .[] | select(.kind == "ConfigMap" and .targetPath == null) | "\(.name) \(.valuesKey // "values.yaml")"' <<<"$objects")
  jq --arg release "$1" '.[] | select(.kind == "HelmRelease" and .metadata.name == $release) | .spec.values // {}' <<<"$objects" >"$2/99.yaml"
}

# flavour_push TAG CHANGED: the chart that belongs to the images of this build. CHANGED is empty when no image was pushed.
flavour_push() { push_branch_chart "$1" "$2"; }

# flavour_promote COMMIT FROM TO VERSION: has TO take exactly the chart that FROM runs, by version and digest. Nothing changes in TO before
# somebody has merged that and released it.
flavour_promote() {
  local version digest
  version=$(branch_chart_of "$REGISTRY" "$1")
  [[ -n $version ]] || fail "$REGISTRY has no chart of ${1:0:7} or a commit before it: was one ever built on this branch?"
  digest=$(chart_digest "$REGISTRY" "$version")
  [[ -n $digest ]] || fail "the chart $version is gone from $REGISTRY"
  set_chart "deploy/$3/kustomization.yaml" "$version" "$digest"
  say "deploy/$3 takes the chart $version"
}

# flavour_release VERSION: the chart that the environment's folder names; where it names a range, this commit's chart under the version.
flavour_release() {
  # shellcheck disable=SC2153 # need_mooring sets it
  local file=deploy/$ENVIRONMENT/kustomization.yaml version digest
  version=$(pinned "$file" versions) digest=$(pinned "$file" digest)
  if is_pinned "$version" && [[ $version != "$1" || -n $digest ]]; then take_chart "$version" "$digest"
  else push_release_chart "$1"; fi
}
