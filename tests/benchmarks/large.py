"""A register of many households, written to disk and assessed from there: ``make bench-large``.

Time, peak memory and totals, in one process of its own, from Parquet, and with the rows written.
The households are made up part by part, each with a seed of its own, so that no run holds them all.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_subsidy import ROW_GROUP, households
from bench_subsidy import __file__ as program

#: Whatever the number of households.
MOST_MEGABYTES = 1500


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        register, out = Path(name) / "register", Path(name) / "out"
        register.mkdir()
        for part, start in enumerate(range(0, count, ROW_GROUP)):
            rows = households(min(ROW_GROUP, count - start), seed=part)
            rows.to_parquet(register / f"part-{part:04d}.parquet")
        size = sum(file.stat().st_size for file in register.iterdir()) / 1e9
        print(f"{count:,} households, {size:.2f} GB of Parquet, {ROW_GROUP:,} in a part\n")
        print(f"{'':<14} {'seconds':>8} {'peak, MB':>9} {'households':>16} {'cost a month':>20}")
        highest = 0.0
        for said, arguments in (("totals", [register]), ("totals and rows", [register, out])):
            command = [sys.executable, program, *map(str, arguments)]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(run.stdout.splitlines()[-1])
            highest = max(highest, found["megabytes"])
            print(
                f"{said:<15} {found['seconds']:>7.1f} {found['megabytes']:>9.0f} "
                f"{found['households']:>16,.2f} {found['cost']:>20,.2f}",
                flush=True,
            )
    if highest > MOST_MEGABYTES:
        print(f"not held: {highest:.0f} MB, more than {MOST_MEGABYTES}", file=sys.stderr)
    return int(highest > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
