#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the tests notice when a central line is wrong?

    tests/mutations/run.py [--work FOLDER] [--jobs N] [WORD ...]

Each line of mutations.txt changes one line of a copy of this checkout, builds one test program there and runs a filter
of it, which must then fail. Prints one row a mutation: killed, or survived (a test is missing), or why it could not
be judged: the line has changed, the tests fail without any change, or the mutant does not compile. WORDs pick mutations
by their names. Exits with 1 unless all are killed. Takes minutes: a test program is built for each.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FIELDS = ("name", "file", "old", "new", "program", "filter")
TIMEOUT_SECONDS = 900


def mutations(words):
    for line in (SOURCE / "tests/mutations/mutations.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != len(FIELDS):
            sys.exit(f"mutations.txt: not {len(FIELDS)} fields: {line}")
        if not words or any(word in parts[0] for word in words):
            yield dict(zip(FIELDS, parts))


def copy_checkout(to):
    """Tracked files as they lie here; those that did not change keep their times, so that nothing is built twice."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=SOURCE, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, files):
        source, target = SOURCE / os.fsdecode(name), to / os.fsdecode(name)
        if not source.is_file() or (target.is_file() and target.read_bytes() == source.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def builds(work, program, jobs):
    return subprocess.run(["cmake", "--build", work / "build", "--parallel", str(jobs), "--target", program],
                          capture_output=True).returncode == 0


def passes(work, mutation):
    command = [work / "build" / mutation["program"], f"--gtest_filter={mutation['filter']}", "--gtest_brief=1"]
    environment = {**os.environ, "KVSIM_TEST_SCALE": "0.1"}
    try:
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    if "0 tests from 0 test suites" in result.stdout:
        sys.exit(f"{mutation['name']}: the filter {mutation['filter']} names no test")
    return result.returncode == 0


def verdict(work, mutation, jobs):
    file = work / mutation["file"]
    text = file.read_text()
    if text.count(mutation["old"]) != 1:
        return "the line has changed"
    if not builds(work, mutation["program"], jobs) or not passes(work, mutation):
        return "the tests fail without it"
    file.write_text(text.replace(mutation["old"], mutation["new"]))
    try:
        if not builds(work, mutation["program"], jobs):
            return "does not compile"
        return "survived" if passes(work, mutation) else "killed"
    finally:
        file.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--work", type=pathlib.Path, default=SOURCE / "build-mutations", help="where the copy is built")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    work = options.work.resolve()
    copy_checkout(work)
    subprocess.run(["cmake", "--preset", "release"], cwd=work, check=True, capture_output=True)
    all_killed = True
    print("| mutation | file | tests | result |\n|---|---|---|---|")
    for mutation in mutations(options.words):
        result = verdict(work, mutation, options.jobs)
        all_killed = all_killed and result == "killed"
        print(f"| {mutation['name']} | `{mutation['file']}` | `{mutation['program']}` | {result} |", flush=True)
    sys.exit(0 if all_killed else 1)


if __name__ == "__main__":
    main()
