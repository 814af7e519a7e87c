"""The rents keep to their definitions, and the standard rent to the report's Table 2.1."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housing.rent import (
    eight_point_rent,
    rent_burden,
    standard_rent,
    standard_rent_gross_management,
)
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)
values = st.floats(1, 10_000)


def none_or_up_to(highest: float) -> st.SearchStrategy[float]:
    """Draw zero or a share that is no subnormal float, which would hold fewer digits."""
    return st.one_of(st.just(0.0), st.floats(1e-9, highest))


rates = none_or_up_to(1)
# Management fee and tax, together below 1 by enough for the total not to magnify roundings.
parts = none_or_up_to(0.45)

# A total and the sum of its parts are up to ten roundings apart.
ROUNDINGS = {"rel": 10 * 2.0**-52, "abs": 0}


# The printed table -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asset_value", "return_rate", "printed", "total"),
    [
        (200, 0.03, [0.44, 0.36, 0.67, 0.15, 0.22], 1.84),
        (400, 0.10, [0.89, 0.71, 4.44, 0.60, 0.91], 7.55),
    ],
    ids=["low", "high"],
)
def test_components_round_to_those_of_table_2_1(asset_value, return_rate, printed, total):
    rent = standard_rent(asset_value, return_rate)
    components = NEAREST.round(rent[:5], 0.01)
    assert components.tolist() == printed
    # The table adds up what it prints; its total is not the unrounded one.
    assert NEAREST.round(components.sum(), 0.01) == total
    assert NEAREST.round(rent.total, 0.01) != total
    assert rent.tax == pytest.approx(0.12 * rent.total, **ROUNDINGS)


def test_the_wording_of_the_table_gives_another_management_fee_than_its_numbers():
    assert NEAREST.round(standard_rent_gross_management(200, 0.03).management, 0.01) == 0.19


# Definitions -------------------------------------------------------------------------------------


@reproducible
@given(values, rates, st.floats(0.1, 1), rates, none_or_up_to(2))
def test_capital_charges_follow_from_the_value_of_rentable_space(
    value, rate, usable, depreciation, maintenance
):
    rent = standard_rent(
        value,
        rate,
        usable_share=usable,
        depreciation_rate=depreciation,
        maintenance_share=maintenance,
    )
    monthly = value / usable / 12
    assert rent.depreciation == pytest.approx(depreciation * monthly, **ROUNDINGS)
    assert rent.maintenance == pytest.approx(maintenance * depreciation * monthly, **ROUNDINGS)
    assert rent.investment_return == pytest.approx(rate * monthly, **ROUNDINGS)


@reproducible
@given(values, rates, parts, parts)
def test_management_is_a_share_of_the_charges_and_tax_of_the_total(value, rate, fee, tax):
    rent = standard_rent(value, rate, management_share=fee, tax_share=tax)
    charges = rent.depreciation + rent.maintenance + rent.investment_return
    assert rent.total == pytest.approx(sum(rent[:5]), **ROUNDINGS)
    assert rent.tax / rent.total == pytest.approx(tax, **ROUNDINGS)
    assert rent.management / charges == pytest.approx(fee, **ROUNDINGS)


@reproducible
@given(values, rates, parts, parts)
def test_gross_management_and_tax_are_both_shares_of_the_total(value, rate, fee, tax):
    rent = standard_rent_gross_management(value, rate, management_share=fee, tax_share=tax)
    assert rent.total == pytest.approx(sum(rent[:5]), **ROUNDINGS)
    assert rent.tax / rent.total == pytest.approx(tax, **ROUNDINGS)
    assert rent.management / rent.total == pytest.approx(fee, **ROUNDINGS)
    net = standard_rent(value, rate, management_share=fee, tax_share=tax)
    assert rent[:3] == net[:3]


@reproducible
@given(values, rates, parts, parts, parts, none_or_up_to(100))
def test_the_three_additions_each_have_a_base_of_their_own(
    value, rate, insurance, profit, tax, land_fee
):
    rent = eight_point_rent(
        value,
        rate,
        insurance_share=insurance,
        profit_share=profit,
        land_fee=land_fee,
        tax_share=tax,
    )
    charges = rent.depreciation + rent.maintenance + rent.investment_return
    running = rent.depreciation + rent.maintenance + rent.management
    assert rent.total == pytest.approx(sum(rent[:8]), **ROUNDINGS)
    assert rent.insurance / charges == pytest.approx(insurance, **ROUNDINGS)
    assert rent.profit / running == pytest.approx(profit, **ROUNDINGS)
    assert rent.land_fee == land_fee
    assert rent.tax / rent.total == pytest.approx(tax, **ROUNDINGS)


@reproducible
@given(values, rates, parts, parts)
def test_without_additions_the_eight_point_rent_is_the_standard_rent(value, rate, fee, tax):
    five = standard_rent(value, rate, management_share=fee, tax_share=tax)
    eight = eight_point_rent(value, rate, management_share=fee, tax_share=tax)
    assert (eight.insurance, eight.land_fee, eight.profit) == (0, 0, 0)
    assert {name: getattr(eight, name) for name in five._fields} == five._asdict()


# Behaviour ---------------------------------------------------------------------------------------


@reproducible
@given(values, rates, parts, parts, st.floats(0.01, 100))
def test_a_rent_without_land_fee_grows_with_the_value(value, rate, insurance, profit, times):
    def total(asset_value: float) -> float:
        shares = {"insurance_share": insurance, "profit_share": profit}
        return eight_point_rent(asset_value, rate, **shares).total

    assert total(times * value) == pytest.approx(times * total(value), **ROUNDINGS)


@pytest.mark.parametrize("model", [standard_rent, standard_rent_gross_management, eight_point_rent])
@reproducible
@given(values, rates, rates)
def test_a_higher_return_never_lowers_the_rent(model, value, rate, other):
    lower, higher = sorted([rate, other])
    assert model(value, lower).total <= model(value, higher).total
    assert model(value, 0.0).total < model(value, higher + 2**-20 * (1 - higher)).total


def test_a_burden_is_a_share_of_income():
    assert rent_burden(7, 40, 400) == 0.7
    assert rent_burden(0, 40, 400) == 0.0


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [standard_rent, eight_point_rent])
def test_a_tax_that_takes_the_whole_rent_is_refused(model):
    with pytest.raises(ValueError, match="1 - tax_share must be above 0, got 0"):
        model(200, 0.03, tax_share=1)


@pytest.mark.parametrize(("fee", "tax"), [(0.5, 0.5), (1, 0.12), (0.6, 0.5)])
def test_management_and_tax_that_take_the_whole_rent_are_refused(fee, tax):
    with pytest.raises(ValueError, match="1 - management_share - tax_share must be above 0"):
        standard_rent_gross_management(200, 0.03, management_share=fee, tax_share=tax)


@pytest.mark.parametrize("model", [standard_rent, standard_rent_gross_management, eight_point_rent])
def test_maintenance_in_per_cent_is_met_with_a_hint(model):
    for percent in (10, 80):
        said = f"maintenance_share must be .* most 5, got {percent}. Shares are decimals: for 80%"
        with pytest.raises(ValueError, match=said):
            model(200, 0.03, maintenance_share=percent)
    assert model(200, 0.03, maintenance_share=2).maintenance > 0


@pytest.mark.parametrize("model", [standard_rent, standard_rent_gross_management, eight_point_rent])
def test_a_building_without_rentable_space_is_refused(model):
    with pytest.raises(ValueError, match="usable_share must be above 0 and at most 1, got 0"):
        model(200, 0.03, usable_share=0)
