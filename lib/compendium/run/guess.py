"""Descriptors guessed from CSV files: types, keys, forms of numbers, for a person to check.

The module is one guess: what it takes a column for decides what it may take the next one for.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from compendium.page.files import DELIMITERS, DataError, read_text
from compendium.page.notations import CUSTOMS, FORMS, ILLEGIBLE, MINUS, PLAIN, Notation
from compendium.page.notes import CAUSES
from compendium.page.stated import KINDS

__all__ = ["NO_KEYS", "Guess", "described", "guess", "head", "with_notations"]

#: How a doubt begins that is about no one column.
NO_KEYS = "no columns tell the rows apart"
#: What a page prints, or a person types, where nothing is.
MISSING = ("-", "–", "—", "..", "...", "n.a.", "n/a", "na", "NA", "N/A")
#: A cell that a number begins, or one of money, whatever stands behind it.
BEGUN = re.compile(r"(?:[A-Z]{3}|Rs\.?)?[^\w?]*[\d¼½¾⅐-⅞]")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
#: A whole number, or two, as names of rows have them: a year, a storey, an age of 5-9.
COUNT = re.compile(r"\d{1,4}(?: ?[-–] ?\d{1,4})?|\d{1,3},\d{3}")
YEAR = re.compile(r"1[89]\d\d|20\d\d")
BRACKETED = re.compile(r"\([^()]*\d[^()]*\)\W*")
#: How a row of standard errors or of t is named.
ERRORS = re.compile(r"(?i)(.*\W)?(s\. ?e\.?|se|std\.?( err(or|\.)?)?|t|sd|s\. ?d\.?)")
ONE_HEAD = (
    "the first line is the head: make one of two lines of it, and take out a title above it and "
    "an empty last column"
)
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
    "identities": {
        "inputs": "Rule that inputs which no line computes were rounded by; blank is nearest",
        "slack": "By how many last digits rounding may have moved it; blank is 0",
    },
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
    columns: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def doubts_of(self, column: str) -> list[str]:
        """Return what a person should look at in a column."""
        return [doubt for doubt in self.doubts if doubt.startswith(f"column {column}: ")]

    def not_printed(self, column: str) -> list[str]:
        """Return what stands in a column, is not blank, and is read as nothing printed."""
        return list(dict.fromkeys(cell for cell in self.columns.get(column, ()) if cell in MISSING))

    def tells_apart(self, keys: Sequence[str]) -> bool:
        """Tell whether no two rows have the same in some columns."""
        if not set(keys) <= set(self.columns):
            return False
        rows = list(zip(*(self.columns[name] for name in keys), strict=True))
        return bool(rows) and len(set(rows)) == len(rows)


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
        else of words. The keys are the first columns that tell the rows apart; one of measured
        numbers is none.

    Raises
    ------
    DataError
        If the file is empty, or its rows have not as many cells as its head.
    """
    where = f"data/{slug}/{path.name}"
    delimiter, head, rows = _read(path, where, slug, encoding)
    columns = {name: [row[place] for row in rows.values()] for place, name in enumerate(head)}
    missing = sorted({cell for row in rows.values() for cell in row if cell in MISSING})
    doubts: list[str] = []
    fields = [_field(name, cells, list(rows), doubts) for name, cells in columns.items()]
    keys, tell_apart = _keys(columns, fields, doubts)
    # What a key has counts for nothing, so that it may be words.
    doubts = [d for d in doubts if not d.startswith(tuple(f"column {name}: " for name in keys))]
    doubts += _blanks(columns, keys, list(rows))
    if not tell_apart:
        doubts.append(_repetition(columns, keys, list(rows)))
    fields = [
        _without_errors(entry, columns, keys, list(rows), doubts)
        if entry["name"] not in keys
        else entry
        for entry in fields
    ]
    body = [entry for entry in fields if entry["name"] not in keys]
    doubts += _thousandfold(columns, body, is_custom=delimiter == ",")
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
    return Guess(_named(resource, path.stem), doubts, columns)


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
) -> tuple[str, list[str], dict[int, list[str]]]:
    """Return what stands between the cells, the head, and the rows by their number in the file."""
    delimiter, names = head(path, slug, encoding)
    if len(set(names)) < len(names) or not all(name.strip() for name in names) or not names:
        raise DataError(
            f"{where}, row 1: every column must have a name of its own, got {names}; {ONE_HEAD}"
        )
    text = io.StringIO(read_text(path, where, encoding), newline="")
    rows = {}
    try:
        for line, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if any(cell.strip() for cell in row):
                rows[line] = row
                if len(row) != len(names):
                    hint = f"; {ONE_HEAD}" if len(names) == 1 else ""
                    raise DataError(
                        f"{where}, row {line}: {len(row)} cells, but {len(names)} columns in the "
                        f"head{hint}"
                    )
    except csv.Error as error:
        raise DataError(f"{where}, after row {line}: {error}; is a quotation mark lost?") from None
    del rows[1]
    if not rows:
        raise DataError(f"{where}: has a head, but no row")
    return delimiter, names, rows


def _field(
    name: str, cells: Sequence[str], lines: Sequence[int], doubts: list[str]
) -> dict[str, Any]:
    """Return a column's descriptor; what could be meant as a column of numbers is a doubt.

    Numbers of a form that other readers of the package do not know are words to them.
    """
    said = [cell for cell in cells if cell and cell not in (*MISSING, ILLEGIBLE)]
    entry: dict[str, Any] = {"name": name, "type": "string", "title": name.replace("_", " ")}
    begun = [cell for cell in said if BEGUN.match(cell) and not DATE.fullmatch(cell)]
    if not any(map(str.isnumeric, "".join(said))):
        return entry | {"unit": ""}
    best, most = PLAIN, 0
    for words, group, decimal in _forms():
        notation = Notation(group, decimal, frozenset(words))
        if all(notation.numbers(cell) for cell in said):
            entry |= {"unit": "", "groupChar": group}
            entry |= {"decimalChar": decimal} if decimal != "." else {}
            # Frictionless would not hold these numbers, or lose what stands before their digits.
            if set(words) - {"indian"} or any(MINUS in cell for cell in said):
                return entry | {"notation": " ".join(words) or "plain"}
            entry |= {"type": "number", "bareNumber": False}
            return entry | ({"notation": "indian"} if words else {})
        # Which declaration reads the most is worth the time only where most are numbers.
        if len(begun) > len(said) / 2:
            reads = sum(notation.numbers(cell) is not None for cell in said)
            best, most = (notation, reads) if reads > most else (best, most)
    if len(begun) > len(said) / 2:
        culprit = next(cell for cell in said if not best.numbers(cell))
        doubts.append(
            f"column {name}: words, so that no number in it counts; "
            f"{_refusal(best, most, culprit, cells, lines)}"
        )
    return entry | {"unit": ""}


def _refusal(
    best: Notation, most: int, culprit: str, cells: Sequence[str], lines: Sequence[int]
) -> str:
    """Say which cell of a column keeps it from being of numbers."""
    line = lines[list(cells).index(culprit)]
    if not most:
        return f"no notation reads its cells, such as {culprit!r} in row {line}"
    why = f"row {line}: {best.refusal(culprit)}"
    if best != PLAIN:
        declared = _declared(" ".join(sorted(best.words)), best.group, best.decimal)
        why += f"; {declared} reads {most} of its cells"
    if line == lines[0] and not BEGUN.match(culprit):
        why += f"; if row {line} is a second line of the head, make one head of both"
    return why


def _declared(words: str, group: str, decimal: str) -> str:
    """Return how forms of numbers are declared in a descriptor."""
    told = [f'notation "{words}"'] if words else []
    told += [f'groupChar "{group}"'] if group != "," else []
    return ", ".join(told + ([f'decimalChar "{decimal}"'] if decimal != "." else []))


def _without_errors(
    entry: dict[str, Any],
    columns: Mapping[str, Sequence[str]],
    keys: Sequence[str],
    lines: Sequence[int],
    doubts: list[str],
) -> dict[str, Any]:
    """Return a descriptor that makes no standard errors negative: words, until it is decided."""
    words = entry.get("notation", "").split()
    if "accounting" not in words:
        return entry
    beneath = _error_rows(columns, keys)
    if not beneath:
        return entry
    rest = " ".join(["(se)", *(word for word in words if word != "accounting")])
    doubts.append(
        f"column {entry['name']}: are the brackets of row "
        f"{', '.join(str(lines[place]) for place in beneath[:3])} minus signs? Then declare "
        f'notation "{" ".join(words)}", and give the column a title or a unit. Or standard errors '
        f'of the row above? Then type each behind its number, as "0.41 (0.03)", of notation '
        f'"{rest}". As words, nothing in it counts until then'
    )
    return {name: entry[name] for name in ("name", "title", "unit")} | {"type": "string"}


def _error_rows(columns: Mapping[str, Sequence[str]], keys: Sequence[str]) -> list[int]:
    """Return the rows of brackets that may be standard errors: named so, or beneath numbers.

    Where a row has brackets beside plain numbers, brackets are minus signs.
    """
    body = [cells for name, cells in columns.items() if name not in keys]
    rows = [[cell for cell in row if BEGUN.match(cell)] for row in zip(*body, strict=True)]
    labels = list(zip(*(columns[name] for name in keys), strict=True))
    full = [bool(row) and all(map(BRACKETED.fullmatch, row)) for row in rows]
    some = [any(map(BRACKETED.fullmatch, row)) for row in rows]
    named = [
        place for place, label in enumerate(labels) if full[place] and ERRORS.fullmatch(label[-1])
    ]
    above = [bool(rows[place - 1]) and not some[place - 1] for place in range(len(rows))]
    is_layout = full == some and all(
        place > 0 and above[place] for place, is_full in enumerate(full) if is_full
    )
    return [place for place, is_full in enumerate(full) if is_full] if is_layout else named


def _thousandfold(
    columns: Mapping[str, Sequence[str]], fields: Sequence[Mapping[str, Any]], *, is_custom: bool
) -> list[str]:
    """Return a doubt for each column whose commas or points may group digits or set decimals off.

    Where other numbers of the file show which of both it is, there is no doubt; and none of a comma
    that groups digits where commas stand between the cells, as is the custom.
    """
    numbers = [
        entry
        for entry in fields
        if "groupChar" in entry and "indian" not in entry.get("notation", "").split()
    ]
    decimals = {entry["name"]: _decimals(columns[entry["name"]]) for entry in numbers}
    told = set().union(*decimals.values())
    doubts = []
    for name, own in decimals.items():
        mark = "," if any("," in cell for cell in columns[name]) else "."
        other = "." if mark == "," else ","
        cell = next((cell for cell in columns[name] if mark in cell), "")
        if own:
            # Decimals of its own beside those of other columns, of the other mark.
            is_doubted = own == {","} and "." in told
        else:
            is_doubted = "," in told if mark == "." else not is_custom and told != {"."}
        if cell and is_doubted:
            doubts.append(
                f'column {name}: with groupChar "{mark}" and decimalChar "{other}" the "{mark}" of '
                f'{cell!r} groups digits, with decimalChar "{mark}" and groupChar "{other}" it '
                "sets decimals off: declare which, and give the column a title or a unit"
            )
    return doubts


def _decimals(cells: Sequence[str]) -> set[str]:
    """Return which marks in a column must set decimals off: those that can group no digits."""
    found = set()
    for cell in cells:
        for number in re.findall(r"\d[\d.,]*\d|[.,]\d+", cell):
            marks = [character for character in number if character in ".,"]
            groups = re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", number)
            if marks and (not groups or len(set(marks)) == 2):
                found.add(marks[-1])
    return found


def _blanks(
    columns: Mapping[str, Sequence[str]], keys: Sequence[str], lines: Sequence[int]
) -> list[str]:
    """Return a doubt for each key that a row lacks, as under a name printed once for several."""
    doubts = []
    for name in keys:
        blank = [line for line, cell in zip(lines, columns[name], strict=True) if not cell.strip()]
        if blank:
            rows = ", ".join(map(str, blank[:3])) + (", ..." if blank[3:] else "")
            doubts.append(
                f"column {name}: is blank in row{'s' * (len(blank) > 1)} {rows}: fill it down "
                "where one name is printed for several rows, and name a row that has none"
            )
    return doubts


def _repetition(
    columns: Mapping[str, Sequence[str]], keys: Sequence[str], lines: Sequence[int]
) -> str:
    """Say which row is the first that no column tells from another."""
    seen: dict[tuple[str, ...], int] = {}
    for line, label in zip(lines, zip(*(columns[name] for name in keys), strict=True), strict=True):
        if label in seen:
            said = " | ".join(label) if any(label) else "the blank"
            return (
                f"{NO_KEYS}: row {line} repeats {said} of row {seen[label]}; name each row by "
                "itself, name the columns that do in primaryKey, or see repeated"
            )
        seen[label] = line
    return NO_KEYS


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


def _keys(
    columns: Mapping[str, Sequence[str]], fields: Sequence[Mapping[str, Any]], doubts: Sequence[str]
) -> tuple[list[str], bool]:
    """Return the fewest first columns of which no two rows have the same, and whether there are.

    Beyond the first, only words and whole numbers that name rows are keys: measured numbers tell
    rows apart by chance.
    """
    names = list(columns)
    rows: list[tuple[str, ...]] = [()] * len(columns[names[0]])
    words = names[:1]
    for count, (name, entry) in enumerate(zip(names, fields, strict=True), start=1):
        doubted = any(doubt.startswith(f"column {name}: ") for doubt in doubts)
        is_word = "groupChar" not in entry and not doubted
        if count > 1 and not is_word and not _names_rows(columns[name], rows, doubted):
            break
        rows = [(*row, cell) for row, cell in zip(rows, columns[name], strict=True)]
        if len(set(rows)) == len(rows):
            return names[:count], True
        words = names[:count] if is_word and len(words) == count - 1 else words
    return words, False


def _names_rows(cells: Sequence[str], before: Sequence[tuple[str, ...]], are_words: bool) -> bool:
    """Tell whether cells with digits look as names of rows do under names that repeat.

    They have no decimals, and the same ones stand under each name before them; or they are years
    in order; or most of the names repeat, and the numbers are shared or count on by one.
    """
    is_whole = all(map(COUNT.fullmatch, cells))
    if not is_whole and (not are_words or any(re.search(r"[.,]\d", cell) for cell in cells)):
        return False
    groups: dict[tuple[str, ...], list[str]] = {}
    for label, cell in zip(before, cells, strict=True):
        groups.setdefault(label, []).append(cell)
    first, *others = (sorted(group) for group in groups.values())
    if others and len(first) > 1 and all(group == first for group in others):
        return True
    repeat = sum(len(group) for group in groups.values() if len(group) > 1)
    times = Counter(cells)
    is_shared = 2 * sum(times[cell] > 1 for cell in cells) >= len(cells)
    if 3 * repeat > 2 * len(cells) and is_shared:
        return True
    if not all(map(str.isdecimal, cells)):
        return False
    steps = [b - a for group in groups.values() for a, b in pairwise(map(int, group))]
    in_order = bool(steps) and (min(steps) > 0 or max(steps) < 0)
    is_counting = 3 * repeat > 2 * len(cells) and set(steps) == {1}
    return is_counting or (in_order and all(map(YEAR.fullmatch, cells)))
