"""What may stand on the page behind a scanned string: the readings of a cell, and their sums.

A scan reads some digits for others, often or less often. Every number that it could have turned
into the string that we have is a reading, at the cost of the confusions that it takes. Who types a
number slips otherwise: a digit becomes any other, two neighbours change places, one is too many or
left out, a sign is lost. Numbers are whole, in units of the last digit.
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
    "SLIP",
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
    "is_grouped",
    "is_likely",
    "least_of_slices",
    "least_sums",
    "plus",
    "readings_of",
    "slips_of",
    "within",
]

Integers = NDArray[np.int64]
Costs = NDArray[np.float64]

#: What a scan reads for what, often and less often: "83" is an 8 read for a 3. Blurred print closes
#: open curves, so that it seldom goes the other way. Any other pair costs `STRANGE`.
OFTEN = ("83", "65", "86", "06", "09", "90", "17", "71")
AT_TIMES = ("38", "56", "68", "60", "08", "80", "98", "89", "96", "69", "41", "14", "27", "72")
USUAL, UNUSUAL, STRANGE = 1.0, 2.0, 3.0
#: What one slip of the typing hand costs.
SLIP = 2.0
MINUS = ("-", "\N{MINUS SIGN}")
#: No reading further from the scan than this is considered.
BUDGET = 5.0
#: Sums of pairs are laid along a line, unless it is wider than this or so many times their number.
WIDE, SPARSE = 10_000_000, 20
#: Where one in so many numbers is a reading, whole lines are added up, else pairs, so many at once.
DENSE, BLOCK = 10, 50_000


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
    plain = re.sub(r"[A-Za-z]", "?", unsigned(text).rstrip("%").replace(" ", "."))
    tail = rf"[.,][\d?]{{{decimals}}}" if decimals else ""
    if not re.fullmatch(rf"([\d?]{{1,3}}([.,][\d?]{{3}})+|[\d?]*){tail}", plain):
        return None
    return re.sub(r"[.,]", "", plain) or None


def unsigned(text: str) -> str:
    """Return a string without blanks around it and without its minus sign."""
    return text.strip().removeprefix(MINUS[0]).removeprefix(MINUS[1])


def readings_of(
    text: str, decimals: int, budget: float = BUDGET, slips: bool = False
) -> Readings | None:
    """Return every number that may stand on the page behind a string, at its cost.

    Parameters
    ----------
    text : str
        The string that we have. A minus sign before it is sure.
    decimals : int
        How many decimals the page has.
    budget : float, optional
        No reading that costs more is returned.
    slips : bool, optional
        Whether it was typed and not scanned. Then any digits may be others, at a slip each, or it
        is one slip of another kind away; which digits look alike does not matter.

    Returns
    -------
    Readings or None
        None where the string has lost or gained digits, as its commas or point show.

    Examples
    --------
    >>> readings_of("-83", 0, budget=1).values.tolist()
    [-83, -63, -33]
    """
    digits = digits_of(text, decimals)
    if digits is None:
        return None
    sign = -1 if text.strip().startswith(MINUS) else 1
    cost_of = _slip_cost if slips else confusion_cost
    if digits == "0":  # A nought alone stands for nothing spent, and is not part of a number.
        return Readings(np.zeros(1, dtype=np.int64), np.zeros(1))
    values, costs = np.zeros(1, dtype=np.int64), np.zeros(1)
    for place, read in enumerate(digits):
        leads = place == 0 and len(digits) - decimals > 1
        true = [digit for digit in "0123456789" if not (leads and digit == "0")]
        values = np.add.outer(10 * values, np.array(true, dtype=np.int64)).ravel()
        costs = np.add.outer(costs, [cost_of(read, digit) for digit in true]).ravel()
        values, costs = values[costs <= budget], costs[costs <= budget]
    if slips:
        typed = np.array(slips_of(digits, decimals), dtype=np.int64)
        values = np.concatenate([values, typed])
        costs = np.concatenate([costs, np.full(len(typed), SLIP)])
    return _least(sign * values, costs)


def _slip_cost(read: str, true: str) -> float:
    return SLIP if read.isdigit() and read != true else confusion_cost(read, true)


def slips_of(digits: str, decimals: int) -> list[int]:
    """Return the numbers that one slip turns into these digits, in units of the last one.

    Two neighbours change places, a digit is one too many, one is lost, or the sign is.

    Examples
    --------
    >>> slips_of("21", 0)[-1], 12 in slips_of("21", 0), 231 in slips_of("21", 0)
    (-21, True, True)
    """
    places = range(len(digits))
    swapped = {digits[:n] + digits[n : n + 2][::-1] + digits[n + 2 :] for n in places}
    fewer = {digits[:n] + digits[n + 1 :] for n in places}
    more = {digits[:n] + new + digits[n:] for n in (*places, len(digits)) for new in "0123456789"}
    typed = {true for true in swapped | fewer | more if true.isdigit()} - {digits}
    whole = [int(true) for true in sorted(typed) if true == f"{int(true):0{decimals + 1}}"]
    return [*whole, *([-int(digits)] if digits.isdigit() else [])]


def as_printed(value: int, decimals: int, like: str, grouped: bool) -> str:
    """Return a reading as it would be printed, with commas between groups or without.

    Examples
    --------
    >>> as_printed(-104012, 2, "-1,040.72", True), as_printed(1040, 0, "1840", False)
    ('-1,040.12', '1040')
    """
    text = f"{abs(value) / 10**decimals:{',' if grouped else ''}.{decimals}f}"
    sign = next((mark for mark in MINUS if like.strip().startswith(mark)), "-")
    return sign * (value < 0) + text + "%" * like.endswith("%")


def is_grouped(text: str, decimals: int) -> bool | None:
    """Tell whether the thousands of a string are set off; None where it has none.

    Examples
    --------
    >>> is_grouped("1,040.50", 2), is_grouped("1040", 0), is_grouped("40.50", 2)
    (True, False, None)
    """
    plain = unsigned(text).rstrip("%")
    whole = plain[: len(plain) - decimals - 1] if decimals else plain
    if re.search("[., ]", whole):
        return True
    return False if len(whole) > 3 else None


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
    pairs, width = len(few.values) * len(many.values), high - low + 1
    if width > min(WIDE, SPARSE * pairs):
        values = np.add.outer(few.values, many.values).ravel()
        costs = np.add.outer(few.costs, many.costs).ravel()
        inside = (low <= values) & (values <= high)
        return _least(values[inside], costs[inside])
    total = np.full(width, np.inf)
    first, last = int(many.values.min()), int(many.values.max())
    if last - first < DENSE * len(many.values):
        _add_line(total, few, many, first - low)
    else:
        _add_pairs(total, few, many, low)
    reached = np.flatnonzero(np.isfinite(total))
    return Readings(reached + low, total[reached])


def least_sums(wanted: Integers, one: Readings, other: Readings) -> Costs:
    """Return the least cost of a reading of each that add up to a number, for each such number."""
    few, many = sorted((one, other), key=lambda term: len(term.values))
    least = np.full(len(wanted), np.inf)
    if not len(few.values):
        return least
    rows = max(1, BLOCK // len(few.values))
    first, width = int(many.values.min()), int(np.ptp(many.values)) + 1
    if width > WIDE:
        order = np.argsort(many.values)
    else:  # The costs along a line, between two places for what is beyond its ends.
        line = np.full(width + 2, np.inf)
        line[many.values - (first - 1)] = many.costs
    for start in range(0, len(wanted), rows):
        part = slice(start, start + rows)
        rest = np.subtract.outer(wanted[part], few.values)
        if width <= WIDE:
            costs = line[np.clip(rest - (first - 1), 0, width + 1)]
        else:
            at = np.searchsorted(many.values, rest, sorter=order)
            at = order[np.minimum(at, len(order) - 1)]
            costs = np.where(many.values[at] == rest, many.costs[at], np.inf)
        least[part] = (costs + few.costs).min(axis=1)
    return least


def _add_line(total: Costs, few: Readings, many: Readings, first: int) -> None:
    """Lay the costs of many readings along a line from the first, and shift it by each of few."""
    line = np.full(int(np.ptp(many.values)) + 1, np.inf)
    line[many.values - many.values.min()] = many.costs
    for value, cost in zip(few.values.tolist(), few.costs, strict=True):
        shift = first + value
        start, stop = max(shift, 0), min(shift + len(line), len(total))
        if start < stop:
            part = line[start - shift : stop - shift] + cost
            np.minimum(total[start:stop], part, out=total[start:stop])


def _add_pairs(total: Costs, few: Readings, many: Readings, low: int) -> None:
    """Put the cost of each pair of readings where its sum is, if it is the least."""
    least, most = extremes([few, many])
    whole = low <= least and most < low + len(total)
    rows = max(1, BLOCK // len(many.values))
    for start in range(0, len(few.values), rows):
        part = slice(start, start + rows)
        values = np.add.outer(few.values[part] - low, many.values).ravel()
        costs = np.add.outer(few.costs[part], many.costs).ravel()
        if not whole:
            inside = np.flatnonzero((values >= 0) & (values < len(total)))
            values, costs = values[inside], costs[inside]
        np.minimum.at(total, values, costs)


def _least(values: Integers, costs: Costs) -> Readings:
    """Return each value once, at its least cost, ascending."""
    order = np.lexsort([costs, values])
    values, costs = values[order], costs[order]
    first = np.diff(values, prepend=values[:1] - 1) > 0
    return Readings(values[first], costs[first])
