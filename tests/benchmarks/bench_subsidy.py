"""`register.assess` against the bare arithmetic, and on a register larger than memory.

The bare arithmetic is what an analyst would write for one question: plain NumPy over the same
columns, with subsidy, reason, and sums by class, without checks, deciles or labels.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import dask.dataframe as dd
import numpy as np
import pandas as pd
from comparison import Comparison, best_of

from housing import mortgage, register
from housing.policy import load_policy
from housing.register import _columns as columns
from housing.register import _outcome as outcome

#: What the library has to keep, as parts of its peers' speed.
OF_BARE, OF_IN_MEMORY, LINEAR, OF_TYPED_READ = 1 / 1.5, 1 / 2, 1 / 1.35, 1 / 1.5
MOST_EXTRA_MEGABYTES = 300
MOST_OUT_OF_CORE_MEGABYTES = 1500
#: A number with thousands set off has its part read again, as words.
OF_WORDS = 1 / 3
#: Tenths, gainers and losers, and borders come on top of two assessments.
OF_TWICE = 1 / 4
#: Differences of amounts of some thousands, of which twelve parts are taken.
OF_A_DIFFERENCE = 1e-6
#: Sums of millions of numbers, added up in another order.
AGREEMENT = 1e-9
#: Households of the out-of-core run, and how many of them may be held at once.
ON_DISK = 20_000_000
AT_ONCE = 5_000_000
#: Households in a CSV file.
IN_CSV = 1_000_000
#: Two threads work on one row group each and read the next.
ROW_GROUP = AT_ONCE // 8
POLICY = load_policy()
POLICIES = {"today": POLICY, "reform": replace(POLICY, average_rent=22.0)}


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


def bare(entries: dict[str, np.ndarray], factor: float) -> tuple:
    """The same subsidies in plain NumPy, whole columns at a time."""
    code = np.searchsorted(POLICY.income_limits, entries["income"])
    area = POLICY.areas[code, np.minimum(entries["size"], 4) - 1]
    own_payment = POLICY.burden_ratios[code] * entries["income"] / 12
    rent = (area - entries["owned_area"]) * POLICY.standard_rent - own_payment
    poor = rent > 0
    loan = (1 - POLICY.down_payment) * area * POLICY.standard_price
    loan = np.maximum(loan - entries["owned_area"] * entries["owned_price"], 0)
    subsidy = np.where(entries["wish"] == columns.BUY, loan * factor - own_payment, rent)
    reason = np.select(
        [
            entries["wish"] == columns.NONE,
            code == len(POLICY.classes),
            (entries["wish"] == columns.BUY) & ~POLICY.may_buy[code],
            entries["owned_area"] >= area,
            subsidy <= 0,
        ],
        [outcome.NO_WISH, outcome.ABOVE, outcome.MAY_NOT_BUY, outcome.OWNS_ENOUGH, 1],
        outcome.GRANTED,
    ).astype(np.int8)
    granted = reason == outcome.GRANTED
    subsidy = np.where(granted, subsidy, 0)
    weight = entries["weight"]
    measures = (weight, weight * granted, weight * subsidy, weight * poor, weight * poor * ~granted)
    return subsidy, reason, [np.bincount(code, measure, 6) for measure in measures]


def in_memory() -> Iterator[Comparison]:
    """Compare `assess` with the bare arithmetic, and ten times as many households with one time."""
    factor = mortgage.payment(1.0, POLICY.annual_rate, POLICY.years)
    frames = [households(rows) for rows in (1_000_000, 10_000_000)]
    peers = [partial(bare, arrays(frame), factor) for frame in frames]
    ours = [partial(register.assess, frame, POLICY) for frame in frames]
    *own, few, many = best_of(3, *ours, *peers)
    for frame, expected, seconds, peer in zip(frames, peers, own, (few, many), strict=True):
        yield Comparison(
            "register.assess",
            f"{len(frame):,} households",
            seconds.processor,
            "bare NumPy",
            peer.processor,
            OF_BARE,
            apart=difference(frame, expected()),
            most_apart=AGREEMENT,
            megabytes=extra_megabytes(frame),
            most_megabytes=MOST_EXTRA_MEGABYTES,
        )
    tenth, whole = own
    yield Comparison(
        "register.assess",
        f"{len(frames[1]):,} households",
        whole.processor,
        "10 times a tenth",
        tenth.processor * 10,
        LINEAR,
    )


def arrays(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns as plain NumPy has them."""
    entries = {name: frame[name].to_numpy() for name in columns.NUMERIC}
    return entries | {"wish": frame["wish"].cat.codes.to_numpy()}


def decisions() -> Iterator[Comparison]:
    """Compare policies side by side, and what earning more leaves, with two assessments alone."""
    frame = households(1_000_000)
    richer = frame.assign(income=frame["income"] + 1)
    twice, compared, again, earned = best_of(
        3,
        lambda: [register.assess(frame, policy) for policy in POLICIES.values()],
        lambda: register.compare(frame, POLICIES),
        lambda: [register.assess(each, POLICY) for each in (frame, richer)],
        lambda: register.marginal(frame, POLICY),
    )
    costs = [register.assess(frame, each).summary.cost_per_month for each in POLICIES.values()]
    side_by_side = register.compare(frame, POLICIES).totals["cost_per_month"].to_numpy()
    paid, less = (register.assess(each, POLICY).households["subsidy"] for each in (frame, richer))
    rates = register.marginal(frame, POLICY).rates
    row = partial(Comparison, size=f"{len(frame):,} households", peer="assess, twice")
    yield row(
        "register.compare",
        seconds=compared.processor,
        peer_seconds=twice.processor,
        least=OF_TWICE,
        apart=np.max(np.abs(side_by_side / costs - 1)),
        most_apart=AGREEMENT,
    )
    yield row(
        "register.marginal",
        seconds=earned.processor,
        peer_seconds=again.processor,
        least=OF_TWICE,
        apart=np.max(np.abs(12 * (paid - less) - rates)),
        most_apart=OF_A_DIFFERENCE,
    )


def difference(frame: pd.DataFrame, expected: tuple) -> float:
    """Return how far `assess` is from the bare arithmetic: in subsidies and in cost by class."""
    subsidy, reason, sums = expected
    found = register.assess(frame, POLICY)
    assert (found.households["reason"].cat.codes == reason).all()
    pairs = (
        (found.households["subsidy"].to_numpy(), subsidy),
        (found.summary.by_class["cost_per_month"].to_numpy(), sums[2]),
    )
    return max(np.max(np.abs(ours - theirs) / (1 + np.abs(theirs))) for ours, theirs in pairs)


def extra_megabytes(frame: pd.DataFrame) -> float:
    """Return what `assess` holds at its peak beyond its input and its result."""
    tracemalloc.start()
    found = register.assess(frame, POLICY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    own = found.households[["class", "eligible", "subsidy", "reason"]]
    return (peak - own.memory_usage(index=False).sum()) / 1e6


def out_of_core() -> Comparison:
    """Compare a register on disk, assessed in a process of its own, with the same in memory."""
    with tempfile.TemporaryDirectory() as name:
        for part in range(ON_DISK // ROW_GROUP):
            households(ROW_GROUP, seed=part).to_parquet(Path(name) / f"part-{part:04d}.parquet")
        found = measured("totals", Path(name))
        start = perf_counter()
        cost = register.assess(pd.read_parquet(name), POLICY).summary.cost_per_month
        taken = perf_counter() - start
    return Comparison(
        "register.assess",
        f"{ON_DISK:,} households, from disk",
        found["seconds"],
        "read, then assess",
        taken,
        OF_IN_MEMORY,
        apart=abs(found["cost"] / cost - 1),
        most_apart=AGREEMENT,
        megabytes=found["megabytes"],
        most_megabytes=MOST_OUT_OF_CORE_MEGABYTES,
    )


def typed_read(path: Path) -> None:
    """Read every entry of a CSV file by declared kinds, and keep none."""
    kinds = dict.fromkeys(columns.NUMERIC, "float64") | {"wish": "str"}
    dd.read_csv(path, dtype=kinds).map_partitions(len).compute()


def from_csv() -> Iterator[Comparison]:
    """Compare the processor time of a CSV file by its path with that of a typed read alone."""
    with tempfile.TemporaryDirectory() as name:
        plain, words = Path(name) / "plain.csv", Path(name) / "words.csv"
        frame = households(IN_CSV).round(2).astype({"wish": str})
        frame.to_csv(plain, index=False)
        frame.assign(income=frame["income"].map("{:,.2f}".format)).to_csv(words, index=False)
        expected = register.assess(frame, POLICY).summary.cost_per_month
        ours = [partial(register.assess, path, POLICY, progress=False) for path in (plain, words)]
        *own, peer = best_of(5, *ours, partial(typed_read, plain))
        sizes = f"{IN_CSV:,} households, CSV", "the same with 1,234"
        for size, function, seconds, least in zip(
            sizes, ours, own, (OF_TYPED_READ, OF_WORDS), strict=True
        ):
            yield Comparison(
                "register.assess",
                size,
                seconds.processor,
                "typed read_csv",
                peer.processor,
                least,
                apart=abs(function().summary.cost_per_month / expected - 1),
                most_apart=AGREEMENT,
            )


def totals(folder: Path, out: Path | None = None) -> dict[str, float]:
    """Assess a register on disk."""
    summary = register.assess(folder, POLICY, out=out, progress=False).summary
    return {"cost": summary.cost_per_month, "households": summary.households}


def compared(folder: Path) -> dict[str, float]:
    """Set two policies side by side over one."""
    found = register.compare(
        folder, POLICIES, by="district", poverty_line=12_000, unit="person", progress=False
    )
    return {"cost": found.totals["cost_per_month"].iloc[0], "households": found.households}


def earning(folder: Path) -> dict[str, float]:
    """Work out over one what one more unit of income leaves."""
    found = register.marginal(folder, POLICY, progress=False)
    return {"losing": found.losing_by_more, "households": found.households}


#: What is done with a register on disk, in a process of its own.
TASKS = {"totals": totals, "compared": compared, "earning": earning}


def measured(task: str, *folders: Path) -> dict[str, float]:
    """Do a task in a process of its own; return what it came to, its time and peak memory."""
    command = [sys.executable, __file__, task, *map(str, folders)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def measure(task: str, *folders: str) -> None:
    """Do a task and print what it came to."""
    start = perf_counter()
    found = TASKS[task](*map(Path, folders))
    taken = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 1e6 if sys.platform == "darwin" else 1e3
    print(json.dumps({**found, "seconds": taken, "megabytes": peak}))


def comparisons() -> Iterator[Comparison]:
    # First, while this process is small: a child starts with its parent's peak on the account.
    yield out_of_core()
    yield from from_csv()
    yield from in_memory()
    yield from decisions()


if __name__ == "__main__":
    measure(*sys.argv[1:])
