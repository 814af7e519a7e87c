"""An account: what a source declares, how numbers are counted, which cells claim them."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from accounts import ROWS, VALUES, close, rows_of

from compendium.page.files import DataError

# Declarations ------------------------------------------------------------------------------------


def erratum(ours="0.40", printed="0.33"):
    return ["Table 1", "1", "a", "erratum", printed, "", ours, "the sum is 0.40", "arithmetic"]


def test_a_declared_erratum_holds_while_ours_is_what_we_compute(desk):
    desk.table(ROWS)
    desk.notes(erratum())
    audit = desk.audit()
    audit.check("1", VALUES.assign(a=[0.4, 0.5]))
    assert close(audit) == []
    assert rows_of(desk)["1", "a"].verdict == "erratum"
    assert rows_of(desk)["1", "a"].note == "the sum is 0.40"


def test_an_erratum_that_drifts_is_refused(desk):
    desk.table(ROWS)
    desk.notes(erratum())
    audit = desk.audit()
    audit.check("1", VALUES.assign(a=[0.41, 0.5]))
    assert close(audit) == ["Table 1, 1, a: declared erratum with 0.40, recomputed 0.41"]


def test_an_erratum_that_has_gone_is_refused(desk):
    desk.table(ROWS)
    desk.notes(erratum())
    audit = desk.audit()
    audit.check("1", VALUES)
    assert close(audit) == ["Table 1, 1, a: declared erratum, but recomputed 0.3333333333 agrees"]


def test_an_erratum_cannot_hide_behind_given(desk):
    desk.table(ROWS)
    desk.notes(erratum())
    audit = desk.audit()
    audit.given("1")
    assert close(audit) == ["Table 1, 1, a: declared erratum but claimed as given"]


def test_an_unresolved_number_needs_its_declaration(desk):
    desk.text(["para 1", "x", "", "5"])
    audit = desk.audit()
    audit.unresolved("para 1", "x")
    assert close(audit) == ["para 1, x: not declared unresolved in notes.csv"]
    desk.notes(["para 1", "x", "", "unresolved", "5", "", "", "no base is stated"])
    audit = desk.audit()
    audit.unresolved("para 1", "x")
    assert close(audit) == []


def test_an_illegible_number_can_only_be_unresolved(desk):
    desk.text(["para 1", "x", "", "?"])
    audit = desk.audit()
    audit.given("para 1", "x")
    assert close(audit) == ["para 1, x: illegible, so it cannot be given"]
    audit = desk.audit()
    audit.check("para 1", x=5)
    assert close(audit) == ["para 1, x: printed ?, recomputed 5"]


def test_an_illegible_cell_counts_even_where_the_package_declares_it_missing(desk):
    schema = {
        "fields": [{"name": name, "type": "number"} for name in ("year", "a")],
        "primaryKey": ["year"],
        "missingValues": ["", "?"],
    }
    desk.table([["1", "?"], ["2", ""]], fields=("year", "a"), schema=schema)
    audit = desk.audit()
    assert close(audit) == ["Table 1, 1, a: printed ?, accounted for by nothing"]


def test_a_misread_keeps_its_verdict_and_shows_the_scan(desk):
    desk.table(ROWS)
    desk.notes(["Table 1", "1", "a", "misread", "0.33", "0.83", "", "3 read as 8"])
    audit = desk.audit()
    audit.check("1", VALUES)
    assert close(audit) == []
    row = rows_of(desk)["1", "a"]
    assert (row.verdict, row.misread_as, row.note) == ("exact", "0.83", "misread: 3 read as 8")


def test_a_doubt_changes_no_verdict_and_shows_the_other_readings(desk):
    desk.table([["1", "0.33", "0.67"]])
    desk.notes(
        ["Table 1", "1", "a", "doubtful", "0.33", "0.83|0.38", "", "3 is read as 8 in this table"],
        ["Table 1", "1", "b", "doubtful", "0.67", "0.57", "", "5 is read as 6 in this table"],
        ["Table 1", "1", "b", "unresolved", "0.67", "", "", "nothing says what it is a share of"],
    )
    audit = desk.audit()
    audit.given("1", VALUES[["a"]].loc[[1]])
    audit.unresolved("1", VALUES[["b"]].loc[[1]])
    assert close(audit) == []
    a, b = rows_of(desk)["1", "a"], rows_of(desk)["1", "b"]
    assert (a.verdict, a.doubt, b.verdict, b.doubt) == ("given", "0.83|0.38", "unresolved", "0.57")
    assert a.note == "doubtful: 3 is read as 8 in this table"


@pytest.mark.parametrize(
    ("scan", "ours", "said"),
    [
        ("", "", "other readings of '0.33', each a number and once, with | in between, got ''"),
        ("0.83|0.33", "", "got '0.33'"),
        ("0.83|0.83", "", "got '0.83'"),
        ("0.83|O.33", "", "got 'O.33'"),
        ("0.83", "0.38", "column ours: a doubtful number has readings, no 0.38"),
    ],
)
def test_a_doubt_needs_other_readings_and_has_no_value_of_ours(desk, scan, ours, said):
    desk.table(ROWS)
    desk.notes(["Table 1", "1", "a", "doubtful", "0.33", scan, ours, "3 is read as 8"])
    with pytest.raises(DataError, match=re.escape(said)) as raised:
        desk.audit()
    assert str(raised.value).startswith("data/toy/notes.csv, row 2, column ")


# Accounting --------------------------------------------------------------------------------------


def test_a_number_that_nothing_accounts_for_is_listed(desk):
    desk.table(ROWS)
    desk.text(["para 1", "x", "", "5"])
    audit = desk.audit()
    audit.check("1", VALUES.loc[[1]])
    assert close(audit) == [
        "Table 1, 2, a: printed 0.50, accounted for by nothing",
        "Table 1, 2, b: printed 0.25, accounted for by nothing",
        "para 1, x: printed 5, accounted for by nothing",
    ]


def test_a_number_accounted_for_twice_is_listed(desk):
    desk.table(ROWS)
    audit = desk.audit()
    audit.check("1", VALUES)
    audit.given("1", VALUES[["a"]].loc[[1]])
    assert close(audit) == ["Table 1, 1, a: printed 0.33, accounted for 2 times"]


def test_everything_wrong_is_listed_at_once_and_the_ledger_is_written(desk):
    desk.table(ROWS)
    audit = desk.audit()
    audit.check("1", 1.1 * VALUES)
    assert len(close(audit)) == 4
    assert {row.verdict for row in rows_of(desk).values()} == {"differs"}


def test_a_word_among_keys_or_heads_is_no_printed_number(desk):
    fields = ("wage", "16", "total")
    rows = [["1,500", "0.4", "0.4"], ["total", "0.4", "0.4"]]
    schema = {"fields": [{"name": name, "type": "string"} for name in fields[:1]]}
    schema["fields"] += [{"name": name, "type": "number"} for name in fields[1:]]
    schema |= {"primaryKey": ["wage"]}
    desk.table(rows, fields, schema=schema, head="space", counted=["wage"])
    audit = desk.audit()
    audit.given("1", audit.table("1"), head=True)
    audit.check("1", key="wage", value=[1500, np.nan])
    assert close(audit) == []
    assert [(row.row, row.printed) for row in rows_of(desk).values()][:2] == [
        ("head", "16"),
        ("1,500", "1,500"),
    ]
    assert len(rows_of(desk)) == 1 + 1 + 4


def test_keys_count_once_for_each_run_and_heads_count_where_declared(desk):
    fields = [{"name": name, "type": "number"} for name in ("income", "payment", "5", "10")]
    schema = {"fields": fields, "primaryKey": ["income", "payment"]}
    rows = [["200", "40", "1", "2"], ["200", "50", "3", "4"], ["300", "60", "5", "6"]]
    desk.table(
        rows,
        ("income", "payment", "5", "10"),
        schema=schema,
        head="years",
        counted=["income", "payment"],
    )
    audit = desk.audit()
    audit.given("1", audit.table("1"), keys=["income"], head=True)
    table = audit.table("1")
    with pytest.raises(ValueError, match="one printed key, but several recomputed"):
        audit.check("1", key="income", value=[200, 201, 300])
    audit.check("1", key="payment", value=table.key("payment"))
    assert close(audit) == []
    assert [(row.row, row.column) for row in rows_of(desk).values()][:4] == [
        ("head", "years 5"),
        ("head", "years 10"),
        ("200", "income"),
        ("200 | 40", "payment"),
    ]
    assert len(rows_of(desk)) == 2 + 2 + 3 + 6


def test_words_are_checked_by_equality_where_they_count(desk):
    fields = [
        {"name": "plan", "type": "string"},
        {"name": "cost", "type": "number"},
        {"name": "verdict", "type": "string"},
        {"name": "remark", "type": "string"},
    ]
    desk.table(
        [["A", "5.0", "adequate", "old"], ["B", "7.0", "exhausted", ""]],
        ("plan", "cost", "verdict", "remark"),
        schema={"fields": fields, "primaryKey": ["plan"]},
        counted=["verdict"],
    )
    audit = desk.audit()
    table = audit.table("1")
    assert table.columns.tolist() == ["cost"]
    assert table.text("verdict").tolist() == ["adequate", "exhausted"]
    audit.given("1", table)
    audit.check("1", pd.Series(["adequate", "adequate"], index=["A", "B"], name="verdict"))
    assert close(audit) == ["Table 1, B, verdict: printed exhausted, recomputed adequate"]


def test_a_fit_behind_rounded_inputs_is_no_more_than_consistent_and_is_counted(desk):
    desk.table([["1", "0.33", "0.67"], ["2", "0.50", "1.01"], ["3", "0.21", "0.43"]])
    audit = desk.audit()
    table = audit.table("1")
    audit.given("1", table[["a"]])
    audit.check(
        "1",
        lambda inputs, times: (times * inputs["a"]).rename("b"),
        bounds=[table],
        recovered={"times": 2.02},
    )
    audit.close()
    found = rows_of(desk)
    assert {found[key, "b"].verdict for key in "123"} == {"consistent"}
    assert found["1", "b"].note.startswith("times = 2.02: 3 numbers for 1 fitted; inputs as")


def test_chance_has_to_meet_a_word_in_every_row_that_has_it(desk):
    """Not in one of them alone, though a word that is said twice is no two numbers."""
    rows = [["1", "low"], ["2", "high"], ["3", "high"], ["4", "low"]]
    fields = [{"name": name, "type": "string"} for name in ("plan", "verdict")]
    schema = {"fields": fields, "primaryKey": ["plan"]}
    desk.table(rows, ("plan", "verdict"), schema=schema, counted=["verdict"])
    audit = desk.audit()
    at = pd.Series([1.0, 5.0, 2.0, 0.0], index=["1", "2", "3", "4"], name="verdict")
    audit.recover(
        {"limit": 1.5},
        {"1": lambda limit: (at > limit).map({True: "high", False: "low"})},
        ranges={"limit": (0.0, 10.0)},
    )
    audit.close()
    assert "in a share of 0.1:" in rows_of(desk)["1", "verdict"].note


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda audit: audit.check("1", VALUES.rename(columns={"a": "c"})), "no column 'c'"),
        (lambda audit: audit.check("1", VALUES.rename(index={1: 9})), "no row"),
        (lambda audit: audit.check("1", 5), "must be a DataFrame or Series"),
        (lambda audit: audit.check("1"), "claims no printed number"),
        (lambda audit: audit.check("1", VALUES, x=5), "give values or items, not both"),
        (lambda audit: audit.check("1", VALUES, recovered={"k": 1}), "need a callable"),
        (lambda audit: audit.check("1", lambda: VALUES), "a callable needs"),
        (lambda audit: audit.check("1", head=[1, 2]), "no numbers in its head"),
        (lambda audit: audit.given("1", keys=["year"]), "'year' is no counted key"),
        (lambda audit: audit.given("para 1", "y"), "no item 'y' in para 1"),
        (
            lambda audit: audit.check(
                "1", lambda table, k: VALUES, recovered={"k": 1}, bounds=[VALUES]
            ),
            "that proves nothing",
        ),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(desk, call, message):
    desk.table(ROWS)
    desk.text(["para 1", "x", "", "5"])
    with pytest.raises(ValueError, match=message):
        call(desk.audit())


# Notebooks ---------------------------------------------------------------------------------------


class Kernel:
    """What the audit asks a notebook's kernel: which cell is running."""

    def __init__(self):
        self.cell = ""

    def get_parent(self, _):
        return {"metadata": {"cellId": self.cell}, "content": {"code": ""}}


class Shell:
    def __init__(self):
        self.kernel, self.execution_count = Kernel(), 0

    def run(self, cell):
        self.kernel.cell = cell
        self.execution_count += 1


def test_a_cell_that_runs_again_replaces_what_it_claimed(desk, monkeypatch):
    shell = Shell()
    monkeypatch.setattr("compendium.verdict.audit.shell", lambda: shell)
    desk.table(ROWS)
    audit = desk.audit()
    shell.run("first")
    audit.check("1", 2 * VALUES)
    shell.run("second")
    audit.check("1", VALUES.loc[[1]])
    assert any("2 times" in line for line in close(audit))
    shell.run("first")
    audit.check("1", VALUES.loc[[2]])
    assert close(audit) == []


def test_two_calls_in_one_cell_do_not_replace_each_other(desk, monkeypatch):
    shell = Shell()
    monkeypatch.setattr("compendium.verdict.audit.shell", lambda: shell)
    desk.table(ROWS)
    audit = desk.audit()
    shell.run("only")
    audit.check("1", VALUES.loc[[1]])
    audit.check("1", VALUES.loc[[2]])
    assert close(audit) == []


def test_an_account_needs_no_notebook_and_nothing_that_makes_one(desk):
    desk.table([["1990", "1", "2"]])
    script = (
        "import sys; from pathlib import Path; from compendium import Audit; "
        "from compendium.project import Project; "
        f"audit = Audit('toy', Project(Path({str(desk.project.root)!r}))); audit.given('1'); "
        "audit.show('1'); audit.show_notes(); audit.close(); sys.exit('IPython' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Table 1: 2 numbers, 2 · given".encode() in run.stdout
