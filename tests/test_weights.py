"""Experts' weights against Friedman's statistic, and the grid of all weights."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import friedmanchisquare

from housing.pricing.weights import expert_weights, simplex_grid


@settings(deadline=None, derandomize=True)
@given(st.integers(2, 12), st.integers(3, 5), st.integers(0, 10_000))
def test_concordance_is_friedmans_statistic_over_its_most(experts, criteria, seed):
    scores = np.random.default_rng(seed).integers(1, 9, (experts, criteria)).astype(float)
    result = expert_weights(scores)
    assert result.weights.sum() == pytest.approx(1, rel=1e-12)
    assert_allclose(result.without.sum(axis=1), 1, rtol=1e-12)
    if np.isnan(result.concordance):
        assert (scores == scores[:, :1]).all()
    else:
        statistic = friedmanchisquare(*scores.T).statistic
        assert result.concordance == pytest.approx(
            statistic / (experts * (criteria - 1)), abs=1e-12
        )


def test_leaving_an_expert_out_is_asking_the_others():
    scores = pd.DataFrame({"a": [6, 5, 1], "b": [3, 2, 8], "c": [1, 3, 1]}, index=["x", "y", "z"])
    result = expert_weights(scores)
    for name in scores.index:
        others = expert_weights(scores.drop(name)).weights
        assert_allclose(result.without.loc[name], others, rtol=1e-12)
        assert result.influence[name] == pytest.approx((others - result.weights).abs().max())
    assert result.influence.idxmax() == "z"


def test_scale_of_an_expert_does_not_count():
    scores = np.array([[6.0, 3, 1], [2, 1, 1]])
    louder = scores * [[10.0], [1.0]]
    assert_allclose(expert_weights(scores).weights, expert_weights(louder).weights, rtol=1e-14)


@pytest.mark.parametrize(
    ("third", "concordance"),
    [(0.3, 1 / 14), (0.1 + 0.2, 1 / 14), (0.3 - 3e-13, 1 / 14), (0.3 - 3e-8, 1 / 4)],
)
@pytest.mark.parametrize("unit", [1e-300, 1e-7, 1, 1e300])
def test_scores_that_differ_by_noise_are_tied(third, concordance, unit):
    """Against a first expert who is for the criteria in their order."""
    scores = unit * np.array([[0.3, 0.2, 0.1], [0.2, 0.3, third]])
    assert expert_weights(scores).concordance == pytest.approx(concordance, abs=1e-12)


def test_a_table_of_any_kind_gives_the_same_weights():
    rows = [[6, 1, 3], [5, 2, 3]]
    names = ["tenant", "builder", "government"]
    frame = pd.DataFrame(rows, columns=names)
    ways = [
        frame,
        frame.astype("Int64"),
        [dict(zip(names, row, strict=True)) for row in rows],
        [frame.iloc[0], frame.iloc[1][::-1]],
        {name: frame[name].tolist() for name in names},
        {name: frame[name] for name in names},
    ]
    for way in ways:
        pd.testing.assert_series_equal(expert_weights(way).weights, expert_weights(frame).weights)
    decimals = [[Decimal(score) for score in row] for row in rows]
    for unlabelled in (rows, decimals, np.array(rows, dtype="float16")):
        assert expert_weights(unlabelled).weights.tolist() == expert_weights(rows).weights.tolist()


@pytest.mark.parametrize("divisions", [1, 2, 7, 30])
def test_the_grid_covers_the_simplex_once(divisions):
    grid = simplex_grid(divisions)
    assert len(np.unique(grid, axis=0)) == len(grid) == (divisions + 1) * (divisions + 2) // 2
    assert_allclose(grid.sum(axis=1), 1, rtol=1e-15)
    assert grid.min() == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simplex_grid(0), "divisions must be a whole number of at least 1, got 0"),
        (
            lambda: simplex_grid(1e9),
            "divisions must ask for at most 50,000,000 numbers, got 100000",
        ),
        (
            lambda: simplex_grid(1e300),
            "divisions must ask for at most 50,000,000 numbers, got 1e+",
        ),
        (lambda: expert_weights(5), "scores must be a table, one row an expert, got shape ()"),
        (lambda: expert_weights([[1, 2], [3]]), "scores must be a number or an array of numbers"),
        (
            lambda: expert_weights([[1, 2], [3, np.nan]]),
            "scores must be finite, got nan at row 1, co",
        ),
        (
            lambda: expert_weights([{"a": 1, "b": 2}, {"a": 1}]),
            "scores must be finite, got nan at r",
        ),
        (
            lambda: expert_weights(np.ma.masked_less(np.eye(2), 1)),
            "scores must have no masked entries",
        ),
        (
            lambda: expert_weights([[1, 2j], [1, 1]]),
            "scores must be a number or an array of numbers",
        ),
        (
            lambda: expert_weights([[1, 10**400], [1, 1]]),
            "scores must be finite as a float, got 1.0",
        ),
        (lambda: expert_weights([[1, 2, 3]]), "scores must have two experts and two criteria"),
        (lambda: expert_weights([[1, 2], [0, 0]]), "scores of an expert must not all be 0, row 1"),
        (lambda: expert_weights([[1, -2], [1, 1]]), "scores must be at least 0, got -2"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
