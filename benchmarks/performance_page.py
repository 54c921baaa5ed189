#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/performance.md: speed, memory and growth of this machine's build, beside what is known of other simulators.

    benchmarks/performance_page.py [--kvsim build/kvsim] [--runs 3] [--out docs/performance.md]

Takes some ten minutes on an idle machine. Figures of others stand in benchmarks/peers.csv, each with source and date.
"""
import argparse
import contextlib
import csv
import datetime
import io
import os
import pathlib
import statistics
import sys
import tempfile
from unittest import mock

import routing
import run

SOURCE = pathlib.Path(__file__).resolve().parents[1]
ROUTERS = ["round-robin", "legacy-blend", "precise"]

PAGE = """# Performance

Written by `benchmarks/performance_page.py`; do not edit. Machine: {machine}. {date}, median of runs: {runs}, release build.{load}

## Speed and memory

Llama-3.1-8B on A100-80, 1000 tokens in (normal, deviation 200), 200 out (deviation 50), Poisson 8 requests/s a replica, round-robin, no
output a request. Wall time is the program's own: making the requests, simulating, summarising. The last row: the shape of
`examples/mooncake-shape` at seven times its rate, host memory over shared storage of 6 GB/s.

{speed}
## Growth

Twice the requests ({growth_names}) take {growth_time:.2f} times the time and {growth_memory:.2f} times the memory.

What routing costs a request of a whole run, at the same load for each replica (`benchmarks/routing.py`, which says what is measured):

{routing}
## Other simulators

Of the same work where it says so: a model of 8 billion parameters on A100, about 1000 tokens in and 200 out, Poisson 8 requests/s a replica.
Machines differ; other work is no measure of this one.

{peers}"""


def speed_rows(kvsim, runs):
    """By case: requests/s, wall seconds, megabytes."""
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in [*run.CASES, run.TIERED_NAME]:
            seen = [run.measure(kvsim, *run.work(folder, name)) for _ in range(runs)]
            wall, memory = (statistics.median(row[i] for row in seen) for i in (0, 1))
            rows[name] = (seen[0][2] / wall, wall, memory)
    return rows


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def routing_table(kvsim, runs):
    """As routing.py prints it."""
    printed = io.StringIO()
    arguments = ["routing.py", "--kvsim", kvsim, "--runs", str(runs), "--routers", *ROUTERS]
    with contextlib.redirect_stdout(printed), mock.patch.object(sys, "argv", arguments):
        routing.main()
    return printed.getvalue()


def peers_table():
    with open(SOURCE / "benchmarks/peers.csv", newline="") as file:
        rows = list(csv.reader(file))
    return table(rows[0], rows[1:])


def others_at_work():
    load = os.getloadavg()[0]
    return f" Other programs kept about {load:.1f} processors busy: take the figures as +-30 % or worse." if load > 0.5 else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kvsim", default=str(SOURCE / "build/kvsim"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path, default=SOURCE / "docs/performance.md")
    options = parser.parse_args()
    load = others_at_work()
    rows = speed_rows(options.kvsim, options.runs)
    small, large = list(run.CASES)[:2]
    options.out.write_text(PAGE.format(
        machine=run.machine(), date=datetime.date.today().isoformat(), runs=options.runs, load=load,
        speed=table(["work", "requests/s of wall time", "wall s", "peak memory MB"],
                    [[name, f"{rate:,.0f}", f"{wall:.2f}", f"{memory:.0f}"] for name, (rate, wall, memory) in rows.items()]),
        growth_names=f"{small}; {large}", growth_time=rows[large][1] / rows[small][1],
        growth_memory=rows[large][2] / rows[small][2],
        routing=routing_table(options.kvsim, options.runs), peers=peers_table()))


if __name__ == "__main__":
    main()
