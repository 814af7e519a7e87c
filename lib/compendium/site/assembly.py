"""Put the sources of the site together under ``build/`` and let Sphinx make pages of them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path

import nbformat

from compendium.page.descriptors import PACKAGE
from compendium.page.files import DataError
from compendium.project import PlainError, Project, write_in_one_move
from compendium.site import citation, conclusions, examples, parts, reference, search
from compendium.site.chapters import relinked
from compendium.site.gallery import Figure
from compendium.site.pages import FIGURES, Page
from compendium.site.settings import Settings, settings
from compendium.verdict import report

__all__ = ["build", "stage"]

#: What the theme leaves behind and no page asks for.
LEFTOVERS = (
    "_static/**/*.map",
    "_static/webpack-macros.html",
    "_static/scripts/fontawesome.js*",
    "_static/vendor/**/*.*",
    ".buildinfo",
)
#: Scripts that a page asks for and does without: icons are drawn by style, and search has a page of
#: its own.
NEEDLESS = re.compile(
    r'\s*<script[^>]* src="[^"]*(?:fontawesome|searchtools|language_data'
    r"|searchindex|doctools|sphinx_highlight)"
    r'\.js[^"]*"[^>]*></script>'
)
#: In the theme's style, the font of icons and the place in it of each.
ICONS = re.compile(r'@font-face\{[^}]*Font Awesome[^}]*\}|(?:\.fa-[\w-]+,?)+\{--fa:"[^"]*"\}')
#: The theme measures every box that may scroll once the page is there, which lays out what nobody
#: has come to yet; `site.js` does so as they come near.
MEASURING = re.compile(
    r'"complete"===document\.readyState\?(\w)\(\):\w+\.addEventListener\("load",\1\)'
)
#: How a page looks before the theme's script has come: it would know no more than that the browser
#: decides, and all of the page would be styled twice.
UNDECIDED = 'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";'
DECIDED = (
    "document.documentElement.dataset.theme = /^(light|dark)$/.exec(localStorage.getItem('mode'))"
    "?.[0] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');"
)
#: A link of a heading to itself: for the mouse alone, or the keyboard would stop at each.
HEADERLINK = '<a class="headerlink"'
#: What folds the pages of a notebook in the list beside a page: the theme gives it no name.
TOGGLE = '<summary><span class="toctree-toggle"'
#: Pages and their looks for a compendium that has none of its own under ``docs/``.
TEMPLATE = Path(__file__).parent / "template"


def build(project: Project) -> int:
    """Build the site into ``build/site`` and return Sphinx's exit status.

    Warnings are errors; what a page refers to must exist.
    """
    # Only the extra `site` brings Sphinx and what reads styles; the other commands do without.
    from sphinx.cmd.build import build_main

    from compendium.site import font, styles

    sources, target = project.build / "docs", project.build / "site"
    shutil.rmtree(target, ignore_errors=True)
    stage(project, sources)
    if plots := settings(project).plots:
        examples.write(sources, plots)
    strict = ["--fail-on-warning", "--keep-going", "--nitpicky"]
    caches = ["--doctree-dir", str(project.build / "doctrees"), "--fresh-env"]
    status = build_main([*strict, *caches, "--quiet", "--jobs", "2", str(sources), str(target)])
    for leftover in LEFTOVERS:
        for path in target.glob(leftover):
            path.unlink()
    for path in target.glob("_static/styles/*.css"):
        path.write_text(ICONS.sub("", path.read_text("utf8")), "utf8")
    for path in target.glob("_static/scripts/*-theme.js"):
        path.write_text(MEASURING.sub("0", path.read_text("utf8")), "utf8")
    for path in target.rglob("*.html"):
        text = path.read_text("utf8")
        text = text.replace(HEADERLINK, f'{HEADERLINK} tabindex="-1"')
        text = text.replace(TOGGLE, TOGGLE.replace("<summary", '<summary aria-label="its pages"'))
        text = text.replace(UNDECIDED, DECIDED)
        path.write_text(NEEDLESS.sub("", text), "utf8")
    styles.join(target)
    font.write(target)
    return status


def stage(project: Project, target: Path) -> None:
    """Put the sources of the site together, from what is committed.

    Where the compendium has a ``docs/``, its pages are added to those that every site has, and
    stand for them where they have the same name.

    Parameters
    ----------
    project : Project
        The checkout.
    target : Path
        The folder to write; what it held before is gone.

    Raises
    ------
    PlainError
        If nothing is committed that a site could show.
    """
    if not project.ledger.exists() or not project.notebook_files:
        raise PlainError(
            "There is nothing to show yet: compendium reproduce and compendium accept first."
        )
    told = settings(project)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(TEMPLATE, target)
    docs = project.root / "docs"
    if docs.is_dir():
        shutil.copytree(docs, target, dirs_exist_ok=True)
    pages = [Page(path, project) for path in project.notebook_files]
    sections = {way: name for page in pages for way, name in page.sections.items()}
    for page in pages:
        for name, notebook in page.copies(sections):
            write_in_one_move(target / f"{name}.ipynb", nbformat.writes(notebook))
    made = {
        "generated/sources.md": parts.sources(project, pages),
        "generated/notebooks.md": _toctree(page.path.stem for page in pages),
        "generated/verdicts.md": parts.verdicts(project),
        "generated/errata.md": parts.errata(pages),
        "generated/conclusions.md": conclusions.table(project, pages),
        "generated/figures.md": _gallery(pages),
        "generated/equations.md": parts.equations(project, pages),
        "_static/printed.css": report.STYLE.removeprefix("<style>").removesuffix("</style>"),
        "_static/ledger-data.js": parts.ledger_data(project, pages),
        "site.json": json.dumps(asdict(told) | {"facts": parts.facts(project)}),
        **_of_this_one(project, told, pages, target),
    }
    for name, text in made.items():
        write_in_one_move(target / name, text + "\n")
    for path in target.rglob("*.md"):
        _relink(path, target, sections)
    index = search.index(project, pages, target, told.documented)
    write_in_one_move(target / "_static" / "search-index.js", index)
    _copy_downloads(project, pages, target / "extra" / "downloads")


def _relink(path: Path, top: Path, sections: Mapping[tuple[str, str], str]) -> None:
    """Let the links of a page to sections of notebooks lead to the chapters that have them."""
    here = path.relative_to(top).as_posix()
    # What is generated is included in a page at the top, or beside the notebooks.
    here = here.removeprefix("generated/")
    text = path.read_text("utf8")
    # In a checkout the notebooks lie beside the folder of the pages, on the site in it.
    below = text
    if "/" not in here:
        below = text.replace("](../notebooks/", "](notebooks/")
    elif here.startswith("notebooks/"):
        below = text.replace("](../../notebooks/", "](")
    if (changed := relinked(below, here, sections)) != text:
        write_in_one_move(path, changed)


def _of_this_one(
    project: Project, told: Settings, pages: Sequence[Page], target: Path
) -> dict[str, str]:
    """Return the parts that a compendium has if it brings what they are made from."""
    made = {}
    if (target / "map.md").exists():
        made["map.md"] = parts.exhibit_map(project)
    if (project.root / "CITATION.cff").exists():
        made["generated/citations.md"] = citation.citations(project.root / "CITATION.cff")
    if told.front_figure:
        made["generated/front_figure.md"] = _front_figure(told.front_figure, pages)
    if told.documented:
        made["generated/modules.md"] = reference.write(target / "api", told.documented)
        names = [path.stem for path in _library_pages(target)]
        made["generated/more.md"] = _toctree(names + (["plots"] if told.plots else []))
    return made


def _toctree(names: Iterable[str]) -> str:
    return "```{toctree}\n:maxdepth: 1\n\n" + "\n".join(names) + "\n```"


def _library_pages(sources: Path) -> list[Path]:
    """Return the pages that stand beside the reference."""
    found = ("map", "equations", "extras")
    return [path for name in found for path in sources.glob(f"{name}.md")]


def _front_figure(name: str, pages: Sequence[Page]) -> str:
    """Return the figure of the home page, with the way to how it is computed."""
    figure = next((f for page in pages for f in page.figures if f.name == name), None)
    if figure is None:
        raise DataError(f"{PACKAGE}, site, frontFigure: no notebook draws {name!r}")
    way = f'<a href="{figure.drawn_at}">How this figure is computed</a>'
    caption = f"{escape(figure.alt)} {way}"
    html = f"<figure>{figure.html(FIGURES)}<figcaption>{caption}</figcaption></figure>"
    return f"```{{raw}} html\n{html}\n```"


def _gallery(pages: Sequence[Page]) -> str:
    """Return the figures of every notebook, under its name."""
    lines: list[str] = []
    for page in pages:
        if entries := [figure.entry(page.slug, FIGURES) for figure in page.figures]:
            # The first source's stand open, and each other's where a reader asks for them.
            fold = f"<details{'' if lines else ' open'}><summary>{len(entries)} figures</summary>"
            lines += [f"## {page.short}\n", "```{raw} html", fold, '<div class="gallery">']
            lines += [*entries, "</div></details>", "```", ""]
    return "\n".join(lines) or "None is drawn."


def _copy_downloads(project: Project, pages: Sequence[Page], target: Path) -> None:
    """Put what a reader may take away beside the pages: notebooks, data, figures."""
    shutil.copytree(project.data, target / "data")
    for page in pages:
        write_in_one_move(target / "notebooks" / page.path.name, page.path.read_bytes())
        for figure in page.figures:
            _copy_figure(figure, target / "figures")


def _copy_figure(figure: Figure, target: Path) -> None:
    write_in_one_move(target / f"{figure.name}.svg", figure.path.read_bytes())
    write_in_one_move(target / f"{figure.name}.png", figure.picture)
