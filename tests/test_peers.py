"""The mortgage models agree with numpy-financial wherever its formulas hold, and only there.

numpy-financial takes rates per period and signs its money: a borrower receives a positive principal
and makes negative payments.
"""

from __future__ import annotations

import math

import numpy as np
import numpy_financial as npf
import pytest
from numpy.testing import assert_allclose

from housing import mortgage

RATE, YEARS = np.meshgrid(np.geomspace(1e-4, 1.0, 25), [1 / 12, 1.0, 10.0, 30.0, 60.0])
I, N = RATE / 12, YEARS * 12
# At the lowest rate numpy-financial takes (1 + i)**n - 1 from 1, and loses five of 16 digits.
CLOSE = {"rtol": 1e-9, "atol": 0}


def test_payments_are_those_of_pmt():
    assert_allclose(mortgage.payment(1000, RATE, YEARS), -npf.pmt(I, N, 1000), **CLOSE)


def test_present_values_are_those_of_pv():
    assert_allclose(mortgage.present_value(13, RATE, YEARS), npf.pv(I, N, -13), **CLOSE)


def test_present_values_grow_to_those_of_fv():
    grown = mortgage.present_value(13, RATE, YEARS) * (1 + I) ** N
    assert_allclose(grown, npf.fv(I, N, -13, 0), **CLOSE)


def test_the_balance_is_what_fv_leaves_of_the_loan():
    # Half of 20 years at up to 25%: further on, fv takes one large number from another.
    rate = np.geomspace(1e-4, 0.25, 25)
    due = mortgage.payment(1000, rate, 20)
    left = -npf.fv(rate / 12, 120, -due, 1000)
    assert_allclose(mortgage.remaining_balance(1000, rate, 20, 120), left, **CLOSE)


def test_terms_are_those_of_nper():
    due = mortgage.payment(1000, RATE, YEARS) + 1
    found = mortgage.years_to_repay(1000, RATE, due)
    # One loan at a time: from version 1.1 on, it combines every rate with every payment.
    one_by_one = np.vectorize(npf.nper)
    assert_allclose(found * 12, one_by_one(I, -due, 1000), **CLOSE)


def test_at_a_rate_of_next_to_nothing_only_the_library_holds():
    # Why it does not build on numpy-financial: 1 + 1e-16 is 1, and so is any power of it.
    assert npf.pv(1e-16, 12, -100) == 0.0
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert npf.pmt(1e-16, 12, 1200) == -math.inf
    one_a_year = {"annual_rate": 1e-16, "years": 12, "periods_per_year": 1}
    # Three units in the last place are the interest, and one is rounding.
    close = {"rel": 4 * 2.0**-52, "abs": 0}
    assert mortgage.present_value(100, **one_a_year) == pytest.approx(1200, **close)
    assert mortgage.payment(1200, **one_a_year) == pytest.approx(100, **close)
