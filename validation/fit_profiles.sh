#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fits the shipped profiles of the public rate ladders and of one vLLM run again, from the cases beside this script, single-vendor runs only.
#   validation/fit_profiles.sh build/kvsim OUT_FOLDER        then copy OUT_FOLDER/*.yaml to models/profiles/
# Runs that were simulated before are kept in OUT_FOLDER/kept, so that a stopped fit goes on.
set -euo pipefail
kvsim=$1
out=$2
cases=$(cd "$(dirname "${BASH_SOURCE[0]}")/cases" && pwd)

fit() {  # NAME OPTIONS -- CASES
  local name=$1 options=()
  shift
  while [ "$1" != "--" ]; do
    options+=("$1")
    shift
  done
  shift
  (cd "$cases" && "$kvsim" calibrate "$@" --out "$out/$name.yaml" --report "$out/$name.html" --keep "$out/kept" \
    --seeds 2 --rounds 4 --hold-out stages --hold-out upper-rates "${options[@]}")
}

kvsim=$(realpath "$kvsim")
mkdir -p "$out"
out=$(realpath "$out")
# The run of 8,000 tokens in is in doubt (4 or 8 pods) and has other blocks; it is left for validation.
fit mi325x-sarvam-30b --engine-from 0.19.0 -- mi325x-sarvam-11k-200-k8s-v07 mi325x-sarvam-11k-200-approx-v07
# The two reruns of this image are left for validation. Its steps jump with the number of sequences: attention walks.
fit mi325x-granite-4.1-8b-rocm-v0.6 --engine-to 0.18.99 --parameter gemm_compute_share.bf16 gemm_bandwidth_share.bf16 \
  gemm_overlap_share prefill_compute_share.bf16 decode_bandwidth_share.bf16 attention_walk_seconds=5e-8 step_seconds \
  sequence_seconds frontend_seconds activation_dense_bytes fleet.router.cost.latency_per_stream \
  -- mi325x-granite-7k-1k-k8s-v06 mi325x-granite-7k-1k-precise-v06
fit h100-nvl-sarvam-30b --engine-from 0.19.0 -- h100-nvl-sarvam-7k-1k-k8s h100-nvl-sarvam-7k-1k-approx
fit gaudi3-granite-4.1-8b -- gaudi3-granite-7k-1k-k8s gaudi3-granite-7k-1k-approx gaudi3-granite-7k-1k-approx-seqs64
fit gaudi3-granite-4.1-8b-block-16 -- gaudi3-granite-7k-1k-approx-block16
fit mi325x-granite-4.1-8b --engine-from 0.19.0 --hold-out workloads -- mi325x-granite-7k-1k-k8s-v07 \
  mi325x-granite-7k-1k-approx-v07 mi325x-granite-1k-4k-k8s-v07 mi325x-granite-1k-4k-approx-v07
fit h100-nvl-granite-4.1-8b --engine-from 0.19.0 --hold-out workloads -- h100-nvl-granite-7k-1k-k8s \
  h100-nvl-granite-7k-1k-approx h100-nvl-granite-7k-1k-approx-bt2048 h100-nvl-granite-1k-4k-k8s h100-nvl-granite-1k-4k-approx
# The first half of one run; the second was held out.
(cd "$cases" && "$kvsim" calibrate rtx-pro-6000-llama-3.1-8b --stage 0 1 2 3 4 --hold-out stages other-stages \
  --metric ttft_seconds tpot_seconds e2e_seconds --parameter gemm_compute_share.bf16 gemm_bandwidth_share.bf16 \
  prefill_compute_share.bf16 decode_bandwidth_share.bf16 step_seconds sequence_seconds --seeds 1 \
  --engine-from 0.19.0 --engine-to 0.19.99 --out "$out/rtx-pro-6000-llama-3.1-8b.yaml")
