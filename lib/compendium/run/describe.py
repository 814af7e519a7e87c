"""``compendium describe [SLUG ...]``: write or mend what the data package says of CSV files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from compendium.page.descriptors import NO_TABLES, stored
from compendium.page.files import DataError
from compendium.page.notations import ILLEGIBLE, Notation
from compendium.project import PlainError, Project, write_in_one_move
from compendium.run.description import opened, written
from compendium.run.guess import KEYS, NO_KEYS, Guess, described, guess, head, with_notations

__all__ = ["run", "undecided"]

#: Without these a file cannot be found, or its numbers not be named.
NEEDED = ("name", "source", "id", "exhibit", "dialect")
#: What this command says of a column by itself.
GUESSED = {"name", "type", "title", "unit", "groupChar", "decimalChar", "bareNumber", "notation"}


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


def undecided(project: Project, slug: str) -> list[str]:
    """Return what of a source's tables a person should look at before its verdicts are trusted."""
    content = opened(project)
    found = []
    for known in content["resources"]:
        path, fields = project.data / known["path"], known.get("schema", {}).get("fields", [])
        is_table = known.get("source") == slug and "id" in known and path.is_file()
        # To guess takes a while, and is of no use where a person has looked at every column.
        if is_table and any(map(_is_guessed, fields)):
            own = known["path"].removeprefix(f"{slug}/")
            fresh = guess(path, slug, own, known.get("encoding", "utf8"))
            found += [f"data/{known['path']}: to decide: {one}" for one in _doubts(known, fresh)]
    return found


def _describe(content: dict[str, Any], project: Project, path: Path, slug: str) -> int:
    """Describe a file, say what was guessed, and return how much is left to decide."""
    name = path.relative_to(project.data).as_posix()
    known = next((r for r in content["resources"] if r["path"] == name), None)
    encoding = (known or {}).get("encoding", "utf8")
    if known is None:
        _require_utf8(path, name, slug)
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


def _require_utf8(path: Path, name: str, slug: str) -> None:
    """Refuse a file of other letters with the line that would declare them."""
    if not path.is_file():
        return
    content = path.read_bytes()
    try:
        content.decode("utf8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        line = {"path": name, "source": slug, "encoding": "utf-16" if is_wide else "cp1252"}
        raise DataError(
            f"data/{name}, row {row}: byte 0x{content[error.start]:02x} is not utf8; store the "
            "file as UTF-8, or declare its encoding: add to the resources in data/datapackage.json "
            f"{json.dumps(line)}, with the encoding that it has, and describe again"
        ) from None


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
    lost = 0
    if "id" in known:
        _mend_missing(schema, fresh, name)
        _mend_keys(known, fresh, name)
    for entry in new:
        told = next((field for field in own if field["name"] == entry["name"]), None)
        if told is None:
            own.append(entry)
            print(f"data/{name}: column {_said(entry, fresh)}, added")
            told = entry
        if "id" in known and entry["name"] not in _keys(known):
            _retype(told, entry, name)
            lost += _reread(schema, told, entry, fresh, name)
    order = [entry["name"] for entry in new]
    own.sort(key=lambda field: order.index(field["name"]) if field["name"] in order else len(order))
    gone = [field["name"] for field in own if field["name"] not in order]
    for column in gone:
        print(f"data/{name}: there is no column {column} any more; take it out, or rename it")
    if "primaryKey" not in schema and "repeated" not in known:
        schema["primaryKey"] = fresh.resource["schema"]["primaryKey"]
        print(f"data/{name}: primaryKey {schema['primaryKey']}, added")
    doubts = _doubts(known, fresh)
    for doubt in doubts:
        print(f"data/{name}: to decide: {doubt}")
    return len(gone) + lost + len(doubts)


def _doubts(known: dict[str, Any], fresh: Guess) -> list[str]:
    """Return what a person has not looked at yet, of columns and of keys.

    A person who has given a column a title or a unit has looked at it.
    """
    own = {field["name"]: field for field in known["schema"]["fields"]}
    doubts = [
        doubt
        for name, told in own.items()
        if _is_guessed(told)
        for doubt in fresh.doubts_of(name)
        # What a person declares may read more than what is tried.
        if _is_words(told) or not doubt.startswith(f"column {name}: words")
    ]
    if "repeated" in known or "id" not in known:
        return doubts
    keys = _primary(known)
    fits = fresh.tells_apart(keys)
    # That measured numbers tell rows apart may be chance, unless a person has looked at them.
    extra = [name for name in keys if name not in fresh.resource["schema"]["primaryKey"]]
    if fits and not any(_is_guessed(own[name]) for name in extra if name in own):
        return doubts
    if open_keys := [doubt for doubt in fresh.doubts if doubt.startswith(NO_KEYS)]:
        return doubts + open_keys
    if not fits:
        better = ", ".join(fresh.resource["schema"]["primaryKey"])
        doubts.append(f"primaryKey {', '.join(keys)} tells the rows apart no more; {better} does")
    return doubts


def _mend_missing(schema: dict[str, Any], fresh: Guess, name: str) -> None:
    """Declare a new mark of nothing printed, where it stands in a column of numbers."""
    own = schema.setdefault("missingValues", [""])
    for entry in fresh.resource["schema"]["fields"]:
        for mark in fresh.not_printed(entry["name"]) if not _is_words(entry) else []:
            if mark not in own:
                own.append(mark)
                print(f"data/{name}: {mark!r} in column {entry['name']} is read as not printed")


def _mend_keys(known: dict[str, Any], fresh: Guess, name: str) -> None:
    """Guess keys again that fit no more, or are more than is needed, if nobody looked at them."""
    schema, old = known["schema"], _primary(known)
    new = fresh.resource["schema"]["primaryKey"]
    told = {field["name"]: field for field in schema["fields"]}
    own = [told[key] for key in old if key in told and key not in new]
    is_open = any(doubt.startswith(NO_KEYS) for doubt in fresh.doubts)
    if not old or old == new or "repeated" in known or not all(map(_is_guessed, own)):
        return
    is_spare = old[: len(new)] == new and not is_open
    if is_spare or (not is_open and not fresh.tells_apart(old) and set(old) <= set(told)):
        schema["primaryKey"] = new
        why = "more is not needed" if is_spare else "it tells the rows apart no more"
        print(f"data/{name}: primaryKey {new}; it was {old}, and {why}")


def _reread(
    schema: dict[str, Any], told: dict[str, Any], entry: dict[str, Any], fresh: Guess, name: str
) -> int:
    """Describe again a column of numbers that its declaration reads no more; return 1 if it stays.

    What a person has looked at stays as it is, and is left to the person.
    """
    if _is_words(told) or entry["name"] not in fresh.columns:
        return 0
    own = told.get("missingValues", schema.get("missingValues", [""]))
    try:
        notation = Notation.of(
            told.get("notation", ""), told.get("groupChar", ""), told.get("decimalChar", ".")
        )
    except (ValueError, AttributeError, TypeError):  # A check says what is wrong with it.
        return 0
    cells = [cell for cell in fresh.columns[entry["name"]] if cell not in (*own, ILLEGIBLE)]
    unread = next((cell for cell in cells if notation.numbers(cell) is None), None)
    if unread is None:
        return 0
    if not _is_guessed(told):
        print(f"data/{name}: to decide: column {entry['name']}: {notation.refusal(unread)}")
        return 1
    before = _said(told)
    told.clear()
    told.update(entry)
    print(f"data/{name}: column {_said(entry, fresh)}; it was {before}, which reads no {unread!r}")
    return 0


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


def _is_guessed(entry: dict[str, Any]) -> bool:
    """Tell whether a column is described with no title and no unit of a person's own."""
    title = entry["name"].replace("_", " ")
    return entry.get("title") == title and not entry.get("unit") and set(entry) <= GUESSED


def _is_words(entry: dict[str, Any]) -> bool:
    return entry.get("type") == "string" and "notation" not in entry


def _primary(known: dict[str, Any]) -> list[str]:
    primary = known.get("schema", {}).get("primaryKey", [])
    return [primary] if isinstance(primary, str) else list(primary)


def _keys(known: dict[str, Any]) -> list[str]:
    """Return the columns that name rows or are counted as they are."""
    return [*_primary(known), *known.get("keys", []), *known.get("counted", [])]


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
    is_open = any(doubt.startswith(NO_KEYS) for doubt in fresh.doubts)
    told = "" if is_open else f", rows told apart by {', '.join(schema['primaryKey'])}"
    print(f"data/{name}{called}{told}")
    for entry in schema["fields"]:
        print(f"  {_said(entry, fresh)}")
    for doubt in fresh.doubts:
        print(f"  to decide: {doubt}")


def _said(entry: dict[str, Any], fresh: Guess | None = None) -> str:
    """Return what a column is said to be, and what in it is read as nothing printed."""
    said = f"{entry['name']}: {'words' if _is_words(entry) else 'numbers'}"
    if "notation" in entry:
        said += f', notation "{entry["notation"]}"'
    if entry.get("groupChar", ",") != ",":
        said += f', groupChar "{entry["groupChar"]}"'
    said += f', decimalChar "{entry["decimalChar"]}"' if "decimalChar" in entry else ""
    marks = fresh.not_printed(entry["name"]) if fresh and not _is_words(entry) else []
    return said + (f"; not printed: {', '.join(map(repr, marks))}" if marks else "")
