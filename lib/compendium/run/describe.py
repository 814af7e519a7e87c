"""``compendium describe [SLUG ...]``: write or mend what the data package says of CSV files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from compendium.page.descriptors import NO_TABLES, package, sources
from compendium.project import PlainError, Project, write_in_one_move
from compendium.run.guess import KEYS, Guess, described, guess, head, with_notations
from compendium.run.init import written

__all__ = ["run"]

#: Without these a file cannot be found, or its numbers not be named.
NEEDED = ("name", "source", "id", "exhibit", "dialect")


def run(project: Project, options: argparse.Namespace) -> int:
    """Describe what is not described yet; what a person wrote stays as it is.

    The status is 1 where something is left for a person to decide or to mend.
    """
    content = package(project)
    slugs = options.slugs or list(sources(project))
    if not slugs:
        raise PlainError("There is no source yet: compendium new-source SLUG makes one.")
    doubts = 0
    for slug in slugs:
        if slug not in sources(project):
            raise PlainError(f"There is no source {slug!r}: compendium new-source {slug} makes it.")
        for path in sorted((project.data / slug).glob("[!.]*.csv")):
            doubts += _describe(content, path, slug)
        doubts += _gone(content, project, slug)
    text = written(content)
    if text == (project.data / "datapackage.json").read_text("utf8"):
        print("Nothing new: every file is described.")
    else:
        write_in_one_move(project.data / "datapackage.json", text)
        print("Written to data/datapackage.json. Add titles, units and pages there.")
    return 1 if doubts else 0


def _describe(content: dict[str, Any], path: Path, slug: str) -> int:
    """Describe a file, say what was guessed, and return how much is left to decide."""
    name = f"{slug}/{path.name}"
    names = head(path, slug)
    fresh = Guess(described(slug, path.stem, names)) if path.stem in KEYS else guess(path, slug)
    if path.stem == "text" and "notation" in names:
        with_notations(fresh.resource)
    if path.stem in NO_TABLES:
        for key in ("id", "exhibit", "page"):
            fresh.resource.pop(key, None)
    known = next((r for r in content["resources"] if r.get("path") == name), None)
    if known is None:
        content["resources"].append(fresh.resource)
        _tell(name, fresh)
        return len(fresh.doubts)
    if path.stem == "text" and "notation" in head(path, slug) and with_notations(known):
        print(f"data/{name}: column printed: words with a notation each")
    return _mend(known, fresh.resource, name)


def _mend(known: dict[str, Any], fresh: dict[str, Any], name: str) -> int:
    """Add what a descriptor lacks; what it has and the file has not is told."""
    for key in NEEDED:
        if key in fresh and key not in known:
            known[key] = fresh[key]
            print(f"data/{name}: {key} {fresh[key]!r}, added")
    schema = known.setdefault("schema", {})
    own, new = schema.setdefault("fields", []), fresh["schema"]["fields"]
    for entry in new:
        if entry["name"] not in [field["name"] for field in own]:
            own.append(entry)
            print(f"data/{name}: column {_said(entry)}, added")
        told = next(field for field in own if field["name"] == entry["name"])
        counts = "id" in known and entry["name"] not in _keys(known)
        if counts and _is_words(told) and not _is_words(entry):
            print(
                f"data/{name}: column {entry['name']} is declared as words, so that none of its "
                "numbers counts; if they are printed numbers, its type is number"
            )
    order = [entry["name"] for entry in new]
    own.sort(key=lambda field: order.index(field["name"]) if field["name"] in order else len(order))
    gone = [field["name"] for field in own if field["name"] not in order]
    for column in gone:
        print(f"data/{name}: there is no column {column} any more; take it out, or rename it")
    if "primaryKey" not in schema and "repeated" not in known:
        schema["primaryKey"] = fresh["schema"]["primaryKey"]
        print(f"data/{name}: primaryKey {fresh['schema']['primaryKey']}, added")
    return len(gone)


def _is_words(entry: dict[str, Any]) -> bool:
    return entry.get("type") == "string" and "notation" not in entry


def _keys(known: dict[str, Any]) -> list[str]:
    """Return the columns that name rows or are counted as they are."""
    primary = known.get("schema", {}).get("primaryKey", [])
    keys = [primary] if isinstance(primary, str) else primary
    return [*keys, *known.get("keys", []), *known.get("counted", [])]


def _gone(content: dict[str, Any], project: Project, slug: str) -> int:
    """Tell the files that are described and not there."""
    lost = [
        resource["path"]
        for resource in content["resources"]
        if resource.get("source") == slug and not (project.data / resource["path"]).is_file()
    ]
    for path in lost:
        print(f"data/{path}: described, and not there")
    return len(lost)


def _tell(name: str, fresh: Guess) -> None:
    """Say what was guessed of a file."""
    schema = fresh.resource["schema"]
    called = f" as {fresh.resource['exhibit']}" if "exhibit" in fresh.resource else ""
    print(f"data/{name}{called}, rows told apart by {', '.join(schema['primaryKey'])}")
    for entry in schema["fields"]:
        print(f"  {_said(entry)}")
    for doubt in fresh.doubts:
        print(f"  to decide: {doubt}")


def _said(entry: dict[str, Any]) -> str:
    """Return what a column is said to be."""
    said = f"{entry['name']}: {'words' if _is_words(entry) else 'numbers'}"
    if "notation" in entry:
        said += f', notation "{entry["notation"]}"'
    if entry.get("groupChar", ",") != ",":
        said += f', groupChar "{entry["groupChar"]}"'
    return said + (f', decimalChar "{entry["decimalChar"]}"' if "decimalChar" in entry else "")
