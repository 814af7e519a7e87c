"""Notebooks are committed executed, in order, without warnings or machine paths, and small."""

from __future__ import annotations

import ast
import inspect
import sys
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from compendium.course.fixtures import Statement, uses
from compendium.project import Project
from compendium.run.notebooks import execute, faults
from housing import plots, report

NOTEBOOKS = sorted(Project().notebooks.glob("*.ipynb"))
#: Lines of code that a notebook may have without its solutions, those of one cell, and those of all
#: cells that draw in all notebooks.
MOST_LINES = {"1_world_bank": 5_500}
LONGEST_CELL = 60
DRAWING = 1_000
#: Each figure has its own, in its cell alone.
AXES = {"ax", "axes", "fig", "left", "lower", "right", "upper"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_has_no_fault(path):
    assert faults(path) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_link_of_the_contents_has_its_heading(path):
    cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"]
    lines = [line for cell in cells for line in cell.splitlines()]
    anchors = {line.lstrip("#").strip().replace(" ", "-") for line in lines if line.startswith("#")}
    links = {part.split(")")[0] for line in lines for part in line.split("](#")[1:]}
    assert links
    assert links <= anchors


def test_their_format_comes_without_grammars_that_nothing_asks_for():
    """Those of addresses take longer to build than all else that a start does."""
    assert sys.modules["rfc3987_syntax"] is None


def code_of(path: Path) -> list[str]:
    """Return the cells of code that a reader meets: the solutions are folded."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [cell.source for cell in code if "solution" not in cell.metadata.get("tags", [])]


def test_each_picture_of_the_library_is_drawn_by_a_notebook_or_the_report_to_a_council():
    of_report = Path(inspect.getsourcefile(report)).read_text("utf8")
    drawing = "\n".join([of_report, *(cell for path in NOTEBOOKS for cell in code_of(path))])
    assert [name for name in plots.__all__ if f"plots.{name}(" not in drawing] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_can_be_held(path):
    lengths = [len(cell.splitlines()) for cell in code_of(path)]
    assert sum(lengths) <= MOST_LINES.get(path.stem, 1_500)
    assert max(lengths) <= LONGEST_CELL


def test_pictures_are_drawn_by_the_library():
    cells = [cell for path in NOTEBOOKS for cell in code_of(path) if "figures.keep(" in cell]
    assert sum(len(cell.splitlines()) for cell in cells) <= DRAWING


def meanings(cells: list[str]) -> tuple[dict[str, set[object]], dict[str, set[object]]]:
    """Return the meanings of each name: those outside of loops, and all of them.

    A cell gives a name a meaning by binding it or by changing what it stands for; an import gives
    the same one wherever it stands. What a loop binds is meant for the loop.
    """
    outside, everywhere = defaultdict(set), defaultdict(set)
    for number, cell in enumerate(cells):
        for node in ast.parse(cell).body:
            statement = Statement(node, "", number)
            for name in statement.makes:
                meaning = statement.imports.get(name, number)
                everywhere[name].add(meaning)
                if not isinstance(node, ast.For):
                    outside[name].add(meaning)
    return outside, everywhere


def several(names: dict[str, set[object]]) -> set[str]:
    return {name for name, found in names.items() if len(found) > 1}


def test_what_a_name_means_is_found():
    cells = ["import a\nfor b in c:\n    d = b\ne = 1", "import a\nb = 2\ne['f'] = 3\nd = 4"]
    outside, everywhere = meanings(cells)
    assert several(outside) == {"e"}
    assert several(everywhere) == {"b", "d", "e"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_name_has_one_meaning(path):
    cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    outside, everywhere = meanings(cells)
    assert several(outside) <= AXES
    # Run a second time, a cell must not find what a cell below it has left behind.
    assert several(everywhere) & set().union(*map(uses, cells)) == set()


def stored(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    path = folder / "notebooks" / "9_toy.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def code(source: str, count: int | None = 1, **output: object) -> nbformat.NotebookNode:
    outputs = [new_output("stream", **output)] if output else []
    return new_code_cell(source, execution_count=count, outputs=outputs)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (code("1 + 1", None, text="2"), "not executed in order"),
        (code("1 + 1", 2, text="2"), "not executed in order"),
        (code("1 + 1"), "no outputs stored"),
        (code("warn()", name="stderr", text="careful"), "cell 1: a warning: careful"),
        (code("here()", text="see /home/someone/x"), "cell 1: a path of the machine"),
        (
            new_code_cell("1/0", execution_count=1, outputs=[new_output("error", ename="E")]),
            "cell 1: an error",
        ),
        (code("print('x' * 10**6)", text="x" * 1_700_000), "1.7 MB without solutions: too large"),
    ],
)
def test_each_fault_is_found(tmp_path, cell, fault):
    assert any(found.startswith(fault) for found in faults(stored(tmp_path, cell)))


def test_the_path_of_the_checkout_is_a_fault(tmp_path):
    path = stored(tmp_path, code("here()", text=str(tmp_path)))
    assert any("path of" in found for found in faults(path))


def test_a_failing_notebook_stops_no_other_and_is_written_up_to_its_error(tmp_path):
    good, bad = stored(tmp_path, code("print(6 * 7)", None)), tmp_path / "notebooks" / "8_bad.ipynb"
    nbformat.write(new_notebook(cells=[code("x = 1", None), code("x / 0", None)]), bad)
    seen = []
    outcomes = execute([bad, good], tmp_path / "run", finished=seen.append)
    assert [outcome.error for outcome in outcomes] == [
        "cell 2 (x / 0): ZeroDivisionError: division by zero",
        "",
    ]
    assert {outcome.name for outcome in seen} == {"8_bad", "9_toy"}
    assert "42" in (tmp_path / "run" / "9_toy.ipynb").read_text("utf8")
    assert nbformat.read(tmp_path / "run" / "8_bad.ipynb", as_version=4).cells[0].execution_count


def test_two_runs_of_a_notebook_are_one_file(tmp_path):
    path = stored(tmp_path, code("print(6 * 7)", None))
    for run in ("one", "two"):
        execute([path], tmp_path / run)
    assert (tmp_path / "one" / path.name).read_bytes() == (
        tmp_path / "two" / path.name
    ).read_bytes()
