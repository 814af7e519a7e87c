"""Which printed numbers of a table a caller means: by its labels, its head or its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from compendium.page.printed import Cell, Layout

__all__ = ["head_cells", "key_cells", "keyed", "labelled"]


def labelled(layout: Layout, part: Any) -> Iterator[tuple[Cell, Any]]:
    """Pair each printed number of a part of a table with the value under its labels."""
    frame = part.to_frame() if isinstance(part, pd.Series) else part
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"values of a table must be a DataFrame or Series, got {type(part)}")
    columns = [layout.plain_column(name) for name in frame.columns]
    for labels, row in zip(frame.index, frame.to_numpy(), strict=True):
        label = layout.plain(labels)
        for name, value in zip(columns, row, strict=True):
            cell = layout.by_label.get((label, name))
            if cell is None:
                raise ValueError(f"{layout.exhibit} has no row {label} or no column {name!r}")
            if cell.printed:
                yield cell, value if isinstance(value, str) else float(value)


def head_cells(layout: Layout) -> Iterator[Cell]:
    """Return the numbers in a table's head."""
    if not layout.head:
        raise ValueError(f"{layout.exhibit} has no numbers in its head")
    return map(layout.head_cell, layout.heads)


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
