"""What the README says is so: its example runs; and every page for readers leads on.

So do the places that CONTRIBUTING names.
"""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import pkgutil
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest
from tests.documents import DOCUMENTS

import housing
from compendium.project import Project

PROJECT = Project()
ROOT = PROJECT.root
README, MAP = ROOT / "README.md", ROOT / "docs" / "map.md"
TEACH = ROOT / "docs" / "teach.md"
PAGES = [MAP, TEACH, *(page.path for page in DOCUMENTS)]
leading = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
FUNCTIONS = set(re.findall(r"`(housing\.\w+\.\w+)`", MAP.read_text("utf8")))


def links(path: Path) -> list[tuple[Path, str]]:
    """Return where a page leads inside the project: a file, and the heading in it."""
    found = re.findall(r"(?<!`)\]\(([^)#\s]*)#?([^)]*)\)", path.read_text("utf8"))
    return [(place(path, file), anchor) for file, anchor in found if "://" not in file]


def place(page: Path, file: str) -> Path:
    """Return what a link names in a checkout; for the site ways to notebooks are changed."""
    return Path(os.path.normpath(page.parent / file)) if file else page


def test_the_example_gives_what_it_shows():
    results = doctest.testfile(str(README), module_relative=False, encoding="utf8")
    assert results.attempted >= 8
    assert results.failed == 0


def test_every_function_says_what_it_takes_gives_and_refuses_with_an_example():
    assert "says what goes in, what comes out and what is refused, with an example" in " ".join(
        README.read_text("utf8").split()
    )
    for module in pkgutil.iter_modules(housing.__path__, "housing."):
        if module.name.startswith("housing._"):
            continue
        package = importlib.import_module(module.name)
        for name in package.__all__:
            thing = getattr(package, name)
            if inspect.isfunction(thing):
                says = inspect.getdoc(thing) or ""
                for part in ("Parameters\n---", "Returns\n---", "Raises\n---", "\n>>> "):
                    assert part in says, f"{module.name}.{name} has no {part!r}"


@leading
def test_every_local_link_leads_to_a_file(path):
    assert [file for file, _ in links(path) if not file.exists()] == []


@leading
def test_every_section_that_a_link_names_is_a_heading(path):
    for file, anchor in {(file, anchor) for file, anchor in links(path) if anchor}:
        assert anchor in headings(file), file


def test_the_pages_that_lead_into_notebooks_name_sections():
    assert all(any(anchor for _, anchor in links(path)) for path in (README, MAP, TEACH))


@cache
def headings(file: Path) -> list[str]:
    """Return what a link can name: in a notebook as it stands, in a page in small letters."""
    if file.suffix == ".md":
        lines = re.findall(r"^#+ (.+)$", file.read_text("utf8"), re.MULTILINE)
        return [re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines]
    return [
        line.lstrip("# ").replace(" ", "-")
        for cell in nbformat.read(file, as_version=4).cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_or_class_of_the_map_exists(name):
    module, name = name.rsplit(".", 1)
    thing = getattr(importlib.import_module(module), name)
    assert inspect.isfunction(thing) or inspect.isclass(thing)


def test_every_place_to_look_is_there():
    told = (ROOT / "CONTRIBUTING.md").read_text("utf8")
    table = told.partition("## Where to look")[2].partition("\n## ")[0]
    places = re.findall(r"`([^` ]*[/.][^` ]*)`", table)
    assert len(places) > 30
    lost = [place for place in places if not (ROOT / place.replace("<slug>", "shan")).exists()]
    assert lost == []
