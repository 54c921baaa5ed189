#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Has every fuzz target seeds, and every folder of seeds a target? docs/testing.md must name each target."""
import pathlib
import sys

FUZZ = pathlib.Path(__file__).resolve().parent
targets = {source.stem.removeprefix("fuzz_") for source in FUZZ.glob("fuzz_*.cpp")}
seeded = {folder.name for folder in (FUZZ / "corpus").iterdir() if any(folder.iterdir())}
page = (FUZZ.parents[1] / "docs" / "testing.md").read_text()

faults = [f"fuzz_{name} has no seeds in tests/fuzz/corpus/{name}/" for name in sorted(targets - seeded)]
faults += [f"tests/fuzz/corpus/{name} has no target" for name in sorted(seeded - targets)]
faults += [f"docs/testing.md does not say what fuzz_{name} reads" for name in sorted(targets) if f"`{name}`" not in page]
if not targets:
    faults.append("no fuzz target was found")
print("\n".join(faults) or f"{len(targets)} fuzz targets have seeds")
sys.exit(1 if faults else 0)
