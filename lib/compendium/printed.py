"""Numbers as they stand on a page: read from the data files, with the digits that they carry.

A number is kept as the string that was printed. From it come a value, the unit of its last digit
(its *step*), and with a rounding rule the interval that it asserts.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from compendium.numerals import (
    ILLEGIBLE,
    NUMBER,
    is_number,
    last_digit,
    parse,
    plain_label,
    slack_digit,
)
from compendium.project import Project
from rounding import NEAREST, Rule

__all__ = [
    "CAUSES",
    "Cell",
    "DataError",
    "Note",
    "PrintedTable",
    "Source",
]

QUALIFIERS = ("", "about", "over", "under", "at least", "at most")
NOTE_KINDS = ("misread", "erratum", "unresolved")
TEXT_COLUMNS = ["exhibit", "item", "qualifier", "printed", "unit", "page"]
NOTE_COLUMNS = [
    "exhibit",
    "row",
    "column",
    "kind",
    "printed",
    "scan",
    "ours",
    "because",
    "cause",
    "touches",
]
#: What kind of error an erratum is: the first of these that its evidence shows.
CAUSES = {
    "unit": "The digits are right, the unit or the power of ten is not.",
    "sign": "A term is added that should be subtracted, or the other way round.",
    "base": "A percentage or ratio is that of another whole, or upside down.",
    "formula": "A rule is stated wrongly: it counts a factor twice or ends a sum too early.",
    "input": "The rule is right and a wrong number went into it that is known: another project's, "
    "an older one, an earlier slip.",
    "rounding": "The last digit is off by one, cut off or rounded twice, or a part of the number "
    "was rounded otherwise than its neighbours.",
    "statement": 'Words such as "almost every", "no less than" or "above zero" claim what the '
    "source's own numbers refute.",
    "copy": "A number that another place of the source has right is repeated wrongly, or the "
    "number of another line, column or project stands here.",
    "misprint": "One or two characters are wrong, on the page or in our scan of it, as the numbers "
    "computed from the right ones or two changed places show.",
    "arithmetic": "A result does not follow from its parts or its series, and no more is known; "
    "the weak word, also where a slip of the pen would look the same.",
    "unknown": "The number contradicts the source, and what led to it is not known.",
}
#: Arguments of `Audit.check`, beside which an item must be nameable.
RESERVED = ("exhibit", "values", "rounding", "recovered", "bounds", "key", "value", "head", "note")


class DataError(ValueError):
    """A data file that is not as its descriptor says; the message names file, row and column."""


@dataclass(frozen=True)
class Cell:
    """One printed number: where it stands and what stands there."""

    exhibit: str
    row: str
    column: str
    printed: str
    unit: str = ""
    qualifier: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells it from every other number of its source."""
        return self.exhibit, self.row, self.column

    def __str__(self) -> str:
        return ", ".join(part for part in self.place if part)

    @property
    def step(self) -> float:
        """The unit of the last digit that the page vouches for."""
        return slack_digit(self.printed) if self.qualifier == "about" else last_digit(self.printed)

    def admits(self, value: float | str, rounding: Rule) -> bool:
        """Tell whether a value could have been printed so.

        Plain numbers must be reached by the rule; "about" vouches for the digits before its round
        zeros; "over", "under", "at least" and "at most" are inequalities. Words must be equal.
        """
        if isinstance(value, str):
            return value == self.printed
        if not NUMBER.fullmatch(self.printed) or np.isnan(value):
            return False
        stated = parse(self.printed)
        noise = 1e-9 * max(abs(stated), abs(value))
        match self.qualifier:
            case "over":
                return value > stated + noise
            case "under":
                return value < stated - noise
            case "at least":
                return value >= stated - noise
            case "at most":
                return value <= stated + noise
        return bool(rounding.agrees(value, stated, self.step))


@dataclass(frozen=True)
class Note:
    """A declaration about one printed number, with its evidence.

    An erratum has a cause, one of `CAUSES`; where the source draws a conclusion from the number
    that does not hold with ours, `touches` names it.
    """

    cell: tuple[str, str, str]
    kind: str
    printed: str
    scan: str
    ours: str
    because: str
    cause: str = ""
    touches: str = ""


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

    def interval(self, rounding: Rule = NEAREST) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the lowest and highest numbers that could stand behind the printed ones."""
        numbers = self.layout.frame.drop(columns=self.layout.text_columns)
        steps = numbers.map(lambda text: last_digit(text) if text else np.nan)
        low, high = rounding.interval(self.to_numpy(), steps.fillna(1.0).to_numpy())
        return self.like(low), self.like(high)


@dataclass(frozen=True)
class Layout:
    """How a table is stored and what in it counts as a printed number."""

    exhibit: str
    path: Path
    keys: list[str]
    counted: list[str]
    head: str
    missing: tuple[str, ...]
    units: dict[str, str]
    row_units: dict[str, str]
    text_columns: list[str]
    frame: pd.DataFrame = field(repr=False)

    @cached_property
    def cells(self) -> dict[tuple[str, str, str], Cell]:
        """Every printed number, in reading order, by its place."""
        return {cell.place: cell for cell in self._reading_order()}

    @cached_property
    def by_label(self) -> dict[tuple[tuple[str, ...], str], Cell]:
        """Every place in the body of the table, blank or not, by its labels as plain text."""
        cells = {
            (tuple(map(plain_label, _each(labels))), plain_label(column)): self._body_cell(
                labels, column, str(text)
            )
            for labels, row in zip(self.frame.index, self.frame.to_numpy(), strict=True)
            for column, text in zip(self.frame.columns, row, strict=True)
        }
        if len(cells) < self.frame.size:
            raise DataError(
                f"{self.path.name}: two keys or two columns are one number, as 1 and 1.0"
            )
        return cells

    def _reading_order(self) -> Iterator[Cell]:
        if self.head:
            yield from map(self.head_cell, filter(is_number, self.frame.columns))
        seen = set()
        for labels, row in zip(self.frame.index, self.frame.to_numpy(), strict=True):
            for name in filter(self.counted.__contains__, self.keys):
                cell = self.key_cell(name, labels)
                if is_number(cell.printed) and cell.place not in seen:
                    seen.add(cell.place)
                    yield cell
            for column, text in zip(self.frame.columns, row, strict=True):
                if text and (column not in self.text_columns or column in self.counted):
                    yield self.cell(labels, column)

    def cell(self, labels: Any, column: str) -> Cell:
        """Return the cell of a data column."""
        return self.by_label[tuple(map(plain_label, _each(labels))), plain_label(column)]

    def _body_cell(self, labels: Any, column: str, text: str) -> Cell:
        keys = _each(labels)
        unit = self.row_units.get(keys[0], self.units[column])
        return Cell(self.exhibit, " | ".join(keys), column, text, unit)

    def key_cell(self, name: str, labels: Any) -> Cell:
        """Return the cell of a key: printed once for each run of the keys before it."""
        prefix = _each(labels)[: self.keys.index(name) + 1]
        return Cell(self.exhibit, " | ".join(prefix), name, prefix[-1], self.units[name])

    def head_cell(self, column: str) -> Cell:
        """Return the cell of a number in the table's head."""
        return Cell(
            self.exhibit, "head", f"{self.head} {column}", column, self.units.get("head", "")
        )


def _each(labels: Any) -> tuple[str, ...]:
    return labels if isinstance(labels, tuple) else (labels,)


class Source:
    """One source's data files, read and checked.

    Parameters
    ----------
    slug : str
        The source's short name: its folder under `data`.
    project : Project, optional
        The checkout to read.
    """

    def __init__(self, slug: str, project: Project | None = None) -> None:
        self.slug = slug
        self.project = project or Project()
        described = json.loads((self.project.data / "datapackage.json").read_text("utf8"))
        self._resources = {
            resource["id"]: resource
            for resource in described["resources"]
            if resource.get("source") == slug and "id" in resource
        }
        if not (self.project.data / slug).is_dir():
            raise ValueError(f"no source {slug!r} in {self.project.data.name}/")
        self.layouts = {id_: self._layout(resource) for id_, resource in self._resources.items()}
        self.text = self._text()
        self.cells = {
            place: cell
            for part in (*(layout.cells for layout in self.layouts.values()), self.text)
            for place, cell in part.items()
        }
        self.notes = self._notes()

    def layout(self, table: str) -> Layout | None:
        """Return a table's layout, or None where the name is no table's."""
        return self.layouts.get(table)

    def table(self, table: str) -> PrintedTable:
        """Return a table as floats.

        Parameters
        ----------
        table : str
            The exhibit without "Table": ``"5.3"``, ``"Annex 2.3"``.
        """
        layout = self.layouts.get(table)
        if layout is None:
            raise ValueError(f"no table {table!r} in {self.slug}; there are {[*self.layouts]}")
        values = layout.frame.drop(columns=layout.text_columns).map(
            lambda text: parse(text) if text and text != ILLEGIBLE else np.nan
        )
        values.index = _typed_index(layout.frame.index)
        if layout.head:
            values.columns = pd.Index([_as_number(name) for name in values.columns])
        result = PrintedTable(values.astype(float))
        result.layout = layout
        return result

    def exhibit(self, name: str) -> dict[str, Cell]:
        """Return the numbers of an exhibit of the running text, by item."""
        found = {cell.row: cell for cell in self.text.values() if cell.exhibit == name}
        if not found:
            raise ValueError(f"nothing printed in {name!r} of {self.slug}: no table, no text")
        return found

    def _layout(self, resource: dict[str, Any]) -> Layout:
        path = self.project.data / resource["path"]
        fields = {entry["name"]: entry for entry in resource["schema"]["fields"]}
        keys = list(resource["schema"].get("primaryKey", []))
        # Other readers of the package take an illegible number for a missing one; here it counts.
        declared = resource["schema"].get("missingValues", [""])
        missing = tuple(text for text in declared if text != ILLEGIBLE)
        rows = _read_csv(path, list(fields))
        for line, row in enumerate(rows, start=2):
            for name, text in row.items():
                numeric = fields[name]["type"] in ("number", "integer")
                if numeric and text not in (*missing, ILLEGIBLE):
                    _require_number(path, line, name, text)
        _require_unique(path, rows, keys)
        frame = pd.DataFrame(rows, columns=list(fields), dtype=object)
        frame = frame.set_index(keys) if keys else frame
        return Layout(
            exhibit=resource["exhibit"],
            path=path,
            keys=keys,
            counted=resource.get("counted", []),
            head=resource.get("head", ""),
            missing=missing,
            units={name: entry.get("unit", "") for name, entry in fields.items()}
            | {"head": resource.get("headUnit", "")},
            row_units=resource.get("rowUnits", {}),
            text_columns=[
                name
                for name, entry in fields.items()
                if entry["type"] == "string" and name not in keys
            ],
            frame=frame.map(lambda text: "" if text in missing else text),
        )

    def _text(self) -> dict[tuple[str, str, str], Cell]:
        path = self.project.data / self.slug / "text.csv"
        if not path.exists():
            return {}
        rows = _read_csv(path, TEXT_COLUMNS)
        _require_unique(path, rows, ["exhibit", "item"])
        cells = {}
        for line, row in enumerate(rows, start=2):
            if row["printed"] != ILLEGIBLE:
                _require_number(path, line, "printed", row["printed"])
            if row["qualifier"] not in QUALIFIERS:
                raise DataError(
                    f"{path.name}, row {line}, column qualifier: {row['qualifier']!r} is none of "
                    f"{', '.join(QUALIFIERS[1:])}"
                )
            if not row["item"].isidentifier() or row["item"] in RESERVED:
                raise DataError(
                    f"{path.name}, row {line}, column item: {row['item']!r} must be a plain name "
                    f"and none of {', '.join(RESERVED)}"
                )
            cell = Cell(
                row["exhibit"], row["item"], "", row["printed"], row["unit"], row["qualifier"]
            )
            cells[cell.place] = cell
        return cells

    def _notes(self) -> dict[tuple[str, str, str], list[Note]]:
        path = self.project.data / self.slug / "notes.csv"
        notes: dict[tuple[str, str, str], list[Note]] = {}
        if not path.exists():
            return notes
        rows = _read_csv(path, NOTE_COLUMNS)
        _require_unique(path, rows, ["exhibit", "row", "column", "kind"])
        for line, row in enumerate(rows, start=2):
            note = Note(
                (row["exhibit"], row["row"], row["column"]),
                *(row[name] for name in NOTE_COLUMNS[3:]),
            )
            self._require_sound(f"{path.name}, row {line}", note)
            notes.setdefault(note.cell, []).append(note)
        return notes

    def _require_sound(self, where: str, note: Note) -> None:
        place = ", ".join(part for part in note.cell if part)
        if note.kind not in NOTE_KINDS:
            raise DataError(f"{where}, column kind: {note.kind!r} is none of {NOTE_KINDS}")
        if note.cell not in self.cells:
            raise DataError(f"{where}: nothing is printed at {place}")
        if note.printed != self.cells[note.cell].printed:
            raise DataError(
                f"{where}, column printed: {note.printed!r}, but at {place} stands "
                f"{self.cells[note.cell].printed!r}"
            )
        if not note.because:
            raise DataError(f"{where}, column because: a declaration needs its evidence")
        if note.kind == "misread" and note.scan in ("", note.printed):
            raise DataError(f"{where}, column scan: must be what the scan reads instead")
        if note.kind == "erratum" and not note.ours:
            raise DataError(f"{where}, column ours: an erratum needs our value")
        if note.ours and not NUMBER.fullmatch(note.ours):
            raise DataError(f"{where}, column ours: {note.ours!r} is not a number")
        if note.kind == "erratum" and note.cause not in CAUSES:
            raise DataError(
                f"{where}, column cause: {note.cause!r} at {place} is none of {', '.join(CAUSES)}"
            )
        for name in ("cause", "touches"):
            if note.kind != "erratum" and getattr(note, name):
                raise DataError(f"{where}, column {name}: {place} is {note.kind}, no erratum")


def _read_csv(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV file whose head must be the given columns."""
    with path.open(encoding="utf8", newline="") as file:
        reader = csv.reader(file)
        head = next(reader, [])
        for position, (name, wanted) in enumerate(zip(head, columns, strict=False), start=1):
            if name != wanted:
                raise DataError(f"{path.name}, row 1, column {position}: {name!r}, not {wanted!r}")
        if len(head) != len(columns):
            odd = [*head[len(columns) :], *columns[len(head) :]]
            word = "stray" if len(head) > len(columns) else "missing"
            raise DataError(f"{path.name}, row 1: {word} column {', '.join(odd)}")
        rows = []
        for line, row in enumerate(reader, start=2):
            if len(row) != len(head):
                column = head[len(row)] if len(row) < len(head) else f"after {head[-1]}"
                raise DataError(
                    f"{path.name}, row {line}, column {column}: "
                    f"ragged row of {len(row)} for {len(head)} columns"
                )
            rows.append(dict(zip(head, row, strict=True)))
    return rows


def _require_number(path: Path, line: int, column: str, text: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        raise DataError(f"{path.name}, row {line}, column {column}: {error}") from None


def _require_unique(path: Path, rows: list[dict[str, str]], keys: Sequence[str]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        key = tuple(row[name] for name in keys)
        if keys and key in seen:
            raise DataError(
                f"{path.name}, row {line}, column {keys[-1]}: "
                f"key {' | '.join(key)} stands in row {seen[key]} too"
            )
        seen[key] = line


def _as_number(text: str) -> float | int | str:
    try:
        value = parse(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _typed_index(index: pd.Index) -> pd.Index:
    """Return the keys as numbers where every one of a level is a number."""
    levels = [
        [_as_number(text) for text in index.get_level_values(level)]
        for level in range(index.nlevels)
    ]
    typed = [
        level if not any(isinstance(value, str) for value in level) else list(map(str, level))
        for level in levels
    ]
    if index.nlevels == 1:
        return pd.Index(typed[0], name=index.names[0])
    return pd.MultiIndex.from_arrays(typed, names=index.names)
