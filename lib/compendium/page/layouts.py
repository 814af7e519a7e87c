"""A printed table: how it is stored, and what in it counts as a printed number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from compendium.page.cells import Cell, by_place, near
from compendium.page.descriptors import DATES, Table
from compendium.page.files import DataError
from compendium.page.notations import ILLEGIBLE, PLAIN, Notation
from compendium.page.numerals import Number, is_number, plain_label
from rounding import NEAREST, Rule

__all__ = ["Layout", "PrintedTable", "read_table"]


class PrintedTable(pd.DataFrame):
    """A table as floats, with its keys as index and its head as columns.

    What arithmetic makes of it is a plain DataFrame with the same labels. Its printed strings, its
    intervals and its keys stay within reach.
    """

    _metadata = ("layout",)
    layout: Layout

    def like(self, values: ArrayLike) -> pd.DataFrame:
        """Return values under the labels of this table.

        Parameters
        ----------
        values : array_like
            Of this table's shape, or broadcasting to it.
        """
        filled = np.broadcast_to(np.asarray(values, dtype=float), self.shape)
        return pd.DataFrame(filled.copy(), index=self.index, columns=self.columns)

    def key(self, name: str) -> pd.Series:
        """Return a key column, one value a row."""
        if name not in self.index.names:
            raise ValueError(f"{name!r} is no key of the table; keys: {list(self.index.names)}")
        return self.index.get_level_values(name).to_series(index=self.index)

    def text(self, column: str) -> pd.Series:
        """Return a column of words, one a row."""
        if column not in self.layout.text_columns:
            raise ValueError(f"{column!r} is no text column: {self.layout.text_columns}")
        return self.layout.frame[column].set_axis(self.index)

    def closed(self, rounding: Rule = NEAREST) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell which ends of `interval` themselves round to the printed numbers."""
        steps = self.layout.numbers("step").to_numpy()
        low, high = (
            (steps <= 0.0) | rounding.agrees(end, self.to_numpy(), np.where(steps > 0, steps, 1.0))
            for end in self.interval(rounding)
        )
        for place, text, notation in self.layout.signed:
            low[place], high[place] = Number(text, rounding, notation).closed
        return low, high

    def interval(self, rounding: Rule = NEAREST) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the lowest and highest numbers that could stand behind the printed ones.

        Of one with a sign such as < or ~ before it, those that the sign allows.
        """
        steps = self.layout.numbers("step").to_numpy()
        # What is not printed, and what is exact, has no digits to have been rounded to.
        rounded = steps > 0.0
        ends = rounding.interval(self.to_numpy(), np.where(rounded, steps, 1.0))
        low, high = (self.like(np.where(rounded, end, self.to_numpy())) for end in ends)
        for place, text, notation in self.layout.signed:
            number = Number(text, rounding, notation)
            low.iloc[place], high.iloc[place] = number.low, number.high
        return low, high


@dataclass(frozen=True)
class Layout:
    """How a table is stored and what in it counts as a printed number.

    A column whose cells hold two numbers, as a range does, is several here, each named by the
    words that its place adds: "share (low)". A key that stands again has its turn behind it:
    "Jan #2".
    """

    table: Table
    notations: dict[str, Notation]
    again: dict[tuple[str, ...], str]
    frame: pd.DataFrame = field(repr=False)

    @property
    def exhibit(self) -> str:
        """The exhibit that its numbers are printed in."""
        return self.table.exhibit

    @property
    def path(self) -> Path:
        """Its file."""
        return self.table.path

    @property
    def keys(self) -> list[str]:
        """The columns that tell its rows apart."""
        return list(self.table.keys)

    @property
    def counted(self) -> list[str]:
        """The keys and the columns of words that are printed numbers themselves."""
        return list(self.table.counted)

    @property
    def head(self) -> str:
        """What the numbers in its head are, if they count."""
        return self.table.head

    @property
    def heads(self) -> list[str]:
        """The numbers in its head."""
        return [
            name
            for name in self.table.fields
            if name not in self.keys and is_number(name, self.table.head_notation)
        ]

    @cached_property
    def text_columns(self) -> list[str]:
        """The columns of words."""
        return self.table.words

    @cached_property
    def cells(self) -> dict[tuple[str, str, str], Cell]:
        """Every printed number, in reading order, by its place."""
        return by_place(self._reading_order(), self.table.where)

    @cached_property
    def by_label(self) -> dict[tuple[tuple[str, ...], str], Cell]:
        """Every place in the body of the table, blank or not, by its labels as plain text."""
        columns = [(self.plain_column(name), name, self._unit(name)) for name in self.frame.columns]
        cells = {}
        for keys, row in self._rows():
            plain, joined = self.plain(keys), " | ".join(keys)
            own_unit = self.table.row_units.get(keys[0])
            for (label, name, unit), text in zip(columns, row, strict=True):
                cells[plain, label] = self._body_cell(joined, name, text, own_unit or unit)
        return cells

    def plain(self, labels: Any) -> tuple[str, ...]:
        """Return the labels of a row as text, numbers as `plain_label` has them.

        Fewer labels than there are keys are those of the last ones.
        """
        keys = _each(labels)
        if len(keys) > len(self.keys):
            return tuple(map(plain_label, keys))
        return _plain(keys, self.key_notations[-len(keys) :])

    def plain_column(self, label: Any) -> str:
        """Return the label of a column as text, a number as `plain_label` has it."""
        return plain_label(label, self.table.head_notation)

    @cached_property
    def key_notations(self) -> list[Notation | None]:
        """The forms that each key may have; None of a date, which is no number."""
        return _key_notations(self.table)

    def cell(self, labels: Any, column: str) -> Cell:
        """Return the cell of a data column.

        Raises
        ------
        ValueError
            If there is no such row or column; the message names those that there are.
        """
        return self._row_at(self.plain(labels), [self.plain_column(column)])[0]

    def key_cell(self, name: str, labels: Any) -> Cell:
        """Return the cell of a key: printed once for each run of the keys before it."""
        prefix = _each(labels)[: self.keys.index(name) + 1]
        return Cell(
            self.exhibit,
            " | ".join(prefix),
            name,
            self.again.get(prefix, prefix[-1]),
            self.table.units[name],
            notation=self.table.notation(name),
        )

    def counted_key(self, name: str, labels: Any) -> Cell | None:
        """Return the cell of a key that is a printed number; None of any other key."""
        if name not in self.counted:
            return None
        cell = self.key_cell(name, labels)
        return cell if is_number(cell.printed, cell.notation) else None

    def head_cell(self, column: str) -> Cell:
        """Return the cell of a number in the table's head."""
        return Cell(
            self.exhibit,
            "head",
            f"{self.head} {column}",
            column,
            self.table.head_unit,
            notation=self.table.head_notation,
        )

    def numbers(self, what: str = "value") -> pd.DataFrame:
        """Return what the printed numbers say, as `Reading` names it; NaN where none is legible."""
        columns = {
            name: [
                getattr(self.notations[name].read(text), what, np.nan) for text in self.frame[name]
            ]
            for name in self.frame.columns
            if name not in self.text_columns
        }
        return pd.DataFrame(columns, index=self.frame.index, dtype=float)

    @property
    def signed(self) -> Iterator[tuple[tuple[int, int], str, Notation]]:
        """What in `numbers` has a sign before it that bears on its interval, as < or that of -0."""
        names = [name for name in self.frame.columns if name not in self.text_columns]
        for column, name in enumerate(names):
            notation = self.notations[name]
            for row, text in enumerate(self.frame[name]):
                reading = notation.read(text)
                if reading and (reading.qualifier or reading.value == 0.0):
                    yield (row, column), text, notation

    def at(self, rows: pd.Index, columns: pd.Index) -> list[list[Cell]]:
        """Return the places in the body of the table under some labels, row by row.

        Raises
        ------
        ValueError
            If there is no such row or column.
        """
        key = tuple(rows), tuple(columns)
        if key not in self._found:
            plain = [self.plain_column(name) for name in columns]
            self._found[key] = [self._row_at(self.plain(labels), plain) for labels in rows]
        return self._found[key]

    # Inner parts ---------------------------------------------------------------------------

    @cached_property
    def _found(self) -> dict[tuple[Any, Any], list[list[Cell]]]:
        """What `at` has looked up: a formula is asked for the same labels hundreds of times."""
        return {}

    def _row_at(self, label: tuple[str, ...], columns: Sequence[str]) -> list[Cell]:
        row = []
        for name in columns:
            cell = self.by_label.get((label, name))
            if cell is None:
                raise ValueError(self._not_there(label, name))
            row.append(cell)
        return row

    def _not_there(self, label: tuple[str, ...], column: str) -> str:
        """Say which of a row and a column is not there, and what is."""
        rows, columns = (list(dict.fromkeys(names)) for names in zip(*self.by_label, strict=True))
        if label not in rows:
            there = [row[0] if len(row) == 1 else row for row in rows]
            own = label[0] if len(label) == 1 else label
            return f"{self.exhibit} has no row {own!r}; there are {near(own, there)}"
        return f"{self.exhibit} has no column {column!r}; there are {near(column, columns)}"

    def _rows(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        return zip(map(_each, self.frame.index), self.frame.to_numpy(), strict=True)

    def _reading_order(self) -> Iterator[Cell]:
        if self.head:
            yield from map(self.head_cell, self.heads)
        counted = [name for name in self.keys if name in self.counted]
        printed = [
            name in self.counted or name not in self.text_columns for name in self.frame.columns
        ]
        # In the order of the page, row by row, as `by_label` has the body.
        body = iter(self.by_label.values())
        seen = set()
        for keys, row in self._rows():
            for name in counted:
                cell = self.counted_key(name, keys)
                if cell and cell.place not in seen:
                    seen.add(cell.place)
                    yield cell
            for counts, text in zip(printed, row, strict=True):
                cell = next(body)
                if text and counts:
                    yield cell

    def _unit(self, column: str) -> str:
        units = self.table.units
        return units[column] if column in units else units[column.rpartition(" (")[0]]

    def _body_cell(self, row: str, column: str, text: str, unit: str) -> Cell:
        notation = self.notations[column]
        reading = notation.read(text) if "qualified" in notation.words else None
        qualifier = reading.qualifier if reading else ""
        return Cell(self.exhibit, row, column, text, unit, qualifier, notation)


def read_table(table: Table) -> Layout:
    """Read a table, in which every number has the form that its column declares.

    Raises
    ------
    DataError
        If a cell holds none, a key stands twice undeclared, or a declaration names what is not
        there.
    """
    rows = table.read(list(table.fields))
    if not rows:
        raise DataError(f"{table.where}: has a head, but no row")
    labels, again = _labels(table, rows)
    frame: dict[str, list[str]] = {}
    notations: dict[str, Notation] = {}
    for name in table.fields:
        notation = table.notation(name)
        parts = _parts(table, name, [row[name] for row in rows], notation)
        if name not in table.keys:
            _require_new(table, frame, parts)
            frame |= parts
            notations |= dict.fromkeys(parts, notation)
    index = _index(labels, table.keys)
    return Layout(table, notations, again, pd.DataFrame(frame, index=index, dtype=object))


def _parts(
    table: Table, name: str, texts: Sequence[str], notation: Notation
) -> dict[str, list[str]]:
    """Return a column, blank where nothing is printed; each of several numbers as its own."""
    missing = table.missing_in(name)
    if name not in table.numbers:
        return {name: ["" if text in missing else text for text in texts]}
    found: list[dict[tuple[str, ...], str]] = []
    for line, text in enumerate(texts, start=2):
        numbers = {} if text in missing else notation.numbers(text)
        if numbers is None:
            raise DataError(f"{table.where}, row {line}, column {name}: {notation.refusal(text)}")
        found.append(numbers)
    used = [part for part in notation.parts if any(part in numbers for numbers in found)] or [()]
    # What is illegible altogether is every number that the others of its column are.
    whole = dict.fromkeys((part for part in used if (*part, "low") not in used), ILLEGIBLE)
    filled = [whole if numbers == {(): ILLEGIBLE} else numbers for numbers in found]
    return {
        f"{name} ({' '.join(part)})" if part else name: [own.get(part, "") for own in filled]
        for part in used
    }


def _require_new(table: Table, frame: dict[str, list[str]], parts: dict[str, list[str]]) -> None:
    """Refuse a column that has the name of another, or is the same number."""
    notation = table.head_notation
    known = {plain_label(name, notation): name for name in frame}
    for name in parts:
        if table.head:
            _require_counted(f"{table.where}, row 1, head {name}", name, notation)
        if other := known.get(plain_label(name, notation)):
            raise DataError(f"{table.where}, row 1: columns {other!r} and {name!r} are one")


def _require_counted(where: str, text: str, notation: Notation) -> None:
    """Refuse a word, which does not count, that is a number in a form not declared."""
    has_digits = any(map(str.isnumeric, text))
    if has_digits and not is_number(text, notation) and (hint := notation.hint(text)):
        raise DataError(f"{where}: {text!r} would not count as a number; {hint} would read it")


def _labels(
    table: Table, rows: Sequence[dict[str, str]]
) -> tuple[list[tuple[str, ...]], dict[tuple[str, ...], str]]:
    """Return the keys of each row, and the last key as printed of those that stand again."""
    notations = _key_notations(table)
    turns: Counter[str] = Counter()
    seen: dict[tuple[str, ...], tuple[int, str]] = {}
    labels, again = [], {}
    for line, row in enumerate(rows, start=2):
        label = tuple(row[name] for name in table.keys)
        for name in table.counted:
            if name in table.keys:
                where = f"{table.where}, row {line}, column {name}"
                _require_counted(where, row[name], table.notation(name))
        joined = " | ".join(label)
        turns[joined] += 1
        if joined in table.repeated and turns[joined] > 1:
            turned = (*label[:-1], f"{label[-1]} #{turns[joined]}")
            again[turned] = label[-1]
            label = turned
        first, other = seen.setdefault(_plain(label, notations), (line, joined))
        if first != line:
            said = "stands" if other == joined else f"is the number of key {other}"
            raise DataError(
                f"{table.where}, row {line}, column {table.keys[-1]}: key {joined} {said} "
                f"in row {first} too; where the page has it twice, declare it as repeated"
            )
        labels.append(label)
    stale = [name for name in table.repeated if turns[name] < 2]
    stale += sorted(table.row_units.keys() - {label[0] for label in labels})
    if stale:
        raise DataError(f"{table.where}: declared in repeated or rowUnits, but not so: {stale}")
    return labels, again


def _key_notations(table: Table) -> list[Notation | None]:
    dates = [name for name in table.keys if table.fields[name]["type"] in DATES]
    return [None if name in dates else table.notation(name) for name in table.keys]


def _plain(labels: Sequence[Any], notations: Sequence[Notation | None]) -> tuple[str, ...]:
    return tuple(
        label
        if notation is None and isinstance(label, str)
        else plain_label(label, notation or PLAIN)
        for label, notation in zip(labels, notations, strict=True)
    )


def _index(labels: Sequence[tuple[str, ...]], names: Sequence[str]) -> pd.Index:
    if len(names) == 1:
        return pd.Index([label for (label,) in labels], name=names[0], dtype=object)
    return pd.MultiIndex.from_frame(pd.DataFrame(labels, columns=list(names), dtype=object))


def _each(labels: Any) -> tuple[str, ...]:
    return labels if isinstance(labels, tuple) else (labels,)
