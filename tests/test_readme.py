"""What the README says is so: its example runs; it, the map and the page on teaching lead on.

So do the places that CONTRIBUTING names.
"""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from compendium.project import Project

ROOT = Project().root
README, MAP = ROOT / "README.md", ROOT / "docs" / "map.md"
TEACH = ROOT / "docs" / "teach.md"
leading = pytest.mark.parametrize("path", [README, MAP, TEACH], ids=lambda path: path.name)
FUNCTIONS = set(re.findall(r"`(housing\.\w+\.\w+)`", MAP.read_text("utf8")))


def links(path: Path) -> list[tuple[Path, str]]:
    """Return where a page leads inside the project: a file, and the heading in it."""
    found = re.findall(r"\]\(([^)#]+)#?([^)]*)\)", path.read_text("utf8"))
    return [(path.parent / file, anchor) for file, anchor in found if "://" not in file]


def test_the_example_gives_what_it_shows():
    results = doctest.testfile(str(README), module_relative=False, encoding="utf8")
    assert results.attempted >= 8
    assert results.failed == 0


@leading
def test_every_local_link_leads_to_a_file(path):
    assert [file for file, _ in links(path) if not file.exists()] == []


@leading
def test_every_section_that_a_link_names_is_a_heading_of_its_notebook(path):
    named = {(file, anchor) for file, anchor in links(path) if anchor}
    assert named
    for file, anchor in named:
        assert anchor in headings(file)


@cache
def headings(file: Path) -> list[str]:
    """Return what a link can name in a notebook."""
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
