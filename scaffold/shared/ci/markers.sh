# shellcheck shell=bash
# Where the version of an image stands: the lines with Flux's markers, in every environment, whoever writes there.
#   newName: host/orders/api # {"$imagepolicy": "orders-flux:api:name"}       and :tag, :digest
#   image: host/orders/api:1.4.2 # {"$imagepolicy": "orders-flux:api"}
# Source: fluxcd.io "Configure image update for custom resources".

# marker_versions FILE...: lines `image tag digest name`; digest and name `-` where there is none.
# shellcheck disable=SC2120 # it reads standard input where there is no file
marker_versions() {
  awk '
    match($0, /# *\{"\$imagepolicy": *"[^"]+"\}/) {
      marker = substr($0, RSTART, RLENGTH); value = substr($0, 1, RSTART - 1)
      sub(/^.*imagepolicy": *"/, "", marker); sub(/".*$/, "", marker)
      parts = split(marker, part, ":"); image = part[2]; field = parts > 2 ? part[3] : "whole"
      sub(/^[^:]*:[ \t]+/, "", value); gsub(/^[ \t"\x27]+|[ \t"\x27]+$/, "", value)
      if (!(image in seen)) { seen[image] = ++count; name[count] = image }
      if (field == "name" && value != "") at[image] = value
      if (field == "tag") tag[image] = value
      if (field == "digest" && value != "") digest[image] = value
      if (field == "whole") {
        if (split(value, whole, "@") > 1) digest[image] = whole[2]
        at[image] = whole[1]; sub(/:[^:\/]*$/, "", at[image])
        sub(/^.*\//, "", whole[1]); if (split(whole[1], rest, ":") > 1) tag[image] = rest[2]
      }
    }
    function known(text) { return text == "" ? "-" : text }
    END { for (i = 1; i <= count; i++) if (tag[name[i]] != "") print name[i], tag[name[i]], known(digest[name[i]]), known(at[name[i]]) }
  ' "$@"
}

# line_of IMAGE < VERSIONS
line_of() { awk -v image="$1" '$1 == image'; }

# marker_set IMAGE TAG DIGEST FILE...: writes a version wherever the files mark it. The name, with its registry, stays: it is the environment's.
marker_set() {
  local image=$1 tag=$2 digest=$3
  shift 3
  local end="([[:space:]]*# *\\{\"\\\$imagepolicy\": *\"[^\":]+:${image//./\\.}" key='^([[:space:]]*(- )?[A-Za-z]+:[[:space:]]+)'
  sed -i -E \
    -e "s|${key}[^#]*[^#[:space:]]${end}:tag\"\\})|\\1\"$tag\"\\3|" \
    -e "s|${key}[^#]*[^#[:space:]]${end}:digest\"\\})|\\1\"$digest\"\\3|" \
    -e "s|${key}[\"']?([^#[:space:]\"':@]+)([^#]*[^#[:space:]])?${end}\"\\})|\\1\\3:$tag@$digest\\5|" "$@"
}

# Files of an environment that have markers, now or at a commit: `marked_files ENVIRONMENT [COMMIT]`.
marked_files() {
  local mark="\"\$imagepolicy\""
  if [[ -n ${2:-} ]]; then
    git grep --fixed-strings --name-only -e "$mark" "$2" -- "deploy/$1" | sed "s/^$2://"
  else
    grep --recursive --files-with-matches --fixed-strings -e "$mark" "deploy/$1" 2>/dev/null | sort
  fi || true
}

# The same for what stands there: `environment_versions ENVIRONMENT [COMMIT]`.
environment_versions() {
  local file files
  files=$(marked_files "$@")
  # shellcheck disable=SC2119
  while read -r file; do
    [[ -n $file ]] || continue
    if [[ -n ${2:-} ]]; then git show "$2:$file"; else cat "$file"; fi
  done <<<"$files" | marker_versions
}
