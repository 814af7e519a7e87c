"""A made-up source, small enough to damage in a test and to see what the audit says."""

from __future__ import annotations

import csv
import gc
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from runs import counted, in_this_process

from compendium import Audit
from compendium.page.notes import NOTE_COLUMNS
from compendium.project import Project
from compendium.run.commands import main
from compendium.run.notebooks import LIMIT_VARIABLE
from compendium.verdict import ledger

#: Files, or tests of files that are spread, that take far longer than their number of tests says.
LONG = ("test_damage.py", "test_running.py", "test_misreads.py", "test_site.py", "test_results.py")
#: A sample of what property tests can draw; ``make fuzz`` draws more.
settings.register_profile("sample", max_examples=50)
settings.register_profile("many", max_examples=500)
settings.load_profile("sample")

NUMBER = {"type": "number", "groupChar": ",", "bareNumber": False}


@dataclass(frozen=True)
class Desk:
    """A checkout in a temporary folder, with one source called ``toy``."""

    project: Project

    def table(
        self,
        rows: Sequence[Sequence[str]],
        fields: Sequence[str] = ("year", "a", "b"),
        **more: object,
    ) -> None:
        """Write table 1 of the toy source, the first column its key, and describe it."""
        schema = {
            "fields": [{"name": name, **NUMBER} for name in fields],
            "primaryKey": [fields[0]],
            "missingValues": ["", "-"],
        }
        resource = {
            "name": "toy-1",
            "path": "toy/table_1.csv",
            "source": "toy",
            "id": "1",
            "exhibit": "Table 1",
            "schema": schema,
            **more,
        }
        self.csv("table_1.csv", [fields, *rows])
        described = {"resources": [resource], "sources": [{"name": "toy", "title": "Toy"}]}
        (self.project.data / "datapackage.json").write_text(json.dumps(described), "utf8")

    def text(self, *rows: Sequence[str]) -> None:
        """Write the toy's running text: exhibit, item, qualifier, printed."""
        head = ["exhibit", "item", "qualifier", "printed", "unit", "page"]
        self.csv("text.csv", [head, *([*row, "", "1"] for row in rows)])

    def notes(self, *rows: Sequence[str]) -> None:
        """Write the toy's declarations, in the order of the columns; the last may be left out."""
        blanks = [[""] * (len(NOTE_COLUMNS) - len(row)) for row in rows]
        filled = [[*row, *blank] for row, blank in zip(rows, blanks, strict=True)]
        self.csv("notes.csv", [NOTE_COLUMNS, *filled])

    def csv(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Write a data file of the toy source."""
        with (self.project.data / "toy" / name).open("w", encoding="utf8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def audit(self) -> Audit:
        """Open the toy's account."""
        return Audit("toy", self.project)


@pytest.fixture(autouse=True, scope="session")
def by_hand() -> Iterator[None]:
    """No test is run as a workflow would run it but those that say so."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("CI", raising=False)
        patched.delenv(LIMIT_VARIABLE, raising=False)
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty toy source: no table, no text, no notes."""
    return make_desk(tmp_path)


def make_desk(root: Path) -> Desk:
    """Lay out a toy checkout."""
    (root / "data" / "toy").mkdir(parents=True, exist_ok=True)
    (root / "data" / "datapackage.json").write_text(
        json.dumps({"resources": [], "sources": []}), "utf8"
    )
    return Desk(Project(root))


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Desk]:
    """Give a property test a fresh toy source for every example."""
    return lambda: make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def toy(tmp_path: Path) -> Project:
    """A checkout without numbers, in which a test writes the notebooks."""
    project = Project(tmp_path / "toy")
    for folder in (project.data, project.notebooks, project.figures):
        folder.mkdir(parents=True)
    (project.data / "datapackage.json").write_text('{"resources": [], "sources": []}', "utf8")
    ledger.write(project.ledger, [])
    return project


@pytest.fixture
def accepted(toy: Project, monkeypatch) -> Project:
    """A checkout whose results were accepted, under the lock's versions."""
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    (toy.root / "requirements.lock").write_text("", "utf8")
    counted(toy)
    assert main(["reproduce"], toy) == 0
    assert main(["accept"], toy) == 0
    return toy


def pytest_collection_finish() -> None:
    """Look for garbage less often: a million things are no garbage, the tests themselves."""
    gc.set_threshold(100_000, 20, 100)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep a file's tests, which share what they set up, on one process; spread the damage."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if file.endswith("test_damage.py") else file

        def _assign_work_unit(self, node: object) -> None:
            """Take what lasts longest first, so that no process is left alone with it in the end.

            The others are in order of how many tests they have.
            """
            first = max(self.workqueue, key=lambda scope: any(name in scope for name in LONG))
            self.workqueue.move_to_end(first, last=False)
            super()._assign_work_unit(node)

    return ByFile(config, log)
