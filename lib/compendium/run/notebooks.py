"""Running the notebooks: all of them, side by side, from clean kernels."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from traitlets.config import Config

from compendium.notebook import read, runs
from compendium.project import PlainError, write_in_one_move

__all__ = ["LIMIT_VARIABLE", "Outcome", "execute", "faults"]

#: More than this is more than a reader downloads gladly.
LARGEST = 1_200_000
#: Sets how many seconds a cell may run.
LIMIT_VARIABLE = "COMPENDIUM_CELL_SECONDS"
#: Seconds that a cell may run where nothing is set.
LIMIT = 600
#: An outcome says what went wrong, so that the client need not, in the midst of the bars.
SILENT = logging.getLogger("compendium.run.silent")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


@dataclass(frozen=True)
class Outcome:
    """How the run of one notebook ended."""

    name: str
    seconds: float
    error: str = ""


def execute(
    paths: Sequence[Path],
    target: Path,
    *,
    workers: int | None = None,
    environment: Mapping[str, str] | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, cells: None,
    finished: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Execute notebooks side by side, each in its own kernel and its own folder.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks.
    target : Path
        Folder for the executed copies; a notebook that fails is written up to its error.
    workers : int, optional
        Kernels at a time; by default as many as there are processors.
    environment : mapping, optional
        Variables that the kernels see beside the ones that are set anyway.
    progress : callable, optional
        Told the name, the cells done and the cells in all, after every cell.
    finished : callable, optional
        Told each outcome as it comes.

    Returns
    -------
    list of Outcome
        In the order of the paths. One notebook's failure does not stop the others.

    Raises
    ------
    PlainError
        If the variable `LIMIT_VARIABLE` is set to what is no number of seconds.
    KeyboardInterrupt
        If a person stops it; by then the kernels have been ended.
    """
    limit = _limit()

    async def run_all() -> list[Outcome]:
        places = asyncio.Semaphore(workers or os.cpu_count() or 1)

        async def run(path: Path) -> Outcome:
            async with places:
                outcome = await _execute_one(path, target, environment or {}, progress, limit)
                finished(outcome)
                return outcome

        return list(await asyncio.gather(*map(run, paths)))

    with asyncio.Runner(loop_factory=_loop) as runner:
        return runner.run(run_all())


def _limit() -> int:
    """Return how many seconds a cell may run."""
    said = os.environ.get(LIMIT_VARIABLE) or str(LIMIT)
    if not (said.isdecimal() and int(said) > 0):
        raise PlainError(f"{LIMIT_VARIABLE} must be a whole number of seconds above 0, got {said}")
    return int(said)


def _loop() -> asyncio.AbstractEventLoop:
    """Return a loop in which one signal stops all clients.

    Each client would take the signal for itself, end its own kernel, and leave the others to run
    and its cell to fail. Where it cannot, as on Windows, all are cancelled, and each ends its own.
    """

    def refuse(*_: object) -> None:
        """Answer as a system without such signals does: the client knows that answer."""
        raise NotImplementedError

    loop = asyncio.new_event_loop()
    # By name, for a type checker takes a method to be what its class says.
    setattr(loop, "add_signal_handler", refuse)  # noqa: B010
    return loop


async def _execute_one(
    path: Path,
    target: Path,
    environment: Mapping[str, str],
    progress: Callable[[str, int, int], None],
    limit: int,
) -> Outcome:
    start, error = time.perf_counter(), ""
    try:
        notebook = read(path)
    except PlainError as fault:
        return Outcome(path.stem, 0.0, str(fault))
    cells = sum(map(runs, notebook.cells))
    done = 0
    at = ""

    def cell_begins(cell: NotebookNode, **_: object) -> None:
        nonlocal at
        first = textwrap.shorten(cell.source.strip().partition("\n")[0], 60, placeholder=" ...")
        at = f"cell {done + 1} ({first})"

    def cell_ends(**_: object) -> None:
        nonlocal done
        done += 1
        progress(path.stem, done, cells)

    client = _client(notebook, path, limit, on_cell_execute=cell_begins, on_cell_executed=cell_ends)
    progress(path.stem, 0, cells)
    try:
        await client.async_execute(env={**os.environ, **environment})
    except CellExecutionError as failure:
        error = f"{at}: {failure.ename}: {failure.evalue}"
    except CellTimeoutError:
        error = f"{at}: not done after {limit} seconds, which {LIMIT_VARIABLE} sets"
    except Exception as failure:
        # The kernel did not start, died, or never answered.
        error = f"{at or 'before the first cell'}: {type(failure).__name__}: {failure}"
    finally:
        # Where it is stopped, it would end its kernel at the exit once more, and say so at length.
        if client.km is None:
            atexit.unregister(client._cleanup_kernel)
    # The version of the language is the machine's, not the notebook's.
    notebook.metadata["language_info"] = {"name": "python"}
    write_in_one_move(target / path.name, nbformat.writes(notebook) + "\n")
    return Outcome(path.stem, time.perf_counter() - start, error)


def _client(notebook: NotebookNode, path: Path, limit: int, **hooks: Any) -> NotebookClient:
    """Return what runs a notebook in its own folder, the same way every time."""
    return NotebookClient(
        notebook,
        timeout=limit,
        kernel_name="python3",
        # Times in the metadata would make every run another file.
        record_timing=False,
        # So would the pieces in which a cell's printed lines happen to arrive.
        coalesce_streams=True,
        # Messages to the kernel are encrypted where it can: it says so at length where not.
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        resources={"metadata": {"path": str(path.parent)}},
        # A cell that does not end would be waited for, and nothing is left to be done.
        shutdown_kernel="immediate",
        log=SILENT,
        **hooks,
    )


def faults(path: Path) -> list[str]:
    """Say what keeps a notebook from being committed: an empty list where nothing does.

    It must be valid, executed in order from a clean kernel with its outputs stored, without
    warnings, errors or paths of the machine, and small.
    """
    notebook = read(path)
    found = []
    code = [cell for cell in notebook.cells if runs(cell)]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        found.append("not executed in order from a clean kernel")
    if not any(cell.outputs for cell in code):
        found.append("no outputs stored")
    for number, cell in enumerate(code, start=1):
        for output in cell.outputs:
            text = _text(output)
            if output.output_type == "error":
                found.append(f"cell {number}: an error")
            if output.get("name") == "stderr":
                found.append(f"cell {number}: a warning: {text[:60]}")
            if any(place in text for place in ("/home/", "/root/", "/tmp/", "/Users/", "C:\\")):
                found.append(f"cell {number}: a path of the machine")
            if str(path.parents[1]) in text:
                found.append(f"cell {number}: the path of the checkout")
    size = _size(notebook)
    if size > LARGEST:
        found.append(f"{size / 1e6:.1f} MB without solutions: too large")
    return found


def _size(notebook: NotebookNode) -> int:
    """Return the bytes of a notebook without its solutions, which a reader need not open."""
    read = [cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])]
    return len(nbformat.writes(nbformat.from_dict({**notebook, "cells": read})).encode())


def _text(output: NotebookNode) -> str:
    """Return what an output says in words, pictures aside."""
    parts = [output.get("text", ""), *output.get("traceback", [])]
    data = output.get("data", {})
    parts += [data[kind] for kind in data if kind.startswith("text/")]
    return "\n".join(parts)
