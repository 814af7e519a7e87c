"""Fitted numbers: how far they can go, what they explain, and when that proves nothing."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from accounts import ROWS, VALUES, close, recovered, rows_of

from compendium import DOWN, UP
from compendium.page.printed import Cell
from compendium.verdict.fitted import Fit
from compendium.verdict.search import intervals
from rounding import NEAREST


def test_a_fitted_number_comes_with_its_interval_and_what_it_explains(desk, capsys):
    desk.table([["1", "2.0", "4.0"], ["2", "6.0", "8.0"]])
    audit = desk.audit()
    inputs = pd.DataFrame({"a": [100, 300], "b": [200, 400]}, index=[1, 2])
    audit.check("1", lambda m2: inputs / m2, recovered={"m2": 50})
    # 8.0 is the tightest of the four: 400 / m2 in 7.95 to 8.05 leaves m2 in 49.69 to 50.31.
    assert "m2 = 50 (49.69 to 50.31): 4 numbers for 1 fitted" in capsys.readouterr().out
    assert close(audit) == []
    assert {row.verdict for row in rows_of(desk).values()} == {"recovered"}


def test_an_interval_that_ends_at_the_number_itself_shows_no_digits_of_noise():
    # Rounding takes 9.9999999999999 for 10, so that the interval begins a little below it.
    (said,) = intervals({"space": 10.0}, lambda m2: bool(DOWN.agrees(m2, 10.0, 1.0)))
    assert said == "space = 10 (10.00 to 11.00)"


def test_an_interval_that_is_open_on_one_side_ends_on_the_other():
    (said,) = intervals({"rise": 2.0}, lambda rise: rise <= 2.5)
    assert said == "rise = 2 (-inf to 2.50)"


def test_as_many_fitted_as_explained_proves_nothing(desk):
    desk.text(["para 1", "x", "", "5"])
    with pytest.raises(ValueError, match="1 fitted for 1 printed: that proves nothing"):
        desk.audit().check("para 1", lambda k: {"x": k}, recovered={"k": 5})


def test_a_number_that_is_printed_again_is_no_further_evidence(desk, capsys):
    again = ["para 1", "x", "", "5"], ["para 1", "again", "", "5.0"]
    desk.text(*again)
    with pytest.raises(ValueError, match="1 fitted for 2 printed, 1 distinct: that proves"):
        desk.audit().check("para 1", lambda k: {"x": k, "again": k}, recovered={"k": 5})
    desk.text(*again, ["para 1", "double", "", "10"])
    audit = desk.audit()
    audit.check("para 1", lambda k: {"x": k, "again": k, "double": 2 * k}, recovered={"k": 5})
    assert "3 numbers (2 distinct) for 1 fitted" in capsys.readouterr().out
    assert close(audit) == []


def test_a_fit_that_explains_nothing_has_no_interval(desk, capsys):
    """A model with a range of its own is not driven out of it in search of one."""
    desk.table(ROWS)

    def model(share):
        if share <= 0:
            raise ValueError("share must be above 0")
        return 9 * VALUES * share

    audit = desk.audit()
    audit.check("1", model, recovered={"share": 1.0})
    assert capsys.readouterr().out.startswith("Table 1: 4 DIFFER\n")


def test_the_interval_of_a_fitted_number_ends_where_the_formula_does(desk, capsys):
    desk.table(ROWS)

    def model(share):
        if share < 0.999:
            raise ValueError(f"share must not be below 0.999, got {share}")
        return VALUES * share

    audit = desk.audit()
    audit.check("1", model, recovered={"share": 1.0})
    assert "share = 1 (0.99900 to 1.00500): 4 numbers" in capsys.readouterr().out
    assert close(audit) == []


# A fit to several exhibits -----------------------------------------------------------------------


SIZES = pd.DataFrame({"a": [100, 300], "b": [200, 400]}, index=[1, 2])
BLOCKS = {
    "1": lambda m2: SIZES / m2,
    "para 1": lambda m2: {"rent": 0.13 * m2, "rent_again": 0.13 * m2},
}


@pytest.fixture
def flats(desk):
    """A table and a text that hang on the size of a flat, 50."""
    desk.table([["1", "2.0", "4.0"], ["2", "6.0", "8.0"]])
    desk.text(["para 1", "rent", "", "6.5"], ["para 1", "rent_again", "", "6.5"])
    return desk


def test_a_number_is_recovered_from_several_exhibits(flats, capsys):
    audit = flats.audit()
    audit.recover({"m2": 50}, BLOCKS, choices={"usable or constructed": 2, "year": 3}, note="flats")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(
        "Table 1: 4 recovered; m2 = 50 (49.69 to 50.31) and nothing else from 25"
    )
    assert first.endswith(
        ": 6 numbers (5 distinct) for 1 fitted and 2 chosen (usable or constructed of 2, year of 3)"
    )
    assert second == "para 1: 2 recovered"
    assert close(audit) == []
    rows = rows_of(flats)
    assert {row.verdict for row in rows.values()} == {"recovered"}
    assert rows["rent", ""].note == f"flats; {first.partition('; ')[2]}"


def test_a_wrong_digit_anywhere_is_no_part_of_the_fit(flats):
    flats.text(["para 1", "rent", "", "6.5"], ["para 1", "rent_again", "", "6.9"])
    audit = flats.audit()
    audit.recover({"m2": 50}, BLOCKS)
    assert close(audit) == ["para 1, rent_again: printed 6.9, recomputed 6.5"]


def test_each_exhibit_may_have_its_rule(flats, capsys):
    flats.text(["para 1", "rent", "", "6.6"], ["para 1", "rent_again", "", "6.6"])
    audit = flats.audit()
    audit.recover({"m2": 50.2}, BLOCKS, rounding={"para 1": UP})
    assert "para 1: 2 recovered; rounded up, which 2 of them tell" in capsys.readouterr().out
    assert close(audit) == []


def test_choices_count_as_fitted(flats):
    choices = {"year": 2, "unit": 5, "rounding": 3, "place": 7}
    message = r"1 fitted and 4 chosen \(year of 2, .*\) for 6 printed, 5 distinct: that"
    with pytest.raises(ValueError, match=message):
        flats.audit().recover({"m2": 50}, BLOCKS, choices=choices)


def test_other_solutions_are_found_and_told(desk):
    desk.text(["para 1", "x", "", "4.000"], ["para 1", "y", "", "8.00"])
    said = recovered(
        desk, 3.0, lambda k: {"x": (k - 5) ** 2, "y": 2 * (k - 5) ** 2}, ranges={"k": (0, 10)}
    )
    assert re.match(r"k = 3 \(2\.999\d+ to 3\.000\d+\) or 6\.999\d+ to 7\.000\d+, of all", said)


def test_a_needle_of_a_solution_is_found(desk):
    def waves(k):
        return {"x": 1e6 * np.sin(k), "y": 1e6 * np.sin(k) + 1e3 * np.cos(2 * k)}

    desk.text(["para 1", "x", "", "479426"], ["para 1", "y", "", "479966"])
    said = recovered(desk, 0.5000005, waves, ranges={"k": (0.0, 7.0)})
    # The sine has its value at pi - 1/2 again, and cosine of the double as well.
    assert "or 2.64159" in said
    assert "or 6.78318" in said
    assert said.count(" to ") == 4


def test_of_many_solutions_some_are_told_and_the_others_counted(desk):
    desk.text(["para 1", "x", "", "0.00"], ["para 1", "y", "", "1.00"])
    said = recovered(
        desk,
        1.0,
        lambda k: {"x": np.sin(np.pi * k), "y": np.cos(np.pi * k) ** 2},
        ranges={"k": (0.5, 8.5)},
    )
    assert ", or 4 more, of all from 0.5 to 8.5" in said


def test_a_search_without_end_is_cut_short_and_says_so(desk, monkeypatch):
    monkeypatch.setattr("compendium.verdict.search.MOST", 500)
    desk.text(["para 1", "x", "", "0.00"], ["para 1", "y", "", "5.000"])
    said = recovered(desk, 5.0, lambda k: {"x": np.sin(1e12 * np.pi * k) / 150, "y": k})
    assert "from 2.5 to 10, as far as 500 trials show" in said


def test_chance_is_what_it_would_be(desk):
    desk.text(*(["para 1", name, "", text] for name, text in (("x", "5.0"), ("y", "15"))))
    said = recovered(desk, 5.0, lambda k: {"x": k, "y": 3 * k}, ranges={"k": (4.0, 6.0)})
    # In steps of 0.01, x holds from 4.95 to 5.04 and y from 4.84 to 5.16.
    met = (10 + 33) / 201
    assert f"where chance meets {met:.2g} of 2 distinct numbers on average" in said
    assert "all in a share of 0.05" in said


def test_where_the_formula_has_no_value_chance_is_not_told(desk):
    def formula(k):
        if k < 0.6:
            raise ValueError(f"k must not be below 0.6, got {k}")
        return {"x": k, "y": 3 * k}

    desk.text(["para 1", "x", "", "1.0"], ["para 1", "y", "", "3"])
    said = recovered(desk, 1.0, formula)
    assert said == "k = 1 (0.950 to 1.050) and nothing else from 0.5 to 2: 2 numbers for 1 fitted"


def test_a_range_is_from_half_to_the_double_of_the_number(desk):
    desk.text(["para 1", "x", "", "-2.0"], ["para 1", "y", "", "0"])
    assert "from -4 to -1," in recovered(desk, -2.0, lambda k: {"x": k, "y": k + 2})
    assert "from -1 to 1," in recovered(desk, 0.0, lambda k: {"x": k - 2, "y": k})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"choices": {"year": 1}}, "choices must name something else and be of 2 or more"),
        ({"choices": {"m2": 2}}, "choices must name something else"),
        ({"choices": {"year": 2.5}}, "choices must name something else"),
        ({"ranges": {"size": (1, 2)}}, "ranges must be of m2, got size"),
        ({"rounding": {"para 2": UP}}, "rounding must be of 1, para 1, got para 2"),
        ({"ranges": {"m2": (60, 70)}}, "ranges of 'm2' must hold 50, got 60 to 70"),
        ({"ranges": {"m2": (70, 30)}}, "ranges of 'm2' must hold 50, got 70 to 30"),
        ({"numbers": {}}, "every block needs a callable"),
        ({"blocks": {"1": SIZES / 50}}, r"numbers: \['m2'\], no callable: \['1'\]"),
    ],
)
def test_a_fit_that_makes_no_sense_is_refused(flats, more, message):
    call = {"numbers": {"m2": 50}, "blocks": BLOCKS} | more
    with pytest.raises(ValueError, match=message):
        flats.audit().recover(**call)


def test_what_no_fitted_number_moves_is_no_evidence(desk):
    desk.text(*(["para 1", name, "", text] for name, text in (("x", "5"), ("y", "7"), ("z", "10"))))
    audit = desk.audit()
    message = "1 fitted for 2 printed, 1 moved by a fitted number: that proves"
    with pytest.raises(ValueError, match=message):
        audit.check("para 1", lambda k: {"x": k, "y": 7}, recovered={"k": 5})
    audit.check("para 1", lambda k: {"x": k, "y": 7, "z": 2 * k}, recovered={"k": 5})
    assert close(audit) == []
    said = rows_of(desk)["x", ""].note
    assert said.endswith("3 numbers (2 moved by a fitted number) for 1 fitted")


@pytest.mark.parametrize(
    ("best", "formula"),
    [
        (0.0, lambda k: k),
        (1000.0, lambda k: (k + 50) // 100),
        # Whether it is half of what it is.
        (1.0, lambda k: float(0.4 < k < 0.6)),
        (1.0, lambda k: float(1.9 < k < 2.1)),
    ],
)
def test_a_number_is_moved_by_parts_of_itself(best, formula):
    cell = Cell("para 1", "x", "", "5")
    assert Fit({"k": best}, lambda k: [(cell, formula(k), NEAREST)]).moved() == {cell.place}


def test_what_no_fitted_number_moves_is_evidence_of_a_choice(desk):
    desk.text(*(["para 1", name, "", text] for name, text in (("x", "5"), ("y", "7"), ("z", "10"))))
    audit = desk.audit()
    formulas = {"para 1": lambda k: {"x": k, "y": 7, "z": 2 * k}}
    audit.recover({"k": 5}, formulas, choices={"year": 2})
    assert close(audit) == []
    assert "3 numbers (2 moved by a fitted number) for 1 fitted and 1 chosen" in (
        rows_of(desk)["x", ""].note
    )
    with pytest.raises(ValueError, match="1 moved by a fitted number: that proves nothing"):
        desk.audit().recover(
            {"k": 5}, {"para 1": lambda k: {"x": k, "y": 7, "z": 10}}, choices={"year": 2}
        )


def test_other_values_are_told_where_a_digit_may_be_misread(desk):
    def formula(k):
        return {"x": 10 * k, "y": 9 + (k - 3) * (8 - k)}

    desk.text(["para 1", "x", "", "30"], ["para 1", "y", "", "9.0"])
    assert "if para 1" not in recovered(desk, 3.0, formula, ranges={"k": (1, 10)})
    said = recovered(desk, 3.0, formula, ranges={"k": (1, 10)}, readings=True)
    assert re.search(r"of 0\.00\d+, k = 7\.99\d+ to 8\.0\d+ if para 1, x is 80: 2 numbers", said)
    # What is printed twice is held by the other place.
    desk.text(["para 1", "x", "", "30"], ["para 1", "y", "", "9.0"], ["para 1", "z", "", "30.0"])
    said = recovered(
        desk, 3.0, lambda k: {**formula(k), "z": 10 * k}, ranges={"k": (1, 10)}, readings=True
    )
    assert "nor another with one digit read otherwise" in said
