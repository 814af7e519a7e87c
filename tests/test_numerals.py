"""A number is read in the form that its column declares, and no other form is guessed at."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compendium import UP
from compendium.page.notations import FORMS, PLAIN, Notation
from compendium.page.numerals import (
    Number,
    is_number,
    last_digit,
    parse,
    plain_label,
    slack_digit,
)

EUROPEAN = Notation(".", ",")
BLANKS = Notation(" ")

# Plain numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("16.0", 16.0, 0.1),
        ("1,234", 1234.0, 1.0),
        ("3%", 3.0, 1.0),
        ("-0.25", -0.25, 0.01),
        ("\N{MINUS SIGN}3", -3.0, 1.0),
        ("\N{MINUS SIGN}1,234.5", -1234.5, 0.1),
        ("\N{MINUS SIGN}.5%", -0.5, 0.1),
        ("12 %", 12.0, 1.0),
        (" 12 %", 12.0, 1.0),
        ("12.5\N{NO-BREAK SPACE}%", 12.5, 0.1),
        ("007", 7.0, 1.0),
        ("1,000,000", 1_000_000.0, 1.0),
    ],
)
def test_a_plain_number_has_a_value_and_a_last_digit(text, value, unit):
    assert (parse(text), last_digit(text)) == (value, unit)


@pytest.mark.parametrize(
    "text", ["", "-", "1.2.3", "Y 5", "five", ".", "nan", "--5", "5.", "1,,000"]
)
def test_what_is_no_number_in_any_notation_is_refused_without_a_hint(text):
    with pytest.raises(ValueError, match=r"is not a printed number$"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("(370)", 'notation "accounting"'),
        ("$5", 'notation "currency"'),
        ("EUR 5", 'notation "currency"'),
        ("5*", 'notation "marks"'),
        ("5a", 'notation "marks"'),
        ("0.05***", 'notation "marks"'),
        ("12.3 (4.5)", 'notation "(sd)"'),
        ("1/6", 'notation "fraction"'),
        ("½", 'notation "fraction"'),
        ("3 1/2", 'notation "fraction"'),
        ("0.5-0.7", 'notation "range"'),
        ("<.001", 'notation "qualified"'),
        ("1.2e-5", 'notation "scientific"'),
        ("1,23,456", 'notation "indian"'),
        ("1 234", 'groupChar " "'),
        ("1.234,5", 'groupChar "." and decimalChar ","'),
        ("0,125", 'decimalChar ","'),
        ("12,34", 'decimalChar ","'),
        ("0,999.5", None),
        ("$(370)", 'notation "accounting currency"'),
        ("<.001***", 'notation "marks qualified"'),
    ],
)
def test_what_no_notation_declares_is_refused_with_the_one_that_would_read_it(text, hint):
    assert not is_number(text)
    with pytest.raises(ValueError, match="is not a printed number") as error:
        parse(text)
    said = f"; {hint} would read it" if hint else ""
    assert str(error.value) == f"{text!r} is not a printed number{said}"


def test_a_hint_names_every_single_declaration_that_would_do():
    assert (
        Notation("").refusal("1,000").endswith('; decimalChar "," or groupChar "," would read it')
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\N{ARABIC-INDIC DIGIT ONE}2", "ARABIC-INDIC DIGIT ONE"),
        ("1\N{DEVANAGARI DIGIT TWO}", "DEVANAGARI DIGIT TWO"),
        ("\N{FULLWIDTH DIGIT FIVE}", "FULLWIDTH DIGIT FIVE"),
    ],
)
def test_other_digits_are_refused_by_name(text, name):
    assert not is_number(text)
    with pytest.raises(ValueError, match=f"{name} is none of the digits 0 to 9"):
        parse(text)


# Declared forms ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "text", "value", "unit"),
    [
        ("accounting", "(370)", -370.0, 1.0),
        ("accounting", "(1,234.5)", -1234.5, 0.1),
        ("accounting", "(3.5%)", -3.5, 0.1),
        ("accounting", "(3.5)%", -3.5, 0.1),
        ("currency", "$5", 5.0, 1.0),
        ("currency", "EUR 5", 5.0, 1.0),
        ("currency", "-$1,200.50", -1200.5, 0.01),
        ("currency", "5 €", 5.0, 1.0),
        ("currency", "US$ 12", 12.0, 1.0),
        ("currency", "¥12.30", 12.3, 0.01),
        ("scientific", "1.2e-5", 1.2e-5, 1e-6),
        ("scientific", "3E+04", 3e4, 1e4),
        ("scientific", "1.2 × 10⁻⁵", 1.2e-5, 1e-6),
        ("scientific", "-4.50×10^3", -4500.0, 10.0),
        ("fraction", "1/6", 1 / 6, 0.0),
        ("fraction", "½", 0.5, 0.0),
        ("fraction", "3 1/2", 3.5, 0.0),
        ("fraction", "3½", 3.5, 0.0),
        ("fraction", "-1 ¾%", -1.75, 0.0),
        ("fraction", "1,250 1/4", 1250.25, 0.0),
        ("marks", "5*", 5.0, 1.0),
        ("marks", "5a", 5.0, 1.0),
        ("marks", "0.05***", 0.05, 0.01),
        ("marks", "12%a,b", 12.0, 1.0),
        ("marks", "1.5 †", 1.5, 0.1),
        ("marks", "7²", 7.0, 1.0),
        ("qualified", "<.001", 0.001, 0.001),
        ("qualified", "≥ 5", 5.0, 1.0),
        ("indian", "1,23,456", 123456.0, 1.0),
        ("indian", "12,34,56,789", 123456789.0, 1.0),
        ("indian", "1,234.5", 1234.5, 0.1),
        ("accounting currency", "($5)", -5.0, 1.0),
        ("accounting currency", "$(370)", -370.0, 1.0),
    ],
)
def test_a_declared_form_gives_value_and_last_digit(declared, text, value, unit):
    notation = Notation.of(declared)
    assert notation.numbers(text) == {(): text}
    assert parse(text, notation) == pytest.approx(value, rel=1e-15)
    assert last_digit(text, notation) == unit
    # What is declared is a form beside the plain one, not in its place.
    assert notation.read("12.5%") == PLAIN.read("12.5%")


@pytest.mark.parametrize(
    ("notation", "text", "value", "unit"),
    [
        (BLANKS, "1 234", 1234.0, 1.0),
        (BLANKS, "12 345 678.9", 12_345_678.9, 0.1),
        (BLANKS, "1\N{NARROW NO-BREAK SPACE}234", 1234.0, 1.0),
        (EUROPEAN, "1.234,5", 1234.5, 0.1),
        (EUROPEAN, "0,125", 0.125, 0.001),
        (EUROPEAN, "-12.345.678", -12_345_678.0, 1.0),
        (Notation("'"), "1'234.50", 1234.5, 0.01),
        (Notation(" ", ","), "1 234,5 %", 1234.5, 0.1),
        (Notation("", ","), "1234,5", 1234.5, 0.1),
    ],
)
def test_groups_and_decimals_are_as_the_field_declares_them(notation, text, value, unit):
    assert (parse(text, notation), last_digit(text, notation)) == (value, unit)


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("accounting", "(-5)"),
        ("accounting", "(5"),
        ("currency", "-$-5"),
        ("currency", "$"),
        ("scientific", "1e9999"),
        ("scientific", "e5"),
        ("fraction", "1/0"),
        ("fraction", "3 3/2"),
        ("marks", "5l"),
        ("marks", "5o"),
        ("marks", "l5"),
        ("qualified", "<"),
        ("indian", "123,456"),
    ],
)
def test_a_form_is_not_stretched(declared, text):
    with pytest.raises(ValueError, match="is not a printed number"):
        parse(text, Notation.of(declared))


@pytest.mark.parametrize(
    ("sign", "qualifier"),
    [("<", "under"), (">", "over"), ("≤", "at most"), (">=", "at least"), ("~", "about")],
)
def test_a_sign_before_a_number_qualifies_it(sign, qualifier):
    assert Notation.of("qualified").read(f"{sign}.05").qualifier == qualifier


@pytest.mark.parametrize(
    ("declared", "text", "numbers"),
    [
        ("(sd)", "12.3 (4.5)", {(): "12.3", ("sd",): "4.5"}),
        ("(n)", "12.3%(1,200)", {(): "12.3%", ("n",): "1,200"}),
        ("(sd)", "12.3 (?)", {(): "12.3", ("sd",): "?"}),
        ("(sd)", "12.3", {(): "12.3"}),
        ("marks (se)", "-0.05*** (0.01)", {(): "-0.05***", ("se",): "0.01"}),
        ("accounting (se)", "(1.2) (0.4)", {(): "(1.2)", ("se",): "0.4"}),
        ("range", "0.5-0.7", {("low",): "0.5", ("high",): "0.7"}),
        ("range", "-0.5--0.2", {("low",): "-0.5", ("high",): "-0.2"}),
        ("range", "5 to 7%", {("low",): "5", ("high",): "7%"}),
        ("range", "5–?", {("low",): "5", ("high",): "?"}),
        ("range", "-5", {(): "-5"}),
        (
            "range (ci)",
            "1.2 (0.9-1.5)",
            {(): "1.2", ("ci", "low"): "0.9", ("ci", "high"): "1.5"},
        ),
    ],
)
def test_a_pair_is_two_numbers_each_with_its_own_digits(declared, text, numbers):
    assert Notation.of(declared).numbers(text) == numbers


@pytest.mark.parametrize("text", ["0.7-0.5", "1985-86", "-1--2"])
def test_a_range_that_descends_is_an_abbreviation_or_a_slip_and_refused(text):
    notation = Notation.of("range")
    assert notation.numbers(text) is None
    assert notation.refusal(text).endswith("the ends of a range must ascend")


@pytest.mark.parametrize("text", ["1991-06-26", "1-2-3", "5-", "5 (4", "5 () 4"])
def test_what_parts_in_no_or_in_several_ways_is_no_pair(text):
    assert Notation.of("range (sd)").numbers(text) is None


def test_a_pair_is_not_one_number():
    with pytest.raises(ValueError, match=r"'5-7' is not one printed number but 2"):
        parse("5-7", Notation.of("range"))


@pytest.mark.parametrize(
    ("said", "group", "decimal", "message"),
    [
        ("acounting", ",", ".", "notation must be of accounting, currency"),
        ("(sd) (n)", ",", ".", r"two names in brackets: n, sd"),
        ("(SD)", ",", ".", "got '\\(SD\\)'"),
        ("", ".", ".", "groupChar and decimalChar must differ, got '.' for both"),
        ("", "5", ".", "groupChar must be one character, no letter or digit: '5'"),
        ("", ",", "", "decimalChar must be one character"),
        ("", ", ", ".", "groupChar must be one character"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(said, group, decimal, message):
    with pytest.raises(ValueError, match=message):
        Notation.of(said, group, decimal)


@given(st.floats(-1e9, 1e9), st.integers(0, 6), st.sampled_from([*FORMS, "(sd)"]))
@example(-1234.5, 1, "indian")
def test_every_notation_reads_a_plain_number_as_it_is(value, decimals, word):
    text = f"{value:.{decimals}f}"
    assert Notation.of(word).read(text) == PLAIN.read(text)
    assert Notation.of(word).numbers(text) == {(): text}


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), st.sampled_from([",", ".", " ", "'"]))
def test_what_is_written_with_groups_is_read_as_what_it_was(digits, decimals, group):
    value = digits / 10**decimals
    decimal = "," if group == "." else "."
    text = f"{value:,.{decimals}f}".translate(str.maketrans({",": group, ".": decimal}))
    reading = Notation(group, decimal).read(text)
    assert (reading.value, reading.step) == (value, float(f"1e-{decimals}"))


@given(st.text("0123456789.,-%()/ $e*a<½±l", max_size=12))
@example("(0)")
@example("-0")
def test_what_a_notation_reads_one_way_it_reads_no_other_way(text):
    """A form that adds to the plain one never changes what plain numbers are."""
    plain = PLAIN.read(text)
    for word in FORMS:
        if plain and word != "indian":
            assert Notation.of(word).read(text) == plain


# What the digits vouch for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "text", "unit"),
    [
        ("", "8", 1),
        ("", "41", 1),
        ("", "140", 10),
        ("", "5,000", 1000),
        ("", "100", 20),
        ("", "0", 1),
        ("currency", "$5,000", 1000),
        ("scientific", "10e4", 2e4),
        ("scientific", "1.0e5", 1e4),
        ("accounting", "(140)", 10),
        ("fraction", "1/3", 1 / 15),
        ("fraction", "3 1/2", 0.5),
        ("fraction", "½", 0.1),
    ],
)
def test_about_vouches_for_the_digits_before_the_round_zeros(declared, text, unit):
    assert slack_digit(text, Notation.of(declared)) == pytest.approx(unit, rel=1e-15)


def test_a_number_knows_its_interval():
    number = Number("13.22")
    assert (float(number), number.low, number.high) == (13.22, 13.215, 13.225)
    assert number / 2 == 6.61


@pytest.mark.parametrize(
    ("declared", "text", "low", "high"),
    [
        ("accounting", "(370)", -370.5, -369.5),
        ("scientific", "1.2e-5", 1.15e-5, 1.25e-5),
        ("currency", "$5", 4.5, 5.5),
        ("fraction", "1/6", 1 / 6, 1 / 6),
        ("fraction", "3 1/2", 3.5, 3.5),
        ("fraction", "3.5", 3.45, 3.55),
    ],
)
def test_an_interval_is_that_of_the_form(declared, text, low, high):
    number = Number(text, notation=Notation.of(declared))
    assert (number.low, number.high) == pytest.approx((low, high), rel=1e-12)
    assert Number("(370)", UP, Notation.of("accounting")).high == -369.0


# Labels ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1234567", "1234568"),
        ("12345.67", "12345.68"),
        ("1,234,567.8", "1,234,567.9"),
        ("123456789012345678901", "123456789012345678902"),
        (12345.67, 12345.68),
        (10**17, 10**17 + 1),
        ("1991-06-26", "1991-06-27"),
        ("June 1", "June 10"),
        (date(1991, 6, 26), "1991-06-27"),
    ],
)
def test_labels_that_differ_in_any_digit_are_two(one, other):
    assert plain_label(one) != plain_label(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1234567, "1,234,567.0"),
        (12345.67, "12,345.670"),
        (np.float64(1234567.0), np.int64(1234567)),
        (0.1 + 0.2, "0.3"),
        (np.arange(0.0, 1.0, 0.1)[3], "0.30"),
        ("\N{MINUS SIGN}5", -5.0),
        ("-0", 0),
        ("10%", 10),
        (1e-7, "0.0000001"),
        (pd.Timestamp("1991-06-26"), "1991-06-26"),
        (date(1991, 6, 26), "1991-06-26"),
    ],
)
def test_labels_of_one_number_or_date_are_one(one, other):
    assert plain_label(one) == plain_label(other)


def test_a_label_in_another_notation_is_the_number_that_it_says():
    assert plain_label("1.234,5", EUROPEAN) == plain_label(1234.5)
    assert plain_label("1/2", Notation.of("fraction")) == plain_label(0.5)
    assert plain_label("1.234,5") == "1.234,5"


def test_labels_that_are_no_numbers_stay_as_they_are():
    assert [plain_label(label) for label in ("total", np.nan, np.inf, True)] == [
        "total",
        "nan",
        "inf",
        "True",
    ]
