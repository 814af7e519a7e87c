"""Made-up notebooks, and running them where a test is not about kernels."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from compendium.project import Project, write_in_one_move
from compendium.run.notebooks import Outcome


def in_this_process(paths, target, *, progress, finished):
    """Do what `execute` does, without a kernel to wait for."""
    outcomes = []
    for path in paths:
        notebook, error, scope = nbformat.read(path, as_version=4), "", {}
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for number, cell in enumerate(code, start=1):
            cell.execution_count = number
            said = io.StringIO()
            try:
                with redirect_stdout(said):
                    exec(cell.source, scope)
            except ArithmeticError as failure:
                error = f"cell {number}: {failure}"
            cell.outputs = [new_output("stream", text=said.getvalue())]
        write_in_one_move(target / path.name, nbformat.writes(notebook))
        outcomes.append(Outcome(path.stem, 0.0, error))
        finished(outcomes[-1])
    return outcomes


def write(project: Project, name: str, *cells: str) -> Path:
    path = project.notebooks / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    return path


LEDGER = """
from compendium.verdict import ledger
from compendium.project import Project
row = ledger.Row("toy", "Table 1", "1990", "a", "2", "", "", {value!r}, "", {verdict!r}, "")
ledger.write(Project().build / "ledger" / "toy.csv", [row])
"""
FIGURE = """
from compendium.project import Project, write_in_one_move
write_in_one_move(Project().build / "figures" / "a.svg", '<svg><path d="M {} 0"/></svg>')
print("drawn")
"""


def counted(project: Project, value: str = "2.0", verdict: str = "exact", x: float = 1.0) -> None:
    """Write a notebook that leaves a ledger of one number and a figure of one line."""
    write(project, "1_toy", LEDGER.format(value=value, verdict=verdict), FIGURE.format(x))


def committed(project: Project) -> dict[str, bytes]:
    """Return every file that is not a run's."""
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and "build" not in path.parts
    }
