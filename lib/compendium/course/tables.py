"""Which files of ``data/`` the notebooks of a course load: the others are not handed out.

Beside the printed numbers stand what we say of them, ledgers, notes and verdicts, which would be
an answer key; and so is a table that an exercise asks to be mended. So a file is handed out only
where a module of a session names its table or exhibit, or an exercise names the file.
"""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from compendium.course.exercises import Exercise
from compendium.project import PACKAGE, Project

__all__ = ["loaded"]

#: How the names end of what tells which numbers are wrong, and where conclusions tip: no word in
#: an exercise brings it.
KEYS = ("ledger.csv", "attacks.csv", "notes.csv")
#: What `compendium.page.argument.Argument` reads of a source.
ARGUMENT = ("parts", "links", "citations", "works")


def loaded(
    project: Project, modules: Iterable[str], exercises: Iterable[Exercise]
) -> dict[str, bytes]:
    """Return the files that modules load and exercises name.

    Parameters
    ----------
    project : Project
        The checkout.
    modules : iterable of str
        The text of each.
    exercises : iterable of Exercise
        Whose texts may name files, between backticks.

    Returns
    -------
    dict of str to bytes
        The content of each, by its path in ``data/``, with a description of just these; empty
        where nothing is loaded.
    """
    described = json.loads((project.root / PACKAGE).read_text("utf8"))
    paths = {path for module in modules for path in _of(project, described["resources"], module)}
    named = " ".join(f"{own.statement} {own.needs}" for own in exercises)
    there = (path.relative_to(project.data) for path in project.data.rglob("*.csv"))
    paths |= {
        path.as_posix()
        for path in there
        if f"`{path.name}`" in named
        and not path.name.endswith(KEYS)
        and path.parts[0] != "evidence"
    }
    if not paths:
        return {}
    kept = [one for one in described["resources"] if one["path"] in paths]
    package = json.dumps({**described, "resources": kept}, indent=2, ensure_ascii=False) + "\n"
    files = {path: (project.data / path).read_bytes() for path in sorted(paths)}
    return {**files, PACKAGE.name: package.encode()}


def _of(project: Project, resources: list[dict[str, Any]], module: str) -> Iterator[str]:
    """Yield the paths of what a module loads: of a source that it names, the tables that it names.

    Names are taken from all words in its code, so rather a table too many than one too few.
    """
    tree = list(ast.walk(ast.parse(module)))
    words = {node.value for node in tree if isinstance(node, ast.Constant)} - {None}
    read = {node.id for node in tree if isinstance(node, ast.Name)}
    for slug in {one["source"] for one in resources if one.get("source") in words}:
        own = [one for one in resources if one.get("source") == slug]
        yield from (one["path"] for one in own if one.get("id") in words)
        text = project.data / slug / "text.csv"
        if text.is_file() and words & _exhibits(text.read_text("utf8")):
            yield f"{slug}/text.csv"
        if "Argument" in read:
            yield from (f"{slug}/{name}.csv" for name in ARGUMENT)


def _exhibits(text: str) -> set[str]:
    return {row["exhibit"] for row in csv.DictReader(text.splitlines())}
