"""What a command shows while it runs: lines on a console, and a bar a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from compendium.run.notebooks import Outcome

__all__ = ["bars", "console", "say"]

Told = tuple[Callable[[str, int, int], None], Callable[[Outcome], None]]


def console() -> Console:
    """Return the screen, or a page of 120 characters where it is none."""
    found = Console(highlight=False)
    if not found.is_terminal:
        found.width = 120
    return found


def say(screen: Console, line: str, style: str | None = None) -> None:
    """Print a line as it is, however long."""
    screen.print(line, markup=False, soft_wrap=True, style=style)


@contextmanager
def bars(screen: Console) -> Iterator[Told]:
    """Show a bar a notebook on a terminal, elsewhere a line when it is done."""
    if not screen.is_terminal:

        def told(outcome: Outcome) -> None:
            word = "FAILED" if outcome.error else "done"
            say(screen, f"{outcome.name:<20} {word:<6} {outcome.seconds:6.1f} s")

        yield lambda name, done, cells: None, told
        return
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("cells"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen) as shown:
        tasks = {}

        def progress(name: str, done: int, cells: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=cells)
            shown.update(tasks[name], completed=done)

        def finished(outcome: Outcome) -> None:
            if outcome.name not in tasks:
                # It could not be read, and so has no cells.
                progress(outcome.name, 0, 0)
            if outcome.error:
                shown.update(tasks[outcome.name], description=f"[red]{outcome.name} FAILED")
            shown.stop_task(tasks[outcome.name])

        yield progress, finished
