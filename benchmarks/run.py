#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Speed and memory of `kvsim run` on fixed work; prints a Markdown table.

    benchmarks/run.py [--kvsim build/kvsim] [--runs 3] [--only NAME ...]

Each line is the median of several runs of the whole process on one core: wall time as the program reports it
(reading, simulating, summarising), peak resident memory, requests a second.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile

FLEET = """name: {name}
model: {model}
accelerator: {accelerator}
replicas: {replicas}
engine: {{version: "0.19.0"}}
router: {{policy: round-robin}}
"""
WORKLOAD = """kind: generate
requests: {requests}
arrivals: {{process: poisson, rate: {rate}}}
input_tokens: {{distribution: normal, mean: 1000, deviation: 200, min: 1}}
output_tokens: {{distribution: normal, mean: 200, deviation: 50, min: 1}}
"""
# 16 replicas of Llama-3.1-8B on H100, host memory over shared storage, the Mooncake shape of examples/ at seven times its rate:
# about 200 requests load at once.
TIERED_FLEET = """name: tiers
servers: [{name: node, accelerator: H100-SXM-80, accelerators: 8, host_memory: 2TiB, nics: 8, nic_bytes_per_second: 50GB}]
storage: [{name: shared, kind: lustre, capacity: 100TB, read_bytes_per_second: 4GB, write_bytes_per_second: 30GB}]
model: Llama-3.1-8B
server: node
replicas: 16
engine: {version: "0.22.0"}
kv: {block_tokens: 256, host: {capacity: 60GiB}, storage: {system: shared}}
router: {policy: least-request}
"""
TIERED_WORKLOAD = os.path.join(os.path.dirname(__file__), "..", "examples", "mooncake-shape", "workload.yaml")
TIERED_NAME = "12k long chats, 16 replicas, host over storage"
# name: (requests, replicas); Llama-3.1-8B on A100-80, 1000 in / 200 out, Poisson 8 requests/s a replica.
CASES = {
    "100k requests, 4 replicas": (100_000, 4),
    "200k requests, 4 replicas": (200_000, 4),
    "1M requests, 100 replicas": (1_000_000, 100),
    "1M requests, 1000 replicas": (1_000_000, 1000),
}


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def measure(kvsim, fleet, workload, settings):
    options = [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run(["taskset", "-c", "0", kvsim, "run", "--fleet", fleet, "--trace", workload, "--json", *options],
                          check=True, capture_output=True, text=True)
    summary = json.loads(done.stdout)
    performance = summary["performance"]
    return (performance["wall_seconds"], performance["peak_rss_bytes"] / 1e6, summary["requests"]["completed"])


def work(folder, name):
    """Fleet, workload and settings of a case."""
    if name == TIERED_NAME:
        return write(folder, "fleet.yaml", TIERED_FLEET), TIERED_WORKLOAD, ["workload.arrivals.rate=16", "storage.0.read_bytes_per_second=6GB"]
    requests, replicas = CASES[name]
    fleet = write(folder, "fleet.yaml", FLEET.format(
        name="benchmark", model="Llama-3.1-8B", accelerator="A100-80-SXM", replicas=replicas))
    return fleet, write(folder, "workload.yaml", WORKLOAD.format(requests=requests, rate=8 * replicas)), []


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{models[0]}, {len(models)} cores, one used"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kvsim", default="build/kvsim")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[*CASES, TIERED_NAME])
    options = parser.parse_args()
    print(f"Machine: {machine()}; median of {options.runs} runs.\n")
    print("| work | requests/s of wall time | wall s | peak memory MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            fleet, workload, settings = work(folder, name)
            rows = [measure(options.kvsim, fleet, workload, settings) for _ in range(options.runs)]
            wall = statistics.median(row[0] for row in rows)
            memory = statistics.median(row[1] for row in rows)
            print(f"| {name} | {rows[0][2] / wall:,.0f} | {wall:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
