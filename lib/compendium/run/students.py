"""``compendium students``: copies of the notebooks without solutions and outputs."""

from __future__ import annotations

import argparse

import nbformat

from compendium.notebook import read
from compendium.project import PlainError, Project, write_in_one_move
from compendium.run.notebooks import without_solutions
from compendium.run.screen import console, say

__all__ = ["run"]


def run(project: Project, options: argparse.Namespace) -> int:
    """Write the copies; 1 if a notebook cannot be read, which stops no other."""
    screen, status = console(), 0
    if not project.notebook_files:
        raise PlainError(f"There is no notebook in {project.notebooks}: nothing was written.")
    for path in project.notebook_files:
        try:
            copy = without_solutions(read(path))
        except PlainError as error:
            say(screen, str(error), style="bold red")
            status = 1
            continue
        target = project.build / "students" / path.name
        write_in_one_move(target, nbformat.writes(copy) + "\n")
        say(screen, target.relative_to(project.root).as_posix())
    return status
