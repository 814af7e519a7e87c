"""The search for misread digits: exact on small tables, right on damaged, honest on wrong ones."""

from __future__ import annotations

import csv
import importlib.util
import random
from collections import Counter
from functools import cache
from itertools import product
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.page.misreads import Ratio, Sum, repair
from compendium.page.printed import Source
from compendium.page.readings import BUDGET, OFTEN, confusion_cost
from compendium.project import Project
from rounding import DOWN, NEAREST

PROJECT = Project()
reproducible = settings(deadline=None, derandomize=True, max_examples=60)


@cache
def evidence() -> ModuleType:
    """Return the script that `make evidence` runs."""
    path = PROJECT.root / "evidence" / "misreads_in_tables.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def clean_account(chance: random.Random, items: int = 6) -> tuple[dict, list]:
    """Return an account with three areas and a total, all of it true, and its identities."""
    areas = {f"area {n}": chance.randrange(12_000, 90_000) for n in range(3)}
    amounts = {f"item {n}": chance.randrange(20_000, 9_000_000) for n in range(items)}
    amounts["total"] = sum(amounts.values())
    cells = {(name, "m2"): f"{area:,}" for name, area in areas.items()}
    identities = [Sum(("total", "Y"), tuple((f"item {n}", "Y") for n in range(items)))]
    for item, amount in amounts.items():
        cells[item, "Y"] = f"{amount:,}"
        for name, area in areas.items():
            cells[item, name] = f"{NEAREST.round(amount / area, 0.01):,.2f}"
            identities.append(Ratio((item, name), (item, "Y"), (name, "m2")))
    return cells, identities


def decimals_of(cells):
    return {cell: len(text.partition(".")[2]) for cell, text in cells.items()}


# Exactness ---------------------------------------------------------------------------------------


def readings(text):
    """Return what two digits may stand for, by the definition."""
    for first, second in product("0123456789", repeat=2):
        cost = confusion_cost(text[0], first) + confusion_cost(text[1], second)
        if first != "0" and cost <= BUDGET:
            yield int(first + second), cost


@reproducible
@given(st.tuples(*[st.integers(10, 99)] * 3))
def test_a_small_sum_is_decided_as_by_trying_everything(numbers):
    scans = dict(zip(("total", "one", "two"), map(str, numbers), strict=True))
    fitting = [
        ((total, one, two), a + b + c)
        for (total, a), (one, b), (two, c) in product(*map(readings, scans.values()))
        if total == one + two
    ]
    result = repair(scans, [Sum("total", ("one", "two"))]).decisions
    least = min((cost for _, cost in fitting), default=float("inf"))
    if least > 6:  # Then it is cheaper to say that the page is wrong.
        assert {decision.how for decision in result.values()} <= {"undecided"}
        return
    for place, cell in enumerate(scans):
        best = {}
        for values, cost in fitting:
            best[values[place]] = min(cost, best.get(values[place], float("inf")))
        ranked = sorted(best.values())
        cheapest = {value for value, cost in best.items() if cost == ranked[0]}
        decision = result[cell]
        assert int(decision.reading) in cheapest
        assert (decision.how == "undecided") >= (len(cheapest) > 1)
        if decision.how == "preference":
            assert decision.margin == ranked[1] - ranked[0]
        if decision.how == "unique":
            assert len(best) == 1


# Damage at known places --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rate", [0.05, 0.2, 0.4])
def test_a_cell_called_unique_is_never_wrong(seed, rate):
    chance = random.Random(100 * seed + round(100 * rate))
    truth, identities = clean_account(chance)
    hurt = {cell: evidence().damaged(text, rate, chance) for cell, text in truth.items()}
    found = repair(hurt, identities, decimals=decimals_of(truth)).decisions
    wrong = {c: d for c, d in found.items() if d.how == "unique" and d.reading != truth[c]}
    assert wrong == {}


def test_light_damage_is_mended_and_heavy_damage_mostly():
    right = Counter()
    cells = 0
    for seed in range(4):
        chance = random.Random(seed)
        truth, identities = clean_account(chance)
        cells += len(truth)
        for rate in (0.05, 0.4):
            hurt = {cell: evidence().damaged(text, rate, chance) for cell, text in truth.items()}
            found = repair(hurt, identities, decimals=decimals_of(truth)).decisions
            right[rate] += sum(found[cell].reading == text for cell, text in truth.items())
    assert right[0.05] == cells
    assert right[0.4] > 0.75 * cells


def test_damage_beyond_the_model_is_not_called_unique():
    chance = random.Random(7)
    for _ in range(3):
        truth, identities = clean_account(chance)
        hurt = dict(truth)
        for cell in chance.sample(sorted(c for c in truth if c[1] == "Y"), 2):
            digits = [chance.choice("0123456789") if d.isdigit() else d for d in truth[cell]]
            hurt[cell] = "1" + "".join(digits)[1:]
        found = repair(hurt, identities, decimals=decimals_of(truth)).decisions
        assert all(found[c].reading == truth[c] for c in truth if found[c].how == "unique")


def test_a_clean_table_is_left_as_it_is():
    truth, identities = clean_account(random.Random(1991))
    found = repair(truth, identities, decimals=decimals_of(truth)).decisions
    assert {cell: decision.reading for cell, decision in found.items()} == truth


# What a scan does besides ------------------------------------------------------------------------


def test_a_lost_comma_a_letter_and_a_blank_for_a_point():
    truth, identities = clean_account(random.Random(3))
    item = next(c for c in truth if c[1] == "Y" and len(truth[c]) > 7)
    ratio = (item[0], "area 1")
    whole, _, fraction = truth[ratio].partition(".")
    hurt = truth | {
        item: truth[item].replace(",", ".", 1),
        ratio: f"{whole} {fraction}",
        ("total", "area 2"): "x" + truth["total", "area 2"][1:],
    }
    found = repair(hurt, identities, decimals=decimals_of(truth)).decisions
    assert {cell: decision.reading for cell, decision in found.items()} == truth


def test_a_number_with_lost_digits_comes_from_its_identities():
    truth, identities = clean_account(random.Random(5))
    hurt = truth | {("total", "Y"): "1.00.78"}
    decision = repair(hurt, identities, decimals=decimals_of(truth)).decisions["total", "Y"]
    assert decision.reading.replace(",", "") == truth["total", "Y"].replace(",", "")


def test_a_divisor_that_is_printed_nowhere_is_found():
    incomes = [2863, 3350, 3718, 3889, 4344, 4699]
    scans = {("income", n): f"{income:,}" for n, income in enumerate(incomes)}
    scans |= {("share", n): f"{int(100 * x / 4344)}%" for n, x in enumerate(incomes)}
    identities = [
        Ratio(("share", n), ("income", n), "average", scale=100.0, rounding=DOWN) for n in range(6)
    ]
    low, high = repair(scans, identities).divisors["average"]
    assert low <= 4344 <= high
    assert high - low < 60


def test_a_total_may_be_a_number_that_is_printed_nowhere():
    found = repair({"a": "88.5", "b": "61.5"}, [Sum(100, ("a", "b"))]).decisions
    assert {cell: decision.reading for cell, decision in found.items()} == {
        "a": "38.5",
        "b": "61.5",
    }


def test_a_number_of_the_table_is_a_cell_and_no_constant():
    found = repair({1: "60", "a": "30", "b": "20"}, [Sum(1, ("a", "b"))]).decisions
    assert found[1].reading == "50"


def late_rounding(chance):
    """Return shares of a total that were computed before their amounts were rounded."""
    amounts = [chance.uniform(2.0, 90.0) for _ in range(8)]
    total = round(sum(amounts), 2)
    cells = {"total": f"{total:.2f}"}
    for item, amount in enumerate(amounts):
        cells[item, "amount"] = f"{amount:.2f}"
        cells[item, "share"] = f"{NEAREST.round(100 * amount / total, 0.01):.2f}"
    return cells, [
        Ratio((item, "share"), (item, "amount"), "total", 100.0, unrounded=True)
        for item in range(8)
    ]


@pytest.mark.parametrize("seed", range(10))
def test_shares_of_what_was_rounded_later_are_no_misreadings(seed):
    chance = random.Random(seed)
    truth, identities = late_rounding(chance)
    found = repair(truth, identities).decisions
    assert {cell: decision.reading for cell, decision in found.items()} == truth
    hurt = {cell: evidence().damaged(text, 0.2, chance) for cell, text in truth.items()}
    found = repair(hurt, identities).decisions
    assert all(found[c].reading == truth[c] for c in truth if found[c].how == "unique")


def test_a_share_that_only_a_later_rounding_explains():
    scans = {"loans": "19.77", "share": "11.57"}
    exact, late = (
        repair(scans, [Ratio("share", "loans", 170.95, 100.0, unrounded=unrounded)])
        for unrounded in (False, True)
    )
    assert [decision.how for decision in late.decisions.values()] == ["preference"] * 2
    assert late.decisions["share"].reading == "11.57"
    assert [decision.how for decision in exact.decisions.values()] == ["undecided"] * 2


def test_a_wrong_page_is_named_and_not_mended():
    truth, identities = clean_account(random.Random(11))
    wrong = truth | {("item 2", "area 1"): "777.77"}
    decision = repair(wrong, identities, decimals=decimals_of(truth)).decisions["item 2", "area 1"]
    assert (decision.reading, decision.how) == ("777.77", "undecided")
    assert "breaks 1 ratio" in decision.evidence


def test_an_unlikely_misreading_is_not_called_unique():
    scans = {"a": "40", "b": "30", "total": "72"}
    scans |= {f"{name} again": text for name, text in scans.items() if name != "total"}
    identities = [Sum("total", ("a", "b")), Ratio("a again", "a"), Ratio("b again", "b")]
    assert repair(scans, identities).decisions["total"].how != "unique"


def test_two_way_tables_are_rings_and_still_decided():
    numbers = [[1234, 567], [890, 4321]]
    cells = {(r, c): f"{numbers[r][c]:,}" for r, c in product(range(2), repeat=2)}
    cells |= {(r, "sum"): f"{sum(numbers[r]):,}" for r in range(2)}
    cells |= {("sum", c): f"{numbers[0][c] + numbers[1][c]:,}" for c in range(2)}
    cells["sum", "sum"] = f"{sum(map(sum, numbers)):,}"
    identities = [Sum((r, "sum"), ((r, 0), (r, 1))) for r in (0, 1, "sum")]
    identities += [Sum(("sum", c), ((0, c), (1, c))) for c in (0, 1, "sum")]
    hurt = cells | {(0, 0): "1,284"}
    found = repair(hurt, identities).decisions
    assert found[0, 0].reading == "1,234"


def test_cells_without_identity_are_undecided():
    decision = repair({"alone": "88"}, []).decisions["alone"]
    assert (decision.reading, decision.how) == ("88", "undecided")
    assert decision.evidence == "in no identity"


@pytest.mark.parametrize(
    ("scans", "identities", "message"),
    [
        ({"a": "1"}, [Sum("b", ("a",))], r"not there: \['b'\]"),
        ({"a": "1.00.7"}, [], "'1.00.7' is no number, nothing gives one"),
        ({"a": "1.00.7", "b": "1..7"}, [Ratio("a", "b")], "nothing gives one"),
    ],
)
def test_bad_input_is_named(scans, identities, message):
    with pytest.raises(ValueError, match=message):
        repair(scans, identities)


def test_costs_know_a_direction():
    for read, true in OFTEN:
        assert confusion_cost(read, true) == 1
    assert confusion_cost("3", "8") > confusion_cost("8", "3")
    assert confusion_cost("x", "3") == 1
    assert confusion_cost("4", "4") == 0


# The committed result ----------------------------------------------------------------------------


def committed(name):
    with (PROJECT.data / "evidence" / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_called_unique_stands_in_the_data():
    for row in committed("misreads.csv"):
        assert row["how"] != "unique" or row["proposed"] == row["in_data"], row


def test_no_trial_called_a_wrong_digit_unique():
    assert {row["unique_wrong"] for row in committed("misreads_trial.csv")} == {"0"}


@pytest.mark.parametrize(
    "group", ["Annex 2 Tables 4 and 9", "Tables 1.8 and 5.1", "Tables 5.3 to 5.5"]
)
def test_the_committed_proposals_are_those_of_the_search(group):
    scans = evidence().Scans(Source("world_bank", PROJECT))
    identities = dict(evidence().groups(scans))[group]
    found = evidence().proposals(scans, identities).decisions
    rows = [row for row in committed("misreads.csv") if row["group"] == group]
    assert [(r["scan"], r["proposed"], r["how"]) for r in rows] == [d[:3] for d in found.values()]
