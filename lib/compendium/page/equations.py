"""Which function computes which equation: the list of equations against the library's docstrings.

``data/<slug>/equations.csv`` lists every equation of a source, with a reason where nothing computes
it. A docstring of the library that ``data/datapackage.json`` names tells those that its function
computes or solves, in a paragraph of its own that ends with a full stop::

    Computes: World Bank (1991), equation (a); para. 2.50; Guo and Wang, equation (4).

What has no source before it is of the source before. The library is read, never imported.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from compendium.page.descriptors import libraries, sources
from compendium.page.files import read_csv
from compendium.project import Project

__all__ = ["Equation", "faults", "table", "tags"]

TAG = re.compile(r"^Computes: (.+?)\.$", re.DOTALL | re.MULTILINE)
Definition = (ast.FunctionDef, ast.ClassDef)
COLUMNS = ("equation", "place", "says", "not_computed")


class Equation(NamedTuple):
    """An equation of a source and the functions of the library that compute it."""

    source: str
    equation: str
    place: str
    says: str
    functions: tuple[str, ...]
    not_computed: str


def table(project: Project | None = None) -> list[Equation]:
    """Return every equation, in the order of the sources."""
    project = project or Project()
    functions: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, equations in _tagged(project).items():
        for place in equations:
            functions[place].append(name)
    return [
        Equation(
            source,
            row["equation"],
            row["place"],
            row["says"],
            tuple(functions[source, row["equation"]]),
            row["not_computed"],
        )
        for source in sources(project)
        for row in _listed(project.data / source / "equations.csv")
    ]


def _listed(path: Path) -> list[dict[str, str]]:
    """Return the equations of a source, in its order; one that has none needs no list."""
    return read_csv(path, COLUMNS) if path.exists() else []


def faults(project: Project | None = None) -> list[str]:
    """Say where the list and the tags do not fit: an empty list where they do."""
    project = project or Project()
    rows = table(project)
    found = [
        f"{row.source}, {row.equation}: "
        + ("a function and a reason why there is none" if row.functions else "no function")
        for row in rows
        if bool(row.functions) == bool(row.not_computed)
    ]
    listed = {(row.source, row.equation) for row in rows}
    for name, equations in _tagged(project).items():
        found += [f"{name}: no equation {place}" for place in equations if place not in listed]
        if any(part.startswith("_") for part in name.split(".")):
            found.append(f"{name}: a tag, and is not public")
    return found


def tags(docstring: str, slugs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the source and the name of each equation that a docstring says it computes.

    Parameters
    ----------
    docstring : str
        Cleaned of its indentation.
    slugs : mapping
        The slug of each source by the name that it is cited with.

    Raises
    ------
    ValueError
        If the first equation names no source.

    Examples
    --------
    >>> slugs = {"World Bank (1991)": "world_bank", "Guo and Wang": "guo_wang"}
    >>> tags("Computes: World Bank (1991), equation (a); para. 2.50; Guo and Wang, T.", slugs)
    [('world_bank', 'equation (a)'), ('world_bank', 'para. 2.50'), ('guo_wang', 'T')]
    """
    found = []
    for said in TAG.findall(docstring):
        source = None
        for entry in " ".join(said.split()).split("; "):
            cited = next((cite for cite in slugs if entry.startswith(f"{cite}, ")), None)
            source = slugs[cited] if cited else source
            if source is None:
                raise ValueError(f"no source is cited with {entry!r}")
            found.append((source, entry.removeprefix(f"{cited}, ")))
    return found


def _tagged(project: Project) -> dict[str, list[tuple[str, str]]]:
    """Return the equations of each tagged function, class and method, under its public name."""
    cited = {cite: source for source, cite in sources(project).items()}
    found = {
        name: tags(text, cited)
        for folder in libraries(project)
        for name, text in _docstrings(folder)
    }
    return {name: equations for name, equations in found.items() if equations}


def _docstrings(library: Path) -> Iterator[tuple[str, str]]:
    """Yield the public name and the docstring of each function, class and method.

    What a package exports is named after the package; what a module does not export gets a line
    before its name, as Python marks it.
    """
    for path in sorted(library.rglob("*.py")):
        tree = ast.parse(path.read_text("utf8"))
        above = path.parent if path.parent != library else path
        module = f"{library.name}.{above.stem}"
        public = _exported(tree)
        for node in tree.body:
            if isinstance(node, Definition):
                name = node.name if node.name in public else f"_{node.name.lstrip('_')}"
                yield f"{module}.{name}", ast.get_docstring(node) or ""
                for member in node.body:
                    if isinstance(node, ast.ClassDef) and isinstance(member, ast.FunctionDef):
                        yield f"{module}.{name}.{member.name}", ast.get_docstring(member) or ""


def _exported(tree: ast.Module) -> list[str]:
    """Return the names in a module's ``__all__``."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return names
    return []
