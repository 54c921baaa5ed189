#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lines of each room that the tests have run, out of a build of the preset `coverage`.

    cmake --preset coverage && cmake --build --preset coverage
    KVSIM_TEST_SCALE=0.1 ctest --preset coverage
    tests/coverage.py [--files] [build-coverage]

Rooms of `sim` are told one by one. `--files` lists the files with the most lines that no test runs. A line counts once,
however many functions are made out of it, and is covered where any of them ran it.
"""
import argparse
import collections
import gzip
import json
import pathlib
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1]
ROOMS = ("base", "hardware-catalog", "traces", "models", "sim", "planner", "validation", "cli")
MOST_FILES = 30


def reports(build):
    """gcov's report of each object that ran."""
    counters = sorted(build.rglob("*.gcda"))
    with tempfile.TemporaryDirectory() as folder:
        for counter in counters:
            done = subprocess.run(["gcov", "--json-format", "--stdout", str(counter)], cwd=folder, capture_output=True)
            data = done.stdout if done.stdout[:2] != b"\x1f\x8b" else gzip.decompress(done.stdout)
            for line in data.splitlines():
                if line.strip():
                    yield json.loads(line)


def room_of(file):
    """Such as sim/kv; nothing for a file of a test or of a library."""
    try:
        parts = file.relative_to(SOURCE).parts
    except ValueError:
        return None
    if parts[0] not in ROOMS or len(parts) < 2:
        return None
    return "/".join(parts[:2]) if parts[0] == "sim" else parts[0]


def lines_of(build):
    """By file and line: has any test run it?"""
    lines = collections.defaultdict(dict)
    for report in reports(build):
        base = pathlib.Path(report["current_working_directory"])
        for entry in report["files"]:
            file = (base / entry["file"]).resolve()
            if room_of(file) is None:
                continue
            for line in entry["lines"]:
                number = line["line_number"]
                lines[file][number] = lines[file].get(number, False) or line["count"] > 0
    return lines


def row(name, covered, all_lines):
    return f"{name:18} {covered:6} of {all_lines:6} lines  {100 * covered / all_lines:5.1f} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=SOURCE / "build-coverage")
    parser.add_argument("--files", action="store_true", help="files with the most lines that no test runs")
    options = parser.parse_args()
    lines = lines_of(options.build)
    if not lines:
        parser.error(f"{options.build} has no counters: build the preset coverage and run its tests")
    rooms = collections.defaultdict(lambda: [0, 0])
    for file, seen in lines.items():
        room = room_of(file)
        for name in {room, room.split("/")[0]}:
            rooms[name][0] += sum(seen.values())
            rooms[name][1] += len(seen)
    for name in sorted(rooms):
        print(row(name, *rooms[name]))
    if options.files:
        missing = sorted(((len(seen) - sum(seen.values()), file) for file, seen in lines.items()), reverse=True)
        for count, file in missing[:MOST_FILES]:
            print(f"{count:5} {file.relative_to(SOURCE)}")


if __name__ == "__main__":
    main()
