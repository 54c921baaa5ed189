#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures one accelerator for kvsim: products, attention, whole steps, copies, disk. docs/probe.md explains the files.

    kvsim_probe.py --out FOLDER [--model llama-3.1-8b | config.json] [--tp 1] [--types bf16,fp8] [--minutes 15]

Needs Python 3.8 and torch 2.5 or newer, and nothing else. What was measured before Ctrl-C is kept.
"""
import argparse
import dataclasses
import datetime
import importlib.util
import json
import math
import os
import sys
import time

from shapes import BUILT_IN, BYTES, find_shape
from tables import note, write_atomically

PARTS = {"gemm": 2, "attention": 2, "steps": 5, "copies": 1, "disk": 1}  # shares of the time


@dataclasses.dataclass(frozen=True)
class Grid:
    tokens: list
    batches: list
    contexts: list
    chunks: list
    pasts: list
    mixed: list  # (chunk, past, batch, context); few sums of tokens, as each compiles kernels
    blocks: list
    copy_bytes: int
    files: list
    threads: list
    disk_bytes: int


FULL = Grid(tokens=[2**i for i in range(15)], batches=[2**i for i in range(10)],
            contexts=[128, 512, 2048, 8192, 32768, 131072], chunks=[32, 128, 512, 2048, 8192],
            pasts=[0, 2048, 8192, 32768, 131072],
            mixed=[(t - b, s, b, k) for t in (256, 512, 2048, 8192) for s in (0, 8192) for b in (8, 32, 128)
                   for k in (512, 4096)],
            blocks=[2**i for i in range(12, 25)], copy_bytes=1 << 29, files=[2**20, 2**22, 2**24, 2**26],
            threads=[1, 2, 4, 8, 16, 32], disk_bytes=1 << 28)
QUICK = Grid(tokens=[1, 64], batches=[1, 4], contexts=[16, 512], chunks=[8, 64], pasts=[0, 64],
             mixed=[(8, 0, 4, 16), (8, 64, 4, 16)], blocks=[2**12, 2**20], copy_bytes=1 << 22, files=[2**16, 2**20],
             threads=[1, 2], disk_bytes=1 << 21)


def attention_points(grid):
    return [(b, 0, k) for b in grid.batches for k in grid.contexts] + [
        (1, c, s + c) for c in grid.chunks for s in grid.pasts]


def step_work(grid):
    from steps import Work
    return [Work(b, k) for b in grid.batches for k in grid.contexts] + [
        Work(0, 0, c, s) for c in grid.chunks for s in grid.pasts] + [
        Work(b, k, c, s) for c, s, b, k in grid.mixed]


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the results; made if absent")
    parser.add_argument("--model", default="llama-3.1-8b", help=f"config.json, or one of {', '.join(BUILT_IN)}")
    parser.add_argument("--tp", type=int, default=1, help="measure one of this many ranks; links are not measured")
    parser.add_argument("--types", default="bf16,fp8", help="of the weights: bf16, fp8")
    parser.add_argument("--minutes", type=float, default=15, help="time in all, about")
    parser.add_argument("--parts", default=",".join(PARTS), help="which to measure")
    parser.add_argument("--device", default="auto", choices=["auto", "cuda", "hpu", "xpu", "cpu"],
                        help="cuda is ROCm too; auto takes the first that is there")
    parser.add_argument("--disk", help="folder on the disk to measure; default: --out")
    parser.add_argument("--repeats", type=int, default=7, help="timings of each point")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="to put into machine.json")
    parser.add_argument("--no-compile", action="store_true", help="leave small kernels unfused")
    parser.add_argument("--quick", action="store_true", help="a few small points, to see that all works")
    options = parser.parse_args(argv)
    for name, known in (("types", BYTES), ("parts", PARTS)):
        values = getattr(options, name).split(",")
        if not set(values) <= set(known):
            parser.error(f"--{name} {','.join(values)}: not all of them among {', '.join(known)}")
        setattr(options, name, values)
    if not (math.isfinite(options.minutes) and options.minutes > 0) or options.repeats < 1:
        parser.error("--minutes and --repeats must be positive")
    try:
        options.date = datetime.date.fromisoformat(options.date).isoformat()
        options.shape = find_shape(options.model, options.tp)
    except (OSError, ValueError) as error:
        parser.error(f"--model, --tp, --date: {error}")
    if options.disk and not os.path.isdir(options.disk):
        parser.error(f"--disk {options.disk}: no such folder")
    return options


class Probe:
    def __init__(self, options):
        from device import Device
        self.options, self.grid = options, QUICK if options.quick else FULL
        self.device = Device(options.device, 2 if options.quick else options.repeats)
        self.types = options.types
        self.compiled = (not options.no_compile and self.device.has_graphs
                         and importlib.util.find_spec("triton") is not None)
        self.end = time.monotonic() + 60 * options.minutes
        self.about = {"date": options.date, **self.device.description()}
        self.about.update(model=options.shape.name, shape=dataclasses.asdict(options.shape), compiled=self.compiled)

    def gemm(self, deadline):
        from kernels import measure_products
        measure_products(self.device, self.options.shape, self.types, self.grid.tokens, self.options.out, deadline)

    def attention(self, deadline):
        from kernels import measure_attention
        measure_attention(self.device, self.options.shape, attention_points(self.grid), self.options.out, deadline)

    def steps(self, deadline):
        from steps import measure_steps
        now = time.monotonic()
        deadlines = [now + (deadline - now) * (i + 1) / len(self.types) for i in range(len(self.types))]
        measure_steps(self.device, self.options.shape, self.types, step_work(self.grid), self.compiled,
                      self.options.out, deadlines)

    def copies(self, deadline):
        from copies import measure_copies
        measure_copies(self.device, self.grid.blocks, self.grid.copy_bytes, self.options.out, deadline)

    def disk(self, deadline):
        from copies import measure_disk
        measure_disk(self.options.disk or self.options.out, self.grid.files, self.grid.threads, self.grid.disk_bytes,
                     min(3, self.device.repeats), self.options.out, deadline)

    def run(self):
        from device import skip_failures
        from kernels import usable_types
        self.types = usable_types(self.device, self.types)
        self.write_about()
        parts = [part for part in PARTS if part in self.options.parts]
        for i, part in enumerate(parts):
            now = time.monotonic()
            seconds = (self.end - now) * PARTS[part] / sum(PARTS[each] for each in parts[i:])
            note(f"{part}: up to {max(0, seconds):.0f} s")
            skip_failures(part, lambda: getattr(self, part)(now + seconds))
            self.device.release()
            note(f"{part}: took {time.monotonic() - now:.0f} s")
            self.write_about()

    def write_about(self):
        write_atomically(os.path.join(self.options.out, "machine.json"), json.dumps(self.about, indent=2) + "\n")


def main(argv):
    options = arguments(argv)
    try:
        os.makedirs(options.out, exist_ok=True)
        Probe(options).run()
    except ImportError as error:
        sys.exit(f"kvsim_probe.py: {error}; install torch 2.5 or newer for this accelerator")
    except (OSError, ValueError) as error:
        sys.exit(f"kvsim_probe.py: {error}")
    except KeyboardInterrupt:
        note("stopped; what was measured is kept")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
