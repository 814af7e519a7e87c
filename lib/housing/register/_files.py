"""What stands at a path or URL, in which parts it is read, and the rows of each part.

The module is one way, from a name to rows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from housing.register import _delimited as delimited
from housing.register._columns import NUMERIC, Naming
from housing.register._delimited import NotAsCsvError, Table

__all__ = ["TAKEN", "DamagedError", "File", "Part", "open_stream", "opened"]

TAKEN = "Parquet (.parquet), CSV (.csv, .csv.gz, .tsv), Excel (.xlsx) and GeoPackage (.gpkg)"
KINDS = {
    ".parquet": "parquet",
    ".parq": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".csv.gz": "csv.gz",
    ".tsv": "csv",
    ".tsv.gz": "csv.gz",
    ".xlsx": "xlsx",
    ".gpkg": "gpkg",
}
#: Files whose heads are read at once: it is the way to a store that takes the time.
AT_ONCE = 16


class DamagedError(ValueError):
    """A file that cannot be read: its name, and why."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(name, said)
        self.name, self.said = name, said

    def __str__(self) -> str:
        return f"{self.name}{self.said}"


@dataclass(frozen=True)
class File:
    """One file of a register.

    Parameters
    ----------
    url : str
        Where it is, as fsspec takes it.
    name : str
        What messages call it.
    kind : str
        A value of `KINDS`.
    stamp : str
        What changes when the file does.
    folders : tuple of (str, str)
        Columns that folders above it stand for: ``district=3``.
    columns : tuple of str, optional
        Its columns, where its head tells them.
    parts : tuple of (int, int)
        Row groups, or stretches of bytes.
    encoding : str
        Of a CSV file.
    delimiter : str
        What sets off the columns of a CSV file.
    damage : str
        Why its head cannot be read.
    """

    url: str
    name: str
    kind: str
    stamp: str
    folders: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] | None = None
    parts: tuple[tuple[int, int], ...] = ((0, 0),)
    encoding: str = "utf-8"
    delimiter: str = ","
    damage: str = ""

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The columns with those of its folders."""
        if self.columns is None:
            return None
        return (*self.columns, *(name for name, _ in self.folders if name not in self.columns))


@dataclass(frozen=True)
class Part:
    """Some rows of a file.

    Parameters
    ----------
    file : File
        The file.
    stretch : (int, int)
        Which of its parts.
    name : str
        What the part of the result is called.
    naming : Naming
        What the register calls its columns.
    """

    file: File
    stretch: tuple[int, int]
    name: str
    naming: Naming

    @property
    def stamp(self) -> str:
        """What changes when the rows may."""
        return f"{self.file.name} {self.file.stamp} {self.stretch}"

    def read(self, wanted: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows.

        Parameters
        ----------
        wanted : sequence of str, optional
            Columns; all where it is None.

        Raises
        ------
        DamagedError
            If they cannot be read.
        """
        if self.file.damage:
            raise DamagedError(self.file.name, self.file.damage)
        own = None if wanted is None or self.file.columns is None else self._own(wanted)
        try:
            frame = READERS[self.file.kind](self, own)
        except (ImportError, MemoryError):
            raise  # no fault of the file
        except NotAsCsvError as error:
            sign = "" if str(error).startswith(("is ", "cannot ")) else ":"
            where = f", {self._line(error.lines)}{sign} {error}"
            raise DamagedError(self.file.name, where) from None
        except Exception as error:  # whatever a reader makes of damaged bytes
            raise DamagedError(self.file.name, _said(error)) from error
        for name, value in self.file.folders:
            if name not in frame:
                frame[name] = value
        return frame

    def _own(self, wanted: Sequence[str]) -> list[str]:
        assert self.file.columns is not None
        return [name for name in wanted if name in self.file.columns]

    def _line(self, lines: int) -> str:
        """Return the line of the file that so many lines of the part stand before."""
        start = self.stretch[0]
        with open_stream(self.file) as file:
            before = file.read(start).count(b"\n")
        return f"line {before + lines + 1}"


def _said(error: Exception) -> str:
    return f" cannot be read: {(str(error).splitlines() or [type(error).__name__])[0]}"


def open_stream(file: File) -> Any:
    """Open a file, unpacked."""
    import fsspec

    return fsspec.open(file.url, "rb", compression="gzip" if file.kind == "csv.gz" else None).open()


# What is there ------------------------------------------------------------------------------------


def opened(
    source: str | os.PathLike[str], naming: Naming, encoding: str | None, delimiter: str | None
) -> list[Part]:
    """Return the parts of a register at a path or URL.

    Parameters
    ----------
    source : str or PathLike
        A file, a folder, or a pattern of files.
    naming : Naming
        What it calls its columns.
    encoding, delimiter : str, optional
        Of CSV files.

    Raises
    ------
    ValueError
        If nothing is there, something that is not taken, or files that do not fit together.
    """
    files = [*_files(os.fspath(source))]
    for name, given in (("encoding", encoding), ("delimiter", delimiter)):
        if given is not None and not any(file.kind.startswith("csv") for file in files):
            raise ValueError(f"{name} is for CSV files, got {given!r} for {files[0].name}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = [*pool.map(lambda file: _with_head(file, encoding, delimiter), files)]
    require_alike(files, naming)
    several = max(len(file.parts) for file in files) > 1
    return [
        Part(
            file,
            stretch,
            f"part-{number:06d}-{place:06d}" if several else f"part-{number:06d}",
            naming,
        )
        for number, file in enumerate(files)
        for place, stretch in enumerate(file.parts)
    ]


def _files(source: str) -> Iterator[File]:
    """Yield what is at a path, without what is hidden: systems leave such beside ours."""
    from fsspec.core import url_to_fs

    if not source.strip():
        raise ValueError(f"households: no register at {source!r}")
    try:
        fs, root = url_to_fs(source)
    except (ValueError, ImportError, OSError) as error:
        raise ValueError(f"households: {source} is no path or URL that is read: {error}") from None
    name = root.rstrip("/").rpartition("/")[2]
    if any(sign in source for sign in "*?[") and not fs.exists(root):
        paths = [path for path in fs.glob(root) if fs.isfile(path)]
        if not paths:
            raise ValueError(f"households: no register at {name}")
        root = root.rpartition("/")[0]
    elif not fs.exists(root):
        raise ValueError(f"households: no register at {name}")
    elif fs.isfile(root):
        paths, root = [root], root.rpartition("/")[0]
    else:
        paths = [path for path in fs.find(root) if not _hidden(path, root)]
        if not paths:
            raise ValueError(f"households: no register in the folder {name}")
    for path in sorted(paths, key=_as_people_count):
        inside = path.removeprefix(root).lstrip("/")
        folders = [part.partition("=") for part in inside.split("/")[:-1]]
        yield File(
            fs.unstrip_protocol(path),
            inside,
            _kind(fs, path, inside),
            _stamp(fs.info(path)),
            tuple((name, value) for name, sign, value in folders if sign),
        )


def _hidden(path: str, root: str) -> bool:
    return any(part[0] in "._" for part in path.removeprefix(root).strip("/").split("/"))


def _as_people_count(name: str) -> list[str | int]:
    """Return what puts part 10 after part 9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def _kind(fs: Any, path: str, name: str) -> str:
    lower = path.lower()
    for suffix, kind in KINDS.items():
        if lower.endswith(suffix):
            return kind
    with fs.open(path, "rb") as file:
        first = file.read(4)
    if first == b"PAR1":
        return "parquet"
    suffix = lower.rpartition("/")[2].partition(".")[2]
    found = f"a .{suffix} file" if suffix else "a file without an ending"
    raise ValueError(f"households: {name} is {found}; what is read: {TAKEN}")


def _stamp(info: dict[str, Any]) -> str:
    changed = next((info[key] for key in ("ETag", "mtime", "created") if info.get(key)), "")
    return f"{info.get('size')} {changed}"


def _with_head(file: File, encoding: str | None, delimiter: str | None) -> File:
    """Return a file with its columns and parts. One that cannot be read is named with its rows."""
    try:
        head = HEADS.get(file.kind)
        return file if head is None else head(file, encoding, delimiter)
    except (ImportError, MemoryError):
        raise  # no fault of the file
    except NotAsCsvError as error:
        raise ValueError(f"households: {file.name} {error}") from None
    except Exception as error:  # whatever a reader makes of damaged bytes
        return replace(file, damage=_said(error))


def _csv_head(file: File, encoding: str | None, delimiter: str | None) -> File:
    usual = "\t" if file.url.lower().endswith((".tsv", ".tsv.gz")) else ","
    delimiter = delimiter or usual
    with open_stream(file) as stream:
        encoding, columns, start = delimited.head(stream, encoding, delimiter)
        if file.kind == "csv.gz" or delimited.in_one(encoding):
            parts: tuple[tuple[int, int], ...] = ((start, -1),)
        else:
            parts = tuple(delimited.cuts(stream, start, delimited.BLOCK))
    return replace(file, columns=columns, parts=parts, encoding=encoding, delimiter=delimiter)


def _parquet_head(file: File, encoding: str | None, delimiter: str | None) -> File:
    footer = _footer(file.url, file.stamp)
    columns = tuple(footer.schema.to_arrow_schema().names)
    parts = tuple((group, group + 1) for group in range(footer.num_row_groups))
    return replace(file, columns=columns, parts=parts or ((0, 0),))


HEADS: dict[str, Callable[[File, str | None, str | None], File]] = {
    "csv": _csv_head,
    "csv.gz": _csv_head,
    "parquet": _parquet_head,
}


def require_alike(files: Sequence[File], naming: Naming) -> None:
    """Refuse files of which one has a column that counts and another has not."""
    known = [(file.name, file.labels) for file in files if file.labels is not None]
    names = []
    for file, labels in known:
        try:
            names.append((file, {*naming.theirs(labels).values()}))
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from None
    for file, own in names[1:]:
        first, others = names[0]
        for name in sorted(map(str, own ^ others)):
            has, lacks = (file, first) if name in own else (first, file)
            raise ValueError(f"column {name} is in {has} and not in {lacks}: one register has one")


# Rows ---------------------------------------------------------------------------------------------


def _read_csv(part: Part, wanted: list[str] | None) -> pd.DataFrame:
    file, (start, end) = part.file, part.stretch
    with open_stream(file) as stream:
        stream.seek(start)
        data = stream.read() if end < 0 else stream.read(end - start)
    assert file.columns is not None
    theirs = part.naming.theirs(file.labels or ())
    numbers = {theirs[name] for name in NUMERIC if name in theirs}
    words = {theirs[name] for name in ("wish", "class") if name in theirs}
    table = Table(file.columns, numbers, words, wanted, file.delimiter)
    return delimited.rows(data, table, file.encoding)


def _read_parquet(part: Part, wanted: list[str] | None) -> pd.DataFrame:
    from pyarrow.parquet import ParquetFile

    file = part.file
    options = {"metadata": _footer(file.url, file.stamp), "page_checksum_verification": True}
    with _as_arrow_opens(file.url) as source, ParquetFile(source, **options) as found:
        groups = [*range(*part.stretch)]
        # Whole numbers with gaps stay whole: an id may have more digits than a float.
        table = found.read_row_groups(groups, columns=wanted, use_threads=False)
    frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True)
    return frame


@contextmanager
def _as_arrow_opens(url: str) -> Iterator[Any]:
    """Give what Arrow opens fastest: a path, and a stream where there is none."""
    import fsspec
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(url)
    if is_local(fs):
        yield path
        return
    with fsspec.open(url, "rb").open() as stream:
        yield stream


@lru_cache(maxsize=16)
def _footer(url: str, stamp: str) -> Any:
    """Return what the end of a file says of all of it: of thousands of row groups, read once."""
    from pyarrow.parquet import read_metadata

    with _as_arrow_opens(url) as source:
        return read_metadata(source)


def _read_excel(part: Part, wanted: list[str] | None) -> pd.DataFrame:
    _require_package("openpyxl", part.file)
    with open_stream(part.file) as stream:
        # The head is read as a row: pandas would give a name that stands there twice another one.
        sheets = pd.read_excel(
            BytesIO(stream.read()),
            sheet_name=None,
            header=None,
            dtype=object,
            keep_default_na=False,
            na_values=[""],
        )
    filled = {name: sheet for name, sheet in sheets.items() if sheet.size}
    if len(filled) != 1:
        raise ValueError(f"it must have one sheet with entries, got {', '.join(filled) or 'none'}")
    sheet = next(iter(filled.values()))
    names = [
        f"column {place}" if pd.isna(name) else name for place, name in enumerate(sheet.loc[0], 1)
    ]
    return sheet.loc[1:].set_axis(names, axis=1).reset_index(drop=True)


def _read_geopackage(part: Part, wanted: list[str] | None) -> pd.DataFrame:
    pyogrio: Any = _require_package("pyogrio", part.file)
    with _on_disk(part.file) as path:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if len(layers) != 1:
            raise ValueError(f"it must have one layer, got {', '.join(layers) or 'none'}")
        frame: pd.DataFrame = pyogrio.read_dataframe(path, read_geometry=False)
    return frame


@contextmanager
def _on_disk(file: File) -> Iterator[str]:
    """Give a path to a file: its own, or of a copy of one that is on another store."""
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(file.url)
    if is_local(fs):
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = os.path.join(folder, "register.gpkg")
        fs.get_file(path, copy)
        yield copy


def is_local(fs: Any) -> bool:
    """Tell whether a file system is this machine's own."""
    return "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


def _require_package(name: str, file: File) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise ImportError(
            f"{file.name} needs {name} to be read: install the extra named files"
        ) from None


READERS: dict[str, Callable[[Part, list[str] | None], pd.DataFrame]] = {
    "csv": _read_csv,
    "csv.gz": _read_csv,
    "parquet": _read_parquet,
    "xlsx": _read_excel,
    "gpkg": _read_geopackage,
}
