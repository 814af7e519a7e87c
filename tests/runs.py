"""Running notebooks where a test is not about kernels."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import nbformat
from nbformat.v4 import new_output

from compendium.project import write_in_one_move
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
