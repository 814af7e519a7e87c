"""Shapes and labels: arguments that meet each other, and answers with the labels of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments.checks import Floats


def same_labels(**arguments: Any) -> None:
    """Refuse pandas arguments that stand in another order, where numbers meet by their place.

    Parameters
    ----------
    **arguments : object
        The arguments by name, all the same rows. Those that have no labels fit any.

    Raises
    ------
    ValueError
        If a Series and a Series, or a Series and a DataFrame's rows, have other labels.
    """
    labelled = {
        name: value.index
        for name, value in arguments.items()
        if isinstance(value, pd.Series | pd.DataFrame)
    }
    for (first, labels), (name, others) in pairwise(labelled.items()):
        _require_alike(first, [labels], name, [others])


def _require_alike(
    first: str, labels: Iterable[pd.Index], name: str, others: Iterable[pd.Index]
) -> None:
    """Refuse two arguments that have other labels along axes that meet."""
    if not all(map(pd.Index.equals, labels, others)):
        raise ValueError(f"{first} and {name} must have the same labels: align them first")


def same_last_axis(**arguments: Any) -> pd.Index | None:
    """Refuse pandas arguments that stand in another order along the last axis, or before it.

    For sums along the last axis: the columns of a DataFrame meet the entries of a Series.

    Parameters
    ----------
    **arguments : object
        The arguments by name. Those that have no labels fit any.

    Returns
    -------
    Index or None
        The labels of a DataFrame's rows: what is left of the labels when the last axis is summed.

    Raises
    ------
    ValueError
        If axes that meet have other labels.
    """
    labelled = [
        (name, value)
        for name, value in arguments.items()
        if isinstance(value, pd.Series | pd.DataFrame)
    ]
    for (first, value), (name, other) in combinations(labelled, 2):
        _require_alike(first, value.axes[::-1], name, other.axes[::-1])
    return next((value.index for _, value in labelled if isinstance(value, pd.DataFrame)), None)


def with_rows(result: Any, rows: pd.Index | None) -> Any:
    """Return sums as a float, as an array, or with the labels of the rows that they are of."""
    if rows is not None:
        return pd.Series(result, index=rows)
    return float(result) if np.ndim(result) == 0 else result


def common_labels(arguments: Mapping[str, Any]) -> pd.Series | pd.DataFrame | None:
    """Return the one pandas object whose labels the result gets."""
    first: tuple[str, pd.Series | pd.DataFrame] | None = None
    for name, value in arguments.items():
        if not isinstance(value, pd.Series | pd.DataFrame):
            continue
        if first is None:
            first = name, value
        elif type(value) is not type(first[1]):
            raise ValueError(f"{first[0]} and {name} must both be Series or both be DataFrames")
        else:
            _require_alike(first[0], first[1].axes, name, value.axes)
    return None if first is None else first[1]


def broadcast_shape(
    arguments: Mapping[str, Any], labels: pd.Series | pd.DataFrame | None = None
) -> tuple[int, ...]:
    """Return the one shape that arguments have together, which any labels must fit."""
    shapes = {name: np.shape(value) for name, value in arguments.items()}
    which = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        rows = [name for name, shape in shapes.items() if len(shape) == 1 and shape != (1,)]
        way = f"; for a table, give np.asarray({rows[0]})[:, None]" if len(rows) > 1 else ""
        raise ValueError(f"shapes do not match: {which}{way}") from None
    if labels is not None and shape != labels.shape:
        raise ValueError(
            f"shapes do not match: a result {shape} for labels {labels.shape}, of {which}; "
            "for a table without labels, give what has some as .to_numpy()[:, None]"
        )
    return shape


def broadcast(**arguments: Floats) -> tuple[Floats, ...]:
    """Return arrays of one shape, or say which arguments have shapes that do not fit."""
    shape = broadcast_shape(arguments)
    return tuple(np.broadcast_to(value, shape) for value in arguments.values())


def power(base: ArrayLike, exponent: ArrayLike) -> Floats:
    """Return powers, to the last bit the same for scalars as for the same numbers in arrays.

    NumPy squares and takes roots by routines of their own where one exponent is for all.
    """
    first, second = np.broadcast_arrays(base, exponent)
    result: Floats = np.power(first.ravel(), second.ravel(), dtype=float)
    return result.reshape(first.shape)


def in_kind(result: Any, shape: tuple[int, ...], labels: pd.Series | pd.DataFrame | None) -> Any:
    """Return a result with the axes of arguments that made no difference to it, and their labels.

    It is a copy, for it may be an argument as it came, and no zero in it has a sign.
    """
    array = np.broadcast_to(np.asarray(result, dtype=float), shape) + 0.0
    if labels is None:
        return float(array) if array.ndim == 0 else array
    if isinstance(labels, pd.DataFrame):
        return pd.DataFrame(array, index=labels.index, columns=labels.columns)
    return pd.Series(array, index=labels.index, name=None)


def only_counts(labels: pd.Index) -> bool:
    """Tell whether labels are those that pandas gives to what has none."""
    return isinstance(labels, pd.RangeIndex) and labels.equals(pd.RangeIndex(len(labels)))
