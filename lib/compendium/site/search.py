"""What the page of search looks in: exhibits, sections, functions, figures and printed numbers."""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import nbformat

from compendium.project import Project
from compendium.site import reference
from compendium.site.chapters import headings, jupyter_slug
from compendium.site.pages import Page
from compendium.verdict import ledger

__all__ = ["bare", "index"]

#: What may be found, the first first where titles fit equally well.
KINDS = ("exhibit", "section", "function", "figure", "page")
#: Characters of what is said of a thing below its name.
SAID = 90

#: The kind, the title, where it is, and what is said of it.
Entry = tuple[int, str, str, str]


def index(
    project: Project, pages: Sequence[Page], sources: Path, packages: Mapping[str, str]
) -> str:
    """Return the index as a script, which a page can read without a server.

    Parameters
    ----------
    project : Project
        The checkout.
    pages : sequence of Page
        Its notebooks.
    sources : Path
        The staged pages.
    packages : mapping of str
        The packages that the reference documents.
    """
    entries = [
        *(entry for page in pages for entry in _of_notebook(page)),
        *_of_pages(sources),
        *_of_packages(packages),
    ]
    printed = Counter(bare(row.printed) for row in ledger.read(project.ledger))
    told = {"kinds": KINDS, "entries": entries, "numbers": printed}
    return f"window.SEARCH = {json.dumps(told, ensure_ascii=False, separators=(',', ':'))};\n"


def bare(printed: str) -> str:
    """Return a printed number without what sets off its thousands, and without its sign of percent.

    Examples
    --------
    >>> bare("13,967"), bare("8.0 %")
    ('13967', '8.0')
    """
    return re.sub(r"[,%\s]", "", printed)


def _of_notebook(page: Page) -> Iterator[Entry]:
    cells: dict[str, Counter[str]] = {}
    for (exhibit, *_), place in page.places.items():
        cells.setdefault(exhibit, Counter())[place.cell] += 1
    for exhibit, where in cells.items():
        # Where most of its numbers are: the cell that shows it, if one does.
        ((cell, _),) = where.most_common(1)
        count = sum(where.values())
        said = f"{page.short}, {count} number{'s' if count > 1 else ''}"
        yield KINDS.index("exhibit"), exhibit, page.href(cell), said
    for chapter in page.chapters:
        for level, words in headings(chapter.cells):
            at = f"#{jupyter_slug(words)}" if level > 1 else ""
            title = re.sub(r"[*`$]", "", words)
            yield KINDS.index("section"), title, f"{chapter.name}.html{at}", page.short
    for figure in page.figures:
        title = figure.title(page.slug)
        said = f"{page.short}. {_short(figure.alt)}"
        yield KINDS.index("figure"), title, f"figures.html#{figure.name}", said


def _of_pages(sources: Path) -> Iterator[Entry]:
    """Yield the headings of the pages that are no notebooks."""
    for path in sorted(sources.rglob("*.md")):
        name = path.relative_to(sources).with_suffix("").as_posix()
        if name.startswith(("generated/", "extra/")):
            continue
        cell = nbformat.v4.new_markdown_cell(path.read_text("utf8"))
        title = ""
        for level, words in headings([cell]):
            if "{{" not in words:
                at = f"#{jupyter_slug(words)}" if level > 1 else ""
                title = title or words
                yield KINDS.index("page"), words, f"{name}.html{at}", title if at else ""


def _of_packages(packages: Collection[str]) -> Iterator[Entry]:
    for package in packages:
        for module in reference.modules(package):
            for thing in reference.at_home(module, packages):
                name = f"{module.__name__}.{thing}"
                told = (inspect.getdoc(getattr(module, thing)) or "").partition("\n")[0]
                where = f"api/{module.__name__}.html#{name}"
                yield KINDS.index("function"), name, where, _short(told)


def _short(text: str) -> str:
    return textwrap.shorten(text, SAID, placeholder=" ...")
