"""Corners of the set that linear constraints allow, the same to the last bit on every processor.

Routines of linear algebra add up in an order that hangs on the processor. Here systems are
eliminated by operations of one element with another, which round alike everywhere, and what
rounding may have left on a number is reckoned from the sizes of all that went into it: so nothing
depends on the units of a rent or of a constraint.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from housing._arguments import Floats
from housing._limits import ROUNDING

__all__ = ["LAST_BITS", "Corners", "find_corners", "grouped", "near_one", "weighted_sum"]

#: What rounding leaves on a sum of a few terms, as a share of the largest of them.
LAST_BITS = 16 * float(np.finfo(float).eps)
#: What a bound on one rent alone is multiplied by, so that elimination starts from it, exactly.
LEAD = 2.0**10
#: Constraints that points are held against at once: most points miss one of the first.
ROWS = 16
#: Numbers held at once for the systems of one batch.
BATCH = 1_000_000


class Corners(NamedTuple):
    """Corners of a set of rents.

    Attributes
    ----------
    points : ndarray
        One row a corner, in ascending order of the first rent, then of the second, ...
    sizes : ndarray
        How large each rent is, or what adds up to it.
    noise : ndarray
        What rounding may have left on each rent.
    ends : bool
        Whether there are enough constraints, and they stop every way out of the set.
    """

    points: Floats
    sizes: Floats
    noise: Floats
    ends: bool


def find_corners(matrix: Floats, limits: Floats, sizes: Floats) -> Corners:
    """Find the corners of ``matrix @ rents <= limits`` from every choice of enough constraints.

    Parameters
    ----------
    matrix : ndarray
        One row a constraint, one column a rent.
    limits : ndarray
        One a constraint.
    sizes : ndarray
        Size of the numbers of which each limit was computed.

    Returns
    -------
    Corners
        No points if none meets all constraints, or if not enough of them depend on the rents.
        Points that are apart by noise alone are one.
    """
    lead = np.where(np.count_nonzero(matrix, axis=1) == 1, LEAD, 1.0)
    matrix, limits, sizes = matrix * lead[:, None], limits * lead, sizes * lead
    found = [_meetings(matrix, limits, sizes, picks) for picks in _choices(matrix)]
    points, terms, loss, free, some = map(np.concatenate, zip(*found, strict=True))
    noise = LAST_BITS * terms.max(axis=0, initial=0.0)
    # A rent that is about 0 everywhere is as large as what cancels out to it.
    least = np.where(terms > 0.0, terms / loss[:, None], np.inf).min(axis=0, initial=np.inf)
    largest = np.abs(points).max(axis=0, initial=0.0)
    scale = np.where(least < np.inf, np.maximum(largest, least), largest)
    widths = ROUNDING * scale + noise
    rents = [_settled(*rent) for rent in zip(points.T, terms.T, widths, strict=True)]
    # Adding 0 turns a zero with a minus into one without.
    return Corners(
        np.unique(np.column_stack(rents), axis=0) + 0.0,
        scale,
        noise,
        bool(some.any() and not free.any()),
    )


def _meetings(
    matrix: Floats, limits: Floats, sizes: Floats, picks: NDArray[np.int_]
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Find the points where chosen constraints meet that meet all others too.

    Returns
    -------
    points, terms : ndarray
        One row a point; the terms are the size of all that adds up to each rent.
    loss : ndarray
        As `_loss` gives it.
    free : ndarray of bool
        Whether some way off the chosen constraints is never stopped.
    regular : ndarray of bool
        Which of the choices meet in one point, whatever the other constraints say.
    """
    chosen = matrix[picks]
    # The point, and the ways from there that leave one of the chosen constraints.
    sides = np.concatenate(
        [limits[picks][..., None], np.broadcast_to(-np.eye(matrix.shape[1]), chosen.shape)], axis=2
    )
    sources = np.concatenate([sizes[picks][..., None], np.abs(sides[..., 1:])], axis=2)
    found = _solved(chosen, sides)
    loss = _loss(chosen, -found[..., 1:])
    regular = loss <= 1.0 / ROUNDING
    chosen, sources, found, loss = (part[regular] for part in (chosen, sources, found, loss))
    inverse, rows = np.abs(found[..., 1:]), np.abs(chosen)
    # The inverse has noise of its own.
    inverse = inverse + LAST_BITS * _product(_product(inverse, rows), inverse)
    terms = _product(inverse, sources + _product(rows, np.abs(found)))
    inside = np.arange(len(found))
    for first in range(0, len(matrix), ROWS):
        some = slice(first, first + ROWS)
        point, size = found[inside, :, :1], terms[inside, :, :1]
        inside = inside[_meets(matrix[some], limits[some], sizes[some], point, size)[:, 0]]
    found, terms, loss = found[inside], terms[inside], loss[inside]
    unstopped = _meets(matrix, 0.0 * limits, 0.0 * sizes, found[..., 1:], terms[..., 1:])
    free: NDArray[np.bool_] = np.any(unstopped, axis=1)
    return found[..., 0], terms[..., 0], loss, free, regular


def grouped(values: Floats, width: float) -> NDArray[np.int_]:
    """Return a number for each value, in ascending order; the same where they are near.

    A value is near the next one if it is no more than the width away.

    Examples
    --------
    >>> grouped(np.array([0.3, 0.1 + 0.2, 0.2]), 1e-9)
    array([1, 1, 0])
    """
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[:1]]) > width
    group = np.empty(values.size, dtype=int)
    group[order] = np.cumsum(steps)
    return group


def _settled(values: Floats, terms: Floats, width: float) -> Floats:
    """Give alike values one value: that to which the least adds up, such as a bound itself."""
    group = grouped(values, width)
    order = np.lexsort((terms, group))
    _, first = np.unique(group[order], return_index=True)
    return values[order[first]][group]


def near_one(values: Floats) -> Floats:
    """Bring the largest of some numbers close to 1, by a power of 2, which rounds nothing.

    Examples
    --------
    >>> near_one(np.array([3e-9, 6e-9]))
    array([0.40265318, 0.80530637])
    """
    near: Floats = np.ldexp(values, -np.frexp(np.abs(values).max())[1])
    return near


def weighted_sum(weights: Floats, values: Floats) -> Floats:
    """Return ``weights @ values.T``, added up in the same order on every processor."""
    total = np.zeros((len(weights), len(values)))
    for weight, value in zip(weights.T, values.T, strict=True):
        total += weight[:, None] * value
    return total


def _choices(matrix: Floats) -> Iterator[NDArray[np.int_]]:
    """Yield all choices of as many constraints as there are rents, a batch at a time.

    Those with two bounds of one function, which never meet, are left out.
    """
    count, types = matrix.shape
    both = np.append((matrix[1:] == -matrix[:-1]).all(axis=1), False)
    choices = chain.from_iterable(combinations(range(count), types))
    size = types * max(1, BATCH // (types * (ROWS + 2 * types)))
    while True:
        batch = np.fromiter(islice(choices, size), dtype=int).reshape(-1, types)
        yield batch[~(both[batch[:, :-1]] & (np.diff(batch, axis=1) == 1)).any(axis=1)]
        if batch.size < size:
            return


def _solved(matrices: Floats, sides: Floats) -> Floats:
    """Solve many small systems whose last sides are the unit vectors with a minus.

    A second turn corrects what the first has carried from large unknowns to small ones. NaN or any
    number where a system has no one solution: `_loss` tells.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = _eliminated(matrices, sides)
        missed = sides - _product(matrices, found)
        change = _product(-found[..., 1:], missed)
        return np.where(np.abs(change) > LAST_BITS * np.abs(found), found + change, found)


def _eliminated(matrices: Floats, sides: Floats) -> Floats:
    """Solve many small systems by elimination; NaN or infinite where one has no solution."""
    types = matrices.shape[1]
    systems = np.concatenate([matrices, sides], axis=2)
    every = np.arange(len(systems))
    for place in range(types):
        pivot = np.abs(systems[:, place:, place]).argmax(axis=1) + place
        upper = systems[every, pivot]
        systems[every, pivot] = systems[:, place]
        upper /= upper[:, place, None].copy()
        systems -= systems[:, :, place, None] * upper[:, None, :]
        systems[:, place] = upper
    return systems[:, :, types:]


def _loss(matrices: Floats, inverses: Floats) -> Floats:
    """Return how much larger the terms are than the unknowns to which they cancel out.

    It is the same in all units; infinite where a system has no one solution.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        found = (matrices * inverses.swapaxes(1, 2)).sum(axis=2)
        loss = np.abs(matrices * inverses.swapaxes(1, 2)).sum(axis=1).max(axis=1)
    solved = (np.abs(found - 1.0) < 0.5).all(axis=1)
    return np.where(solved, loss, np.inf)


def _meets(
    matrix: Floats, limits: Floats, sizes: Floats, vectors: Floats, terms: Floats
) -> NDArray[np.bool_]:
    """Tell which columns of vectors meet all constraints, but for noise."""
    rows = np.abs(matrix)
    added = np.abs(limits)[:, None] + _product(rows, np.abs(vectors))
    slack = ROUNDING * added + LAST_BITS * (sizes[:, None] + _product(rows, terms))
    excess = _product(matrix, vectors) - limits[:, None]
    met: NDArray[np.bool_] = np.all(excess <= slack, axis=-2)
    return met


def _product(left: Floats, right: Floats) -> Floats:
    """Return ``left @ right``, added up in the same order on every processor."""
    total = left[..., :, :1] * right[..., :1, :]
    for place in range(1, left.shape[-1]):
        total = total + left[..., :, place, None] * right[..., place, None, :]
    return total
