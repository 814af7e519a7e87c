"""What-if assumptions can be set from outside, as tools that run notebooks with parameters do."""

from __future__ import annotations

import ast

import nbformat
import pandas as pd
import pytest

from compendium.project import Project

NOTEBOOKS = Project().notebook_files[:6]


def parameters_of(notebook) -> int:
    """Return the place of the one cell of assumptions: such tools know no second one."""
    tagged = [
        place
        for place, cell in enumerate(notebook.cells)
        if "parameters" in cell.metadata.get("tags", [])
    ]
    assert len(tagged) == 1
    return tagged[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_assumptions_stand_in_one_cell_a_line_each(path):
    notebook = nbformat.read(path, as_version=4)
    source = notebook.cells[parameters_of(notebook)].source
    for statement in ast.parse(source).body:
        assert isinstance(statement, ast.Assign)
        assert [type(target) for target in statement.targets] == [ast.Name]
        # What is set from outside is a value, not something to be computed.
        ast.literal_eval(statement.value)


def shown(source: str, scope: dict[str, object]) -> str:
    """Run a cell in this process, and return its last line's value as a notebook shows it."""
    *others, last = ast.parse(source).body
    exec(compile(ast.Module(others, []), "cell", "exec"), scope)
    # In a notebook a table is as wide as its page, whatever the terminal.
    with pd.option_context("display.max_columns", 20, "display.width", 80):
        return repr(eval(compile(ast.Expression(last.value), "cell", "eval"), scope))


def test_one_changed_assumption_changes_the_result(capsys):
    (path,) = (path for path in NOTEBOOKS if path.stem.endswith("synthesis"))
    notebook = nbformat.read(path, as_version=4)
    place = parameters_of(notebook)
    scope: dict[str, object] = {}
    for cell in notebook.cells[: place + 1]:
        if cell.cell_type == "code" and "figures.keep" not in cell.source:
            exec(cell.source, scope)
    result = notebook.cells[place + 1]
    capsys.readouterr()
    assert shown(result.source, scope) == result.outputs[-1].data["text/plain"]
    said = capsys.readouterr().out
    # As tools do: the changed value comes behind the cell of assumptions, and overrides it.
    scope["return_rate"] = 0.04
    assert shown(result.source, scope) != result.outputs[-1].data["text/plain"]
    assert capsys.readouterr().out == said == result.outputs[0].text
