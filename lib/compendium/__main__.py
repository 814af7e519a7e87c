"""The commands behind the Makefile: ``python -m compendium reproduce``, ``accept`` and others."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from compendium import ledger, readme
from compendium.notebooks import Outcome, execute, faults, without_solutions
from compendium.project import ROOT_VARIABLE, Project, write_in_one_move

Told = tuple[Callable[[str, int, int], None], Callable[[Outcome], None]]


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    """Run a command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m compendium", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args(arguments).command]
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    return command(project or Project(), console)


def reproduce(project: Project, console: Console) -> int:
    """Execute every notebook, write ``build/``, and report; 1 if anything is undeclared."""
    start = time.perf_counter()
    paths = sorted(project.notebooks.glob("*.ipynb"))
    for left_over in ("ledger", "figures", "notebooks"):
        shutil.rmtree(project.build / left_over, ignore_errors=True)
    with _progress(console) as (progress, finished):
        outcomes = execute(
            paths,
            project.build / "notebooks",
            environment={ROOT_VARIABLE: str(project.root)},
            progress=progress,
            finished=finished,
        )
    rows = ledger.merge(_in_order(project.build / "ledger", paths))
    ledger.write(project.build / "ledger.csv", rows)
    console.print("\nPrinted numbers and how they fared")
    console.print(_report(rows, outcomes, time.perf_counter() - start))
    console.print(_compared(project))
    failed = [outcome for outcome in outcomes if outcome.error]
    for outcome in failed:
        console.print(f"\n{outcome.name} failed", style="bold red")
        console.print(outcome.error, markup=False, soft_wrap=True)
    return 1 if failed else 0


def accept(project: Project, console: Console) -> int:
    """Show how ``build/`` differs from what is committed, then copy it over.

    The ledger, the figures, the notebooks' outputs and the table in the README. A run that failed
    is shown but not copied: an undeclared difference is for understanding. A notebook of no source
    reads the committed ledger, so that a changed one asks for a second run.
    """
    executed = sorted((project.build / "notebooks").glob("*.ipynb"))
    old, new = ledger.read(project.ledger), ledger.read(project.build / "ledger.csv")
    for line in ledger.changes(old, new):
        console.print(line, markup=False, soft_wrap=True)
    refused = [f"{path.name}: {fault}" for path in executed for fault in faults(path)]
    refused += [f"{', '.join(row.place)}: differs" for row in new if row.verdict == "differs"]
    if refused or not executed:
        console.print("Nothing is copied: the last make reproduce did not end well.")
        for line in refused:
            console.print(line, markup=False, soft_wrap=True)
        return 1
    ledger.write(project.ledger, new)
    _copy_changed(project.build / "figures", project.figures, "*.svg", console, prune=True)
    _copy_changed(project.build / "notebooks", project.notebooks, "*.ipynb", console)
    readme.refresh(project)
    readers = _without_part(new, executed)
    if old != new and readers:
        console.print(
            f"The ledger has changed, and {', '.join(readers)} read the old one: "
            "run make reproduce and make accept once more.",
            soft_wrap=True,
        )
    return 0


def students(project: Project, console: Console) -> int:
    """Write copies of the notebooks without solutions and outputs to ``build/students``."""
    for path in sorted(project.notebooks.glob("*.ipynb")):
        copy = without_solutions(nbformat.read(path, as_version=4))
        target = project.build / "students" / path.name
        write_in_one_move(target, nbformat.writes(copy) + "\n")
        console.print(target.relative_to(project.root).as_posix())
    return 0


def site(project: Project, console: Console) -> int:
    """Build the site from what is committed into ``build/site``; 1 if anything is amiss."""
    # The other commands need neither what this one imports nor the time that it takes.
    from compendium.site import build

    start = time.perf_counter()
    status = build(project)
    if status == 0:
        index = (project.build / "site" / "index.html").relative_to(project.root)
        console.print(f"{index.as_posix()}, in {time.perf_counter() - start:.0f} s")
    return status


COMMANDS: dict[str, Callable[[Project, Console], int]] = {
    "reproduce": reproduce,
    "accept": accept,
    "students": students,
    "site": site,
}


@contextmanager
def _progress(console: Console) -> Iterator[Told]:
    """Show a bar a notebook on a terminal, elsewhere a line when it is done."""
    if not console.is_terminal:

        def say(outcome: Outcome) -> None:
            word = "FAILED" if outcome.error else "done"
            console.print(f"{outcome.name:<20} {word:<6} {outcome.seconds:6.1f} s")

        yield lambda name, done, cells: None, say
        return
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("cells"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def progress(name: str, done: int, cells: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=cells)
            bars.update(tasks[name], completed=done)

        def finished(outcome: Outcome) -> None:
            if outcome.error:
                bars.update(tasks[outcome.name], description=f"[red]{outcome.name} FAILED")
            bars.stop_task(tasks[outcome.name])

        yield progress, finished


def _without_part(rows: Sequence[ledger.Row], notebooks: Sequence[Path]) -> list[str]:
    """Return the notebooks that add nothing to the ledger: what they say of it, they read."""
    sources = {row.source for row in rows}
    return [path.stem for path in notebooks if _source(path.stem) not in sources]


def _in_order(folder: Path, notebooks: Sequence[Path]) -> list[Path]:
    """Return the parts of the ledger in the order of the notebooks, which are named for them."""
    return [folder / f"{_source(path.stem)}.csv" for path in notebooks]


def _report(rows: Sequence[ledger.Row], outcomes: Sequence[Outcome], seconds: float) -> Table:
    """Make the table that a run ends with: per source, numbers, verdicts, misreads and time."""
    counts = ledger.count(rows)
    took = {_source(outcome.name): outcome.seconds for outcome in outcomes}
    # A notebook of no source, such as the synthesis, prints no numbers of its own: only its time.
    others = [name for name in took if name not in counts]
    # A column a source, so that all of them fit on a terminal of eighty characters.
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("")
    for source in (*counts, *others, "all"):
        table.add_column(source, justify="right", no_wrap=True)
    for name in ("numbers", *ledger.VERDICTS, "misread"):
        own = [counts[source][name] for source in counts]
        blank = [""] * len(others)
        table.add_row(name, *(f"{number:,}" for number in own), *blank, f"{sum(own):,}")
    table.add_section()
    times = (*(took[source] for source in (*counts, *others)), seconds)
    table.add_row("seconds", *(f"{time_:.1f}" for time_ in times))
    return table


def _source(notebook: str) -> str:
    """Return the source that a notebook is named for: its name without the number."""
    return notebook.partition("_")[2]


def _compared(project: Project) -> str:
    """Say whether the results are the committed ones."""
    same = _same(project.build / "ledger.csv", project.ledger) and all(
        _same(project.build / "figures" / name, project.figures / name)
        for name in {
            path.name
            for folder in (project.build / "figures", project.figures)
            for path in folder.glob("*.svg")
        }
    )
    if same:
        return "The ledger and the figures are the committed ones."
    return "The ledger or a figure differs from the committed one: make accept shows how."


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.read_bytes() == other.read_bytes()


def _copy_changed(
    source: Path, target: Path, pattern: str, console: Console, *, prune: bool = False
) -> None:
    for path in sorted(source.glob(pattern)):
        if not _same(path, target / path.name):
            console.print(f"copied:  {target.name}/{path.name}")
            write_in_one_move(target / path.name, path.read_bytes())
    if prune:
        for path in sorted(target.glob(pattern)):
            if not (source / path.name).exists():
                console.print(f"gone:    {target.name}/{path.name}")
                path.unlink()


if __name__ == "__main__":
    sys.exit(main())
