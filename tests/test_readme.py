"""What the README says is so: its example runs, its map leads somewhere."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re

import nbformat
import pytest

from compendium.project import Project

ROOT = Project().root
README = (ROOT / "README.md").read_text("utf8")


def test_the_example_gives_what_it_shows():
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert results.attempted >= 8
    assert results.failed == 0


def test_every_local_link_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", README)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_section_of_the_map_is_a_heading_of_its_notebook():
    for name, anchor in re.findall(r"\((notebooks/[^)#]+)#([^)]+)\)", README):
        cells = nbformat.read(ROOT / name, as_version=4).cells
        headings = [
            line.lstrip("# ").replace(" ", "-")
            for cell in cells
            if cell.cell_type == "markdown"
            for line in cell.source.splitlines()
            if line.startswith("#")
        ]
        assert anchor in headings


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(housing\.\w+\.\w+)`", README))))
def test_every_function_or_class_of_the_map_exists(path):
    module, name = path.rsplit(".", 1)
    thing = getattr(importlib.import_module(module), name)
    assert inspect.isfunction(thing) or inspect.isclass(thing)
