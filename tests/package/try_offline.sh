#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Simulates and plans where there is no network, not even a loopback, and sees to it that nobody asks for one. Looks for
# addresses that a page would load.
#   try_offline.sh BUILD    77: cannot be tried here
set -euo pipefail

kvsim="$(realpath "$1")/kvsim"
examples="$(realpath "$1/kvsim-data")/examples"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "try_offline.sh: $1" >&2
  exit 1
}

# Appends each call that has to do with a network to the file `calls`.
without_network() {
  unshare --map-root-user --net strace --follow-forks --quiet=all --trace=network --signal=none \
    --output-append-mode --output="$scratch/calls" "$@"
}

without_network true 2>/dev/null || { echo "no network namespaces or no strace here" && exit 77; }
without_network bash -c ': >/dev/tcp/127.0.0.1/9' 2>/dev/null && fail "there is a network"
[[ -s "$scratch/calls" ]] || fail "calls are not seen"
rm "$scratch/calls"

without_network "$kvsim" run --fleet "$examples/quickstart/fleet.yaml" --trace "$examples/quickstart/workload.yaml" \
  --out "$scratch/results"
without_network "$kvsim" plan "$examples/plan/first/problem.yaml" --no-what-if --out "$scratch/plan"
[[ ! -s "$scratch/calls" ]] || fail "somebody asked for a network: $(head -n 5 "$scratch/calls")"
for page in "$scratch/results/run.html" "$scratch/plan/plan.html"; do
  [[ -s "$page" ]] || fail "$page was not written"
  ! grep -oE '(src|href)="?https?:[^ >]*|url\(https?:[^)]*|(fetch|import)\("https?:[^)]*' "$page" || fail "$page loads that"
done
echo "nothing needs a network"
