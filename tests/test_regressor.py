"""`InverseDistance` keeps labels, and works in scikit-learn's tools as its regressors do."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import BaggingRegressor, StackingRegressor, VotingRegressor
from sklearn.exceptions import NotFittedError
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    LeaveOneOut,
    cross_val_predict,
    cross_val_score,
    learning_curve,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from housing.interpolation import InverseDistance

RANDOM = np.random.default_rng(3)
PLACES = RANDOM.uniform(0, 9, (60, 2))
PRICES = 50 + 10 * np.sin(PLACES[:, 0]) + PLACES[:, 1]
FRAME = pd.DataFrame(PLACES, columns=["x", "y"], index=[f"sale {k}" for k in range(60)])
SERIES = pd.Series(PRICES, index=FRAME.index)
each_kind = pytest.mark.parametrize(
    ("places", "prices"), [(PLACES, PRICES), (FRAME, SERIES)], ids=["arrays", "labelled"]
)

# Labels ------------------------------------------------------------------------------------------


def test_labels_in_another_order_are_refused():
    points = pd.DataFrame([[0, 0], [5, 5]], index=["a", "b"])
    for values in (pd.Series({"b": 500, "a": 100}), pd.Series([100, 500])):
        with pytest.raises(ValueError, match="points and values must have the same labels"):
            InverseDistance(neighbors=1).fit(points, values)
    model = InverseDistance(neighbors=1).fit(points, pd.Series({"a": 100, "b": 500}))
    assert model.predict([[0, 0]]) == 100
    with pytest.raises(ValueError, match="points and values must have the same labels"):
        model.score(points, pd.Series({"b": 500, "a": 100}))


def test_predictions_have_the_index_of_the_targets():
    model = InverseDistance(neighbors=3).fit(PLACES, PRICES)
    told = model.predict(FRAME[:7] + 0.1)
    expected = pd.Series(model.predict(PLACES[:7] + 0.1), index=FRAME.index[:7])
    pd.testing.assert_series_equal(told, expected)
    assert type(model.predict(PLACES)) is np.ndarray


@pytest.mark.parametrize(("points", "values"), [(FRAME, SERIES), (FRAME, PRICES), (PLACES, SERIES)])
def test_what_is_left_out_has_the_labels_of_what_was_known(points, values):
    model = InverseDistance(neighbors=3).fit(points, values)
    plain = InverseDistance(neighbors=3).fit(PLACES, PRICES)
    expected = pd.Series(plain.leave_one_out(), index=FRAME.index)
    pd.testing.assert_series_equal(model.leave_one_out(), expected)
    assert model.leave_one_out_error() == plain.leave_one_out_error()
    # A later fit knows nothing of the labels of a former one.
    assert_array_equal(model.fit(PLACES, PRICES).leave_one_out(), plain.leave_one_out())
    assert not hasattr(model, "feature_names_in_")


def test_axes_are_known_by_their_names():
    model = InverseDistance(neighbors=3).fit(FRAME, SERIES)
    assert model.feature_names_in_.dtype == object
    assert [*model.feature_names_in_] == ["x", "y"]
    assert_array_equal(model.predict(FRAME), model.predict(PLACES))
    said = re.escape("must have the columns ['x', 'y'] in this order, got ['y', 'x']")
    with pytest.raises(ValueError, match=f"^targets {said}"):
        model.predict(FRAME[["y", "x"]])
    with pytest.raises(ValueError, match=f"^points {said}"):
        model.score(FRAME[["y", "x"]], SERIES)
    for other in (FRAME.rename(columns={"y": "z"}), FRAME[["x"]], pd.DataFrame(PLACES)):
        with pytest.raises(ValueError, match="targets must have the columns"):
            model.predict(other)


def test_columns_that_are_no_words_have_an_order_too():
    model = InverseDistance(neighbors=3).fit(pd.DataFrame(PLACES), PRICES)
    assert not hasattr(model, "feature_names_in_")
    with pytest.raises(ValueError, match=re.escape("columns [0, 1] in this order, got [1, 0]")):
        model.predict(pd.DataFrame(PLACES)[[1, 0]])


# Parameters --------------------------------------------------------------------------------------


def test_parameters_go_in_and_out():
    model = InverseDistance(3, 5, metric="haversine")
    assert InverseDistance(**model.get_params()).get_params() == model.get_params()
    assert model.set_params(power=1, neighbors=2).get_params()["neighbors"] == 2
    with pytest.raises(ValueError, match="no parameter 'radius'"):
        model.set_params(power=7, radius=1)
    assert model.power == 1  # all, or none


def test_a_model_says_what_it_was_given():
    assert repr(InverseDistance()) == "InverseDistance()"
    assert (
        repr(InverseDistance(3, metric="haversine"))
        == "InverseDistance(power=3, metric='haversine')"
    )


def test_parameters_that_were_changed_after_the_fit_are_checked_again():
    model = InverseDistance(neighbors=3).fit(PLACES, PRICES).set_params(neighbors=0)
    with pytest.raises(ValueError, match="neighbors must be a whole number of at least 1, got 0"):
        model.predict(PLACES)
    with pytest.raises(ValueError, match="neighbors must be a whole number of at least 1, got 0"):
        model.leave_one_out()


def test_what_was_known_is_not_what_the_caller_goes_on_to_change():
    places, prices = PLACES.copy(), PRICES.copy()
    model = InverseDistance(neighbors=3).fit(places, prices)
    expected, left_out = model.predict(PLACES + 0.1), model.leave_one_out()
    places[:], prices[:] = 0, 0
    assert_array_equal(model.predict(PLACES + 0.1), expected)
    assert_array_equal(model.leave_one_out(), left_out)


def test_a_model_can_be_pickled():
    model = InverseDistance(neighbors=3).fit(FRAME, SERIES)
    again = pickle.loads(pickle.dumps(model))
    pd.testing.assert_series_equal(again.predict(FRAME + 0.1), model.predict(FRAME + 0.1))
    pd.testing.assert_series_equal(again.leave_one_out(), model.leave_one_out())


# The score ---------------------------------------------------------------------------------------


@each_kind
def test_the_score_is_the_share_of_variance_explained(places, prices):
    model = InverseDistance().fit(places[:40], prices[:40])
    assert model.score(places[:40], prices[:40]) == 1
    told = r2_score(PRICES[40:], model.predict(PLACES[40:]))
    assert model.score(places[40:], prices[40:]) == pytest.approx(told, rel=1e-12)


def test_a_score_needs_values_that_differ():
    model = InverseDistance().fit(PLACES, PRICES)
    for values in ([1.0, 1.0], [0.3, 0.1 + 0.2]):
        with pytest.raises(ValueError, match="values must differ"):
            model.score(PLACES[:2], values)
    with pytest.raises(ValueError, match="one a point"):
        model.score(PLACES[:2], [1.0, 2.0, 3.0])


# scikit-learn's own checks -----------------------------------------------------------------------

#: Checks of scikit-learn that cannot hold, each with the reason.
CANNOT_HOLD = {
    "check_fit_score_takes_y": "what is fitted is called values, not y; tools give it by place",
    "check_n_features_in_after_fitting": "gives score its y by name, and asks for words of its own",
    "check_supervised_y_2d": "a table of values is refused, not flattened with a warning",
    "check_dtype_object": "wants a TypeError: what is no number is a ValueError throughout",
    "check_complex_data": "wants words of its own: ours name the argument and show it",
    "check_estimators_empty_data_messages": "wants words of its own: ours name the argument",
    "check_estimators_nan_inf": "wants NaN with capitals: ours is the nan that Python prints",
    "check_requires_y_none": "wants words of its own: ours name the argument",
}
#: What the last of them are about is refused all the same, by name.
REFUSED = {
    "columns": (lambda model: model.predict(PLACES[:, :1]), "targets must have 2 columns, got 1"),
    "a table": (lambda model: model.fit(PLACES, PRICES[:, None]), "values must be one a point"),
    "objects": (lambda model: model.fit([[{}, 1]], [1]), "points must be a number or an array"),
    "complex": (lambda model: model.fit(PLACES * 1j, PRICES), "points must be a number or an arr"),
    "empty": (lambda model: model.fit(np.empty((12, 0)), PRICES[:12]), "points is empty"),
    "nan": (lambda model: model.fit([[0, np.nan]], [1]), "points must be finite, got nan"),
    "none": (lambda model: model.fit(PLACES, None), "values must be a number or an array"),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # of points for fewer than twelve neighbors
def test_the_checks_of_scikit_learn_hold_but_for_those_named():
    results = check_estimator(
        InverseDistance(), expected_failed_checks=CANNOT_HOLD, on_fail=None, on_skip=None
    )
    names = {status: set() for status in ("passed", "failed", "xfail", "skipped")}
    for result in results:
        names[result["status"]].add(result["check_name"])
    assert names["failed"] == set()
    assert {"check_estimator_cloneable", "check_regressors_train"} <= names["passed"]
    assert names["xfail"] == set(CANNOT_HOLD)
    # It asks for a variable of the environment.
    assert names["skipped"] <= {"check_array_api_input"}


@pytest.mark.parametrize(("call", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_those_checks_are_about_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call(InverseDistance(neighbors=1).fit(PLACES, PRICES))


def test_an_unfitted_model_says_so_in_the_way_of_its_surroundings():
    with pytest.raises(NotFittedError, match="call fit first"):
        InverseDistance().predict(PLACES)
    alone = (
        "import sys; from housing.interpolation import InverseDistance\n"
        "assert not any(name.startswith('sklearn') for name in sys.modules)\n"
        "try: InverseDistance().predict([[0, 0]])\n"
        "except ValueError as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ValueError no points are known yet: call fit first"


# scikit-learn's tools ----------------------------------------------------------------------------

FOLDS = KFold(3, shuffle=True, random_state=1)
MODEL = InverseDistance(neighbors=5)


def by_hand(model=MODEL):
    """Predict each of three parts from the other two."""
    told = np.empty(60)
    for known, unknown in FOLDS.split(PLACES):
        told[unknown] = clone(model).fit(PLACES[known], PRICES[known]).predict(PLACES[unknown])
    return told


@each_kind
def test_cross_validation(places, prices):
    assert_array_equal(cross_val_predict(MODEL, places, prices, cv=FOLDS), by_hand())
    scores = cross_val_score(MODEL, places, prices, cv=FOLDS)
    expected = [r2_score(PRICES[part], by_hand()[part]) for _, part in FOLDS.split(PLACES)]
    assert_allclose(scores, expected, rtol=1e-12)
    squares = cross_val_score(MODEL, places, prices, cv=FOLDS, scoring="neg_mean_squared_error")
    assert -squares.mean() == pytest.approx(np.mean((by_hand() - PRICES) ** 2), rel=1e-12)
    assert cross_val_score(MODEL, places, prices, cv=3).shape == (3,)


@each_kind
def test_leaving_one_out_as_scikit_learn_does(places, prices):
    told = cross_val_predict(MODEL, places, prices, cv=LeaveOneOut())
    assert_allclose(told, clone(MODEL).fit(places, prices).leave_one_out(), rtol=1e-12)


@each_kind
def test_a_search_over_a_grid(places, prices):
    grid = {"power": [1, 2, 3], "neighbors": [1, 5]}
    search = GridSearchCV(InverseDistance(), grid, cv=FOLDS).fit(places, prices)
    scores = {
        (power, neighbors): cross_val_score(
            InverseDistance(power, neighbors), places, prices, cv=FOLDS
        ).mean()
        for power in grid["power"]
        for neighbors in grid["neighbors"]
    }
    best = max(scores, key=scores.get)
    assert (search.best_params_["power"], search.best_params_["neighbors"]) == best
    assert_array_equal(search.predict(PLACES), PRICES)
    assert "InverseDistance" in search._repr_html_()


@each_kind
def test_a_pipeline_and_its_nested_parameters(places, prices):
    pipeline = make_pipeline(StandardScaler(), InverseDistance())
    pipeline.set_params(inversedistance__neighbors=4, inversedistance__power=1)
    told = pipeline.fit(places, prices).predict(places + 0.1)
    scaled = StandardScaler().fit(PLACES)
    expected = InverseDistance(1, 4).fit(scaled.transform(PLACES), PRICES)
    # A mean over a table and over an array may differ in the last bit.
    assert_allclose(told, expected.predict(scaled.transform(PLACES + 0.1)), rtol=1e-12)
    assert cross_val_score(pipeline, places, prices, cv=3).shape == (3,)
    named = make_pipeline(StandardScaler().set_output(transform="pandas"), MODEL)
    assert_allclose(named.fit(places, prices).predict(places), PRICES)


@each_kind
def test_ensembles(places, prices):
    alone = clone(MODEL).fit(places, prices).predict(PLACES + 0.1)
    vote = VotingRegressor([("one", MODEL), ("two", InverseDistance(1, 9))]).fit(places, prices)
    other = InverseDistance(1, 9).fit(PLACES, PRICES).predict(PLACES + 0.1)
    assert_allclose(vote.predict(places + 0.1), (alone + other) / 2, rtol=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # repeated draws of a point have its one value
        bag = BaggingRegressor(MODEL, 5, random_state=1).fit(places, prices)
    draws = [
        clone(MODEL).fit(PLACES[drawn], PRICES[drawn]).predict(PLACES + 0.1)
        for drawn in bag.estimators_samples_
    ]
    assert_allclose(bag.predict(places + 0.1), np.mean(draws, axis=0), rtol=1e-12)


@each_kind
def test_curves_and_importances(places, prices):
    sizes, _, scores = learning_curve(MODEL, places, prices, train_sizes=[10, 40], cv=FOLDS)
    assert_array_equal(sizes, [10, 40])
    assert scores[1].mean() > scores[0].mean()
    model = clone(MODEL).fit(places, prices)
    assert (
        permutation_importance(model, places, prices, random_state=1).importances_mean > 0
    ).all()


def test_tools_that_reshape_predictions_take_arrays():
    logarithms = TransformedTargetRegressor(MODEL, func=np.log, inverse_func=np.exp)
    stack = StackingRegressor([("one", MODEL)], LinearRegression(), cv=FOLDS)
    expected = np.exp(clone(MODEL).fit(PLACES, np.log(PRICES)).predict(PLACES + 0.1))
    as_arrays = make_pipeline(FunctionTransformer(np.asarray), logarithms)
    assert_allclose(as_arrays.fit(FRAME, SERIES).predict(FRAME + 0.1), expected, rtol=1e-12)
    assert_allclose(logarithms.fit(PLACES, PRICES).predict(PLACES + 0.1), expected, rtol=1e-12)
    assert stack.fit(PLACES, PRICES).predict(PLACES + 0.1).shape == (60,)
