"""Targets and weights that Dask holds give the answers of arrays, some partitions at a time."""

from __future__ import annotations

import dask
import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from housing.interpolation import InverseDistance, Prediction
from housing.pricing import PARTIES, Constraint, LinearFunction, Programme, simplex_grid

RANDOM = np.random.default_rng(17)
POINTS, PRICES = RANDOM.uniform(0, 9, (60, 2)), RANDOM.uniform(50, 90, 60)
TARGETS = pd.DataFrame(RANDOM.uniform(0, 9, (50, 2)), columns=["x", "y"], index=np.arange(50) + 7)
MODEL = InverseDistance(neighbors=5).fit(pd.DataFrame(POINTS, columns=["x", "y"]), PRICES)
PROGRAMME = Programme(
    tenant=LinearFunction([1, 2], 0),
    builder=LinearFunction([3, 1], 0),
    government=LinearFunction([-2, 1], 0),
    constraints=[
        Constraint("small", LinearFunction([1, 0], 0), at_least=1, at_most=20),
        Constraint("large", LinearFunction([0, 1], 0), at_least=1, at_most=30),
    ],
)
WEIGHTS = simplex_grid(12)


@pytest.fixture(autouse=True)
def _one_thread():
    with dask.config.set(scheduler="synchronous"):
        yield


def tables(frame, parts=4):
    """Return a frame as Dask holds it; one of its partitions has no rows."""
    cut = dd.from_pandas(frame, npartitions=parts)
    return dd.concat([cut, cut.partitions[[0]].query("index < 0")])


def test_targets_in_a_table_give_a_series_with_their_index():
    told = MODEL.predict(tables(TARGETS))
    assert isinstance(told, dd.Series)
    pd.testing.assert_series_equal(told.compute(), MODEL.predict(TARGETS))


@pytest.mark.parametrize("chunks", [(20, 2), (7, 1), -1])
def test_targets_in_an_array_give_an_array(chunks):
    told = MODEL.predict(da.from_array(TARGETS.to_numpy(), chunks=chunks))
    assert isinstance(told, da.Array)
    assert told.shape == (50,)
    assert_array_equal(told.compute(), MODEL.predict(TARGETS))
    # Where a filter leaves nobody knows how many.
    some = da.from_array(TARGETS.to_numpy(), chunks=(20, 2))
    told = MODEL.predict(some[some[:, 0] > 5])
    assert_array_equal(told.compute(), MODEL.predict(TARGETS[TARGETS["x"] > 5]))


@pytest.mark.parametrize("targets", [tables(TARGETS), da.from_array(TARGETS.to_numpy(), (9, 2))])
def test_so_do_intervals(targets):
    told, expected = (MODEL.predict(each, interval=0.8) for each in (targets, TARGETS))
    assert isinstance(told, Prediction)
    for bound, whole in zip(told, expected, strict=True):
        assert_array_equal(bound.compute(), whole)


def test_what_is_wrong_with_targets_is_said_with_their_partition_or_at_once():
    awry = TARGETS.copy()
    awry.iloc[31, 1] = np.nan
    said = "targets must be finite, got nan at row 1, column 1, in partition 3"
    for targets in (da.from_array(awry.to_numpy(), (10, 2)), dd.from_pandas(awry, npartitions=5)):
        with pytest.raises(ValueError, match=said):
            MODEL.predict(targets).compute()
    with pytest.raises(ValueError, match=r"targets must have the columns \['x', 'y'\]"):
        MODEL.predict(tables(TARGETS[["y", "x"]]))
    with pytest.raises(ValueError, match="targets must have 2 columns, got 3"):
        MODEL.predict(da.zeros((4, 3)))
    with pytest.raises(ValueError, match="targets must be one row a point, got 1 axes"):
        MODEL.predict(da.zeros(4))


@pytest.mark.parametrize(
    "weights",
    [
        da.from_array(WEIGHTS, (40, 2)),
        tables(pd.DataFrame(WEIGHTS, columns=PARTIES)),
        tables(pd.DataFrame(WEIGHTS, columns=PARTIES)[[*reversed(PARTIES)]]),
    ],
    ids=["array", "table", "in another order"],
)
def test_weights_give_the_map_of_arrays(weights):
    told, expected = PROGRAMME.evaluate(weights), PROGRAMME.evaluate(WEIGHTS)
    for field, whole in zip(told, expected, strict=True):
        assert isinstance(field, da.Array)
        assert_array_equal(field.compute(), whole)


def test_what_is_wrong_with_weights_is_said_with_their_partition_or_at_once():
    awry = WEIGHTS.copy()
    awry[50] = 0.5
    found = PROGRAMME.evaluate(da.from_array(awry, (20, 3)))
    said = r"weights must add up to 1, got 0.5 \+ 0.5 \+ 0.5 = 1.5 in row 10, in partition 2"
    for field in found:
        with pytest.raises(ValueError, match=said):
            field.compute()
    with pytest.raises(ValueError, match="weights must be three, of tenant, builder, government"):
        PROGRAMME.evaluate(da.zeros((4, 2)))
    with pytest.raises(ValueError, match="weights must be labelled tenant, builder, government"):
        PROGRAMME.evaluate(tables(pd.DataFrame(WEIGHTS, columns=["a", "b", "c"])))
