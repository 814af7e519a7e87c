"""The map: from each exhibit of a source to the section, the functions and the figures for it.

A section of a notebook names its exhibits in ``data/<slug>/map.csv``, ``section,exhibits``; where
there is no such file they are those whose numbers its cells claim. What it calls of the library,
and which figures it keeps, is read from its code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from compendium.notebook import read
from compendium.page.descriptors import libraries, sources
from compendium.page.files import read_csv
from compendium.page.printed import Source
from compendium.project import PlainError, Project
from compendium.site import places

__all__ = ["exhibit_map"]

HEAD = (
    "# The map\n\nFrom each exhibit of a source to the section of its notebook, the functions that "
    "it calls and the figures that it keeps. `make accept` writes this page.\n\n"
    "| exhibit of the source | section of the notebook | functions | figures |\n"
    "|---|---|---|---|\n"
)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class _Section:
    """A part of a notebook below a heading, down to the next one of any level."""

    title: str
    level: int
    cells: list[NotebookNode]

    @property
    def anchor(self) -> str:
        return self.title.replace(" ", "-")

    @property
    def calls(self) -> Iterator[ast.Call]:
        """What its code calls, in the order of the code."""
        for cell in self.cells:
            if cell.cell_type == "code":
                found = [node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Call)]
                yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def exhibit_map(project: Project) -> str:
    """Return the map of all notebooks, as the page ``docs/map.md`` has it.

    Raises
    ------
    PlainError
        If a line of a ``map.csv`` names a section that its notebook has not.
    """
    lines = [line for path in project.notebook_files for line in _lines(project, path)]
    return HEAD + "\n".join(lines) + "\n"


def _lines(project: Project, path: Path) -> Iterator[str]:
    notebook = read(path)
    slug = path.stem.partition("_")[2]
    sections = list(_sections(notebook))
    taken = _taken(notebook, [folder.name for folder in libraries(project)])
    exhibits_of = dict(_exhibits(project, slug, notebook, sections))
    whole = {section.title: section for section in _whole(sections, exhibits_of)}
    for title, exhibits in exhibits_of.items():
        section = whole[title]
        functions = dict.fromkeys(_functions(section, taken))
        figures = dict.fromkeys(_figures(section))
        cells = (
            exhibits,
            f"[{title}](../notebooks/{path.name}#{section.anchor})",
            ", ".join(f"`{name}`" for name in functions),
            ", ".join(
                f"[{name.removeprefix(slug).strip('_').replace('_', ' ')}](../figures/{name}.svg)"
                for name in figures
            ),
        )
        yield f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


def _sections(notebook: NotebookNode) -> Iterator[_Section]:
    """Part a notebook at its headings."""
    section = _Section("", 0, [])
    for cell in notebook.cells:
        found = HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
        for marks, title in found:
            yield section
            section = _Section(title.strip(), len(marks), [])
        section.cells.append(cell)
    yield section


def _whole(sections: Sequence[_Section], named: Collection[str]) -> Iterator[_Section]:
    """Join to each section of the map those below it that have no line of their own."""
    current = None
    for section in sections:
        if section.title in named:
            if current:
                yield current
            current = _Section(section.title, section.level, list(section.cells))
        elif current and section.level > current.level:
            current.cells.extend(section.cells)
        elif current:
            yield current
            current = None
    if current:
        yield current


def _exhibits(
    project: Project, slug: str, notebook: NotebookNode, sections: Sequence[_Section]
) -> Iterator[tuple[str, str]]:
    """Yield the sections that have exhibits, and what these are called."""
    path = project.data / slug / "map.csv"
    if path.exists():
        where = f"data/{slug}/map.csv"
        for line, row in enumerate(read_csv(path, ["section", "exhibits"], where), start=2):
            if row["section"] not in [section.title for section in sections]:
                raise PlainError(
                    f"{where}, row {line}, column section: the notebook has no section "
                    f"{row['section']!r}"
                )
            yield row["section"], row["exhibits"]
        return
    cited = sources(project).get(slug)
    if cited is None:
        return
    found = places.find(notebook, Source(slug, project))
    for section in sections:
        own = {cell.id for cell in section.cells}
        named = dict.fromkeys(place[0] for place, at in found.items() if at.cell in own)
        if named:
            yield section.title, f"{cited}, {', '.join(named)}"


def _taken(notebook: NotebookNode, packages: Sequence[str]) -> dict[str, str]:
    """Return what a notebook imports from the libraries, by the names that it has for it."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(_tree(cell))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in packages
        for alias in node.names
    }


def _functions(section: _Section, taken: Mapping[str, str]) -> Iterator[str]:
    """Yield the library's functions that a section calls."""
    for call in section.calls:
        match call.func:
            case ast.Name(id=name) if taken.get(name, "").count(".") > 1:
                yield taken[name]
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name in taken:
                # A method of a class that was imported is the class's.
                whole = f"{taken[name]}.{member}"
                yield ".".join(whole.split(".")[:3])


def _figures(section: _Section) -> Iterator[str]:
    """Yield the names under which a section keeps figures."""
    for call in section.calls:
        match call.func:
            case ast.Attribute(value=ast.Name(id="figures"), attr="keep"):
                yield ast.literal_eval(call.args[1])


def _tree(cell: NotebookNode) -> ast.Module:
    """Return a cell's code, without the commands of IPython."""
    lines = cell.source.splitlines()
    return ast.parse("\n".join("" if line.startswith(("%", "!")) else line for line in lines))
