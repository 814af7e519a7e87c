"""Bounds: what a formula can give when its inputs are themselves printed roundings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compendium.numerals import Number
from compendium.printed import PrintedTable

__all__ = ["reach"]

#: Up to so many input numbers, every corner of their box is tried.
FEW = 6


def reach(
    formula: Callable[..., Any], inputs: Sequence[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest and highest results over the box that the printed inputs leave.

    Parameters
    ----------
    formula : callable
        Takes the inputs, in order, and returns an array; monotone in each number over the box.
    inputs : sequence
        `Number`, `PrintedTable`, or exact floats and arrays.

    Returns
    -------
    low, high : ndarray
        Of the formula's shape.

    Notes
    -----
    Few inputs: all corners. Many: each number is moved alone to both of its ends, which tells its
    direction in every result; then each result is taken at the corner that its directions name.

    Examples
    --------
    >>> low, high = reach(lambda a, b: a / b, [Number("4.4"), Number("2.0")])
    >>> round(float(low), 3), round(float(high), 3)
    (2.122, 2.282)
    """
    lows, highs = zip(*map(_ends, inputs), strict=True)
    shapes = [np.shape(low) for low in lows]
    low_vector, high_vector = map(_flat, (lows, highs))
    free = np.flatnonzero(low_vector != high_vector)

    def evaluate(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(formula(*_unflat(vector, shapes, inputs)), dtype=float)

    if len(free) <= FEW:
        corners = []
        for ends in product((False, True), repeat=len(free)):
            vector = low_vector.copy()
            vector[free] = np.where(ends, high_vector[free], low_vector[free])
            corners.append(evaluate(vector))
        return np.min(corners, axis=0), np.max(corners, axis=0)
    return _by_direction(evaluate, low_vector, high_vector, free)


def _by_direction(
    evaluate: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    free: NDArray[np.intp],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle = (low + high) / 2.0
    shape = evaluate(middle).shape
    rises = np.empty((len(free), int(np.prod(shape))), dtype=bool)
    for place, number in enumerate(free):
        ends = []
        for end in (low, high):
            vector = middle.copy()
            vector[number] = end[number]
            ends.append(evaluate(vector).ravel())
        rises[place] = ends[1] >= ends[0]
    lowest, highest = np.empty(rises.shape[1]), np.empty(rises.shape[1])
    for result in range(rises.shape[1]):
        for target, upward in ((lowest, False), (highest, True)):
            vector = middle.copy()
            vector[free] = np.where(rises[:, result] == upward, high[free], low[free])
            target[result] = evaluate(vector).ravel()[result]
    return lowest.reshape(shape), highest.reshape(shape)


def _ends(value: Any) -> tuple[Any, Any]:
    if isinstance(value, Number):
        return value.low, value.high
    if isinstance(value, PrintedTable):
        low, high = value.interval()
        return low.to_numpy(), high.to_numpy()
    return value, value


def _flat(parts: Sequence[Any]) -> NDArray[np.float64]:
    return np.concatenate([np.ravel(np.asarray(part, dtype=float)) for part in parts])


def _unflat(
    vector: NDArray[np.float64], shapes: Sequence[tuple[int, ...]], inputs: Sequence[Any]
) -> list[Any]:
    parts: list[Any] = []
    start = 0
    for shape, original in zip(shapes, inputs, strict=True):
        size = int(np.prod(shape))
        part = vector[start : start + size].reshape(shape)
        start += size
        if isinstance(original, PrintedTable):
            parts.append(original.like(part))
        else:
            parts.append(float(part) if shape == () else part)
    return parts
