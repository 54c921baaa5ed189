#!/bin/bash
# Starts one engine on a Gaudi card; TP comes from the environment of the pod.
set -euo pipefail

export PT_HPU_ENABLE_LAZY_COLLECTIVES=true
export VLLM_SKIP_WARMUP=${VLLM_SKIP_WARMUP:-false}
MODEL=${MODEL:-ibm-granite/granite-4.1-8b}
MAX_LEN=9216

ARGS=(
  --block-size 128          # the kernels want 128
  --max-num-seqs 256
  --max-num-batched-tokens 16K
  --gpu-memory-utilization "0.75"
)
if [[ -n "${DEBUG:-}" ]]; then
  PORT=9000
  EXTRA="--enforce-eager"
fi

exec vllm serve "$MODEL" \
  --host 0.0.0.0 --port "$PORT" \
  --tensor-parallel-size $TP \
  --max-model-len ${MAX_LEN} \
  --disable-log-requests \
  "${ARGS[@]}" 2>&1 | tee /var/log/vllm.log
