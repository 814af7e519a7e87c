"""What ``data/datapackage.json`` says of the data files, read so that no table can be overlooked.

The package is Frictionless's. Beside that standard, a source's table has `source`, `id` (what the
audit calls it) and `exhibit`, and may have `counted`, `head`, `headUnit`, `rowUnits`, `repeated`
with `keys`, `headNotation`, and for each of its fields a `unit` and a `notation`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from compendium.page.files import DataError, read_csv, read_text
from compendium.page.notations import ILLEGIBLE, PLAIN, Notation
from compendium.project import Project

__all__ = ["PACKAGE", "File", "Table", "described", "libraries", "package", "sources", "stored"]

PACKAGE = "data/datapackage.json"
#: Files of a source that are no tables: its text and declarations, and its argument as data.
NO_TABLES = (
    "text",
    "notes",
    "equations",
    "identities",
    "conclusions",
    "map",
    "parts",
    "links",
    "citations",
    "works",
    "measures",
    "mentions",
    "attacks",
    "uncounted",
    "repeats",
)
NUMBERS = ("number", "integer")
#: Keys of these types are words, whatever digits they have: 1.10 is the first of October.
DATES = ("date", "time", "datetime", "yearmonth", "duration")
WORDS = ("string", "any", "year", "boolean", *DATES)


@dataclass(frozen=True)
class File:
    """One data file of a source, and how it is stored."""

    path: Path
    where: str
    delimiter: str = ","
    encoding: str = "utf8"
    fields: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    def read(self, columns: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, str]]:
        """Read it as it is described; `optional` columns may stand behind the others."""
        return read_csv(
            self.path,
            columns,
            self.where,
            optional=optional,
            delimiter=self.delimiter,
            encoding=self.encoding,
        )

    def notation(self, name: str) -> Notation:
        """Return the forms that the numbers of a column may have; of words, those of a label."""
        entry = self.fields.get(name, {})
        if entry.get("type", "string") not in NUMBERS and "notation" not in entry:
            return PLAIN
        return _notation(
            f"{PACKAGE}, {self.where}, field {name}",
            entry.get("notation", ""),
            entry.get("groupChar", ""),
            entry.get("decimalChar", "."),
        )


@dataclass(frozen=True)
class Table(File):
    """One table of a source: which numbers it prints, and what names them."""

    id: str = ""
    exhibit: str = ""
    keys: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    head: str = ""
    head_unit: str = ""
    head_notation: Notation = PLAIN
    units: dict[str, str] = field(default_factory=dict)
    row_units: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)

    @property
    def numbers(self) -> list[str]:
        """The columns that hold printed numbers, keys among them."""
        return [
            name
            for name, entry in self.fields.items()
            if entry["type"] in NUMBERS or "notation" in entry
        ]

    @property
    def words(self) -> list[str]:
        """The columns of words that are no keys."""
        others = {*self.numbers, *self.keys}
        return [name for name in self.fields if name not in others]

    def missing_in(self, name: str) -> tuple[str, ...]:
        """Return what says in a column that nothing is printed.

        Other readers of the package take an illegible number for a missing one; here it counts.
        """
        own = self.fields[name].get("missingValues", self.missing)
        return tuple(text for text in own if text != ILLEGIBLE)


def package(project: Project) -> dict[str, Any]:
    """Return the description of all data files.

    Raises
    ------
    DataError
        If it is not there, or no JSON in which every name stands once.
    """
    text = read_text(project.data / "datapackage.json", PACKAGE)
    try:
        content = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{PACKAGE}, line {error.lineno}, column {error.colno}: no JSON: {error.msg}"
        ) from None
    if not isinstance(content, dict):
        raise DataError(f"{PACKAGE}: must be an object")
    return content


def sources(project: Project) -> dict[str, str]:
    """Return the slug of each source and how it is cited, in the order of the package."""
    found: dict[str, str] = {}
    listed = package(project).get("sources", [])
    if not isinstance(listed, list):
        raise DataError(f"{PACKAGE}, sources: must be a list, got {listed!r}")
    for position, source in enumerate(listed):
        if not isinstance(source, dict) or not isinstance(source.get("name"), str):
            raise DataError(f"{PACKAGE}, sources[{position}]: must have a name, got {source!r}")
        found[source["name"]] = source.get("cite") or source.get("title") or source["name"]
    return found


def libraries(project: Project) -> list[Path]:
    """Return the packages whose docstrings say which equations they compute."""
    return [project.root / folder for folder in package(project).get("libraries", [])]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(
            f"{PACKAGE}: {twice!r} stands twice in one object: {json.dumps(content)[:80]}"
        )
    return content


def described(project: Project, slug: str) -> tuple[dict[str, File], dict[str, Table]]:
    """Return the files of a source that are described, by name, and its tables, by id.

    Raises
    ------
    DataError
        If a descriptor lacks what its numbers are found by or contradicts itself, a file is not
        there, or a CSV of the source's folder has no descriptor.
    """
    files: dict[str, File] = {}
    tables: dict[str, Table] = {}
    for where, resource in _resources(project):
        path, owner = resource["path"], resource.get("source")
        if owner != slug:
            if PurePosixPath(path).parts[0] == slug:
                raise DataError(f"{where}: source is {owner!r}, but {path} lies in {slug}/")
            continue
        is_table = "id" in resource or "exhibit" in resource
        if not is_table and "schema" not in resource and not _holds_numbers(path):
            continue
        file = _file(project, path, resource)
        if not file.path.is_file():
            raise DataError(f"{where}: there is no file {file.where}")
        if is_table:
            table = _table(where, file, resource)
            if table.id in tables:
                raise DataError(f"{where}: id {table.id!r} is that of {tables[table.id].where} too")
            tables[table.id] = table
        elif not _is_no_table(slug, path):
            raise DataError(f"{where}: has no id, so that its numbers would count for nothing")
        files[path] = file
    _require_descriptors(project, slug, files)
    return files, tables


def _resources(project: Project) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each descriptor with its place, once it is known which source it belongs to."""
    resources = package(project).get("resources")
    if not isinstance(resources, list):
        raise DataError(f"{PACKAGE}: must have a list of resources")
    for position, resource in enumerate(resources):
        where = f"{PACKAGE}, resources[{position}]"
        if not isinstance(resource, dict):
            raise DataError(f"{where}: must be an object, got {resource!r}")
        where += f" ({resource['name']})" if "name" in resource else ""
        path, owner = resource.get("path"), resource.get("source")
        if not isinstance(path, str) or not path:
            raise DataError(f"{where}: path must name one file, got {path!r}")
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise DataError(f"{where}: path must stay within data/, got {path!r}")
        if owner is None and "id" in resource:
            raise DataError(f"{where}: has an id, but no source")
        if owner is not None and not (project.data / str(owner)).is_dir():
            raise DataError(f"{where}: there is no folder data/{owner} for source {owner!r}")
        yield where, resource


def _require_descriptors(project: Project, slug: str, files: dict[str, File]) -> None:
    for path in stored(project.data / slug):
        name = path.relative_to(project.data).as_posix()
        if name not in files and not _is_no_table(slug, name):
            raise DataError(f"data/{name}: no descriptor of {PACKAGE} names it")


def stored(folder: Path) -> list[Path]:
    """Return the files in which a source's numbers may be stored.

    Hidden ones aside, whose name or folder begins with a dot: a system's own notes beside a file
    (``._table_1.csv``), and what an editor keeps of it (``.ipynb_checkpoints``).
    """
    return [
        path
        for path in sorted(folder.rglob("*"))
        if _holds_numbers(path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _holds_numbers(path: str) -> bool:
    """Tell whether a file is one that tables are stored in, and not a scan of the page."""
    return path.lower().endswith((".csv", ".tsv"))


def _is_no_table(slug: str, path: str) -> bool:
    return path in {f"{slug}/{name}.csv" for name in NO_TABLES}


def _file(project: Project, path: str, resource: dict[str, Any]) -> File:
    return File(
        path=project.data / path,
        where=f"data/{path}",
        delimiter=_delimiter(f"{PACKAGE}, data/{path}", resource.get("dialect", {})),
        encoding=resource.get("encoding", "utf8"),
        fields=_fields(f"{PACKAGE}, data/{path}", resource.get("schema")),
    )


def _delimiter(where: str, dialect: Any) -> str:
    """Return what stands between cells: as version 5 of Frictionless declares it, or version 4."""
    own = dialect.get("csv", dialect) if isinstance(dialect, dict) else dialect
    if not isinstance(own, dict) or set(own) - {"delimiter"}:
        raise DataError(f"{where}: of a dialect only delimiter is read, got {dialect!r}")
    delimiter = own.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        raise DataError(f"{where}: delimiter must be one character, got {delimiter!r}")
    return delimiter


def _fields(where: str, schema: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(schema, dict) or not isinstance(schema.get("fields"), list):
        raise DataError(f"{where}: schema must be an object with a list of fields")
    fields: dict[str, dict[str, Any]] = {}
    for entry in schema["fields"]:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or name in fields:
            raise DataError(f"{where}: every field must have a name of its own, got {entry!r}")
        if entry.get("type") not in (*NUMBERS, *WORDS):
            raise DataError(
                f"{where}, field {name}: type must be one of {', '.join((*NUMBERS, *WORDS))}, "
                f"got {entry.get('type')!r}"
            )
        fields[name] = entry
    return fields


def _notation(where: str, words: Any, group: Any = ",", decimal: Any = ".") -> Notation:
    for said in (words, group, decimal):
        if not isinstance(said, str):
            raise DataError(f"{where}: must be words, got {said!r}")
    try:
        return Notation.of(words, group, decimal)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None


def _table(where: str, file: File, resource: dict[str, Any]) -> Table:
    for name in ("id", "exhibit"):
        if not isinstance(resource.get(name), str) or not resource[name]:
            raise DataError(f"{where}: {name} must be a name, got {resource.get(name)!r}")
    for name, kind in {"head": str, "headUnit": str, "rowUnits": dict}.items():
        if not isinstance(resource.get(name, kind()), kind):
            raise DataError(f"{where}: {name} must be a {kind.__name__}, got {resource[name]!r}")
    table = Table(
        **vars(file),
        id=resource["id"],
        exhibit=resource["exhibit"],
        keys=_keys(where, resource),
        counted=_names(where, resource, "counted"),
        repeated=_names(where, resource, "repeated"),
        head=resource.get("head", ""),
        head_unit=resource.get("headUnit", ""),
        head_notation=_notation(f"{where}, headNotation", resource.get("headNotation", "")),
        units={name: entry.get("unit", "") for name, entry in file.fields.items()},
        row_units=resource.get("rowUnits", {}),
        missing=_names(where, resource["schema"], "missingValues", ("",)),
    )
    if not table.keys:
        raise DataError(f"{where}: primaryKey must name the columns that tell rows apart")
    for name in (*table.keys, *table.counted):
        if name not in table.fields:
            raise DataError(f"{where}: key or counted column {name!r} is no field")
    for name in table.counted:
        if name not in (*table.keys, *table.words):
            raise DataError(f"{where}: counted column {name!r} holds numbers, which count anyway")
    labels = {f"key {name!r}": table.notation(name) for name in table.keys}
    for said, notation in (labels | {"a head": table.head_notation}).items():
        if len(notation.parts) > 1:
            raise DataError(f"{where}: {said} must be one number, not a range or a pair")
    return table


def _keys(where: str, resource: dict[str, Any]) -> tuple[str, ...]:
    """Return the key columns: as `keys` where one stands twice, for then none is primary."""
    primary = _names(where, resource["schema"], "primaryKey")
    if "repeated" not in resource:
        return primary
    if primary:
        raise DataError(f"{where}: a key that is repeated is no primaryKey; name it in keys")
    return _names(where, resource, "keys")


def _names(
    where: str, holder: dict[str, Any], name: str, otherwise: tuple[str, ...] = ()
) -> tuple[str, ...]:
    names = holder.get(name, otherwise)
    if isinstance(names, str):
        return (names,)
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise DataError(f"{where}: {name} must be a list of names, got {names!r}")
    return tuple(names)
