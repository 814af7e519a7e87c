"""The compendia of other papers: every number has the verdict that is committed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from frictionless import Package

from compendium.project import ROOT_VARIABLE, Project
from compendium.run import readme
from compendium.run.commands import main
from compendium.run.notebooks import faults
from compendium.verdict import ledger

FOLDER = Path(__file__).parents[1] / "other_papers"
PROJECTS = {
    path.name: Project(path)
    for path in sorted(FOLDER.iterdir())
    if (path / "data" / "datapackage.json").is_file()
}
NOTEBOOKS = [
    pytest.param(project, path, id=f"{name}/{path.stem}")
    for name, project in PROJECTS.items()
    for path in project.notebook_files
]
each = pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)


def executed(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the code of a notebook on a copy of its compendium, and return what it names."""
    shutil.copytree(path.parents[1] / "data", folder / "data")
    monkeypatch.setenv(ROOT_VARIABLE, str(folder))
    names: dict[str, Any] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{path.name}, cell {cell.id}", "exec"), names)
    return names


def verdicts(rows: list[ledger.Row]) -> dict[tuple[str, ...], tuple[str, str]]:
    return {row.place: (row.printed, row.verdict) for row in rows}


@pytest.mark.parametrize(("project", "path"), NOTEBOOKS)
def test_every_number_has_its_committed_verdict(project, path, tmp_path, monkeypatch):
    source = path.stem.partition("_")[2]
    names = executed(path, tmp_path, monkeypatch)
    found = verdicts(ledger.read(tmp_path / "build" / "ledger" / f"{source}.csv"))
    committed = [row for row in ledger.read(project.ledger) if row.source == source]
    assert len(found) > 60
    assert found == verdicts(committed)
    if source == "cases":
        # Others judged these numbers before: by its digits p = .000 is a number below .0005.
        known = names["known"]
        assert [sum(own[place] for own in known.values()) for place in (0, 1)] == [107, 54]
        assert [key for own in known.values() for key in own[2]] == ["t(28) = 22.20, p = .000"]


def test_no_compendium_is_overlooked():
    assert list(PROJECTS) == ["consumer_credit", "forensics"]
    assert len(NOTEBOOKS) == 3


@each
def test_what_is_committed_is_whole(project):
    rows = ledger.read(project.ledger)
    text = (project.root / "README.md").read_text("utf8")
    assert readme.refreshed(text, project, rows) == text
    assert [fault for path in project.notebook_files for fault in faults(path)] == []
    assert (project.root / ".gitignore").read_text("utf8") == "build/\n"


@each
def test_everything_is_described_and_valid_for_other_readers(project, tmp_path, capsys):
    shutil.copytree(project.data, tmp_path / "data")
    assert main(["describe"], Project(tmp_path)) == 0
    assert capsys.readouterr().out == "Nothing new: every file is described.\n"
    report = Package(project.data / "datapackage.json").validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


@each
def test_every_source_says_where_it_was_read(project):
    for path in project.notebook_files:
        first = nbformat.read(path, as_version=4).cells[0].source
        assert "Where the text was read" in first or "Every number was read" in first
