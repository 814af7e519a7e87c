"""What-if assumptions can be set from outside, as tools that run notebooks with parameters do."""

from __future__ import annotations

import ast
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from compendium.project import ROOT_VARIABLE, Project
from compendium.run.notebooks import execute

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


def test_one_changed_assumption_changes_the_result(tmp_path):
    (path,) = (path for path in NOTEBOOKS if path.stem.endswith("synthesis"))
    notebook = nbformat.read(path, as_version=4)
    place = parameters_of(notebook)
    before = notebook.cells[place + 1].outputs
    # The changed value stands in a cell of its own behind the others, and overrides them.
    notebook.cells[place + 1 : place + 1] = [new_code_cell("return_rate = 0.04")]
    notebook.cells = notebook.cells[: place + 3]
    nbformat.write(notebook, tmp_path / path.name)
    shutil.copytree(Project().data, tmp_path / "data")
    (outcome,) = execute(
        [tmp_path / path.name], tmp_path / "run", environment={ROOT_VARIABLE: str(tmp_path)}
    )
    assert outcome.error == ""
    after = nbformat.read(tmp_path / "run" / path.name, as_version=4).cells[-1].outputs
    assert [output.output_type for output in after] == [output.output_type for output in before]
    assert after[-1].data["text/plain"] != before[-1].data["text/plain"]
