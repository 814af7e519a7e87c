"""Which tests run which line of the code that is changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import coverage
import pytest
from children import run_tests, statuses
from places import Place

#: Seconds of the processor that a file of tests may take, or those of a change.
PATIENCE = 120


@dataclass
class Lines:
    """A plugin of pytest that keeps, of each test that passes, what it ran and how long it took."""

    measuring: coverage.Coverage
    seconds: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        """Say whose lines are run now, and what the processor has to do for it."""
        self.measuring.switch_context(item.nodeid)
        began = time.process_time()
        answer = yield
        if item.nodeid in self.seconds:
            self.seconds[item.nodeid] = time.process_time() - began
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep that a test passes."""
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = 0.0


@dataclass(frozen=True)
class Reached:
    """Which tests run which lines.

    Parameters
    ----------
    tests : mapping of (str, int) to set of str
        By file and line.
    size : mapping of str to int
        How many lines each test runs.
    seconds : mapping of str to float
        How long each test takes.
    """

    tests: Mapping[tuple[str, int], set[str]]
    size: Mapping[str, int]
    seconds: Mapping[str, float]

    def at(self, place: Place, most: float) -> list[str]:
        """Return the tests of a place, of so many seconds together.

        What runs at import has the tests of what stands around it. After its own come those of the
        same files, which may look at what was run once for all of them.
        """
        own = set(self.tests.get((place.file, place.line), ()))
        if place.at_import or not own:
            around = (self.tests.get((place.file, line), ()) for line in place.scope)
            own = {test for tests in around for test in tests}
        files = {_file(test) for test in own}
        beside = {test for test in self.seconds if _file(test) in files} - own
        asked, left = [], most
        for test in [*self._ordered(own), *self._ordered(beside)]:
            if self.seconds[test] <= left:
                left -= self.seconds[test]
                asked.append(test)
        return asked

    def _ordered(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self.size[test], test))


def _file(test: str) -> str:
    return test.partition("::")[0]


def reached(
    root: Path, folders: Sequence[str], asked: Sequence[str], kept: Path, processes: int
) -> Reached:
    """Run files or folders of tests, unless that is kept, and return what each test ran."""
    kept.mkdir(parents=True, exist_ok=True)
    shared = [*(root / "lib").rglob("*.py"), *root.glob("tests/*.py"), root / "conftest.py"]
    common = hashlib.sha256()
    for path in sorted(path for path in shared if not path.name.startswith("test_")):
        common.update(path.read_bytes())
    answers = {}
    for tests in asked:
        own, path = common.copy(), root / tests
        own.update(tests.encode() + (path.read_bytes() if path.is_file() else b""))
        answers[tests] = kept / f"{path.stem}-{own.hexdigest()[:16]}.json"
    missing = [tests for tests, answer in answers.items() if not answer.exists()]
    tasks = [partial(_measured, root, folders, tests, answers[tests]) for tests in missing]
    statuses_of = statuses(tasks, processes, PATIENCE)
    if failing := [missing[number] for number, status in statuses_of if status != 0]:
        raise SystemExit(f"with nothing changed, it fails or takes too long: {failing}")
    return _together(json.loads(answer.read_text("utf8")) for answer in answers.values())


def _measured(root: Path, folders: Sequence[str], tests: str, answer: Path) -> int:
    """Run a file of tests, and write for each how long it took and which lines it ran."""
    inside = [f"{root / folder}/*" for folder in folders]
    measuring = coverage.Coverage(data_file=None, config_file=False, include=inside)
    lines = Lines(measuring)
    measuring.start()
    status = run_tests(root, [tests], plugins=[lines])
    measuring.stop()
    if status != 0:
        return status
    data = measuring.get_data()
    ran: dict[str, dict[str, list[int]]] = {test: {} for test in lines.seconds}
    for file in data.measured_files():
        name = Path(file).relative_to(root).as_posix()
        for line, contexts in data.contexts_by_lineno(file).items():
            for test in ran.keys() & set(contexts):
                ran[test].setdefault(name, []).append(line)
    found = {test: [lines.seconds[test], ran[test]] for test in ran}
    answer.write_text(json.dumps(found), "utf8")
    return 0


def _together(answers: Iterable[Mapping[str, tuple[float, Mapping[str, list[int]]]]]) -> Reached:
    """Turn what is kept of each test into what is known of each line."""
    every = {test: found for answer in answers for test, found in answer.items()}
    size = {test: sum(map(len, ran.values())) for test, (_, ran) in every.items()}
    tests = defaultdict(set)
    for test, (_, ran) in every.items():
        for file, lines in ran.items():
            for line in lines:
                tests[file, line].add(test)
    return Reached(tests, size, {test: seconds for test, (seconds, _) in every.items()})
