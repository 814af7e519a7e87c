"""A register of many households, written to disk and gone through from there: ``make bench-large``.

Time, peak memory and totals, each in a process of its own: from Parquet, with the rows written, of
two policies side by side, and of what earning more leaves. The households are made up part by
part, each with a seed of its own, so that no run holds them all.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from bench_subsidy import ROW_GROUP, households, measured

#: Whatever the number of households.
MOST_MEGABYTES = 1500
DISTRICTS = 20


def write(count: int, folder: Path) -> None:
    """Make a register up, with districts."""
    folder.mkdir()
    for part, start in enumerate(range(0, count, ROW_GROUP)):
        rows = households(min(ROW_GROUP, count - start), seed=part)
        rows["district"] = (np.arange(len(rows)) % DISTRICTS).astype(np.int8)
        rows.to_parquet(folder / f"part-{part:04d}.parquet")


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        register, out = Path(name) / "register", Path(name) / "out"
        write(count, register)
        size = sum(file.stat().st_size for file in register.iterdir()) / 1e9
        print(f"{count:,} households, {size:.2f} GB of Parquet, {ROW_GROUP:,} in a part\n")
        print(f"{'':<22} {'seconds':>8} {'peak, MB':>9} {'households':>16} {'total':>20}")
        highest = 0.0
        for said, task, *folders in (
            ("totals", "totals", register),
            ("totals and rows", "totals", register, out),
            ("two policies", "compared", register),
            ("one more unit earned", "earning", register),
        ):
            found = measured(task, *folders)
            highest = max(highest, found["megabytes"])
            # The cost a month, of the first policy, or who loses by earning more.
            total = found.get("cost", found.get("losing"))
            print(
                f"{said:<22} {found['seconds']:>8.1f} {found['megabytes']:>9.0f} "
                f"{found['households']:>16,.2f} {total:>20,.2f}",
                flush=True,
            )
    if highest > MOST_MEGABYTES:
        print(f"not held: {highest:.0f} MB, more than {MOST_MEGABYTES}", file=sys.stderr)
    return int(highest > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
