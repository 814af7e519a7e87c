"""What-if assumptions can be set from outside, as tools that run notebooks with parameters do."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Iterator

import IPython.display
import matplotlib.pyplot as plt
import nbformat
import pytest

from compendium import figures
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


def names_in(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """Return the names that stand in a tree as what is read, or as what is set."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {name.id for name in found if isinstance(name.ctx, context)}


def used_and_set(source: str) -> tuple[set[str], set[str], set[str]]:
    """Return the names that a cell needs from others, that it sets, and of which it sets a part."""
    used, whole, part = set(), set(), set()
    for statement in ast.parse(source).body:
        own = set()  # names of functions, comprehensions and loops, which mean nothing outside
        for node in ast.walk(statement):
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                own |= {entry.arg for entry in ast.walk(node) if isinstance(entry, ast.arg)}
                own |= names_in(node, ast.Store)
            elif isinstance(node, ast.comprehension | ast.For):
                own |= names_in(node.target, ast.Store)
            elif isinstance(getattr(node, "ctx", None), ast.Store) and hasattr(node, "value"):
                part |= names_in(node.value, ast.Load)  # of a subscript or an attribute
        used |= names_in(statement, ast.Load) - own - whole
        whole |= names_in(statement, ast.Store)
        if isinstance(statement, ast.FunctionDef):
            whole.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            whole |= {(one.asname or one.name).partition(".")[0] for one in statement.names}
    return used, whole, part


def needed(sources: list[str], names: set[str]) -> Iterator[str]:
    """Yield, backwards, the cells without which names have not the values that they have."""
    wanted = set(names)
    for source in reversed(sources):
        used, whole, part = used_and_set(source)
        if (whole | part) & wanted:
            wanted = (wanted - whole) | used
            yield source


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
    monkeypatch.setattr(figures, "keep", lambda figure, name, alt: plt.close(figure))
    monkeypatch.setattr(IPython.display, "display", print)
    monkeypatch.chdir(path.parent)
    notebook = nbformat.read(path, as_version=4)
    place = parameters_of(notebook)
    cells = [cell for cell in notebook.cells[place + 1 :] if cell.cell_type == "code"]
    assumed, what_if = notebook.cells[place].source, cells[0].source
    before = [cell.source for cell in notebook.cells[:place] if cell.cell_type == "code"]
    space: dict[str, object] = {}
    for source in [*needed(before, used_and_set(what_if)[0])][::-1]:
        shown_by(source, space)
    # The changed value stands behind the others, and overrides them.
    as_given, changed = (
        shown_by(f"{assumed}\n{more}\n{what_if}", dict(space)) for more in ("", CHANGED[path.stem])
    )
    assert as_given.strip()
    assert changed != as_given
