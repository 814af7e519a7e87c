"""The rents that constraints allow: their corners, what holds them, why there may be none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import comb, isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from housing._arguments import Floats
from housing._limits import ROUNDING
from housing.pricing._corners import LAST_BITS, Corners, find_corners, weighted_sum
from housing.pricing._highs import feasible, minimise, without_dust
from housing.pricing.constraints import Constraint, InfeasibleError
from housing.pricing.linear import LinearFunction

__all__ = ["FEW_CHOICES", "MOST_CHOICES", "FeasibleSet"]

#: Corners are found from every choice of as many constraints as there are rents.
MOST_CHOICES = 1_000_000
#: With more choices than that, one optimum is found sooner by HiGHS than by all corners.
FEW_CHOICES = 10_000
#: What is added up and multiplied on the way to a corner must stay a float.
MOST_RENT = 1e150
NO_ENDS = "constraints must give every rent a lowest and a highest value"
TOO_FAR = "constraints must not be too far apart in size to reckon with in floats"


class Rows(NamedTuple):
    """Constraints as rows of ``matrix @ rents <= limits``.

    `sizes` are those of the numbers of which the limits were computed.
    """

    matrix: Floats
    limits: Floats
    sizes: Floats
    names: list[str]
    functions: list[LinearFunction]


@dataclass(frozen=True, eq=False)
class FeasibleSet:
    """The rents that meet all constraints.

    Parameters
    ----------
    constraints : tuple of Constraint
        All on the same rents.
    types : int
        How many rents there are.
    """

    constraints: tuple[Constraint, ...]
    types: int

    @property
    def few(self) -> bool:
        """Whether going through all corners is the quick way to the best one."""
        return self._choices <= FEW_CHOICES

    @cached_property
    def corners(self) -> Corners:
        """The corners of the set.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If the constraints leave a rent without an end, or are too many to go through.
        """
        if self._choices > MOST_CHOICES:
            raise ValueError(
                f"constraints must leave at most {MOST_CHOICES:,} choices that may meet in a "
                f"corner, got {self._choices:,}"
            )
        matrix, limits, sizes, *_ = self._rows
        with _within_floats():
            found = find_corners(matrix, limits, sizes)
            if not found.points.size and (found.ends or not feasible(matrix, limits)):
                raise self._conflict()
        if not found.ends:
            raise ValueError(NO_ENDS)
        return found

    def highest(self, slopes: Floats) -> Floats:
        """Return rents at which a linear function is the highest, by HiGHS.

        Raises
        ------
        InfeasibleError, ValueError
            As `corners` does, but for the number of constraints.
        """
        matrix, limits, *_ = self._rows
        with _within_floats():
            if not feasible(matrix, limits):
                raise self._conflict()
            return self._optimum(-slopes)

    def standing(self, rents: Floats) -> NDArray[np.bool_]:
        """Tell which bounds, as `names` has them, rents stand on, but for noise of what adds up."""
        matrix, limits, *_ = self._rows
        room = limits - weighted_sum(matrix, rents[None])[:, 0]
        terms = np.abs(limits) + weighted_sum(np.abs(matrix), self._reach[None])[:, 0]
        stands: NDArray[np.bool_] = room <= ROUNDING * terms
        return stands

    @property
    def names(self) -> list[str]:
        """Each bound in words."""
        return self._rows.names

    @property
    def lower(self) -> NDArray[np.bool_]:
        """Tell which bounds the first rent must not fall below."""
        lower: NDArray[np.bool_] = self._rows.matrix[:, 0] < 0
        return lower

    @property
    def _choices(self) -> int:
        return comb(len(self._rows.limits), self.types)

    @cached_property
    def _reach(self) -> Floats:
        """The largest size of each rent, by which its noise is measured."""
        if self.few:
            return self.corners.sizes
        ends = [self._optimum(way) for way in (*np.eye(self.types), *-np.eye(self.types))]
        reach: Floats = np.abs(ends).max(axis=0)
        return reach

    def _optimum(self, cost: Floats) -> Floats:
        found = minimise(cost, self._rows.matrix, self._rows.limits).point
        if found is None:
            raise ValueError(NO_ENDS)
        return found

    @cached_property
    def _rows(self) -> Rows:
        """Return the rows; the largest slope of each is brought close to 1 by a power of 2."""
        rows, limits, sizes, names, functions = [], [], [], [], []
        for constraint, word, bound in self._bounds():
            function, sign = constraint.function, -1.0 if word == "at least" else 1.0
            largest = float(np.abs(function.slopes).max())
            if largest == 0:
                raise ValueError(f"{constraint.name} does not depend on any rent")
            power = -int(np.frexp(largest)[1])
            limit, size = bound - function.constant, abs(bound) + abs(function.constant)
            if abs(limit) <= LAST_BITS * size:
                limit = 0.0
            if not size / largest <= MOST_RENT:
                raise ValueError(
                    f"{constraint.name}: bounds must be on rents of at most {MOST_RENT:g}, "
                    f"got {word} {bound:g} for {function}"
                )
            rows.append(np.ldexp(sign * function.slopes, power))
            limits.append(np.ldexp(sign * limit, power))
            sizes.append(np.ldexp(size, power))
            names.append(f"{constraint.name}, {word} {bound:g}")
            functions.append(function)
        return Rows(np.array(rows), np.array(limits), np.array(sizes), names, functions)

    def _bounds(self) -> list[tuple[Constraint, str, float]]:
        """Return the bounds that are set, two for a constraint that has both."""
        return [
            (constraint, word, bound)
            for constraint in self.constraints
            for word, bound in (
                ("at least", constraint.at_least),
                ("at most", constraint.at_most),
            )
            if isfinite(bound)
        ]

    def _conflict(self) -> InfeasibleError:
        """Return the fewest constraints that exclude each other, and by how much."""
        matrix, limits, _, names, functions = self._rows
        kept = list(range(len(limits)))
        for row in list(kept):
            rest = [other for other in kept if other != row]
            if rest and not feasible(matrix[rest], limits[rest]):
                kept = rest
        gap = _least_gap(matrix[kept], limits[kept])
        return InfeasibleError([names[row] for row in kept], [functions[row] for row in kept], gap)


def _least_gap(matrix: Floats, limits: Floats) -> float:
    """Return the least that rents must miss constraints by in all, each measured in rent."""
    count, types = matrix.shape
    lengths = np.sqrt((matrix**2).sum(axis=1))
    # Each constraint may be exceeded by a slack of its own.
    slacks = np.hstack([matrix, -np.diag(lengths)])
    limits = without_dust(slacks, limits)
    cost = np.r_[np.zeros(types), np.ones(count)]
    least = np.r_[np.full(types, -np.inf), np.zeros(count)]
    missed = minimise(cost, slacks, limits, least).point
    # Slacks meet any constraints, but HiGHS may not see how.
    if missed is None or not _meets(slacks, limits, missed):
        raise ValueError(TOO_FAR)
    return float(missed[types:].sum())


def _meets(matrix: Floats, limits: Floats, point: Floats) -> bool:
    """Tell whether a point meets constraints, but for noise of what adds up."""
    added = weighted_sum(np.abs(matrix), np.abs(point)[None])[:, 0] + np.abs(limits)
    excess = weighted_sum(matrix, point[None])[:, 0] - limits
    return bool(np.all(excess <= 10 * ROUNDING * added))


@contextmanager
def _within_floats() -> Iterator[None]:
    """Refuse constraints whose numbers leave what a float can hold when they are added up."""
    try:
        with np.errstate(over="raise", invalid="raise"):
            yield
    except FloatingPointError:
        raise ValueError(TOO_FAR) from None
