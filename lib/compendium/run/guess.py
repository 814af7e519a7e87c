"""Descriptors guessed from CSV files: types, keys, forms of numbers, for a person to check."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import Any

from compendium.page.files import DELIMITERS, DataError, read_text
from compendium.page.notations import CUSTOMS, FORMS, ILLEGIBLE, MINUS, PLAIN, Notation
from compendium.page.notes import CAUSES
from compendium.page.stated import KINDS

__all__ = ["NO_KEYS", "Guess", "described", "guess", "head", "with_notations"]

#: A doubt that is about no one column.
NO_KEYS = "no columns tell the rows apart: name the keys, or see repeated"
#: What a page prints, or a person types, where nothing is.
MISSING = ("-", "–", "—", "..", "...", "n.a.", "n/a", "na", "NA", "N/A")
#: What makes a cell words, though it has digits.
LETTER = re.compile(r"[^\W\d_]")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
#: Files of a source that are no tables, and what each column of theirs is.
TITLES = {
    "text": {
        "exhibit": "Where it is printed",
        "item": "Our name for it",
        "qualifier": "about, over, under, at least or at most: it sets the test",
        "printed": "As printed, words as digits",
        "unit": "Unit",
        "page": "Page",
    },
    "notes": {
        "exhibit": "Exhibit",
        "row": "Row",
        "column": "Column",
        "kind": "misread, doubtful, erratum or unresolved",
        "printed": "The string on the page",
        "scan": "What our text reads instead, of a misread; what else may be printed, if doubtful",
        "ours": "Our value, for an erratum",
        "because": "The evidence",
        "cause": "Kind of error, for an erratum",
        "touches": "The conclusion that falls with an erratum, if one does",
    },
    "equations": {
        "equation": "As the tags call it: its number, or where it stands",
        "place": "Section, paragraph or page",
        "says": "What it says, shortly",
        "not_computed": "Why no function computes it; blank where one does",
    },
    "map": {
        "section": "Heading in the notebook",
        "exhibits": "What of the source it is about",
    },
    "conclusions": {
        "id": "What the audit calls it",
        "place": "Where the source draws it",
        "claim": "What it says, in our words",
        "kind": "arithmetic, comparison or recommendation",
        "tested_by": "What is computed to test it; or not testable: and why",
    },
    "identities": {
        "table": "Its id",
        "across": "columns or rows: among what it holds",
        "identity": "What is computed and how",
        "only": "Where alone it holds; blank is everywhere",
        "rounding": "nearest (or blank), up, down, half_even, half_down, either or two_steps",
        "because": "Why it should hold",
    },
    "attacks": {
        "exhibit": "Exhibit",
        "row": "Row",
        "column": "Column",
        "attack": "two_steps, neighbour, readings, elsewhere or opposite",
        "rival": "The best value or reading that the attack found",
        "agrees": "yes, no or n/a: whether it makes the printed number",
        "because": "What was tried, or why nothing could be; a machine's begins with computed",
    },
    "uncounted": {
        "text": "SHA-256 of the text that was read",
        "page": "Page, as the rows of the source count them; blank where the text has none",
        "class": "What the strings are; printed for those that rows account for",
        "strings": "How many digit strings and number words",
    },
}
#: Columns that may stand behind the others.
OPTIONAL = {
    "identities": {"slack": "By how many last digits rounding may have moved it; blank is 0"},
}
KEYS = {
    "text": ["exhibit", "item"],
    "notes": ["exhibit", "row", "column", "kind"],
    "equations": ["equation"],
    "conclusions": ["id"],
    "map": ["section"],
    "identities": ["table", "across", "identity", "only"],
    "attacks": ["exhibit", "row", "column", "attack"],
    "uncounted": ["page", "class"],
}


@dataclass(frozen=True)
class Guess:
    """A descriptor, and what a person should look at in it."""

    resource: dict[str, Any]
    doubts: list[str] = field(default_factory=list)

    def doubts_of(self, column: str) -> list[str]:
        """Return what a person should look at in a column."""
        return [doubt for doubt in self.doubts if doubt.startswith(f"column {column}: ")]


def described(slug: str, name: str, head: Sequence[str] = ()) -> dict[str, Any]:
    """Return the descriptor of a source's file that is no table: text, notes and others.

    Columns that may stand behind the others are in it if they are in the head.

    Examples
    --------
    >>> described("toy", "text")["schema"]["primaryKey"]
    ['exhibit', 'item']
    """
    behind = {column: t for column, t in OPTIONAL.get(name, {}).items() if column in head}
    fields: list[dict[str, Any]] = [
        {"name": column, "type": "string", "title": title, "unit": ""}
        for column, title in (TITLES[name] | behind).items()
    ]
    if name == "notes":
        fields[8] |= {"constraints": {"enum": list(CAUSES)}}
    if name == "uncounted":
        fields[3] |= {"type": "integer"}
    if name == "conclusions":
        fields[3] |= {"constraints": {"enum": list(KINDS)}}
    if name == "text":
        fields[3] |= {"type": "number", "groupChar": ",", "bareNumber": False}
    missing = ["", ILLEGIBLE] if name == "text" else [""]
    return _resource(slug, f"{name}.csv", fields, KEYS[name], missing)


def with_notations(resource: dict[str, Any]) -> bool:
    """Let each number of a running text have a notation; tell whether that is new.

    Other readers of the package do not know the notations: to them the numbers are words.
    """
    fields = resource["schema"]["fields"]
    if any(entry["name"] == "notation" for entry in fields):
        return False
    title = "The forms that the number has beside a plain one"
    fields.append({"name": "notation", "type": "string", "title": title, "unit": ""})
    for entry in fields:
        if entry["name"] == "printed":
            entry["type"] = "string"
            entry.pop("bareNumber", None)
    return True


def head(path: Path, slug: str, encoding: str = "utf8") -> tuple[str, list[str]]:
    """Return what stands between a file's cells, and the names of its columns."""
    text = read_text(path, f"data/{slug}/{path.name}", encoding)
    first = text.splitlines()[0]
    delimiter = max(DELIMITERS, key=lambda mark: (first.count(mark), mark == ","))
    return delimiter, next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def guess(path: Path, slug: str, name: str = "", encoding: str = "utf8") -> Guess:
    """Guess the descriptor of a table.

    Parameters
    ----------
    path : Path
        Its file.
    slug : str
        Its source.
    name : str, optional
        Its path in the folder of the source, where that is not its name.
    encoding : str, optional
        How its letters are stored.

    Returns
    -------
    Guess
        A column is of numbers if every cell is one in the fewest forms that can be declared, and
        else of words. The keys are the first columns that tell the rows apart.

    Raises
    ------
    DataError
        If the file is empty, or its rows have not as many cells as its head.
    """
    where = f"data/{slug}/{path.name}"
    delimiter, head, rows = _read(path, where, slug, encoding)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(head)}
    missing = sorted({cell for row in rows for cell in row if cell in MISSING})
    doubts: list[str] = []
    fields = [_field(name, cells, doubts) for name, cells in columns.items()]
    keys = _keys(columns)
    if keys is None:
        doubts.append(NO_KEYS)
        keys = head[:1]
    # A key that is a range is a name: only in the body of a table is it two numbers.
    for entry in fields:
        if entry["name"] in keys[1:] and _word(entry) is not entry:
            doubts.append(
                f"column {entry['name']}: words, so that no number in it counts, for only it tells "
                f"rows of one {keys[0]} apart; if it is of numbers, say which rows are repeated"
            )
    fields = [_word(entry) if entry["name"] in keys else entry for entry in fields]
    resource = _resource(slug, name or path.name, fields, keys, ["", *missing, ILLEGIBLE])
    if delimiter != ",":
        resource["dialect"] = {"delimiter": delimiter}
    return Guess(_named(resource, path.stem), doubts)


def _resource(
    slug: str,
    name: str,
    fields: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    missing: Sequence[str],
) -> dict[str, Any]:
    return {
        "name": f"{slug}-{PurePosixPath(name).with_suffix('')}".replace("_", "-").replace("/", "-"),
        "path": f"{slug}/{name}",
        "title": "",
        "profile": "tabular-data-resource",
        "source": slug,
        "schema": {
            "fields": list(fields),
            "primaryKey": list(keys),
            "missingValues": list(missing),
        },
    }


def _named(resource: dict[str, Any], stem: str) -> dict[str, Any]:
    """Add what the audit calls a table, from the name of its file: table_5_3 is Table 5.3."""
    schema = resource.pop("schema")
    found = re.fullmatch(r"(?i)table_(.+)", stem)
    number = found[1].replace("_", ".") if found else ""
    resource["id"] = number or stem.replace("_", " ")
    words = stem.replace("_", " ")
    resource["exhibit"] = f"Table {number}" if number else words[:1].upper() + words[1:]
    resource["page"] = ""
    return {**resource, "schema": schema}


def _read(
    path: Path, where: str, slug: str, encoding: str
) -> tuple[str, list[str], list[list[str]]]:
    """Return what stands between the cells, the head and the rows."""
    delimiter, names = head(path, slug, encoding)
    if len(set(names)) < len(names) or not all(name.strip() for name in names) or not names:
        raise DataError(f"{where}, row 1: every column must have a name of its own, got {names}")
    text = io.StringIO(read_text(path, where, encoding), newline="")
    rows = []
    try:
        for line, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if any(cell.strip() for cell in row):
                rows.append(row)
                if len(row) != len(names):
                    raise DataError(
                        f"{where}, row {line}: {len(row)} cells, but {len(names)} columns in the "
                        "head"
                    )
    except csv.Error as error:
        raise DataError(f"{where}, after row {line}: {error}; is a quotation mark lost?") from None
    if not rows[1:]:
        raise DataError(f"{where}: has a head, but no row")
    return delimiter, names, rows[1:]


def _field(name: str, cells: Sequence[str], doubts: list[str]) -> dict[str, Any]:
    """Return a column's descriptor; what could be meant as a column of numbers is a doubt.

    Numbers of a form that other readers of the package do not know are words to them.
    """
    said = [cell for cell in cells if cell and cell not in (*MISSING, ILLEGIBLE)]
    entry: dict[str, Any] = {"name": name, "type": "string", "title": name.replace("_", " ")}
    for words, group, decimal in _forms():
        notation = Notation(group, decimal, frozenset(words))
        if said and all(notation.numbers(cell) for cell in said):
            entry |= {"unit": "", "groupChar": group}
            entry |= {"decimalChar": decimal} if decimal != "." else {}
            # Frictionless would not hold these numbers, or lose what stands before their digits.
            if set(words) - {"indian"} or any(MINUS in cell for cell in said):
                return entry | {"notation": " ".join(words) or "plain"}
            entry |= {"type": "number", "bareNumber": False}
            return entry | ({"notation": "indian"} if words else {})
    odd = [cell for cell in said if not PLAIN.numbers(cell)]
    wordy = [cell for cell in said if LETTER.search(cell) or DATE.fullmatch(cell)]
    if said and len(odd) < len(said) / 2:
        doubts.append(f"column {name}: words, for {PLAIN.refusal(odd[0])}")
    elif len(wordy) < len(said) / 2 and any(map(str.isdigit, "".join(said))):
        doubts.append(
            f"column {name}: words, so that no number in it counts, for no notation reads all of "
            f"its cells, such as {odd[0]!r}"
        )
    return entry | {"unit": ""}


def _word(key: dict[str, Any]) -> dict[str, Any]:
    """Return a key's descriptor as that of words where its cells are several numbers each."""
    if len(Notation.of(key.get("notation", "")).parts) < 2:
        return key
    return {name: key[name] for name in ("name", "title", "unit")} | {"type": "string"}


def _forms() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what can be declared of a column, the fewest declarations first."""
    customs = dict.fromkeys([(",", "."), *((group or ",", point) for group, point in CUSTOMS)])
    for count in (0, 1, 2):
        for group, decimal in customs:
            for words in combinations((*FORMS, "(sd)"), count):
                if group != decimal:
                    yield words, group, decimal


def _keys(columns: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return the fewest first columns of which no two rows have the same."""
    names = list(columns)
    for count in range(1, len(names) + 1):
        rows = list(zip(*(columns[name] for name in names[:count]), strict=True))
        if len(set(rows)) == len(rows):
            return names[:count]
    return None
