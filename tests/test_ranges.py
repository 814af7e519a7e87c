"""Every model refuses numbers outside a range by name, with the range; its ends are accepted."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from models import (
    ENDS,
    ENDS_IN_SOME,
    LOAN,
    MODELS,
    POSITIVE,
    RATE,
    case,
    each_model,
    fields,
    range_of,
)

from housing import (
    mortgage,
    rent,
)


@each_model
def test_a_number_outside_its_range_is_refused_with_the_range(model):
    """In an array its position is told."""
    for name, valid in MODELS[model].items():
        allowed, outside = range_of(model, name)
        for value in outside:
            said = re.escape(f"{name} must be {allowed}, got {value:g}")
            with case(name, value), pytest.raises(ValueError, match=rf"^{said}(\.|$)"):
                model(**{**MODELS[model], name: value})
            said += " at position 1"
            with case(name, value), pytest.raises(ValueError, match=rf"^{said}(\.|$)"):
                model(**{**MODELS[model], name: [valid, value]})


@pytest.mark.parametrize("rate", [10, 1.5, 1.0000001])
def test_a_rate_in_per_cent_is_met_with_a_hint(rate):
    # In full: "at most 1, got 1" would help nobody.
    said = re.escape(
        f"at most 1, got {rate}. Rates are decimals per year: for ten per cent give 0.10"
    )
    with pytest.raises(ValueError, match=said):
        mortgage.payment(1000, rate, 10)


def test_a_share_in_per_cent_is_met_with_a_hint():
    with pytest.raises(
        ValueError, match=re.escape("Shares are decimals: for ten per cent give 0.10")
    ):
        rent.standard_rent(200, 0.03, tax_share=12)


@each_model
def test_the_ends_that_belong_to_a_range_are_accepted(model):
    for name in MODELS[model]:
        allowed, _ = range_of(model, name)
        for end in ENDS_IN_SOME.get((model, name), ENDS.get(allowed, [])):
            with case(name, end):
                assert not np.isnan(fields(model(**{**MODELS[model], name: end}))).any()


SCHEDULE = {"principal": 1000, **LOAN, "periods_per_year": 12, "round_to": 0.01}


@pytest.mark.parametrize("name", SCHEDULE)
@pytest.mark.parametrize("value", [[1, 1], pd.Series([1, 1])], ids=["list", "series"])
def test_a_schedule_is_of_one_loan(name, value):
    with pytest.raises(ValueError, match=rf"\b{name}\b"):
        mortgage.schedule(**{**SCHEDULE, name: value})


@pytest.mark.parametrize(
    ("name", "allowed", "value"),
    [
        ("principal", POSITIVE, 0),
        ("principal", "finite", np.nan),
        ("annual_rate", RATE, 10),
        ("years", POSITIVE, -1),
        ("periods_per_year", "at least 1", 0),
        ("round_to", POSITIVE, -0.01),
    ],
)
def test_a_schedule_refuses_what_leaves_its_range(name, allowed, value):
    with pytest.raises(ValueError, match=re.escape(f"{name} must be {allowed}, got {value:g}")):
        mortgage.schedule(**{**SCHEDULE, name: value})
