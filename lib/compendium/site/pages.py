"""Notebooks as pages: anchors at the numbers, links to the ledger, figures as vectors."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import nbformat
from nbformat import NotebookNode

from compendium.course.exercises import LEVELS, Exercise, read_exercises
from compendium.page.printed import Source
from compendium.project import Project
from compendium.site import places
from compendium.site.gallery import Figure, drawn
from compendium.site.places import Place
from compendium.verdict import conclusions

__all__ = ["Page", "ledger_link"]

#: More exhibits than this below a notebook cell are folded.
MANY = 8
#: From a notebook's page to the figures that can be downloaded.
FIGURES = "../downloads/figures/"
HEADING = re.compile(r"(#+) (.*)")


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
    def copy(self) -> NotebookNode:
        """What Sphinx reads in place of the notebook."""
        copy: NotebookNode = nbformat.from_dict(self.notebook)
        demote_headings(copy.cells)
        exhibits = self._exhibits()
        concluded: dict[str, list[str]] = {}
        for id, at in self.conclusions.items():
            concluded.setdefault(at, []).append(id)
        for cell in copy.cells:
            # What leads to the file of the ledger leads to its page from here.
            if cell.cell_type == "markdown":
                cell.source = cell.source.replace("](../data/ledger.csv)", "](../ledger.md)")
            if cell.cell_type == "code":
                cell.metadata["anchor"] = places.cell_anchor(cell.id)
                self._dress(cell)
                if cell.id in exhibits:
                    cell.outputs.append(_output(_to_ledger(self.slug, exhibits[cell.id])))
                if cell.id in concluded:
                    cell.outputs.append(_output(_to_conclusions(self.slug, concluded[cell.id])))
        return copy

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
            where = f"{self.name}.html#{places.cell_anchor(cell.id)}"
            for name, picture in zip(names, pictures, strict=True):
                path = self.project.figures / f"{name}.svg"
                yield Figure(path, where, base64.b64decode(picture))

    @property
    def exercises(self) -> list[str]:
        """The lists of exercises: those of ``course/``, or each text that solutions follow."""
        if (self.project.root / "course" / f"{self.slug}.toml").is_file():
            return ["\n".join(map(_listed, read_exercises(self.project, self.slug).exercises))]
        found, before = [], ""
        for cell in self.copy.cells:
            if cell.cell_type == "markdown":
                before = cell.source
            elif "hide-cell" in cell.metadata.get("tags", []) and before:
                found.append(re.sub(r"^#+ .*$|^The solutions? .*$", "", before, flags=re.M).strip())
                before = ""
        return [text for text in found if items(text)]

    def _exhibits(self) -> dict[str, list[str]]:
        """Return the exhibits whose numbers stand at each cell, in reading order."""
        found: dict[str, dict[str, None]] = {}
        for (exhibit, *_), place in self.places.items():
            found.setdefault(place.cell, {})[exhibit] = None
        return {cell: list(exhibits) for cell, exhibits in found.items()}

    def _dress(self, cell: NotebookNode) -> None:
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
                html = Figure(self.project.figures / f"{next(names)}.svg").html(FIGURES)
            elif self.source and places.shown_exhibit(html):
                html = _scrolling(places.anchored(html, self.source))
            elif "<table" in html:
                html = _scrolling(places.with_scopes(html))
            if html:
                output.data = {"text/html": html}


def _listed(own: Exercise) -> str:
    """Return an exercise as an item of a list that leads to its section."""
    where = f"[{own.section}](#{own.section.replace(' ', '-')})"
    minutes = own.minutes + own.home
    return f"* **{own.id} {own.title}** ({LEVELS[own.level][0]}, {minutes} minutes): {where}"


def items(text: str) -> list[str]:
    """Return the items of the lists of a text, each by its first line."""
    return re.findall(r"^(?:\d+\.|\*) .*", text, flags=re.M)


def demote_headings(cells: Sequence[NotebookNode]) -> None:
    """Leave a page one heading of the first level, and no step down of two levels."""
    shift = level = 0
    for cell in cells:
        if cell.cell_type == "markdown":
            lines = cell.source.split("\n")
            for number, line in enumerate(lines):
                if found := HEADING.fullmatch(line):
                    depth = len(found[1])
                    shift = 1 if level and depth == 1 else shift
                    level = min(depth + shift, level + 1)
                    lines[number] = f"{'#' * level} {found[2]}"
            cell.source = "\n".join(lines)


def ledger_link(source: str, exhibit: str, up: str = "") -> str:
    """Return the link to an exhibit's rows in the ledger."""
    query = urlencode({"source": source, "exhibit": exhibit})
    return f'<a href="{up}ledger.html?{escape(query)}">{escape(exhibit)}</a>'


def _to_ledger(source: str, exhibits: Sequence[str]) -> str:
    """Return the way back from a notebook cell to its numbers in the ledger."""
    links = ", ".join(ledger_link(source, exhibit, "../") for exhibit in exhibits)
    if len(exhibits) > MANY:
        summary = f"In the ledger: {len(exhibits)} exhibits"
        return f'<details class="to-ledger"><summary>{summary}</summary>{links}</details>'
    return f'<p class="to-ledger">In the ledger: {links}</p>'


def _to_conclusions(source: str, ids: Sequence[str]) -> str:
    """Return the way back from a notebook cell to the page of conclusions."""
    links = ", ".join(
        f'<a href="../conclusions.html#{places.conclusion_anchor(source, id)}">{escape(id)}</a>'
        for id in ids
    )
    return f'<p class="to-conclusions">Among the conclusions: {links}</p>'


def _scrolling(html: str) -> str:
    """Let a wide table scroll in a box of its own."""
    return f'<div class="scroll">{html}</div>'


def _output(html: str) -> NotebookNode:
    output: NotebookNode = nbformat.v4.new_output("display_data", data={"text/html": html})
    return output


def jupyter_slug(heading: str) -> str:
    """Return the anchor that Jupyter gives a heading.

    Examples
    --------
    >>> jupyter_slug("What did not reproduce?")
    'What-did-not-reproduce?'
    """
    return heading.strip().replace(" ", "-")
