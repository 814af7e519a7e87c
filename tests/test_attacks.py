"""An erratum stands once five attacks on it are told and none succeeds; a machine tries three."""

from __future__ import annotations

import re

import pytest

from compendium import AuditError
from compendium.page.descriptors import sources
from compendium.page.files import DataError
from compendium.page.printed import Source
from compendium.project import Project
from compendium.verdict import attacks, ledger
from compendium.verdict.attacker import Attacker, Formula
from compendium.verdict.attacks import ATTACKS, COLUMNS
from rounding import DOWN

PROJECT = Project()
ATTACKED = [slug for slug in sources(PROJECT) if (PROJECT.data / slug / "attacks.csv").is_file()]
IDENTITIES = ["table", "across", "identity", "only", "rounding", "because"]
SUM = ["1", "columns", "total = a + b", "", "", ""]


@pytest.mark.parametrize("slug", sources(PROJECT))
def test_every_erratum_of_a_source_withstands(slug):
    """Of a source without the file nothing is asked."""
    assert attacks.faults(Source(slug)) == []


def toy(desk, rows, *notes, fields=("year", "a", "b", "total"), identities=(SUM,)):
    """Lay out a table, its declarations and its identities; return an attacker of it."""
    desk.table(rows, fields=fields)
    desk.notes(*notes)
    desk.csv("identities.csv", [IDENTITIES, *identities])
    source = Source("toy", desk.project)
    audit = desk.audit()
    audit.identities()
    try:
        audit.close()
    except AuditError as error:
        raise AssertionError(error) from None
    return Attacker(source, ledger.read(desk.project.build / "ledger" / "toy.csv"))


def erratum(row, printed, ours, column="total"):
    return ["Table 1", row, column, "erratum", printed, "", ours, "the parts", "arithmetic"]


def misread(row, column, printed, scan):
    return ["Table 1", row, column, "misread", printed, scan, "", "the row adds up"]


# Rounding ----------------------------------------------------------------------------------------


def rounded(desk, printed, computed):
    """Lay out a column of recomputed numbers of which the last is an erratum; attack that."""
    desk.table([[str(n), text] for n, text in enumerate(printed)], fields=("year", "mean"))
    last = str(len(printed) - 1)
    desk.notes(erratum(last, printed[-1], "9", "mean"))
    rows = [
        ledger.Row("toy", "Table 1", str(n), "mean", text, "", "", value, "", "exact", "")
        for n, (text, value) in enumerate(zip(printed, computed, strict=True))
    ]
    return Attacker(Source("toy", desk.project), rows).two_steps(("Table 1", last, "mean"))


def test_a_rule_that_all_neighbours_follow_too_is_a_rival(desk):
    rival, agrees, because = rounded(desk, ["1", "3", "5"], ["1.4", "3.5", "5.5"])
    assert (rival, agrees) == ("5.5, rounded to nearest, halves towards zero", "yes")
    assert because == "2 of 2 other numbers of the column follow it"


def test_a_rule_that_one_neighbour_does_not_follow_is_none(desk):
    _, agrees, because = rounded(desk, ["1", "4", "5"], ["1.2", "3.7", "5.9"])
    assert (agrees, because) == ("no", "1 of 2 other numbers of the column follow it")


def test_two_steps_of_which_the_first_keeps_two_digits_are_tried_too(desk):
    rival, agrees, _ = rounded(desk, ["3", "6"], ["3.46", "5.4951"])
    assert (rival.partition(", ")[2], agrees) == (
        "rounded to nearest in two steps, first to 2 digits more",
        "yes",
    )


def test_where_no_rule_makes_it_the_nearest_of_what_they_make_is_told(desk):
    attacker = toy(desk, [["1", "1", "1", "2"], ["2", "2", "3", "7"]], erratum("2", "7", "5"))
    found = attacker.two_steps(("Table 1", "2", "total"))
    assert found == ("5", "no", "5 is 5 under every rule")


# Readings ----------------------------------------------------------------------------------------


def test_a_digit_that_the_scan_confuses_elsewhere_makes_the_sum_come_out(desk):
    rows = [["1", "13", "10", "23"], ["2", "18", "20", "33"]]
    notes = [misread("1", "a", "13", "18"), erratum("2", "33", "38")]
    attacker = toy(desk, rows, *notes)
    assert attacker.pairs == ["83"]
    rival, agrees, _ = attacker.readings(("Table 1", "2", "total"))
    assert (rival, agrees) == ("13 for 18 in Table 1, 2, a", "yes")


def test_a_reading_that_breaks_another_identity_is_no_rival(desk):
    rows = [["1", "13", "10", "23", "26"], ["2", "18", "20", "33", "36"]]
    notes = [misread("1", "a", "13", "18"), erratum("2", "33", "38")]
    twice = ["1", "columns", "twice = 2 * a", "", "", ""]
    fields = ("year", "a", "b", "total", "twice")
    attacker = toy(desk, rows, *notes, fields=fields, identities=[SUM, twice])
    _, agrees, because = attacker.readings(("Table 1", "2", "total"))
    assert agrees == "no"
    assert because == "up to 2 digits of 3 numbers together misread; none makes it come out"


def test_without_a_confusion_of_its_own_a_scan_gives_no_readings(desk):
    attacker = toy(desk, [["1", "1", "1", "2"], ["2", "18", "20", "33"]], erratum("2", "33", "38"))
    assert attacker.readings(("Table 1", "2", "total"))[1] == "n/a"


def test_rounded_inputs_excuse_a_number_only_where_others_need_it_too(desk):
    """1.0 + 1.0 leaves 1.9 to 2.1: an excuse where the sums of other rows are off by as much."""
    rows = [["1", "1.3", "1.0", "2.30"], ["2", "1.8", "1.0", "2.38"]]
    notes = [misread("1", "a", "1.3", "1.8"), erratum("2", "2.38", "2.80")]
    attacker = toy(desk, rows, *notes)
    assert attacker.readings(("Table 1", "2", "total"))[1] == "no"
    rows[0][3] = "2.38"
    attacker = toy(desk, rows, *notes)
    assert attacker.readings(("Table 1", "2", "total"))[:2] == (
        "1.3 for 1.8 in Table 1, 2, a",
        "yes",
    )


def test_a_declared_formula_lets_its_inputs_be_read_otherwise(desk):
    attacker = toy(
        desk,
        [["1", "13", "10", "23"], ["2", "18", "20", "33"]],
        misread("1", "a", "13", "18"),
        erratum("2", "33", "38"),
    )
    desk.csv("identities.csv", [IDENTITIES])
    cells = [attacker.source.cells["Table 1", "2", name] for name in ("total", "a", "b")]
    own = Attacker(
        attacker.source,
        [*attacker.rows.values()],
        [Formula(cells[0], tuple(cells[1:]), lambda a, b: a + b)],
    )
    assert own.readings(("Table 1", "2", "total"))[1] == "yes"


def test_a_formula_holds_by_its_rule_and_within_the_rounding_of_its_inputs(desk):
    desk.table([["1", "1.5", "2"]])
    source = Source("toy", desk.project)
    a, b = (source.cells["Table 1", "1", name] for name in "ab")
    formula = Formula(b, (a,), lambda a: 1.2 * a, DOWN)
    assert "lambda" not in repr(formula)
    assert formula.holds([[1, 1.5], [2, 1.5], [2, 1.7]]).tolist() == [True, False, True]
    assert formula.holds([[2, 1.65], [2, 1.7]], within_reach=False).tolist() == [False, True]
    assert formula.as_printed({a.place: "1.6"}) == [2.0, 1.6]


# Elsewhere ---------------------------------------------------------------------------------------


def test_a_place_alike_in_unit_and_name_that_prints_it_agrees(desk):
    desk.table([["1", "1", "1"]])
    desk.text(
        ["para 1", "cost_of_roof", "", "12"],
        ["para 2", "cost_of_new_roof", "", "12"],
        ["para 3", "share", "", "12"],
        ["para 4", "cost_of_roof", "", "14"],
    )
    desk.notes(["para 1", "cost_of_roof", "", "erratum", "12", "", "14", "7 + 7", "arithmetic"])
    attacker = Attacker(Source("toy", desk.project), [])
    assert attacker.elsewhere(("para 1", "cost_of_roof", "")) == (
        "12: para 2, cost_of_new_roof",
        "yes",
        "printed there too; ours, 14, stands in para 4, cost_of_roof",
    )


@pytest.mark.parametrize(("printed", "found"), [("12,345", ["share"]), ("1,234", [])])
def test_a_number_of_five_digits_stands_nowhere_else_by_chance(desk, printed, found):
    desk.table([["1", "1", "1"]])
    head = ["exhibit", "item", "qualifier", "printed", "unit", "page"]
    own = ["para 1", "cost", "", printed, "yuan", "1"], ["para 2", "share", "", printed, "%", "1"]
    desk.csv("text.csv", [head, *own])
    source = Source("toy", desk.project)
    attacker = Attacker(source, [])
    cell = source.cells["para 1", "cost", ""]
    assert [other.row for other in attacker.printing(cell, float(cell.number))] == found


# The file ----------------------------------------------------------------------------------------

ROWS = [["1", "1", "1"], ["2", "2", "3"]]
GOOD = ["Table 1", "2", "b", "neighbour", "2", "no", "the others of the column are the same"]


def written(desk, *rows):
    desk.table(ROWS)
    desk.notes(erratum("2", "3", "2", "b"))
    desk.csv("attacks.csv", [COLUMNS, *rows])
    return Source("toy", desk.project)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({0: "Table 2"}, "row 2, column exhibit: nothing is printed at Table 2, 2, b"),
        ({3: "guess"}, "row 2, column attack: 'guess' is none of two_steps, neighbour"),
        ({5: "maybe"}, "row 2, column agrees: 'maybe' is none of yes, no, n/a"),
        ({4: "", 5: "yes"}, "row 2, column rival: what agrees must be named"),
        ({6: ""}, "row 2, column because: Table 1, 2, b: attack neighbour needs a reason"),
        (
            {6: "computed: "},
            "row 2, column because: Table 1, 2, b: attack neighbour needs a reason",
        ),
    ],
)
def test_a_row_that_says_nothing_is_refused_by_its_place(desk, change, said):
    row = [change.get(place, text) for place, text in enumerate(GOOD)]
    with pytest.raises(DataError, match=re.escape(f"data/toy/attacks.csv, {said}")):
        attacks.read(written(desk, row))


def test_an_attack_that_stands_twice_is_refused(desk):
    with pytest.raises(DataError, match="row 3, column attack: Table 1, 2, b: attack neighbour"):
        attacks.read(written(desk, GOOD, GOOD))


def test_the_run_refuses_missing_successful_and_stray_attacks(desk):
    rows = [
        [*GOOD[:3], name, "", "n/a", "nothing to try"] for name in ATTACKS if name != "opposite"
    ]
    rows[0][4:6] = ["3", "yes"]
    written(desk, *rows, ["Table 1", "1", "a", "opposite", "", "no", "it is given"])
    audit = desk.audit()
    audit.given("1", audit.table("1")[["a"]])
    audit.given("1", audit.table("1").loc[[1], ["b"]])
    audit.check("1", audit.table("1").loc[[2], ["b"]] - 1)
    with pytest.raises(AuditError) as raised:
        audit.close()
    assert str(raised.value).splitlines()[1:] == [
        "Table 1, 2, b: erratum without the attack opposite in attacks.csv",
        "Table 1, 2, b: attack two_steps succeeds, so it is no erratum: 3",
        "Table 1, 1, a: attack opposite in attacks.csv, but no erratum is declared there",
    ]


def test_a_source_without_the_file_is_not_asked_for_it(desk):
    desk.table(ROWS)
    desk.notes(erratum("2", "3", "2", "b"))
    assert attacks.faults(Source("toy", desk.project)) == []


def test_a_person_s_row_stands_in_place_of_the_machine_s(desk):
    own = [*GOOD[:3], "readings", "", "no", "the page was looked at"]
    source = written(desk, own, [*GOOD[:3], "two_steps", "3", "yes", "computed: an old one"])
    computed = Attacker(source, []).attacks()
    rows = attacks.merged(source, attacks.read(source), computed)
    assert [(row.attack, row.is_computed) for row in rows] == [
        ("two_steps", True),
        ("readings", False),
        ("elsewhere", True),
    ]
    assert "an old one" not in attacks.file_text(rows)
    assert attacks.merged(source, rows, computed) == rows
