"""``compendium describe [SLUG ...]``: write or mend what the data package says of CSV files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from compendium.page.descriptors import NO_TABLES, stored
from compendium.project import PlainError, Project, write_in_one_move
from compendium.run.description import opened, written
from compendium.run.guess import KEYS, NO_KEYS, Guess, described, guess, head, with_notations

__all__ = ["run"]

#: Without these a file cannot be found, or its numbers not be named.
NEEDED = ("name", "source", "id", "exhibit", "dialect")


def run(project: Project, options: argparse.Namespace) -> int:
    """Describe what is not described yet; what a person wrote stays as it is.

    The status is 1 where something is left for a person to decide or to mend.
    """
    content = opened(project)
    known = [source["name"] for source in content["sources"]]
    slugs = list(dict.fromkeys(options.slugs)) or known
    if not slugs:
        raise PlainError("There is no source yet: compendium new-source SLUG makes one.")
    doubts = 0
    for slug in slugs:
        if slug not in known:
            raise PlainError(f"There is no source {slug!r}: compendium new-source {slug} makes it.")
        for path in stored(project.data / slug):
            doubts += _describe(content, project, path, slug)
        doubts += _gone(content, project, slug)
    text = written(content)
    if text != (project.data / "datapackage.json").read_text("utf8"):
        write_in_one_move(project.data / "datapackage.json", text)
        print("Written to data/datapackage.json. Add titles, units and pages there.")
    elif not doubts:
        print("Nothing new: every file is described.")
    return 1 if doubts else 0


def _describe(content: dict[str, Any], project: Project, path: Path, slug: str) -> int:
    """Describe a file, say what was guessed, and return how much is left to decide."""
    name = path.relative_to(project.data).as_posix()
    known = next((r for r in content["resources"] if r["path"] == name), None)
    encoding = (known or {}).get("encoding", "utf8")
    own = name.removeprefix(f"{slug}/")
    if own in [f"{stem}.csv" for stem in (*KEYS, *NO_TABLES)]:
        fresh = _beside(path, slug, encoding)
    else:
        fresh = guess(path, slug, own, encoding)
    if known is None:
        content["resources"].append(fresh.resource)
        _tell(name, fresh)
        return len(fresh.doubts)
    if path.stem == "text" and _has_notations(fresh.resource) and with_notations(known):
        print(f"data/{name}: column printed: words with a notation each")
    return _mend(known, fresh, name)


def _beside(path: Path, slug: str, encoding: str) -> Guess:
    """Return the descriptor of a file that is no table of the source."""
    delimiter, names = head(path, slug, encoding)
    fresh = Guess(described(slug, path.stem, names)) if path.stem in KEYS else guess(path, slug)
    if path.stem == "text" and "notation" in names:
        with_notations(fresh.resource)
    if delimiter != ",":
        fresh.resource["dialect"] = {"delimiter": delimiter}
    for key in ("id", "exhibit", "page"):
        fresh.resource.pop(key, None)
    return fresh


def _has_notations(resource: dict[str, Any]) -> bool:
    return any(entry["name"] == "notation" for entry in resource["schema"]["fields"])


def _mend(known: dict[str, Any], fresh: Guess, name: str) -> int:
    """Add what a descriptor lacks, say what it has and the file has not, and count the doubts."""
    for key in NEEDED:
        if key in fresh.resource and key not in known:
            known[key] = fresh.resource[key]
            print(f"data/{name}: {key} {fresh.resource[key]!r}, added")
    schema = known.setdefault("schema", {"fields": []})
    own, new = schema["fields"], fresh.resource["schema"]["fields"]
    doubts = 0
    for entry in new:
        told = next((field for field in own if field["name"] == entry["name"]), None)
        if told is None:
            own.append(entry)
            print(f"data/{name}: column {_said(entry)}, added")
            told = entry
        if "id" in known and entry["name"] not in _keys(known):
            _retype(told, entry, name)
        # A person who has given it a title or a unit has looked at it.
        for doubt in fresh.doubts_of(entry["name"]) if _is_untouched(told) else []:
            print(f"data/{name}: to decide: {doubt}")
            doubts += 1
    order = [entry["name"] for entry in new]
    own.sort(key=lambda field: order.index(field["name"]) if field["name"] in order else len(order))
    gone = [field["name"] for field in own if field["name"] not in order]
    for column in gone:
        print(f"data/{name}: there is no column {column} any more; take it out, or rename it")
    keys = fresh.resource["schema"]["primaryKey"]
    if "primaryKey" not in schema and "repeated" not in known:
        schema["primaryKey"] = keys
        print(f"data/{name}: primaryKey {keys}, added")
    if NO_KEYS in fresh.doubts and "repeated" not in known:
        print(f"data/{name}: to decide: {NO_KEYS}")
        doubts += 1
    return len(gone) + doubts


def _retype(told: dict[str, Any], entry: dict[str, Any], name: str) -> None:
    """Describe as numbers what was taken for words, unless a person has declared it so."""
    if not _is_words(told) or _is_words(entry):
        return
    if _is_untouched(told):
        told.clear()
        told.update(entry)
        print(f"data/{name}: column {_said(entry)}; it was described as words")
    else:
        print(
            f"data/{name}: column {entry['name']} is declared as words, so that none of "
            "its numbers counts; if they are printed numbers, its type is number"
        )


def _is_untouched(entry: dict[str, Any]) -> bool:
    """Tell whether a column of words is described as nobody but this command would do it."""
    title = entry["name"].replace("_", " ")
    return entry == {"name": entry["name"], "type": "string", "title": title, "unit": ""}


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
        print(
            f"data/{path}: described, and not there; put it back, or take its descriptor out. If "
            "it has another name now, that is its path"
        )
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
