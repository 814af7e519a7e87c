"""``compendium test``: the one list of checks, which make and every workflow call."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from contextlib import ExitStack
from importlib.util import find_spec

from compendium.project import PlainError, Project
from compendium.run.reproduce import clear, gather, reproduce
from compendium.run.screen import console, say
from compendium.run.surroundings import apart

__all__ = ["NOTEBOOKS", "STYLE", "TESTS", "UNLOCKED", "run"]

STYLE = ("ruff check .", "ruff format --check .")
#: One process for long, so that it runs beside the notebooks.
TYPES = "mypy"
#: The notebooks, cell by cell against their stored outputs. It is a run as well: each closes its
#: account and keeps its figures, which the tests then hold against the committed ones.
NOTEBOOKS = "pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks"
#: Examples and tests.
TESTS = "pytest -n 2 --dist loadscope lib tests"
#: Under other versions nothing is compared but verdicts; what old versions deprecate of each other
#: is not our warning.
UNLOCKED = f"{TESTS} -m 'not locked' -W default::DeprecationWarning"
#: What the checks import, beside what a run does.
NEEDED = ("mypy", "nbval", "pytest", "ruff", "xdist")


def run(project: Project, options: argparse.Namespace) -> int:
    """Run the notebooks, and check until something fails; 1 if it does."""
    for name in NEEDED:
        if find_spec(name) is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if not (project.root / "tests").is_dir():
        raise PlainError(f"There are no tests in {project.root}: nothing was checked.")
    if not project.notebook_files:
        raise PlainError(f"There is no notebook in {project.notebooks}: nothing was checked.")
    if options.unlocked:
        # Outputs may be others there, so that no cell is held against them.
        return reproduce(project) or _failed(project, UNLOCKED)
    for check in STYLE:
        if _failed(project, check):
            return 1
    clear(project)
    if _failed(project, TYPES, NOTEBOOKS):
        return 1
    gather(project)
    return _failed(project, TESTS)


def _failed(project: Project, *checks: str) -> int:
    """Run checks side by side; 1 if one fails, and then no other is waited for."""
    screen = console()
    with apart(project), ExitStack() as ended:
        running = {}
        for check in checks:
            say(screen, f"\npython -m {check}", style="bold")
            command = [sys.executable, "-m", *shlex.split(check)]
            running[check] = ended.enter_context(subprocess.Popen(command, cwd=project.root))
            # Before it is waited for, also where a person stops all.
            ended.callback(running[check].terminate)
        for check, process in running.items():
            if process.wait():
                say(screen, f"\nFailed: python -m {check}", style="bold red")
                return 1
    return 0
