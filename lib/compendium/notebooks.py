"""Running the notebooks: all of them, side by side, from clean kernels."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

from compendium.project import write_in_one_move

__all__ = ["Outcome", "execute", "faults", "without_solutions"]

#: More than this is more than a reader downloads gladly.
LARGEST = 1_600_000


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
    """

    async def run_all() -> list[Outcome]:
        places = asyncio.Semaphore(workers or os.cpu_count() or 1)

        async def run(path: Path) -> Outcome:
            async with places:
                outcome = await _execute_one(path, target, environment or {}, progress)
                finished(outcome)
                return outcome

        return list(await asyncio.gather(*map(run, paths)))

    return asyncio.run(run_all())


async def _execute_one(
    path: Path,
    target: Path,
    environment: Mapping[str, str],
    progress: Callable[[str, int, int], None],
) -> Outcome:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    done = 0

    def cell_executed(**_: object) -> None:
        nonlocal done
        done += 1
        progress(path.stem, done, len(code))

    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        # Times in the metadata would make every run another file.
        record_timing=False,
        # So would the pieces in which a cell's printed lines happen to arrive.
        coalesce_streams=True,
        # Messages to the kernel are encrypted where it can: it says so at length where not.
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_executed=cell_executed,
    )
    start, error = time.perf_counter(), ""
    progress(path.stem, 0, len(code))
    try:
        await client.async_execute(env={**os.environ, **environment})
    except CellExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}"
    except RuntimeError as failure:
        # The kernel died or never answered.
        error = str(failure)
    # The version of the language is the machine's, not the notebook's.
    notebook.metadata["language_info"] = {"name": "python"}
    write_in_one_move(target / path.name, nbformat.writes(notebook) + "\n")
    return Outcome(path.stem, time.perf_counter() - start, error)


def faults(path: Path) -> list[str]:
    """Say what keeps a notebook from being committed: an empty list where nothing does.

    It must be valid, executed in order from a clean kernel with its outputs stored, without
    warnings, errors or paths of the machine, and small.
    """
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
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
    if path.stat().st_size > LARGEST:
        found.append(f"{path.stat().st_size / 1e6:.1f} MB: too large")
    return found


def without_solutions(notebook: NotebookNode) -> NotebookNode:
    """Return a copy for students: no solutions, no outputs."""
    copy: NotebookNode = nbformat.from_dict(notebook)
    copy.cells = [cell for cell in copy.cells if "solution" not in cell.metadata.get("tags", [])]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return copy


def _text(output: NotebookNode) -> str:
    """Return what an output says in words, pictures aside."""
    parts = [output.get("text", ""), *output.get("traceback", [])]
    data = output.get("data", {})
    parts += [data[kind] for kind in data if kind.startswith("text/")]
    return "\n".join(parts)
