"""Search for assumptions under which the nine verdicts of the World Bank's Table 4.2 all hold.

The report says that its verdicts rest on "several simplifying assumptions" and names none. Every
combination of a grid is tried: interest, growth of prices, rents that keep up with prices or stay,
payments at the start or the end of the year, the share of usable space, and the value of a new
building in Beijing; Tianjin's is kept at its Y 450. One value serves for all five of Beijing's
proposals, as the report has only one: were the fifth estate, Ju'er Lane, worth less per m2 than
the others, sets outside this search would keep all nine verdicts. Two assumptions need no grid.
What a refurbishment costs only has to lie between what the poorest fund that is said to be enough
has left and what the richest that is said to be too little has. And management is left out where
a verdict speaks of it, the most lenient view: if a verdict fails without that cost, it fails with
it.

Writes data/evidence/maintenance_verdicts.csv: for each convention and usable share, how many
points of the grid keep all nine verdicts, all but one of them, and all nine if proposal 2 pays for
management too.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from housing import maintenance

DATA = Path(__file__).resolve().parents[1] / "data"
INTEREST = np.arange(0.0, 0.2001, 0.0025)
PRICE_GROWTH = np.arange(0.0, 0.1501, 0.01)
USABLE_SHARE = (0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 1.00)
BEIJING_VALUE = np.arange(400.0, 801.0, 50.0)
#: Proposals in the order of the table: the five of Beijing, then the four of Tianjin.
SECOND = 1
NOT_ENOUGH, ENOUGH = [0, 2, 4], [3, 5, 6, 7, 8]


def printed(exhibit: str, *items: str) -> list[float]:
    """Return numbers of the report's running text."""
    with (DATA / "world_bank" / "text.csv").open(encoding="utf8", newline="") as file:
        found = {
            row["item"]: float(row["printed"].replace(",", ""))
            for row in csv.DictReader(file)
            if row["exhibit"] == exhibit
        }
    return [found[item] for item in items]


def inputs() -> dict[str, Any]:
    """Return the schedule, and each proposal's deposit (Y/m2 constructed) and monthly rent."""
    options: dict[str, Any] = {"na_values": "-"}
    schedule = pd.read_csv(DATA / "world_bank" / "table_4_1.csv", **options)["total"][:30] / 100
    proposals = pd.read_csv(DATA / "world_bank" / "table_4_2.csv", **options)
    private, subsidised, high, low = printed(
        "para 4.13", "private_units", "subsidised_units", "private_price", "subsidised_price"
    )
    mean_price = (private * high + subsidised * low) / (private + subsidised)
    deposit = proposals["deposit"].fillna(proposals["deposit_share"] / 100 * mean_price)
    return {
        "schedule": schedule.to_numpy(),
        "deposit": deposit.fillna(0.0).to_numpy(),
        "rent": proposals["rent"].fillna(0.0).to_numpy(),
        "beijing": proposals["city"].eq("Beijing").to_numpy(),
        "tianjin_value": printed("para 4.15", "flat_cost")[0],
        "management": printed("para 4.11", "management")[0],
    }


def holds(
    case: dict[str, Any],
    interest: np.ndarray,
    price_growth: np.ndarray,
    beijing_value: np.ndarray,
    *,
    usable_share: float,
    indexed: bool,
    when: str,
) -> dict[str, np.ndarray]:
    """Tell at each point which of the nine verdicts hold, and which refurbishments they admit."""
    value = np.where(case["beijing"], beijing_value[..., None], case["tianjin_value"])
    terms: dict[str, Any] = {
        "deposit": case["deposit"] / value,
        "income": maintenance.rent_income(case["rent"], usable_share=usable_share) / value,
        "interest": interest[..., None],
        "price_growth": price_growth[..., None],
        "income_growth": price_growth[..., None] * indexed,
        "when": when,
    }
    management = maintenance.rent_income(case["management"], usable_share=usable_share) / value
    last = maintenance.exhausted_in(case["schedule"], **terms)
    net = maintenance.exhausted_in(case["schedule"], management=management, **terms)
    verdicts = np.isinf(last)
    verdicts[..., SECOND] = last[..., SECOND] == 21
    return {
        "verdicts": verdicts,
        "left": maintenance.left_after(case["schedule"], **terms),
        "second_with_management": net[..., SECOND] == 21,
    }


def compatible(found: dict[str, np.ndarray], kept: Sequence[int]) -> np.ndarray:
    """Tell where the kept verdicts hold together with some cost of a refurbishment."""
    all_last = found["verdicts"][..., list(kept)].all(axis=-1)
    too_little = [i for i in NOT_ENOUGH if i in kept]
    enough = [i for i in ENOUGH if i in kept]
    most = found["left"][..., too_little].max(axis=-1)
    least = found["left"][..., enough].min(axis=-1)
    return all_last & (most < least) & (least > 0)


def search() -> Iterator[dict[str, Any]]:
    """Yield one row for each way of paying, of indexing, and each share of usable space."""
    case = inputs()
    grid = [a.ravel() for a in np.meshgrid(INTEREST, PRICE_GROWTH, BEIJING_VALUE, indexing="ij")]
    for when, indexed, usable in product(("start", "end"), (False, True), USABLE_SHARE):
        found = holds(case, *grid, usable_share=usable, indexed=indexed, when=when)
        everything = range(9)
        eight = compatible(found, [i for i in everything if i != SECOND])
        row: dict[str, Any] = {
            "payments": when,
            "rents": "indexed" if indexed else "fixed",
            "usable_share": f"{usable:.2f}",
            "points": eight.size,
            "all_nine": int(compatible(found, everything).sum()),
        }
        for position in everything:
            name = f"without_{'beijing' if position < 5 else 'tianjin'}_{position % 5 + 1}"
            kept = [i for i in everything if i != position]
            row[name] = int(compatible(found, kept).sum())
        row["nine_if_second_pays_management"] = int((eight & found["second_with_management"]).sum())
        yield row


def main() -> None:
    """Run the search and write its result in one move."""
    began = time.perf_counter()
    rows = list(search())
    target = DATA / "evidence" / "maintenance_verdicts.csv"
    target.parent.mkdir(exist_ok=True)
    draft = target.with_suffix(".part")
    with draft.open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(target)
    nine = sum(row["all_nine"] for row in rows)
    tried = sum(row["points"] for row in rows)
    seconds = time.perf_counter() - began
    print(f"{target.name}: {tried:,} sets of assumptions, {nine} keep all nine, {seconds:.0f} s")


if __name__ == "__main__":
    main()
