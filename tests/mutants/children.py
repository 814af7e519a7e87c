"""Processes that begin with all that is slow to import, and in which tests run on changed code."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.metadata import entry_points
from multiprocessing.connection import wait
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from hypothesis import Phase, settings
from places import Place

#: The packages of a checkout.
OURS = ("compendium", "housing", "rounding", "sensitivity")
#: So many tests are asked before the others are collected.
FIRST = 6
#: Bytes that a process may have, lest a change ask for all that there is.
MEMORY = 8 * 2**30
#: The functions that are imported, by the file that they are in.
FUNCTIONS: defaultdict[str, list[FunctionType]] = defaultdict(list)
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
    changed = Changed(path, place.changed(path.read_bytes()))
    if not _exchanged(changed.get_code(""), str(path)):
        # It is run at import: everything of ours is imported anew.
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
        sys.meta_path.insert(0, changed)
    # To collect the tests of many files takes longer than to run the first.
    first = run_tests(root, tests[:FIRST], "-x")
    return first or (run_tests(root, rest, "-x") if (rest := tests[FIRST:]) else 0)


def import_all(names: Iterable[str]) -> None:
    """Import modules for all processes to come, and spare these to go over what they hold."""
    for name in names:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for function in gc.get_objects():
        if isinstance(function, FunctionType):
            FUNCTIONS[function.__code__.co_filename].append(function)
    gc.freeze()


def _exchanged(module: CodeType, path: str) -> bool:
    """Give the functions of a module their changed code; tell whether there are such."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(module)}
    found = False
    for function in FUNCTIONS[path]:
        old = function.__code__
        new = codes[old.co_qualname, old.co_firstlineno]
        if new != old:
            function.__code__ = new
            found = True
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def run_tests(
    root: Path, tests: Sequence[str], *options: str, plugins: Sequence[object] = ()
) -> int:
    """Run tests of a checkout in this process, and return pytest's status."""
    os.chdir(root)
    sys.path.insert(0, str(root / "lib"))
    own = ["-p", "no:cacheprovider", "--assert=plain", "--hypothesis-profile", "mutants"]
    return int(pytest.main([*own, *options, *tests], plugins=list(plugins)))


def statuses(
    tasks: Sequence[Callable[[], int]], processes: int, patience: int
) -> Iterator[tuple[int, int]]:
    """Run each task in a process of its own, so many at a time, and yield its number and status.

    What takes more of the processor's seconds than patience has, or waits for ten times as long,
    is ended: its status is below 0.
    """
    running, waiting = {}, iter(enumerate(tasks))
    while True:
        while len(running) < processes and (following := next(waiting, None)):
            number, task = following
            process = FORK.Process(target=_run, args=(task, patience))
            process.start()
            running[process.sentinel] = number, process, time.monotonic() + 10 * patience
        if not running:
            return
        soonest = min(end for _, _, end in running.values())
        wait(list(running), max(0, soonest - time.monotonic()))
        for sentinel, (number, process, end) in list(running.items()):
            if process.is_alive() and time.monotonic() < end:
                continue
            if process.is_alive():
                os.killpg(process.pid, signal.SIGKILL)
            process.join()
            del running[sentinel]
            yield number, process.exitcode


def _run(task: Callable[[], int], patience: int) -> None:
    """Do a task in silence, with what it starts in one group, and leave nothing behind."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with open(os.devnull, "w", encoding="utf8") as nowhere, tempfile.TemporaryDirectory() as left:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = left
        status = task()
    sys.exit(status)
