"""Numbers as they stand on a page: read from the data files, with the digits that they carry.

A number is kept as the string that was printed. From it come a value, the unit of its last digit
(its *step*), and with a rounding rule the interval that it asserts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from compendium.page.cells import Cell, by_place, near, place_name
from compendium.page.descriptors import File, described
from compendium.page.files import DataError
from compendium.page.layouts import Layout, PrintedTable, read_table
from compendium.page.notations import PLAIN, Notation
from compendium.page.notes import CAUSES, NOTE_COLUMNS, NOTE_KINDS, READINGS, Note
from compendium.page.numerals import plain_label
from compendium.project import Project

__all__ = [
    "Cell",
    "DataError",
    "Layout",
    "Note",
    "PrintedTable",
    "Source",
]

QUALIFIERS = ("", "about", "over", "under", "at least", "at most")
TEXT_COLUMNS = ["exhibit", "item", "qualifier", "printed", "unit", "page"]
#: Arguments of `Audit.check`, beside which an item must be nameable.
RESERVED = ("exhibit", "values", "rounding", "recovered", "bounds", "key", "value", "head", "note")


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
        if not (self.project.data / slug).is_dir():
            raise ValueError(f"no source {slug!r} in {self.project.data.name}/")
        self._files, tables = described(self.project, slug)
        self.layouts = {id_: read_table(table) for id_, table in tables.items()}
        self.text = self._text()
        printed = (cell for layout in self.layouts.values() for cell in layout.cells.values())
        self.cells = by_place((*printed, *self.text.values()), f"data/{slug}")
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
        values = layout.numbers()
        values.index = _typed_index(layout)
        if layout.head:
            notation = layout.table.head_notation
            values.columns = pd.Index([_as_number(name, notation) for name in values.columns])
        result = PrintedTable(values)
        result.layout = layout
        return result

    def exhibit(self, name: str) -> dict[str, Cell]:
        """Return the numbers of an exhibit of the running text, by item."""
        if name not in self._exhibits:
            raise ValueError(f"nothing printed in {name!r} of {self.slug}: no table, no text")
        return self._exhibits[name]

    def nothing_at(self, place: tuple[str, str, str]) -> str:
        """Say that nothing is printed at a place, and where something is."""
        said = f"nothing is printed at {place_name(place)}"
        exhibit, *_ = place
        if exhibit in self._exhibits:
            # Exhibit alone: each of its items has its name as row, and a blank column.
            return (
                f"{said}; of the running text, row is the item and column is blank; the items of "
                f"{exhibit} are {near(place[1] or place[2], [*self._exhibits[exhibit]])}"
            )
        own = [cell.place[1:] for cell in self.cells.values() if cell.exhibit == exhibit]
        if own:
            return f"{said}; row, column of {exhibit} are {near(place[1:], own)}"
        exhibits = dict.fromkeys(cell.exhibit for cell in self.cells.values())
        return f"{said}; exhibits are {near(exhibit, [*exhibits])}"

    def beside(self, name: str) -> File:
        """Return a file of the source that is read whether it is described or not."""
        path = f"{self.slug}/{name}"
        return self._files.get(path) or File(self.project.data / path, f"data/{path}")

    @cached_property
    def _exhibits(self) -> dict[str, dict[str, Cell]]:
        found: dict[str, dict[str, Cell]] = {}
        for cell in self.text.values():
            found.setdefault(cell.exhibit, {})[cell.row] = cell
        return found

    def _text(self) -> dict[tuple[str, str, str], Cell]:
        file = self.beside("text.csv")
        if not file.path.exists():
            return {}
        rows = file.read(TEXT_COLUMNS, optional=["notation"])
        _require_unique(file.where, rows, ["exhibit", "item"])
        plain = file.notation("printed")
        cells = (
            cell
            for line, row in enumerate(rows, start=2)
            for cell in _text_cells(f"{file.where}, row {line}", row, plain)
        )
        return by_place(cells, file.where)

    def _notes(self) -> dict[tuple[str, str, str], list[Note]]:
        file = self.beside("notes.csv")
        notes: dict[tuple[str, str, str], list[Note]] = {}
        if not file.path.exists():
            return notes
        rows = file.read(NOTE_COLUMNS)
        _require_unique(file.where, rows, ["exhibit", "row", "column", "kind"])
        for line, row in enumerate(rows, start=2):
            note = Note(
                (row["exhibit"], row["row"], row["column"]),
                *(row[name] for name in NOTE_COLUMNS[3:]),
            )
            self._require_sound(f"{file.where}, row {line}", note)
            notes.setdefault(note.cell, []).append(note)
        return notes

    def _require_sound(self, where: str, note: Note) -> None:
        place = ", ".join(part for part in note.cell if part)
        if note.kind not in NOTE_KINDS:
            raise DataError(f"{where}, column kind: {note.kind!r} is none of {NOTE_KINDS}")
        if note.cell not in self.cells:
            raise DataError(f"{where}: {self.nothing_at(note.cell)}")
        if note.printed != self.cells[note.cell].printed:
            raise DataError(
                f"{where}, column printed: {note.printed!r}, but at {place} stands "
                f"{self.cells[note.cell].printed!r}"
            )
        if not note.because:
            raise DataError(f"{where}, column because: a declaration needs its evidence")
        if note.kind == "misread" and note.scan in ("", note.printed):
            raise DataError(f"{where}, column scan: must be what the scan reads instead")
        if note.kind == "doubtful":
            self._require_readings(where, note)
        if note.kind == "erratum" and not note.ours:
            raise DataError(f"{where}, column ours: an erratum needs our value")
        if note.ours and PLAIN.read(note.ours) is None:
            raise DataError(f"{where}, column ours: {note.ours!r} is not a number")
        if note.kind == "erratum" and note.cause not in CAUSES:
            raise DataError(
                f"{where}, column cause: {note.cause!r} at {place} is none of {', '.join(CAUSES)}"
            )
        for name in ("cause", "touches"):
            if note.kind != "erratum" and getattr(note, name):
                raise DataError(f"{where}, column {name}: {place} is {note.kind}, no erratum")

    def _require_readings(self, where: str, note: Note) -> None:
        """Refuse a doubtful number whose other readings are none, the same, or no numbers."""
        notation, known = self.cells[note.cell].notation, {note.printed}
        for reading in note.scan.split(READINGS):
            if reading in known or notation.read(reading) is None:
                raise DataError(
                    f"{where}, column scan: must be other readings of {note.printed!r}, each a "
                    f"number and once, with {READINGS} in between, got {reading!r}"
                )
            known.add(reading)
        if note.ours:
            raise DataError(f"{where}, column ours: a doubtful number has readings, no {note.ours}")


def _text_cells(where: str, row: dict[str, str], plain: Notation) -> Iterator[Cell]:
    """Yield the numbers of a row of running text: of several, each is an item of its own."""
    if row["qualifier"] not in QUALIFIERS:
        raise DataError(
            f"{where}, column qualifier: {row['qualifier']!r} is none of "
            f"{', '.join(QUALIFIERS[1:])}"
        )
    try:
        notation = plain.and_of(row.get("notation", ""))
    except ValueError as error:
        raise DataError(f"{where}, column notation: {error}") from None
    numbers = notation.numbers(row["printed"])
    if numbers is None:
        raise DataError(f"{where}, column printed: {notation.refusal(row['printed'])}")
    for part, printed in numbers.items():
        item = "_".join((row["item"], *part))
        if not item.isidentifier() or item in RESERVED:
            raise DataError(
                f"{where}, column item: {item!r} must be a plain name (letters, digits and _, "
                f"no digit first) and none of {', '.join(RESERVED)}"
            )
        reading = notation.read(printed)
        sign = reading.qualifier if reading else ""
        if sign and row["qualifier"]:
            raise DataError(f"{where}, column qualifier: {printed!r} says it already")
        qualifier = sign or row["qualifier"]
        yield Cell(row["exhibit"], item, "", printed, row["unit"], qualifier, notation)


def _require_unique(where: str, rows: list[dict[str, str]], keys: Sequence[str]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        key = tuple(row[name] for name in keys)
        if key in seen:
            raise DataError(
                f"{where}, row {line}, column {keys[-1]}: "
                f"key {' | '.join(key)} stands in row {seen[key]} too"
            )
        seen[key] = line


def _as_number(text: str, notation: Notation) -> float | int | str:
    """Return a label as a number, unless it is a word or has more digits than a float."""
    reading = notation.read(text)
    if reading is None:
        return text
    if reading.exact is not None and reading.exact == reading.exact.to_integral_value():
        return int(reading.exact)
    return reading.value if plain_label(reading.value) == plain_label(text, notation) else text


def _typed_index(layout: Layout) -> pd.Index:
    """Return the keys as numbers where every one of a level is a number, or as plain labels."""
    index = layout.frame.index
    levels = [
        _typed(list(index.get_level_values(name)), notation)
        for name, notation in zip(layout.keys, layout.key_notations, strict=True)
    ]
    if len(levels) > 1:
        return pd.MultiIndex.from_arrays(levels, names=layout.keys)
    single: pd.Index = pd.Index(levels[0], name=layout.keys[0])
    return single


def _typed(texts: list[str], notation: Notation | None) -> list[Any]:
    if notation is None:
        return texts
    numbers = [_as_number(text, notation) for text in texts]
    if any(isinstance(number, str) for number in numbers):
        return [plain_label(text, notation) for text in texts]
    return numbers
