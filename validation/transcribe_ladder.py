#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cases out of the public rate ladders of llm-d pools (praveingk/llmd-benchmarking-nxtgen, 2026-05).

    transcribe_ladder.py single_vendor_stages.csv single_vendor_workloads.csv validation/cases

One folder a run: the figures of its stages, its workload, and the fleet as the deployment notes of the data set give it.
Prompt lengths are those that were served (4.8 % or 3.8 % more than configured), by the run's measured mean.
"""
import csv
import pathlib
import re
import sys

H100 = dict(accelerator="H100-NVL-94", pods=4)
MI325X = dict(accelerator="MI325X", pods=8)
GAUDI3 = dict(accelerator="Gaudi3", pods=8)
NEW, OLD = '"0.19.0"', '"0.18.0"'  # of the images v0.7.0 and v0.6.0: assumed, neither is recorded
GAUDI_ENGINE = dict(gpu_memory_utilization="0.75", max_num_batched_tokens="16384", max_model_len="9216")

# Case name, run, image, engine settings beyond the defaults, router, settings of the fleet beyond those.
RUNS = [
    ("h100-nvl-granite-7k-1k-k8s", "nv4-granite-approx-k8s-1778692203", H100, "llm-d-cuda v0.7.0-rc.4", NEW, {}, "k8s"),
    ("h100-nvl-granite-7k-1k-approx", "nv4-granite-approx-1778690402", H100, "llm-d-cuda v0.7.0-rc.4", NEW, {}, "approx"),
    ("h100-nvl-granite-7k-1k-approx-bt2048", "nv4-granite-approx-v07bt2048-1778839314", H100, "llm-d-cuda v0.7.0-rc.4", NEW,
     dict(max_num_batched_tokens="2048"), "approx"),
    ("h100-nvl-granite-1k-4k-k8s", "nv4-granite-k8s-decodeheavy-1778844838", H100, "llm-d-cuda v0.7.0-rc.4", NEW,
     dict(max_num_batched_tokens="2048"), "k8s"),
    ("h100-nvl-granite-1k-4k-approx", "nv4-granite-approx-decodeheavy-1778843651", H100, "llm-d-cuda v0.7.0-rc.4", NEW,
     dict(max_num_batched_tokens="2048"), "approx"),
    ("h100-nvl-granite-2k-200-precise", "nv4-granite-precise-sanity-1778261104", H100, "llm-d-cuda v0.6.0", OLD,
     dict(gpu_memory_utilization="0.90"), "precise"),
    ("h100-nvl-sarvam-7k-1k-k8s", "nv4-sarvam-k8s-1778686453", H100, "llm-d-cuda v0.7.0-rc.4", NEW, {}, "k8s"),
    ("h100-nvl-sarvam-7k-1k-approx", "nv4-sarvam-approx-1778685742", H100, "llm-d-cuda v0.7.0-rc.4", NEW, {}, "approx"),
    ("mi325x-granite-7k-1k-k8s-v06", "amd8-granite-k8s-v06-1778514623", MI325X, "llm-d-rocm v0.6.0", OLD,
     dict(gpu_memory_utilization="0.90"), "k8s"),
    ("mi325x-granite-7k-1k-k8s-v06-rerun", "amd8-granite-k8s-v06-rerun-1778558615", MI325X, "llm-d-rocm v0.6.0", OLD,
     dict(gpu_memory_utilization="0.90"), "k8s"),
    ("mi325x-granite-7k-1k-precise-v06", "amd8-granite-precise-v06-1778511220", MI325X, "llm-d-rocm v0.6.0", OLD,
     dict(gpu_memory_utilization="0.90"), "precise"),
    ("mi325x-granite-7k-1k-precise-v06-rerun", "amd8-granite-precise-v06-rerun-1778557759", MI325X, "llm-d-rocm v0.6.0", OLD,
     dict(gpu_memory_utilization="0.90"), "precise"),
    ("mi325x-granite-7k-1k-k8s-v07", "amd8-granite-k8s-fresh-1778832669", MI325X, "llm-d-rocm v0.7.0", NEW, {}, "k8s"),
    ("mi325x-granite-7k-1k-approx-v07", "amd8-granite-approx-fresh-1778830657", MI325X, "llm-d-rocm v0.7.0", NEW, {}, "approx"),
    ("mi325x-granite-1k-4k-k8s-v07", "amd8-granite-k8s-decodeheavy-1778854878", MI325X, "llm-d-rocm v0.7.0", NEW,
     dict(max_num_batched_tokens="2048"), "k8s"),
    ("mi325x-granite-1k-4k-approx-v07", "amd8-granite-approx-decodeheavy-1778851420", MI325X, "llm-d-rocm v0.7.0", NEW,
     dict(max_num_batched_tokens="2048"), "approx"),
    ("mi325x-sarvam-11k-200-k8s-v07", "amd8-sarvam-k8s-1778751661", MI325X, "llm-d-rocm v0.7.0", NEW, {}, "k8s"),
    ("mi325x-sarvam-11k-200-approx-v07", "amd8-sarvam-approx-1778751051", MI325X, "llm-d-rocm v0.7.0", NEW, {}, "approx"),
    ("mi325x-sarvam-8k-500-k8s-v07", "amd8-sarvam-k8s-pdbaseline-1779190145", MI325X, "llm-d-rocm v0.7.0", NEW,
     dict(gpu_memory_utilization="0.90", block_size="128", max_model_len="32000"), "k8s"),
    ("gaudi3-granite-7k-1k-k8s", "gaudi8-granite-k8s-1778814623", GAUDI3, "llm-d-hpu v0.7.0", NEW,
     dict(GAUDI_ENGINE, block_size="128", max_num_seqs="256"), "k8s"),
    ("gaudi3-granite-7k-1k-approx", "gaudi8-granite-approx-bs128ms256-1778808153", GAUDI3, "llm-d-hpu v0.7.0", NEW,
     dict(GAUDI_ENGINE, block_size="128", max_num_seqs="256"), "approx"),
    ("gaudi3-granite-7k-1k-approx-seqs64", "gaudi8-granite-approx-bs128-1778771586", GAUDI3, "llm-d-hpu v0.7.0", NEW,
     dict(GAUDI_ENGINE, block_size="128", max_num_seqs="64"), "approx"),
    ("gaudi3-granite-7k-1k-approx-block16", "gaudi8-granite-approx-untuned-1778767091", GAUDI3, "llm-d-hpu v0.7.0", NEW,
     dict(GAUDI_ENGINE, block_size="16", max_num_seqs="64"), "approx"),
]
# A Service picks a pod for each connection; the spread of E2E over requests (p90 over the mean) is that of a pick for each
# request, so the client opened a connection for each: of connections that are kept, hot pods would stay hot.
ROUTERS = {"k8s": "{policy: random}", "approx": "{epp_config: ../../approx-4096.yaml, version: 0.8.0}",
           "precise": "{epp_config: ../../precise-16.yaml}"}
BEHIND = {"k8s": "a Kubernetes Service", "approx": "llm-d's router with the approximate index",
          "precise": "llm-d's router with the precise index"}
# Where the engine's settings, not its version, ask for a profile of their own.
PROFILES = {"gaudi3-granite-7k-1k-approx-block16": "gaudi3-granite-4.1-8b-block-16"}
GAUDI_BLOCKS = {"128": 3584, "16": 28672}  # 70 GiB of KV, as measured

# Column, metric, statistic, noise of one repetition of 20 to 60 s (relative, one sigma).
FIGURES = [("output_tok_per_s_true", "output_tokens_per_second", "", 0.1), ("ttft_s_mean", "ttft_seconds", "mean", 0.25),
           ("ttft_s_p50", "ttft_seconds", "p50", 0.25), ("ttft_s_p90", "ttft_seconds", "p90", 0.25),
           ("tpot_s_mean", "tpot_seconds", "mean", 0.1), ("e2e_s_mean", "e2e_seconds", "mean", 0.1)]

# Bounds of which the largest rate that meets them is told.
SLO_RATES = ["{name: mean TTFT under 1 s, metric: ttft_seconds, below: 1}",
             "{name: mean TPOT under 50 ms, metric: tpot_seconds, below: 50, unit: ms}"]

REMARKS = {"mi325x-sarvam-8k-500-k8s-v07": " Its manifest says 8 pods, a comment in it 4: in doubt."}


def digits(text):
    return f"{float(text):.5g}"


def behind_a_service(name):
    """The case of the same pool and workload behind a Kubernetes Service, where there is one."""
    other = re.sub("-(approx|precise)", "-k8s", name)
    return other if other != name and other in [run[0] for run in RUNS] else None


def case_text(name, run, hardware, image, version, engine, router, stages):
    workload = re.match(r".*?-((?:\d+k|\d+)-(?:\d+k|\d+))-", name).group(1).split("-")
    model = "sarvam-30b" if "-sarvam-" in name else "granite-4.1-8b"
    settings = dict(gpu_memory_utilization="0.85")
    settings.update(engine)
    if hardware is GAUDI3:
        settings["num_gpu_blocks_override"] = str(GAUDI_BLOCKS[settings["block_size"]])
    inside = ", ".join([f"version: {version}"] + [f"{key}: {value}" for key, value in settings.items()])
    lines = [
        f"# Run {run}. Throughput is requests/s (drain included) x configured output tokens; TTFT, TPOT and E2E of",
        "# successes. Stage 0 of the others is a warm-up: simulated, not compared. One repetition of each stage.",
        f"name: {name}",
        "about: >-",
        f"  {hardware['pods']} x {hardware['accelerator']}, {model} bf16, {workload[0]} tokens in, {workload[1]} out, rate ladder behind",
        f"  {BEHIND[router]}, image {image} (its vLLM version is not recorded: {version.strip(chr(34))} is assumed).{REMARKS.get(name, '')}",
        f'source: {{title: "public benchmark artifacts praveingk/llmd-benchmarking-nxtgen, run {run}", date: 2026-05}}',
        "seeds: 10",
        "fleet:",
        f"  name: {name}",
        f"  model: {model}",
        f"  accelerator: {hardware['accelerator']}",
        f"  replicas: {hardware['pods']}",
        *([f"  profile: {PROFILES[name]}"] if name in PROFILES else []),
        f"  engine: {{{inside}}}",
        f"  router: {ROUTERS[router]}",
        "workload: workload.yaml",
        "slo_rate:",
        *[f"  - {bound}" for bound in SLO_RATES],
    ]
    if behind_a_service(name):
        lines.append(f"compared_to: {behind_a_service(name)}")
    lines.append("measured:")
    for stage in stages:
        if stage["is_warmup"] == "yes":
            continue
        for column, metric, statistic, noise in FIGURES:
            if not stage[column]:
                continue
            of = f"statistic: {statistic}, " if statistic else ""
            lines.append(f"  - {{metric: {metric}, {of}stage: {stage['stage']}, value: {digits(stage[column])}, noise: {noise}}}")
    return "\n".join(lines) + "\n"


def workload_text(run, workload):
    groups, prompts = (int(part) for part in workload["groups_x_prompts"].split(" x "))
    system, question, output = (int(part) for part in workload["system_question_output_tokens"].split("/"))
    measured = float(workload["measured_prompt_output_mean"].split("/")[0])
    share = measured / (system + question)
    lines = [
        f"# Run {run}: inference-perf v0.4.0, client timeout 300 s. Prompt lengths are scaled to the measured mean",
        f"# ({measured:.0f} tokens served for {system + question} configured).",
        "load:",
        f"  type: {workload['arrival']}",
        "  interval: 1",
        "  request_timeout: 300",
        "  stages:",
    ]
    for stage in workload["ladder_qps_x_seconds"].split():
        rate, duration = stage.split("x")
        lines.append(f"    - {{rate: {rate}, duration: {duration}}}")
    served = round(system * share)
    lines += [
        "api: {type: completion, streaming: true}",
        "server: {type: vllm, ignore_eos: true}",
        "data:",
        "  type: shared_prefix",
        f"  shared_prefix: {{num_groups: {groups}, num_prompts_per_group: {prompts}, system_prompt_len: {served}, "
        f"question_len: {round(measured) - served}, output_len: {output}}}",
    ]
    return "\n".join(lines) + "\n"


def main(stages_file, workloads_file, folder):
    stages, workloads = {}, {}
    for row in csv.DictReader(open(stages_file)):
        stages.setdefault(row["run_id"], []).append(row)
    for row in csv.DictReader(open(workloads_file)):
        workloads[row["run_id"]] = row
    for name, run, hardware, image, version, engine, router in RUNS:
        case = pathlib.Path(folder) / name
        case.mkdir(parents=True, exist_ok=True)
        (case / "case.yaml").write_text(case_text(name, run, hardware, image, version, engine, router, stages[run]))
        (case / "workload.yaml").write_text(workload_text(run, workloads[run]))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
