"""Identities as data: what they compute, where they hold, and what is refused with its place."""

from __future__ import annotations

import re

import pytest
from accounts import close
from conftest import NUMBER

from compendium import AuditError, DataError
from compendium.page.identities import COLUMNS, Identity, IdentityError, applications, gaps
from compendium.page.printed import Source
from compendium.verdict import ledger

NAMES = ["food", "rent", "grand total", "share", "1990"]


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("total = food + rent", [1.0, 2.0], 3.0),
        ("net = -food + 2 * (rent - food)", [1.0, 2.0], 1.0),
        ("`grand total` = sum(food:rent)", [1.0, 2.0], 3.0),
        ("share = 100 * food / `grand total`", [1.0, 8.0], 12.5),
        ("cost = food * rent", [3.0, 4.0], 12.0),
        ("x = sum(food:`grand total`) / 3", [3.0, 4.0, 5.0], 4.0),
        ("balance = previous(balance) + food", [10.0, 3.0], 13.0),
        ("total = sum(:share)", [1.0, 2.0, 3.0, 4.0], 10.0),
        ("share = sum(:)", [1.0, 2.0, 3.0], 6.0),
        ("total = sum_printed(food:rent)", [1.0, 2.0], 3.0),
        ("share = 100 * food / food[`grand total`]", [1.0, 8.0], 12.5),
        ("growth = 100 * (`1990` / previous(`1990`) - 1)", [11.0, 10.0], pytest.approx(10)),
    ],
)
def test_plain_arithmetic_is_read(text, values, result):
    assert Identity.read(text, NAMES).compute(values) == result


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("food + rent", "must say what is computed"),
        ("= food", "must say what is computed"),
        ("total =", "must say what is computed"),
        ("total = food = rent", "must say what is computed"),
        ("total = food +", "is no arithmetic"),
        ("total = grand total + food", "is no arithmetic"),
        ("total = 3", "computes nothing from the table"),
        ("food = food + rent", "computes food from itself"),
        ("total = food ** 2", "food ** 2 is none of names, numbers"),
        ("total = open('x')", "is none of names, numbers"),
        ("total = food.rent", "is none of names, numbers"),
        ("total = sum(rent:food)", "'food' stands before 'rent'"),
        ("total = sum(food:water)", "there is no 'water'"),
        ("total = sum(:)", "there is no 'total'"),
        ("food = sum(:)", "'food' stands before ''"),
        ("total = food[1 + 2]", "is none of names, numbers"),
        ("total = 'food'", "is none of names, numbers"),
    ],
)
def test_what_is_no_arithmetic_is_refused(text, said):
    with pytest.raises(IdentityError, match=re.escape(said)):
        Identity.read(text, NAMES)


TOTAL = ["total", "21", "11", "32"]
ROWS = [["1990", "10.4", "5.3", "15.7"], ["1991", "11.4", "6.4", "17.9"], ["total", "22", "12", ""]]


def write(desk, *lines, rows=ROWS):
    fields = ("year", "a", "b", "c")
    words = [{"name": "year", "type": "string"}, *({"name": n, **NUMBER} for n in fields[1:])]
    desk.table(rows, fields, schema={"fields": words, "primaryKey": ["year"]})
    desk.csv("identities.csv", [COLUMNS, *([*line, *[""] * (6 - len(line))] for line in lines)])


def verdicts(desk) -> dict[tuple[str, str], str]:
    audit = desk.audit()
    audit.identities()
    audit.close()
    rows = ledger.read(desk.project.build / "ledger" / "toy.csv")
    return {(row.row, row.column): row.verdict for row in rows}


def test_columns_and_rows_are_computed_where_all_is_printed(desk, capsys):
    write(desk, ("1", "columns", "c = a + b"), ("1", "rows", "total = sum(1990:1991)"))
    found = verdicts(desk)
    assert found["1990", "c"] == "exact"
    # 17.8 by the printed digits, within what they leave.
    assert found["1991", "c"] == "consistent"
    assert found["total", "a"] == "exact"
    assert found["total", "b"] == "exact"
    assert found["1990", "a"] == "given"
    assert len(found) == 8


def test_what_does_not_hold_differs_with_its_identity(desk):
    write(desk, ("1", "columns", "c = a + b"), rows=[["1990", "10", "5", "19"]])
    audit = desk.audit()
    audit.identities()
    with pytest.raises(AuditError, match=r"Table 1, 1990, c: printed 19, recomputed 15, within"):
        audit.close()


def test_a_number_must_fit_every_identity(desk):
    lines = (("1", "columns", "c = a + b"), ("1", "columns", "c = 2 * a"))
    for order in (lines, lines[::-1]):
        write(desk, *order, rows=[["1990", "10", "5", "15"]])
        audit = desk.audit()
        audit.identities()
        with pytest.raises(AuditError, match="printed 15, recomputed 20"):
            audit.close()


def test_an_erratum_and_an_open_number_are_declared_as_ever(desk):
    write(desk, ("1", "columns", "c = a + b", "1990"), rows=[["1990", "10", "5", "19"]])
    desk.notes(
        ["Table 1", "1990", "c", "erratum", "19", "", "15", "sum", "arithmetic"],
        ["Table 1", "1990", "b", "unresolved", "5", "", "", "no word on it"],
    )
    found = verdicts(desk)
    assert found == {("1990", "a"): "given", ("1990", "b"): "unresolved", ("1990", "c"): "erratum"}


SUMS = ("1", "columns", "c = a + b"), ("1", "rows", "total = sum(1990:1991)")


def test_what_differs_accuses_no_number_but_what_two_identities_single_out(desk):
    """A slip in a part is seen at its sums: a of 1990 should be 10."""
    write(desk, *SUMS, rows=[["1990", "14", "5", "15"], ["1991", "11", "6", "17"], TOTAL])
    audit = desk.audit()
    audit.identities()
    across, down = close(audit)
    assert across.endswith(
        "; at least one of c 15, a 14, b 5 is wrong, or c = a + b is"
        "; a: in others that differ too, and in none that comes out"
    )
    assert down.startswith("Table 1, total, a: printed 21, recomputed 25, within reach")
    assert down.endswith(
        "; at least one of total 21, 1990 14, 1991 11 is wrong, or total = sum(1990:1991) is"
        "; 1990: in others that differ too, and in none that comes out"
    )
    # Of one identity nothing tells which it is.
    write(desk, SUMS[0], rows=[["1990", "14", "5", "15"]])
    audit = desk.audit()
    audit.identities()
    (line,) = close(audit)
    assert line.endswith("; at least one of c 15, a 14, b 5 is wrong, or c = a + b is")


def test_a_printed_number_that_an_identity_passes_by_is_told_with_what_is_missing(desk):
    balance = ("1", "columns", "b = previous(b) + a")
    rows = [["1990", "10", "5", "15"], ["1991", "", "6", "17"], ["1992", "11", "17", ""]]
    write(desk, SUMS[0], balance, rows=rows)
    # A balance begins somewhere, and of 1992 there is no c.
    first, second = gaps(Source("toy", desk.project))
    assert (first.text, first.times) == ("c = a + b", 1)
    assert [(cell.place[1:], said) for cell, said in first.lines] == [
        (("1991", "c"), "1991 (not printed: a)")
    ]
    assert [said for _, said in second.lines] == ["1991 (not printed: a)"]
    write(desk, SUMS[0], ("1", "columns", "b = c - a", "1990"), rows=rows[:1])
    assert gaps(Source("toy", desk.project)) == []


def test_only_says_where_and_up_says_how(desk):
    rows = [["1990", "1.44", "1", "2"], ["1991", "1.44", "1", "9"]]
    write(desk, ("1", "columns", "c = a * b", "1990", "up"), rows=rows)
    assert verdicts(desk)["1990", "c"] == "exact"


def test_a_running_balance_begins_in_the_second_row(desk):
    rows = [["1", "5", "2", "100"], ["2", "7", "1", "106"], ["3", "0", "6", "100"]]
    write(desk, ("1", "columns", "c = previous(c) + a - b"), rows=rows)
    found = verdicts(desk)
    assert [found[row, "c"] for row in "123"] == ["given", "exact", "exact"]


def test_what_another_call_has_claimed_is_left_to_it(desk):
    write(desk, ("1", "columns", "c = a + b"), rows=[["1990", "10", "5", "19"]])
    audit = desk.audit()
    audit.check("1", audit.table("1")[["c"]])
    audit.identities()
    audit.close()


def committed(desk, verdict):
    """Commit a verdict on 1990, c of the toy."""
    row = ledger.Row("toy", "Table 1", "1990", "c", "19", "", "", "", "", verdict, "")
    ledger.write(desk.project.ledger, [row])


def taken(desk, *claims):
    """Run cells that each claim a column as given, then the identities; what differs."""
    audit = desk.audit()
    for name in claims:
        audit.given("1", audit.table("1")[[name]])
    audit.identities()
    return close(audit)


@pytest.mark.parametrize("verdict", ["exact", "recovered", "unresolved"])
def test_a_number_that_lost_its_derivation_is_not_taken_as_given(desk, verdict):
    write(desk, rows=[["1990", "10", "5", "19"]])
    committed(desk, verdict)
    said = f"nothing computes it any more; the committed ledger has {verdict}"
    assert taken(desk, "a") == [f"Table 1, 1990, c: {said}"]
    # A cell that claims it says so; in a source without cells its identities say all.
    assert taken(desk, "a", "c") == []
    assert taken(desk) == []


def test_a_number_that_was_given_and_one_that_is_declared_are_taken_as_they_stand(desk):
    write(desk, rows=[["1990", "10", "5", "19"]])
    committed(desk, "given")
    assert taken(desk, "a") == []
    committed(desk, "exact")
    desk.notes(["Table 1", "1990", "c", "unresolved", "19", "", "", "no word on it"])
    assert taken(desk, "a") == []


def test_a_blank_or_illegible_number_is_not_computed_with(desk):
    rows = [["1990", "?", "5", "15"], ["1991", "", "5", "5"], ["1992", "1", "5", "6"]]
    write(desk, ("1", "columns", "c = a + b"), rows=rows)
    desk.notes(["Table 1", "1990", "a", "unresolved", "?", "", "", "cannot be read"])
    assert {application.cell.row for application in applications(Source("toy", desk.project))} == {
        "1992"
    }
    assert verdicts(desk)["1990", "c"] == "given"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("2", "columns", "c = a"), "row 2, column table: there is no table '2'; there are 1"),
        (("1", "column", "c = a"), "row 2, column across: 'column' is none of columns, rows"),
        (("1", "columns", "c = a", "", "none"), "column rounding: 'none' is none of nearest, up"),
        (("1", "columns", "c = a + d"), "column identity: there is no 'd' among a, b, c"),
        (("1", "columns", "d = a + b"), "column identity: there is no 'd' among a, b, c"),
        (("1", "columns", "c = a +"), "column identity: 'c = a +': 'a +' is no arithmetic"),
        (("1", "columns", "c = a", "1999"), "column only: there is no 1999"),
        (("1", "rows", "total = `1990` + `1995`"), "there is no '1995' among"),
        (("1", "columns", "c = a - b", "total"), "nowhere in the table stand all numbers"),
    ],
)
def test_a_line_that_cannot_be_applied_is_refused_with_its_place(desk, line, said):
    write(desk, line)
    with pytest.raises(DataError, match=re.escape(said)):
        applications(Source("toy", desk.project))


# Lines and groups --------------------------------------------------------------------------------

GROUPED = [
    ["Land", "plot", "40", ""],
    ["Costs", "brick", "60", "1.5"],
    ["Costs", "tile", "20", "0.5"],
    ["Costs", "subtotal", "80", "2.0"],
    ["Fees", "permit", "", ""],
    ["Fees", "plan", "8", "0.2"],
    ["Fees", "subtotal", "8", "0.2"],
    ["All", "total", "88", "2.2"],
]


def found_in(desk, *lines):
    fields = ("section", "item", "a", "b")
    words = [{"name": name, "type": "string"} for name in fields[:2]]
    numbers = [{"name": name, **NUMBER} for name in fields[2:]]
    keys = {"fields": [*words, *numbers], "primaryKey": ["section", "item"]}
    desk.table(GROUPED, fields, schema=keys)
    desk.csv("identities.csv", [[*COLUMNS, "slack"], *lines])
    return applications(Source("toy", desk.project))


def line(across, identity, only="", slack=""):
    return ["1", across, identity, only, "", "", slack]


def test_a_number_of_one_row_for_all_may_stand_in_another_group(desk):
    (*found,) = found_in(desk, line("columns", "b = a / a[`Land | plot`]"))
    assert [application.cell.row for application in found][:2] == ["Costs | brick", "Costs | tile"]
    assert {application.terms[1].row for application in found} == {"Land | plot"}
    assert len(found) == 6


def test_each_group_has_its_own_sum_and_the_whole_one_of_theirs(desk):
    total = "total = `Costs | subtotal` + `Fees | subtotal`"
    found = found_in(
        desk,
        line("rows", "subtotal = sum_printed(:)", "a", "1"),
        line("rows", total, "a"),
    )
    assert [(str(f.cell), [term.printed for term in f.terms], f.slack) for f in found] == [
        ("Table 1, Costs | subtotal, a", ["60", "20"], 1.0),
        ("Table 1, Fees | subtotal, a", ["8"], 1.0),
        ("Table 1, All | total, a", ["80", "8"], 0.0),
    ]
    assert found[1].identity.compute([8.0]) == 8.0


def test_a_row_of_several_keys_can_be_listed_in_full(desk):
    found = found_in(desk, line("columns", "b = a / 40", "Costs | tile|Fees | plan|total"))
    assert [f.cell.row for f in found] == ["Costs | tile", "Fees | plan", "All | total"]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (line("columns", "b = a / a[pool]"), "column identity: there is no 'pool' for a[pool]"),
        (line("rows", "total = `Costs | sum`"), "there is no 'Costs | sum' among"),
        (line("columns", "b = a", "Costs | pool"), "column only: there is no Costs, pool"),
        (line("columns", "b = a", "", "-1"), "column slack: '-1' is no number from 0 upwards"),
        (line("columns", "b = a", "", "x"), "column slack: 'x' is no number from 0 upwards"),
    ],
)
def test_what_is_not_there_is_named(desk, bad, said):
    with pytest.raises(DataError, match=re.escape(said)):
        found_in(desk, bad)


# Labels and numbers in forms of their own -------------------------------------------------------


def table_of(desk, rows, fields, key, identity, **more):
    schema = {"fields": [key, *fields], "primaryKey": [key["name"]]}
    desk.table(rows, (key["name"], *(field["name"] for field in fields)), schema=schema, **more)
    desk.csv("identities.csv", [COLUMNS, ["1", *identity, "", ""]])
    return applications(Source("toy", desk.project))


def test_a_row_is_found_in_the_notation_of_its_key(desk):
    """With points for thousands 1.000 is a thousand, which was lost behind the row of 1."""
    number = {"type": "number", "groupChar": ".", "decimalChar": ",", "bareNumber": False}
    rows = [["1", "2", "3", "5"], ["1.000", "20", "30", "50"]]
    fields = [{"name": name, **number} for name in ("a", "b", "total")]
    key = {"name": "flats", **number}
    found = table_of(desk, rows, fields, key, ["columns", "total = a + b", ""])
    assert [application.cell.printed for application in found] == ["5", "50"]
    found = table_of(desk, rows, fields, key, ["columns", "total = a + b", "1.000"])
    assert [application.cell.printed for application in found] == ["50"]
    found = table_of(desk, rows, fields, key, ["rows", "`1.000` = 10 * `1`", "total"])
    assert [application.cell.printed for application in found] == ["50"]


def test_two_days_are_two_rows(desk):
    rows = [["1.1", "2", "3", "5"], ["1.10", "20", "30", "50"]]
    fields = [{"name": name, **NUMBER} for name in ("a", "b", "total")]
    key = {"name": "day", "type": "date", "format": "any"}
    found = table_of(desk, rows, fields, key, ["columns", "total = a + b", ""])
    assert [application.cell.printed for application in found] == ["5", "50"]


def test_what_has_one_end_leaves_a_sum_open(desk):
    """Small counts are often withheld as <5; a total of them is given, and none is refused."""
    fields = [{"name": name, **NUMBER, "notation": "qualified"} for name in ("a", "b", "total")]
    key = {"name": "group", "type": "string"}
    rows = [["men", "<5", "30", "33"], ["women", "~20", "30", "52"], ["all", "3", "4", "<8"]]
    found = table_of(desk, rows, fields, key, ["columns", "total = a + b", ""])
    assert [application.cell.printed for application in found] == ["52", "<8"]
    audit = desk.audit()
    audit.identities()
    audit.close()
    verdicts = {row.row: row.verdict for row in audit._rows() if row.column == "total"}
    assert verdicts == {"men": "given", "women": "consistent", "all": "exact"}


def test_a_division_by_zero_is_a_difference_and_no_crash(desk):
    fields = [{"name": name, **NUMBER} for name in ("part", "whole", "share")]
    key = {"name": "group", "type": "string"}
    table_of(
        desk, [["men", "0", "0", "50"]], fields, key, ["columns", "share = 100 * part / whole", ""]
    )
    audit = desk.audit()
    audit.identities()
    with pytest.raises(AuditError, match="men, share: printed 50, recomputed nan"):
        audit.close()


# What digits leave ------------------------------------------------------------------------------


def differing(desk, *lines, rows):
    """Return what of a table's column c differs, by row, with what is said of it."""
    write(desk, *lines, rows=rows)
    audit = desk.audit()
    audit.identities()
    said = [line.removeprefix("Table 1, ").partition(", c: ") for line in close(audit)]
    assert all(colon for _, colon, _ in said), said
    return {row: words for row, _, words in said}


@pytest.mark.parametrize(
    ("identity", "printed", "reach"),
    [
        # A total is all of itself: taken for two numbers, 12 over 12 was 92 to 108.7.
        ("c = 100 * a / a[Total]", ["42", "58", "103"], "100 to 100"),
        ("c = a - a[Total]", ["-7", "-5", "1"], "0 to 0"),
        ("c = a * a[Total] / a", ["12", "12", "14"], "11.5 to 12.5"),
    ],
)
def test_a_number_that_is_named_twice_is_one_number(desk, identity, printed, reach):
    rows = [["A", "5", "0", printed[0]], ["B", "7", "0", printed[1]]]
    found = differing(
        desk, ("1", "columns", identity), rows=[*rows, ["Total", "12", "0", printed[2]]]
    )
    assert [*found] == ["Total"]
    assert f"within reach {reach}" in found["Total"]


def test_a_row_that_is_named_is_not_computed_from_itself(desk):
    rows = [["A", "1", "0", "5"], ["Total", "7", "0", "12"]]
    write(desk, ("1", "columns", "c = a * c[Total] / 2"), rows=rows)
    assert [application.cell.row for application in applications(Source("toy", desk.project))] == [
        "A"
    ]


@pytest.mark.parametrize(
    ("identity", "rows", "wrong"),
    [
        # What prints 12 is below 12.5, and 12.5 prints 13.
        ("c = a", [["1", "12", "0", "13"], ["2", "-12", "0", "-13"]], "12"),
        ("c = a", [["1", "0.0012", "0", "0.0013"], ["2", "1200", "0", "1201"]], "12"),
        ("c = previous(a)", [["1", "1400", "0", ""], ["2", "0", "0", "1401"]], "2"),
        (
            "c = a + b + b[`1`]",
            [["1", "2", "2", ""], ["2", "4", "4", "12"], ["3", "4", "4", "11"]],
            "2",
        ),
        ("c = 3 * a", [["1", "4", "0", "14"], ["2", "4", "0", "13"], ["3", "4", "0", "11"]], "1"),
    ],
)
def test_what_is_reached_by_nothing_that_prints_so_differs(desk, identity, rows, wrong):
    found = differing(desk, ("1", "columns", identity), rows=rows)
    assert "".join(found) == wrong
    assert all("touches what is printed and is not reached" in said for said in found.values())


@pytest.mark.parametrize(
    ("rule", "printed", "wrong"),
    [
        # 11.5 prints 12 as an input, and by these rules prints 11 as a result.
        ("half_down", "11", ""),
        ("either", "11", ""),
        ("half_even", "11", "1"),
        ("half_even", "13", "1"),
        ("up", "13", ""),
        ("up", "11", "1"),
        ("down", "11", ""),
        ("down", "13", "1"),
    ],
)
def test_an_end_that_is_reached_counts(desk, rule, printed, wrong):
    line = ("1", "columns", "c = a", "", rule)
    assert "".join(differing(desk, line, rows=[["1", "12", "0", printed]])) == wrong


def test_inputs_have_a_rule_of_their_own(desk):
    """Of two numbers of at most 1 that were rounded up, no sum is printed as 3."""
    rows = [["1", "1", "1", "3"]]
    write(desk, ("1", "columns", "c = a + b", "", "up"), rows=rows)
    audit = desk.audit()
    audit.identities()
    assert close(audit) == []
    (note,) = (row.note for row in audit._rows() if row.column == "c")
    assert "c = a + b; inputs rounded to nearest; inputs as printed leave 1 to 3" in note
    desk.csv(
        "identities.csv", [[*COLUMNS, "inputs"], ["1", "columns", "c = a + b", "", "up", "", "up"]]
    )
    audit = desk.audit()
    audit.identities()
    assert close(audit) == [
        "Table 1, 1, c: printed 3, recomputed 2, within reach 0 to 2; "
        "at least one of c 3, a 1, b 1 is wrong, or c = a + b is"
    ]
    desk.csv("identities.csv", [[*COLUMNS, "inputs"], ["1", "columns", "c = a", "", "", "", "cut"]])
    with pytest.raises(DataError, match="column inputs: 'cut' is none of nearest, up"):
        applications(Source("toy", desk.project))


def test_what_a_line_rounds_is_rounded_so_as_an_input(desk):
    """4.2 becomes 5; half of that is above 2 and at most 2.5, and never 1.9 or 2.6."""
    fields = ("b = 2.1 * a", "c = b / 2")
    lines = [("1", "columns", fields[0], "", "up"), ("1", "columns", fields[1])]
    rows = [["1", "2.0", "5", "2.6"], ["2", "2.0", "5", "2.1"]]
    assert [*differing(desk, *lines, rows=rows)] == ["1"]
    assert [*differing(desk, lines[1], rows=[["1", "2.0", "5", "2.7"]])] == []


# Slips that are named ---------------------------------------------------------------------------


def test_a_word_of_python_is_told_to_need_backticks():
    with pytest.raises(
        IdentityError, match="in is a word of Python, and stands in backticks: `in`"
    ):
        Identity.read("c = a + in - out", ["a", "in", "out", "c"])
    assert Identity.read("c = a + `in` - out", ["a", "in", "out", "c"]).compute([1, 2, 3]) == 0


def test_names_of_only_may_stand_in_backticks_and_are_separated_by_bars(desk):
    def rows(only):
        write(desk, ("1", "columns", "c = a + b", only))
        return [application.cell.row for application in applications(Source("toy", desk.project))]

    assert rows("`1990`|1991") == ["1990", "1991"]
    for wrong in ("1990;1991", "1990, 1991", "`1990`,`1991`"):
        with pytest.raises(DataError, match=r"separated by \|; there are 1990, 1991, total"):
            rows(wrong)
