"""The audit refuses what it must refuse, and says exactly what, where and why."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pandas as pd
import pytest
from accounts import ROWS, VALUES, close, rows_of
from scipy.special import stdtr

from compendium import EITHER, HALF_DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP
from compendium.page.files import DataError
from compendium.page.numerals import Number
from compendium.verdict.judge import Claim, Judge
from compendium.verdict.ledger import Row

# Verdicts ----------------------------------------------------------------------------------------


def test_a_table_that_rounds_to_the_page_is_exact(desk, capsys):
    desk.table(ROWS)
    audit = desk.audit()
    audit.check("1", VALUES)
    assert capsys.readouterr().out == "Table 1: 4 exact\n"
    assert close(audit) == []
    row = rows_of(desk)["1", "a"]
    assert (row.printed, row.recomputed, row.verdict) == ("0.33", "0.3333333333", "exact")


def test_a_rule_other_than_nearest_is_told_with_the_numbers_that_show_it(desk, capsys):
    desk.table([["1", "0.34", "0.67"]])
    audit = desk.audit()
    audit.check("1", VALUES.loc[[1]], rounding=UP)
    assert capsys.readouterr().out == (
        "Table 1: 2 exact; rounded up, which 1 of them tell from nearest\n"
    )
    assert close(audit) == []
    assert rows_of(desk)["1", "a"].note == "rounded up"


def test_bounds_admit_what_the_rounding_of_the_inputs_leaves(desk, capsys):
    desk.text(["para 1", "ratio", "", "2.25"])
    audit = desk.audit()
    inputs = [Number("4.4"), Number("2.0")]
    audit.check("para 1", lambda a, b: {"ratio": a / b}, bounds=inputs)
    assert "which admits 17 printed values" in capsys.readouterr().out
    assert close(audit) == []
    row = rows_of(desk)["ratio", ""]
    assert (row.verdict, row.recomputed) == ("consistent", "2.2")


def test_bounds_refuse_what_leaves_them(desk):
    desk.text(["para 1", "ratio", "", "2.29"])
    audit = desk.audit()
    audit.check("para 1", lambda a, b: {"ratio": a / b}, bounds=[Number("4.4"), Number("2.0")])
    assert close(audit) == [
        "para 1, ratio: printed 2.29, recomputed 2.2, within reach 2.12195 to 2.28205"
    ]


@pytest.mark.parametrize(
    ("printed", "differences"),
    [
        ("40", []),
        ("50", []),
        ("60", ["para 1, total: printed 60, recomputed 40, within reach 30 to 50"]),
        ("43", ["para 1, total: printed 43, recomputed 40, within reach 30 to 50"]),
    ],
)
def test_bounds_by_a_rule_with_a_step_of_its_own(desk, printed, differences):
    desk.text(["para 1", "total", "", printed])
    audit = desk.audit()
    tens = NEAREST.to_multiple(10)
    parts = [Number("10", tens), Number("30", tens)]
    audit.check("para 1", lambda a, b: {"total": a + b}, bounds=parts, rounding=tens)
    assert close(audit) == differences


@pytest.mark.parametrize(
    ("qualifier", "right", "wrong"),
    [
        ("about", 138, 133),
        ("over", 141, 140),
        ("under", 139, 140),
        ("at least", 140, 139.9),
        ("at most", 140, 140.1),
        ("", 140.4, 141),
    ],
)
def test_a_qualifier_sets_the_test(desk, qualifier, right, wrong):
    desk.text(["para 1", "x", qualifier, "140"])
    audit = desk.audit()
    audit.check("para 1", x=right)
    assert close(audit) == []
    audit = desk.audit()
    audit.check("para 1", x=wrong)
    claim = f"{qualifier} 140".strip()
    assert close(audit) == [f"para 1, x: printed {claim}, recomputed {wrong:g}"]


@pytest.mark.parametrize(
    ("qualifier", "true", "false", "straddling"),
    [
        ("", "140.1", "141.0", "140.5"),
        ("about", "138.0", "134.0", "135.0"),
        ("over", "140.2", "139.9", "140.0"),
        ("under", "139.8", "140.1", "140.0"),
        ("at least", "140.2", "139.8", "140.0"),
        ("at most", "139.8", "140.2", "140.0"),
    ],
)
@pytest.mark.parametrize("which", ["true", "false", "straddling"])
def test_with_bounds_some_value_within_reach_must_meet_the_words(
    desk, qualifier, true, false, straddling, which
):
    desk.text(["para 1", "x", qualifier, "140"])
    number = Number({"true": true, "false": false, "straddling": straddling}[which])
    audit = desk.audit()
    audit.check("para 1", lambda x: {"x": x}, bounds=[number])
    words = {
        ("", "true"): "which admits 1 printed value",
        ("", "straddling"): "which admits 2 printed values",
        ("", "false"): "which admits 1 printed value",
    }
    claim = f"{qualifier} 140{' (135 to 145)' if qualifier == 'about' else ''}"
    said = {
        "true": f"all of it {claim}",
        "straddling": f"straddling: only a part is {claim}",
        "false": f"none of it {claim}",
    }
    low, high = f"{number.low:g}", f"{number.high:g}"
    printed = f"{qualifier} 140".strip()
    assert close(audit) == (
        [f"para 1, x: printed {printed}, recomputed {number:g}, within reach {low} to {high}"]
        if which == "false"
        else []
    )
    row = rows_of(desk)["x", ""]
    assert row.verdict == ("differs" if which == "false" else "consistent")
    assert row.note == (
        f"inputs as printed leave {low} to {high} (17 points of their box tried), "
        + words.get((qualifier, which), said[which])
    )


@pytest.mark.parametrize(
    ("qualifier", "agrees"),
    [("over", False), ("under", False), ("at least", True), ("at most", True), ("about", True)],
)
def test_a_reach_of_the_very_number_is_neither_over_nor_under_it(desk, qualifier, agrees):
    desk.text(["para 1", "x", qualifier, "0.3"])
    audit = desk.audit()
    audit.check("para 1", lambda a, b: {"x": a + b}, bounds=[0.1, 0.2])
    assert (close(audit) == []) == agrees


def test_a_reach_beyond_both_ends_of_about_meets_it(desk):
    desk.text(["para 1", "x", "about", "140"])
    audit = desk.audit()
    wide = Number("140", NEAREST.to_multiple(50))
    audit.check("para 1", lambda x: {"x": x}, bounds=[wide])
    assert close(audit) == []
    assert "straddling: only a part is about 140 (135 to 145)" in rows_of(desk)["x", ""].note


def p_of(t, degrees=28):
    """Return the two-sided p of a t-test."""
    return {"p": 2 * stdtr(degrees, -abs(t))}


@pytest.mark.parametrize(
    ("t", "qualifier", "p", "agrees", "words"),
    [
        ("2.20", "under", ".05", True, "0.0358357 to 0.0366191"),
        ("2.20", "under", ".05", True, "all of it under .05"),
        ("2.20", "over", ".03", True, "all of it over .03"),
        ("2.20", "at most", ".05", True, "all of it at most .05"),
        ("2.04", "under", ".05", False, "none of it under .05"),
        ("2.05", "under", ".05", True, "straddling: only a part is under .05"),
        ("0.0", "", ".98", True, "the highest is no corner), which admits 5 printed values"),
        ("0.0", "", ".95", False, "0.960477 to 1"),
        ("0.0", "about", "1.0", True, "all of it about 1.0"),
    ],
)
def test_a_p_is_what_its_t_leaves(desk, t, qualifier, p, agrees, words):
    desk.text(["para 1", "p", qualifier, p])
    audit = desk.audit()
    audit.check("para 1", p_of, bounds=[Number(t)])
    assert (close(audit) == []) == agrees
    assert words in rows_of(desk)["p", ""].note


@pytest.mark.parametrize(
    ("printed", "deviation", "agrees"),
    [
        ("0.5", "0.500", True),
        ("0.5", "0.501", False),
        ("0.5", "0.497", True),
        ("0.5", "0.496", False),
    ],
)
def test_a_deviation_is_largest_in_the_middle(desk, printed, deviation, agrees):
    desk.text(["para 1", "s", "", deviation])
    audit = desk.audit()
    audit.check("para 1", lambda m: {"s": (m * (1 - m)) ** 0.5}, bounds=[Number(printed)])
    assert (close(audit) == []) == agrees


def test_a_formula_without_a_value_at_the_printed_inputs_differs(desk):
    desk.text(["para 1", "x", "over", "0.1"])
    audit = desk.audit()
    audit.check("para 1", lambda x: {"x": (x - 1.02) ** 0.5 if x > 1.02 else np.nan}, bounds=[
        Number("1.0")
    ])  # fmt: skip
    (difference,) = close(audit)
    assert difference.startswith("para 1, x: printed over 0.1, recomputed nan, within reach")
    assert "no value at 12 of them" in rows_of(desk)["x", ""].note


# Rounding ----------------------------------------------------------------------------------------


def test_the_rules_that_explain_a_block_are_counted_and_nothing_is_claimed(desk):
    desk.table([["1", "0.12", "0.14"], ["2", "0.34", "0.50"]])
    audit = desk.audit()
    values = pd.DataFrame({"a": [0.125, 0.335], "b": [0.1346, 0.5]}, index=[1, 2])
    told = audit.explains("1", values)
    assert told.name == "of 4 numbers"
    assert told.to_dict() == {
        "rounded to nearest": 2,
        "rounded to nearest, halves to even": 3,
        "rounded to nearest, halves towards zero": 2,
        "rounded to nearest, halves either way": 3,
        "rounded up": 3,
        "rounded down": 2,
        "rounded to nearest in two steps, first to 1 digit more": 3,
    }
    assert len(close(audit)) == 4
    assert all("accounted for by nothing" in line for line in close(audit))


def test_the_rules_are_asked_of_numbers_of_the_text_that_tell_them(desk):
    desk.text(["para 1", "x", "", "12300"], ["para 1", "y", "over", "5"])
    three = NEAREST.to_digits(3)
    told = desk.audit().explains("para 1", rules=[NEAREST, three], x=12_345, y=6)
    assert told.to_dict() == {str(NEAREST): 0, str(three): 1}
    assert told.name == "of 1 numbers"


@pytest.mark.parametrize(
    ("rule", "printed", "value"),
    [
        (HALF_EVEN, "0.12", 0.125),
        (HALF_DOWN, "0.13", 0.135),
        (EITHER, "0.13", 0.135),
        (TWO_STEPS, "0.14", 0.1346),
        (NEAREST.to_digits(3), "12,300", 12_345),
    ],
)
def test_a_block_is_checked_by_any_rule_and_says_so(desk, rule, printed, value):
    desk.text(["para 1", "x", "", printed])
    audit = desk.audit()
    audit.check("para 1", rounding=rule, x=value)
    assert close(audit) == []
    assert rows_of(desk)["x", ""].note == str(rule)
    audit = desk.audit()
    audit.check("para 1", x=value)
    assert len(close(audit)) == 1


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (HALF_EVEN, "1.5 to 2.5 (17 points of their box tried), which admits 1 printed value"),
        (EITHER, "1.5 to 2.5 (17 points of their box tried), which admits 2 printed values"),
        (NEAREST.to_digits(1), "which admits 1 printed value"),
        (NEAREST.to_digits(2), "which admits 11 printed values"),
    ],
)
def test_bounds_admit_what_the_rule_prints(desk, rule, words):
    desk.text(["para 1", "x", "", "2"])
    audit = desk.audit()
    audit.check("para 1", lambda x: {"x": x}, bounds=[Number("2")], rounding=rule)
    assert close(audit) == []
    assert words in rows_of(desk)["x", ""].note


# What the audit must not be talked into ---------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "qualifier", "value", "agrees"),
    [
        ("5", "at least", np.inf, False),
        ("5", "over", np.inf, False),
        ("-5", "under", -np.inf, False),
        # The noise of floats is a part in a million million, and no twelve in 123 thousand million.
        ("123,456,789,012", "at least", 123_456_789_000.0, False),
        ("123,456,789,000", "over", 123_456_789_012.0, True),
        ("0.3", "at least", 0.1 + 0.2, True),
        ("0.3", "over", 0.1 + 0.2, False),
        # A minus says that it is not above zero.
        ("-0.00", "", 0.004, False),
        ("-0.00", "", -0.004, True),
        ("-0.00", "", 0.0, True),
        ("0.00", "", -0.004, True),
    ],
)
def test_what_is_endless_noise_or_a_sign_is_judged_so(desk, printed, qualifier, value, agrees):
    desk.text(["para 1", "x", qualifier, printed])
    audit = desk.audit()
    audit.check("para 1", x=value)
    assert (close(audit) == []) == agrees


def stairs(x):
    """Whole numbers alone."""
    return {"x": np.floor(x)}


def pole(x):
    """Above a thousand or below minus a thousand within 0.001 of 2."""
    return {"x": 1 / (x - 2.0001)}


@pytest.mark.parametrize(
    ("formula", "printed", "number", "agrees"),
    [
        (stairs, "2.5", "3.0", False),
        (stairs, "2", "3.0", True),
        (pole, "0.0", "2.00", False),
        (pole, "500", "2.00", True),
        (lambda x: {"x": x**3}, "8.1", "2.00", True),
    ],
)
def test_a_number_that_a_formula_jumps_over_is_not_within_reach(
    desk, formula, printed, number, agrees
):
    desk.text(["para 1", "x", "", printed])
    audit = desk.audit()
    audit.check("para 1", formula, bounds=[Number(number)])
    said = close(audit)
    assert (said == []) == agrees
    assert agrees or said[0].endswith(", which jumps over what is printed")


def test_what_is_exact_reaches_the_formula_with_its_labels(desk):
    desk.text(["para 1", "x", "", "5"])
    audit = desk.audit()
    shares = pd.Series({"k": 2.5})
    audit.check("para 1", lambda a, s: {"x": a * s.loc["k"]}, bounds=[Number("2.0"), shares])
    assert close(audit) == []


def test_an_exact_number_is_met_or_not_and_no_values_are_counted(desk):
    desk.text()
    desk.csv(
        "text.csv",
        [
            ["exhibit", "item", "qualifier", "printed", "unit", "page", "notation"],
            ["para 1", "x", "", "1/3", "", "1", "fraction"],
        ],
    )
    audit = desk.audit()
    audit.check("para 1", lambda a: {"x": a}, bounds=[Number("0.3")])
    assert close(audit) == []
    assert rows_of(desk)["x", ""].note.endswith("in which it lies")


def test_a_qualified_number_as_input_has_the_interval_of_its_words(desk):
    desk.text(
        ["para 1", "x", "", "14,000"],
        ["para 1", "flats", "about", "140"],
        ["para 1", "rest", "over", "3"],
        ["para 1", "debt", "at most", "7"],
    )
    audit = desk.audit()
    flats = audit.number("para 1", "flats")
    assert (flats.low, flats.high) == (135.0, 145.0)
    assert audit.number("para 1", "rest").high == np.inf
    assert audit.number("para 1", "debt").low == -np.inf
    audit.check("para 1", lambda n: {"x": 98 * n}, bounds=[flats])
    with pytest.raises(ValueError, match=r"two ends.*at most another has not: 3 to inf"):
        audit.check("para 1", lambda n: {"x": n}, bounds=[audit.number("para 1", "rest")])
    audit.given("para 1", "flats", "rest", "debt")
    assert close(audit) == []
    # 14,000 takes 142.9 flats, which 140 by its digits alone are not.
    assert rows_of(desk)["x", ""].verdict == "consistent"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda audit: audit.check("para 1"), "claims no printed number"),
        (lambda audit: audit.check("para 1", [5]), "must be a mapping of items"),
        (lambda audit: audit.check("para 1", x=True), "must be a number, got True"),
        (lambda audit: audit.check("para 1", x="5"), "must be a number, got '5'"),
        (lambda audit: audit.check("para 1", x=None), "must be a number, got None"),
        (lambda audit: audit.check("para 1", x=5, head=[1]), "is running text, without key or"),
        (lambda audit: audit.check("para 1", x=5, value=1), "key and value belong together"),
        (lambda audit: audit.check("para 1", x=5, bounds=[]), "a list of one input or more"),
        (lambda audit: audit.check("para 1", x=5, rounding="upwards"), "rounding must be one of"),
        (lambda audit: audit.check("1", audit.table("1")), "would be held against itself"),
        (lambda audit: audit.check("1", VALUES.astype(str)), "must be a number, got '0.3333"),
        (
            lambda audit: audit.check("para 1", lambda k: {"x": k}, recovered={"k": np.nan}),
            "recovered must be finite numbers, got 'k': nan",
        ),
        (lambda audit: audit.recover([5], {}), "numbers must map names to numbers"),
    ],
)
def test_a_slip_in_a_call_is_no_verdict(desk, call, message):
    desk.table(ROWS)
    desk.text(["para 1", "x", "", "5"])
    with pytest.raises(ValueError, match=message):
        call(desk.audit())


def test_a_rule_may_be_named(desk):
    desk.table([["1", "0.34", "0.67"]])
    audit = desk.audit()
    audit.check("1", VALUES.loc[[1]], rounding="up")
    assert close(audit) == []


@pytest.mark.parametrize("kind", [Claim, Judge, Row])
def test_what_was_said_of_a_number_stays_as_it_was_said(kind):
    said = kind(*("" for _ in fields(kind)))
    with pytest.raises(FrozenInstanceError):
        setattr(said, fields(kind)[0].name, "other")


# Ends, and values of ours -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qualifier", "printed", "differs"),
    [
        ("at least", "12.5", True),
        ("at least", "12.4", False),
        ("at most", "11.5", False),
        ("at most", "11.4", True),
        ("under", "12.5", False),
        ("over", "12.5", True),
        ("", "13", True),
        ("", "12", False),
        ("about", "11.4", True),
    ],
)
def test_an_end_of_a_reach_counts_where_a_number_that_prints_so_gives_it(
    desk, qualifier, printed, differs
):
    """Of 12, 11.5 is one that it may be and 12.5 is none; so it is in a table as in a text."""
    desk.text(["para 1", "x", qualifier, printed])
    desk.table([["1", "12", "1"]])
    table = desk.audit().table("1")
    for call in (
        {"values": lambda x: {"x": x}, "bounds": [Number("12")]},
        {"values": lambda t: {"x": t.loc[1, "a"]}, "bounds": [table]},
    ):
        audit = desk.audit()
        audit.given("1")
        audit.check("para 1", **call)
        assert len(close(audit)) == differs
    if qualifier == "under":
        assert "all of it under 12.5" in rows_of(desk)["x", ""].note


def test_what_no_input_moves_is_reached_whatever_the_ends(desk):
    desk.text(["para 1", "x", "", "13"])
    for formula in (lambda a: 12.5 + 0.0 * a, lambda a: max(a, 12.5), lambda a: a // 1 + 0.5):
        audit = desk.audit()
        audit.check("para 1", lambda a, f=formula: {"x": f(a)}, bounds=[Number("12")])
        assert close(audit) == []


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ("3.15", None),
        ("3.5", None),
        ("3.65", None),
        ("2.65", None),
        # The reach ends below 3.655, which would print 3.66.
        ("3.66", "declared erratum with 3.66, recomputed 3.15, within reach 2.645 to 3.655"),
        ("2.64", "declared erratum with 2.64, recomputed 3.15, within reach 2.645 to 3.655"),
        ("4", None),
        ("5", "declared erratum with 5, recomputed 3.15, within reach 2.645 to 3.655"),
    ],
)
def test_our_value_of_an_erratum_is_one_that_the_inputs_leave(desk, ours, said):
    desk.text(["para 1", "x", "", "9"])
    desk.notes(["para 1", "x", "", "erratum", "9", "", ours, "a sum", "arithmetic"])
    audit = desk.audit()
    inputs = [Number("1.15"), Number("2")]
    audit.check("para 1", lambda a, b: {"x": a + b}, bounds=inputs)
    assert close(audit) == ([] if said is None else [f"para 1, x: {said}"])
    note = rows_of(desk)["x", ""].note
    both = f"a sum; ours, {ours}, is within reach 2.645 to 3.655"
    assert note == ("a sum" if ours == "3.15" or said else both)


def test_a_value_of_ours_within_reach_does_not_excuse_a_number_that_is_within_it_too(desk):
    desk.text(["para 1", "x", "", "3.6"])
    desk.notes(["para 1", "x", "", "erratum", "3.6", "", "3.5", "a sum", "arithmetic"])
    audit = desk.audit()
    audit.check("para 1", lambda a, b: {"x": a + b}, bounds=[Number("1.15"), Number("2")])
    assert close(audit) == ["para 1, x: declared erratum, but recomputed 3.15 agrees"]


# Places that are none ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("para 4", "", "cost"), "row is the item and column is blank; the items of para 4 are"),
        (("Table 1", "1", "aa"), "row, column of Table 1 are ('1', 'a'), ('2', 'b')"),
        (("Tabel 1", "1", "a"), "exhibits are 'Table 1', 'para 4'"),
    ],
)
def test_a_note_of_nothing_is_told_what_there_is(desk, place, said):
    desk.table([["1", "12", ""], ["2", "", "3"]])
    desk.text(["para 4", "x", "", "9"], ["para 4", "cost", "", "9"])
    desk.notes([*place, "unresolved", "9", "", "", "why"])
    where = ", ".join(filter(None, place))
    with pytest.raises(DataError) as caught:
        desk.audit()
    assert f"nothing is printed at {where}; " in str(caught.value)
    assert said in str(caught.value)


def test_a_cell_that_is_not_there_or_blank_is_told_by_its_place(desk):
    desk.table([["1", "12", ""]])
    layout = desk.audit().table("1").layout
    with pytest.raises(ValueError, match="Table 1, 1, b: nothing is printed there"):
        _ = layout.cell(1, "b").number
    with pytest.raises(ValueError, match="Table 1 has no column 'aa'; there are 'a', 'b'"):
        layout.cell(1, "aa")
    with pytest.raises(ValueError, match="Table 1 has no row '3'; there are '1'"):
        layout.cell(3, "a")
