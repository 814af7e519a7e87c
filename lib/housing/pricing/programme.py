"""The rent that weighs three parties: a linear programme over tenant, builder and government.

A `Programme` weighs what the three want of the rent under constraints and finds the rent; with
several types of flat it finds one rent for each. The module is one class, its answers, and
the checks of the weights that it takes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from housing._arguments import Floats, numbers, require
from housing._limits import ROUNDING
from housing.pricing._corners import near_one, weighted_sum
from housing.pricing._feasible import FeasibleSet
from housing.pricing._highs import feasible
from housing.pricing.constraints import Constraint, InfeasibleError
from housing.pricing.linear import LinearFunction, linear
from housing.pricing.weights import grid_steps, simplex_grid

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
#: Numbers held at once while many vectors of weights are compared.
BATCH = 300_000


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
        for party in PARTIES:
            linear(party, getattr(self, party))
        object.__setattr__(self, "constraints", _constraints(self.constraints))
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
        weights : array_like, Series or mapping
            Of tenant, builder and government, in this order or by these labels; at least 0,
            adding up to 1.

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
        of_tenant, of_builder, of_government = _vector(weights)
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
        """Find the best rents.

        Parameters
        ----------
        weights : array_like, Series or mapping
            As in `objective`.

        Returns
        -------
        Solution
            The rents, the weighted value, the three objectives, and the constraints that bind.
            Where several rents are equally good, the first of `best_corners`, as in `evaluate`. A
            programme with more than 10,000 choices of constraints that may meet in a corner is
            solved by HiGHS, which gives one of the best.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints; it names those that exclude each other.
        ValueError
            If the weights leave their range or do not add up to 1, the constraints leave a rent
            without an end, or numbers are too large or too far apart for floats.

        References
        ----------
        Computes: Shan, Teng, Li and Chen (2014), equation (13); model solution.
        """
        vector = _vector(weights)
        if self._feasible.few:
            return self._solution(vector, self.corners[self._first_best(vector[None])[0]])
        return self._solution(vector, self._feasible.highest(self.objective(vector).slopes))

    def closed_form(self, weights: ArrayLike) -> Solution:
        """Find the best one rent without a solver: the end to which the objective rises.

        Parameters
        ----------
        weights : array_like, Series or mapping
            As in `objective`.

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
        vector, ends = _vector(weights), self.rent_interval()
        gains, noise = self._gains(np.array([[ends.high - ends.low]]), self._wants)
        rises = weighted_sum(vector[None], gains - noise).item() > 0.0
        return self._solution(vector, np.array([ends.high if rises else ends.low]))

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
        low, high = self.corners[0], self.corners[-1]
        names, lower = self._feasible.names, self._feasible.lower
        low_by = int(np.argmax(self._feasible.standing(low) & lower))
        high_by = int(np.argmax(self._feasible.standing(high) & ~lower))
        return RentInterval(float(low[0]), float(high[0]), names[low_by], names[high_by])

    @property
    def corners(self) -> Floats:
        """The corners of the feasible set, one row each; an optimum is always at one of them.

        They ascend by the first rent, those with the same one by the second, and so on. Corners
        that are apart by noise alone are one.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If the constraints leave a rent without an end, are too many to go through, or too far
            apart in size.
        """
        return self._feasible.corners.points

    def best_corners(self, weights: ArrayLike) -> Floats:
        """Return every corner that is best: more than one means that all mixtures are as good.

        No corner is better than one of these by more than the noise of what is added up to compare
        the two: a weighted sum that cancels out to its last bits is 0, and what an objective has in
        common for both, such as its constant, does not count.

        Parameters
        ----------
        weights : array_like, Series or mapping
            As in `objective`.

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
        vector = _vector(weights)[None]
        return self.corners[[self._is_best(vector, place)[0] for place in range(len(self.corners))]]

    def evaluate(self, weights: ArrayLike) -> WeightMap:
        """Find the best rents for many vectors of weights at once, at the corners alone.

        Parameters
        ----------
        weights : array_like, DataFrame, mapping, Dask array or Dask DataFrame
            One row a vector: tenant, builder, government, in this order or by these labels; at
            least 0, adding up to 1.

        Returns
        -------
        WeightMap
            Where two corners are equally good, the first: `best_corners` says what that means.
            Of Dask's arrays where the weights are Dask's: nothing is computed yet, and no more than
            some partitions are ever held.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        ValueError
            If weights leave their range or do not add up to 1: those in a Dask collection when it
            is computed, with rows counted within the partition that the message names.
        """
        if hasattr(weights, "__dask_graph__"):
            return self._evaluate_lazily(weights)
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
        ValueError
            If there are no divisions, or more than fit in memory.
        """
        steps = grid_steps(divisions, len(PARTIES) + self.types + 2)
        return self._evaluate(simplex_grid(steps))

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
            slopes = near_one(function.slopes[None])
            worth = weighted_sum(self.corners, slopes)[:, 0]
            low, high = self.corners[[worth.argmin(), worth.argmax()]]
            gains, noise = self._gains((high - low)[None], slopes)
            if gains <= noise:
                return LinearFunction(np.zeros(self.types), 0.0)
            span = gains.item()
            return LinearFunction(slopes[0] / span, -worth.min() / span)

        tenant, builder, government = map(scaled, self._parties)
        return Programme(tenant, builder, government, self.constraints)

    def efficient_corners(self) -> Floats:
        """Return the corners at which no party can gain unless another loses.

        A corner is efficient if and only if some weights, all above 0, make it the best one. A
        gain that is no more than noise is none.

        Returns
        -------
        ndarray
            One row a corner.

        Raises
        ------
        InfeasibleError
            If no rent meets all constraints.
        """
        return self.corners[[self._is_efficient(corner) for corner in self.corners]]

    def _is_efficient(self, corner: Floats) -> bool:
        """Tell whether weights above 0 exist for which no other corner is better."""
        gains, noise = self._gains(self.corners - corner, self._wants)
        gains[np.abs(gains) <= noise] = 0.0
        # Each party's gains in units of its own.
        gains /= np.maximum(np.abs(gains).max(axis=0), np.finfo(float).tiny)
        # Weights of 1 and more, of any sum: a way to weigh is the same at any scale.
        above, parties = -np.eye(len(PARTIES)), np.ones(len(PARTIES))
        limits = np.r_[np.zeros(len(gains)), -parties]
        return feasible(np.vstack([gains, above]), limits)

    def _evaluate_lazily(self, weights: Any) -> WeightMap:
        """Return what is to be computed for the vectors of a Dask collection."""
        if hasattr(weights, "to_dask_array"):
            in_order = _by_party(pd.DataFrame(columns=weights.columns)).columns
            weights = weights[[*in_order]].to_dask_array()
        if weights.ndim != 2 or weights.shape[1] != len(PARTIES):
            raise ValueError(f"weights must be three, of {', '.join(PARTIES)}, got {weights.shape}")
        row, table = np.empty(0), np.empty((0, 0))
        given = weights.rechunk({1: -1}).map_blocks(_weights_of_block, meta=table)
        corner = given.map_blocks(self._first_best, drop_axis=1, meta=row.astype(int))
        of_types = (*corner.chunks, (self.types,))
        rents = corner.map_blocks(self.corners.__getitem__, new_axis=1, chunks=of_types, meta=table)
        worth = self._worth(self.corners)
        value = given.map_blocks(
            lambda vectors, places: _summed(vectors, worth[places[:, 0]]),
            corner[:, None],
            drop_axis=1,
            meta=row,
        )
        return WeightMap(given, rents, value, corner)

    def _evaluate(self, weights: Floats) -> WeightMap:
        corner = self._first_best(weights)
        value = _summed(weights, self._worth(self.corners)[corner])
        return WeightMap(weights, self.corners[corner], value, corner)

    def _first_best(self, weights: Floats) -> NDArray[np.int_]:
        """Return the first of the best corners for each vector of weights."""
        gains, noise = self._gains(self.corners - self.corners[0], self._wants)
        size = max(1, BATCH // len(gains))
        first = np.empty(len(weights), dtype=int)
        for start in range(0, len(weights), size):
            vectors = weights[start : start + size]
            worth = weighted_sum(vectors, gains)
            # Two corners are apart by no more noise than both have from the first one.
            noisy = 2.0 * weighted_sum(vectors, noise).max(axis=1)
            near = worth >= (worth.max(axis=1) - noisy)[:, None]
            first[start : start + size] = self._first_of(vectors, near)
        return first

    def _first_of(self, weights: Floats, near: NDArray[np.bool_]) -> NDArray[np.int_]:
        """Return the first corner that is best, for each vector, among those that may be."""
        first: NDArray[np.int_] = near.argmax(axis=1)
        left = np.flatnonzero(near.sum(axis=1) > 1)
        for place in range(near.shape[1]):
            rows = left[near[left, place]]
            if rows.size:
                best = rows[self._is_best(weights[rows], place)]
                first[best] = place
                left = np.setdiff1d(left, best, assume_unique=True)
        return first

    def _is_best(self, weights: Floats, place: int) -> NDArray[np.bool_]:
        """Tell for which vectors of weights no corner is better than the one at a place."""
        gains, noise = self._gains(self.corners - self.corners[place], self._wants)
        best: NDArray[np.bool_] = np.all(weighted_sum(weights, gains - noise) <= 0.0, axis=1)
        return best

    def _gains(self, ways: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Return what ways from corner to corner bring, and how much of it may be noise.

        A rent that is the same at both ends adds nothing to either.
        """
        rounded = np.where(ways == 0.0, 0.0, self._feasible.corners.noise)
        noise = ROUNDING * np.abs(ways) + rounded
        return weighted_sum(ways, slopes), weighted_sum(noise, np.abs(slopes))

    @cached_property
    def _feasible(self) -> FeasibleSet:
        return FeasibleSet(tuple(self.constraints), self.types)

    @property
    def _parties(self) -> tuple[LinearFunction, LinearFunction, LinearFunction]:
        return self.tenant, self.builder, self.government

    @cached_property
    def _wants(self) -> Floats:
        """Slopes of what each party wants more of, one row a party, in a unit that suits them."""
        return near_one(
            np.stack([-self.tenant.slopes, self.builder.slopes, self.government.slopes])
        )

    def _solution(self, weights: Floats, rents: Floats) -> Solution:
        worth = self._worth(rents)
        loss, surplus, benefit = worth.tolist()
        value = float(_summed(weights, worth))
        standing = zip(self._feasible.names, self._feasible.standing(rents), strict=True)
        binding = tuple(name for name, stands in standing if stands)
        return Solution(rents, value, 0.0 - loss, surplus, benefit, binding)

    def _worth(self, rents: Floats) -> Floats:
        """Return the payoffs of rents that were found, not given."""
        try:
            return self.payoffs(rents)
        except ValueError:
            largest = np.abs(rents).max()
            raise ValueError(
                f"{', '.join(PARTIES)} must be small enough for finite results at rents of up to "
                f"{largest:g}"
            ) from None


def _summed(weights: Floats, payoffs: Floats) -> Floats:
    """Return the weighted sums of the parties in the last axis."""
    total: Floats = (weights * payoffs).sum(axis=-1)
    return total


def _constraints(constraints: Any) -> tuple[Constraint, ...]:
    """Return a sequence of constraints, checked."""
    given = tuple(constraints) if np.iterable(constraints) else (constraints,)
    if not given:
        raise ValueError("constraints is empty: rents need ends")
    for one in given:
        if not isinstance(one, Constraint):
            raise ValueError(f"constraints must be a sequence of Constraint, got {one!r}")
    return given


def _vector(weights: Any) -> Floats:
    """Return one vector of weights, checked."""
    table = _weights(weights)
    if len(table) != 1:
        raise ValueError(f"weights must be one vector, got {len(table)}: evaluate takes many")
    return table.reshape(len(PARTIES))


def _weights(weights: Any) -> Floats:
    """Return one row or many rows of three weights, checked."""
    given = numbers("weights", _by_party(weights))
    if given.ndim > 2 or given.ndim == 0 or given.shape[-1] != len(PARTIES):
        raise ValueError(f"weights must be three, of {', '.join(PARTIES)}, got {given.shape}")
    # What 1 leaves when the others are taken away may be below 0 by noise.
    hint = ". Weights are decimals: for 60% give 0.60"
    require("weights", given, given >= -ROUNDING, "at least 0", hint)
    table: Floats = np.maximum(given, 0.0).reshape(-1, len(PARTIES))
    with np.errstate(over="ignore"):
        sums = table.sum(axis=1)
    off = np.abs(sums - 1.0) > ROUNDING
    if off.any():
        first = int(np.argmax(off))
        where = f" in row {first}" if given.ndim > 1 else ""
        said = " + ".join(f"{weight:.12g}" for weight in table[first])
        raise ValueError(f"weights must add up to 1, got {said} = {sums[first]:.12g}{where}")
    return table


def _weights_of_block(weights: Any, block_info: Any = None) -> Floats:
    """Return the weights of one partition of a Dask array, checked; there may be none."""
    if not len(weights):
        return np.empty((0, len(PARTIES)))
    try:
        return _weights(weights)
    except ValueError as refusal:
        number = block_info[0]["chunk-location"][0] if block_info else 0
        raise ValueError(f"{refusal}, in partition {number}") from None


def _by_party(weights: Any) -> Any:
    """Return weights that are labelled in the order of the parties; others as they are."""
    labels: list[Hashable]
    if isinstance(weights, pd.DataFrame):
        labels = list(weights.columns)
    elif isinstance(weights, Mapping | pd.Series):
        labels = list(weights.keys())
    else:
        return weights
    # Pandas counts what nobody labelled.
    if labels == list(range(len(labels))):
        return weights
    if len(labels) != len(PARTIES) or set(labels) != set(PARTIES):
        raise ValueError(f"weights must be labelled {', '.join(PARTIES)}, got {labels}")
    if isinstance(weights, Mapping):
        parts = [numbers("weights", weights[party]) for party in PARTIES]
        return np.stack(np.broadcast_arrays(*parts), axis=-1)
    return weights[list(PARTIES)]
