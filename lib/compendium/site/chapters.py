"""A notebook parted into pages: where each begins, what it holds, and what led there before.

The page of the notebook itself keeps its beginning and gets the list of chapters. A chapter begins
at each heading of the highest level below the title; text before the first code stays in front.
Nothing here hangs on how long a chapter is, so that its address stays.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from compendium.site.places import slug

__all__ = ["Chapter", "anchors", "demoted", "headings", "jupyter_slug", "parted", "relinked"]

HEADING = re.compile(r"(#+) (.*)")
FENCE = re.compile(r"\s*(```|~~~)")
#: A link to a notebook or, without a name, to a section of the same one.
LINK = re.compile(r"\]\((?P<path>[^)\s#:]*/)?(?:(?P<stem>\w+)\.ipynb)?(?P<anchor>#[^)\s]*)?\)")


@dataclass(frozen=True)
class Chapter:
    """A page of a notebook.

    Parameters
    ----------
    name : str
        Name of the page from the top of the site, without ending.
    title : str
        Its heading, as plain words.
    cells : list of NotebookNode
        What it holds, with one heading of the first level.
    """

    name: str
    title: str
    cells: list[NotebookNode]

    @property
    def up(self) -> str:
        """The way from this page to the top of the site."""
        return "../" * self.name.count("/")


def parted(name: str, cells: Sequence[NotebookNode]) -> list[Chapter]:
    r"""Part the cells of a notebook into its own page and its chapters.

    Parameters
    ----------
    name : str
        Name of the notebook's own page.
    cells : sequence of NotebookNode
        Copies, which this changes; a text with a chapter's heading in its midst becomes two.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell
    >>> cells = [new_markdown_cell("# Toy\n\n## Marks"), new_markdown_cell("## Rents\n\nLow.")]
    >>> [(page.name, page.title) for page in parted("notebooks/9_toy", [*cells, new_code_cell()])]
    [('notebooks/9_toy', 'Toy'), ('notebooks/9_toy/rents', 'Rents')]
    """
    stretches: list[list[NotebookNode]] = []
    for cell in demoted([*_cut(cells)]):
        if not stretches or _begins(cell):
            stretches.append([])
        stretches[-1].append(cell)
    front = [stretches.pop(0)] if stretches else [[]]
    while stretches and not any(cell.cell_type == "code" for cell in stretches[0]):
        front.append(stretches.pop(0))
    own = [cell for stretch in front for cell in stretch]
    pages = [Chapter(name, _title(own), own)]
    for stretch in stretches:
        title = _title(stretch)
        for cell in stretch:
            _shift(cell, -1)
        path = f"{name}/{slug(title)}"
        taken = sum(page.name.startswith(path) for page in pages)
        pages.append(Chapter(f"{path}-{taken + 1}" if taken else path, title, stretch))
    return pages


def demoted(cells: Sequence[NotebookNode]) -> Sequence[NotebookNode]:
    """Leave a notebook one heading of the first level, and no step down of two levels."""
    shift = level = 0

    def of(depth: int) -> int:
        nonlocal shift, level
        shift = 1 if level and depth == 1 else shift
        level = min(depth + shift, level + 1)
        return level

    for cell in cells:
        _each_heading(cell, of)
    return cells


def headings(cells: Sequence[NotebookNode]) -> Iterator[tuple[int, str]]:
    """Yield the level and the words of each heading."""
    for cell in cells:
        if cell.cell_type == "markdown":
            for line, found in _lines(cell.source):
                if found:
                    yield len(found[1]), line.lstrip("# ").strip()


def jupyter_slug(heading: str) -> str:
    """Return the anchor that Jupyter gives a heading.

    Examples
    --------
    >>> jupyter_slug("What did not reproduce?")
    'What-did-not-reproduce?'
    """
    return heading.strip().replace(" ", "-")


def anchors(chapter: Chapter) -> Iterator[str]:
    """Yield what a link may name in a chapter: its sections in both spellings, and its cells."""
    for level, words in headings(chapter.cells):
        if level > 1 or chapter.name.count("/") > 1:
            yield jupyter_slug(words)
            # As the builder of the pages spells it.
            yield slug(words).lstrip("-0123456789")
    for cell in chapter.cells:
        if "anchor" in cell.metadata:
            yield cell.metadata["anchor"]


def relinked(text: str, here: str, sections: Mapping[tuple[str, str], str]) -> str:
    """Return a text whose links to sections of notebooks lead to the chapters that have them.

    Parameters
    ----------
    text : str
        Markdown.
    here : str
        The page that the text stands on; for a text of a notebook, the notebook's own page and,
        behind a colon, the chapter.
    sections : mapping
        The page of each section: by the notebook's own page and the section's anchor.

    Examples
    --------
    >>> sections = {("notebooks/9_toy", "Rents"): "notebooks/9_toy/rents"}
    >>> relinked("[rents](notebooks/9_toy.ipynb#Rents)", "teach", sections)
    '[rents](notebooks/9_toy/rents.ipynb#Rents)'
    >>> here = "notebooks/9_toy:notebooks/9_toy/b"
    >>> relinked("[rents](#Rents), [toy](9_toy.ipynb)", here, sections)
    '[rents](rents.ipynb#Rents), [toy](../9_toy.ipynb)'
    """
    notebook, _, chapter = here.partition(":")
    stands = posixpath.dirname(chapter or notebook)

    def replaced(found: re.Match[str]) -> str:
        anchor = found["anchor"] or ""
        if found["stem"]:
            page = posixpath.normpath(
                posixpath.join(posixpath.dirname(notebook), found["path"] or "", found["stem"])
            )
        elif chapter and anchor and not found["path"]:
            page = notebook
        else:
            return found[0]
        page = sections.get((page, anchor[1:]), page)
        if page == chapter:
            return f"]({anchor})"
        return f"]({posixpath.relpath(f'{page}.ipynb', stands or '.')}{anchor})"

    return LINK.sub(replaced, text)


def _lines(source: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield the lines of a text, each with what makes it a heading; none does in a fence."""
    fenced = False
    for line in source.split("\n"):
        fenced ^= bool(FENCE.match(line))
        yield line, None if fenced else HEADING.fullmatch(line)


def _each_heading(cell: NotebookNode, of: Callable[[int], int]) -> None:
    if cell.cell_type == "markdown":
        cell.source = "\n".join(
            f"{'#' * of(len(found[1]))} {found[2]}" if found else line
            for line, found in _lines(cell.source)
        )


def _shift(cell: NotebookNode, by: int) -> None:
    _each_heading(cell, lambda depth: depth + by)


def _begins(cell: NotebookNode) -> bool:
    """Tell whether a chapter begins with a cell: not at what its author put a level lower."""
    return bool(
        cell.cell_type == "markdown"
        and cell.metadata.pop("heads", False)
        and cell.source.startswith("## ")
    )


def _cut(cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield cells, each text cut before every heading at which a chapter can begin."""
    for cell in cells:
        if cell.cell_type != "markdown":
            yield cell
            continue
        parts: list[list[str]] = [[]]
        heads = {0} if cell.source.startswith(("# ", "## ")) else set()
        for line, found in _lines(cell.source):
            if found and len(found[1]) <= 2 and any(parts[-1]):
                heads.add(len(parts))
                parts.append([])
            parts[-1].append(line)
        for number, lines in enumerate(parts):
            own = new_markdown_cell("\n".join(lines).strip("\n"))
            own.metadata = copy.deepcopy(cell.metadata) | {"heads": number in heads}
            own.id = f"{cell.id}-{number}" if number else cell.id
            yield own


def _title(cells: Sequence[NotebookNode]) -> str:
    found = next((words for _, words in headings(cells)), "")
    return re.sub(r"[*`]", "", found)
