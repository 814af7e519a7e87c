"""A puzzle has one answer, by two ways, and the same on every machine."""

import itertools
import math

import numpy as np
import pytest

from compendium.course.puzzles import (
    COLUMNS,
    ROWS,
    RULES,
    TOTAL,
    Luck,
    carried,
    luck,
    misprint,
    rounded,
)
from rounding import NEAREST

SEEDS = [f"student {number}" for number in range(60)]


def suspects(table):
    """The cells whose row and column both do not add up, by a second way than the puzzle's own."""
    rows = np.flatnonzero(table[:, :-1].sum(axis=1) != table[:, -1])
    columns = np.flatnonzero(table[:-1].sum(axis=0) != table[-1])
    return list(itertools.product(rows, columns))


@pytest.mark.parametrize("seed", SEEDS)
def test_two_relations_find_the_misprint_and_mend_it(seed):
    made = misprint(seed)
    found = suspects(made.printed)
    if made.row == "none":
        assert not found
        assert made.excess == [0, 0]
        return
    [(row, column)] = found
    assert ((*ROWS, TOTAL)[row], (*COLUMNS, TOTAL)[column]) == (made.row, made.column)
    # Two sums that do not need each other say the same of it.
    over = made.printed[row, column] - made.right
    assert {abs(each) for each in made.excess} == {abs(over)}
    wrong, right = str(made.printed[row, column]), str(made.right)
    assert len(wrong) == len(right)
    assert sum(one != other for one, other in zip(wrong, right, strict=True)) == 1
    mended = made.printed.copy()
    mended[row, column] = made.right
    assert not suspects(mended)


def test_some_tables_have_no_misprint_and_all_kinds_of_cells_have_one():
    made = [misprint(seed) for seed in SEEDS]
    assert 0 < sum(own.row == "none" for own in made) < len(SEEDS) / 3
    assert {TOTAL, "none"} < {own.row for own in made}
    assert TOTAL in {own.column for own in made}
    assert 40 <= made[0].printed.size <= 100


def test_one_rule_explains_all_rows_and_every_rule_is_asked_for():
    made = [rounded(seed) for seed in SEEDS[:30]]
    for own in made:
        most = sorted(own.explained.values())
        assert own.explained[own.rule] == most[-1] == len(own.printed)
        assert most[-2] <= len(own.printed) - 2
    assert {own.rule for own in made} == set(RULES)


@pytest.mark.parametrize("seed", SEEDS[:5])
def test_the_chance_of_so_many_hits_is_that_of_all_ways_to_have_them(seed):
    made = luck(seed)
    ways = itertools.product((0, 1), repeat=len(made.ends))
    chance = sum(
        math.prod(p if hit else 1 - p for p, hit in zip(made.chances, way, strict=True))
        for way in ways
        if sum(way) >= made.hits
    )
    assert made.tail == pytest.approx(chance, rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mean_and_a_chance_round_to_thousandths_without_doubt(seed):
    made = luck(seed)
    for value in (made.expected, made.tail):
        assert round(value - 1e-4, 3) == round(value + 1e-4, 3)


def test_luck_counts_what_allows_the_number():
    made = Luck(0.0, 10.0, ((1.0, 3.0), (2.0, 6.0), (7.0, 8.0)), 3.0)
    assert (made.hits, made.expected) == (2, pytest.approx(0.7))
    assert made.tail == pytest.approx(0.2 * 0.4 * 0.9 + 0.2 * 0.6 * 0.1 + 0.8 * 0.4 * 0.1 + 0.008)


def test_other_numbers_in_its_place_are_counted_with_as_many_hits_or_more():
    ends = ((1.0, 3.0), (2.0, 6.0), (7.0, 8.0))
    assert Luck(0.0, 10.0, ends, 5.0, (0.5, 2.5, 6.0, 7.0, 9.0)).as_good == 3
    made = [luck(seed) for seed in SEEDS]
    assert all(0 <= own.as_good <= len(own.others) == 19 for own in made)
    assert len({own.as_good for own in made}) > 5


@pytest.mark.parametrize("make", [misprint, rounded, luck, carried])
def test_another_seed_is_another_puzzle_and_the_same_the_same(make):
    assert make("one").text == make("one").text
    assert len({make(seed).text for seed in SEEDS[:8]}) == 8


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_printed_tells_a_balance_carried_on_from_one_printed_wrong(seed):
    made = carried(seed)
    payment, interest, principal, balance = made.printed.T
    assert np.allclose(payment - interest, principal)
    # By what is printed of the month before: interest, and balance.
    off_interest = 2 + np.flatnonzero(~NEAREST.agrees(0.01 * balance[1:-1], interest[2:], 0.01))
    off_balance = 1 + np.flatnonzero(~np.isclose(balance[:-1] - principal[1:], balance[1:]))
    # The next interest is made of what the lender had, not of what was printed.
    assert off_interest.tolist() == [made.misprint + 1]
    assert set(off_balance) == {made.slip, made.misprint, made.misprint + 1}
    assert made.fail == len(off_interest) + len(off_balance)
    # Both ways out of the misprint meet: from the month before, and from the one after.
    at = made.misprint
    assert made.right == pytest.approx(balance[at - 1] - principal[at])
    assert made.right == pytest.approx(balance[at + 1] + principal[at + 1])
    # A slip costs itself, and interest on it in each month that follows.
    carried_on = (balance[-1] - made.left_without) / (made.slipped / 100)
    assert carried_on == pytest.approx(1.01 ** (8 - made.slip), abs=0.01)


def test_a_misprint_comes_before_a_slip_or_after_it():
    assert {made.slip < made.misprint for made in map(carried, SEEDS)} == {True, False}


def test_the_puzzles_of_a_seed_are_these():
    """A release of Python that drew otherwise would make a class's answers wrong."""
    table, column, draw = misprint("a class"), rounded("a class"), luck("a class")
    loan = carried("a class")
    assert table.printed[0].tolist() == [1789, 2250, 1616, 2534, 1781, 1810, 11780]
    assert (table.row, table.column, table.right) == ("Old town", "1989", 2802)
    assert (column.rule, column.costs[:3].tolist()) == ("two steps", [8015, 5853, 7467])
    assert (loan.slip, loan.right, loan.left_without) == (7, 1840.23, 454.8)
    assert (draw.target, draw.hits, draw.ends[0]) == (348.0, 3, (628.0, 702.0))


def test_other_readings_of_luck_are_what_they_say():
    made = luck("a student")
    low, high = np.array(made.ends).T[:, :, None]

    def hits(numbers):
        return ((low <= numbers) & (numbers <= high)).sum(axis=0)

    assert np.isclose(hits(np.arange(made.low, made.high + 1)).mean(), made.expected_of_whole)
    fine = hits(np.linspace(made.low, made.high, 90_001))
    assert np.isclose((fine >= made.hits).mean(), made.tail_in_one_draw, atol=1e-3)


def test_a_puzzle_in_python_is_the_one_that_is_printed():
    names = {}
    for made in (misprint("a student"), rounded("a student"), luck("a student")):
        exec(made.code, names)
    assert (np.array(list(names["table"].values())) == misprint("a student").printed).all()
    own = rounded("a student")
    assert ([own.costs, own.homes, own.printed] == np.array(names["rows"]).T).all()
    own = luck("a student")
    assert names["candidates"] == list(own.ends)
    assert (names["number"], names["lowest"], names["highest"]) == (own.target, own.low, own.high)
    assert names["others"] == list(own.others)
