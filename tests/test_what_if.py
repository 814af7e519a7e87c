"""What-if assumptions can be set from outside, as tools that run notebooks with parameters do."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator

import matplotlib.pyplot as plt
import nbformat
import pytest

from compendium import figures
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


def reads_and_gives(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell has from others, and those that it gives or changes."""
    top = symtable.symtable(source, "cell", "exec")
    gives = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    reads = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    inner = [*top.get_children()]
    while inner:
        table = inner.pop()
        reads |= {s.get_name() for s in table.get_symbols() if s.is_global()}
        inner += table.get_children()
    # An entry of a table, or a column, may be given by another cell than the one that made it.
    entries = (
        node.value.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
    )
    return reads - gives, gives | {*entries}


def needed(notebook, place: int) -> list[str]:
    """Return the code before a place without which the cell behind it would not run."""
    wanted, _ = reads_and_gives(notebook.cells[place + 1].source)
    wanted -= reads_and_gives(notebook.cells[place].source)[1]
    kept = []
    for cell in reversed([cell for cell in notebook.cells[:place] if cell.cell_type == "code"]):
        reads, gives = reads_and_gives(cell.source)
        if wanted & gives:
            wanted = (wanted - (gives - reads)) | reads
            kept.insert(0, cell.source)
    return kept


def others(value: object) -> Iterator[object]:
    """Yield other values that may stand for this one; of words none is known."""
    match value:
        case int():
            yield from (2 * value, value // 2)
        case float():
            yield from (value / 2, 1.2 * value)
        case list():
            yield from (value[:-1], value[1:])
        case dict():
            parts = [*value.values()]
            for turn in range(1, len(parts)):
                yield dict(zip(value, parts[turn:] + parts[:turn], strict=True))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_changed_assumption_changes_the_result(path, monkeypatch, capsys):
    notebook = nbformat.read(path, as_version=4)
    place = parameters_of(notebook)
    monkeypatch.chdir(path.parent)
    monkeypatch.setattr(figures, "keep", lambda figure, *_, **__: plt.close(figure))
    space: dict[str, object] = {"display": print}
    for source in needed(notebook, place):
        exec(source, space)
    steps = ast.parse(notebook.cells[place + 1].source).body
    shows = ast.parse("None", mode="eval")
    if isinstance(steps[-1], ast.Expr):
        shows = ast.Expression(steps.pop().value)
    assumptions = notebook.cells[place].source

    def result(source: str) -> str:
        own = dict(space)
        exec(source, own)
        capsys.readouterr()
        exec(compile(ast.Module(steps, []), path.stem, "exec"), own)
        shown = eval(compile(shows, path.stem, "eval"), own)
        return f"{shown}{capsys.readouterr().out}"

    before = result(assumptions)

    def changes(name: str, other: object) -> bool:
        try:
            return result(f"{assumptions}\n{name} = {other!r}") != before
        except ValueError:
            # Of two limits one must not be above the other.
            return False

    for statement in ast.parse(assumptions).body:
        (name,) = (target.id for target in statement.targets)
        value = ast.literal_eval(statement.value)
        assert isinstance(value, str) or any(changes(name, other) for other in others(value)), name
