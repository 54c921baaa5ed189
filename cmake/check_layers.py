#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the #include lines of the tree to the order of its rooms.

A room may include itself and rooms to its left; headers form no cycle; a library from outside is seen only by the
files named below; every quoted include names a file of the repository from its root. Prints each fault as
file:line and ends with 1 where there is one.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOMS = [  # from left to right; rooms of one line do not see each other
    ["base"],
    ["hardware-catalog", "traces"],
    ["models"],
    ["sim/core"],
    ["sim/kv", "sim/metrics"],
    ["sim/fabric"],
    ["sim/replica"],
    ["sim/scenario"],
    ["sim/routing"],
    ["sim/cluster"],
    ["sim/report"],
    ["planner", "validation"],
    ["cli"],
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}

LIBRARIES = [  # (include, files that may see it)
    (r"fmt/.*", r".*"),
    (r"yaml-cpp/.*", r"base/document_yaml\.cpp"),
    (r"nlohmann/.*", r"base/document_json\.cpp|tests/.*"),
    (r"simdjson\.h", r"traces/readers/.*"),
    (r"(zstd|zlib)\.h", r"traces/readers/.*|tests/traces/.*"),
    (r"CLI/.*", r"cli/.*"),
    (r"Eigen/.*", r"models/least_squares\.cpp"),
    (r"(Cbc|Cgl|Osi|Coin).*", r"planner/solve_cbc\.cpp"),
    (r"mpi\.h", r"planner/mpi_workers\.cpp"),
    (r"boost/graph/.*", r"planner/residency_flow\.cpp"),
    (r"simgrid/.*|xbt/.*", r"sim/fabric/simgrid_fabric\.cpp"),
    (r"(gtest|gmock)/.*", r"tests/.*"),
    (r"benchmark/.*", r"benchmarks/.*"),
    (r"(unistd|malloc|signal|fcntl|poll|spawn)\.h|sys/[a-z]+\.h", r".*"),
    (r"[a-z_0-9]+", r".*"),  # the standard library
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def sources():
    listed = subprocess.run(["git", "ls-files", "*.h", "*.cpp"], check=True, capture_output=True, text=True)
    return [Path(line) for line in listed.stdout.splitlines() if Path(line).exists()]


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == "<", match.group(2)


def room_of(path):
    parts = Path(path).parts
    room = "/".join(parts[:2]) if parts[0] == "sim" else parts[0]
    return room if room in RANK else None


def check_room(path, target):
    if path.parts[0] in ("tests", "benchmarks"):
        return None
    here, there = room_of(path), room_of(target)
    if here is None:
        return f"{path.parent} is no room; add it to cmake/check_layers.py"
    if there is None:
        return f"{target} lies in no room"
    if here != there and RANK[there] >= RANK[here]:
        return f"{here} may not include {target}: {there} is not to its left"
    return None


def check_library(path, target):
    for include, seers in LIBRARIES:
        if re.fullmatch(include, target):
            return None if re.fullmatch(seers, str(path)) else f"<{target}> may be seen by {seers} only"
    return f"<{target}> is no library that the project uses"


def check_include(path, is_library, target):
    if is_library:
        return check_library(path, target)
    if not Path(target).exists():
        return f'"{target}" is no file from the root of the repository'
    return check_room(path, target)


def find_cycle(graph):
    """The nodes of one cycle, or nothing."""
    finished, trail = set(), []

    def visit(node):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in finished:
            return None
        trail.append(node)
        for target in graph.get(node, []):
            cycle = visit(target)
            if cycle:
                return cycle
        finished.add(trail.pop())
        return None

    return next(filter(None, map(visit, sorted(graph))), None)


def main():
    faults, graph = [], {}
    files = sources()
    for path in files:
        for number, is_library, target in includes(path):
            fault = check_include(path, is_library, target)
            if fault:
                faults.append(f"{path}:{number}: {fault}")
            if not is_library:
                graph.setdefault(str(path), []).append(target)
    cycle = find_cycle(graph)
    if cycle:
        faults.append("include cycle: " + " -> ".join(cycle))
    print("\n".join(faults) or f"{len(files)} files keep the order of the rooms")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
