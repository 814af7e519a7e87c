"""Processes that begin with all that is slow to import, and in which tests run on changed code."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from multiprocessing.connection import wait
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import Phase, settings
from places import Place

#: Bytes that a process may have, lest a change ask for all that there is.
MEMORY = 8 * 2**30
FORK = multiprocessing.get_context("fork")
# The same examples each time; the first that fails is enough.
settings.register_profile(
    "mutants",
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)


class Changed(MetaPathFinder, SourceFileLoader):
    """A finder, for one file, of a module whose text is another than the file's."""

    def __init__(self, path: Path, text: bytes) -> None:
        self.path, self.text = str(path), text

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> object:
        """Return the module's own spec, but for its loader."""
        spec: ModuleSpec | None = PathFinder.find_spec(fullname, path)
        if spec is None or spec.origin != self.path:
            return None
        self.name = fullname
        spec.loader = self
        return spec

    def get_code(self, fullname: str) -> CodeType:
        """Compile the text, past what is kept of the file's."""
        return compile(self.text, self.path, "exec", dont_inherit=True)


def noticed(root: Path, place: Place, tests: Sequence[str]) -> int:
    """Make a change in this process alone, and return other than 0 if a test fails with it."""
    if not tests:
        return 0
    path = root / place.file
    sys.meta_path.insert(0, Changed(path, place.changed(path.read_bytes())))
    return run_tests(root, tests, "-x")


def run_tests(
    root: Path, tests: Sequence[str], *options: str, plugins: Sequence[object] = ()
) -> int:
    """Run tests of a checkout in this process, and return pytest's status."""
    os.chdir(root)
    sys.path.insert(0, str(root / "lib"))
    options = (
        "-p",
        "no:cacheprovider",
        "--assert=plain",
        "--hypothesis-profile",
        "mutants",
        *options,
    )
    return int(pytest.main([*options, *tests], plugins=list(plugins)))


def statuses(
    tasks: Sequence[Callable[[], int]], processes: int, patience: float
) -> Iterator[tuple[int, int | None]]:
    """Run each task in a process of its own, so many at a time, and yield its number and status.

    What takes longer than the seconds of patience has no status.
    """
    running, waiting = {}, iter(enumerate(tasks))
    while True:
        while len(running) < processes and (following := next(waiting, None)):
            number, task = following
            process = FORK.Process(target=_run, args=(task,))
            process.start()
            running[process.sentinel] = number, process, time.monotonic() + patience
        if not running:
            return
        soonest = min(end for _, _, end in running.values())
        wait(list(running), max(0, soonest - time.monotonic()))
        for sentinel, (number, process, end) in list(running.items()):
            if process.is_alive() and time.monotonic() < end:
                continue
            status = process.exitcode
            if status is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.join()
            del running[sentinel]
            yield number, status


def _run(task: Callable[[], int]) -> None:
    """Do a task in silence, with what it starts in one group, and leave nothing behind."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with open(os.devnull, "w") as nowhere, tempfile.TemporaryDirectory() as left:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = left
        status = task()
    sys.exit(status)
