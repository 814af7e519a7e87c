"""Prices between places: inverse distance weighting (IDW) and what neighbours say of a price.

Rules that any program must settle, and how `InverseDistance` settles them:

* *One place.* Points that are less than 1e-9 of the largest coordinate apart (on the Earth, of its
  radius: 6 mm) are in one place. So 0.1 + 0.2 is 0.3, all longitudes are one at a pole, and 180
  degrees east is 180 degrees west.
* *Coincident points.* A target in the place of known points gets their mean; every other weight is
  zero.
* *Ties* for the last place among the neighbours. Points whose distances differ by less than 1e-9
  of them share what is left of the places evenly. This is the mean over all choices between them,
  and hangs neither on the order of the points nor on the last bit of a distance. Most other
  programs take one of the tied; they are right too.
* *Fewer points than neighbours.* All points are used, and a warning says so.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arrays import (
    Floats,
    bare,
    elementwise,
    exceeds,
    number,
    numbers,
    same_labels,
    whole_number,
)
from housing._neighbors import Choice, KnownPoints, weights

__all__ = [
    "EARTH_RADIUS",
    "InverseDistance",
    "haversine",
    "idw",
    "idw_weights",
    "modification_factor",
]

#: Mean radius of the Earth in kilometres.
EARTH_RADIUS = 6371.0088

#: Coordinates and values up to here have squares that are finite, and so have sums of them.
_LARGEST = 1e100
#: At this power, the last bit of a distance changes its weight by no more than `ROUNDING`.
_MOST_POWER = 1e6
_MOST_WORKERS = 256
_METRICS = ("planar", "haversine")
_COINCIDENT = ("mean", "error")


def idw_weights(distances: ArrayLike, power: float = 2) -> Any:
    """Weights that fall with a power of the distance and add up to one.

    ``r_i = d_i**-p / sum_j d_j**-p``.

    Parameters
    ----------
    distances : array_like
        Distances to the known points along the last axis (the columns of a DataFrame), at least 0,
        in any unit.
    power : float, optional
        The exponent p, above 0 and at most a million.

    Returns
    -------
    ndarray, Series or DataFrame
        Shares of 1, of the shape of `distances`. A distance of zero takes all the weight; several
        of them share it evenly. Bare distances have no size to measure noise by: only 0 is zero.

    Raises
    ------
    ValueError
        If a distance is negative or not finite, there is none, or the power leaves its range.

    References
    ----------
    Computes: Xuan, Yazdanpanah and Kim (2020), equation (6).

    Examples
    --------
    >>> idw_weights([0.58, 0.85, 0.85, 1.9]).round(2)
    array([0.49, 0.23, 0.23, 0.05])
    >>> idw_weights([0.0, 1.0, 0.0])
    array([0.5, 0. , 0.5])
    """
    if np.ndim(bare("distances", distances)) == 0:
        raise ValueError(f"distances must be a list of distances, got {distances!r}")
    return _labelled_weights(distances, _exponent(power))


@elementwise
def _labelled_weights(distances: ArrayLike, power: float) -> Any:
    return weights(numbers("distances", distances, at_least=0), power)


def _exponent(power: float) -> float:
    return _at_most(_MOST_POWER, "power", number("power", power, above=0))


def _at_most(limit: float, name: str, value: float) -> float:
    if value > limit:
        raise ValueError(f"{name} must be at most {limit:g}, got {value:g}")
    return value


def idw(values: ArrayLike, distances: ArrayLike, power: float = 2) -> Any:
    """Value at a place from the values of its neighbours, the nearer the weightier.

    Parameters
    ----------
    values : array_like
        Values of the known points along the last axis: one list for all places, or one a place.
    distances : array_like
        Distances from each place to them, of the same length, at least 0.
    power : float, optional
        As in `idw_weights`.

    Returns
    -------
    float, ndarray or Series
        One value a place, in the unit of `values`, never outside their range. A Series where
        values or distances are a DataFrame, whose rows are the places.

    Raises
    ------
    ValueError
        If the numbers of values and distances differ, pandas labels stand in another order, or an
        argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), equation (6) and Table 6.

    Computes: Xuan, Yazdanpanah and Kim (2020), equation (6).

    Examples
    --------
    >>> round(idw([1006, 1158, 926, 1195], [0.58, 0.85, 0.85, 1.9]), 1)
    1031.3
    """
    return _in_kind(
        _weighted_mean("values", numbers("values", values), distances, power),
        _labels_of_places(values=values, distances=distances),
    )


def _weighted_mean(name: str, known: Floats, distances: ArrayLike, power: float) -> Floats:
    weight = np.asarray(idw_weights(distances, power))
    if known.ndim == 0 or known.shape[-1] != weight.shape[-1]:
        raise ValueError(
            f"{name} {known.shape} and distances {weight.shape} must have the same length"
        )
    try:
        np.broadcast_shapes(known.shape, weight.shape)
    except ValueError:
        raise ValueError(
            f"shapes do not match: {name} {known.shape}, distances {weight.shape}"
        ) from None
    with np.errstate(over="ignore"):  # the largest floats, by a last bit; it is taken off again
        mean = (known * weight).sum(axis=-1)
    return np.asarray(np.clip(mean, known.min(axis=-1), known.max(axis=-1)))


def _labels_of_places(**arguments: Any) -> pd.Index | None:
    """Refuse points, which lie along the last axis, in another order; return what labels places."""
    frames = {name: a for name, a in arguments.items() if isinstance(a, pd.DataFrame)}
    same_labels(**{name: a.T if name in frames else a for name, a in arguments.items()})
    same_labels(**frames)
    return next(iter(frames.values())).index if frames else None


def _in_kind(result: Floats, labels: pd.Index | None) -> Any:
    """Return one value as a float, and one a place as a Series where the places have labels."""
    if result.ndim == 0:
        return float(result)
    if labels is None:
        return result
    if result.shape != labels.shape:
        raise ValueError(f"shapes do not match: {result.shape} for labels of {labels.shape}")
    return pd.Series(result, index=labels)


def modification_factor(
    price: ArrayLike, other_prices: ArrayLike, distances: ArrayLike, power: float = 2
) -> Any:
    """Correction of an estate's price from the prices around other estates.

    ``delta = sum_i r_i (R0_i - R0)`` with weights ``r_i`` that fall with distance; the modified
    price of the estate is its own plus ``delta``.

    Parameters
    ----------
    price : array_like
        Market price around the estate, money per m2, at least 0.
    other_prices : array_like
        Market prices around the other estates along the last axis, at least 0.
    distances : array_like
        Distances between the estate and the others, of the same length, at least 0.
    power : float, optional
        As in `idw_weights`.

    Returns
    -------
    float, ndarray or Series
        Money per m2: above zero where the others are dearer. A Series where `price` is one or
        another argument is a DataFrame, whose rows are the estates.

    Raises
    ------
    ValueError
        If an argument leaves its range, lengths differ, or pandas labels stand in another order.

    Notes
    -----
    The source prints the difference as ``R0_i - R0_i``, which is always zero. The order taken here
    is the one that makes its factor positive.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), equations (5) to (7).

    Computes: Xuan, Yazdanpanah and Kim (2020), equation (5).

    Examples
    --------
    >>> round(modification_factor(1033, [1279, 1116], [1.0, 1.946]))
    212
    """
    labels = _labels_of_places(other_prices=other_prices, distances=distances)
    if isinstance(price, pd.Series):
        if labels is not None:
            same_labels(price=price, distances=labels.to_series())
        labels = price.index
    own = numbers("price", price, at_least=0)
    others = numbers("other_prices", other_prices, at_least=0)
    around = _weighted_mean("other_prices", others, distances, power)
    try:
        np.broadcast_shapes(own.shape, around.shape)
    except ValueError:
        raise ValueError(
            f"price must be one number or one an estate: {own.shape} for distances "
            f"{np.shape(distances)} and other_prices {others.shape}"
        ) from None
    return _in_kind(around - own, labels)


@elementwise
def haversine(
    longitude: ArrayLike,
    latitude: ArrayLike,
    other_longitude: ArrayLike,
    other_latitude: ArrayLike,
    *,
    radius: float = EARTH_RADIUS,
) -> Any:
    """Distance between two places along the Earth's surface, taken as a sphere.

    Parameters
    ----------
    longitude, other_longitude : array_like
        Degrees east, from -180 to 180.
    latitude, other_latitude : array_like
        Degrees north, from -90 to 90.
    radius : float, optional
        Of the sphere, above 0; kilometres by default.

    Returns
    -------
    float, ndarray, Series or DataFrame
        In the unit of `radius`.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> round(haversine(106.55, 29.56, 116.40, 39.90))  # Chongqing to Beijing
    1458
    """
    size = _at_most(_LARGEST, "radius", number("radius", radius, above=0))
    east, north = _degrees(longitude, latitude, "")
    other_east, other_north = _degrees(other_longitude, other_latitude, "other_")
    half_turn = _turn(east, other_east) / 2.0
    level = np.sqrt(_cosine(north) * _cosine(other_north))
    # Sines of half the arc to the other place and of half the arc to its antipode: each keeps its
    # digits where the other has lost them.
    near = np.hypot(_sine((other_north - north) / 2.0), level * _sine(half_turn))
    far = np.hypot(_sine((other_north + north) / 2.0), level * _cosine(half_turn))
    return size * (2.0 * np.arctan2(near, far))


def _degrees(longitude: ArrayLike, latitude: ArrayLike, prefix: str) -> tuple[Floats, Floats]:
    """Return longitude and latitude, or say which of them is out of range."""
    east = numbers(f"{prefix}longitude", longitude, at_least=-180, at_most=180)
    north = numbers(f"{prefix}latitude", latitude, at_least=-90, at_most=90)
    return east, north


def _turn(east: Floats, other_east: Floats) -> Floats:
    """Return the shorter way from one longitude to another, exact where they are near."""
    turn = other_east - east
    # Across the date line each is first measured from there.
    half = np.where(np.abs(turn) > 180.0, np.copysign(180.0, turn), 0.0)
    return np.asarray((other_east - half) - (east + half))


def _sine(degrees: Floats) -> Floats:
    """Return the sine of -180 to 180 degrees, exact where it is 0."""
    size = np.abs(degrees)
    folded = np.where(size > 90.0, 180.0 - size, size)
    return np.asarray(np.copysign(np.sin(np.radians(folded)), degrees))


def _cosine(degrees: Floats) -> Floats:
    """Return the cosine of -180 to 180 degrees, exact where it is 0."""
    return _sine(90.0 - np.abs(degrees))


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
    workers : int, optional
        Threads that search the tree, at least 1 and at most 256; -1 for all.
    chunk : int, optional
        Targets that are worked on at once, at least 1; fewer where they have many neighbors.

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
        workers: int = 1,
        chunk: int = 65_536,
    ) -> None:
        self.power = power
        self.neighbors = neighbors
        self.metric = metric
        self.coincident = coincident
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
        names = ("power", "neighbors", "metric", "coincident", "workers", "chunk")
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
            places = _on_unit_sphere("points", coordinates)
        else:
            _require_size(coordinates)
        values_of = _one_a_point(values, len(coordinates)).copy()
        known = KnownPoints(places, values_of, on_sphere=on_sphere)
        self._say_what_is_awkward(known, choice.neighbors)
        self._known, self.tree_, self.values_ = known, known.tree, known.value
        self.n_features_in_ = coordinates.shape[1]
        self._remember_labels(points, values)
        return self

    def predict(self, targets: ArrayLike) -> Any:
        """Interpolate at targets.

        Parameters
        ----------
        targets : array_like
            Coordinates, one row a target. A DataFrame has the columns of the points' DataFrame, in
            their order.

        Returns
        -------
        ndarray or Series
            One value a target: a Series with the index of a DataFrame of targets.

        Raises
        ------
        ValueError
            If `fit` has not been called, or the coordinates are not valid or of other axes.
        """
        labels = targets.index if isinstance(targets, pd.DataFrame) else None
        return _in_kind(self._at("targets", targets), labels)

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
        return _in_kind(self._known.around_each(self._choice()), self._labels)

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
        columns = self._columns
        if isinstance(places, pd.DataFrame) and not (
            columns is None or columns.equals(places.columns)
        ):
            raise ValueError(
                f"{name} must have the columns {[*columns]} in this order, got {[*places.columns]}"
            )
        coordinates = _coordinates(name, places)
        _require_columns(name, coordinates, self.n_features_in_)
        if self._known.on_sphere:
            coordinates = _on_unit_sphere(name, coordinates)
        return self._known.around(coordinates, self._choice())

    def _choice(self) -> Choice:
        """Return the parameters that say how to predict, or which of all is not valid."""
        for name, allowed in (("metric", _METRICS), ("coincident", _COINCIDENT)):
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
            power=_exponent(self.power),
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
    coordinates = numbers(name, points, at_least=-_LARGEST, at_most=_LARGEST)
    if coordinates.ndim != 2:
        raise ValueError(
            f"{name} must be one row a point, got shape {coordinates.shape}. "
            "Reshape your data: one point alone is [[x, y]]"
        )
    return coordinates


def _require_size(points: Floats) -> None:
    largest = np.abs(points).max()
    if 0.0 < largest < 1.0 / _LARGEST:
        raise ValueError(
            f"points must reach {1.0 / _LARGEST:g} in some coordinate or be all 0, "
            f"got at most {largest:g}"
        )


def _require_columns(name: str, coordinates: Floats, wanted: int) -> None:
    if coordinates.shape[1] != wanted:
        raise ValueError(f"{name} must have {wanted} columns, got {coordinates.shape[1]}")


def _one_a_point(values: ArrayLike, count: int) -> Floats:
    known = numbers("values", values, at_least=-_LARGEST, at_most=_LARGEST)
    if known.shape != (count,):
        raise ValueError(f"values must be one a point: {known.shape} for {count} points")
    return known


def _on_unit_sphere(name: str, coordinates: Floats) -> Floats:
    """Return the point of the unit sphere at each longitude and latitude: one a place."""
    east, north = _degrees(coordinates[:, 0], coordinates[:, 1], f"{name}: ")
    level = _cosine(north)
    return np.stack([level * _cosine(east), level * _sine(east), _sine(north)], axis=1)
