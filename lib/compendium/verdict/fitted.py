"""Fitted numbers: the interval that printed digits leave a number that a source never prints.

A fit is evidence where it explains more than it was free to choose. Here is counted what it
explains and what was free, and looked for the other numbers that would do as well.

The module is one account of that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np
from scipy.optimize import brentq

from compendium.page import cells
from compendium.page.numerals import fixed, significant
from compendium.page.printed import Cell
from compendium.page.readings import STRANGE, confusion_cost
from compendium.verdict.judge import Claim
from rounding import SNAP, SNAP_LIMIT, Rule

__all__ = [
    "Fit",
    "Match",
    "intervals",
    "misreadings",
    "ranges_of",
    "require_finite",
    "require_known",
    "with_fit",
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
#: By such parts of itself a fitted number is nudged to see what it moves.
NUDGES = (-0.5, -1e-3, 1e-3, 0.5, 1.0)

#: Exhibit, row and column.
Place = tuple[str, str, str]
#: A printed number, what was recomputed for it, and by which rule it was rounded.
Match = tuple[Cell, Any, Rule]
#: On which side of its printed number each recomputed one lies: below, on it, above; a word that
#: is another stands for itself. None where the formula has no value.
Sides = tuple[Any, ...] | None


@dataclass(frozen=True)
class Fit:
    """Numbers that a source never prints, fitted to what it prints.

    Parameters
    ----------
    numbers : mapping of str to float
        The fitted numbers, by name.
    evaluate : callable
        Takes them in order and returns a `Match` for each printed number that they are to explain.
    choices : mapping of str to int, optional
        What else was chosen to make the numbers fit, and among how many.
    ranges : mapping of str to pair of float, optional
        Where other solutions are looked for, for each number in order. None: they are not looked
        for.
    readings : bool, optional
        Whether they are also looked for with one printed digit read otherwise.
    """

    numbers: Mapping[str, float]
    evaluate: Callable[..., Sequence[Match]]
    choices: Mapping[str, int] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] | None = None
    readings: bool = False

    def counted(self, values: Sequence[float | str], moved: Sequence[bool]) -> str:
        """Say how many printed numbers are explained by how much that was free.

        A number that is printed again is no further evidence: what is recomputed as one and the
        same counts once. What none of the fitted numbers moves is no evidence of them; of what
        else was chosen it may be.

        Parameters
        ----------
        values : sequence of float or str
            What was recomputed for each printed number.
        moved : sequence of bool
            Whether a fitted number moves it.

        Raises
        ------
        ValueError
            If no more distinct numbers are explained than were fitted and chosen, or no more of
            those that a fitted number moves than were fitted.
        """
        distinct = len(set(map(_key, values)))
        of_fits = len({_key(value) for value, moves in zip(values, moved, strict=True) if moves})
        free = f"{len(self.numbers)} fitted"
        if self.choices:
            told = (f"{name} of {count}" for name, count in self.choices.items())
            free += f" and {len(self.choices)} chosen ({', '.join(told)})"
        counts = [f"{distinct} distinct"] if distinct < len(values) else []
        counts += [f"{of_fits} moved by a fitted number"] if of_fits < distinct else []
        words = ", ".join(counts)
        evidence = distinct if self.choices else of_fits
        if evidence <= len(self.numbers) + len(self.choices) or of_fits <= len(self.numbers):
            raise ValueError(
                f"{free} for {len(values)} printed{f', {words}' if words else ''}: that proves "
                "nothing. More distinct numbers must be explained than fitted and chosen"
            )
        return f"{len(values)} numbers{f' ({words})' if words else ''} for {free}"

    def told(self, places: set[Place]) -> str:
        """Say how far each fitted number can go while the printed numbers at some places hold.

        With `ranges` also which other values do, those of the other fitted numbers as they are,
        and what chance would do: how many distinct printed numbers a value meets on average, over
        `STEPS` equal steps of the range, and in what part of the range it meets all. Of chance
        nothing is said where the formula has no value at one of those steps.
        """
        words = intervals(self.numbers, lambda *arguments: self.margin(arguments, places))
        if self.ranges is None:
            return ", ".join(words)
        searches = [_Search(self, name, limits, places) for name, limits in self.ranges.items()]
        found = [f"{said} {search.told()}" for said, search in zip(words, searches, strict=True)]
        return ", ".join([*found, *(self._reread(places) if self.readings else ())])

    def _reread(self, places: set[Place]) -> Iterator[str]:
        """Say which other values would do with one printed digit read as a scan may confuse it.

        What is printed in several places is read in none of them otherwise: the others hold it.
        """
        matches = self.evaluate(*self.numbers.values())
        held = [(cell, _key(value)) for cell, value, _ in matches if cell.place in places]
        times = Counter(key for _, key in held)
        known: dict[tuple[float, ...], Sequence[Match] | None] = {}

        def evaluate(other: Cell, *arguments: float) -> Sequence[Match]:
            if arguments not in known:
                known[arguments] = self.matches(arguments)
            return [
                (other if match[0].place == other.place else match[0], *match[1:])
                for match in _required(known[arguments])
            ]

        said = []
        for cell, key in held:
            for text in misreadings(cell) if times[key] == 1 else ():
                fit = replace(self, evaluate=partial(evaluate, replace(cell, printed=text)))
                for name, limits in (self.ranges or {}).items():
                    _, *others = _Search(fit, name, limits, places).intervals()
                    said += [
                        f"{name} = {_interval((low + high) / 2.0, low, high)} if {cell} is {text}"
                        for low, high in others
                    ]
        yield from said[:NAMED]
        if len(said) > NAMED:
            yield f"{len(said) - NAMED} more if a digit is another"
        if not said:
            yield "nor another with one digit read otherwise"

    def margin(self, arguments: Sequence[float], places: Collection[Place]) -> float:
        """Return how far the printed numbers at some places are from being lost.

        Of each it is the distance of what is recomputed from the nearer end of what the number
        says, in parts of its last digit (of an inequality, of the number); of all the least. Below
        zero one is lost.
        """
        matches = self.matches(arguments)
        if matches is None:
            return -1.0
        held = [match for match in matches if match[0].place in places]
        return margin(held)

    def moved(self) -> set[Place]:
        """Return the places of what a fitted number moves; the others hold without any fit."""
        best = list(self.numbers.values())
        base = {cell.place: value for cell, value, _ in self.evaluate(*best)}
        moved: set[Place] = set()
        for position, name in enumerate(self.numbers):
            tried = best[position] + (abs(best[position]) or 1.0) * np.array(NUDGES)
            for value in (*tried.tolist(), *(self.ranges or {}).get(name, ())):
                arguments = [*best[:position], value, *best[position + 1 :]]
                for cell, other, _ in self.matches(arguments) or ():
                    if other != base.get(cell.place):
                        moved.add(cell.place)
        return moved

    def matches(self, arguments: Sequence[float]) -> Sequence[Match] | None:
        """Return what the formula gives for some numbers; None where it has no value for them."""
        try:
            with np.errstate(all="ignore"):
                return self.evaluate(*arguments)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return None


class _Search:
    """The search for other values of one fitted number, those of the others as they are."""

    def __init__(
        self,
        fit: Fit,
        name: str,
        limits: tuple[float, float],
        places: set[Place],
    ) -> None:
        self._fit, self._places = fit, places
        self._position = list(fit.numbers).index(name)
        self._best = fit.numbers[name]
        self._low, self._high = limits
        self._known: dict[float, Sides] = {}

    def told(self) -> str:
        where = f"from {self._low:g} to {self._high:g}"
        own, *others = self.intervals()
        named = [_interval((low + high) / 2.0, low, high) for low, high in others[:NAMED]]
        named += [f"{len(others) - NAMED} more"] if len(others) > NAMED else []
        said = (
            f"or {', or '.join(named)}, of all {where}" if others else f"and nothing else {where}"
        )
        if len(self._known) > MOST:
            said += f", as far as {MOST} trials show"
        chance = self._chance([own, *others])
        return said if chance is None else f"{said}, {chance}"

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

    def intervals(self) -> list[tuple[float, float]]:
        """Return the intervals that meet every printed number, the fitted number's own first."""
        found = [self._around(self._best)]
        for low, high in pairwise(self._grid):
            for value in self._solutions(low, high):
                if any(start <= value <= end for start, end in found):
                    continue
                start, end = self._around(value)
                # What begins on the edge of an interval is that one again.
                if not any(start <= other[1] and other[0] <= end for other in found):
                    found.append((start, end))
        return [found[0], *sorted(found[1:])]

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

        low, high = (_edge(left, value, direction) for direction in (-1.0, 1.0))
        return low, high

    def _sides(self, value: float) -> Sides:
        """Return on which side of its printed number each distinct recomputed number lies."""
        if value not in self._known:
            held = self._held(value)
            self._known[value] = None if held is None else tuple(_side(*own) for own in held)
        return self._known[value]

    def _held(self, value: float) -> list[Match] | None:
        """Return the distinct numbers that a value gives; None where the formula has none."""
        arguments = list(self._fit.numbers.values())
        arguments[self._position] = value
        matches = self._fit.matches(arguments)
        if matches is None:
            return None
        return [match for match in matches if match[0].place in self._distinct]

    @cached_property
    def _distinct(self) -> set[Place]:
        """The places of the printed numbers, the first of those that are one and the same."""
        first: dict[str, Place] = {}
        for cell, value, _ in self._fit.evaluate(*self._fit.numbers.values()):
            if cell.place in self._places:
                first.setdefault(_key(value), cell.place)
        return set(first.values())


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


def _key(value: float | str) -> str:
    """Return what is alike for recomputed numbers that are one and the same."""
    return value if isinstance(value, str) else significant(value, 10)


def _side(cell: Cell, value: Any, rule: Rule) -> Any:
    if cell.admits(value, rule):
        return 0
    if isinstance(value, str):
        return value
    if cell.reading is None or np.isnan(value):
        return "no number"
    return float(np.sign(value - cell.reading.value))


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
    """Return how far recomputed numbers are from losing a printed one, as `Fit.margin` has it."""
    numbers = [match for match in matches if not isinstance(match[1], str)]
    if any(not cell.admits(value, rule) for cell, value, rule in matches if isinstance(value, str)):
        return -1.0
    if not numbers:
        return 1.0
    values = np.array([value for _, value, _ in numbers], dtype=float)
    low, high, unit = np.array([_ends(cell, rule) for cell, _, rule in numbers]).T
    left = np.minimum(values - low, high - values) / unit
    left[np.isnan(left)] = -1.0
    # Whether an end still holds, and what is noise there, a number itself tells.
    for place in np.flatnonzero(np.abs(left) < NEAR):
        cell, value, rule = numbers[place]
        size = max(abs(left[place]), TINY)
        left[place] = size if cell.admits(value, rule) else -size
    return float(left.min())


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


def intervals(fitted: Mapping[str, float], holds: Callable[..., float]) -> list[str]:
    """Say how far each fitted number can go, the others as they are, while all still holds.

    Parameters
    ----------
    fitted : mapping of str to float
        The numbers, by name.
    holds : callable
        Takes them in order and tells whether every printed number is met, or how far they are from
        losing one (`Fit.margin`).

    Returns
    -------
    list of str
        One for each: its name, its value, its interval.

    Examples
    --------
    >>> intervals({"half of 13": 6.5}, lambda half: round(2 * half) == 13)
    ['half of 13 = 6.5 (6.25 to 6.75)']
    """
    words = []
    for position, (name, best) in enumerate(fitted.items()):

        def left(candidate: float, position: int = position) -> float:
            arguments = list(fitted.values())
            arguments[position] = candidate
            return holds(*arguments)

        ends = [_edge(left, best, direction) for direction in (-1.0, 1.0)]
        words.append(f"{name} = {best:g} ({_interval(best, *ends)})")
    return words


def _edge(left: Callable[[float], float], best: float, direction: float) -> float:
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


def _interval(best: float, low: float, high: float) -> str:
    """Return an interval to as many digits as show where it ends.

    An end that is as good as at the number itself, where rounding takes it for a tie, shows no
    digits of that; of an interval that is open on a side, the other side counts.
    """
    sides = [side for end in (low, high) if np.isfinite(side := abs(end - best))]
    width = min((side for side in sides if side > NOISE * sum(sides)), default=NOISE)
    decimals = int(np.clip(1 - np.floor(np.log10(width)), 0, 12))
    return f"{fixed(low, decimals)} to {fixed(high, decimals)}"


def with_fit(claims: Sequence[Claim], fit: Fit) -> tuple[list[Claim], list[str]]:
    """Add to each recovered number what the data leave the fitted ones, and say it."""
    explained = [claim for claim in claims if claim.verdict == "recovered"]
    moved = fit.moved()
    counted = fit.counted(
        [claim.value for claim in explained if claim.value is not None],
        [claim.cell.place in moved for claim in explained if claim.value is not None],
    )
    places = {claim.cell.place for claim in explained if not claim.difference} & moved
    if not places:
        # Nothing holds the fitted numbers, so they have no interval to look for.
        return list(claims), []
    said = f"{fit.told(places)}: {counted}"
    noted = [
        replace(claim, note="; ".join(filter(None, (claim.note, said))))
        if claim.verdict == "recovered"
        else claim
        for claim in claims
    ]
    return noted, [said]


def ranges_of(
    numbers: Mapping[str, float], given: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Return where to look for other values of each fitted number."""
    require_known("ranges", given, numbers)
    ranges = {}
    for name, value in numbers.items():
        low, high = sorted((value / 2.0, value * 2.0)) if value else (-1.0, 1.0)
        low, high = given.get(name, (low, high))
        if not (low < high and low <= value <= high and np.isfinite(high - low)):
            raise ValueError(f"ranges of {name!r} must hold {value:g}, got {low:g} to {high:g}")
        ranges[name] = float(low), float(high)
    return ranges


def require_finite(argument: str, numbers: Any) -> None:
    """Refuse fitted numbers that are no numbers, by name, to begin with."""
    if not isinstance(numbers, Mapping):
        raise ValueError(f"{argument} must map names to numbers, got {numbers!r}")
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(float(value)):
            raise ValueError(f"{argument} must be finite numbers, got {name!r}: {value!r}")


def require_known(argument: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Refuse names of which nothing is known."""
    stray = [name for name in given if name not in known]
    if stray:
        raise ValueError(f"{argument} must be of {', '.join(known)}, got {', '.join(stray)}")
