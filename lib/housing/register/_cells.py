"""What may be shown of groups: no cell that counts fewer than five rows, and none that tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import Floats
from housing.policy import folded

__all__ = ["FEW", "NOTE", "group_label", "grouped", "hidden", "spellings", "told", "without_few"]

#: Counts below it are not told, where they may tell of persons.
FEW = 5
NOTE = (
    "Cells that one to four rows of the register stand behind are left empty, and so is the next "
    "smallest one where a total would give them away."
)


def hidden(rows: Floats) -> NDArray[np.bool_]:
    """Tell which of the counts that make a total may not be shown.

    Those from one to four; and where these are a single one, or come to less than five, so that
    the total gives them away, the smallest of the others until they do not.

    Parameters
    ----------
    rows : ndarray
        Rows of each group.

    Examples
    --------
    >>> hidden(np.array([3, 0, 40, 20]))
    array([ True, False, False,  True])
    """
    hide = (rows > 0) & (rows < FEW)
    if not hide.any():
        return hide
    for place in np.argsort(rows, kind="stable"):
        if hide.sum() > 1 and rows[hide].sum() >= FEW:
            break
        if rows[place] >= FEW:
            hide[place] = True
    return hide


def told(counts: pd.Series) -> pd.Series:
    """Return counts with NaN for those that may not be shown."""
    return counts.mask(hidden(counts.to_numpy()))


def without_few(
    table: pd.DataFrame, rows: Mapping[Any, Floats], groups: Floats | None = None
) -> pd.DataFrame:
    """Return a table with NaN where too few rows stand behind a cell, or a group.

    Parameters
    ----------
    table : DataFrame
        One row a group.
    rows : mapping
        Of each column, how many rows of the register stand behind its cells.
    groups : ndarray, optional
        How many each group has.

    Returns
    -------
    DataFrame
        Its attribute ``cut`` tells whether a cell is hidden.
    """
    none = np.zeros(len(table), bool) if groups is None else hidden(groups)
    masks = {name: hidden(count) | none for name, count in rows.items()}
    shown = pd.DataFrame({name: table[name].astype(float).mask(masks[name]) for name in rows})
    shown.index, shown.columns = table.index, table.columns
    shown.attrs["cut"] = any(mask.any() for mask in masks.values())
    return shown


def group_label(entry: object) -> str:
    """Return what a group is called: a whole number without a point, a blank as missing."""
    if entry is None or entry is pd.NA or entry is pd.NaT or entry != entry:
        return "missing"
    if isinstance(entry, float | np.floating) and float(entry).is_integer():
        return str(int(entry))
    return str(entry).strip() or "missing"


def spellings(rows: pd.Series) -> pd.Series:
    """Return what the group of each label is called: as most of its rows have it.

    Parameters
    ----------
    rows : Series
        How many there are of each label. Labels that differ by case or width are of one group.

    Examples
    --------
    >>> spellings(pd.Series({"EAST": 2, "East": 30, "west": 1})).tolist()
    ['East', 'East', 'west']
    """
    alike = [folded(label) for label in rows.index]
    most = rows.groupby(alike).idxmax() if len(rows) else pd.Series(dtype=object)
    return pd.Series([most[word] for word in alike], rows.index, dtype=object)


def grouped(column: pd.Series) -> Any:
    """Return a column as a Categorical of groups, each different entry looked at once."""
    try:
        codes, entries = pd.factorize(column.astype(object), use_na_sentinel=False)
    except TypeError as error:
        raise ValueError(f"by: {column.name} has entries that are no words: {error}") from None
    labels, places = np.unique([group_label(entry) for entry in entries], return_inverse=True)
    kind = pd.CategoricalDtype(labels.tolist())
    return pd.Categorical.from_codes(places[codes], dtype=kind)
