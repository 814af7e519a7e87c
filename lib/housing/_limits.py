"""Computed numbers beside limits and each other: what differs by noise alone is the same.

A limit belongs to one of its sides, and what stands on it is there, whatever its last bit says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ROUNDING", "difference", "equals", "exceeds", "reaches", "remainder", "to_whole"]

#: How much of its size a computed number may be off and still be taken for the one it should be:
#: decimals do not add up to the last bit, and not to the same bit on every processor.
ROUNDING = 1e-9


def exceeds(values: ArrayLike, limits: ArrayLike) -> Any:
    """Tell which values are above a limit; one that is above it by noise alone stands on it.

    Parameters
    ----------
    values, limits : array_like
        They broadcast. A limit of 0 has no size to measure noise by: compare the two sums of which
        a difference is made, not the difference with 0.

    Returns
    -------
    bool or ndarray of bool
        False for NaN. ``~exceeds(limits, values)`` is `reaches` but for NaN.

    Examples
    --------
    >>> exceeds([0.3, 0.1 + 0.2, 0.301], 0.3)
    array([False, False,  True])
    """
    return np.asarray(values) > _moved(limits, ROUNDING)


def reaches(values: ArrayLike, limits: ArrayLike) -> Any:
    """Tell which values are at a limit or above; one that is below it by noise alone stands on it.

    Parameters
    ----------
    values, limits : array_like
        As in `exceeds`.

    Returns
    -------
    bool or ndarray of bool
        False for NaN.

    Examples
    --------
    >>> reaches([0.3, 0.1 * 3, 0.8 - 0.5, 0.299], 0.3)
    array([ True,  True,  True, False])
    """
    return np.asarray(values) >= _moved(limits, -ROUNDING)


def _moved(limits: ArrayLike, part: float) -> NDArray[np.float64]:
    """Return limits moved up by a part of their size; the largest floats become infinite."""
    ends = np.asarray(limits, dtype=float)
    with np.errstate(over="ignore"):
        moved: NDArray[np.float64] = ends * (1.0 + part * np.copysign(1.0, ends))
    return moved


def equals(values: ArrayLike, others: ArrayLike) -> Any:
    """Tell which values are others but for noise.

    Parameters
    ----------
    values, others : array_like
        They broadcast.

    Returns
    -------
    bool or ndarray of bool
        False for NaN.

    Examples
    --------
    >>> equals([0.1 + 0.2, 0.301], 0.3)
    array([ True, False])
    """
    return reaches(values, others) & reaches(others, values)


def difference(values: ArrayLike, others: ArrayLike) -> NDArray[np.float64]:
    """Return values less others: nothing at all where they differ by noise alone.

    For differences whose sign means something, such as a loss or a gain.

    Parameters
    ----------
    values, others : array_like
        They broadcast.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> difference([0.1 + 0.2, 0.4], 0.3).round(9)
    array([0. , 0.1])
    """
    first, second = np.asarray(values, dtype=float), np.asarray(others, dtype=float)
    with np.errstate(invalid="ignore"):  # of two numbers without end nothing is left
        return np.where(equals(first, second), 0.0, first - second)


def remainder(rest: NDArray[np.float64], whole: ArrayLike) -> NDArray[np.float64]:
    """Return the rest of a whole: nothing where it is below 0, or noise beside the whole.

    What `difference` says of two sums, in fewer passes, once they have been subtracted.

    Parameters
    ----------
    rest : ndarray of float
        A whole, less what other sums take of it.
    whole : array_like
        At least 0; it broadcasts with the rest.

    Returns
    -------
    ndarray of float
        At least 0.

    Examples
    --------
    >>> remainder(np.array([0.3, 0.4]) - (0.1 + 0.2), 0.4).round(9)
    array([0. , 0.1])
    """
    # A product is faster than a choice; `>=` keeps the rest of a whole without end.
    return np.maximum(rest, 0.0) * (rest >= ROUNDING * np.asarray(whole))


def to_whole(values: ArrayLike) -> NDArray[np.float64]:
    """Return values, with those that are off a whole number by noise alone as that number.

    Before a count is rounded up or down, or taken for a place.

    Parameters
    ----------
    values : array_like
        Computed counts.

    Returns
    -------
    ndarray of float
        The others as they are.

    Examples
    --------
    >>> to_whole([0.3 / 0.1, 3 + 1e-12, 3.01]).tolist()
    [3.0, 3.0, 3.01]
    """
    given = np.asarray(values, dtype=float)
    whole = np.rint(given)
    return np.where(equals(given, whole), whole, given)
