"""How far a fitted number can go, and which others would do as well, by the digits of the page.

A formula is known by its values alone and each of them may take a table's arithmetic, so that none
is asked for twice, and all its numbers are compared at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from compendium.page import cells
from compendium.page.numerals import fixed, significant
from compendium.page.printed import Cell
from compendium.page.readings import STRANGE, confusion_cost
from rounding import SNAP, SNAP_LIMIT, Rule

__all__ = [
    "Match",
    "Matches",
    "Place",
    "Search",
    "edge",
    "intervals",
    "key",
    "margin",
    "misreadings",
    "reread",
]

#: A side of an interval that is no larger a part of the whole is no side.
NOISE = 1e-9
#: Into so many steps a range is divided to look for other solutions.
STEPS = 200
#: So many other solutions are named, the others counted.
NAMED = 3
#: After so many trials the search for them ends, and says so.
MOST = 10_000
#: A stretch this narrow, as a part of the range, is not halved again.
NARROW = 1e-12

#: Each stride towards the end of an interval is so many times the one before.
STRIDE = 8.0
#: The end is found to such a part of the last stride.
PRECISE = 1e-12
#: So near to an end, in last digits, what counts as noise decides.
NEAR = 1e-3
#: The least that can be left.
TINY = float(np.finfo(float).tiny)

#: Exhibit, row and column.
Place = tuple[str, str, str]
#: A printed number, what was recomputed for it, and by which rule it was rounded.
Match = tuple[Cell, Any, Rule]
#: What a formula gives for its fitted numbers, in order; None where it has no value for them.
Matches = Callable[[Sequence[float]], Sequence[Match] | None]
#: On which side of its printed number each recomputed one lies: below, on it, above; a word that
#: is another stands for itself. None where the formula has no value.
Sides = tuple[Any, ...] | None


class Search:
    """The search for other values of one fitted number, those of the others as they are.

    Parameters
    ----------
    matches : callable
        What the formula gives, as `Matches` has it; it must have a value for the fitted numbers.
    numbers : mapping of str to float
        The fitted numbers, by name.
    name : str
        Which of them is searched for.
    limits : pair of float
        From where to where.
    places : set of Place
        The printed numbers that have to be met.
    """

    def __init__(
        self,
        matches: Matches,
        numbers: Mapping[str, float],
        name: str,
        limits: tuple[float, float],
        places: set[Place],
    ) -> None:
        self._matches, self._best = matches, [*numbers.values()]
        self._position = [*numbers].index(name)
        self._low, self._high = limits
        # The printed numbers, the first of those that are one and the same. A word is said anew of
        # each place: it can fail in one and hold in another.
        first: dict[str | Place, Place] = {}
        for cell, value, _ in _required(matches(self._best)):
            if cell.place in places:
                first.setdefault(cell.place if isinstance(value, str) else key(value), cell.place)
        self._distinct = set(first.values())
        self._known: dict[float, Sides] = {}

    def told(self) -> str:
        """Say which other values would do, and what chance would."""
        where = f"from {self._low:g} to {self._high:g}"
        own, *others = self.intervals()
        named = [_ends_in_words((low + high) / 2.0, low, high) for low, high in others[:NAMED]]
        named += [f"{len(others) - NAMED} more"] if len(others) > NAMED else []
        said = (
            f"or {', or '.join(named)}, of all {where}" if others else f"and nothing else {where}"
        )
        if len(self._known) > MOST:
            said += f", as far as {MOST} trials show"
        chance = self._chance([own, *others])
        return said if chance is None else f"{said}, {chance}"

    def intervals(self) -> list[tuple[float, float]]:
        """Return the intervals that meet every printed number, the fitted number's own first."""
        found = [self._around(self._best[self._position])]
        for low, high in pairwise(self._grid):
            for value in self._solutions(low, high):
                if any(start <= value <= end for start, end in found):
                    continue
                start, end = self._around(value)
                # What begins on the edge of an interval is that one again.
                if not any(start <= other[1] and other[0] <= end for other in found):
                    found.append((start, end))
        return [found[0], *sorted(found[1:])]

    def _chance(self, found: Sequence[tuple[float, float]]) -> str | None:
        tried = [self._sides(value) for value in self._grid]
        sides = [own for own in tried if own is not None]
        if len(sides) < len(tried):
            return None
        met = np.mean([sum(side == 0 for side in own) for own in sides])
        ends = np.clip(found, self._low, self._high)
        share = np.sum(ends[:, 1] - ends[:, 0]) / (self._high - self._low)
        return (
            f"where chance meets {significant(met, 2)} of {len(self._distinct)} distinct numbers "
            f"on average and all in a share of {significant(share, 2)}"
        )

    @cached_property
    def _grid(self) -> list[float]:
        grid: list[float] = np.linspace(self._low, self._high, STEPS + 1).tolist()
        return grid

    def _solutions(self, low: float, high: float) -> Iterator[float]:
        """Yield values that meet every printed number, from each part where one may."""
        stretches = [(low, high)]
        while stretches and len(self._known) <= MOST:
            low, high = stretches.pop()
            ends = self._sides(low), self._sides(high)
            for value, own in zip((low, high), ends, strict=True):
                if _all_met(own):
                    yield value
            middle = (low + high) / 2.0
            halved = high - low > NARROW * (self._high - self._low) and low < middle < high
            if halved and not all(map(_all_met, ends)) and _may_meet(*ends):
                stretches += [(middle, high), (low, middle)]

    def _around(self, value: float) -> tuple[float, float]:
        def left(candidate: float) -> float:
            held = self._held(candidate)
            return -1.0 if held is None else margin(held)

        low, high = (edge(left, value, direction) for direction in (-1.0, 1.0))
        return low, high

    def _sides(self, value: float) -> Sides:
        """Return on which side of its printed number each distinct recomputed number lies."""
        if value not in self._known:
            held = self._held(value)
            self._known[value] = None if held is None else _sides_of(held)
        return self._known[value]

    def _held(self, value: float) -> list[Match] | None:
        """Return the distinct numbers that a value gives; None where the formula has none."""
        arguments = self._best.copy()
        arguments[self._position] = value
        matches = self._matches(arguments)
        if matches is None:
            return None
        return [match for match in matches if match[0].place in self._distinct]


def reread(
    matches: Matches,
    numbers: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
    places: set[Place],
) -> Iterator[str]:
    """Say which other values would do with one printed digit read as a scan may confuse it.

    What is printed in several places is read in none of them otherwise: the others hold it.

    Parameters
    ----------
    matches, numbers, places
        As of a `Search`.
    ranges : mapping of str to pair of float
        Where to look for each fitted number.
    """
    held = [match for match in _required(matches([*numbers.values()])) if match[0].place in places]
    times = Counter(key(value) for _, value, _ in held)
    known: dict[tuple[float, ...], Sequence[Match] | None] = {}

    def with_other(other: Cell, arguments: Sequence[float]) -> Sequence[Match] | None:
        own = tuple(arguments)
        if own not in known:
            known[own] = matches(arguments)
        found = known[own]
        return found and [
            (other if match[0].place == other.place else match[0], *match[1:]) for match in found
        ]

    said = []
    for cell, value, _ in held:
        for text in misreadings(cell) if times[key(value)] == 1 else ():
            misread = partial(with_other, replace(cell, printed=text))
            for name, limits in ranges.items():
                _, *others = Search(misread, numbers, name, limits, places).intervals()
                said += [
                    f"{name} = {_ends_in_words((low + high) / 2.0, low, high)} if {cell} is {text}"
                    for low, high in others
                ]
    yield from said[:NAMED]
    if len(said) > NAMED:
        yield f"{len(said) - NAMED} more if a digit is another"
    if not said:
        yield "nor another with one digit read otherwise"


def misreadings(cell: Cell) -> list[str]:
    """Return what may be printed where one digit of a number was read for one that looks like it.

    Examples
    --------
    >>> misreadings(Cell("para 1", "x", "", "2.3"))
    ['7.3', '2.8']
    """
    if cell.reading is None:
        return []
    found = []
    for place, read in enumerate(cell.printed):
        if read.isdecimal():
            near = (d for d in "0123456789" if 0 < confusion_cost(read, d) < STRANGE)
            found += [cell.printed[:place] + true + cell.printed[place + 1 :] for true in near]
    # Nobody prints a number of several digits with a nought before them.
    leads = re.compile(r"\D*0\d")
    return [text for text in found if cell.notation.read(text) and not leads.match(text)]


def _required(matches: Sequence[Match] | None) -> Sequence[Match]:
    if matches is None:
        raise ValueError("the formula has no value there")
    return matches


def key(value: float | str) -> str:
    """Return what is alike for recomputed numbers that are one and the same."""
    return value if isinstance(value, str) else significant(value, 10)


def _sides_of(matches: Sequence[Match]) -> tuple[Any, ...]:
    """Return on which side of its printed number each recomputed one lies."""
    numbers = [match for match in matches if not isinstance(match[1], str)]
    ours = np.array([value for _, value, _ in numbers], dtype=float)
    stated = np.array([cell.reading.value if cell.reading else np.nan for cell, _, _ in numbers])
    sides = np.sign(ours - stated)
    # On the number itself and yet not as printed: above it is asked for what is over it.
    beside = [-1.0 if cell.qualifier == "over" else 1.0 for cell, _, _ in numbers]
    sides = np.where(sides == 0.0, beside, sides)
    sides[_left(numbers, ours) > 0.0] = 0.0
    of_numbers = iter("no number" if np.isnan(side) else side for side in sides.tolist())
    return tuple(
        (0.0 if cell.admits(value, rule) else value) if isinstance(value, str) else next(of_numbers)
        for cell, value, rule in matches
    )


def _all_met(sides: Sides) -> bool:
    return sides is not None and all(side == 0 for side in sides)


def _may_meet(left: Sides, right: Sides) -> bool:
    """Tell whether between two values every number may be met, if each moves one way between."""
    if left is None or right is None:
        return left is not right
    return all(
        own == 0 or other == 0 or own != other for own, other in zip(left, right, strict=True)
    )


def margin(matches: Sequence[Match]) -> float:
    """Return how far recomputed numbers are from losing a printed one.

    Of each it is the distance of what is recomputed from the nearer end of what the number says, in
    parts of its last digit (of an inequality, of the number); of all the least. Below zero one is
    lost.
    """
    numbers = [match for match in matches if not isinstance(match[1], str)]
    if any(not cell.admits(value, rule) for cell, value, rule in matches if isinstance(value, str)):
        return -1.0
    ours = np.array([value for _, value, _ in numbers], dtype=float)
    return float(_left(numbers, ours).min()) if numbers else 1.0


def _left(numbers: Sequence[Match], ours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each recomputed number is from losing its printed one."""
    ends = np.array([_ends(cell, rule) for cell, _, rule in numbers]).reshape(-1, 3)
    low, high, unit = ends.T
    left: NDArray[np.float64] = np.minimum(ours - low, high - ours) / unit
    left[np.isnan(left)] = -1.0
    # Whether an end still holds, and what is noise there, a number itself tells.
    for place in np.flatnonzero(np.abs(left) < NEAR).tolist():
        cell, value, rule = numbers[place]
        size = max(abs(left[place]), TINY)
        left[place] = size if cell.admits(value, rule) else -size
    return left


@lru_cache(maxsize=2**12)
def _ends(cell: Cell, rule: Rule) -> tuple[float, float, float]:
    """Return the ends of what a number says, and the unit in which to measure from them.

    An end that holds itself is further out by what counts as noise, and one that does not is
    further in.
    """
    if cell.reading is None:
        return np.nan, np.nan, 1.0
    stated = cell.reading.value
    if cell.qualifier in ("over", "under", "at least", "at most"):
        low, high, unit = cell.number.low, cell.number.high, abs(stated) or 1.0
        noise = cells.NOISE * abs(stated)
    elif rule.agrees(stated, stated, cell.step):
        low, high = rule.interval(stated, cell.step)
        high = high if high > 0.0 or stated or not np.signbit(stated) else 0.0
        unit = cell.step
        noise = unit * min(SNAP * max(abs(stated) / unit, 1.0), SNAP_LIMIT)
    else:
        # No number is printed so by this rule.
        return np.inf, -np.inf, 1.0
    low += -noise if cell.admits(low, rule) else noise
    high += noise if cell.admits(high, rule) else -noise
    return low, high, unit


def intervals(fitted: Mapping[str, float], holds: Callable[..., float]) -> Iterator[str]:
    """Say how far each fitted number can go, the others as they are, while all still holds.

    Parameters
    ----------
    fitted : mapping of str to float
        The numbers, by name.
    holds : callable
        Takes them in order and tells whether every printed number is met, or how far they are from
        losing one (`margin`).

    Yields
    ------
    str
        For each its name, its value, its interval.

    Examples
    --------
    >>> print(*intervals({"half of 13": 6.5}, lambda half: round(2 * half) == 13))
    half of 13 = 6.5 (6.25 to 6.75)
    """
    for position, (name, best) in enumerate(fitted.items()):

        def left(candidate: float, position: int = position) -> float:
            arguments = list(fitted.values())
            arguments[position] = candidate
            return holds(*arguments)

        ends = [edge(left, best, direction) for direction in (-1.0, 1.0)]
        yield f"{name} = {best:g} ({_ends_in_words(best, *ends)})"


def edge(left: Callable[[float], float], best: float, direction: float) -> float:
    """Return how far a fitted number can go one way before a printed number is lost.

    Strides grow from a billionth of the number until one is lost. Between the last two places the
    end is found as a root of what is left, by Brent's method, which halves where that jumps.
    """
    scale = abs(best) or 1.0
    inside, stride = best, 1e-9 * scale
    while left(outside := best + direction * stride) > 0:
        inside, stride = outside, stride * STRIDE
        if stride > 1e6 * scale:
            return direction * np.inf
    if inside == best and not left(best) > 0:
        return best
    known: dict[float, float] = {}

    def at(part: float) -> float:
        if part not in known:
            known[part] = float(left(inside + part * (outside - inside))) or -TINY
        return known[part]

    brentq(at, 0.0, 1.0, xtol=PRECISE, rtol=PRECISE)
    return inside + max(part for part, rest in known.items() if rest > 0) * (outside - inside)


def _ends_in_words(best: float, low: float, high: float) -> str:
    """Return an interval to as many digits as show where it ends.

    An end that is as good as at the number itself, where rounding takes it for a tie, shows no
    digits of that; of an interval that is open on a side, the other side counts.
    """
    sides = [side for end in (low, high) if np.isfinite(side := abs(end - best))]
    width = min((side for side in sides if side > NOISE * sum(sides)), default=NOISE)
    decimals = int(np.clip(1 - np.floor(np.log10(width)), 0, 12))
    return f"{fixed(low, decimals)} to {fixed(high, decimals)}"
