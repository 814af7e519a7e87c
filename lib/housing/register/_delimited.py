"""CSV: its encoding, its head, where it can be cut, and its rows by declared kinds.

Numbers are read as numbers and all else as words: nothing is inferred, and a blank alone is
missing. Rows of which a number is none are read again as words, and only the columns that have one
stay so: what the entry means, and whether it is wrong, is for `columns` to say.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Sequence
from math import isfinite
from typing import IO, Any

import pandas as pd

from housing._encodings import LONGEST, marked_as

__all__ = ["NotAsCsvError", "Table", "cuts", "head", "known_delimiter", "known_encoding", "rows"]

#: Bytes of a file that are read at once: some hundred thousand households.
BLOCK = 1 << 24
#: A number whose thousands commas set off. `columns` reads all that is one; this is the usual.
GROUPED = r"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$"
#: What other programs set off columns by.
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class NotAsCsvError(ValueError):
    """What cannot be read, and how many lines stand before it in what was read."""

    def __init__(self, said: str, lines: int) -> None:
        super().__init__(said)
        self.lines = lines


def known_encoding(name: Any) -> str | None:
    """Check the argument that names an encoding."""
    try:
        return None if name is None else codecs.lookup(name).name
    except (LookupError, TypeError):
        raise ValueError(
            f"encoding must be one that Python knows, such as 'gb18030' or 'utf-16', got {name!r}"
        ) from None


def known_delimiter(sign: Any) -> str | None:
    """Check the argument that says what sets off columns."""
    if sign is None or (isinstance(sign, str) and sign in {",", *SEPARATORS}):
        return sign
    raise ValueError(
        f"delimiter must be one of {', '.join(map(repr, (',', *SEPARATORS)))}, got {sign!r}"
    )


def head(file: IO[bytes], encoding: str | None, delimiter: str) -> tuple[str, tuple[str, ...], int]:
    """Return the encoding of a file, its columns, and where its rows begin.

    Parameters
    ----------
    file : binary file
        At its start.
    encoding : str, optional
        What it is said to be; else what its first bytes say, or UTF-8.
    delimiter : str
        What sets off its columns.
    """
    mark, marked = marked_as(file.read(LONGEST))
    encoding = encoding or marked
    file.seek(0)
    if in_one(encoding):
        whole = io.BytesIO(_decoded(file.read(), encoding).encode())
        return encoding, _names(_head_line(whole).decode(), delimiter), 0
    skipped = len(mark) if encoding.startswith("utf-8") or encoding == "utf_8_sig" else 0
    file.seek(skipped)
    raw = _head_line(file)
    if b"\0" in raw:
        raise NotAsCsvError("is no text, or of an encoding that it does not say: name that", 0)
    try:
        return encoding, _names(raw.decode(encoding), delimiter), skipped + len(raw)
    except UnicodeDecodeError as error:
        raise _not_encoded(error, encoding) from None


def _head_line(file: IO[bytes]) -> bytes:
    """Read the first row, which may hold line breaks between quotes, and blank lines before it."""
    raw = b""
    while not raw.strip() or raw.count(b'"') % 2:
        line = file.readline()
        if not line:
            break
        raw += line
    return raw


def in_one(encoding: str) -> bool:
    """Tell whether a line break may be another thing than one byte, so that no file is cut."""
    return encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def _names(text: str, delimiter: str) -> tuple[str, ...]:
    rows = filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    found = next(rows, [])
    if not found:
        raise NotAsCsvError("is empty: a head of columns must stand first", 0)
    for sign, called in SEPARATORS.items():
        if len(found) == 1 and sign in found[0]:
            raise NotAsCsvError(
                f"has {called} between its columns: delimiter={sign!r} reads them. With pandas: "
                f"pd.read_csv(path, sep={sign!r}, dtype=str, keep_default_na=False)",
                0,
            )
    if next(rows, None) is not None:
        raise NotAsCsvError(
            "has rows that end in a carriage return alone: end them in a line feed", 0
        )
    return tuple(found)


def cuts(file: IO[bytes], start: int, block: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of a file, from a byte to before another, that hold whole rows.

    A line break between quotes ends no row: so quotes are counted from the first row on.
    """
    file.seek(start)
    begun, quotes, place = start, 0, start
    while chunk := file.read(block):
        chunk += file.readline()
        quotes += _quotes(chunk)
        place += len(chunk)
        if quotes % 2 == 0:
            yield begun, place
            begun = place
    if begun < place or begun == start:
        yield begun, place


def _quotes(data: bytes) -> int:
    """Count quotes; that there are none, which is usual, is seen ten times faster."""
    return data.count(b'"') if b'"' in data else 0


class Table:
    """How the rows of a file are read.

    Parameters
    ----------
    names : sequence of str
        Its columns.
    numbers, words : collection of str
        Those that hold numbers, and words that come again and again; all others are words too.
    wanted : sequence of str, optional
        Those that are read; all where it is None.
    delimiter : str
        What sets off columns.
    """

    def __init__(
        self,
        names: Sequence[str],
        numbers: Collection[str],
        words: Collection[str],
        wanted: Sequence[str] | None,
        delimiter: str,
    ) -> None:
        self.names, self.numbers, self.words, self.wanted = names, numbers, words, wanted
        self.delimiter = delimiter


def rows(data: bytes, table: Table, encoding: str) -> pd.DataFrame:
    """Read the rows of a stretch of a file."""
    import pyarrow as pa

    if not encoding.startswith("utf-8"):
        data = _decoded(data, encoding).encode()
    if in_one(encoding):
        whole = io.BytesIO(data)
        lines = _head_line(whole).count(b"\n")
        try:
            return rows(whole.read(), table, "utf-8")
        except NotAsCsvError as error:
            raise NotAsCsvError(str(error), lines + error.lines) from None
    try:
        found = _parsed(data, table, as_numbers=True)
        if not _all_finite(found, table.numbers):  # "nan" and "inf" are words
            raise pa.ArrowInvalid
    except pa.ArrowInvalid:
        found = _as_far_as_numbers(_as_words(data, table, encoding), table.numbers)
    if _quotes(data) % 2:
        _require_closed(data, table.delimiter)
    frame: pd.DataFrame = found.to_pandas(split_blocks=True)  # no column is copied
    return frame


def _as_words(data: bytes, table: Table, encoding: str) -> Any:
    """Read every column as words, or say where that cannot be."""
    import pyarrow as pa

    try:
        return _parsed(data, table, as_numbers=False)
    except pa.ArrowInvalid as error:
        _decoded(data, encoding if encoding.startswith("utf-8") else "utf-8")
        _require_even(data, len(table.names), table.delimiter)
        raise NotAsCsvError(f"cannot be read as CSV: {error}", 0) from None


def _parsed(data: bytes, table: Table, *, as_numbers: bool) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow

    words, number = pa.dictionary(pa.int32(), pa.string()), pa.float64()
    kinds = {name: words if name in table.words else pa.string() for name in table.names}
    if as_numbers:
        kinds |= {name: number for name in table.names if name in table.numbers}
    wanted = table.names if table.wanted is None else table.wanted
    if not data or data.isspace():
        return pa.table({name: pa.array([], kinds[name]) for name in wanted})
    quoted = b'"' in data
    return arrow.read_csv(
        pa.BufferReader(data),
        # One piece, on one thread: Dask has a thread for each piece.
        arrow.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=[*table.names]),
        # Where nothing is quoted, entries end sooner to see.
        arrow.ParseOptions(
            delimiter=table.delimiter,
            newlines_in_values=quoted,
            quote_char='"' if quoted else False,
        ),
        arrow.ConvertOptions(
            column_types=kinds,
            include_columns=[*wanted],
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _all_finite(table: Any, numbers: Collection[str]) -> bool:
    """Tell whether columns hold finite numbers alone: their sums are then, but for huge ones."""
    import pyarrow.compute as pc

    sums = (pc.sum(table[name]).as_py() for name in table.column_names if name in numbers)
    return all(isfinite(each) for each in sums if each is not None)


def _as_far_as_numbers(table: Any, numbers: Collection[str]) -> Any:
    """Return a table of words with those columns as numbers that hold nothing else."""
    for place, name in enumerate(table.column_names):
        if name in numbers:
            words = table[name]
            # That many words are none takes longer to find out than that there is a comma.
            column = None if _has_comma(words) else _as_numbers(words)
            if column is None:
                column = _as_numbers(_without_commas(words))
            if column is not None:
                table = table.set_column(place, name, column)
    return table


def _has_comma(words: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring(words, ",")).as_py())


def _as_numbers(words: Any) -> Any:
    """Return a column of words as finite numbers; None where one of them is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        column = pc.cast(words, pa.float64())
    except pa.ArrowInvalid:
        return None
    return None if pc.all(pc.is_finite(column)).as_py() is False else column


def _without_commas(column: Any) -> Any:
    """Return words without blanks around them, and without the commas that set off thousands."""
    import pyarrow.compute as pc

    words = pc.utf8_trim_whitespace(column)
    words = pc.if_else(pc.equal(words, ""), None, words)
    grouped = pc.match_substring_regex(words, GROUPED)
    return pc.if_else(grouped, pc.replace_substring(words, ",", ""), words)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _not_encoded(error, encoding) from None


def _not_encoded(error: UnicodeDecodeError, encoding: str) -> NotAsCsvError:
    found = error.object[error.start : error.start + 1].hex()
    hint = "" if encoding == "gb18030" else ": name its encoding, such as encoding='gb18030'"
    if not encoding.startswith("utf") and _is_utf8(error.object):
        hint = ". It may be UTF-8: files of one register have one encoding"
    said = f"is not {encoding.upper()}, byte 0x{found}{hint}"
    return NotAsCsvError(said, error.object[: error.start].count(b"\n"))


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)  # the last letter may be cut
    except UnicodeDecodeError:
        return False
    return True


def _require_even(data: bytes, count: int, delimiter: str) -> None:
    """Refuse a row that has more or fewer entries than there are columns."""
    for line, entries in _entries(data, delimiter, strict=False):
        if entries and len(entries) != count:
            raise NotAsCsvError(f"{len(entries)} entries where there are {count} columns", line)


def _require_closed(data: bytes, delimiter: str) -> None:
    """Refuse a quote that nothing closes: rows after it would be a part of an entry."""
    line = 0
    try:
        for line, _ in _entries(data, delimiter, strict=True):  # noqa: B007
            pass
    except csv.Error:
        raise NotAsCsvError("a quote opens an entry that nothing closes", line) from None


def _entries(data: bytes, delimiter: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield how many lines stand before the end of a row, and its entries."""
    text = io.StringIO(data.decode("utf8"), newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=strict)
    for entries in reader:
        yield reader.line_num - 1, entries
