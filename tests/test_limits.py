"""What stands on a limit is on it, however it was worked out: at every limit of every model.

A limit belongs to one of its sides. A number that is it but for the last bits is on that side, and
one that is off it by a ten-millionth is where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from housing import (
    affordability,
    conversion,
    instruments,
    land,
    maintenance,
    mortgage,
    project,
    reform,
    register,
    rent,
    stock,
    subsidy,
    tenure,
)
from housing._limits import equals, exceeds, reaches
from housing.oversight import (
    collection_states,
    deterrent_detection,
    deterrent_penalty,
    inclusion_error_after,
    simulate_inclusion_error,
    subletting_value,
    tipping_efforts,
    tipping_subsidies,
)
from housing.policy import PriceIncomeTest, load_policy

NOISE, FAR = 1e-12, 1e-7

POLICY = load_policy()
#: At this price 60 m2 are 6 years of an income of 40,000.7, and 9 of two thirds of it.
BY_RATIO = replace(
    POLICY, average_price=4000.07, price_income=PriceIncomeTest(60, rent_at_least=9, buy_above=6)
)


def worked_out(value: float) -> list[float]:
    """Return a number as several sums give it."""
    return [
        value,
        value * 0.1 * 3 / 0.3,
        value / 0.3 * 0.9 / 3,
        value * 1.1 / 1.1,
        value / 49 * 49,
        value - 1e3 * value + 1e3 * value,
        value * (1 - NOISE),
        value * (1 + NOISE),
    ]


def refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ValueError:
        return True
    return False


def household(policy: Any = POLICY, **changes: Any) -> pd.Series:
    """Assess one household of three persons of the lowest class, changed."""
    entries = {"size": 3, "income": 24_000, "owned_area": 0, "owned_price": 0, "wish": "rent"}
    frame = pd.DataFrame({"class": ["lowest"], **{k: [v] for k, v in entries.items()}})
    found = register.assess(frame.assign(**changes), policy)
    return found.households["reason"][0], found.summary.poor_before


class Limit(NamedTuple):
    """A limit, the side that it belongs to, and what a number is told."""

    at: float
    belongs: str
    says: Callable[[float], Any]


ESTATE = {"fee": 50, "cost": 50, "tolerance": 0.6, "spread": 0.1}
TIPPING = tipping_subsidies(**ESTATE)
AUDITS = {"rise_rate": 0.06, "return_rate": 0.04, "visible": 0.6}
TERMS = {"area": 120, "price_year": 5}
EVEN = conversion.break_even_price(10, 2264.42, 56_862, **TERMS)
FINE = deterrent_penalty(6000, 0.1, 5, 0.05, delay=2, benefit=900)
BUYER = {"class": "lower middle", "wish": "buy"}
BUYS_UNTIL = subsidy.purchase_income_limit(60, POLICY.standard_price, POLICY.annual_rate)
RENTS_UNTIL = subsidy.rental_income_limit(45, POLICY.standard_rent, 0.2)
SUNSET = 2 * np.degrees(np.arccos(-np.tan(np.radians(60)) * np.tan(np.radians(-23.44)))) / 15
REPAIRS = [0.1, 0.3, 0.7, 0.2, 1.1]
STEPS = {"area": 100, "unit": 40, "first_wage": 400, "growth": 0.1, "household_share": 1}
GRADUATED = {"rising_years": 5, "annual_rate": 0.10, "years": 10}
STEADY = {"real_rate": 0.04, "years": 20, "inflation": 0.10, "wage_growth": 0.10}
STEADY_PAYMENT = instruments.dual_indexed(21_600, **STEADY)["payment"].iloc[0]
MOST_STEP = 1000 / (np.minimum(np.arange(120) // 12, 5) @ (1 + 0.10 / 12) ** -np.arange(1.0, 121.0))

LIMITS = {
    # The register and its policy.
    "income of a class": Limit(
        22_000.07,
        "below",
        lambda x: (
            replace(
                POLICY,
                classes=[
                    replace(entry, income_limit=22_000.07 + place)
                    for place, entry in enumerate(POLICY.classes)
                ],
            )
            .class_of(np.array([x]))
            .tolist()
        ),
    ),
    "ratio too low": Limit(40_000.7, "above", lambda x: household(BY_RATIO, income=x)),
    "ratio at which one may only rent": Limit(
        4000.07 * 60 / 9, "below", lambda x: household(BY_RATIO, income=x, **BUYER)[0]
    ),
    "renter pays the standard": Limit(RENTS_UNTIL, "above", lambda x: household(income=x)),
    "buyer pays the standard": Limit(
        BUYS_UNTIL, "above", lambda x: household(income=x, **BUYER)[0]
    ),
    "renter owns the standard": Limit(45, "above", lambda x: household(owned_area=x, income=0)),
    "buyer owns the standard": Limit(
        60, "above", lambda x: household(owned_area=x, income=0, owned_price=1e-3, **BUYER)
    ),
    "buyer's home pays the loan": Limit(
        POLICY.standard_price * 60 * 0.8 / 20,
        "above",
        lambda x: household(owned_area=20, income=0, owned_price=x, **BUYER)[0],
    ),
    "price_income in order": Limit(
        9.3, "below", lambda x: refused(lambda: PriceIncomeTest(60, 9.3, x))
    ),
    "limits rise": Limit(
        22_000.0,
        "below",
        lambda x: refused(
            lambda: replace(
                POLICY,
                classes=[
                    replace(POLICY.classes[0], income_limit=22_000),
                    replace(POLICY.classes[1], income_limit=x),
                ],
            )
        ),
    ),
    "rental subsidy": Limit(
        RENTS_UNTIL, "above", lambda x: subsidy.rental_subsidy(45, 18, 0.2, x) > 0
    ),
    "purchase subsidy": Limit(
        BUYS_UNTIL,
        "above",
        lambda x: subsidy.purchase_subsidy(60, POLICY.standard_price, x, POLICY.annual_rate) > 0,
    ),
    "purchase subsidy with a home": Limit(
        60.3, "above", lambda x: subsidy.purchase_subsidy(60.3, 5400, 0, 0.06, owned_area=x) > 0
    ),
    "burden rises": Limit(
        0.3, "below", lambda x: refused(lambda: subsidy.reversal_income(18, 45, 55, 0.3, x))
    ),
    # What a household can pay.
    "affordable": Limit(286.1, "above", lambda x: affordability.affordability_ratio(x, 286.1) >= 1),
    "shelter poor": Limit(
        202.3, "below", lambda x: affordability.shelter_poverty_gap(202.3, x) > 0
    ),
    "needs above income": Limit(
        1299.7, "above", lambda x: affordability.residual_income(x, 1299.7) < 0
    ),
    # Loans.
    "payment of the interest": Limit(
        1000 * 0.1 / 12, "below", lambda x: mortgage.years_to_repay(1000, 0.1, x) == np.inf
    ),
    "payments of the term": Limit(
        120, "below", lambda x: refused(lambda: mortgage.remaining_balance(1000, 0.1, 10, x))
    ),
    "highest rate": Limit(
        mortgage.payment(1000, 1.0, 10),
        "below",
        lambda x: refused(lambda: mortgage.implied_rate(1000, x, 10)),
    ),
    "step that leaves no first payment": Limit(
        MOST_STEP,
        "above",
        lambda x: refused(lambda: instruments.graduated(1000, step=x, **GRADUATED)),
    ),
    "payment that clears in its term": Limit(
        STEADY_PAYMENT,
        "above",
        lambda x: len(instruments.dual_indexed(21_600, first_payment=x, **STEADY)),
    ),
    # Tenure.
    "share of families": Limit(
        0.3, "below", lambda x: round(tenure.iso_tenure_price(42, x, np.arange(10), 0.1, 0.02), 3)
    ),
    "indifferent family": Limit(
        tenure.iso_tenure_price(42, 0.5, [-3, -1, 1, 3], 0.10, 0.02, 8.88),
        "below",
        lambda x: tenure.homeownership_rate(42, x, [-3, -1, 1, 3], 0.10, 0.02, 8.88),
    ),
    "bid at a rate of nothing": Limit(
        0.3, "below", lambda x: refused(lambda: tenure.bid_price(42, -0.3, x))
    ),
    "discount at a rate of nothing": Limit(
        0.3,
        "below",
        lambda x: refused(lambda: tenure.capitalised_in_kind_rent(14, 42, -0.3, x)),
    ),
    # Rents and their reform.
    "shares that leave nothing": Limit(
        0.7,
        "above",
        lambda x: refused(
            lambda: rent.standard_rent_gross_management(
                200, 0.03, management_share=x, tax_share=0.3
            )
        ),
    ),
    "tax that leaves nothing": Limit(
        1.0, "above", lambda x: refused(lambda: rent.standard_rent(200, 0.03, tax_share=x))
    ),
    "loser": Limit(
        32.85,
        "below",
        lambda x: reform.winners_and_losers([[1]], reform.gains(2190, x, 40, 0.6)).losers,
    ),
    "winner": Limit(
        32.85,
        "above",
        lambda x: reform.winners_and_losers([[1]], reform.gains(2190, x, 40, 0.6)).winners,
    ),
    "dust": Limit(
        0.3, "below", lambda x: reform.winners_and_losers([[1]], [[x]], dust=0.3).winners
    ),
    "rent that does not fall": Limit(
        0.3, "above", lambda x: refused(lambda: reform.phased_reform([0.3, x], **STEPS))
    ),
    # Projects, land, stock.
    "floor to sell": Limit(
        0.3, "above", lambda x: refused(lambda: project.required_price(100, 0.3, x))
    ),
    "subsidy of the whole cost": Limit(
        0.3, "below", lambda x: refused(lambda: project.required_price(0.3, 10, subsidy=x))
    ),
    "floor that goes back": Limit(
        0.3, "below", lambda x: refused(lambda: project.replacement_cost(100, 0.3, x))
    ),
    "loss": Limit(0.3, "below", lambda x: project.gross_margin(0.3, x).amount < 0),
    "ratio that fell": Limit(0.3, "above", lambda x: land.land_saving(0.3, x) < 0),
    "sun on the horizon": Limit(
        SUNSET, "above", lambda x: refused(lambda: land.sunlight_spacing(10, 60, hours=x))
    ),
    "all of a stock left": Limit(
        0.3, "below", lambda x: refused(lambda: stock.demolition_rate(0.3, x, 3))
    ),
    # Funds and conversions.
    "fund that lasts": Limit(
        maintenance.required_deposit(REPAIRS, income=0.3, interest=0.07, price_growth=0.05),
        "above",
        lambda x: maintenance.exhausted_in(
            REPAIRS, deposit=x, income=0.3, interest=0.07, price_growth=0.05
        ),
    ),
    "fund in debt": Limit(
        maintenance.required_deposit(REPAIRS, interest=0.07),
        "above",
        lambda x: maintenance.left_after(REPAIRS, deposit=x, interest=0.07) < 0,
    ),
    "income that needs no deposit": Limit(
        0.3, "above", lambda x: maintenance.required_deposit([0.3] * 20, income=x) > 0
    ),
    "price that breaks even": Limit(
        EVEN, "above", lambda x: conversion.cost_benefit(x, 10, 2264.42, 56_862, **TERMS).net < 0
    ),
    # Oversight.
    "fine that deters": Limit(
        FINE,
        "above",
        lambda x: subletting_value(6000, x, 0.1, 5, 0.05, delay=2, benefit=900) > 0,
    ),
    "fine that deters if it is certain": Limit(
        6000.7 * 1.05**3,
        "above",
        lambda x: deterrent_detection(6000.7, x, 5, 0.05, delay=3) == np.inf,
    ),
    "day of an audit": Limit(
        0.3, "above", lambda x: inclusion_error_after(x, audit_interval=0.1, **AUDITS) > 0.3755
    ),
    "time within the audits": Limit(
        0.3,
        "above",
        lambda x: refused(
            lambda: simulate_inclusion_error(
                [x], audit_interval=0.3, dwellings=1, cycles=1, **AUDITS
            )
        ),
    ),
    "recovery": Limit(
        TIPPING.recovery,
        "below",
        lambda x: bool(np.isnan(collection_states(subsidy=x, **ESTATE).threshold)),
    ),
    "collapse": Limit(
        -TIPPING.collapse,
        "below",
        lambda x: bool(
            np.isnan(
                collection_states(
                    **{**ESTATE, "tolerance": 0.6 + (x + 10) / 50}, subsidy=10
                ).threshold
            )
        ),
    ),
    "two states": Limit(
        20.0, "above", lambda x: bool(np.isnan(tipping_subsidies(**{**ESTATE, "fee": x}).collapse))
    ),
    "effort that could tip": Limit(
        0.2, "below", lambda x: bool(np.isnan(tipping_efforts(**{**ESTATE, "spread": x}).recovery))
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_on_a_limit_but_for_noise_is_on_it(name):
    limit = LIMITS[name]
    beside = {"below": limit.at * (1 - FAR), "above": limit.at * (1 + FAR)}
    own = limit.says(beside.pop(limit.belongs))
    assert [limit.says(x) for x in worked_out(limit.at)] == [own] * len(worked_out(limit.at))
    (other,) = beside.values()
    assert limit.says(other) != own


def test_shares_that_add_up_to_one_are_one():
    hundredths = np.arange(101)
    first, second = np.meshgrid(hundredths, hundredths)
    rest = 100 - first - second
    shares = (first / 100 + second / 100 + rest / 100)[rest >= 0]
    assert (shares > 1).any()
    assert (shares < 1).any()
    whole = affordability.affordable_price(100, 0.1, 10, 1)
    found = affordability.affordable_price(100, 0.1, 10, shares)
    np.testing.assert_allclose(found, whole, rtol=1e-15)


# Whole numbers -----------------------------------------------------------------------------------

WHOLE = {
    "persons": lambda n: subsidy.area_standard(n, "low"),
    "year of a stepped rent": lambda n: conversion.stepped_rent(1000, n),
    "years between steps": lambda n: conversion.stepped_rent(1000, 7, every=n),
    "years of rent": lambda n: conversion.total_rent(1000, n, discount_rate=0.1),
    "year of a sale": lambda n: conversion.sale_price(464, n, price_year=n),
    "quarters of a loan": lambda n: len(mortgage.schedule(1000, 0.1, n / 4, periods_per_year=4)),
    "months between resets": lambda n: len(
        instruments.adjustable(1000, [0.1, 0.12], n / 6, reset_every=n)
    ),
    "years of subletting": lambda n: subletting_value(6000, 10_000, 0.1, n, 0.05, exclusion=n),
    "years between works": lambda n: maintenance.expenditure_schedule(
        [0.1] * 9, {"paint": (1.8, n, n)}
    )["total"].tolist(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_number_but_for_noise_is_that_number(name):
    counted = WHOLE[name]
    assert [counted(n) for n in worked_out(3.0)] == [counted(3)] * len(worked_out(3.0))
    for off in (3 * (1 - FAR), 3 * (1 + FAR)):
        assert refused(lambda off=off: counted(off))


@pytest.mark.parametrize("three", [0.3 / 0.1, 1.1 + 2.2 - 0.3, 3 * (1 + NOISE)])
def test_three_tenths_over_a_tenth_are_three(three):
    assert three != 3
    assert subsidy.area_standard(three, "low") == subsidy.area_standard(3, "low")
    assert conversion.stepped_rent(1000, three) == conversion.stepped_rent(1000, 3) == 1050


@pytest.mark.filterwarnings("ignore:1 of 1 rows")
def test_persons_of_a_register_are_whole_but_for_noise():
    counted = {household(size=n) for n in worked_out(3.0)}
    assert counted == {household(size=3)} == {("granted", 1.0)}
    assert {household(size=3 * (1 + off))[0] for off in (FAR, -FAR)} == {"invalid"}


def test_noise_does_not_open_or_close_a_term():
    closed = pd.DataFrame({"period": [1, 2], "balance": [500.0, 500.0 - 499.9 - 0.1]})
    assert closed["balance"].iloc[-1] != 0
    assert instruments.years_to_clear(closed, periods_per_year=2) == 1.0
    owing = closed.assign(balance=closed["balance"] + 1e-4)
    assert instruments.years_to_clear(owing) == np.inf


def test_an_interest_only_loan_has_no_shortfall():
    terms = {"inflation": 0, "wage_growth": 0, "max_years": 10}
    loan = instruments.dual_indexed(1000, 0.07, 10, first_payment=1000 * 0.07 / 12, **terms)
    assert (loan["shortfall"] == 0).all()


def test_times_that_fall_by_noise_do_not_fall():
    times = [0.1 + 0.2, 0.3]
    shares = simulate_inclusion_error(times, audit_interval=1, dwellings=500, **AUDITS)
    assert (
        shares.tolist()
        == simulate_inclusion_error([0.3, 0.3], audit_interval=1, dwellings=500, **AUDITS).tolist()
    )


def test_nothing_is_left_exactly_where_nothing_is_left():
    assert mortgage.remaining_balance(1000, 0.1, 0.7, 0.7 * 12 + 1e-13) == 0
    assert stock.demolition_rate(0.3, 0.1 + 0.2, 3) == 0
    assert reform.phased_reform([0.1 + 0.2, 0.3], **STEPS)["burden"].tolist() == [0]
    assert maintenance.fund([0.3, 0.3], deposit=0.1 + 0.2, income=0.15)["balance"].tolist() == [
        pytest.approx(0.15),
        0,
    ]


# The register by exact arithmetic -----------------------------------------------------------------


FEN = Fraction(1, 100)


@pytest.mark.parametrize(
    ("years", "reason", "wish"),
    [(6, "price-income ratio too low", "rent"), (9, "may not buy with a subsidy", "buy")],
)
def test_decimal_prices_and_incomes_exactly_at_a_ratio_stand_on_it(years, reason, wish):
    random = np.random.default_rng(years)
    # Prices of whole fen for which the income at the ratio is one of whole fen as well.
    prices = 3 * random.integers(50_000, 600_000, 40) * FEN
    homes = 30 * random.integers(10, 40, 40) * Fraction(1, 10)
    for price, home in zip(prices, homes, strict=True):
        at = price * home / years
        incomes = {float(income): price * home / income for income in (at, at - FEN, at + FEN)}
        incomes[12 * float(at / 12)] = incomes[365 * float(at / 365)] = Fraction(years)
        rows = pd.DataFrame({"income": [*incomes], "wish": wish, "class": "low", "size": 3})
        test = PriceIncomeTest(float(home), rent_at_least=9, buy_above=6)
        policy = replace(BY_RATIO, average_price=float(price), price_income=test)
        found = register.assess(rows.assign(owned_area=0, owned_price=0), policy).households
        exact = [ratio <= 6 if years == 6 else ratio >= 9 for ratio in incomes.values()]
        assert (found["reason"] == reason).tolist() == exact


def test_the_example_at_a_ratio_of_six():
    at_six = [
        household(replace(BY_RATIO, average_price=price), income=income, **{"class": "low"})[0]
        for price, income in [(4000, 40_000), (4000.07, 40_000.7), (0.4000007, 4.000007)]
    ]
    assert at_six == ["price-income ratio too low"] * 3


def on_limits(random: np.random.Generator, rows: int = 300) -> pd.DataFrame:
    """Make a register of which most households stand on a limit of the policy."""
    size = random.integers(1, 5, rows)
    code = random.integers(0, len(POLICY.classes), rows)
    area, ratio = POLICY.areas[code, size - 1], POLICY.burden_ratios[code]
    owned = area * random.choice([0, 0.25, 0.5, 1], rows)
    pays = subsidy.rental_income_limit(area, POLICY.standard_rent, ratio, owned)
    buys = subsidy.purchase_income_limit(
        area, POLICY.standard_price, POLICY.annual_rate, owned_area=owned, burden_ratio=ratio
    )
    limits = random.choice(POLICY.income_limits, rows)
    by_ratio = POLICY.average_price * 60 / random.choice([6, 9], rows)
    return pd.DataFrame(
        {
            "size": size,
            "income": np.choose(random.integers(0, 4, rows), [pays, buys, limits, by_ratio]),
            "owned_area": owned,
            "owned_price": random.choice([0, 0.8 * POLICY.standard_price], rows),
            "wish": random.choice(["rent", "buy"], rows),
        }
    )


def in_other_units(policy: Any, money: float, space: float) -> Any:
    """Return a policy with its money and its areas in other units."""
    test = policy.price_income
    return replace(
        policy,
        average_rent=policy.average_rent * money / space,
        average_price=policy.average_price * money / space,
        price_income=test and replace(test, home_area=test.home_area * space),
        classes=[
            replace(
                entry,
                areas=[area * space for area in entry.areas],
                income_limit=entry.income_limit * money,
            )
            for entry in policy.classes
        ],
    )


@pytest.mark.parametrize("money", [1e-8, 0.01, 1.1, 7, 1e5])
@pytest.mark.parametrize("space", [1, 1.1, 10.764])
@pytest.mark.parametrize("test", [None, PriceIncomeTest(60, 9, 6)], ids=["by class", "by ratio"])
def test_no_reason_hangs_on_the_units(money, space, test):
    policy = replace(POLICY, price_income=test)
    rows = on_limits(np.random.default_rng(0))
    units = {"income": money, "owned_area": space, "owned_price": money / space}
    scaled = rows.assign(**{name: rows[name] * unit for name, unit in units.items()})
    back = scaled.assign(**{name: scaled[name] / unit for name, unit in units.items()})
    before = register.assess(rows, policy).households
    for found in (
        register.assess(scaled, in_other_units(policy, money, space)).households,
        register.assess(back, policy).households,
    ):
        assert found["reason"].tolist() == before["reason"].tolist()
        assert found["class"].tolist() == before["class"].tolist()
    assert before["reason"].nunique() >= 4


@pytest.mark.parametrize("limit", [1.0, 6.0, -3.0, 24_000.0])
def test_noise_is_a_thousand_millionth_and_no_more(limit):
    """What is half as far off stands on the limit, what is twice as far does not."""
    near, far = (abs(limit) * part * 1e-9 for part in (0.5, 2.0))
    assert reaches(limit - near, limit)
    assert not reaches(limit - far, limit)
    assert not exceeds(limit + near, limit)
    assert exceeds(limit + far, limit)
    assert equals(limit + np.array([-near, near]), limit).all()
    assert not equals(limit + np.array([-far, far]), limit).any()
