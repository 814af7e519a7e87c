"""Notebooks as pages: anchors at the numbers, links to the ledger, figures as vectors."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from compendium.page.printed import Source
from compendium.project import PlainError, Project
from compendium.site import places
from compendium.site.chapters import (
    Chapter,
    anchors,
    headings,
    jupyter_slug,
    parted,
    relinked,
)
from compendium.site.gallery import Figure, drawn
from compendium.site.places import Place
from compendium.verdict import conclusions

__all__ = ["Page", "ledger_link"]

#: More exhibits than this below a notebook cell are folded.
MANY = 2
#: The ending of a notebook in a link.
NOTEBOOK = re.compile(r"(?<=\w)\.ipynb(?=(?:#[^)\s]*)?\))")
#: A link of a notebook to a page of ``docs/``, or to the file of the ledger.
BESIDE = re.compile(r"\]\(\.\./(?:docs/(?P<page>\w+)\.md|data/(?P<file>ledger)\.csv)(?=[#)])")
#: What `what_if.show` wrote: the site puts sliders in the place of its table.
WHAT_IF = re.compile(r'<div class="what-if" data-what-if="(?P<id>\w+)">')
#: From the top of the site to the figures that can be downloaded.
FIGURES = "downloads/figures/"


@dataclass(frozen=True)
class Page:
    """A notebook and its page on the site.

    Parameters
    ----------
    path : Path
        The notebook as committed.
    project : Project
        Its checkout.
    """

    path: Path
    project: Project

    @property
    def name(self) -> str:
        """Name of the page, without ending."""
        return f"notebooks/{self.path.stem}"

    @property
    def slug(self) -> str:
        """What the notebook is named for: the source that it is about, if it is about one."""
        return self.path.stem.partition("_")[2]

    @cached_property
    def notebook(self) -> NotebookNode:
        """The notebook."""
        notebook: NotebookNode = nbformat.read(self.path, as_version=4)
        return notebook

    @cached_property
    def source(self) -> Source | None:
        """The printed numbers; None where the notebook is about no single source."""
        prints = (self.project.data / self.slug / "text.csv").exists()
        return Source(self.slug, self.project) if prints else None

    @cached_property
    def places(self) -> dict[tuple[str, str, str], Place]:
        """Where each printed number stands in the page."""
        return places.find(self.notebook, self.source) if self.source else {}

    @cached_property
    def conclusions(self) -> dict[str, str]:
        """The notebook cell that tests each committed conclusion of the source, or shows it."""
        rows = conclusions.read(self.project.conclusions)
        own = [row.id for row in rows if row.source == self.slug]
        return places.concluded(self.notebook, own) if own else {}

    @property
    def title(self) -> str:
        """The first heading, as plain words."""
        heading = self.notebook.cells[0].source.partition("\n")[0]
        return str(heading).lstrip("# ").replace("*", "")

    @property
    def short(self) -> str:
        """Who wrote the source, and when: the title up to its colon."""
        return self.title.partition(":")[0]

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The pages that Sphinx makes of it: its own first, then its chapters."""
        notebook: NotebookNode = nbformat.from_dict(self.notebook)
        chapters = parted(self.name, notebook.cells)
        exhibits = self._exhibits()
        concluded: dict[str, list[str]] = {}
        for id, at in self.conclusions.items():
            concluded.setdefault(at, []).append(id)
        for chapter in chapters:
            for cell in chapter.cells:
                if cell.cell_type == "markdown":
                    cell.source = to_pages(cell.source, chapter.up)
                if cell.cell_type == "code":
                    cell.metadata["anchor"] = places.cell_anchor(cell.id)
                    self._dress(cell, chapter.up)
                    for told in (
                        _to_ledger(self.slug, exhibits.get(cell.id, ()), chapter.up),
                        _to_conclusions(self.slug, concluded.get(cell.id, ()), chapter.up),
                    ):
                        cell.outputs += [_output(told)] if told else []
        return chapters

    @property
    def cells(self) -> list[NotebookNode]:
        """What its pages hold, in order."""
        return [cell for chapter in self.chapters for cell in chapter.cells]

    @cached_property
    def _chapter_of(self) -> dict[str, Chapter]:
        return {cell.id: chapter for chapter in self.chapters for cell in chapter.cells}

    def href(self, cell: str, anchor: str = "") -> str:
        """Return the way from the top of the site to a notebook cell, or to an anchor in it."""
        return f"{self._chapter_of[cell].name}.html#{anchor or places.cell_anchor(cell)}"

    @cached_property
    def sections(self) -> dict[tuple[str, str], str]:
        """The page of everything that a link may name, by the notebook's own page and anchor."""
        found: dict[tuple[str, str], str] = {}
        for chapter in self.chapters:
            for anchor in anchors(chapter):
                found.setdefault((self.name, anchor), chapter.name)
        return found

    def copies(self, sections: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, NotebookNode]]:
        """Yield the names of the pages, each with the notebook that Sphinx reads for it.

        Parameters
        ----------
        sections : mapping
            The `sections` of all pages.
        """
        for chapter in self.chapters:
            cells = copy.deepcopy(chapter.cells)
            here = f"{self.name}:{chapter.name}"
            for cell in cells:
                if cell.cell_type == "markdown":
                    cell.source = relinked(cell.source, here, sections)
                for output in cell.get("outputs", []):
                    if text := output.get("data", {}).get("text/markdown"):
                        # In a result the builder of pages takes a link as it stands.
                        led = relinked(text, here, sections)
                        output.data["text/markdown"] = NOTEBOOK.sub(".html", led)
            if chapter is self.chapters[0]:
                told = self._contents(cells)
                cells[0].source = f"{cells[0].source}\n\n{told}"
                cells.append(new_markdown_cell(self._toctree()))
                cells.append(new_markdown_cell(self._moved()))
            else:
                heading, _, text = cells[0].source.partition("\n")
                cells[0].source = f"{heading}\n\n{self._origin(chapter)}\n{text}"
            notebook: NotebookNode = nbformat.from_dict(self.notebook)
            notebook.cells = cells
            yield chapter.name, notebook

    def _contents(self, cells: Sequence[NotebookNode]) -> str:
        """Return the way to the file and, where its own text leads not to all, to each chapter."""
        lines = [self._download(self.chapters[0]), ""]
        text = "".join(cell.source for cell in cells)
        paths = {chapter.name: chapter.name.partition("/")[2] for chapter in self.chapters[1:]}
        if all(f"]({path}.ipynb" in text for path in paths.values()):
            return lines[0]
        lines += ["## Chapters\n"]
        for chapter in self.chapters[1:]:
            for level, words in headings(chapter.cells):
                if level <= 2:
                    at = "" if level == 1 else f"#{jupyter_slug(words)}"
                    way = f"[{words}]({paths[chapter.name]}.ipynb{at})"
                    lines.append(f"{'  ' * (level - 1)}* {way}")
        return "\n".join(lines)

    def _toctree(self) -> str:
        names = "\n".join(chapter.name.removeprefix("notebooks/") for chapter in self.chapters[1:])
        return f"```{{toctree}}\n:hidden:\n\n{names}\n```"

    def _moved(self) -> str:
        """Return what leads an old address of this page to the chapter that has the section now."""
        names = [chapter.name for chapter in self.chapters[1:]]
        ways: dict[str, int] = {}
        for (_, anchor), name in self.sections.items():
            if name != self.name:
                ways[anchor] = names.index(name)
        for place in self.places.values():
            name = self._chapter_of[place.cell].name
            if name != self.name:
                # All numbers of an exhibit that is shown stand on one page.
                ways[re.sub(r"-n\d+$", "-n", place.anchor)] = names.index(name)
        pages = [f"{name.removeprefix('notebooks/')}.html" for name in names]
        told = json.dumps({"pages": pages, "ways": ways}, ensure_ascii=False).replace("</", "<\\/")
        return (
            "```{raw} html\n"
            f'<script type="application/json" id="moved">{told}</script>\n'
            '<script src="../_static/moved.js"></script>\n```'
        )

    def _origin(self, chapter: Chapter) -> str:
        """Return the line below a chapter's heading: of which notebook, and how to get it."""
        number = self.chapters.index(chapter)
        where = f"chapter {number} of {len(self.chapters) - 1}"
        return f"[{self.short}](../{self.path.name}), {where}. {self._download(chapter)}\n"

    def _download(self, chapter: Chapter) -> str:
        href = f"{chapter.up}downloads/notebooks/{self.path.name}"
        return f'<a class="file" href="{href}" download>The notebook as a file</a>'

    @property
    def figures(self) -> Iterator[Figure]:
        """Every figure that the notebook draws."""
        for cell in self.notebook.cells:
            pictures = [
                output.data["image/png"]
                for output in cell.get("outputs", [])
                if "image/png" in output.get("data", {})
            ]
            names = drawn(cell.source) if pictures else []
            where = self.href(cell.id) if names else ""
            for name, picture in zip(names, pictures, strict=True):
                path = self.project.figures / f"{name}.svg"
                yield Figure(path, where, base64.b64decode(picture))

    def _exhibits(self) -> dict[str, list[str]]:
        """Return the exhibits whose numbers stand at each cell, in reading order."""
        found: dict[str, dict[str, None]] = {}
        for (exhibit, *_), place in self.places.items():
            found.setdefault(place.cell, {})[exhibit] = None
        return {cell: list(exhibits) for cell, exhibits in found.items()}

    def _with_answers(self, html: str, id: str) -> str:
        """Return what a what-if shows with its committed answers, which a script reads."""
        path = self.project.what_ifs / f"{id}.json"
        if not path.exists():
            raise PlainError(
                f"{self.path.name} shows the what-if {id}, which is not committed: "
                "compendium reproduce and compendium accept first."
            )
        told = path.read_text("utf8").strip().replace("</", "<\\/")
        return html.removesuffix("</div>") + (
            f'<script type="application/json">{told}</script></div>'
        )

    def _dress(self, cell: NotebookNode, up: str) -> None:
        """Make the outputs of a cell fit for a page, and fold a solution whole."""
        if "solution" in cell.metadata.get("tags", []):
            cell.metadata["tags"] = ["hide-cell"]
            cell.metadata["mystnb"] = {
                "code_prompt_show": "Show the solution",
                "code_prompt_hide": "Hide the solution",
            }
        names = iter(drawn(cell.source))
        for output in cell.outputs:
            html = output.get("data", {}).get("text/html", "")
            if "image/png" in output.get("data", {}):
                html = Figure(self.project.figures / f"{next(names)}.svg").html(f"{up}{FIGURES}")
            elif self.source and places.shown_exhibit(html):
                html = _scrolling(places.anchored(html, self.source))
            elif found := WHAT_IF.match(html):
                html = self._with_answers(html, found["id"])
            elif "<table" in html:
                html = _scrolling(places.with_scopes(html))
            if html:
                output.data = {"text/html": html}


def to_pages(text: str, up: str) -> str:
    """Return a text of a notebook whose links lead to pages where these stand for the files.

    Parameters
    ----------
    text : str
        Markdown.
    up : str
        The way from the text's page to the top of the site.

    Examples
    --------
    >>> to_pages("[ledger](../data/ledger.csv), [registers](../docs/registers.md#files)", "../../")
    '[ledger](../../ledger.md), [registers](../../registers.md#files)'
    """
    return BESIDE.sub(lambda m: f"]({up}{m['page'] or m['file']}.md", text)


def folded(summary: str, html: str, *, opened: bool = False) -> str:
    """Return a part of a page that opens under a line of its own."""
    return (
        f"<details{' open' if opened else ''}><summary>{escape(summary)}</summary>{html}</details>"
    )


def ledger_link(source: str, exhibit: str, up: str = "") -> str:
    """Return the link to an exhibit's rows in the ledger."""
    query = urlencode({"source": source, "exhibit": exhibit})
    return f'<a href="{up}ledger.html?{escape(query)}">{escape(exhibit)}</a>'


def _to_ledger(source: str, exhibits: Sequence[str], up: str) -> str:
    """Return the way back from a notebook cell to its numbers in the ledger; nothing without."""
    if not exhibits:
        return ""
    links = ", ".join(ledger_link(source, exhibit, up) for exhibit in exhibits)
    if len(exhibits) > MANY:
        summary = f"In the ledger: {len(exhibits)} exhibits"
        return f'<details class="to-ledger"><summary>{summary}</summary>{links}</details>'
    return f'<p class="to-ledger">In the ledger: {links}</p>'


def _to_conclusions(source: str, ids: Sequence[str], up: str) -> str:
    """Return the way back from a notebook cell to the page of conclusions; nothing without."""
    if not ids:
        return ""
    links = ", ".join(
        f'<a href="{up}conclusions.html#{places.conclusion_anchor(source, id)}">{escape(id)}</a>'
        for id in ids
    )
    return f'<p class="to-conclusions">Among the conclusions: {links}</p>'


def _scrolling(html: str) -> str:
    """Let a wide table scroll in a box of its own."""
    return f'<div class="scroll">{html}</div>'


def _output(html: str) -> NotebookNode:
    output: NotebookNode = nbformat.v4.new_output("display_data", data={"text/html": html})
    return output
