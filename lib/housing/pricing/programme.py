"""The rent that weighs three parties: a linear programme over tenant, builder and government.

A `Programme` weighs what the three want of the rent under constraints and finds the rent; with
several types of flat it finds one rent for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from housing._arrays import ROUNDING, Floats, numbers
from housing.pricing.linear import LinearFunction
from housing.pricing.weights import simplex_grid

__all__ = [
    "PARTIES",
    "Constraint",
    "InfeasibleError",
    "Programme",
    "RentInterval",
    "Solution",
    "WeightMap",
]

#: The parties, in the order of their weights.
PARTIES = ("tenant", "builder", "government")
#: HiGHS keeps its constraints to 1e-7; a bound that a rent misses by no more is met.
SOLVER = 1e-7
#: Corners are found from every choice of as many constraints as there are rents.
MOST_CHOICES = 1_000_000


class InfeasibleError(ValueError):
    """No rent meets all constraints.

    Attributes
    ----------
    conflict : tuple of str
        The fewest constraints that exclude each other: without any one of them the rest agree.
    gap : float
        How far the rents would have to miss them, at least, in money per m2 and month.
    """

    def __init__(
        self, conflict: Sequence[str], functions: Sequence[LinearFunction], gap: float
    ) -> None:
        self.conflict, self.gap = tuple(conflict), gap
        # A bound on a rent itself says all; one on a function is read with its formula.
        said = [
            f"{name} ({what})" if what.constant else name
            for name, what in zip(conflict, functions, strict=True)
        ]
        super().__init__(
            f"no rent meets all constraints: {' and '.join(said)} exclude each other, "
            f"by {gap:.4g} of rent"
        )


@dataclass(frozen=True, eq=False)
class Constraint:
    """Bounds on a linear function of the rents.

    Parameters
    ----------
    name : str
        What the messages call it.
    function : LinearFunction
        What is bounded.
    at_least, at_most : float, optional
        The bounds; at least one of them.

    Raises
    ------
    ValueError
        If there is no bound, a bound is NaN, or the lower one is above the upper.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), equation (11); equation (12); constraints in numbers.

    Examples
    --------
    >>> Constraint("rent", LinearFunction(1, 0), at_least=1, at_most=20).at_most
    20
    """

    name: str
    function: LinearFunction
    at_least: float = -np.inf
    at_most: float = np.inf

    def __post_init__(self) -> None:
        if np.isnan(self.at_least) or np.isnan(self.at_most):
            raise ValueError(f"{self.name}: bounds must be numbers, got nan")
        if self.at_least == -np.inf and self.at_most == np.inf:
            raise ValueError(f"{self.name}: at_least or at_most must be given")
        if self.at_least > self.at_most:
            raise ValueError(
                f"{self.name}: at_least {self.at_least:.12g} is above at_most {self.at_most:.12g}"
            )


class Solution(NamedTuple):
    """The rents that a programme chooses, what they mean to each party, and what holds them."""

    rents: Floats
    value: float
    living_cost: float
    surplus: float
    social_benefit: float
    binding: tuple[str, ...]


class RentInterval(NamedTuple):
    """The rents that one-rent constraints allow, and the constraints that end them."""

    low: float
    high: float
    low_by: str
    high_by: str


class WeightMap(NamedTuple):
    """The optimum for each vector of weights: one row a vector."""

    weights: Floats
    rents: Floats
    value: Floats
    corner: Any


@dataclass(frozen=True, eq=False)
class Programme:
    """A weighted programme over the interests of tenant, builder and government.

    Parameters
    ----------
    tenant : LinearFunction
        Cost of living U(P), to be kept low.
    builder : LinearFunction
        Surplus V(P), to be raised.
    government : LinearFunction
        Social benefit S(P), to be raised.
    constraints : sequence of Constraint
        On the same rents; together they must keep every rent between two ends.

    Raises
    ------
    ValueError
        If there is no constraint, or the functions have not the same rents.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), equation (1); objectives and constraints together.

    Examples
    --------
    >>> rent = LinearFunction(1, 0)
    >>> programme = Programme(
    ...     tenant=LinearFunction(780, 6200),
    ...     builder=LinearFunction(870, -9400),
    ...     government=LinearFunction(-460, 18_000),
    ...     constraints=[
    ...         Constraint("balance", LinearFunction(870, -9400), at_least=0),
    ...         Constraint("rent", rent, at_least=1, at_most=20),
    ...     ],
    ... )
    >>> best = programme.solve([0.6, 0.1, 0.3])
    >>> best.rents.round(3), best.binding
    (array([10.805]), ('balance, at least 0',))
    """

    tenant: LinearFunction
    builder: LinearFunction
    government: LinearFunction
    constraints: Sequence[Constraint]

    def __post_init__(self) -> None:
        object.__setattr__(self, "constraints", tuple(self.constraints))
        if not self.constraints:
            raise ValueError("constraints is empty: rents need ends")
        for function in (self.builder, self.government, *(c.function for c in self.constraints)):
            if function.slopes.size != self.types:
                raise ValueError(
                    f"all functions must have the {self.types} rents of tenant, "
                    f"got one of {function.slopes.size}"
                )

    @property
    def types(self) -> int:
        """How many rents are to be set."""
        return int(self.tenant.slopes.size)

    def objective(self, weights: ArrayLike) -> LinearFunction:
        """Weighted sum of what the parties want, to be raised.

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        LinearFunction
            Equation (13).

        Raises
        ------
        ValueError
            If the weights leave their range or do not add up to 1.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (2); equation (13); model solution.
        """
        of_tenant, of_builder, of_government = _weights(weights)[0]
        return (
            -float(of_tenant) * self.tenant
            + float(of_builder) * self.builder
            + float(of_government) * self.government
        )

    def payoffs(self, rents: ArrayLike) -> Floats:
        """Return what rents are worth to each party, in the sense in which each wants more.

        Parameters
        ----------
        rents : array_like
            Types in the last axis.

        Returns
        -------
        ndarray
            Tenant (the cost of living with a minus), builder and government in the last axis.
        """
        parts = (-1.0 * self.tenant, self.builder, self.government)
        return np.stack([np.asarray(part.at(rents)) for part in parts], axis=-1)

    def solve(self, weights: ArrayLike) -> Solution:
        """Find the best rents by linear programming (HiGHS).

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        Solution
            The rents, the weighted value, the three objectives, and the constraints that bind.
            Where several rents are equally good, one of them: `best_corners` tells.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints; it names those that exclude each other.
        ValueError
            If the weights leave their range or do not add up to 1, or the constraints leave a rent
            without an end.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (13); model solution.
        """
        goal = self.objective(weights)
        self._require_ends()
        matrix, limits, _ = self._rows
        found = _linprog(-goal.slopes, matrix, limits)
        return self._solution(goal, np.asarray(found.x, dtype=float))

    def closed_form(self, weights: ArrayLike) -> Solution:
        """Find the best one rent without a solver: the end to which the objective rises.

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        Solution
            As `solve` gives it; the lower end if the objective is level.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If there are several rents, or the weights leave their range.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (13).
        """
        goal, ends = self.objective(weights), self.rent_interval()
        return self._solution(goal, np.array([ends.high if goal.slopes[0] > 0 else ends.low]))

    def rent_interval(self) -> RentInterval:
        """Return the lowest and the highest rent that the constraints allow, and what sets them.

        Returns
        -------
        RentInterval
            For a programme of one rent.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If there are several rents.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (12).
        """
        if self.types != 1:
            raise ValueError(f"an interval needs one rent, got {self.types}")
        self._require_ends()
        matrix, limits, names = self._rows
        upper = matrix[:, 0] > 0
        lows = np.where(upper, -np.inf, -limits)
        highs = np.where(upper, limits, np.inf)
        low, high = int(lows.argmax()), int(highs.argmin())
        return RentInterval(float(lows[low]), float(highs[high]), names[low], names[high])

    @cached_property
    def corners(self) -> Floats:
        """The corners of the feasible set, one row each; an optimum is always at one of them.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If the constraints leave a rent without an end, or are too many to go through.
        """
        self._require_ends()
        matrix, limits, _ = self._rows
        choices = comb(len(limits), self.types)
        if choices > MOST_CHOICES:
            raise ValueError(
                f"corners need at most {MOST_CHOICES:,} choices of constraints, got {choices:,}"
            )
        picks = np.array(list(combinations(range(len(limits)), self.types)))
        chosen = matrix[picks]
        regular = np.abs(np.linalg.det(chosen)) > 1e-12  # rows have length 1
        points = np.linalg.solve(chosen[regular], limits[picks[regular]][..., None])[..., 0]
        slack = limits - points @ matrix.T
        inside = (slack >= -1e-9 * (1.0 + np.abs(limits))).all(axis=1)
        _, first = np.unique(points[inside].round(9), axis=0, return_index=True)
        return points[inside][first]

    def best_corners(self, weights: ArrayLike) -> Floats:
        """Return every corner that is best: more than one means that all mixtures are as good.

        Parameters
        ----------
        weights : array_like
            Of tenant, builder and government; at least 0, adding up to 1.

        Returns
        -------
        ndarray
            One row a corner.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If the weights leave their range or do not add up to 1.
        """
        corners, worth = self.corners, self.objective(weights).at(self.corners)
        best: Floats = corners[worth >= worth.max() - SOLVER * (1.0 + np.abs(worth).max())]
        return best

    def evaluate(self, weights: ArrayLike) -> WeightMap:
        """Find the best rents for many vectors of weights at once, at the corners alone.

        Parameters
        ----------
        weights : array_like
            One row a vector: tenant, builder, government; at least 0, adding up to 1.

        Returns
        -------
        WeightMap
            Where two corners are equally good, the first.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If weights leave their range or do not add up to 1.
        """
        return self._evaluate(_weights(weights))

    def weight_map(self, divisions: int) -> WeightMap:
        """Map the whole simplex of weights.

        Parameters
        ----------
        divisions : int
            Steps from 0 to 1 along each edge; 446 make 100,128 vectors.

        Returns
        -------
        WeightMap
            One row for each vector of `simplex_grid`.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        """
        return self._evaluate(simplex_grid(divisions))

    def normalised(self) -> Programme:
        """Return the programme with each objective scaled to run from 0 to 1 over feasible rents.

        Returns
        -------
        Programme
            The tenant's cost runs from 0, at its best corner, to 1. An objective that the rents
            do not move becomes 0.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), normalisation, in words.
        """

        def scaled(function: LinearFunction) -> LinearFunction:
            values = function.at(self.corners)
            low, span = values.min(), values.max() - values.min()
            shifted = function + LinearFunction(np.zeros(self.types), -low)
            return shifted * (1.0 / span if span > 0 else 0.0)

        tenant, builder, government = map(scaled, self._parties)
        return Programme(tenant, builder, government, self.constraints)

    def efficient_corners(self) -> Floats:
        """Return the corners at which no party can gain unless another loses.

        A corner is efficient if and only if some weights, all above 0, make it the best one.

        Returns
        -------
        ndarray
            One row a corner.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        """
        worth = self.normalised().payoffs(self.corners)
        return self.corners[[_is_best_for_some(worth, place) for place in range(len(worth))]]

    def _evaluate(self, weights: Floats) -> WeightMap:
        worth = weights @ self.payoffs(self.corners).T
        corner = worth.argmax(axis=1)
        value = worth[np.arange(len(worth)), corner]
        return WeightMap(weights, self.corners.take(corner, axis=0), value, corner)

    @property
    def _parties(self) -> tuple[LinearFunction, LinearFunction, LinearFunction]:
        return self.tenant, self.builder, self.government

    @cached_property
    def _rows(self) -> tuple[Floats, Floats, list[str]]:
        """Return the constraints as ``matrix @ rents <= limits``, rows of length 1, with names.

        A row of length 1 measures in rent how far it is missed.
        """
        rows: list[Floats] = []
        limits: list[float] = []
        names: list[str] = []
        for constraint, word, bound in self._bounds():
            slopes, sign = constraint.function.slopes, -1.0 if word == "at least" else 1.0
            length = float(np.linalg.norm(slopes))
            if length == 0:
                raise ValueError(f"{constraint.name} does not depend on any rent")
            rows.append(sign * slopes / length)
            limits.append(sign * (bound - constraint.function.constant) / length)
            names.append(f"{constraint.name}, {word} {bound:g}")
        return np.array(rows), np.array(limits), names

    def _bounds(self) -> list[tuple[Constraint, str, float]]:
        """Return the bounds that are set, two for a constraint that has both."""
        both = (("at least", "at_least"), ("at most", "at_most"))
        return [
            (constraint, word, getattr(constraint, name))
            for constraint in self.constraints
            for word, name in both
            if np.isfinite(getattr(constraint, name))
        ]

    @cached_property
    def _ends(self) -> bool:
        """Tell whether every rent has both ends, or say why there is no rent at all."""
        matrix, limits, _ = self._rows
        if _linprog(np.zeros(self.types), matrix, limits).status == 2:
            raise self._conflict()
        units = np.eye(self.types)
        return all(
            _linprog(sign * unit, matrix, limits).status == 0 for unit in units for sign in (1, -1)
        )

    def _require_ends(self) -> None:
        if not self._ends:
            raise ValueError("constraints must give every rent a lowest and a highest value")

    def _conflict(self) -> InfeasibleError:
        """Return the fewest constraints that exclude each other, and by how much."""
        matrix, limits, names = self._rows
        kept = list(range(len(limits)))
        for row in list(kept):
            rest = [other for other in kept if other != row]
            if rest and _linprog(np.zeros(self.types), matrix[rest], limits[rest]).status == 2:
                kept = rest
        # The least that rents must miss these rows by: each row may be exceeded by a slack.
        slacks = np.hstack([matrix[kept], -np.eye(len(kept))])
        bounds = [(None, None)] * self.types + [(0, None)] * len(kept)
        cost = np.r_[np.zeros(self.types), np.ones(len(kept))]
        least = linprog(cost, A_ub=slacks, b_ub=limits[kept], bounds=bounds, method="highs")
        functions = [self._bounds()[row][0].function for row in kept]
        return InfeasibleError([names[row] for row in kept], functions, float(least.fun))

    def _solution(self, goal: LinearFunction, rents: Floats) -> Solution:
        matrix, limits, names = self._rows
        room = limits - matrix @ rents
        near = SOLVER * (1.0 + np.abs(limits))
        binding = [name for name, left, most in zip(names, room, near, strict=True) if left <= most]
        cost, surplus, benefit = (party.at(rents) for party in self._parties)
        return Solution(rents, goal.at(rents), cost, surplus, benefit, tuple(binding))


def _linprog(cost: Floats, matrix: Floats, limits: Floats) -> Any:
    return linprog(cost, A_ub=matrix, b_ub=limits, bounds=(None, None), method="highs")


def _is_best_for_some(worth: Floats, place: int) -> bool:
    """Tell whether weights above 0 exist for which no row of `worth` beats this one."""
    parties = worth.shape[1]
    beats = np.hstack([worth - worth[place], np.zeros((len(worth), 1))])
    above = np.hstack([-np.eye(parties), np.ones((parties, 1))])
    found = linprog(
        np.r_[np.zeros(parties), -1.0],
        A_ub=np.vstack([beats, above]),
        b_ub=np.zeros(len(worth) + parties),
        A_eq=np.r_[np.ones(parties), 0.0][None],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    return found.status == 0 and bool(found.x[-1] > SOLVER)


def _weights(weights: ArrayLike) -> Floats:
    """Return one row or many rows of three weights, checked."""
    table = np.atleast_2d(
        numbers("weights", weights, at_least=0, hint=". Weights are decimals: for 60% give 0.60")
    )
    if table.ndim != 2 or table.shape[1] != len(PARTIES):
        raise ValueError(f"weights must be three, of {', '.join(PARTIES)}, got {table.shape}")
    sums = table.sum(axis=1)
    off = np.abs(sums - 1.0) > ROUNDING
    if off.any():
        first = int(np.argmax(off))
        where = f" in row {first}" if np.ndim(weights) > 1 else ""
        said = " + ".join(f"{weight:.12g}" for weight in table[first])
        raise ValueError(f"weights must add up to 1, got {said} = {sums[first]:.12g}{where}")
    return table
