"""The committed cross-validation of IDW is what its script computes, on a sample of its rows."""

from __future__ import annotations

import runpy

import numpy as np
import pandas as pd
import pytest

from compendium.project import Project

PROJECT = Project()
SCRIPT = runpy.run_path(str(PROJECT.root / "evidence" / "xuan_cross_validation.py"))
KEYS = ["method", "power", "neighbors"]
TABLE = pd.read_csv(
    PROJECT.data / "evidence" / "xuan_cross_validation.csv",
    dtype=dict.fromkeys(KEYS, str),
    keep_default_na=False,
).set_index(KEYS)
CANDIDATES = {tuple(map(str, keys)): predictor for *keys, predictor in SCRIPT["candidates"]()}
POINTS, PRICES = SCRIPT["sales"]()
#: The table keeps three decimals.
DIGITS = {"abs": 0.0005 + 1e-9}


def errors_of_ten_folds(predictor, shuffles):
    return [
        SCRIPT["error"](predictor, POINTS, PRICES, SCRIPT["ten_folds"](len(PRICES), seed))
        for seed in range(shuffles)
    ]


def test_the_table_has_every_candidate_once():
    assert list(TABLE.index) == list(CANDIDATES)


def test_the_sales_are_those_of_baltimore():
    assert PRICES.shape == (211,)
    assert PRICES.mean() == pytest.approx(44.307, abs=0.0005)


@pytest.mark.parametrize("keys", [("mean", "", ""), ("nearest", "", "1"), ("idw", "2", "12")])
def test_leaving_one_out_gives_the_committed_error(keys):
    folds = SCRIPT["leave_one_out"](len(PRICES))
    told = SCRIPT["error"](CANDIDATES[keys], POINTS, PRICES, folds)
    assert told == pytest.approx(TABLE.loc[keys, "leave_one_out"], **DIGITS)


@pytest.mark.parametrize("keys", [("mean", "", ""), ("idw", "1", "11")])
def test_ten_folds_give_the_committed_error_and_spread(keys):
    errors = errors_of_ten_folds(CANDIDATES[keys], SCRIPT["SHUFFLES"])
    assert np.mean(errors) == pytest.approx(TABLE.loc[keys, "ten_fold"], **DIGITS)
    assert np.std(errors, ddof=1) == pytest.approx(TABLE.loc[keys, "ten_fold_spread"], **DIGITS)


def test_one_shuffle_of_kriging_is_where_the_committed_spread_puts_it():
    """All twenty would fit two hundred variograms; one lies within a few standard deviations."""
    keys = ("kriging, spherical", "", "")
    (error,) = errors_of_ten_folds(CANDIDATES[keys], 1)
    mean, spread = TABLE.loc[keys, ["ten_fold", "ten_fold_spread"]]
    assert abs(error - mean) < 4 * spread
