"""Accepting a run: all of it, or nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from runs import committed, counted, write

from compendium.project import Project, write_all_or_none
from compendium.run import comparison
from compendium.run.commands import main
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)


def test_what_is_accepted_is_accepted_whole(accepted, capsys):
    counted(accepted, value="2.01", x=1.5)
    assert main(["reproduce"], accepted) == 0
    assert main(["accept"], accepted) == 0
    assert (accepted.figures / "a.svg").read_text("utf8") == '<svg><path d="M 1.5 0"/></svg>'
    assert ledger.read(accepted.ledger)[0].recomputed == "2.01"
    assert main(["reproduce", "--check"], accepted) == 0
    capsys.readouterr()
    assert main(["accept"], accepted) == 0
    assert capsys.readouterr().out == ""


def spoil_readme(project: Project) -> None:
    (project.root / "README.md").write_text("# No table here", "utf8")


def edit_notebook(project: Project) -> None:
    write(project, "1_toy", "print('of today')")


def lose_a_run(project: Project) -> None:
    write(project, "2_new", "print(1)")


@pytest.mark.parametrize(
    ("spoil", "status", "said"),
    [
        (spoil_readme, 2, "README.md has lost the marks around its verdict table"),
        (edit_notebook, 1, "1_toy.ipynb: edited since it was run"),
        (lose_a_run, 1, "2_new.ipynb: not run"),
    ],
)
def test_what_cannot_be_accepted_whole_is_not_accepted(accepted, spoil, status, said, capsys):
    counted(accepted, value="2.01", x=1.5)
    assert main(["reproduce"], accepted) == 0
    spoil(accepted)
    before = committed(accepted)
    assert main(["accept"], accepted) == status
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert committed(accepted) == before


def test_what_fails_on_the_way_puts_back_what_was_done(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, "utf8")
    (tmp_path / "c" / "in the way").mkdir(parents=True)
    new = {tmp_path / "a": "A", tmp_path / "b": None, tmp_path / "d": "D", tmp_path / "c": "C"}
    with pytest.raises(OSError, match="c"):
        write_all_or_none(new)
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b", "c"}
    assert (tmp_path / "a").read_text("utf8") == "a"
    assert (tmp_path / "b").read_text("utf8") == "b"


def test_line_ends_and_last_digits_of_places_are_no_change(accepted, capsys):
    for path in (accepted.ledger, accepted.figures / "a.svg", accepted.notebooks / "1_toy.ipynb"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    counted_text = (accepted.build / "figures" / "a.svg").read_text("utf8")
    (accepted.build / "figures" / "a.svg").write_text(counted_text.replace("1.0", "1.01"), "utf8")
    before = committed(accepted)
    assert main(["accept"], accepted) == 0
    assert committed(accepted) == before
    assert main(["reproduce", "--check"], accepted) == 0


@pytest.fixture
def as_committed(tmp_path: Path) -> Project:
    """A checkout whose last run gave what is committed, under any versions; but for the ledger."""
    shutil.copytree(PROJECT.root / "data", tmp_path / "data")
    for target in (tmp_path, tmp_path / "build"):
        shutil.copytree(PROJECT.notebooks, target / "notebooks")
        (target / "figures").mkdir()
        shutil.copy(PROJECT.figures / "synthesis_verdicts.svg", target / "figures")
    if PROJECT.conclusions.exists():
        shutil.copy(PROJECT.conclusions, tmp_path / "build")
    if PROJECT.what_ifs.is_dir():
        shutil.copytree(PROJECT.what_ifs, tmp_path / "build" / PROJECT.what_ifs.name)
    shutil.copy(PROJECT.root / "README.md", tmp_path)
    return Project(tmp_path)


def test_accept_shows_each_change_and_copies_it(as_committed, tmp_path, capsys):
    # It names every number by its place in the data, where no Table 99 is.
    (tmp_path / "data" / "verdicts.json").unlink()
    fresh = [replace(ROWS[0], note="seen"), *ROWS[2:], replace(ROWS[1], exhibit="Table 99")]
    ledger.write(tmp_path / "build" / "ledger.csv", fresh)
    (tmp_path / "figures" / "old.svg").write_text("<svg/>", "utf8")
    assert main(["accept"], Project(tmp_path)) == 0
    where = ", ".join(part for part in ROWS[0].place if part)
    gone = ", ".join(part for part in ROWS[1].place if part)
    assert capsys.readouterr().out.splitlines() == [
        f"new:     {ROWS[1].source}, Table 99: 1 number",
        f"changed: {where}: note {ROWS[0].note!r} -> 'seen'",
        f"gone:    {gone}",
        "copied:  data/ledger.csv",
        "gone:    figures/old.svg",
        "The ledger has changed, and 6_synthesis read the old one: "
        "run compendium reproduce and compendium accept once more.",
    ]
    assert ledger.read(tmp_path / "data" / "ledger.csv") == fresh
    assert not (tmp_path / "figures" / "old.svg").exists()


def test_what_is_gone_is_told_last_and_all_of_an_exhibit_or_a_source_in_a_line():
    one, *others = ROWS[:4]
    first = replace(one, exhibit="Table 1")
    old = [first, *(replace(row, exhibit="Table 2") for row in others)]
    old += [replace(row, source="lost") for row in ROWS[:3]]
    assert ledger.changes(old, [replace(first, note="seen")])[1:] == [
        f"gone:    {one.source}, Table 2: 3 numbers",
        "gone:    lost: 3 numbers",
    ]
    assert ledger.changes(old, [replace(first, note="seen")])[0].startswith("changed:")


def test_under_other_versions_what_is_gone_is_told_last_too(tmp_path):
    project = Project(tmp_path)
    old = [*ROWS[:3], *(replace(row, source="lost") for row in ROWS[:3])]
    ledger.write(project.ledger, old)
    ledger.write(project.build / "ledger.csv", [replace(ROWS[0], verdict="unresolved"), *ROWS[1:3]])
    changed, gone = comparison.verdicts(project)
    assert changed.endswith("now " + ROWS[0].printed + " unresolved")
    assert gone == "gone:    lost: 3 numbers"


def test_a_second_run_is_asked_for_only_where_the_ledger_has_changed(
    as_committed, tmp_path, capsys
):
    ledger.write(tmp_path / "build" / "ledger.csv", ROWS)
    assert main(["accept"], Project(tmp_path)) == 0
    assert capsys.readouterr().out == ""
