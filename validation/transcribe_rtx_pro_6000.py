#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The case of one vLLM engine on one RTX PRO 6000 (LLMServingSim's published benchmark data, MIT, 2026-04-25).

    transcribe_rtx_pro_6000.py vllm_rtxpro6000_llama31_8b validation/cases/rtx-pro-6000-llama-3.1-8b

Writes requests.csv, workload.jsonl.zst (needs the zstd program), and the figures under `measured` in case.yaml.

Each of 300 requests has an arrival on the wall clock and, on a monotonic clock, when the engine's loop took it in
(queued), scheduled it and gave its first and last token. The loop takes requests in between two steps only, and what a
request waits for that is part of a simulated TTFT. So times count from the arrival here, brought to the engine's clock
by the least time that any request took from arrival to queue: the wait for a step is in them, the front end is not.
"""
import json
import math
import pathlib
import subprocess
import sys

STAGES = 10  # of 30 requests by arrival: 0 to 4 are the first half
NOISE = {"ttft_seconds": 0.1, "tpot_seconds": 0.03, "e2e_seconds": 0.03}  # assumed: the run was not repeated
BLOCK = 16


def quantile(values, share):  # linear between ranks
    values = sorted(values)
    rank = share * (len(values) - 1)
    below = math.floor(rank)
    above = min(below + 1, len(values) - 1)
    return values[below] + (rank - below) * (values[above] - values[below])


def times_of(requests):
    """One dict of metric: seconds for each request."""
    shift = min(r["queued_ts"] - r["arrival_time"] for r in requests)
    times = []
    for r in requests:
        sent = r["arrival_time"] + shift
        times.append({"sent": sent, "end": r["last_token_ts"], "output_tokens": r["output_toks"],
                      "ttft_seconds": r["first_token_ts"] - sent,
                      "tpot_seconds": (r["last_token_ts"] - r["first_token_ts"]) / (r["output_toks"] - 1),
                      "e2e_seconds": r["last_token_ts"] - sent,
                      "queue_seconds": r["scheduled_ts"] - r["queued_ts"]})
    return times


def mean(values):
    return sum(values) / len(values)


def stage_of(request, count):
    return request * STAGES // count


def figures(times):
    """Lines of `measured`: the whole run, then the means of each stage."""
    for metric in ("ttft_seconds", "tpot_seconds", "e2e_seconds", "queue_seconds"):
        values = [t[metric] for t in times]
        for statistic, value in [("mean", mean(values))] + [(f"p{p}", quantile(values, p / 100)) for p in (50, 90, 99)]:
            yield f"  - {{metric: {metric}, statistic: {statistic}, value: {value:.5g}}}"
    seconds = max(t["end"] for t in times) - min(t["sent"] for t in times)
    yield f"  - {{metric: output_tokens_per_second, value: {sum(t['output_tokens'] for t in times) / seconds:.5g}}}"
    yield f"  - {{metric: requests_per_second, value: {len(times) / seconds:.5g}}}"
    yield f"  - {{metric: duration_seconds, value: {seconds:.5g}}}"
    for stage in range(STAGES):
        part = [t for i, t in enumerate(times) if stage_of(i, len(times)) == stage]
        for metric, noise in NOISE.items():
            yield f"  - {{metric: {metric}, stage: {stage}, value: {mean([t[metric] for t in part]):.5g}, noise: {noise}}}"


def requests_csv(times):
    lines = ["request,part,ttft_seconds,e2e_seconds"]
    for i, t in enumerate(times):
        half = "first half" if 2 * i < len(times) else "second half"
        lines.append(f"{i},{half},{t['ttft_seconds']:.6f},{t['e2e_seconds']:.6f}")
    return "\n".join(lines) + "\n"


def pieces(ids):
    """Blocks that follow each other in the file's own stream, as one stretch."""
    joined = []
    for block in ids:
        if joined and joined[-1][1] + joined[-1][2] == block * BLOCK:
            joined[-1][2] += BLOCK
        else:
            joined.append([0, block * BLOCK, BLOCK])
    return joined


def workload_text(requests):
    lines = [{"kvsim_trace": 1, "description": "300 ShareGPT requests", "block_tokens": BLOCK, "stages": STAGES}]
    for i, r in enumerate(requests):
        lines.append({"arrival_seconds": round(r["timestamp"] / 1000, 9), "input_tokens": r["input_length"],
                      "output_tokens": r["output_length"], "prompt": pieces(r["hash_ids"]),
                      "stage": stage_of(i, len(requests))})
    return "".join(json.dumps(line) + "\n" for line in lines)


def with_figures(case, lines):
    head, rest = case.split("measured:\n", 1)
    return head + "measured:\n" + "\n".join(lines) + "\n" + rest[rest.index("series:\n"):]


def main(data, case):
    data, case = pathlib.Path(data), pathlib.Path(case)
    read = lambda name: [json.loads(line) for line in (data / name).read_text().splitlines()]
    requests, workload = read("requests.jsonl"), read("workload.jsonl")
    order = sorted(range(len(requests)), key=lambda i: requests[i]["arrival_time"])
    if order != list(range(len(requests))) or len(workload) != len(requests):
        sys.exit("the requests do not stand in order of arrival")
    times = times_of(requests)
    (case / "requests.csv").write_text(requests_csv(times))
    (case / "case.yaml").write_text(with_figures((case / "case.yaml").read_text(), list(figures(times))))
    subprocess.run(["zstd", "-19", "-q", "-f", "-o", case / "workload.jsonl.zst"], check=True,
                   input=workload_text(workload).encode())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
