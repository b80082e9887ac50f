# shellcheck shell=bash
# Tools that check manifests, at these versions. They are built from their Go modules, whose content Go checks against its public
# checksum database (sum.golang.org): there is no checksum to keep here.

declare -A tools=(
  [kustomize]=sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
  [kubeconform]=github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
)

# tool NAME: its path. The first call builds it, in a minute or two.
tool() {
  local module=${tools[$1]:?} folder
  folder=$PWD/.tools/$1-${module##*@}
  if [[ ! -x $folder/$1 ]]; then
    command -v go >/dev/null || fail "$1 is built with Go, which is not installed (https://go.dev/dl)"
    say "Building $module"
    GOBIN=$folder GOFLAGS=-trimpath go install "$module" >&2 || fail "cannot build $module"
  fi
  printf '%s\n' "$folder/$1"
}

# check_schemas NAME < MANIFESTS: against the schemas of Kubernetes and of Flux. Unknown kinds are refused, unknown fields too.
# KUBERNETES_VERSION and SCHEMA_LOCATIONS (space-separated, as kubeconform takes them) can be set where there is no way to GitHub.
check_schemas() {
  local kubeconform locations=() location
  kubeconform=$(tool kubeconform)
  for location in ${SCHEMA_LOCATIONS:-default 'https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'}; do
    locations+=(-schema-location "$location")
  done
  "$kubeconform" -strict -summary -kubernetes-version "${KUBERNETES_VERSION:-1.35.0}" "${locations[@]}" - >&2 || fail "$1: manifests that Kubernetes would refuse"
}
