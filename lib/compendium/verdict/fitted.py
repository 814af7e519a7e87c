"""Fitted numbers: what they explain, and what was free to make them do so.

A fit is evidence where it explains more than it was free to choose. Here is counted what it
explains and what was free; `search` has how far its numbers can go, and the others that would do as
well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from numbers import Real
from typing import Any

import numpy as np

from compendium.verdict.judge import Claim
from compendium.verdict.search import Match, Place, Search, intervals, key, margin, reread

__all__ = [
    "Fit",
    "counted_alone",
    "ranges_of",
    "require_choices",
    "require_finite",
    "require_formulas",
    "require_known",
    "with_fit",
]

#: By such parts of itself a fitted number is nudged to see what it moves.
NUDGES = (-0.5, -1e-3, 1e-3, 0.5, 1.0)
#: Of so many trials it is known what the formula gave.
KEPT = 512


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
        distinct = len(set(map(key, values)))
        of_fits = len({key(value) for value, moves in zip(values, moved, strict=True) if moves})
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
        `search.STEPS` equal steps of the range, and in what part of the range it meets all. Of
        chance nothing is said where the formula has no value at one of those steps.
        """
        own = intervals(self.numbers, lambda *arguments: self._margin(arguments, places))
        if self.ranges is None:
            return ", ".join(own)
        # The search begins where the interval of its number has just been looked for.
        found = [
            f"{said} {Search(self.matches, self.numbers, name, limits, places).told()}"
            for said, (name, limits) in zip(own, self.ranges.items(), strict=True)
        ]
        if self.readings:
            found += reread(self.matches, self.numbers, self.ranges, places)
        return ", ".join(found)

    def _margin(self, arguments: Sequence[float], places: Collection[Place]) -> float:
        """Return how far the printed numbers at some places are from being lost."""
        matches = self.matches(arguments)
        if matches is None:
            return -1.0
        return margin([match for match in matches if match[0].place in places])

    def moved(self) -> set[Place]:
        """Return the places of what a fitted number moves; the others hold without any fit."""
        best = list(self.numbers.values())
        base = {cell.place: value for cell, value, _ in self._evaluate(*best)}
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
                return self._evaluate(*arguments)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return None

    @cached_property
    def _evaluate(self) -> Callable[..., Sequence[Match]]:
        """The formula, which is not asked again for what it was asked for lately."""
        return lru_cache(maxsize=KEPT)(self.evaluate)


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


def counted_alone(fit: Fit) -> str:
    """Name fitted numbers, and say how many printed ones they are to explain."""
    moved, matches = fit.moved(), fit.evaluate(*fit.numbers.values())
    counted = fit.counted(
        [value for _, value, _ in matches], [cell.place in moved for cell, _, _ in matches]
    )
    named = ", ".join(f"{name} = {value:g}" for name, value in fit.numbers.items())
    return f"{named}: {counted}"


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


def require_formulas(blocks: Mapping[str, Any], numbers: Mapping[str, float]) -> None:
    """Refuse a fit of nothing, and blocks that fitted numbers cannot be put into."""
    fixed = [exhibit for exhibit, block in blocks.items() if not callable(block)]
    if fixed or not numbers:
        raise ValueError(
            "every block needs a callable that takes the fitted numbers; "
            f"numbers: {[*numbers]}, no callable: {fixed}"
        )


def require_finite(argument: str, numbers: Any) -> None:
    """Refuse fitted numbers that are no numbers, by name, to begin with."""
    if not isinstance(numbers, Mapping):
        raise ValueError(f"{argument} must map names to numbers, got {numbers!r}")
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(float(value)):
            raise ValueError(f"{argument} must be finite numbers, got {name!r}: {value!r}")


def require_choices(choices: Mapping[str, int], numbers: Mapping[str, float]) -> None:
    """Refuse what was chosen if it is a fitted number too, or was no choice."""
    for name, count in choices.items():
        if name in numbers or not isinstance(count, int) or count < 2:
            raise ValueError(
                f"choices must name something else and be of 2 or more, got {name!r}: {count!r}"
            )


def require_known(argument: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Refuse names of which nothing is known."""
    stray = [name for name in given if name not in known]
    if stray:
        raise ValueError(f"{argument} must be of {', '.join(known)}, got {', '.join(stray)}")
