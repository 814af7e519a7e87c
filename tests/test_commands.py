"""The commands: what each does, says and ends with, where all is well and where it is not."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from rich.console import Console

from compendium.project import ROOT_VARIABLE, Project, write_all_or_none, write_in_one_move
from compendium.run import versions
from compendium.run.commands import COMMANDS, main
from compendium.run.notebooks import LIMIT_VARIABLE, Outcome
from compendium.run.reproduce import report
from compendium.run.turns import turn
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)

# On a copy of a notebook with one digit changed -----------------------------------------------


@pytest.fixture(scope="module")
def damaged(tmp_path_factory) -> Project:
    """A checkout of one notebook that draws nothing, in which xuan's Table 5 has 564 for 464."""
    root = tmp_path_factory.mktemp("damaged")
    for part in ("data", "figures"):
        shutil.copytree(PROJECT.root / part, root / part)
    (root / "notebooks").mkdir()
    notebook = nbformat.read(PROJECT.notebooks / "4_xuan.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "figures.keep" not in cell.source]
    nbformat.write(notebook, root / "notebooks" / "4_xuan.ipynb")
    shutil.copy(PROJECT.root / "README.md", root)
    path = root / "data" / "xuan" / "table_5.csv"
    path.write_text(path.read_text("utf8").replace("464", "564"), "utf8")
    return Project(root)


@pytest.fixture(scope="module")
def reproduced(damaged) -> tuple[int, str]:
    """The outcome of `make reproduce` on the damaged checkout."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = main(["reproduce"], damaged)
    return status, said.getvalue()


def test_reproduce_fails_and_names_the_number(reproduced):
    status, said = reproduced
    assert status == 1
    assert "4_xuan failed" in said
    assert "Table 5, 30, price: printed 564, recomputed 463.8333333" in said


def test_reproduce_still_writes_what_there_is(damaged, reproduced):
    rows = [row for row in ledger.read(damaged.build / "ledger.csv") if row.source == "xuan"]
    assert len(rows) == len([row for row in ROWS if row.source == "xuan"])
    assert [row.printed for row in rows if row.verdict == "differs"].count("564") == 1


def test_accept_shows_a_failed_run_and_copies_nothing(damaged, reproduced, capsys):
    before = damaged.ledger.read_bytes()
    assert main(["accept"], damaged) == 1
    said = capsys.readouterr().out
    assert "changed: xuan, Table 5, 30, price: printed '464' -> '564'" in said
    assert "4_xuan.ipynb: cell" in said
    assert "Table 5, 30, price: differs" in said
    assert damaged.ledger.read_bytes() == before


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
    shutil.copy(PROJECT.root / "README.md", tmp_path)
    return Project(tmp_path)


def test_accept_shows_each_change_and_copies_it(as_committed, tmp_path, capsys):
    fresh = [replace(ROWS[0], note="seen"), *ROWS[2:], replace(ROWS[1], exhibit="Table 99")]
    ledger.write(tmp_path / "build" / "ledger.csv", fresh)
    (tmp_path / "figures" / "old.svg").write_text("<svg/>", "utf8")
    assert main(["accept"], Project(tmp_path)) == 0
    where = ", ".join(part for part in ROWS[0].place if part)
    gone = ", ".join(part for part in ROWS[1].place if part)
    assert capsys.readouterr().out.splitlines() == [
        f"gone:    {gone}",
        f"new:     {ROWS[1].source}, Table 99: 1 number",
        f"changed: {where}: note {ROWS[0].note!r} -> 'seen'",
        "copied:  data/ledger.csv",
        "gone:    figures/old.svg",
        "The ledger has changed, and 6_synthesis read the old one: "
        "run compendium reproduce and compendium accept once more.",
    ]
    assert ledger.read(tmp_path / "data" / "ledger.csv") == fresh
    assert not (tmp_path / "figures" / "old.svg").exists()


def test_a_second_run_is_asked_for_only_where_the_ledger_has_changed(
    as_committed, tmp_path, capsys
):
    ledger.write(tmp_path / "build" / "ledger.csv", ROWS)
    assert main(["accept"], Project(tmp_path)) == 0
    assert capsys.readouterr().out == ""


def reported(rows: list[ledger.Row], names: list[str]) -> list[str]:
    """Return the lines of the report on a terminal of eighty characters."""
    outcomes = [Outcome(name, 10.0 * place) for place, name in enumerate(names, start=1)]
    said = io.StringIO()
    Console(file=said, width=80).print(report(rows, outcomes, 300.0))
    lines = [line.rstrip() for line in said.getvalue().splitlines() if line.strip()]
    assert max(map(len, lines)) <= 80
    return lines


def test_the_report_has_a_line_a_notebook_and_one_for_all():
    names = [path.stem for path in PROJECT.notebook_files]
    lines = reported(ROWS, names)
    stubs = [name.partition("_")[2] for name in names]
    told = {line.split()[0]: line.split()[1:] for line in lines}
    assert [line.split()[0] for line in lines[-len(stubs) - 2 :] if line[1] != "─"] == [
        *stubs,
        "all",
    ]
    counts = ledger.count(ROWS)
    for place, stub in enumerate(stubs, start=1):
        own = [f"{number:,}" for number in counts.get(stub, {}).values()]
        # The synthesis prints no number of its own.
        assert told[stub] == [*own, f"{10.0 * place:.1f}"]
    assert told["all"][0] == f"{len(ROWS):,}"
    assert told["all"][-1] == "300.0"


def test_twelve_sources_fit_and_a_long_name_is_cut():
    slugs = [f"{chr(97 + n)}_source_with_a_long_name" for n in range(12)]
    rows = [replace(row, source=slug) for slug in slugs for row in ROWS]
    lines = reported(rows, [f"{place}_{slug}" for place, slug in enumerate(slugs, start=1)])
    assert len([line for line in lines if "_source_wi…" in line]) == 12
    assert f"{12 * len(ROWS):,}" in lines[-1]


# On made-up checkouts ----------------------------------------------------------------------------


@pytest.fixture
def toy(tmp_path: Path) -> Project:
    """A checkout without numbers, in which a test writes the notebooks."""
    project = Project(tmp_path / "toy")
    for folder in (project.data, project.notebooks, project.figures):
        folder.mkdir(parents=True)
    (project.data / "datapackage.json").write_text('{"resources": [], "sources": []}', "utf8")
    ledger.write(project.ledger, [])
    return project


def write(project: Project, name: str, *cells: str) -> Path:
    path = project.notebooks / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    return path


LEDGER = """
from compendium.verdict import ledger
from compendium.project import Project
row = ledger.Row("toy", "Table 1", "1990", "a", "2", "", "", {value!r}, "", {verdict!r}, "")
ledger.write(Project().build / "ledger" / "toy.csv", [row])
"""
FIGURE = """
from compendium.project import Project, write_in_one_move
write_in_one_move(Project().build / "figures" / "a.svg", '<svg><path d="M {} 0"/></svg>')
print("drawn")
"""


def counted(project: Project, value: str = "2.0", verdict: str = "exact", x: float = 1.0) -> None:
    """Write a notebook that leaves a ledger of one number and a figure of one line."""
    write(project, "1_toy", LEDGER.format(value=value, verdict=verdict), FIGURE.format(x))


def in_this_process(paths, target, *, progress, finished):
    """Do what `execute` does, without a kernel to wait for."""
    outcomes = []
    for path in paths:
        notebook, error = nbformat.read(path, as_version=4), ""
        for number, cell in enumerate(notebook.cells, start=1):
            cell.execution_count = number
            said = io.StringIO()
            try:
                with redirect_stdout(said):
                    exec(cell.source, {})
            except ArithmeticError as failure:
                error = f"cell {number}: {failure}"
            cell.outputs = [new_output("stream", text=said.getvalue())]
        write_in_one_move(target / path.name, nbformat.writes(notebook))
        outcomes.append(Outcome(path.stem, 0.0, error))
        finished(outcomes[-1])
    return outcomes


@pytest.fixture
def accepted(toy: Project, monkeypatch) -> Project:
    """A checkout whose results were accepted, under the lock's versions."""
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    (toy.root / "requirements.lock").write_text("", "utf8")
    counted(toy)
    assert main(["reproduce"], toy) == 0
    assert main(["accept"], toy) == 0
    return toy


def test_two_notebooks_of_one_source_are_refused(toy, capsys):
    write(toy, "1_toy", "1")
    write(toy, "7_toy", "1")
    for command in ("reproduce", "students"):
        assert main([command], toy) == 2
        assert "1_toy.ipynb and 7_toy.ipynb are both of toy" in capsys.readouterr().err


def test_what_is_left_of_a_run_is_no_run(accepted, capsys):
    before = committed(accepted)
    (accepted.build / "ledger.csv").unlink()
    assert main(["accept"], accepted) == 2
    assert "no whole run is left" in capsys.readouterr().err
    assert committed(accepted) == before


@pytest.mark.parametrize("command", ["reproduce", "accept", "students", "test"])
def test_nothing_found_is_no_success(toy, command, capsys):
    assert main([command], toy) == 2
    said = capsys.readouterr().err
    assert said.startswith(("There is no notebook in", "Nothing is copied", "There are no tests"))
    assert said.count("\n") == 1


@pytest.mark.parametrize("named", [True, False])
def test_where_there_is_no_checkout_a_line_says_what_to_do(tmp_path, monkeypatch, capsys, named):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    if named:
        monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    else:
        monkeypatch.chdir(tmp_path)
    assert main(["reproduce"]) == 2
    said = capsys.readouterr().err
    assert f"set {ROOT_VARIABLE} to its folder" in said
    assert "data/datapackage.json" in said
    assert said.count("\n") == 1


def test_the_checkout_is_the_nearest_one_upwards_unless_another_is_named(toy, monkeypatch):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(toy.notebooks)
    assert Project().root == toy.root.resolve()
    monkeypatch.setenv(ROOT_VARIABLE, str(PROJECT.root))
    assert Project().root == PROJECT.root


# Notebooks that are none, or do not end ----------------------------------------------------------


BAD = {
    "2_empty": (b"", "is no notebook: it is empty"),
    "3_blank": (b"\n \n", "is no notebook: it is empty"),
    "4_conflict": (b"{\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}", "line 2 marks a conflict of two"),
    "5_mark": (b'\xef\xbb\xbf{"cells": []}', "is no notebook: it begins with a byte order mark"),
    "6_utf_16": (b"\xff\xfe{\x00", "is not in UTF-8: byte 0"),
    "7_list": (b"[1, 2]", "is no notebook"),
    "8_cells": (b'{"cells": 3, "metadata": {}, "nbformat": 4}', "is no notebook"),
    "9_folder": (None, "cannot be read"),
}


def test_a_notebook_that_is_none_fails_by_name_and_stops_no_other(toy, capsys):
    write(toy, "1_good", "print(6 * 7)")
    for name, (content, _) in BAD.items():
        bad = toy.notebooks / f"{name}.ipynb"
        bad.mkdir() if content is None else bad.write_bytes(content)
    assert main(["reproduce"], toy) == 1
    told = capsys.readouterr().out
    assert "42" in (toy.build / "notebooks" / "1_good.ipynb").read_text("utf8")
    assert "1_good failed" not in told
    not_accepted = accepted_not(toy, capsys)
    assert main(["students"], toy) == 1
    assert (toy.build / "students" / "1_good.ipynb").exists()
    no_copies = capsys.readouterr().out
    for name, (_, says) in BAD.items():
        assert f"{name} failed" in told
        assert f"{name}.ipynb" in not_accepted
        for said in (told, no_copies):
            (line,) = (line for line in said.splitlines() if line.startswith(f"{name}.ipynb "))
            assert says in line


def accepted_not(project: Project, capsys: pytest.CaptureFixture) -> str:
    """Return what accept says where it copies nothing."""
    assert main(["accept"], project) == 1
    return capsys.readouterr().out.partition("Nothing is copied")[2]


def test_hidden_files_are_no_notebooks(toy, capsys):
    write(toy, "1_good", "print(6 * 7)")
    for name in ("._1_good.ipynb", ".~1_good.ipynb", ".ipynb_checkpoints"):
        (toy.notebooks / name).write_bytes(b"\0\5\x16\7")
    assert main(["reproduce"], toy) == 0
    assert main(["students"], toy) == 0
    assert [path.name for path in toy.notebook_files] == ["1_good.ipynb"]
    assert "1_good" in capsys.readouterr().out


@pytest.mark.parametrize("cell", ["while True: pass", "import time; time.sleep(600)"])
def test_a_cell_that_does_not_end_is_named_and_ended(toy, cell, monkeypatch, capsys):
    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    write(toy, "1_good", "print(6 * 7)")
    write(toy, "2_endless", "x = 1", cell, "print('never')")
    assert main(["reproduce"], toy) == 1
    said = capsys.readouterr().out
    assert f"cell 2 ({cell}): not done after 1 seconds, which {LIMIT_VARIABLE} sets" in said
    assert "1_good failed" not in said


@pytest.mark.parametrize("said", ["0", "-3", "ten", "1.5"])
def test_a_limit_that_is_none_is_refused_by_name(toy, said, monkeypatch, capsys):
    monkeypatch.setenv(LIMIT_VARIABLE, said)
    write(toy, "1_good", "1")
    assert main(["reproduce"], toy) == 2
    assert f"{LIMIT_VARIABLE} must be a whole number of seconds above 0, got {said}" in (
        capsys.readouterr().err
    )


def test_a_kernel_that_dies_is_told_with_its_cell(toy, capsys):
    write(toy, "1_gone", "x = 1", "import os; os._exit(3)")
    assert main(["reproduce"], toy) == 1
    assert "cell 2 (import os; os._exit(3)): DeadKernelError" in capsys.readouterr().out


# Stopped, and two at once ------------------------------------------------------------------------

#: A shell may have taught its children to ignore what a person types to stop them.
COMMAND = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from compendium.run.commands import main; sys.exit(main(sys.argv[1:]))"
)
WAITS = "import os, pathlib, time; pathlib.Path('{}').write_text(str(os.getpid())); time.sleep(60)"


def started(project: Project) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "reproduce"],
        env={**os.environ, ROOT_VARIABLE: str(project.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf8",
    )


def content(path: Path) -> str:
    """Return what a file holds as soon as it holds anything."""
    end = time.monotonic() + 30
    while not (path.exists() and path.read_text("utf8")):
        assert time.monotonic() < end
        time.sleep(0.05)
    return path.read_text("utf8")


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name == "nt", reason="a signal can be sent to one process on POSIX alone")
def test_stopped_it_ends_in_a_line_and_leaves_nothing_behind_and_the_second_says_so(toy, capsys):
    for name in ("1_a", "2_b"):
        write(toy, name, WAITS.format(f"{name}.pid"))
    run = started(toy)
    kernels = [int(content(toy.notebooks / f"{name}.pid")) for name in ("1_a", "2_b")]
    # Meanwhile a second one has nothing to do here.
    for command in ("reproduce", "accept", "students"):
        assert main([command], toy) == 2
        assert capsys.readouterr().err == (
            f"Another command is running in {toy.root}: wait for its end, "
            "or work in a copy of the checkout.\n"
        )
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert err == "Stopped. What was running is ended; what is committed is as it was.\n"
    assert "Traceback" not in out
    assert not any(map(lives, kernels))
    write(toy, "1_a", "1")
    write(toy, "2_b", "2")
    assert main(["reproduce"], toy) == 0


def test_a_turn_ends_with_its_command(toy):
    for _ in range(2):
        with turn(toy):
            pass


# The committed results ---------------------------------------------------------------------------


def test_the_same_results_are_told_to_be_the_same(accepted, capsys):
    capsys.readouterr()
    assert main(["reproduce", "--check"], accepted) == 0
    assert "Ledgers, figures and notebooks are the committed ones." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "2.01"}, "ledger: changed: toy, Table 1, 1990, a: recomputed '2.0' -> '2.01'"),
        (
            {"verdict": "given"},
            "ledger: changed: toy, Table 1, 1990, a: verdict 'exact' -> 'given'",
        ),
        ({"x": 1.5}, "figures: a.svg: path: d: 1.0 and 1.5"),
    ],
)
@pytest.mark.parametrize(
    ("words", "variable", "status"),
    [
        (["reproduce"], None, 0),
        (["reproduce"], "", 0),
        (["reproduce"], "false", 0),
        (["reproduce"], "true", 1),
        (["reproduce"], "1", 1),
        (["reproduce", "--check"], None, 1),
    ],
)
def test_another_result_is_told_and_fails_where_asked(
    accepted, change, said, words, variable, status, monkeypatch, capsys
):
    if variable is not None:
        monkeypatch.setenv("CI", variable)
    counted(accepted, **change)
    assert main(words, accepted) == status
    told = capsys.readouterr().out
    assert said in told
    assert "This is not what is committed." in told


def test_after_a_failure_nothing_is_said_of_accepting(accepted, capsys):
    counted(accepted, value="2.01")
    write(accepted, "2_bad", "1 / 0")
    assert main(["reproduce"], accepted) == 1
    told = capsys.readouterr().out
    assert "2_bad failed" in told
    assert "accept" not in told


@pytest.mark.parametrize(
    ("change", "status"), [({"value": "2.01", "x": 1.5}, 0), ({"verdict": "given"}, 1)]
)
def test_under_other_versions_verdicts_alone_count(accepted, change, status, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    lock = "numpy==0.1 \\\n    --hash=sha256:0\nno-such-package==1 ; sys_platform == 'plan9'\n"
    (accepted.root / "requirements.lock").write_text(lock, "utf8")
    counted(accepted, **change)
    assert main(["reproduce"], accepted) == status
    told = capsys.readouterr().out
    if status:
        assert "verdict: toy, Table 1, 1990, a: 2 exact, now 2 given" in told
    else:
        assert "Every verdict is the committed one. No more is compared, for numpy is " in told


@pytest.mark.locked
def test_the_lock_names_what_is_installed_here():
    assert versions.unlocked(PROJECT) == ""


# Accepting ---------------------------------------------------------------------------------------


def committed(project: Project) -> dict[str, bytes]:
    """Return every file that is not a run's."""
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and "build" not in path.parts
    }


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


# What is missing, or may not be written ----------------------------------------------------------


def lacks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raising(name: str) -> None:
        raise error

    monkeypatch.setattr("compendium.run.commands.import_module", raising)


@pytest.mark.parametrize(("command", "extra"), [("reproduce", "notebooks"), ("site", "site")])
def test_a_missing_package_is_told_with_the_extra_that_brings_it(
    toy, command, extra, monkeypatch, capsys
):
    lacks(monkeypatch, ModuleNotFoundError("No module named 'rich'", name="rich.console"))
    monkeypatch.setattr(sys, "prefix", str(toy.root / "env"))
    assert main([command], toy) == 2
    said = capsys.readouterr().err
    assert said == (
        f"rich is not installed: compendium {command} needs the extra {extra}. Install compendium "
        f"again with it, as in pip install '.[{extra}]' in the folder it came from.\n"
    )


@pytest.mark.parametrize(
    ("prefix", "error"),
    [
        (".venv", ModuleNotFoundError("No module named 'numpy'", name="numpy")),
        ("env", ImportError("numpy: cannot load a part of it\n" * 20)),
    ],
)
def test_a_broken_environment_is_told_in_a_line(toy, prefix, error, monkeypatch, capsys):
    lacks(monkeypatch, error)
    monkeypatch.setattr(sys, "prefix", str(toy.root / prefix))
    assert main(["reproduce"], toy) == 2
    said = capsys.readouterr().err
    assert "numpy" in said
    assert "set it up anew with python3 set_up.py" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("code", [13, 30, 28])
def test_a_place_that_may_not_be_written_is_named_in_a_line(toy, code, monkeypatch, capsys):
    lacks(monkeypatch, OSError(code, os.strerror(code), "build/ledger.csv"))
    assert main(["reproduce"], toy) == 2
    assert capsys.readouterr().err == (
        f"build/ledger.csv cannot be written: {os.strerror(code)}.\n"
    )


def test_an_error_of_our_own_is_not_hidden(toy, monkeypatch):
    lacks(monkeypatch, FileNotFoundError(2, "No such file", "x"))
    with pytest.raises(FileNotFoundError):
        main(["reproduce"], toy)


def test_nothing_is_read_from_or_left_in_a_home(toy, tmp_path, monkeypatch):
    """Not even where there is none: a home may be missing, or somebody else's."""
    start = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "own.py").write_text("print('mine')", "utf8")
    before = sorted((tmp_path / "home").rglob("*"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "home" / ".ipython"))
    monkeypatch.setenv("MPLBACKEND", "svg")
    write(toy, "1_good", "import matplotlib; print(matplotlib.get_backend())")
    assert main(["reproduce"], toy) == 0
    assert sorted((tmp_path / "home").rglob("*")) == before
    text = (toy.build / "notebooks" / "1_good.ipynb").read_text("utf8")
    assert "inline" in text
    assert "mine" not in text
    assert os.environ["MPLBACKEND"] == "svg"


# Who reads it ------------------------------------------------------------------------------------


@pytest.fixture
def piped(toy) -> Callable[..., subprocess.Popen[bytes]]:
    """Start a command in a process of its own, whose output is the test's to read or not."""
    cite = "Müller (1999)"
    package = {"sources": [{"name": "toy", "cite": cite}], "resources": []}
    (toy.data / "datapackage.json").write_text(json.dumps(package), "utf8")
    (toy.data / "toy").mkdir()
    head = "exhibit,item,qualifier,printed,unit,page"
    (toy.data / "toy" / "text.csv").write_text(f"{head}\npara 1,a,,7,,1\n", "utf8")

    def start(**environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "compendium", "check"],
            env={**os.environ, ROOT_VARIABLE: str(toy.root), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start


def test_where_nobody_reads_on_nothing_is_said(piped):
    with piped() as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_letter_that_a_terminal_lacks_is_spelt(piped):
    said, _ = piped(PYTHONIOENCODING="ascii").communicate()
    assert said.startswith(b"M\\xfcller (1999): 1 numbers, 1 given")


# The list of checks ------------------------------------------------------------------------------


@pytest.fixture
def ran(toy, monkeypatch) -> Callable[..., list[str]]:
    """Return what `test` would have run, and let the one fail that is named."""
    (toy.root / "tests").mkdir()
    write(toy, "1_good", "1")
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    done: list[str] = []

    def of(*words: str, failing: str = "none") -> list[str]:
        done.clear()

        def call(command, **options):
            done.append(" ".join(command[2:4]))
            return subprocess.CompletedProcess(command, int(failing in command))

        monkeypatch.setattr("compendium.run.test.subprocess.run", call)
        status = main(["test", *words], toy)
        return [*done, str(status)]

    return of


def test_the_checks_are_style_types_notebooks_and_tests(ran):
    assert ran() == ["ruff check", "ruff format", "mypy", "pytest -n", "pytest -n", "0"]


def test_the_first_that_fails_is_named_and_ends_it(ran, capsys):
    assert ran(failing="mypy") == ["ruff check", "ruff format", "mypy", "1"]
    assert "Failed: python -m mypy" in capsys.readouterr().out


def test_under_other_versions_the_tests_alone_are_run(ran):
    assert ran("--unlocked") == ["pytest -n", "0"]


def test_a_run_that_fails_is_checked_no_further(ran, toy):
    assert ran(failing="--nbval") == ["ruff check", "ruff format", "mypy", "pytest -n", "1"]
    write(toy, "1_good", "1 / 0")
    assert ran("--unlocked") == ["1"]


def test_what_the_notebooks_left_before_is_no_result_of_this_run(ran, toy):
    ledger.write(toy.build / "ledger" / "good.csv", ROWS)
    ran()
    assert ledger.read(toy.build / "ledger.csv") == []


def test_every_command_is_documented():
    page = (PROJECT.root / "docs" / "run.md").read_text("utf8")
    for name, command in COMMANDS.items():
        assert f"`compendium {name}`" in page, name
        for argument, _ in command.arguments:
            assert argument.startswith("--") <= (argument in page), argument
    assert LIMIT_VARIABLE in page
    assert ROOT_VARIABLE in page
