"""The model: known points that are fitted once, and what they say of any number of targets.

The module is one class, in the form that scikit-learn asks of a regressor.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from math import ceil
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, number, numbers, same_labels, whole_number
from housing._limits import exceeds, to_whole
from housing.interpolation._neighbors import Choice, KnownPoints
from housing.interpolation.formulas import LARGEST, exponent, in_kind, on_unit_sphere

__all__ = ["InverseDistance", "Prediction"]

_MOST_WORKERS = 256
_METRICS = ("planar", "haversine")
_COINCIDENT = ("mean", "error")
_TIES = ("first", "share")


class Prediction(NamedTuple):
    """What is predicted at each target, and between which bounds a price there should lie."""

    value: Any
    low: Any
    high: Any


class InverseDistance:
    """Inverse distance weighting of the nearest known points, by a k-d tree.

    Fits and predicts as scikit-learn's regressors do, works in its tools, and needs none of it.
    Targets are worked through in chunks, so that memory does not grow with their number.

    Parameters
    ----------
    power : float, optional
        Exponent of the distance, above 0 and at most a million.
    neighbors : int, optional
        How many of the nearest points count, at least 1.
    metric : {"planar", "haversine"}, optional
        Straight lines between coordinates of any number of axes, or arcs between pairs of
        longitude and latitude in degrees.
    coincident : {"mean", "error"}, optional
        What `fit` does with points in one place whose values differ: warn, and use their mean
        there, or refuse them.
    ties : {"first", "share"}, optional
        Points as far away as the last place among the neighbors: they take what is left of the
        places in the order in which they were given to `fit`, or share it.
    workers : int, optional
        Threads that work on targets, at least 1 and at most 256; -1 for one a processor.
    chunk : int, optional
        Targets that a thread works on at once, at least 1; fewer where they have many neighbors.

    Attributes
    ----------
    tree_ : cKDTree
        Of the places of the known points, each once; on the unit sphere for "haversine".
    values_ : ndarray
        The known values.
    n_features_in_ : int
        Axes of the coordinates.
    feature_names_in_ : ndarray of object
        Their names, if the known points came as a DataFrame whose columns are strings.

    Notes
    -----
    Of scikit-learn's own, `predict` differs where the targets are a DataFrame: it returns a Series
    with their index. `StackingRegressor` and `TransformedTargetRegressor`, which reshape what is
    predicted, therefore take arrays: give them ``frame.to_numpy()``.

    Coordinates and values may be up to 1e100 in size. An arc comes from its chord: it is known to a
    hundredth of a millimetre, and to half a metre where it ends within 10 km of the antipode.

    References
    ----------
    Computes: Xuan, Yazdanpanah and Kim (2020), equation (6).

    Examples
    --------
    >>> model = InverseDistance(power=2, neighbors=2)
    >>> model.fit([[0, 0], [0, 2], [9, 9]], [100, 200, 900]).predict([[0, 1], [0, 2]])
    array([150., 200.])
    """

    def __init__(
        self,
        power: float = 2,
        neighbors: int = 12,
        *,
        metric: str = "planar",
        coincident: str = "mean",
        ties: str = "first",
        workers: int = 1,
        chunk: int = 8_192,
    ) -> None:
        self.power = power
        self.neighbors = neighbors
        self.metric = metric
        self.coincident = coincident
        self.ties = ties
        self.workers = workers
        self.chunk = chunk

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self)).parameters
        given = (
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if repr(value) != repr(defaults[name].default)
        )
        return f"{type(self).__name__}({', '.join(given)})"

    def __sklearn_tags__(self) -> Any:
        # Asked for by scikit-learn alone, and so imported where it is there.
        from sklearn.utils import RegressorTags, Tags, TargetTags

        return Tags(
            estimator_type="regressor",
            target_tags=TargetTags(required=True),
            regressor_tags=RegressorTags(),
        )

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name, as scikit-learn's tools ask for them.

        Parameters
        ----------
        deep : bool, optional
            Without effect: no parameter has parameters of its own.
        """
        names = ("power", "neighbors", "metric", "coincident", "ties", "workers", "chunk")
        return {name: getattr(self, name) for name in names}

    def set_params(self, **parameters: Any) -> Self:
        """Change parameters by name: all of them, or none.

        Raises
        ------
        ValueError
            If there is no parameter of that name.
        """
        known = self.get_params()
        for name in parameters:
            if name not in known:
                raise ValueError(f"no parameter {name!r}; there are {[*known]}")
        for name, value in parameters.items():
            setattr(self, name, value)
        return self

    def fit(self, points: ArrayLike, values: ArrayLike) -> Self:
        """Take in the known points.

        Parameters
        ----------
        points : array_like
            Coordinates, one row a point.
        values : array_like
            One value a point. A Series has the labels of the points' DataFrame, in their order.

        Returns
        -------
        InverseDistance
            Itself.

        Raises
        ------
        ValueError
            If a parameter, coordinate or value is not valid, the numbers of points and values or
            their labels differ, or `coincident` is "error" and values in one place differ.

        Warns
        -----
        UserWarning
            If there are fewer points than neighbors (all are used), or values in one place differ
            (their mean is used).
        """
        choice = self._choice()
        same_labels(points=points, values=values)
        on_sphere = self.metric == "haversine"
        places = coordinates = _coordinates("points", points)
        if on_sphere:
            _require_columns("points", coordinates, 2)
            places = on_unit_sphere("points", coordinates)
        else:
            _require_size(coordinates)
        values_of = _one_a_point(values, len(coordinates)).copy()
        known = KnownPoints(places, values_of, on_sphere=on_sphere)
        self._say_what_is_awkward(known, choice.neighbors)
        self._known, self.tree_, self.values_ = known, known.tree, known.value
        self.n_features_in_ = coordinates.shape[1]
        self._remember_labels(points, values)
        return self

    def predict(self, targets: ArrayLike, *, interval: float | None = None) -> Any:
        """Interpolate at targets.

        Parameters
        ----------
        targets : array_like, Dask array or Dask DataFrame
            Coordinates, one row a target. A DataFrame has the columns of the points' DataFrame, in
            their order.
        interval : float, optional
            The share of prices that are to lie between bounds around what is predicted, such as
            0.9: above 0, and at most what so many points can vouch for (9 of them for 0.9).

        Returns
        -------
        ndarray, Series or Prediction
            One value a target: a Series with the index of a DataFrame of targets. With `interval`
            a named tuple of such: ``value``, ``low`` and ``high``. Where the targets are Dask's, so
            is the result: nothing is computed yet, and no more than some partitions are ever held.

        Raises
        ------
        ValueError
            If `fit` has not been called, the coordinates are not valid or of other axes, or there
            are too few points for `interval`. Of a Dask collection, coordinates are looked at when
            it is computed, and the message counts rows within the partition that it names.

        Notes
        -----
        The bounds lie as far from what is predicted as the share `interval` of the known points lie
        from what the others say of them (`leave_one_out`): the quantile of these n errors whose
        rank is ``interval (n + 1)``, rounded up. This is conformal prediction by the jackknife.

        *What holds.* Where a target is drawn as the known points were, in place and price alike,
        about the share `interval` of the prices is covered, on average over all such draws. For
        certain it is at least ``1 - 2 (1 - interval + neighbors / (n + 1))``, whatever the prices
        are like: a known point counts at a target only among its neighbors, so the bounds are those
        of the jackknife+ but for so many ranks. This supposes that no points tie or share a place.

        *What does not.* Places are seldom drawn alike. Prices of targets that lie farther from the
        known points than these from each other, in a district without sales or beyond all of them,
        are covered less often. The bounds are as wide everywhere, so that they cover too much where
        prices are alike and too little where they are not; they are of one more price, not of
        the mean price at a place. Of 211 sales in Baltimore, 0.9 covers 90 percent where tenths
        are left out by lot, 87 percent where each of nine districts is left out, 98 percent of
        the cheaper half and 83 of the dearer.

        References
        ----------
        Barber, Candès, Ramdas and Tibshirani (2021), *Predictive inference with the jackknife+*,
        theorem 1; Steinberger and Leeb (2023), *Conditional predictive inference for stable
        algorithms*.

        Examples
        --------
        >>> model = InverseDistance(neighbors=2).fit([[0], [1], [2], [3]], [10, 12, 13, 18])
        >>> value, low, high = model.predict([[1.5]], interval=0.6)
        >>> value, low, high
        (array([12.5]), array([10.3]), array([14.7]))
        """
        margin = None if interval is None else self._margin(interval)
        if hasattr(targets, "__dask_graph__"):
            value = self._lazily(targets)
        else:
            labels = targets.index if isinstance(targets, pd.DataFrame) else None
            value = in_kind(self._at("targets", targets), labels)
        return value if margin is None else Prediction(value, value - margin, value + margin)

    def leave_one_out(self) -> Any:
        """Interpolate at every known point from the others.

        The point itself is left out by its number and not by its distance, so that another sale
        in the same place still counts.

        Returns
        -------
        ndarray or Series
            One value a known point: a Series with the labels that the points, or else the values,
            had in `fit`.

        Raises
        ------
        ValueError
            If `fit` has not been called, or on fewer than two points.
        """
        self._require_fitted()
        if len(self.values_) < 2:
            raise ValueError("leaving one out needs at least 2 points, got 1")
        return in_kind(self._known.around_each(self._choice()), self._labels)

    def leave_one_out_error(self) -> float:
        """Return the root mean square error of `leave_one_out`, in the unit of the values.

        Returns
        -------
        float
            At least 0.

        Raises
        ------
        ValueError
            As in `leave_one_out`.
        """
        error = np.asarray(self.leave_one_out()) - self.values_
        return float(np.sqrt(np.mean(error**2)))

    def score(self, points: ArrayLike, values: ArrayLike) -> float:
        """Return the share of the values' variance that the prediction explains.

        Parameters
        ----------
        points, values : array_like
            As in `fit`.

        Returns
        -------
        float
            At most 1; 0 is as good as the mean of `values`, and below 0 is worse.

        Raises
        ------
        ValueError
            As in `predict`, if lengths or labels differ, or if all the values are the same, where
            scikit-learn's regressors return 0 or 1.
        """
        same_labels(points=points, values=values)
        told = self._at("points", points)
        known = _one_a_point(values, len(told))
        if not exceeds(known.max(), known.min()):
            raise ValueError("values must differ: a share of their variance is asked for")
        spread = np.sum((known - known.mean()) ** 2)
        return float(1.0 - np.sum((known - told) ** 2) / spread)

    # Inner parts ---------------------------------------------------------------------------

    def _at(self, name: str, places: ArrayLike) -> Floats:
        self._require_fitted()
        if isinstance(places, pd.DataFrame):
            self._require_names(name, places.columns)
        coordinates = _coordinates(name, places)
        _require_columns(name, coordinates, self.n_features_in_)
        if self._known.on_sphere:
            coordinates = on_unit_sphere(name, coordinates)
        return self._known.around(coordinates, self._choice())

    def _require_names(self, name: str, names: pd.Index) -> None:
        columns = self._columns
        if not (columns is None or columns.equals(names)):
            raise ValueError(
                f"{name} must have the columns {[*columns]} in this order, got {[*names]}"
            )

    def _lazily(self, targets: Any) -> Any:
        """Return what is to be computed at the targets of a Dask collection."""
        self._require_fitted()
        self._choice()
        if hasattr(targets, "map_partitions"):
            self._require_names("targets", pd.Index(targets.columns))
            return targets.map_partitions(self._of_partition, meta=(None, float))
        if targets.ndim != 2:
            raise ValueError(f"targets must be one row a point, got {targets.ndim} axes")
        _require_columns("targets", targets, self.n_features_in_)
        # Columns that stand in several pieces are put together where an axis goes.
        return targets.map_blocks(self._of_block, drop_axis=1, dtype=float, meta=np.empty(0))

    def _of_block(self, targets: Any, block_info: Any = None) -> Floats:
        number = block_info[0]["chunk-location"][0] if block_info else 0
        return np.asarray(self._of_part(targets, number))

    def _of_partition(self, targets: pd.DataFrame, partition_info: Any = None) -> Any:
        number = partition_info["number"] if partition_info else 0
        return pd.Series(self._of_part(targets, number), index=targets.index)

    def _of_part(self, targets: Any, number: int) -> Floats:
        """Return values at the targets of one partition, which may be empty."""
        try:
            return self._at("targets", targets) if len(targets) else np.empty(0)
        except ValueError as refusal:
            raise ValueError(f"{refusal}, in partition {number}") from None

    def _margin(self, interval: Any) -> float:
        """Return how far from each other's word so large a share of the points may lie."""
        level = number("interval", interval)
        error = np.sort(np.abs(np.asarray(self.leave_one_out()) - self.values_))
        count = len(error)
        rank = ceil(to_whole(level * (count + 1))) if level <= 1 else count + 1
        if level <= 0 or rank > count:
            raise ValueError(
                f"interval must be above 0 and at most {count / (count + 1):.12g}, which {count} "
                f"points can vouch for, got {level:.12g}. Shares are decimals: for 80% give 0.80"
            )
        return float(error[rank - 1])

    def _choice(self) -> Choice:
        """Return the parameters that say how to predict, or which of all is not valid."""
        words = {"metric": _METRICS, "coincident": _COINCIDENT, "ties": _TIES}
        for name, allowed in words.items():
            value = getattr(self, name)
            if not (isinstance(value, str) and value in allowed):
                raise ValueError(f"{name} must be one of {allowed}, got {value!r}")
        workers = whole_number("workers", self.workers, at_least=-1)
        if workers == 0 or workers > _MOST_WORKERS:
            raise ValueError(
                f"workers must be -1 or at least 1 and at most {_MOST_WORKERS}, got {workers}"
            )
        return Choice(
            neighbors=whole_number("neighbors", self.neighbors),
            power=exponent(self.power),
            ties=self.ties,
            workers=workers,
            chunk=whole_number("chunk", self.chunk),
        )

    def _remember_labels(self, points: ArrayLike, values: ArrayLike) -> None:
        """Keep the labels of the points and of their axes, or forget those of a former fit."""
        self._columns = points.columns if isinstance(points, pd.DataFrame) else None
        labelled = (each for each in (points, values) if isinstance(each, pd.DataFrame | pd.Series))
        self._labels = next((each.index for each in labelled), None)
        vars(self).pop("feature_names_in_", None)
        if self._columns is not None and all(isinstance(name, str) for name in self._columns):
            self.feature_names_in_ = np.array(self._columns, dtype=object)

    def _require_fitted(self) -> None:
        if not hasattr(self, "tree_"):
            # Those who catch scikit-learn's own error have imported it.
            theirs = sys.modules.get("sklearn.exceptions")
            unfitted = ValueError if theirs is None else theirs.NotFittedError
            raise unfitted("no points are known yet: call fit first")

    def _say_what_is_awkward(self, known: KnownPoints, neighbors: int) -> None:
        """Warn of points in one place whose values differ, or refuse them; warn of too few."""
        two = known.differing()
        if two is not None:
            said = "points {} and {} lie in one place with values {:g} and {:g}".format(
                *two, *known.value[two]
            )
            if self.coincident == "error":
                raise ValueError(said)
            warnings.warn(f"{said}: in such places the mean is used", stacklevel=3)
        count = len(known.value)
        if count < neighbors:
            warnings.warn(
                f"{count} points for {neighbors} neighbors: all points are used", stacklevel=3
            )


def _coordinates(name: str, points: ArrayLike) -> Floats:
    coordinates = numbers(name, points, at_least=-LARGEST, at_most=LARGEST)
    if coordinates.ndim != 2:
        raise ValueError(
            f"{name} must be one row a point, got shape {coordinates.shape}. "
            "Reshape your data: one point alone is [[x, y]]"
        )
    return coordinates


def _require_size(points: Floats) -> None:
    largest = np.abs(points).max()
    if 0.0 < largest < 1.0 / LARGEST:
        raise ValueError(
            f"points must reach {1.0 / LARGEST:g} in some coordinate or be all 0, "
            f"got at most {largest:g}"
        )


def _require_columns(name: str, coordinates: Floats, wanted: int) -> None:
    if coordinates.shape[1] != wanted:
        raise ValueError(f"{name} must have {wanted} columns, got {coordinates.shape[1]}")


def _one_a_point(values: ArrayLike, count: int) -> Floats:
    known = numbers("values", values, at_least=-LARGEST, at_most=LARGEST)
    if known.shape != (count,):
        raise ValueError(f"values must be one a point: {known.shape} for {count} points")
    return known
