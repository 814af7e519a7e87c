"""Time `register.assess` against the bare arithmetic, and run a register larger than memory.

The bare arithmetic is what an analyst would write for one question: plain NumPy over the same
columns, with subsidy, reason, and sums by class, without checks, deciles or labels.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from housing import mortgage, register
from housing.policy import load_policy

MOST_TIMES_BARE = 1.5
MOST_EXTRA_MEGABYTES = 300
MOST_OUT_OF_CORE_MEGABYTES = 1500
#: Households of the out-of-core run, and how many of them may be held at once.
ON_DISK = 20_000_000
AT_ONCE = 5_000_000
#: Two threads work on one row group each and read the next.
ROW_GROUP = AT_ONCE // 8
POLICY = load_policy()


def households(rows: int, seed: int = 0) -> pd.DataFrame:
    """A register of made-up households."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "size": random.integers(1, 6, rows, dtype=np.int8),
            "income": random.lognormal(10.6, 0.6, rows),
            "owned_area": random.integers(0, 50, rows) * (random.random(rows) < 0.4),
            "owned_price": random.uniform(1_000, 4_000, rows),
            "wish": pd.Categorical.from_codes(
                random.integers(0, 3, rows, dtype=np.int8), register.WISHES
            ),
            "weight": random.uniform(0.5, 1.5, rows),
        }
    ).astype({"owned_area": float})


def bare(columns: dict[str, np.ndarray], factor: float) -> tuple:
    """The same subsidies in plain NumPy, whole columns at a time."""
    code = np.searchsorted(POLICY.income_limits, columns["income"])
    area = POLICY.areas[code, np.minimum(columns["size"], 4) - 1]
    own_payment = POLICY.burden_ratios[code] * columns["income"] / 12
    rent = (area - columns["owned_area"]) * POLICY.standard_rent - own_payment
    poor = rent > 0
    loan = (1 - POLICY.down_payment) * area * POLICY.standard_price
    loan = np.maximum(loan - columns["owned_area"] * columns["owned_price"], 0)
    subsidy = np.where(columns["wish"] == register.BUY, loan * factor - own_payment, rent)
    reason = np.select(
        [
            columns["wish"] == register.NONE,
            code == len(POLICY.classes),
            (columns["wish"] == register.BUY) & ~POLICY.may_buy[code],
            columns["owned_area"] >= area,
            subsidy <= 0,
        ],
        [register.NO_WISH, register.ABOVE, register.MAY_NOT_BUY, register.OWNS_ENOUGH, 1],
        register.GRANTED,
    ).astype(np.int8)
    granted = reason == register.GRANTED
    subsidy = np.where(granted, subsidy, 0)
    weight = columns["weight"]
    measures = (weight, weight * granted, weight * subsidy, weight * poor, weight * poor * ~granted)
    return subsidy, reason, [np.bincount(code, measure, 6) for measure in measures]


def seconds(function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    return perf_counter() - start


def compare(rows: int, repetitions: int = 5) -> tuple[float, float]:
    """Return the median times of `assess` and of the bare arithmetic, which take turns."""
    frame = households(rows)
    columns = {name: frame[name].to_numpy() for name in register.NUMERIC}
    columns["wish"] = frame["wish"].cat.codes.to_numpy()
    factor = mortgage.payment(1.0, POLICY.annual_rate, POLICY.years)
    subsidy, reason, sums = bare(columns, factor)
    found = register.assess(frame, POLICY)
    assert np.allclose(found.households["subsidy"], subsidy, rtol=1e-9, atol=1e-9)
    assert (found.households["reason"].cat.codes == reason).all()
    assert np.allclose(found.summary.by_class["cost_per_month"], sums[2], rtol=1e-9)
    del found, subsidy, reason
    times = [
        (seconds(lambda: register.assess(frame, POLICY)), seconds(lambda: bare(columns, factor)))
        for _ in range(repetitions)
    ]
    ours, theirs = zip(*times, strict=True)
    return median(ours), median(theirs)


def extra_megabytes(rows: int) -> float:
    """Return what `assess` holds at its peak beyond its input and its result."""
    frame = households(rows)
    tracemalloc.start()
    found = register.assess(frame, POLICY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    own = found.households[["class", "eligible", "subsidy", "reason"]]
    return (peak - own.memory_usage(index=False).sum()) / 1e6


def out_of_core(folder: Path) -> dict[str, float]:
    """Write a register piece by piece, assess it in a process of its own, and say what it took."""
    for part in range(ON_DISK // ROW_GROUP):
        households(ROW_GROUP, seed=part).to_parquet(folder / f"part-{part:04d}.parquet")
    run = subprocess.run(
        [sys.executable, __file__, str(folder)], check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def assess_file(folder: Path) -> None:
    """Assess a register on disk and print its totals, time and peak memory."""
    start = perf_counter()
    summary = register.assess(folder, POLICY, progress=False).summary
    taken = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 1e6 if sys.platform == "darwin" else 1e3
    print(json.dumps({"cost": summary.cost_per_month, "seconds": taken, "megabytes": peak}))


def main() -> int:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "dask"))
    print(f"register.assess, Python {platform.python_version()}, {packages}")
    failures = []
    # First, while this process is small: a child starts with its parent's peak on the account.
    with tempfile.TemporaryDirectory() as name:
        found = out_of_core(Path(name))
        in_memory = register.assess(pd.read_parquet(name), POLICY).summary.cost_per_month
    print(
        f"from disk, {ON_DISK:,} households: {found['seconds']:.1f} s, "
        f"{found['megabytes']:.0f} MB at the peak, "
        f"{abs(found['cost'] - in_memory):.6f} from the cost in memory, {in_memory:,.2f}"
    )
    if found["megabytes"] > MOST_OUT_OF_CORE_MEGABYTES:
        failures.append(f"more than {MOST_OUT_OF_CORE_MEGABYTES} MB out of core")
    if abs(found["cost"] - in_memory) >= 0.5:
        failures.append("another cost from disk than in memory")
    print(f"{'households':>12} {'ours, s':>10} {'bare numpy, s':>14} {'ratio':>6}")
    times = {}
    for rows in (1_000_000, 2_000_000, 5_000_000, 10_000_000):
        ours, theirs = compare(rows)
        times[rows] = ours
        print(f"{rows:>12,} {ours:>10.2f} {theirs:>14.2f} {ours / theirs:>6.2f}")
    if ours / theirs > MOST_TIMES_BARE:
        failures.append(f"slower than {MOST_TIMES_BARE} times bare NumPy")
    # Time as a power of the households: 1 is linear.
    power = np.polyfit(np.log([*times]), np.log([*times.values()]), 1)[0]
    slope, start = np.polyfit([*times], [*times.values()], 1)
    print(f"fit: {1e6 * slope:.3f} s per million + {start:.3f} s; households to the {power:.2f}")
    extra = extra_megabytes(10_000_000)
    print(f"memory beyond input and result, ten million: {extra:.0f} MB")
    if extra > MOST_EXTRA_MEGABYTES:
        failures.append(f"more than {MOST_EXTRA_MEGABYTES} MB beyond input and result")
    print("\n".join(failures), file=sys.stderr, end="")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        assess_file(Path(sys.argv[1]))
    else:
        sys.exit(main())
