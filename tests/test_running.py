"""Running notebooks by command: one that fails, is none, does not end, is stopped or in the way."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from runs import in_this_process, write

from compendium.project import ROOT_VARIABLE, Project
from compendium.run.commands import main
from compendium.run.notebooks import LIMIT_VARIABLE
from compendium.run.turns import turn
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)


# On a source with one digit changed -----------------------------------------------------------


PRICES = pd.DataFrame({"price": [463.8333, 512.5], "rent": [61.2, 70.4]}, index=[30, 40])


@pytest.fixture(scope="module")
def damaged(desks) -> Project:
    """A checkout of one source that was accepted; now its table has 564 for 464."""
    desk, fields = desks(), ("size", "price", "rent")
    desk.table([["30", "464", "61"], ["40", "513", "70"]], fields)
    audit = desk.audit()
    audit.check("1", PRICES)
    audit.close()
    shutil.copy(desk.project.build / "ledger" / "toy.csv", desk.project.ledger)
    desk.table([["30", "564", "61"], ["40", "513", "70"]], fields)
    for folder in (desk.project.notebooks, desk.project.figures):
        folder.mkdir()
    write(
        desk.project,
        "1_toy",
        "import pandas as pd\nfrom compendium import Audit\naudit = Audit('toy')",
        f"audit.check('1', pd.DataFrame({PRICES.to_dict()}))",
        "audit.close()",
    )
    return desk.project


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
    assert "1_toy failed" in said
    assert "Table 1, 30, price: printed 564, recomputed 463.8333" in said
    # The cause before all that differs for it.
    assert said.index("1_toy failed") < said.index("This is not what is committed")


def test_reproduce_still_writes_what_there_is(damaged, reproduced):
    rows = ledger.read(damaged.build / "ledger.csv")
    assert len(rows) == 4
    assert [row.printed for row in rows if row.verdict == "differs"] == ["564"]


def test_accept_shows_a_failed_run_and_copies_nothing(damaged, reproduced, capsys):
    before = damaged.ledger.read_bytes()
    assert main(["accept"], damaged) == 1
    said = capsys.readouterr().out
    assert "changed: toy, Table 1, 30, price: printed '464' -> '564'" in said
    assert "1_toy.ipynb: cell" in said
    assert "Table 1, 30, price: differs" in said
    assert damaged.ledger.read_bytes() == before


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
    for name, (_, says) in BAD.items():
        assert f"{name} failed" in told
        assert f"{name}.ipynb" in not_accepted
        (line,) = (line for line in told.splitlines() if line.startswith(f"{name}.ipynb "))
        assert says in line


def accepted_not(project: Project, capsys: pytest.CaptureFixture) -> str:
    """Return what accept says where it copies nothing."""
    assert main(["accept"], project) == 1
    return capsys.readouterr().out.partition("Nothing is copied")[2]


def test_hidden_files_are_no_notebooks(toy, monkeypatch, capsys):
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    write(toy, "1_good", "print(6 * 7)")
    for name in ("._1_good.ipynb", ".~1_good.ipynb", ".ipynb_checkpoints"):
        (toy.notebooks / name).write_bytes(b"\0\5\x16\7")
    assert main(["reproduce"], toy) == 0
    assert [path.name for path in toy.notebook_files] == ["1_good.ipynb"]
    assert "1_good" in capsys.readouterr().out


def test_a_cell_that_does_not_end_or_ends_its_kernel_is_named_and_ended(toy, monkeypatch, capsys):
    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    write(toy, "1_good", "print(6 * 7)")
    endless = {"2_busy": "while True: pass", "3_asleep": "import time; time.sleep(600)"}
    for name, cell in endless.items():
        write(toy, name, "x = 1", cell, "print('never')")
    write(toy, "4_gone", "x = 1", "import os; os._exit(3)")
    assert main(["reproduce"], toy) == 1
    said = capsys.readouterr().out
    for cell in endless.values():
        assert f"cell 2 ({cell}): not done after 1 seconds, which {LIMIT_VARIABLE} sets" in said
    assert "cell 2 (import os; os._exit(3)): DeadKernelError" in said
    assert "1_good failed" not in said


@pytest.mark.parametrize("said", ["0", "-3", "ten", "1.5"])
def test_a_limit_that_is_none_is_refused_by_name(toy, said, monkeypatch, capsys):
    monkeypatch.setenv(LIMIT_VARIABLE, said)
    write(toy, "1_good", "1")
    assert main(["reproduce"], toy) == 2
    assert f"{LIMIT_VARIABLE} must be a whole number of seconds above 0, got {said}" in (
        capsys.readouterr().err
    )


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
def test_stopped_it_ends_in_a_line_and_leaves_nothing_behind_and_the_second_says_so(
    toy, monkeypatch, capsys
):
    for name in ("1_a", "2_b"):
        write(toy, name, WAITS.format(f"{name}.pid"))
    run = started(toy)
    kernels = [int(content(toy.notebooks / f"{name}.pid")) for name in ("1_a", "2_b")]
    # Meanwhile a second one has nothing to do here.
    for command in ("reproduce", "accept"):
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
    monkeypatch.setattr("compendium.run.reproduce.execute", in_this_process)
    write(toy, "1_a", "1")
    write(toy, "2_b", "2")
    assert main(["reproduce"], toy) == 0


def test_a_turn_ends_with_its_command(toy):
    for _ in range(2):
        with turn(toy):
            pass
