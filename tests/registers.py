"""Made-up registers for tests, and what is asked of an assessment of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal, assert_series_equal

from housing.policy import PriceIncomeTest, load_policy
from housing.register import WISHES, Assessment

POLICY = load_policy()
SOLD = replace(POLICY, public_housing_sold=True)
BY_RATIO = replace(POLICY, price_income=PriceIncomeTest(60, rent_at_least=9, buy_above=6))
GROWING = replace(
    POLICY, classes=[replace(entry, extra_person_area=10) for entry in POLICY.classes]
)


#: The example with limits twice as high, so that households are of poorer classes.
RICHER = replace(
    POLICY,
    classes=[replace(group, income_limit=2 * group.income_limit) for group in POLICY.classes],
)


def made_up(rows: int, seed: int = 0) -> pd.DataFrame:
    """Households of every kind, some of them at a border or with just the standard area."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "size": random.integers(1, 7, rows),
            "income": random.lognormal(10.4, 0.7, rows),
            "owned_area": random.choice([0.0, 0.0, 12.5, 30.0, 45.0, 90.0], rows),
            "owned_price": random.uniform(0, 6_000, rows),
            "wish": random.choice(WISHES, rows),
            "weight": random.uniform(0.5, 2, rows),
        }
    )
    at_border = random.random(rows) < 0.1
    frame.loc[at_border, "income"] = random.choice([0.0, *POLICY.income_limits], at_border.sum())
    return frame


CITY = made_up(3_000)


def require_same(found: Assessment, expected: Assessment) -> None:
    """Demand the same totals to the last yuan and beyond, and the same problems."""
    one, other = found.summary.table(), expected.summary.table()
    assert (one - other).abs().max() < 1e-6
    assert_frame_equal(found.summary.by_class, expected.summary.by_class, rtol=1e-12)
    assert_series_equal(found.summary.by_decile, expected.summary.by_decile, rtol=1e-9)
    listed = ["row", "column", "value", "message"]
    assert_frame_equal(found.problems[listed], expected.problems[listed], check_dtype=False)
    assert_series_equal(found.problems.counts.sort_index(), expected.problems.counts.sort_index())
