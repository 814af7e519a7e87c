"""How many conventions give the numbers of Shan et al. (2014) that two fitted ones explain.

The stock of flats and what shops and garages bring are never printed. Every convention below fits
them to the two numbers of V1 and is tried on five others. What comes out, and what would by chance
if each number were spread evenly over all that the conventions give it, goes to
`data/evidence/shan_conventions.csv`.
"""

from __future__ import annotations

import csv
from itertools import product

import numpy as np

from compendium.page.printed import Source
from compendium.project import Project
from housing.pricing import cashflow

INTEREST, LOANS = 12_782.29, 0.70 * 340_200.0
RATE, OCCUPANCY, YEARS = INTEREST / LOANS, 0.4348, 10
STAGES = (slice(0, 3), slice(3, 6), slice(6, 10))
NUMBERS = ("area_let", "v2_constant", "v3_constant", "s_constant", "u_slope")
#: What is open, with what is tried; the year 2010 is the first.
CHOICES = {
    "power of the factor of 2010": (1, 0),
    "year with the first interest": (2, 1),
    "year in which all is let": (3, 4, 11),
    "shop income": ("level", "rises"),
    "decimals in V1 and V2": (3, 4, 5, 16),
    "decimals in V3": (16, 3, 4, 5),
    "years with tenants": (9, 8, 10),
    "market rents": ("yearly", "in steps", "level"),
}
MARKET = {"yearly": (0.05, 1), "in steps": (0.05, 2), "level": (0.0, 1)}
COLUMNS = ["met", "conventions", "by_chance", "first"]


def factors(power: int, decimals: int) -> np.ndarray:
    """Return the discount factors of the ten years; 16 decimals are all of them."""
    exact = (1.0 + RATE) ** -(np.arange(YEARS) + power)
    return exact if decimals == 16 else np.floor(exact * 10.0**decimals + 0.5) / 10.0**decimals


def values(convention: tuple, ends: list[tuple[float, float]]) -> list[list[float]]:
    """Return the five numbers for each pair of ends of slope and constant of V1."""
    power, charged, full, shops, early, late, tenants, market = convention
    year = np.arange(1, YEARS + 1)
    let = np.select([year < 2, year < full], [0.0, OCCUPANCY], 1.0)
    steps = cashflow.stepped_index(YEARS, 0.05, every=2, start=2)
    cash = let * (steps if shops == "rises" else 1.0) * (year < 7)
    due = INTEREST * (year >= charged)
    own, last = factors(power, early), factors(power, late)
    first, second, third = STAGES
    step, every = MARKET[market]
    level = cashflow.levelised(cashflow.stepped_index(tenants, step, every=every), RATE)
    slope_u = 720 * cashflow.levelised(cashflow.stepped_index(tenants, 0.05, every=2), RATE)
    found = []
    for slope, constant in ends:
        flats = slope / (12 * own[first] @ (let * steps)[first])
        income = (constant + own[first] @ due[first]) / (own[first] @ cash[first])
        net = income * cash - due
        benefit = 12 * 20.54 * flats * level - 9_411.32
        stages = own[second] @ net[second], last[third] @ net[third]
        found.append([1e4 * OCCUPANCY * flats, *stages, benefit, slope_u])
    return found


def search() -> list[dict[str, object]]:
    """Return how many conventions meet how many of the five, and how many would by chance."""
    text = Source("shan").exhibit("Objective function")
    limits = {name: text[name].number for name in ("v1_slope", "v1_constant")}
    ends = list(product(*((number.low, number.high) for number in limits.values())))
    conventions = list(product(*CHOICES.values()))
    found = np.array([values(one, ends) for one in conventions])
    low, high = found.min(axis=1), found.max(axis=1)
    printed = np.array([float(text[name].number) for name in NUMBERS])
    half = np.array([text[name].step / 2 for name in NUMBERS])
    met = ((low <= printed + half) & (high >= printed - half)).sum(axis=1)
    spread = np.maximum(high.max(axis=0) - low.min(axis=0), 2 * half)
    chance = np.ones(1)
    for share in 2 * half / spread:
        chance = np.convolve(chance, [1 - share, share])
    rows = []
    for count in range(len(NUMBERS), -1, -1):
        own = np.flatnonzero(met == count)
        words = zip(CHOICES, conventions[own[0]], strict=True) if own.size else ()
        rows.append(
            {
                "met": count,
                "conventions": own.size,
                "by_chance": f"{len(conventions) * chance[count]:.1g}",
                "first": "; ".join(f"{name}: {choice}" for name, choice in words),
            }
        )
    return rows


def main() -> None:
    """Search and write the table."""
    path = Project().data / "evidence" / "shan_conventions.csv"
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(search())


if __name__ == "__main__":
    main()
