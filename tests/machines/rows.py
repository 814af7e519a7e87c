"""A row of the table: all notebooks under one setting, and what came out otherwise."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from settings import Facts, Setting, not_tested

from compendium.project import ROOT_VARIABLE, Project
from compendium.run import comparison

#: What a run reads.
PARTS = ("course", "data", "figures", "lib", "notebooks", "README.md", "pyproject.toml")
COMPARED = {
    "ledger": comparison.ledgers,
    "figures": comparison.figures,
    "stored outputs": comparison.notebooks,
}
LINE = "{:<20} {:>6}   {:<10} {:<10} {:<14}"


@dataclass(frozen=True)
class Row:
    """What a setting led to: why it was not tested, or what differs by kind of result."""

    setting: str
    untested: str = ""
    seconds: float = 0.0
    found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        return any(self.found.values())

    def __str__(self) -> str:
        if self.untested:
            return f"{self.setting:<20} not tested: {self.untested}"
        words = (f"{len(found)} differ" if found else "same" for found in self.found.values())
        return LINE.format(self.setting, f"{self.seconds:.0f} s", *words).rstrip()

    def told(self) -> list[str]:
        """Return the lines that say what differs."""
        return [f"{self.setting}, {line}" for line in comparison.told(self.found)]


def copied(project: Project, folder: Path) -> Project:
    """Copy what a run needs into a folder of its own, so that no two runs mix."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in PARTS:
        source = project.root / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return Project(folder)


def execute(setting: Setting, project: Project) -> None:
    """Execute all notebooks of a checkout under a setting; what that says goes to a file."""
    environment = {**setting.environment(), ROOT_VARIABLE: str(project.root)}
    # A run under CI compares too, and stops where something differs: here that is done below.
    environment.pop("CI", None)
    with (project.root / "said.txt").open("w", encoding="utf8") as said:
        subprocess.run(
            [sys.executable, "-m", "compendium", "reproduce"],
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )


def row(setting: Setting, before: Facts, project: Project) -> Row:
    """Prove that a setting takes effect, then run and compare everything under it."""
    because = not_tested(setting, before)
    if because:
        return Row(setting.name, because)
    start = time.perf_counter()
    copy = copied(project, project.build / "machines" / setting.name.replace(" ", "_"))
    execute(setting, copy)
    found = compared(copy)
    return Row(setting.name, seconds=time.perf_counter() - start, found=found)


def compared(project: Project) -> dict[str, list[str]]:
    """Return what differs in a checkout between a run's results and the committed ones."""
    return {kind: differences(project) for kind, differences in COMPARED.items()}
