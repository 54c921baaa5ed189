#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Simulates and plans where there is no network, not even a loopback, and looks for addresses that a page would load.
#   try_offline.sh BUILD    77: cannot be tried here
set -euo pipefail

kvsim="$(realpath "$1")/kvsim"
examples="$(realpath "$1/kvsim-data")/examples"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

without_network() { unshare --map-root-user --net "$@"; }

without_network true 2>/dev/null || { echo "no network namespaces here" && exit 77; }
without_network "$kvsim" run --fleet "$examples/quickstart/fleet.yaml" --trace "$examples/quickstart/workload.yaml" \
  --out "$scratch/results"
without_network "$kvsim" plan "$examples/plan/first/problem.yaml" --no-what-if --out "$scratch/plan"
for page in "$scratch/results/run.html" "$scratch/plan/plan.html"; do
  [[ -s "$page" ]] || { echo "$page was not written" && exit 1; }
  ! grep -oE '(src|href)="?https?:[^ >]*|url\(https?:[^)]*|(fetch|import)\("https?:[^)]*' "$page" ||
    { echo "$page would load that" && exit 1; }
done
echo "nothing needs a network"
