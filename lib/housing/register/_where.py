"""Where invalid entries stand in the files of a register, as an editor counts, and as written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from housing.register._columns import Naming
from housing.register._files import File, Part, open_stream, opened

__all__ = ["traced"]

#: Rows before the first household of a sheet, whose own rows are counted from 1.
HEAD_ROWS = 1


def traced(
    listed: pd.DataFrame,
    source: str,
    *,
    columns: Mapping[Any, str] | None = None,
    id: Any = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> pd.DataFrame:
    """Return invalid entries with the file, the line and the id of each, and as it is written.

    Parameters
    ----------
    listed : DataFrame
        `Assessment.problems`, whose ``row`` counts through all files.
    source, columns, id, encoding, delimiter
        As `assess` was given them.

    Returns
    -------
    DataFrame
        With ``file``; ``line``, as an editor counts those of a CSV file, from 1, and Excel its
        rows, none elsewhere; ``id``, where one is named; and the ``value`` as written.
    """
    naming = Naming.asked(columns, id)
    parts = opened(source, naming, encoding, delimiter)
    rows = {*listed["row"]}
    found: dict[int, tuple[str, int | None, Mapping[Any, Any]]] = {}
    place = 0
    for file, own in groupby(parts, key=lambda part: part.file):
        for line, entries in _rows(file, [*own]):
            if place in rows:
                found[place] = file.name, line, entries(file)
            place += 1
    known = [found[row] for row in listed["row"]]
    more: dict[str, Any] = {
        "file": [file for file, _, _ in known],
        "line": pd.array([line for _, line, _ in known], dtype="Int64"),
    }
    if id is not None:
        more["id"] = [entries[id] for _, _, entries in known]
    more["value"] = [
        entries[name] for name, (_, _, entries) in zip(listed["column"], known, strict=True)
    ]
    shown = listed.assign(**more)
    return shown[["row", *(name for name in more if name != "value"), "column", "value", "message"]]


def _rows(file: File, parts: Sequence[Part]) -> Iterator[tuple[int | None, Any]]:
    """Yield of each row its line, and what gives its entries by name."""
    if file.kind.startswith("csv"):
        yield from _lines(file)
        return
    place = HEAD_ROWS
    for part in parts:
        frame = part.read()
        for row in range(len(frame)):
            place += 1
            line = place if file.kind == "xlsx" else None
            yield line, lambda _, row=row, frame=frame: dict(frame.iloc[row])


def _lines(file: File) -> Iterator[tuple[int, Any]]:
    with open_stream(file) as stream:
        text = io.TextIOWrapper(stream, file.encoding, newline="")
        reader = csv.reader(text, delimiter=file.delimiter)
        head, before = True, 0
        for entries in reader:
            line, before = before + 1, reader.line_num
            if not entries:
                continue  # a blank line is no row
            if not head:
                yield (
                    line,
                    lambda own, entries=entries: {
                        **dict(own.folders),
                        **dict(zip(own.columns, entries, strict=True)),
                    },
                )
            head = False
