"""``compendium test``: the one list of checks, which make and every workflow call."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from importlib.util import find_spec

from compendium.project import PlainError, Project
from compendium.run.reproduce import reproduce
from compendium.run.screen import console, say
from compendium.run.surroundings import apart

__all__ = ["CHECKS", "UNLOCKED", "run"]

#: Style, types, examples and tests, and the notebooks once more, cell by cell.
CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "mypy",
    "pytest -n 2 --dist loadscope lib tests",
    "pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks",
)
#: Under other versions nothing is compared but verdicts; what old versions deprecate of each other
#: is not our warning.
UNLOCKED = (
    "pytest -n 2 --dist loadscope -m 'not locked' -W default::DeprecationWarning lib tests",
)
#: What the checks import, beside what a run does.
NEEDED = ("mypy", "nbval", "pytest", "ruff", "xdist")


def run(project: Project, options: argparse.Namespace) -> int:
    """Reproduce, then check until something fails; 1 if it does."""
    for name in NEEDED:
        if find_spec(name) is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if not (project.root / "tests").is_dir():
        raise PlainError(f"There are no tests in {project.root}: nothing was checked.")
    # That results are the committed ones is tested below, and told there in full.
    status = reproduce(project)
    if status:
        return status
    screen = console()
    with apart(project):
        for check in UNLOCKED if options.unlocked else CHECKS:
            say(screen, f"\npython -m {check}", style="bold")
            command = [sys.executable, "-m", *shlex.split(check)]
            if subprocess.run(command, cwd=project.root, check=False).returncode:
                say(screen, f"\nFailed: python -m {check}", style="bold red")
                return 1
    return 0
