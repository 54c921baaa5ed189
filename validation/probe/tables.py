# SPDX-License-Identifier: Apache-2.0
"""What is written and for how long: CSV tables that survive an interruption, budgets of time, medians."""
import csv
import io
import os
import random
import statistics
import sys
import time


def note(text):
    print(text, file=sys.stderr, flush=True)


def write_atomically(path, text):
    """Readers see the old file or the new one, never a part."""
    temporary = f"{path}.part"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def cell(value):
    return f"{value:.6g}" if isinstance(value, float) else value


class Table:
    """A CSV that is on disk, whole and sorted, after every row."""

    def __init__(self, folder, name, columns):
        self.path, self.columns, self.rows = os.path.join(folder, name), columns, []

    def add(self, *row):
        assert len(row) == len(self.columns), row
        self.rows.append(row)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self.columns] + [
            [cell(value) for value in each] for each in sorted(self.rows)])
        write_atomically(self.path, text.getvalue())
        note(f"  {os.path.basename(self.path)}: " + ", ".join(
            f"{name} {cell(value)}" for name, value in zip(self.columns, row)))


def median_and_spread(seconds):
    """Median, and the distance of the quartiles over it."""
    middle = statistics.median(seconds)
    if len(seconds) < 2:
        return middle, 0.0
    low, _, high = statistics.quantiles(seconds, n=4, method="inclusive")
    return middle, (high - low) / middle


def points_until(deadline, points):
    """The points in a fixed random order until the time is up: a part still covers the whole range."""
    points = list(points)
    random.Random(1).shuffle(points)
    for done, point in enumerate(points):
        if time.monotonic() > deadline:
            note(f"  time is up: {len(points) - done} of {len(points)} points left out")
            return
        yield point
