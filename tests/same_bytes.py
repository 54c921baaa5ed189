#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do several builds of kvsim, or one build on several kinds of processor, give the same bytes?

    tests/same_bytes.py build/kvsim build-coverage/kvsim ...        builds beside each other
    tests/same_bytes.py --old-processor build/kvsim                 also without AVX2 and FMA in the C library

Everything under examples/ is run with each: runs, every router on examples/routing, plans, and a fit of a profile.
What is compared is all that a command writes, but for the block `performance` of a summary. The plans that take
minutes are left out unless --all is given. Exits with 1 where bytes differ, and names the first line that does.
"""
import argparse
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1]
OLD_PROCESSOR = "glibc.cpu.hwcaps=-AVX2,-AVX,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ"
QUICK_PLANS = ("first", "infeasible")
STEPS = "validation/probe/data/h100-2026-11/steps.csv"


def simulations():
    for fleet in sorted(SOURCE.glob("examples/**/fleet.yaml")):
        folder = fleet.parent
        workload = folder / "workload.yaml"
        if not workload.exists():
            workload = folder.parent / "workload.yaml"
        yield str(folder.relative_to(SOURCE)), ["run", "--json", "--fleet", str(fleet), "--trace", str(workload)]


def routers():
    routing = SOURCE / "examples/routing"
    names = re.findall(r"^(\S+): mean TTFT", (routing / "expected.txt").read_text(), re.MULTILINE)
    for name in names:
        splits = name in ("pd", "wide-ep", "pd-round-robin", "pd.yaml")
        command = ["run", "--json", "--trace", str(routing / "workload.yaml"),
                   "--fleet", str(routing / ("split-fleet.yaml" if splits else "fleet.yaml"))]
        if name.endswith(".yaml"):
            command += ["--epp-config", str(routing / "epp" / name)]
        else:
            command += ["--set", f"router.policy={name}"]
        if name.startswith("precise"):
            command += ["--set", "pools.0.engine.block_size=64", "--set", "pools.1.engine.block_size=64"]
        yield f"router {name}", command


def plans(all_of_them):
    for problem in sorted(SOURCE.glob("examples/plan/*/problem.yaml")):
        if all_of_them or problem.parent.name in QUICK_PLANS:
            yield f"plan {problem.parent.name}", ["plan", str(problem), "--json", "--out", "{folder}/plan"]


def fits():
    yield "fit of steps", ["calibrate", str(SOURCE / STEPS), "--accelerator", "H100-SXM-80", "--model", "Llama-3.1-8B",
                           "--date", "2026-11-26", "--json", "--out", "{folder}/fit.yaml"]


def output(program, environment, command):
    """Standard output without what depends on the machine, and the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [part.replace("{folder}", folder) for part in command]
        result = subprocess.run([program, *arguments], cwd=SOURCE, text=True, capture_output=True,
                                env={**os.environ, **environment})
        if result.returncode not in (0, 3):
            sys.exit(f"{program} {' '.join(arguments)} failed:\n{result.stderr}")
        text = result.stdout.replace(folder, "FOLDER").split('"performance"')[0]
        return f"{text}\nexit code {result.returncode}\n"


def first_difference(expected, found):
    for number, (old, new) in enumerate(itertools.zip_longest(expected.split("\n"), found.split("\n")), 1):
        if old != new:
            return f"line {number}: {str(old).strip()[:100]} | {str(new).strip()[:100]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", help="builds of kvsim; the first is what the others are held against")
    parser.add_argument("--old-processor", action="store_true", help="also the first one as on an old processor")
    parser.add_argument("--all", action="store_true", help="the plans that take minutes too")
    options = parser.parse_args()
    ways = [(str(pathlib.Path(program).resolve()), {}) for program in options.programs]
    if options.old_processor:
        ways.append((ways[0][0], {"GLIBC_TUNABLES": OLD_PROCESSOR, "OPENBLAS_CORETYPE": "Prescott"}))
    if len(ways) < 2:
        parser.error("give two builds, or --old-processor")
    commands = [*simulations(), *routers(), *plans(options.all), *fits()]
    differing = 0
    for name, command in commands:
        expected = output(*ways[0], command)
        for program, environment in ways[1:]:
            difference = first_difference(expected, output(program, environment, command))
            if difference:
                differing += 1
                print(f"{name}: {program} {' '.join(environment.values())} differs at {difference}")
    print(f"{len(commands)} commands, {len(ways)} ways, {differing} differences")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
