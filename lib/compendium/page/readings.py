"""What may stand on the page behind a scanned string: the readings of a cell, and their sums.

A scan reads some digits for others, often or less often. Every number that it could have turned
into the string that we have is a reading, at the cost of the confusions that it takes. Numbers are
whole, in units of the last digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from compendium.page.numerals import NUMBER, last_digit

__all__ = [
    "BUDGET",
    "OFTEN",
    "STRANGE",
    "UNUSUAL",
    "USUAL",
    "Costs",
    "Integers",
    "Readings",
    "as_printed",
    "below",
    "cheap",
    "confusion_cost",
    "decimals_of",
    "digits_of",
    "extremes",
    "is_likely",
    "least_of_slices",
    "plus",
    "readings_of",
    "within",
]

Integers = NDArray[np.int64]
Costs = NDArray[np.float64]

#: What a scan reads for what, often and less often: "83" is an 8 read for a 3. Blurred print closes
#: open curves, so that it seldom goes the other way. Any other pair costs `STRANGE`.
OFTEN = ("83", "65", "86", "06", "09", "90", "17", "71")
AT_TIMES = ("38", "56", "68", "60", "08", "80", "98", "89", "96", "69", "41", "14", "27", "72")
USUAL, UNUSUAL, STRANGE = 1.0, 2.0, 3.0
#: No reading further from the scan than this is considered.
BUDGET = 5.0
#: Up to so many pairs are added up one by one; more are laid along a line, if it is not too wide.
FEW, WIDE = 20_000, 10_000_000


def confusion_cost(read: str, true: str) -> float:
    """Return what it costs to say that a scan read one digit for another.

    Examples
    --------
    >>> confusion_cost("8", "3"), confusion_cost("3", "8"), confusion_cost("2", "8")
    (1.0, 2.0, 3.0)
    """
    if read == true:
        return 0.0
    if not read.isdigit() or read + true in OFTEN:
        return USUAL
    return UNUSUAL if read + true in AT_TIMES else STRANGE


class Readings(NamedTuple):
    """What may stand in a cell, in units of its last digit, ascending, and at which cost."""

    values: Integers
    costs: Costs


def decimals_of(text: str) -> int:
    """Return how many decimals a string has; none where it is no number."""
    return round(-np.log10(last_digit(text))) if NUMBER.fullmatch(text) else 0


def digits_of(text: str, decimals: int) -> str | None:
    """Return the digits of a string, ? for a letter; None if it has lost or gained some.

    A lost digit shows in the groups between commas. A blank, or a comma, may be a point.
    """
    plain = re.sub(r"[A-Za-z]", "?", text.strip().rstrip("%").replace(" ", "."))
    tail = rf"[.,][\d?]{{{decimals}}}" if decimals else ""
    if not re.fullmatch(rf"([\d?]{{1,3}}([.,][\d?]{{3}})+|[\d?]*){tail}", plain):
        return None
    return re.sub(r"[.,]", "", plain) or None


def readings_of(digits: str, decimals: int, budget: float = BUDGET) -> Readings:
    """Return every number that a scan could have turned into these digits."""
    if digits == "0":  # A nought alone stands for nothing spent, and is not part of a number.
        return Readings(np.zeros(1, dtype=np.int64), np.zeros(1))
    values, costs = np.zeros(1, dtype=np.int64), np.zeros(1)
    for place, read in enumerate(digits):
        leads = place == 0 and len(digits) - decimals > 1
        true = [digit for digit in "0123456789" if not (leads and digit == "0")]
        values = np.add.outer(10 * values, np.array(true, dtype=np.int64)).ravel()
        costs = np.add.outer(costs, [confusion_cost(read, digit) for digit in true]).ravel()
        values, costs = values[costs <= budget], costs[costs <= budget]
    return Readings(values, costs)


def as_printed(value: int, decimals: int, like: str) -> str:
    """Return a reading as it would be printed."""
    grouped = "," if "," in like or not decimals else ""
    return f"{value / 10**decimals:{grouped}.{decimals}f}" + ("%" if like.endswith("%") else "")


def is_likely(scan: str, reading: str) -> bool:
    """Tell whether the digits that differ are few, and such as a scan is known to confuse.

    Where not, an error of the source itself explains the identity as well as a misreading does.
    """
    read, true = (re.sub(r"[^\dA-Za-z]", "", text) for text in (scan, reading))
    costs = [confusion_cost(a, b) for a, b in zip(read, true, strict=False)]
    return len(read) == len(true) and max(costs) < STRANGE and sum(costs) <= STRANGE


def cheap(readings: Readings) -> Readings:
    """Return the string as scanned, and what one usual confusion makes of it."""
    near = readings.costs <= USUAL
    return Readings(readings.values[near], readings.costs[near])


def below(readings: Readings, margin: float) -> Readings:
    """Return the readings that cost no more than the cheapest and a margin."""
    near = np.isfinite(readings.costs) & (readings.costs <= readings.costs.min() + margin)
    return Readings(readings.values[near], readings.costs[near])


def least_of_slices(costs: Costs, start: Integers, stop: Integers) -> Costs:
    """Return the least cost of each slice, infinite where it is empty."""
    padded = np.append(costs, np.inf)
    least = np.minimum.reduceat(padded, np.column_stack([start, stop]).ravel())[::2]
    return np.where(start < stop, least, np.inf)


def within(readings: Readings, low: Integers, high: Integers) -> Costs:
    """Return the least cost of a reading between low and high, for each such pair."""
    start = np.searchsorted(readings.values, low)
    return least_of_slices(readings.costs, start, np.searchsorted(readings.values, high, "right"))


def extremes(terms: Sequence[Readings]) -> tuple[int, int]:
    """Return the least and the greatest sum of one reading of each term."""
    return (
        sum(int(term.values.min()) for term in terms),
        sum(int(term.values.max()) for term in terms),
    )


def plus(one: Readings, other: Readings, low: int, high: int) -> Readings:
    """Return the sums between low and high of a reading of each, ascending, at least cost."""
    few, many = sorted((one, other), key=lambda term: len(term.values))
    if high < low:
        return Readings(few.values[:0], few.costs[:0])
    if len(few.values) * len(many.values) <= FEW or high - low > WIDE:
        values = np.add.outer(few.values, many.values).ravel()
        costs = np.add.outer(few.costs, many.costs).ravel()
        inside = (low <= values) & (values <= high)
        return _least(values[inside], costs[inside])
    first = int(many.values.min())
    line = np.full(int(many.values.max()) - first + 1, np.inf)
    line[many.values - first] = many.costs
    total = np.full(high - low + 1, np.inf)
    for value, cost in zip(few.values.tolist(), few.costs, strict=True):
        shift = first + value - low
        start, stop = max(shift, 0), min(shift + len(line), len(total))
        if start < stop:
            part = line[start - shift : stop - shift] + cost
            np.minimum(total[start:stop], part, out=total[start:stop])
    reached = np.flatnonzero(np.isfinite(total))
    return Readings(reached + low, total[reached])


def _least(values: Integers, costs: Costs) -> Readings:
    """Return each value once, at its least cost, ascending."""
    order = np.lexsort([costs, values])
    values, costs = values[order], costs[order]
    first = np.diff(values, prepend=values[:1] - 1) > 0
    return Readings(values[first], costs[first])
