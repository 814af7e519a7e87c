"""Time the library against its peers: one table, and its copy in ``build/bench.csv``.

``python tests/benchmarks``; fails where a limit that a benchmark states does not hold.
"""

from __future__ import annotations

import csv
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import bench_interpolation
import bench_mortgage
import bench_programme
import bench_subsidy
from comparison import Comparison

RESULT = Path(__file__).parents[2] / "build" / "bench.csv"
PACKAGES = ("numpy", "scipy", "pandas", "dask", "numpy-financial", "scikit-learn")
#: The first measures the memory of a process that it starts, so it runs while this one is small.
BENCHMARKS = (bench_subsidy, bench_interpolation, bench_mortgage, bench_programme)
HEAD = ("", "", "ours, s", "peer", "its, s", "ratio", "at least", "apart", "MB")
LINE = "{:<24} {:<32} {:>8} {:<17} {:>8} {:>7} {:>8} {:>8} {:>6}"


def machine() -> dict[str, str]:
    """Return what the times depend on."""
    processors = f"{os.cpu_count()} x {platform.machine()}"
    versions = {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    return {**versions, "processors": processors}


def told(row: Comparison) -> tuple[str, ...]:
    """Return a row of the table."""
    return (
        row.name,
        row.size,
        f"{row.seconds:.3g}",
        row.peer,
        f"{row.peer_seconds:.3g}",
        f"{row.ratio:.3g}",
        f"{row.least:.3g}",
        "" if row.apart is None else f"{row.apart:.0e}",
        "" if row.megabytes is None else f"{row.megabytes:.0f}",
    )


def keep(rows: Sequence[Comparison], versions: dict[str, str]) -> None:
    """Write the rows, each with the versions that it was timed under."""
    RESULT.parent.mkdir(exist_ok=True)
    entries = [{**asdict(row), "ratio": row.ratio, **versions} for row in rows]
    with RESULT.open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, entries[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(entries)


def main() -> int:
    versions = machine()
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print("Best or median times of some turns; ratio: how many times faster the library is.")
    print("Processor time; on the wall from disk, with all workers and for gdal_grid.\n")
    print(LINE.format(*HEAD), flush=True)
    rows = []
    for benchmark in BENCHMARKS:
        for row in benchmark.comparisons():
            print(LINE.format(*told(row)), flush=True)
            rows.append(row)
    keep(rows, versions)
    broken = [words for row in rows for words in row.broken]
    for words in broken:
        print(f"not held: {words}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
