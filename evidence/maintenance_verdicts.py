"""Search for the assumptions under which the nine verdicts of the World Bank's Table 4.2 all hold.

The report says that its verdicts rest on "several simplifying assumptions" and names none. Every
combination of a grid is tried: interest, growth of prices, rents that keep up with prices or stay,
payments at the start, in the middle or at the end of the year, the share of usable space, the value
of a new building in Beijing (Tianjin's is kept at its Y 450), and what becomes of the old rent that
tenants go on paying beside a deposit. It may go into the fund, or not: para. 4.21 lets budgets rely
on the deposits. One value serves for all five of Beijing's proposals, as the report has only one.

A fund pays for management where its verdict says so, and then only. What a refurbishment costs
needs no grid: some cost must leave the words "sufficient" and "not enough" where they are, and
"maintenance alone" where management as well would leave less than that.

Writes data/evidence/maintenance_verdicts.csv: for each convention and usable share, how many
points of the grid keep all nine verdicts, all but that of Beijing's proposal 2, and all nine if
proposal 2 pays for management too; and from which to which interest all nine hold.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
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
WHEN = ("start", "middle", "end")
OLD_RENT = ("in the fund", "kept out")
#: Proposals in the order of the table: the five of Beijing, then the four of Tianjin.
SECOND, TIANJIN_1 = 1, 5
NOT_ENOUGH, WITH_MANAGEMENT = [0, 2, 4], [3, 6, 7, 8]


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
    old_rent: str,
) -> dict[str, np.ndarray]:
    """Tell at each point which verdicts hold, and between which costs of a refurbishment.

    Returns
    -------
    dict of str to ndarray
        ``eight``: all but the second hold at some cost; ``second``, ``second_with_management``:
        that fund ends in the 21st year; ``least``, ``most``: the costs, as shares of value.
    """
    value = np.where(case["beijing"], beijing_value[..., None], case["tianjin_value"])
    rent = case["rent"]
    if old_rent == "kept out":
        rent = np.where(case["deposit"] > 0, 0.0, rent)
    terms: dict[str, Any] = {
        "deposit": case["deposit"] / value,
        "income": maintenance.rent_income(rent, usable_share=usable_share) / value,
        "interest": interest[..., None],
        "price_growth": price_growth[..., None],
        "income_growth": price_growth[..., None] * indexed,
        "when": when,
    }
    management = maintenance.rent_income(case["management"], usable_share=usable_share) / value
    alone, both = (
        (
            maintenance.exhausted_in(case["schedule"], management=cost, **terms),
            maintenance.left_after(case["schedule"], management=cost, **terms),
        )
        for cost in (0.0, management)
    )
    lasts = np.isinf(np.where(np.isin(np.arange(9), WITH_MANAGEMENT), both[0], alone[0]))
    too_little = alone[1][..., NOT_ENOUGH].max(axis=-1)
    # Had Tianjin's rent paid for management and a refurbishment, its verdict would say so.
    spared = np.where(np.isinf(both[0][..., TIANJIN_1]), both[1][..., TIANJIN_1], 0.0)
    least = np.maximum(too_little, spared)
    most = np.minimum(both[1][..., WITH_MANAGEMENT].min(axis=-1), alone[1][..., TIANJIN_1])
    return {
        "eight": np.delete(lasts, SECOND, axis=-1).all(axis=-1) & (least < most) & (most > 0),
        "second": alone[0][..., SECOND] == 21,
        "second_with_management": both[0][..., SECOND] == 21,
        "least": least,
        "most": most,
    }


def search() -> Iterator[dict[str, Any]]:
    """Yield one row for each way of paying, of indexing, and each share of usable space."""
    case = inputs()
    grid = [a.ravel() for a in np.meshgrid(INTEREST, PRICE_GROWTH, BEIJING_VALUE, indexing="ij")]
    for old_rent, when, indexed, usable in product(OLD_RENT, WHEN, (False, True), USABLE_SHARE):
        found = holds(
            case, *grid, usable_share=usable, indexed=indexed, when=when, old_rent=old_rent
        )
        nine = found["eight"] & found["second"]
        interest = grid[0][nine]
        yield {
            "old_rent": old_rent,
            "payments": when,
            "rents": "indexed" if indexed else "fixed",
            "usable_share": f"{usable:.2f}",
            "points": nine.size,
            "all_nine": int(nine.sum()),
            "all_but_the_second": int(found["eight"].sum()),
            "nine_if_second_pays_management": int(
                (found["eight"] & found["second_with_management"]).sum()
            ),
            "interest_from": f"{interest.min():.4f}" if nine.any() else "",
            "interest_to": f"{interest.max():.4f}" if nine.any() else "",
        }


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
    print(f"{target.name}: {tried:,} sets of assumptions, {nine:,} keep all nine, {seconds:.0f} s")


if __name__ == "__main__":
    main()
