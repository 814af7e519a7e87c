"""Forms of numbers that a table or a text declares, from the page to the ledger."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd
import pytest
from conftest import NUMBER

from compendium import AuditError, DataError
from compendium.page.printed import Source
from compendium.verdict import ledger


def declared(desk, texts, **entry):
    """Lay out a table with one column of numbers in a declared form."""
    fields = [{"name": "year", "type": "integer"}, {"name": "a", **NUMBER, **entry}]
    rows = [[str(n), text] for n, text in enumerate(texts)]
    desk.table(
        rows, fields=("year", "a"), schema={"fields": fields, "primaryKey": ["year"]}, unit="%"
    )
    return desk.audit()


@pytest.mark.parametrize(
    ("entry", "text", "right", "wrong"),
    [
        ({}, "\N{MINUS SIGN}3.2", -3.24, 3.2),
        ({}, "12 %", 12.4, 12.6),
        ({"notation": "accounting"}, "(370)", -370.4, 370),
        ({"notation": "currency"}, "$5", 5.4, 5.6),
        ({"notation": "currency"}, "EUR 5.00", 5.004, 5.006),
        ({"notation": "scientific"}, "1.2e-5", 1.24e-5, 1.26e-5),
        ({"notation": "fraction"}, "1/6", 1 / 6, 0.1667),
        ({"notation": "fraction"}, "½", 0.1 + 0.2 + 0.2, 0.5001),
        ({"notation": "fraction"}, "3 1/2", 3.5, 3.49),
        ({"notation": "marks"}, "5a", 5.4, 5.6),
        ({"notation": "marks"}, "0.05***", 0.054, 0.056),
        ({"notation": "qualified"}, "<.001", 0.0009, 0.0011),
        ({"notation": "qualified"}, "≥ 5", 5.0, 4.9),
        ({"notation": "indian"}, "1,23,456", 123_456.4, 123_457),
        ({"groupChar": " "}, "1 234", 1234.4, 1235),
        ({"groupChar": ".", "decimalChar": ","}, "1.234,5", 1234.54, 1234.56),
    ],
)
def test_a_declared_form_sets_value_and_last_digit(desk, entry, text, right, wrong):
    for value, verdict in ((right, "exact"), (wrong, "differs")):
        audit = declared(desk, [text], **entry)
        audit.check("1", pd.DataFrame({"a": [value]}, index=[0]))
        with suppress(AuditError):
            audit.close()
        (row,) = ledger.read(desk.project.build / "ledger" / "toy.csv")
        assert (row.printed, row.verdict) == (text, verdict)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("(370)", 'notation "accounting"'),
        ("1/6", 'notation "fraction"'),
        ("1 234", 'groupChar " "'),
        ("1.234,5", 'groupChar "." and decimalChar ","'),
    ],
)
def test_an_undeclared_form_is_refused_at_its_place(desk, text, hint):
    with pytest.raises(DataError) as error:
        declared(desk, ["1", text])
    assert str(error.value) == (
        f"data/toy/table_1.csv, row 3, column a: {text!r} is not a printed number; "
        f"{hint} would read it"
    )


def test_a_field_that_declares_no_groups_has_none(desk):
    with pytest.raises(DataError, match=r"'1,000' is not .* or groupChar \",\" would"):
        declared(desk, ["1,000"], groupChar="")


@pytest.mark.parametrize(
    ("head", "key", "message"),
    [
        ("½", "1", "row 1, head ½: '½' would not count as a number; notation \"fraction\" would"),
        ("$5", "1", "row 1, head \\$5: '\\$5' would not count as a number; notation \"currency\""),
        ("5", "(370)", "row 2, column year: '\\(370\\)' would not count as a number; notation"),
        ("5", "1 234", "row 2, column year: '1 234' would not count as a number; groupChar"),
    ],
)
def test_a_head_or_a_counted_key_in_an_undeclared_form_is_not_lost(desk, head, key, message):
    fields = [{"name": "year", "type": "string"}, {"name": head, **NUMBER}]
    schema = {"fields": fields, "primaryKey": ["year"]}
    desk.table([[key, "2"]], fields=("year", head), schema=schema, head="sizes", counted=["year"])
    with pytest.raises(DataError, match=f"data/toy/table_1.csv, {message}"):
        desk.audit()


def test_words_among_heads_and_counted_keys_do_not_count(desk):
    fields = [{"name": "year", "type": "string"}, {"name": "total, 1985", **NUMBER}]
    schema = {"fields": fields, "primaryKey": ["year"]}
    desk.table(
        [["1985-86", "2"], ["all 3", "4"]],
        fields=("year", "total, 1985"),
        schema=schema,
        head="sizes",
        counted=["year"],
    )
    assert len(Source("toy", desk.project).cells) == 2


def test_a_head_is_read_in_its_own_notation(desk):
    fields = [{"name": name, **NUMBER} for name in ("year", "½", "¾")]
    schema = {"fields": fields, "primaryKey": ["year"]}
    desk.table(
        [["1", "2", "3"]],
        fields=("year", "½", "¾"),
        schema=schema,
        head="share",
        headNotation="fraction",
        headUnit="m2",
    )
    audit = desk.audit()
    table = audit.table("1")
    assert table.columns.tolist() == [0.5, 0.75]
    cell = Source("toy", desk.project).cells["Table 1", "head", "share ½"]
    assert (cell.printed, cell.unit, cell.step) == ("½", "m2", 5e-13)
    audit.check("1", pd.DataFrame({0.5: [2.1], 0.75: [3.1]}, index=[1]), head=[0.5, 0.75])
    audit.close()


def test_a_column_called_head_keeps_its_unit(desk):
    fields = [{"name": "year", **NUMBER}, {"name": "head", **NUMBER, "unit": "m"}]
    schema = {"fields": fields, "primaryKey": ["year"]}
    desk.table([["1", "2"]], fields=("year", "head"), schema=schema, headUnit="years")
    assert Source("toy", desk.project).cells["Table 1", "1", "head"].unit == "m"


def test_a_number_with_its_deviation_is_two_cells(desk):
    audit = declared(desk, ["12.3 (4.5)", "-", "7 (?)", "?"], notation="(sd)", missingValues=["-"])
    table = audit.table("1")
    assert table.columns.tolist() == ["a", "a (sd)"]
    assert table.loc[0].tolist() == [12.3, 4.5]
    cells = Source("toy", desk.project).cells
    assert {place[1:]: cell.printed for place, cell in cells.items()} == {
        ("0", "a"): "12.3",
        ("0", "a (sd)"): "4.5",
        ("2", "a"): "7",
        ("2", "a (sd)"): "?",
        ("3", "a"): "?",
        ("3", "a (sd)"): "?",
    }
    low, high = table.interval()
    assert (low.loc[0, "a (sd)"], high.loc[0, "a (sd)"]) == (4.45, 4.55)
    audit.check("1", table.loc[[0]] + 0.01)
    with pytest.raises(AuditError, match="1, 2, a: printed 7, accounted for by nothing"):
        audit.close()


def test_a_range_is_two_cells_and_a_single_number_in_its_column_is_one(desk):
    declared(desk, ["0.5-0.7", "5 to 7%", "?"], notation="range")
    cells = Source("toy", desk.project).cells
    assert [(place[1:], cell.printed) for place, cell in cells.items()] == [
        (("0", "a (low)"), "0.5"),
        (("0", "a (high)"), "0.7"),
        (("1", "a (low)"), "5"),
        (("1", "a (high)"), "7%"),
        (("2", "a (low)"), "?"),
        (("2", "a (high)"), "?"),
    ]
    table = declared(desk, ["0.5-0.7", "0.6"], notation="range").table("1")
    assert table.columns.tolist() == ["a", "a (low)", "a (high)"]
    assert table.loc[1, "a"] == 0.6


def test_a_pair_has_the_unit_of_its_column_and_no_name_of_another(desk):
    fields = [
        {"name": "year", "type": "integer"},
        {"name": "a", **NUMBER, "notation": "(sd)", "unit": "m2"},
        {"name": "a (sd)", **NUMBER, "unit": "%"},
    ]
    names = [field["name"] for field in fields]
    schema = {"fields": fields, "primaryKey": ["year"]}
    desk.table([["1", "5", "6"]], fields=names, schema=schema)
    cells = Source("toy", desk.project).cells.values()
    assert [(cell.column, cell.unit) for cell in cells] == [("a", "m2"), ("a (sd)", "%")]
    desk.table([["1", "5 (1)", "6"]], fields=names, schema=schema)
    with pytest.raises(DataError, match=r"row 1: columns 'a \(sd\)' and 'a \(sd\)' are one"):
        desk.audit()
    desk.table([["1", "5 (1)"]], fields=names[:2], schema=schema | {"fields": fields[:2]})
    cells = Source("toy", desk.project).cells.values()
    assert [(cell.column, cell.unit) for cell in cells] == [("a", "m2"), ("a (sd)", "m2")]


def test_a_key_is_read_in_its_own_notation(desk):
    fields = [
        {"name": "share", "type": "string", "notation": "fraction"},
        {"name": "a", **NUMBER},
    ]
    schema = {"fields": fields, "primaryKey": ["share"]}
    desk.table([["1/2", "5"], ["¼", "6"]], fields=("share", "a"), schema=schema, counted=["share"])
    audit = desk.audit()
    assert audit.table("1").index.tolist() == [0.5, 0.25]
    audit.check("1", key="share", value=[0.5, 0.25])
    audit.check("1", pd.Series([5.1, 6.1], index=[0.5, 0.25], name="a"))
    audit.close()
    desk.table([["1/2", "5"], ["0.5", "6"]], fields=("share", "a"), schema=schema)
    with pytest.raises(DataError, match=r"key 0\.5 is the number of key 1/2 in row 2"):
        desk.audit()


def text_with_notation(desk, *rows):
    head = ["exhibit", "item", "qualifier", "printed", "unit", "page", "notation"]
    desk.csv("text.csv", [head, *rows])


def test_running_text_declares_its_forms_row_by_row(desk):
    text_with_notation(
        desk,
        ["para 1", "plain", "", "1,234", "", "", ""],
        ["para 1", "loss", "", "(370)", "", "", "accounting"],
        ["para 1", "p", "", "<.001***", "", "", "qualified marks"],
        ["para 1", "share", "about", "1/2", "", "", "fraction"],
        ["para 1", "age", "", "36-50", "years", "", "range"],
        ["para 1", "area", "", "12.3 (4.5)", "m2", "", "(sd)"],
    )
    cells = Source("toy", desk.project).exhibit("para 1")
    assert {item: (cell.printed, cell.qualifier) for item, cell in cells.items()} == {
        "plain": ("1,234", ""),
        "loss": ("(370)", ""),
        "p": ("<.001***", "under"),
        "share": ("1/2", "about"),
        "age_low": ("36", ""),
        "age_high": ("50", ""),
        "area": ("12.3", ""),
        "area_sd": ("4.5", ""),
    }
    assert cells["p"].stated == "<.001***"
    assert cells["share"].stated == "about 1/2"
    audit = desk.audit()
    assert audit.number("para 1", "loss").low == -370.5
    audit.check(
        "para 1", loss=-370.2, p=0.0004, share=0.54, age_low=36, age_high=50.2, area_sd=4.46
    )
    audit.given("para 1", "plain", "area")
    audit.close()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["para 1", "x", "", "(370)", "", "", ""], 'column printed: .* notation "accounting"'),
        (["para 1", "x", "", "5", "", "", "acounting"], "column notation: notation must be of"),
        (["para 1", "x", "over", "<5", "", "", "qualified"], "qualifier: '<5' says it already"),
        (["para 1", "x", "", "5-7", "", "", "fraction"], 'column printed: .*notation "range"'),
    ],
)
def test_bad_forms_in_running_text_are_named(desk, row, message):
    text_with_notation(desk, row)
    with pytest.raises(DataError, match=f"data/toy/text.csv, row 2, .*{message}"):
        desk.audit()


def test_an_item_that_a_range_makes_is_no_other(desk):
    text_with_notation(
        desk,
        ["para 1", "x", "", "5-7", "", "", "range"],
        ["para 1", "x_low", "", "6", "", "", ""],
    )
    with pytest.raises(
        DataError, match=r"text.csv: two printed numbers have one place: para 1, x_l"
    ):
        desk.audit()
