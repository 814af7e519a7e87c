"""Households that stand in a register twice, told by their ids; only the first of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing.policy import plain
from housing.register._columns import missing

__all__ = ["candidates", "hashed", "later", "repeated", "shared"]

#: Beyond it not every whole number is a float.
EXACT = 2**53


def ids(column: pd.Series) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return ids as words, whatever their width and the blanks around them, and which are missing.

    Raises
    ------
    ValueError
        If they are floats too large to tell one from the next.
    """
    blank = missing(column)
    if pd.api.types.is_float_dtype(column.dtype):
        known = column[~blank].to_numpy(dtype=float)
        if (np.abs(known) >= EXACT).any():
            raise ValueError(
                f"id: column {column.name} has floats beyond 2**53, which cannot tell ids apart: "
                "read it as words or whole numbers"
            )
        if (known == np.rint(known)).all():
            column = column.astype(object)
            column[~blank] = known.astype(np.int64)
    words = column.astype(object).where(~blank, "").map(lambda entry: plain(str(entry)))
    return words.to_numpy(dtype=object), blank


def repeated(column: pd.Series) -> NDArray[np.intp]:
    """Return the rows of a frame whose id is missing, or stands in an earlier one."""
    words, blank = ids(column)
    return np.flatnonzero(blank | pd.Series(words).duplicated().to_numpy())


# A register in parts: ids are too many to be held at once, and eight bytes of each are not.


def hashed(column: pd.Series) -> tuple[NDArray[np.uint64], bool]:
    """Return a number for each id of a part, and whether any is missing.

    The number is the same for the same id, and rarely for another.
    """
    words, blank = ids(column)
    return pd.util.hash_array(words[~blank], categorize=False), bool(blank.any())


def shared(numbers: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return the numbers that stand more than once, in order."""
    every = np.concatenate([np.zeros(0, np.uint64), *numbers])
    every.sort()
    return np.unique(every[1:][every[1:] == every[:-1]])


def candidates(
    column: pd.Series, twice: NDArray[np.uint64]
) -> tuple[NDArray[np.intp], NDArray[Any], NDArray[np.intp]]:
    """Return rows and ids of a part whose number is one of several, and the rows without an id."""
    words, blank = ids(column)
    numbers = pd.util.hash_array(words, categorize=False)
    rows = np.flatnonzero(np.isin(numbers, twice) & ~blank)
    return rows, words[rows], np.flatnonzero(blank)


def later(
    parts: Sequence[tuple[NDArray[np.intp], NDArray[Any], NDArray[np.intp]]],
) -> list[NDArray[np.intp]]:
    """Return of each part the rows whose id is missing, or stands in an earlier row of any part."""
    ends = np.cumsum([len(rows) for rows, _, _ in parts])
    words = np.concatenate([np.zeros(0, object), *(words for _, words, _ in parts)])
    again = np.split(pd.Series(words, dtype=object).duplicated().to_numpy(), ends[:-1])
    return [
        np.union1d(rows[mask], blank).astype(np.intp)
        for (rows, _, blank), mask in zip(parts, again, strict=True)
    ]
