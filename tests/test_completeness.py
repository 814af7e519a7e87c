"""Nothing is left out: notebooks, functions, figures and citations each lead somewhere."""

from __future__ import annotations

import ast
import calendar
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence

import nbformat
import pytest
import yaml

import housing
from compendium.page.descriptors import sources
from compendium.project import Project

PROJECT = Project()
README = (PROJECT.root / "README.md").read_text("utf8")
NOTEBOOKS = PROJECT.notebook_files
CELLS = {path.stem: nbformat.read(path, as_version=4).cells for path in NOTEBOOKS}
TREES = [
    ast.parse(cell.source) for cells in CELLS.values() for cell in cells if cell.cell_type == "code"
]
TEXTS = [cell.source for cells in CELLS.values() for cell in cells if cell.cell_type == "markdown"]


# Notebooks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", CELLS)
def test_every_notebook_is_in_the_readme(notebook):
    assert notebook in README


# Functions ---------------------------------------------------------------------------------------


def public_functions() -> dict[str, object]:
    modules = [
        importlib.import_module(f"housing.{found.name}")
        for found in pkgutil.iter_modules(housing.__path__)
        if not found.name.startswith("_")
    ]
    named = {
        f"{module.__name__}.{name}": getattr(module, name)
        for module in modules
        for name in module.__all__
    }
    return {name: thing for name, thing in named.items() if inspect.isfunction(thing)}


FUNCTIONS = public_functions()


def used(cells: Sequence[nbformat.NotebookNode]) -> Iterator[object]:
    """Yield what a notebook's code takes from `housing`, by whatever name."""
    tree = ast.parse("\n".join(cell.source for cell in cells if cell.cell_type == "code"))
    taken = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("housing")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in taken:
            module, name = taken[node.id]
            if hasattr(importlib.import_module(module), name):
                yield getattr(importlib.import_module(module), name)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in taken
        ):
            module = ".".join(taken[node.value.id])
            yield getattr(importlib.import_module(module), node.attr)


def extras() -> dict[str, str]:
    """Return the functions that ``docs/extras.md`` names, with its reason for each."""
    found, module = {}, ""
    for line in (PROJECT.root / "docs" / "extras.md").read_text("utf8").splitlines():
        if heading := re.fullmatch(r"## `(housing\.\w+)`", line):
            module = heading[1]
        if entry := re.fullmatch(r"\* `(\w+)`: (.+)", line):
            found[f"{module}.{entry[1]}"] = entry[2]
    return found


def unused_by(notebooks: Iterable[str]) -> set[str]:
    seen = {id(thing) for notebook in notebooks for thing in used(CELLS[notebook])}
    return {name for name, thing in FUNCTIONS.items() if id(thing) not in seen}


def test_a_function_is_used_by_a_notebook_or_named_as_an_extra():
    assert unused_by(CELLS) <= set(extras())


def test_an_extra_is_none_that_the_five_or_their_synthesis_use():
    """A later source may use it: that it does changes nothing on the page."""
    assert set(extras()) <= unused_by(notebook for notebook in CELLS if notebook[0] in "123456")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_its_arguments_results_errors_and_an_example(name):
    for part in ("Parameters\n", "Returns\n", "Raises\n", "Examples\n"):
        assert part in (inspect.getdoc(FUNCTIONS[name]) or "")


# Figures -----------------------------------------------------------------------------------------


FIGURES = {path.stem: path for path in sorted(PROJECT.figures.glob("*.svg"))}


def shown() -> set[str]:
    """Return the names of the figures that the notebooks keep."""
    return {
        ast.literal_eval(node.args[1])
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "figures.keep"
    }


def test_every_figure_is_shown_by_a_notebook_and_every_one_shown_is_there():
    assert shown() == set(FIGURES)


def test_no_words_are_of_a_figure_that_is_gone():
    words = tomllib.loads((PROJECT.figures / "alt.toml").read_text("utf8"))
    assert words.keys() <= shown()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_shows_to_those_who_cannot_see_it(name):
    written = re.search(
        r"<dc:description>(.+?)</dc:description>", FIGURES[name].read_text("utf8"), re.DOTALL
    )
    assert len(written[1]) > 60


def test_every_figure_is_in_the_map():
    leads = (PROJECT.root / "docs" / "map.md").read_text("utf8")
    assert set(re.findall(r"figures/(\w+)\.svg", leads)) == set(FIGURES)


# Citations ---------------------------------------------------------------------------------------


REFERENCES = yaml.safe_load((PROJECT.root / "CITATION.cff").read_text("utf8"))["references"]
NAME = r"[A-Z][\w'.-]+"
AUTHORS = rf"{NAME}(?:(?:,| and| &|, and)? {NAME})*"
CITED = re.compile(rf"({AUTHORS}) \((\d{{4}}|undated)\)|\(({AUTHORS}),? (\d{{4}})\)")


def citations(text: str) -> set[tuple[str, str]]:
    """Return author and year of each work that a text cites as A (year) or (A year)."""
    found = ((m[1] or m[3], m[2] or m[4]) for m in CITED.finditer(" ".join(text.split())))
    return {(who, year) for who, year in found if who not in calendar.month_name}


def resolves(who: str, year: str, reference: dict) -> bool:
    """Tell whether a citation names every author of a reference, and its year."""
    names = [author.get("family-names") or author["name"] for author in reference["authors"]]
    words = set(re.findall(r"[\w-]+", who))
    return year == str(reference.get("year", "undated")) and all(
        set(re.findall(r"[\w-]+", name)) <= words for name in names
    )


def docstrings() -> Iterator[str]:
    for path in sorted((PROJECT.root / "lib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield ast.get_docstring(node) or ""


@pytest.fixture(scope="module")
def cited() -> set[tuple[str, str]]:
    return set().union(*map(citations, [README, *TEXTS, *docstrings()]))


def test_every_citation_resolves(cited):
    """In the list of references, or to a source: each says itself how it is cited."""
    assert len(cited) >= len(REFERENCES)
    own = {pair for cite in sources(PROJECT).values() for pair in citations(cite)}
    unknown = {
        (who, year)
        for who, year in cited - own
        if not any(resolves(who, year, reference) for reference in REFERENCES)
    }
    assert unknown == set()


def test_every_reference_is_cited(cited):
    assert [
        reference["title"]
        for reference in REFERENCES
        if not any(resolves(who, year, reference) for who, year in cited)
    ] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as Stone (2006) means it", {("Stone", "2006")}),
        (
            "Xuan, M., Yazdanpanah, S. and Kim, J.-H. (2020)",
            {("Xuan, M., Yazdanpanah, S. and Kim, J.-H.", "2020")},
        ),
        ("sales (Dubin 1992) of", {("Dubin", "1992")}),
        ("a paper (December 2016), the stock (1988), in 1990 (1985)", set()),
    ],
)
def test_a_citation_is_told_from_a_date(text, found):
    assert citations(text) == found
