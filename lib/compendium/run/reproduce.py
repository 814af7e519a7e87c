"""``compendium reproduce``: run the notebooks, count verdicts, and hold the results to the old."""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from compendium import ledger
from compendium.project import PlainError, Project
from compendium.run import comparison
from compendium.run.notebooks import Outcome, execute
from compendium.run.screen import bars, console, say
from compendium.run.surroundings import apart
from compendium.run.versions import unlocked

__all__ = ["report", "reproduce", "run", "source"]


def run(project: Project, options: argparse.Namespace) -> int:
    """Reproduce, and fail where something differs if that is asked for."""
    # What is set to nothing, to 0 or to false asks for nothing.
    asked = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return reproduce(project, check=options.check or asked)


def reproduce(project: Project, *, check: bool = False) -> int:
    """Execute every notebook, write ``build/``, and report.

    Parameters
    ----------
    project : Project
        The checkout.
    check : bool, optional
        Whether results that are not the committed ones are a failure.

    Returns
    -------
    int
        1 if a notebook fails, because something is undeclared or otherwise, or if results differ
        and were to be checked; else 0.

    Raises
    ------
    PlainError
        If there is no notebook.
    """
    start = time.perf_counter()
    screen = console()
    paths = project.notebook_files
    if not paths:
        raise PlainError(f"There is no notebook in {project.notebooks}: nothing was run.")
    for left_over in ("ledger", "figures", "notebooks"):
        shutil.rmtree(project.build / left_over, ignore_errors=True)
    with apart(project), bars(screen) as (progress, finished):
        outcomes = execute(paths, project.build / "notebooks", progress=progress, finished=finished)
    parts = [project.build / "ledger" / f"{source(path)}.csv" for path in paths]
    rows = ledger.merge(parts)
    ledger.write(project.build / "ledger.csv", rows)
    screen.print("\nPrinted numbers and how they fared")
    screen.print(report(rows, outcomes, time.perf_counter() - start))
    failed = [outcome for outcome in outcomes if outcome.error]
    differ = _compared(project, advice=not failed)
    for outcome in failed:
        say(screen, f"\n{outcome.name} failed", style="bold red")
        say(screen, outcome.error)
    return 1 if failed or (differ and check) else 0


def source(notebook: Path) -> str:
    """Return the source that a notebook is named for: its name without the number."""
    return notebook.stem.partition("_")[2]


def report(rows: Sequence[ledger.Row], outcomes: Sequence[Outcome], seconds: float) -> Table:
    """Make the table that a run ends with: per source, numbers, verdicts, misreads and time."""
    counts = ledger.count(rows)
    took = {source(Path(f"{outcome.name}.ipynb")): outcome.seconds for outcome in outcomes}
    # A notebook of no source, such as the synthesis, prints no numbers of its own: only its time.
    others = [name for name in took if name not in counts]
    # A column a source, so that all of them fit on a terminal of eighty characters.
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("")
    for name in (*counts, *others, "all"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("numbers", *ledger.VERDICTS, "misread"):
        own = [counts[of][name] for of in counts]
        blank = [""] * len(others)
        table.add_row(name, *(f"{number:,}" for number in own), *blank, f"{sum(own):,}")
    table.add_section()
    times = (*(took[of] for of in (*counts, *others)), seconds)
    table.add_row("seconds", *(f"{time_:.1f}" for time_ in times))
    return table


def _compared(project: Project, *, advice: bool) -> bool:
    """Say whether the results are the committed ones, and return whether they differ."""
    screen = console()
    because = unlocked(project)
    if because:
        found = {"verdict": comparison.verdicts(project)}
        same = f"Every verdict is the committed one. No more is compared, for {because}."
    else:
        found = {"ledger": comparison.ledgers(project), "figures": comparison.figures(project)}
        same = "The ledger and the figures are the committed ones."
    lines = comparison.told(found)
    for line in lines or [same]:
        say(screen, line)
    if lines:
        say(screen, "This is not what is committed." + (ADVICE if advice else ""))
    return bool(lines)


#: What to do about results that are right and new.
ADVICE = " make accept, or python -m compendium accept, shows all of it and takes it over."
