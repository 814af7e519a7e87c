"""Data files are read as they stand, and anything odd in them is named by file, row and column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import NUMBER

from compendium import UP, DataError
from compendium.page.numerals import fixed, significant
from compendium.page.printed import Source
from compendium.verdict import ledger

ROWS = [["1", "10.0", "1,000"], ["2", "-", "3%"]]


def test_a_table_comes_as_floats_with_keys_and_head(desk):
    desk.table([["1", "10.0", "1,000"], ["2", "-", "3%"]], fields=("year", "5", "text"))
    table = desk.audit().table("1")
    assert table.index.tolist() == [1, 2]
    assert table.loc[1, "5"] == 10.0
    assert table.loc[1, "text"] == 1000.0
    assert np.isnan(table.loc[2, "5"])
    assert table.loc[2, "text"] == 3.0


def test_an_illegible_number_counts_though_the_package_has_it_missing(desk):
    schema = {
        "fields": [{"name": name, "type": "number"} for name in ("year", "a", "b")],
        "primaryKey": ["year"],
        "missingValues": ["", "-", "?"],
    }
    desk.table([["1", "?", "-"]], schema=schema)
    table = desk.audit().table("1")
    assert [cell.printed for cell in table.layout.cells.values()] == ["?"]
    assert np.isnan(table.loc[1, "a"])


def test_a_numeric_head_becomes_numbers(desk):
    desk.table(ROWS, fields=("year", "5", "10"), head="years")
    assert desk.audit().table("1").columns.tolist() == [5, 10]


def test_the_interval_of_a_table_follows_its_digits_and_rule(desk):
    desk.table(ROWS)
    table = desk.audit().table("1")
    low, high = table.interval()
    assert (low.loc[1, "a"], high.loc[1, "a"]) == (9.95, 10.05)
    assert (low.loc[1, "b"], high.loc[1, "b"]) == (999.5, 1000.5)
    low, high = table.interval(UP)
    assert (low.loc[1, "a"], high.loc[1, "a"]) == (9.9, 10.0)


def test_arithmetic_leaves_a_plain_frame_and_like_restores_labels(desk):
    desk.table(ROWS)
    table = desk.audit().table("1")
    doubled = table.like(2 * table.to_numpy())
    assert doubled.index.equals(table.index)
    assert doubled.columns.equals(table.columns)
    assert table.key("year").tolist() == [1, 2]
    with pytest.raises(ValueError, match="'month' is no key"):
        table.key("month")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["1", "2"]], "table_1.csv, row 2, column b: ragged row of 2 for 3 columns"),
        ([["1", "2", "3", "4"]], "table_1.csv, row 2, column after b: ragged row of 4"),
        (
            [["1", "2", "3"], ["1", "5", "6"]],
            "table_1.csv, row 3, column year: key 1 stands in row 2",
        ),
        ([["1", "2", "3"], ["2", "5", "six"]], "table_1.csv, row 3, column b: 'six' is not"),
        ([["1", "2", "1.2.3"]], "table_1.csv, row 2, column b: '1.2.3' is not a printed number"),
        ([["1", "2", "12,34"]], "table_1.csv, row 2, column b: '12,34' is not a printed number"),
        ([["1", "2", "51R"]], "table_1.csv, row 2, column b: '51R' is not a printed number"),
    ],
)
def test_a_bad_row_is_named(desk, rows, message):
    desk.table(rows)
    with pytest.raises(DataError, match=message):
        desk.audit()


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (["year", "a", "b", "c"], "row 1: stray column c"),
        (["year", "a"], "row 1: missing column b"),
        (["year", "b", "a"], "row 1, column 2: 'b', not 'a'"),
    ],
)
def test_a_bad_head_is_named(desk, head, message):
    desk.table(ROWS)
    desk.csv("table_1.csv", [head])
    with pytest.raises(DataError, match=message):
        desk.audit()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["para 1", "x", "roughly", "5"], "text.csv, row 2, column qualifier: 'roughly'"),
        (["para 1", "x", "", "five"], "text.csv, row 2, column printed: 'five'"),
        (["para 1", "bounds", "", "5"], "text.csv, row 2, column item: 'bounds'"),
        (["para 1", "an item", "", "5"], "text.csv, row 2, column item: 'an item'"),
    ],
)
def test_bad_running_text_is_named(desk, row, message):
    desk.text(row)
    with pytest.raises(DataError, match=message):
        desk.audit()


def test_an_item_twice_is_named(desk):
    desk.text(["para 1", "x", "", "5"], ["para 1", "x", "", "6"])
    with pytest.raises(DataError, match=r"text.csv, row 3, column item: key para 1 \| x stands"):
        desk.audit()


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (["para 1", "x", "", "slip", "5", "", "6", "why"], "column kind: 'slip'"),
        (["para 1", "y", "", "erratum", "5", "", "6", "why"], "nothing is printed at para 1, y"),
        (["para 1", "x", "", "erratum", "7", "", "6", "why"], "column printed: '7', but at para 1"),
        (["para 1", "x", "", "erratum", "5", "", "6", ""], "column because"),
        (["para 1", "x", "", "erratum", "5", "", "", "why"], "column ours: an erratum needs"),
        (["para 1", "x", "", "erratum", "5", "", "six", "why"], "column ours: 'six' is not"),
        (["para 1", "x", "", "misread", "5", "5", "", "why"], "column scan"),
        (["para 1", "x", "", "misread", "5", "", "", "why"], "column scan"),
        (
            ["para 1", "x", "", "erratum", "5", "", "6", "why"],
            "cause: '' at para 1, x is none of unit",
        ),
        (
            ["para 1", "x", "", "erratum", "5", "", "6", "why", "haste", ""],
            "cause: 'haste' at para 1, x is none of unit, sign",
        ),
        (
            ["para 1", "x", "", "misread", "5", "6", "", "why", "copy", ""],
            "cause: para 1, x is misread",
        ),
        (
            ["para 1", "x", "", "unresolved", "5", "", "", "why", "", "all is well"],
            "column touches: para 1, x is unresolved, no erratum",
        ),
    ],
)
def test_an_unsound_note_is_named(desk, note, message):
    desk.text(["para 1", "x", "", "5"])
    desk.notes(note)
    with pytest.raises(DataError, match=f"notes.csv, row 2.*{message}"):
        desk.audit()


def test_an_erratum_comes_with_its_cause_and_the_conclusion_that_it_touches(desk):
    desk.text(["para 1", "x", "", "5"])
    desk.notes(["para 1", "x", "", "erratum", "5", "", "6", "why", "copy", "all is well"])
    ((note,),) = Source("toy", desk.project).notes.values()
    assert (note.cause, note.touches) == ("copy", "all is well")


def test_a_source_or_an_exhibit_that_does_not_exist_is_named(desk):
    desk.table(ROWS)
    audit = desk.audit()
    with pytest.raises(ValueError, match=r"no table '9' in toy; there are \['1'\]"):
        audit.table("9")
    with pytest.raises(ValueError, match="nothing printed in 'para 9' of toy"):
        audit.number("para 9", "x")
    with pytest.raises(ValueError, match="no source 'doll' in data/"):
        type(audit)("doll", desk.project)


def test_keys_that_are_one_number_are_refused(desk):
    desk.table([["1", "0.33", "0.67"], ["1.0", "0.50", "0.25"]])
    with pytest.raises(
        DataError, match=r"row 3, column year: key 1\.0 is the number of key 1 in r"
    ):
        desk.audit()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1234567", "1234568"),
        ("12345.67", "12345.68"),
        ("1,234,567.8", "1,234,567.9"),
        ("1991-06-26", "1991-06-27"),
        ("26 June 1991", "27 June 1991"),
        ("12345678901234567890", "12345678901234567891"),
    ],
)
def test_keys_and_heads_of_any_length_are_two(desk, one, other):
    key = {"name": "year", "type": "string"}
    heads = [{"name": name, **NUMBER} for name in (one, other)]
    schema = {"fields": [key, *heads], "primaryKey": ["year"]}
    desk.table(
        [[one, "1", "2"], [other, "3", "4"]],
        fields=("year", one, other),
        schema=schema,
        head="sizes",
    )
    audit = desk.audit()
    table = audit.table("1")
    assert table.iloc[1, 1] == 4.0
    audit.check("1", table.like([[1.1, 2.2], [3.3, 4.4]]))
    places = [("Table 1", row, column) for row in (one, other) for column in (one, other)]
    cells = Source("toy", desk.project).cells
    assert [cells[place].printed for place in places] == ["1", "2", "3", "4"]


def test_dates_are_words_whatever_digits_they_have(desk):
    fields = [{"name": "day", "type": "date", "format": "%d.%m"}, {"name": "a", **NUMBER}]
    schema = {"fields": fields, "primaryKey": ["day"]}
    desk.table([["1.1", "5"], ["1.10", "6"]], fields=("day", "a"), schema=schema)
    table = desk.audit().table("1")
    assert table.index.tolist() == ["1.1", "1.10"]
    desk.audit().check("1", table.like([[5.1], [6.1]]))


def test_a_table_takes_labels_that_are_dates(desk, capsys):
    fields = [{"name": "day", "type": "string"}, {"name": "a", **NUMBER}]
    schema = {"fields": fields, "primaryKey": ["day"]}
    desk.table([["1991-06-26", "5"], ["1991-06-27", "6"]], fields=("day", "a"), schema=schema)
    days = pd.date_range("1991-06-26", periods=2)
    desk.audit().check("1", pd.DataFrame({"a": [5.1, 6.1]}, index=days))
    assert capsys.readouterr().out == "Table 1: 2 exact\n"


def months(desk, rows, key=None, **declared):
    fields = [key or {"name": "month", "type": "string"}, {"name": "a", **NUMBER}]
    desk.table(rows, fields=("month", "a"), schema={"fields": fields}, **declared)


def test_a_key_that_stands_again_has_its_turn_behind_it(desk):
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rows = [[name, str(n)] for n, name in enumerate([*names, "Jan"])]
    months(desk, rows, keys=["month"], repeated=["Jan"])
    audit = desk.audit()
    table = audit.table("1")
    assert table.index.tolist() == [*names, "Jan #2"]
    assert table.loc["Jan #2", "a"] == 12.0
    audit.check("1", table.like([[n + 0.1] for n in range(13)]))
    audit.close()
    written = ledger.read(desk.project.build / "ledger" / "toy.csv")
    assert [(row.row, row.printed) for row in written[::12]] == [("Jan", "0"), ("Jan #2", "12")]


def test_a_counted_key_that_stands_again_is_a_number_of_its_own(desk):
    key = {"name": "month", "type": "integer"}
    rows = [["10", "1"], ["20", "2"], ["10", "3"], ["10", "4"]]
    months(desk, rows, key, keys=["month"], repeated=["10"], counted=["month"])
    cells = Source("toy", desk.project).cells.values()
    assert [(cell.row, cell.printed) for cell in cells if cell.column == "month"] == [
        ("10", "10"),
        ("20", "20"),
        ("10 #2", "10"),
        ("10 #3", "10"),
    ]
    desk.audit().check("1", key="month", value=[10, 20, 10, 10])


@pytest.mark.parametrize(
    ("rows", "declared", "message"),
    [
        ([["Jan", "1"], ["Jan", "2"]], {"keys": ["month"], "repeated": []}, "row 3, column month"),
        (
            [["Jan", "1"], ["Feb", "2"], ["Feb", "3"]],
            {"keys": ["month"], "repeated": ["Jan"]},
            "row 4, column month: key Feb stands in row 3 too; .* declare it as repeated",
        ),
        (
            [["Jan", "1"], ["Jan #2", "2"], ["Jan", "3"]],
            {"keys": ["month"], "repeated": ["Jan"]},
            "row 4, column month: key Jan",
        ),
        ([["Jan", "1"]], {"keys": ["month"], "repeated": ["Jan"]}, "repeated .* not so: .'Jan'"),
        (
            [["1234567", "1"], ["1,234,567", "3"]],
            {"keys": ["month"], "repeated": []},
            "row 3, column month: key 1,234,567 is the number of key 1234567 in row 2 too",
        ),
    ],
)
def test_a_repetition_that_is_not_declared_is_refused(desk, rows, declared, message):
    months(desk, rows, **declared)
    with pytest.raises(DataError, match=f"data/toy/table_1.csv(, |: ).*{message}"):
        desk.audit()


def test_a_key_that_is_repeated_is_no_primary_key(desk):
    desk.table([["1", "2", "3"], ["1", "5", "6"]], repeated=["1"])
    with pytest.raises(DataError, match="a key that is repeated is no primaryKey; name it in keys"):
        desk.audit()


def test_heads_that_are_one_number_are_refused(desk):
    desk.table([["1", "2", "3"]], fields=("year", "5", "5.0"), head="years")
    with pytest.raises(DataError, match=r"row 1: columns '5' and '5\.0' are one"):
        desk.audit()


def test_a_unit_for_a_row_that_is_not_there_is_refused(desk):
    desk.table(ROWS, rowUnits={"1": "m2", "3": "m2"})
    with pytest.raises(DataError, match=r"declared in repeated or rowUnits, but not so: \['3'\]"):
        desk.audit()


def test_a_note_names_the_file_with_its_source(desk):
    desk.text(["para 1", "x", "", "5"])
    desk.notes(
        ["para 1", "x", "", "misread", "5", "6", "", "why"],
        ["para 1", "x", "", "slip", "5", "", "6", "why"],
    )
    with pytest.raises(DataError, match=r"^data/toy/notes.csv, row 3, column kind: 'slip'"):
        desk.audit()


@pytest.mark.parametrize(
    ("half", "digits", "written"),
    [
        (39_891.193125, 10, "39891.19313"),
        (9_356.7011375, 10, "9356.701138"),
        (-0.285, 2, "-0.29"),
        (2.5e-7, 1, "3e-07"),
        (9.95, 2, "10"),
    ],
)
def test_significant_digits_of_a_half_do_not_hang_on_its_last_bit(half, digits, written):
    around = (np.nextafter(half, -np.inf), half, np.nextafter(half, np.inf))
    assert [significant(value, digits) for value in around] == [written] * 3


@pytest.mark.parametrize(
    ("half", "decimals", "written"),
    [(2_533.475, 2, "2,533.48"), (13.93675, 4, "13.9368"), (-1_625.125, 2, "-1,625.13")],
)
def test_decimals_of_a_half_do_not_hang_on_its_last_bit(half, decimals, written):
    around = (np.nextafter(half, -np.inf), half, np.nextafter(half, np.inf))
    assert [fixed(value, decimals, ",") for value in around] == [written] * 3
    assert fixed(half - np.sign(half) * 1e-7, decimals, ",") != written


def test_zero_and_what_has_no_digits_are_written_as_they_are():
    values = (0.0, np.nan, np.inf, -np.inf)
    assert [significant(value, 4) for value in values] == ["0", "nan", "inf", "-inf"]
    assert [fixed(value, 1) for value in values] == ["0.0", "nan", "inf", "-inf"]


@pytest.mark.parametrize("value", [-0.0, -1e-300, -4e-17, -0.00049])
def test_what_rounds_to_zero_has_no_sign(value):
    assert [fixed(sign * value, 3) for sign in (1, -1)] == ["0.000"] * 2
    assert fixed(value, 3, ",") == "0.000"
    assert fixed(-0.0005, 3) == "-0.001"
    assert significant(0.0 * value, 4) == "0"
