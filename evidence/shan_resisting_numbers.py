"""Search conventions for the numbers of Shan et al. (2014) that no single derivation reaches.

Each family below is a list of ways in which the paper could have computed one number: rates, digits
of the discount factors, calendars, areas, units. The three nearest of each go to
`data/evidence/shan_resisting_numbers.csv`, with how many were tried: the more tried, the nearer one
comes by luck alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, product

import numpy as np

from compendium.page.numerals import Number
from compendium.project import Project
from housing.pricing import cashflow

INTEREST, LOANS = 12_782.29, 0.70 * 340_200.0
RATES = {
    "interest over loans": INTEREST / LOANS,
    "printed shares": cashflow.blended_rate([23.8, 46.2], [0.04257, 0.0594]),
    "5.37%": 0.0537,
}
DECIMALS = (3, 4, 5, None)
FLATS = {"92": 92.0, "40/0.4348": 40 / 0.4348, "40": 40.0, "108 (cost over 3,150)": 108.0}
KEPT = 1 - 0.4432
STEPPED = cashflow.stepped_index(14, 0.05, every=2)
Candidates = Iterator[tuple[str, float]]


def factors(rate: float, decimals: int | None, years: int = 12) -> np.ndarray:
    """Return the discount factors of the first years."""
    return cashflow.discount_factors(rate, years, decimals=decimals)


def stage_slope(years: int, flats: dict[str, float], kept: float = 1.0) -> Candidates:
    """Try the slope of a stage: any rate, digits, area, first year and phase of the steps."""
    for (word, rate), digits, (size, area) in product(RATES.items(), DECIMALS, flats.items()):
        discount = factors(rate, digits)
        for first, phase in product(range(3, 9), range(8)):
            window = slice(first - 1, first - 1 + years)
            value = discount[window] @ STEPPED[phase : phase + years]
            label = f"{size} x {kept:g}; {word}; {digits or 'all'} decimals"
            yield f"{label}; from year {first}; step {phase}", 12 * area * kept * value


def late_sale() -> Candidates:
    """Try the slope of V3 with the flats sold only after so many of its years."""
    for (word, rate), digits, years in product(RATES.items(), (3, 4, None), range(2, 8)):
        discount = np.concatenate([[1.0], factors(rate, digits, 20)])
        for first, phase, every in product(range(14 - years), range(8), (1, 2)):
            steps = cashflow.stepped_index(24, 0.05, every=every)[phase : phase + years]
            rents = 12 * 92.0 * discount[first : first + years] * steps
            for whole in range(years + 1):
                label = f"{years} years from year {first}, of which {whole} with all flats"
                value = rents[:whole].sum() + KEPT * rents[whole:].sum()
                yield f"{label}; every {every}, step {phase}; {word}; {digits or 'all'}", value


def surplus_cap() -> Candidates:
    """Try the cap: 3 or 3.47 per cent of interest and outlay over any years, levelled or not."""
    outlays = {"no": 0.0, "79,380": 79_380.0, "7.938": 7.938, "793.8": 793.8, "113,400": 113_400.0}
    for digits in (3, None):
        discount = np.concatenate([[1.0], factors(RATES["interest over loans"], digits)])
        ends = [(first, last) for first in range(13) for last in range(first, 13)]
        windows = {span: discount[span[0] : span[1] + 1].sum() for span in ends}
        levels = {"": 1.0, "; levelled": 1 / discount[1:11].sum(), "; a tenth": 0.1}
        for (span, interest), (when, outlay) in product(windows.items(), repeat=2):
            for (word, amount), (how, level), rate in product(
                outlays.items(), levels.items(), (0.03, 0.0347)
            ):
                if amount or when == (0, 0):
                    label = f"{rate:.2%} of interest in {span}, {word} outlay in {when}{how}"
                    value = rate * level * (INTEREST * interest + amount * outlay)
                    yield f"{label}; {digits or 'all'} decimals", value


def benefit_slope() -> Candidates:
    """Try the slope of S: the builder's less rent of some area over some years, levelled or not."""
    areas = {**FLATS, "let": 40.0016, "unsold": 92 * KEPT, "unsold by V3": 70.538}
    for digits in (3, None):
        discount = np.concatenate([[1.0], factors(RATES["interest over loans"], digits)])
        spans = [(first, last) for first in range(11) for last in range(first, 12)]
        for (size, area), (first, last) in product(areas.items(), spans):
            window = discount[first : last + 1]
            levels = {
                "present value": 1.0,
                "over 10 years": 1 / discount[1:11].sum(),
                "over 9 years": 1 / discount[1:10].sum(),
                "levelled": 1 / window.sum(),
            }
            for every, phase in product((1, 2, 99), range(7)):
                steps = cashflow.stepped_index(20, 0.05, every=every)[phase : phase + len(window)]
                for how, level in levels.items():
                    if every < 99 or phase == 0:
                        label = f"{size}; years {first} to {last}; {how}; every {every}"
                        value = 871.72 - 12 * area * level * (window @ steps)
                        yield f"{label}; step {phase}; {digits or 'all'} decimals", value


def living_constant() -> Candidates:
    """Try the constant of U: each cost with a horizon and steps of its own."""
    costs = (60 * 1.03, 200.09, 170.15)
    for word, rate in RATES.items():
        levels = {
            f"{years} years, {name}": cashflow.levelised(
                cashflow.stepped_index(years, 0.05, every=every), rate
            )
            for years in range(7, 12)
            for every, name in ((1, "yearly"), (2, "two-year"), (99, "none"))
        }
        for choice in product(levels.items(), repeat=len(costs)):
            label = "fee {}; transport {}; power {}".format(*(name for name, _ in choice))
            value = 12 * sum(cost * level for cost, (_, level) in zip(costs, choice, strict=True))
            yield f"{label}; {word}", value


def share_sold() -> Candidates:
    """Try the share to sell: what is owed, less shops and garages, over the flats at cost."""
    rate = RATES["interest over loans"]
    growth = {f"principal x {power} years": (1 + rate) ** power for power in range(-7, 8)}
    spaces = {f"{size} m2 a garage": size * 3_327 / 1e4 for size in (0, 10, 12, 15, 20, 25, 30, 35)}
    for (when, factor), (size, flats) in product(growth.items(), FLATS.items()):
        for price, (space, area), debt in product(
            (10_000, 13_310, 15_000), spaces.items(), (LOANS, 157_140.0, 340_200.0)
        ):
            needed = (debt * factor - price * (4.3 + area)) / (3_150 * flats)
            yield f"{debt:.0f}, {when}; flats {size}; {price} yuan; {space}", 100 * needed


def garage_price() -> Candidates:
    """Try the share to sell with garages at round prices, and what is owed as loans or outlay."""
    rate = RATES["interest over loans"]
    years = {"t = 0 to 2": range(3), "t = 1 to 3": range(1, 4), "undiscounted": (0, 0, 0)}
    owed = {
        f"outlay of 79,380 a year, {name}": 79_380.0 * sum((1 + rate) ** -t for t in powers)
        for name, powers in years.items()
    }
    owed |= {
        f"{sum_:.0f}, {t} years": sum_ * (1 + rate) ** t
        for sum_ in (LOANS, 340_200.0)
        for t in range(-6, 7)
    }
    for (word, debt), price, garage in product(
        owed.items(), (10_000, 13_310, 15_000), range(0, 310_000, 10_000)
    ):
        needed = (debt - price * 4.3 - garage * 3_327 / 1e4) / (3_150 * 92)
        yield f"{word}; shops {price}; garages {garage} yuan", 100 * needed


SEARCHES = {
    "v2_slope": ("2722.06", lambda: stage_slope(3, FLATS)),
    "v3_slope": ("2514.17", lambda: chain(stage_slope(4, FLATS, KEPT), late_sale())),
    "surplus_cap": ("2469.643", surplus_cap),
    "s_slope": ("169.7", benefit_slope),
    "u_constant": ("6212.44", living_constant),
    "share_sold": ("44.32", lambda: chain(share_sold(), garage_price())),
}
COLUMNS = ["number", "printed", "tried", "reached", "candidate", "value"]


def search(name: str) -> list[dict[str, object]]:
    """Return the three nearest candidates of one number."""
    printed, family = SEARCHES[name]
    target = Number(printed)
    tried = list(family())
    nearest = sorted(tried, key=lambda item: abs(item[1] - target))[:3]
    reached = sum(target.low <= value < target.high for _, value in tried)
    return [
        {
            "number": name,
            "printed": printed,
            "tried": len(tried),
            "reached": reached,
            "candidate": candidate,
            "value": f"{value:.4f}",
        }
        for candidate, value in nearest
    ]


def main() -> None:
    """Search for all of them and write the table."""
    rows = [row for name in SEARCHES for row in search(name)]
    path = Project().data / "evidence" / "shan_resisting_numbers.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        print(f"{row['number']:>17} {row['printed']:>9} of {row['tried']:>7,}: {row['value']:>12}")


if __name__ == "__main__":
    main()
