"""The search for misread digits: exact on small tables, right on damaged, honest on wrong ones."""

from __future__ import annotations

import csv
import importlib.util
import random
from collections import Counter
from functools import cache
from itertools import product
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.page.misreads import Product, Ratio, Sum, repair
from compendium.page.printed import Source
from compendium.page.readings import (
    BUDGET,
    OFTEN,
    Readings,
    confusion_cost,
    least_sums,
    plus,
    readings_of,
    slips_of,
)
from compendium.project import Project
from rounding import DOWN, NEAREST

PROJECT = Project()
reproducible = settings(deadline=None, derandomize=True)


@cache
def evidence(name: str = "misreads_in_tables") -> ModuleType:
    """Return a script that `make evidence` runs."""
    path = PROJECT.root / "evidence" / f"{name}.py"
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


def least_by_cell(fitting):
    """Return what each reading of each cell costs with all others, the least of what fits."""
    best: dict = {}
    for readings in fitting:
        cost = sum(own for _, _, own in readings)
        for cell, value, _ in readings:
            best.setdefault(cell, {}).setdefault(value, cost)
            best[cell][value] = min(best[cell][value], cost)
    return best


def choices(cell, text, decimals=0, *, slips=False):
    values, costs = readings_of(text, decimals, slips=slips)
    return [(cell, int(value), float(cost)) for value, cost in zip(values, costs, strict=True)]


def agrees(decision, value, best):
    """Tell whether a decision is the cheapest reading, and its margin that to the next."""
    ranked = sorted(best.values())
    margin = ranked[1] - ranked[0]
    if best[value] != ranked[0]:
        return False
    return decision.how == "undecided" if not margin else decision.margin == margin


@pytest.mark.parametrize("scans", [("7", "3", "5"), ("-2", "9", "11"), ("4", "-8", "4")])
def test_slips_in_a_signed_sum_are_decided_as_by_trying_everything(scans):
    cells = dict(zip(("before", "out", "after"), scans, strict=True))
    before, out, after = (choices(*cell, slips=True) for cell in cells.items())
    best = least_by_cell(
        (one, other, rest)
        for one, other in product(before, out)
        for rest in after
        if rest[1] == one[1] - other[1]
    )
    found = repair(cells, [Sum("after", ("before",), less=("out",))], slips=True).decisions
    for cell, decision in found.items():
        assert agrees(decision, int(decision.reading), best[cell]), (cell, decision)


@pytest.mark.parametrize("slack", [0.0, 0.5])
def test_a_product_is_decided_as_by_trying_everything(slack):
    cells = {"price": "3.8", "area": "-4", "cost": "-13.2"}
    prices, areas, costs = map(choices, cells, cells.values(), (1, 0, 1))
    fitting = []
    for price, area in product(prices, areas):
        off = product((price[1] - slack, price[1] + slack), (area[1] - slack, area[1] + slack))
        ends = [one * other for one, other in off]
        low, high = NEAREST.steps([min(ends), max(ends)], 1.0)
        fitting += [(price, area, cost) for cost in costs if low <= cost[1] <= high]
    best = least_by_cell(fitting)
    found = repair(cells, [Product("cost", ("price", "area"), slack=slack)]).decisions
    for cell, decision in found.items():
        value = round(float(decision.reading) * (1 if cell == "area" else 10))
        assert agrees(decision, value, best[cell]), (cell, decision)


@pytest.mark.parametrize("spread", [60, 2_000, 300_000, 90_000_000])
def test_sums_are_those_of_trying_everything_however_far_apart(spread):
    chance = np.random.default_rng(spread)
    one, other = (
        Readings(
            np.sort(chance.choice(spread, size, replace=False, shuffle=False)) - spread // 2,
            chance.random(size),
        )
        for size in (7, 50)
    )
    best: dict[int, float] = {}
    for (a, cost), (b, more) in product(zip(*one, strict=True), zip(*other, strict=True)):
        best[int(a + b)] = min(cost + more, best.get(int(a + b), float("inf")))
    low, high = sorted(best)[20], sorted(best)[-20]
    sums = plus(one, other, low, high)
    assert sums.values.tolist() == [value for value in sorted(best) if low <= value <= high]
    assert sums.costs.tolist() == [best[value] for value in sums.values.tolist()]
    wanted = np.array([*list(best)[::3], 2 * spread, -2 * spread])
    found = least_sums(wanted, one, other).tolist()
    assert found == [best.get(value, float("inf")) for value in wanted.tolist()]


# Signs, balances and the page's own hand ---------------------------------------------------------


def mended(scans, identities, **more):
    found = repair(scans, identities, **more).decisions
    return {cell: decision.reading for cell, decision in found.items()}


def test_a_running_balance_is_mended_along_its_rows():
    truth = {("balance", 0): "1,000"}
    identities = []
    for row, (paid_in, paid_out) in enumerate([(230, 1710), (45, 312), (4400, 28)], start=1):
        before, now = ("balance", row - 1), ("balance", row)
        truth |= {("in", row): f"{paid_in:,}", ("out", row): f"{paid_out:,}"}
        truth[now] = f"{int(truth[before].replace(',', '')) + paid_in - paid_out:,}"
        identities.append(Sum(now, (before, ("in", row)), less=(("out", row),)))
    assert truth["balance", 1] == "-480"
    assert mended(truth, identities) == truth
    assert mended(truth | {("balance", 1): "-460"}, identities) == truth
    assert mended(truth | {("balance", 1): "480"}, identities, slips=True) == truth


def test_two_negatives_of_one_sum_are_read():
    identities = [Sum("net", ("rent", "repairs", "tax"))]
    scans = {"rent": "\N{MINUS SIGN}412", "repairs": "-88", "tax": "1,350", "net": "850"}
    assert mended(scans, identities) == scans
    assert mended(scans | {"rent": "\N{MINUS SIGN}417"}, identities)["net"] in ("850", "845")


def test_a_negative_ratio_is_read():
    scans = {("rate", n): text for n, text in enumerate(["-12.5", "8.0", "-3.1"])}
    scans |= {("gain", n): text for n, text in enumerate(["-250", "160", "-62"])} | {"all": "2,000"}
    identities = [Ratio(("rate", n), ("gain", n), "all", 100.0) for n in range(3)]
    assert mended(scans, identities) == scans
    assert mended(scans | {("rate", 0): "-12.6"}, identities) == scans


def test_a_cost_is_a_price_times_an_area_that_adds_up():
    rows = {"a": (48, 1215), "b": (52, 894), "c": (75, 2307)}
    truth = {("area", row): f"{area:,}" for row, (_, area) in rows.items()}
    truth |= {("price", row): f"{price}" for row, (price, _) in rows.items()}
    truth |= {("cost", row): f"{price * area:,}" for row, (price, area) in rows.items()}
    truth["area", "all"] = f"{sum(area for _, area in rows.values()):,}"
    identities = [Product(("cost", row), (("price", row), ("area", row))) for row in rows]
    identities.append(Sum(("area", "all"), tuple(("area", row) for row in rows)))
    for cell, text in ((("area", "b"), "884"), (("price", "c"), "15"), (("cost", "a"), "68,320")):
        found = repair(truth | {cell: text}, identities).decisions
        assert {name: decision.reading for name, decision in found.items()} == truth
        assert "1 product" in found[cell].evidence


def test_thousands_are_set_off_as_on_the_page():
    identities = [Sum("all", ("one", "two"))]
    assert mended({"one": "1040", "two": "2510", "all": "3550"}, identities)["one"] == "1040"
    assert mended({"one": "1048", "two": "2510", "all": "3550"}, identities)["all"] in (
        "3550",
        "3558",
    )
    mixed = {"one": "1040", "two": "2,510", "all": "8,550"}
    assert mended(mixed, identities) == mixed | {"all": "3,550"}
    small = {"one": "1840", "two": "500", "all": "1540"}
    assert mended(small, identities)["one"] == "1040"


# Slips of the typing hand ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "true"),
    [("2150", 1250), ("15250", 1250), ("125", 1250), ("1251", 1250), ("1250", -1250)],
)
def test_one_slip_costs_two(typed, true):
    values, costs = readings_of(typed, 0, slips=True)
    assert costs[values.tolist().index(true)] == 2.0
    assert (np.diff(values) > 0).all()


def test_no_slip_leaves_a_number_that_would_not_be_printed():
    assert all(len(str(abs(value))) >= 3 for value in slips_of("1025", 0))
    assert 12 not in slips_of("120", 2)
    assert 12 in slips_of("120", 1)
    assert slips_of("?", 0) == []


def test_a_scan_makes_no_slips():
    scans = {"one": "2150", "two": "400", "all": "1650"}
    identities = [Sum("all", ("one", "two"))]
    assert mended(scans, identities)["one"] == "2150"
    assert mended(scans, identities, slips=True)["one"] == "1250"


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
    for seed in range(2):
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
        Ratio((item, "share"), (item, "amount"), "total", 100.0, slack=0.5) for item in range(8)
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
        repair(scans, [Ratio("share", "loans", 170.95, 100.0, slack=slack)]) for slack in (0.0, 0.5)
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


def test_slips_are_mended_at_least_as_well_as_by_edit_distance():
    for row in committed("misreads_slips.csv"):
        assert int(row["mended"]) >= int(row["edit_distance_mended"]), row
        assert int(row["wrong"]) <= int(row["edit_distance_wrong"]), row
        assert row["unique_wrong"] == "0", row


@pytest.mark.parametrize("damage", ["scan confusions, 1 cell", "one digit lost"])
def test_the_committed_trial_begins_as_it_does_today(damage):
    script = evidence("misreads_slips_trial")
    few = script.outcome(damage, records=4)
    (row,) = (row for row in committed("misreads_slips.csv") if row["damage"] == damage)
    assert few[:2] == [damage, row["slips"]]
    assert few[2] == 4
    assert few[5] >= few[3]
    assert few[6] == 0


@pytest.fixture(scope="module")
def scans():
    return evidence().Scans(Source("world_bank", PROJECT))


@pytest.mark.parametrize(
    "group", ["Annex 2 Tables 4 and 9", "Tables 1.8 and 5.1", "Tables 5.3 to 5.5"]
)
def test_the_committed_proposals_are_those_of_the_search(scans, group):
    identities = dict(evidence().groups(scans))[group]
    found = evidence().proposals(scans, identities).decisions
    rows = [row for row in committed("misreads.csv") if row["group"] == group]
    assert [(r["scan"], r["proposed"], r["how"]) for r in rows] == [d[:3] for d in found.values()]
