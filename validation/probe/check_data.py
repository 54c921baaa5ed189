#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a data set of kvsim_probe.py: columns, sound numbers, and growth where there must be growth.

    check_data.py FOLDER

Prints every fault as file:line and ends with 1 where there is one. Needs the standard library alone.
"""
import csv
import datetime
import json
import math
import pathlib
import sys

# Columns that must be there, in this order and first; all but the texts are numbers, those of POSITIVE over zero.
COLUMNS = {
    "steps.csv": "n_prefill n_decode sum_context step_seconds attention_pairs chunk type layers repeats spread past "
                 "decode_context launch backend",
    "launches.csv": "type n_decode decode_context layers graph_seconds eager_seconds repeats spread",
    "gemm.csv": "type matrix inputs outputs tokens seconds repeats spread",
    "attention.csv": "phase backend batch chunk context heads kv_heads head_dim seconds repeats spread",
    "copies.csv": "direction block_bytes bytes_per_second blocks repeats spread",
    "disk.csv": "direction file_bytes threads bytes_per_second files direct repeats spread",
}
TEXTS = {"type", "launch", "backend", "matrix", "phase", "direction"}
POSITIVE = {"step_seconds", "graph_seconds", "eager_seconds", "seconds", "bytes_per_second", "repeats", "layers",
            "tokens", "block_bytes", "file_bytes", "threads", "sum_context"}

# (file, which rows, along, what must not fall, by how much noise may lower it): all other inputs of the row are equal.
GROWING = [
    ("steps.csv", lambda r: r["n_prefill"] == 0, "sum_context", "step_seconds", 0.02, ("type", "n_decode")),
    ("steps.csv", lambda r: r["n_decode"] == 0, "sum_context", "step_seconds", 0.05, ("type", "n_prefill")),
    ("attention.csv", lambda r: r["phase"] == "decode", "context", "seconds", 0.05, ("backend", "batch")),
    ("gemm.csv", lambda r: r["tokens"] >= 256, "tokens", "seconds", 0.05, ("type", "matrix")),
    ("copies.csv", lambda r: True, "block_bytes", "bytes_per_second", 0.05, ("direction",)),
]


def read_table(path, faults):
    """Rows as dictionaries, numbers parsed; faults are added as text."""
    expected = COLUMNS[path.name].split()
    with open(path, newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    if not lines or lines[0][:len(expected)] != expected:
        faults.append(f"{path}:1: columns must begin with {','.join(expected)}")
        return []
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) != len(lines[0]):
            faults.append(f"{path}:{number}: {len(cells)} cells under {len(lines[0])} columns")
            continue
        row = {"line": number}
        for name, cell in zip(expected, cells):
            row[name] = cell if name in TEXTS else number_or_fault(cell, f"{path}:{number}: {name}", name, faults)
        if None not in row.values():
            rows.append(row)
    return rows


def number_or_fault(cell, place, name, faults):
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0 or (value == 0 and name in POSITIVE):
        wanted = "over zero" if name in POSITIVE else "of zero or more"
        faults.append(f"{place} must be a number {wanted}, found '{cell}'")
        return None
    return value


def check_growth(path, rows, faults):
    for name, applies, along, value, noise, equal in GROWING:
        highest = {}
        for row in sorted(filter(applies, rows), key=lambda r: r[along]) if name == path.name else ():
            key = tuple(row[column] for column in equal)
            if row[value] < highest.get(key, 0) * (1 - noise):
                faults.append(f"{path}:{row['line']}: {value} falls to {row[value]:g} from {highest[key]:g} at less "
                              f"{along}, {', '.join(f'{c} {row[c]}' for c in equal)} being equal")
            highest[key] = max(row[value], highest.get(key, 0))


def check_machine(path, faults):
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        datetime.date.fromisoformat(about["date"])
        for key in ("name", "torch", "model"):
            if not isinstance(about[key], str) or not about[key]:
                faults.append(f"{path}: {key} must be a text")
    except (OSError, ValueError, KeyError, TypeError) as error:
        faults.append(f"{path}: {type(error).__name__}: {error}")


def check(folder):
    """All faults of the data set, as texts."""
    folder, faults = pathlib.Path(folder), []
    check_machine(folder / "machine.json", faults)
    tables = sorted(path for path in folder.glob("*.csv"))
    if not tables:
        faults.append(f"{folder}: holds no CSV")
    for path in tables:
        if path.name not in COLUMNS:
            faults.append(f"{path}: not a file of the probe")
            continue
        check_growth(path, read_table(path, faults), faults)
    return faults


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = check(sys.argv[1])
    print("\n".join(found) or f"{sys.argv[1]}: sound")
    sys.exit(1 if found else 0)
