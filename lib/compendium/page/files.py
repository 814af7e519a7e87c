"""Data files as they are read: whole, or not at all, and every fault with its file and place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from compendium.project import PlainError, write_in_one_move

__all__ = ["DataError", "read_csv", "read_text", "write_csv"]

#: What a program may put between cells instead of a comma.
DELIMITERS = ",;\t|"


class DataError(PlainError, ValueError):
    """A data file that is not as its descriptor says; the message names file, row and column."""


def read_text(path: Path, where: str, encoding: str = "utf8") -> str:
    """Read a file, without the mark that some programs put before its first letter.

    Parameters
    ----------
    path : Path
        The file.
    where : str
        Its name in messages.
    encoding : str, optional
        How its letters are stored.

    Raises
    ------
    DataError
        If there is no such file, it is empty, or it is stored otherwise.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{where}: cannot be read: {error.strerror}") from None
    try:
        text = content.decode(encoding).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except LookupError:
        raise DataError(f"{where}: there is no encoding {encoding!r}") from None
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{where}, row {row}: byte 0x{content[error.start]:02x} is not {encoding}; store the "
            "file as UTF-8, or declare its encoding"
        ) from None
    if not text.strip():
        raise DataError(f"{where}: is empty")
    return text


def read_csv(
    path: Path,
    columns: Sequence[str],
    where: str = "",
    *,
    optional: Sequence[str] = (),
    delimiter: str = ",",
    encoding: str = "utf8",
) -> list[dict[str, str]]:
    """Read a CSV file whose head must be the given columns; blank lines may end it.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        Its head.
    where : str, optional
        Its name in messages; by default the file's with its folder.
    optional : sequence of str, optional
        Columns that may stand behind the others, each or none, in this order.
    delimiter, encoding : str, optional
        What stands between cells, and how letters are stored.

    Returns
    -------
    list of dict
        One a row, by column.

    Raises
    ------
    DataError
        If the file cannot be read, its head is another, or a row has more or fewer cells.
    """
    where = where or f"{path.parent.name}/{path.name}"
    text = read_text(path, where, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head, *rows = reader
    except csv.Error as error:
        raise DataError(f"{where}, line {reader.line_num}: {error}") from None
    while rows and not "".join(rows[-1]).strip() and len(rows[-1]) < 2:
        rows.pop()
    columns = [*columns, *(name for name in optional if name in head)]
    _require_head(head, columns, where, text)
    for line, row in enumerate(rows, start=2):
        if len(row) != len(head):
            column = head[len(row)] if len(row) < len(head) else f"after {head[-1]}"
            raise DataError(
                f"{where}, row {line}, column {column}: "
                f"ragged row of {len(row)} for {len(head)} columns"
            )
    return [dict(zip(head, row, strict=True)) for row in rows]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file in one move."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_in_one_move(path, text.getvalue())


def _require_head(head: Sequence[str], columns: Sequence[str], where: str, text: str) -> None:
    if head == list(columns):
        return
    for delimiter in DELIMITERS:
        if next(csv.reader([text.splitlines()[0]], delimiter=delimiter)) == list(columns):
            raise DataError(
                f"{where}, row 1: {delimiter!r} stands between the cells; "
                f'declare it as "dialect": {{"delimiter": {delimiter!r}}}'.replace("'", '"')
            )
    for position, (name, wanted) in enumerate(zip(head, columns, strict=False), start=1):
        if name != wanted:
            raise DataError(f"{where}, row 1, column {position}: {name!r}, not {wanted!r}")
    odd = [*head[len(columns) :], *columns[len(head) :]]
    word = "stray" if len(head) > len(columns) else "missing"
    raise DataError(f"{where}, row 1: {word} column {', '.join(odd)}")
