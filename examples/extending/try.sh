#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tries the patches of this folder, each by itself: applies it to a copy of the source tree, builds what it touches,
# runs its tests and shows the addition at work. Minutes each; a compiler cache helps.
#   examples/extending/try.sh [--applies] [router|eviction-policy|accelerator|reader ...]
# --applies only asks whether each still applies (seconds).
set -euo pipefail
source_tree="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
patches="$source_tree/examples/extending"

# What is built, and the tests that are run of it.
declare -A targets=([router]="kvsim test_sim_routing test_sim_scenario" [eviction-policy]="kvsim test_sim_kv test_sim_scenario"
  [accelerator]="kvsim test_catalog" [reader]="kvsim test_traces")
declare -A filters=([router]="FillFirst.*:FleetSchema.*" [eviction-policy]="BlockStoreRules.*:*BlockStoreTwin*:FleetSchema.*"
  [accelerator]="ExampleX1.*:Catalog.*" [reader]="ArrivalsCsv.*:BrokenTraces.*")

# What a user would do with it.
use_router() {
  build/kvsim run --fleet examples/quickstart/fleet.yaml --trace examples/quickstart/workload.yaml --out out \
    --set 'router={policy: fill-first, parameters: {most_requests: 64}}'
}
use_eviction-policy() {
  build/kvsim run --fleet examples/quickstart/fleet.yaml --trace examples/quickstart/workload.yaml --out out \
    --set 'kv={host: {capacity: 32GiB, eviction: fifo}}'
}
use_accelerator() { build/kvsim catalog show example-x1-oam; }
use_reader() {
  printf 'arrival_seconds,input_tokens,output_tokens\n0.5,1000,20\n' >requests.csv
  build/kvsim trace info requests.csv
}

copy_of_the_tree() {
  local copy="$1"
  mkdir "$copy"
  tar -C "$source_tree" --exclude=./build --exclude='./build-*' --exclude=./.git --exclude=./results -c . | tar -C "$copy" -x
}

try() {
  local name="$1" copy="$work/$1" target
  copy_of_the_tree "$copy"
  cd "$copy"
  git apply "$patches/$name.patch"
  if [[ -n "$only_applies" ]]; then echo "$name applies" && return; fi
  cmake --preset release >/dev/null
  # shellcheck disable=SC2086
  cmake --build build --parallel "$(nproc)" --target ${targets[$name]}
  for target in ${targets[$name]}; do
    [[ "$target" == kvsim ]] || "build/$target" --gtest_brief=1 --gtest_filter="${filters[$name]}"
  done
  "use_$name"
  echo "$name works"
}

only_applies=""
if [[ "${1:-}" == --applies ]]; then only_applies=yes && shift; fi
(($#)) || set -- router eviction-policy accelerator reader
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for name in "$@"; do
  [[ -n "${targets[$name]:-}" ]] || { echo "there is no example '$name'; there are: ${!targets[*]}" >&2 && exit 1; }
  (try "$name")
done
