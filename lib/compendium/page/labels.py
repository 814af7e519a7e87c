"""Which printed numbers of a table a caller means: by its labels, its head or its keys."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from compendium.page.printed import Cell, Layout

__all__ = ["as_number", "head_cells", "headed", "key_cells", "keyed", "labelled"]


def labelled(layout: Layout, part: Any) -> Iterator[tuple[Cell, Any]]:
    """Pair each printed number of a part of a table with the value under its labels."""
    frame = part.to_frame() if isinstance(part, pd.Series) else part
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"values of a table must be a DataFrame or Series, got {type(part)}")
    words = layout.text_columns
    values = frame.to_numpy()
    # What is kept as plain numbers need not be asked one by one; a formula is tried many times.
    plain = values.dtype.kind in "iuf" and not set(words).intersection(frame.columns)
    rows: Any = values.astype(float).tolist() if plain else values
    for cells, row in zip(layout.at(frame.index, frame.columns), rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if cell.printed:
                yield cell, value if plain or cell.column in words else as_number(cell, value)


def as_number(cell: Cell, value: Any) -> float:
    """Return what was recomputed for a printed number as a float; refuse what is no number.

    A string could be the printed one, and true or false pass for 1 or 0.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | Decimal):
        raise ValueError(f"{cell}: what is recomputed must be a number, got {value!r}")
    return float(value)


def head_cells(layout: Layout) -> Iterator[Cell]:
    """Return the numbers in a table's head."""
    if not layout.head:
        raise ValueError(f"{layout.exhibit} has no numbers in its head")
    return map(layout.head_cell, layout.heads)


def headed(layout: Layout, numbers: Any) -> list[tuple[Cell, Any]]:
    """Pair the numbers in a table's head with recomputed ones, in their order."""
    cells, numbers = list(head_cells(layout)), list(numbers)
    if len(numbers) != len(cells):
        raise ValueError(f"head of {layout.exhibit} has {len(cells)} numbers, got {len(numbers)}")
    return [(cell, as_number(cell, value)) for cell, value in zip(cells, numbers, strict=True)]


def key_cells(layout: Layout, name: str) -> list[Cell]:
    """Return the numbers of a key column, each once."""
    if name not in layout.counted:
        raise ValueError(f"{name!r} is no counted key of {layout.exhibit}: {layout.counted}")
    cells = dict.fromkeys(layout.counted_key(name, labels) for labels in layout.frame.index)
    return [cell for cell in cells if cell]


def keyed(layout: Layout, name: str, value: Any) -> list[tuple[Cell, Any]]:
    """Pair a key column with its recomputed numbers, which must not differ within a run."""
    counted = key_cells(layout, name)
    numbers = np.broadcast_to(np.asarray(value, dtype=float), len(layout.frame))
    pairs: dict[Cell, float] = {}
    for labels, number in zip(layout.frame.index, numbers, strict=True):
        cell = layout.key_cell(name, labels)
        if cell in counted and pairs.setdefault(cell, float(number)) != number:
            raise ValueError(f"{cell}: one printed key, but several recomputed numbers")
    return list(pairs.items())
