#!/usr/bin/env bash
# Puts Azure's kubelogin on the PATH of the steps that follow, in GitHub Actions and Azure Pipelines. The checksum is the one of
# Azure/homebrew-kubelogin (Formula/kubelogin.rb at 125d836, January 2026); with another version it is another.
set -euo pipefail
version=0.2.13
sum=21b7cfa009b3b4044663a0f9a9ec033deddd668ca4502348f763bd93c51fb806

folder=${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:?}}/kubelogin
mkdir -p "$folder"
archive=$folder/kubelogin.zip
curl --fail --silent --show-error --location --retry 3 --output "$archive" \
  "https://github.com/Azure/kubelogin/releases/download/v$version/kubelogin-linux-amd64.zip"
echo "$sum  $archive" | sha256sum --check --quiet
unzip -q -o -j "$archive" bin/linux_amd64/kubelogin -d "$folder"
rm "$archive"
chmod 755 "$folder/kubelogin"
if [[ -n "${GITHUB_PATH:-}" ]]; then echo "$folder" >>"$GITHUB_PATH"; fi
if [[ -n "${TF_BUILD:-}" ]]; then echo "##vso[task.prependpath]$folder"; fi
