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

from compendium.page.descriptors import sources
from compendium.project import PlainError, Project
from compendium.run import comparison
from compendium.run.check import from_identities
from compendium.run.notebooks import Outcome, execute
from compendium.run.screen import bars, console, say
from compendium.run.surroundings import apart
from compendium.run.versions import unlocked
from compendium.verdict import conclusions, ledger

__all__ = ["clear", "gather", "report", "reproduce", "run", "source"]


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
        1 if a notebook fails, because something is undeclared or otherwise, if a committed
        conclusion has another verdict, or if results differ and were to be checked; else 0.

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
    clear(project)
    with apart(project), bars(screen) as (progress, finished):
        outcomes = execute(paths, project.build / "notebooks", progress=progress, finished=finished)
    rows, faults = gather(project)
    screen.print("\nPrinted numbers and how they fared")
    screen.print(report(rows, outcomes, time.perf_counter() - start))
    faults |= {outcome.name: outcome.error.splitlines() for outcome in outcomes if outcome.error}
    # What failed comes first: most of what differs may be gone for it.
    for name, lines in faults.items():
        say(screen, f"\n{name} failed", style="bold red")
        say(screen, "\n".join(lines))
    overturned = comparison.overturned(project)
    for line in overturned:
        say(screen, f"A conclusion has another verdict. {line}", style="bold red")
    differ = _compared(project, advice=not faults)
    return 1 if faults or overturned or (differ and check) else 0


def clear(project: Project) -> None:
    """Take away what a run before has left, so that nothing of it is taken for a new result."""
    (project.build / "ledger.csv").unlink(missing_ok=True)
    for left_over in ("ledger", "conclusions", "figures", "notebooks", "what_if"):
        shutil.rmtree(project.build / left_over, ignore_errors=True)


def gather(project: Project) -> tuple[list[ledger.Row], dict[str, list[str]]]:
    """Write the ledgers of a run from what each notebook has closed its account with.

    A source without a notebook is held by its identities first.

    Returns
    -------
    rows : list of ledger.Row
        Of all sources: in the order of the notebooks, then in that of the data package.
    faults : dict of str to list of str
        What differs, for each source without a notebook in which anything does.
    """
    slugs = [source(path) for path in project.notebook_files]
    alone = [slug for slug in sources(project) if slug not in slugs]
    found = {slug: from_identities(project, slug) for slug in alone}
    rows = ledger.merge([project.build / "ledger" / f"{slug}.csv" for slug in (*slugs, *alone)])
    ledger.write(project.build / "ledger.csv", rows)
    drawn = [project.build / "conclusions" / f"{slug}.csv" for slug in slugs]
    conclusions.write(
        comparison.built_conclusions(project),
        [row for part in drawn for row in conclusions.read(part)],
    )
    return rows, {slug: lines for slug, lines in found.items() if lines}


def source(notebook: Path) -> str:
    """Return the source that a notebook is named for: its name without the number."""
    return notebook.stem.partition("_")[2]


def report(rows: Sequence[ledger.Row], outcomes: Sequence[Outcome], seconds: float) -> Table:
    """Make the table that a run ends with: per source, numbers, verdicts, misreads and time.

    A line a source and a column a verdict, on a terminal of eighty characters, for as many sources
    as there are.
    """
    counts = ledger.count(rows)
    took = {source(Path(f"{outcome.name}.ipynb")): outcome.seconds for outcome in outcomes}
    names = ("numbers", *ledger.VERDICTS, "misread")
    table = Table(box=SIMPLE, pad_edge=False, padding=0)
    table.add_column("", max_width=LONGEST, overflow="ellipsis", no_wrap=True)
    for name in (*names, "seconds"):
        # The long words are parted, or their columns would be wider than their numbers.
        table.add_column(PARTED.get(name, name), justify="right", min_width=6)
    for name in {**counts, **took}:
        # A notebook of no source, such as the synthesis, prints no numbers of its own.
        own = [f"{counts[name][of]:,}" if name in counts else "" for of in names]
        table.add_row(name, *own, f"{took[name]:.1f}" if name in took else "")
    table.add_section()
    whole = [sum(own[of] for own in counts.values()) for of in names]
    table.add_row("all", *(f"{number:,}" for number in whole), f"{seconds:.1f}")
    return table


def _compared(project: Project, *, advice: bool) -> bool:
    """Say whether the results are the committed ones, and return whether they differ."""
    screen = console()
    because = unlocked(project)
    if because:
        found = {
            "verdict": comparison.verdicts(project),
            "conclusion": comparison.overturned(project),
        }
        same = f"Every verdict is the committed one. No more is compared, for {because}."
    else:
        found = {
            "ledger": comparison.ledgers(project),
            "conclusions": comparison.conclusions(project),
            "figures": comparison.figures(project),
            "what-ifs": comparison.what_ifs(project),
            "notebooks": comparison.notebooks(project),
        }
        same = "Ledgers, figures, what-ifs and notebooks are the committed ones."
    lines = comparison.told(found)
    for line in lines or [same]:
        say(screen, line)
    if lines:
        say(screen, "This is not what is committed." + (ADVICE if advice else ""))
    return bool(lines)


#: Characters of a source's name that are shown.
LONGEST = 12
PARTED = {"consistent": "consis-\ntent", "recovered": "recov-\nered", "unresolved": "unre-\nsolved"}
#: What to do about results that are right and new.
ADVICE = " compendium accept shows all of it and takes it over."
