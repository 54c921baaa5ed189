#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What routing costs a request of a whole `kvsim run`, against the number of replicas and the size of the index.

    benchmarks/routing.py [--routers ROUTER ...] [--replicas 10 100 1000] [--prefixes N ...] [--instructions]

ROUTER is a policy or preset by name, with parameters if need be (dynamo-kv:temperature=0.5,approximate=1), or the path of an
EndpointPickerConfig. Load is the same for each replica: Llama-3.1-8B on A100-80, 8 requests/s, prompts that begin with one of
50 prefixes a replica (1024 tokens) and go on with 256 of their own, 100 tokens out. `--prefixes` gives numbers of
different prefixes in all instead, on the largest fleet: the index grows, all else stays.

Times are of one core, the program's start left out: CPU time of a run less that of a run of few requests. Runs are
interleaved, and a ratio is the median over rounds of ratios within a round, so that a machine that others use as well
disturbs it less. `--instructions` counts instructions instead, once: (those of 2n requests - those of n) / n.
"""
import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import tempfile

FLEET = """name: routing
model: Llama-3.1-8B
accelerator: A100-80-SXM
replicas: {replicas}
engine: {{version: "0.19.0"}}
router: {router}
"""
WORKLOAD = """kind: generate
requests: {requests}
arrivals: {{process: poisson, rate: {rate}}}
shared_prompts: [{{count: {prefixes}, tokens: 1024, popularity: uniform}}]
input_tokens: 256
output_tokens: {{distribution: normal, mean: 100, deviation: 25, min: 1}}
"""
RATE = 8  # requests/s a replica
PREFIXES = 50  # a replica


def router_yaml(router):
    """The fleet's `router` block. Its simulated cost is left out: one router replica would be full at 500 requests/s."""
    free = "cost: {seconds: 0, latency: 0, seconds_per_token: 0, hop: 0, source: left out}"
    if os.path.exists(router):
        return "{epp_config: %s, %s}" % (os.path.abspath(router), free)
    name, _, given = router.partition(":")
    parameters = ", ".join(pair.replace("=", ": ") for pair in given.split(",") if pair)
    return "{policy: %s, %s%s}" % (name, free, ", parameters: {%s}" % parameters if parameters else "")


class Case:
    def __init__(self, folder, router, replicas, prefixes):
        self.folder, self.router, self.replicas, self.prefixes = folder, router, replicas, prefixes

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def command(self, kvsim, requests):
        fleet = self.write("fleet.yaml", FLEET.format(replicas=self.replicas, router=router_yaml(self.router)))
        workload = self.write("workload.yaml", WORKLOAD.format(
            requests=requests, rate=RATE * self.replicas, prefixes=self.prefixes))
        return [kvsim, "run", "--fleet", fleet, "--trace", workload, "--json"]

    def microseconds(self, options):
        """CPU time of a request, and the hit ratio."""
        few, requests = 1000, max(options.requests, options.requests_per_replica * self.replicas)
        start, _ = cpu_seconds(self.command(options.kvsim, few))
        seconds, summary = cpu_seconds(self.command(options.kvsim, requests))
        return 1e6 * (seconds - start) / (requests - few), summary["cache"]["hit_ratio"]

    def instructions(self, options):
        """Of a request, in thousands, and no hit ratio."""
        few = max(2000, 20 * self.replicas)
        counts = [count_instructions(self.command(options.kvsim, requests)) for requests in (few, 2 * few)]
        return (counts[1] - counts[0]) / few / 1e3, float("nan")


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["taskset", "-c", "0", *command], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds, json.loads(done.stdout)


def count_instructions(command):
    """With perf where the machine counts them, else with valgrind."""
    done = subprocess.run(["perf", "stat", "-x", ",", "-e", "instructions:u", *command], capture_output=True, text=True)
    count = re.search(r"^(\d+),[^,]*,instructions", done.stderr, re.MULTILINE)
    if count:
        return int(count.group(1))
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                          check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def table(heads, rows):
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def measure(cases, options):
    """By case: one (cost, hit ratio) a round."""
    rounds = 1 if options.instructions else options.runs
    seen = {case: [] for case in cases}
    for _ in range(rounds):
        for case in cases:
            seen[case].append(case.instructions(options) if options.instructions else case.microseconds(options))
    return seen


def median_cost(seen):
    return statistics.median(cost for cost, _ in seen)


def median_ratio(seen, base):
    return statistics.median(cost / other for (cost, _), (other, _) in zip(seen, base))


def compare(folder, options, sizes, column):
    """One row a router, one column a size; ratios to the first column and to the first router."""
    grid = {router: [Case(folder, router, *size) for size in sizes] for router in options.routers}
    seen = measure([case for row in grid.values() for case in row], options)
    first = grid[options.routers[0]]
    unit = "1000 instructions" if options.instructions else "us"
    heads = ["router", *(f"{column(size)}: {unit} a request" for size in sizes),
             *(f"{column(size)} / {column(sizes[0])}" for size in sizes[1:]),
             f"over {options.routers[0]} at {column(sizes[-1])}", "hit ratio there"]
    rows = []
    for router, cases in grid.items():
        costs = [f"{median_cost(seen[case]):.2f}" for case in cases]
        growth = [f"{median_ratio(seen[case], seen[cases[0]]):.2f}" for case in cases[1:]]
        rows.append([os.path.basename(router), *costs, *growth,
                     f"{median_ratio(seen[cases[-1]], seen[first[-1]]):.2f}", f"{seen[cases[-1]][0][1]:.3f}"])
    table(heads, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kvsim", default="build/kvsim")
    parser.add_argument("--routers", nargs="+", default=["round-robin", "least-request", "power-of-two", "session-hash"])
    parser.add_argument("--replicas", nargs="+", type=int, default=[10, 100, 1000])
    parser.add_argument("--prefixes", nargs="+", type=int, help="in all, on the largest fleet, instead of fleet sizes")
    parser.add_argument("--requests", type=int, default=200_000, help="of a run, at least")
    parser.add_argument("--requests-per-replica", type=int, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--instructions", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.prefixes:
            sizes = [(max(options.replicas), prefixes) for prefixes in options.prefixes]
            compare(folder, options, sizes, lambda size: f"{size[1]:,} prefixes")
        else:
            sizes = [(replicas, PREFIXES * replicas) for replicas in options.replicas]
            compare(folder, options, sizes, lambda size: f"{size[0]:,} replicas")


if __name__ == "__main__":
    main()
