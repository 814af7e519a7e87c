"""What-if assumptions can be set from outside, as tools that run notebooks with parameters do."""

from __future__ import annotations

import ast
import contextlib
import io

import IPython.display
import matplotlib.pyplot as plt
import nbformat
import pytest

from compendium import figures
from compendium.course.fixtures import fixtures, statements, uses
from compendium.project import Project

NOTEBOOKS = Project().notebook_files[:6]
#: One assumption of each notebook, changed.
CHANGED = {
    "1_world_bank": "interest_rate = 0.08",
    "2_shan": "interest_rate = 0.045",
    "3_guo_wang": "standard_share = 0.85",
    "4_xuan": "interest_rate = 0.06",
    "5_yuan": "fine = 20_000",
    "6_synthesis": "return_rate = 0.04",
}


def parameters_of(notebook) -> int:
    """Return the place of the one cell of assumptions: such tools know no second one."""
    tagged = [
        place
        for place, cell in enumerate(notebook.cells)
        if "parameters" in cell.metadata.get("tags", [])
    ]
    assert len(tagged) == 1
    return tagged[0]


def shown_by(source: str, space: dict[str, object]) -> str:
    """Run a cell and return what it prints and displays, as a notebook would."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "cell", "exec"), space)
        if last is not None:
            print(eval(compile(ast.Expression(last.value), "cell", "eval"), space))
    return printed.getvalue()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_assumptions_stand_in_one_cell_a_line_each(path):
    notebook = nbformat.read(path, as_version=4)
    source = notebook.cells[parameters_of(notebook)].source
    for statement in ast.parse(source).body:
        assert isinstance(statement, ast.Assign)
        assert [type(target) for target in statement.targets] == [ast.Name]
        # What is set from outside is a value, not something to be computed.
        ast.literal_eval(statement.value)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_changed_assumption_changes_the_result(path, monkeypatch):
    monkeypatch.setattr(figures, "keep", lambda figure, name, alt="": plt.close(figure))
    monkeypatch.setattr(IPython.display, "display", print)
    monkeypatch.chdir(path.parent)
    notebook = nbformat.read(path, as_version=4)
    place = parameters_of(notebook)
    assumed = notebook.cells[place].source
    what_if = next(c.source for c in notebook.cells[place + 1 :] if c.cell_type == "code")
    notebook.cells = notebook.cells[:place]
    space: dict[str, object] = {}
    exec(fixtures(statements(notebook), uses(f"{assumed}\n{what_if}")), space)
    # The changed value stands behind the others, and overrides them.
    as_given, changed = (
        shown_by(f"{assumed}\n{more}\n{what_if}", dict(space)) for more in ("", CHANGED[path.stem])
    )
    assert as_given.strip()
    assert changed != as_given
