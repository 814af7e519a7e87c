"""Prices between places: inverse distance weighting (IDW) and what neighbours say of a price.

Rules that any program must settle, and how they are settled here:

* *Coincident points.* A target that lies on known points gets the mean of those of them that are
  among its neighbours; every other weight is zero.
* *Ties* for the last place among the neighbours go to the point that the k-d tree meets first.
  Other programs may choose the other one; both are right.
* *Fewer points than neighbours.* All points are used, and a warning says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from housing._arrays import Floats, elementwise, number, numbers

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


def idw_weights(distances: ArrayLike, power: float = 2) -> Any:
    """Weights that fall with a power of the distance and add up to one.

    ``r_i = d_i**-p / sum_j d_j**-p``.

    Parameters
    ----------
    distances : array_like
        Distances to the known points along the last axis (the columns of a DataFrame), at least 0,
        in any unit.
    power : float, optional
        The exponent p, above 0.

    Returns
    -------
    ndarray, Series or DataFrame
        Shares of 1, of the shape of `distances`. A distance of zero takes all the weight; several
        of them share it evenly.

    Raises
    ------
    ValueError
        If a distance is negative or not finite, there is none, or the power is not above 0.

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
    if np.ndim(distances) == 0:
        raise ValueError(f"distances must be a list of distances, got {distances!r}")
    exponent = number("power", power, above=0)
    return _labelled_weights(distances, exponent)


@elementwise
def _labelled_weights(distances: ArrayLike, power: float) -> Any:
    d = numbers("distances", distances, at_least=0)
    return _weights(d, d.min(axis=-1, keepdims=True), power)


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
    float or ndarray
        One value a place, in the unit of `values`, never outside their range.

    Raises
    ------
    ValueError
        If the numbers of values and distances differ, or an argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), equation (6) and Table 6.

    Computes: Xuan, Yazdanpanah and Kim (2020), equation (6).

    Examples
    --------
    >>> round(idw([1006, 1158, 926, 1195], [0.58, 0.85, 0.85, 1.9]), 1)
    1031.3
    """
    known = numbers("values", np.asarray(values))
    weight = np.asarray(idw_weights(distances, power))
    if known.ndim == 0 or known.shape[-1] != weight.shape[-1]:
        raise ValueError(
            f"values {known.shape} and distances {weight.shape} must have the same length"
        )
    try:
        np.broadcast_shapes(known.shape, weight.shape)
    except ValueError:
        raise ValueError(
            f"shapes do not match: values {known.shape}, distances {weight.shape}"
        ) from None
    result = (known * weight).sum(axis=-1)
    return float(result) if result.ndim == 0 else result


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
    float or ndarray
        Money per m2: above zero where the others are dearer.

    Raises
    ------
    ValueError
        If an argument leaves its range, or lengths differ.

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
    own = numbers("price", price, at_least=0)
    delta = idw(numbers("other_prices", other_prices, at_least=0), distances, power) - own
    return float(delta) if np.ndim(delta) == 0 else delta


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
    size = number("radius", radius, above=0)
    here = _degrees(longitude, latitude, "")
    there = _degrees(other_longitude, other_latitude, "other_")
    half_east, half_north = ((b - a) / 2.0 for a, b in zip(here, there, strict=True))
    across = np.cos(here[1]) * np.cos(there[1]) * np.sin(half_east) ** 2
    chord = np.sqrt(np.sin(half_north) ** 2 + across)
    return 2.0 * size * np.arcsin(np.minimum(chord, 1.0))


class InverseDistance:
    """Inverse distance weighting of the nearest known points, by a k-d tree.

    Fits and predicts as scikit-learn's regressors do, and needs none of it. Targets are worked
    through in chunks, so that memory does not grow with their number.

    Parameters
    ----------
    power : float, optional
        Exponent of the distance, above 0.
    neighbors : int, optional
        How many of the nearest points count, at least 1.
    metric : {"planar", "haversine"}, optional
        Straight lines between coordinates of any number of axes, or arcs between pairs of
        longitude and latitude in degrees.
    coincident : {"mean", "error"}, optional
        What `fit` does with points in one place whose values differ: warn, and use their mean
        there, or refuse them.
    workers : int, optional
        Threads that search the tree; -1 for all.
    chunk : int, optional
        Targets that are worked on at once, at least 1.

    Attributes
    ----------
    tree_ : cKDTree
        Of the known points.
    values_ : ndarray
        Their values.
    n_features_in_ : int
        Axes of the coordinates.

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
        """Change parameters by name.

        Raises
        ------
        ValueError
            If there is no parameter of that name.
        """
        for name, value in parameters.items():
            if name not in self.get_params():
                raise ValueError(f"no parameter {name!r}; there are {[*self.get_params()]}")
            setattr(self, name, value)
        return self

    def fit(self, points: ArrayLike, values: ArrayLike) -> Self:
        """Take in the known points.

        Parameters
        ----------
        points : array_like
            Coordinates, one row a point.
        values : array_like
            One value a point.

        Returns
        -------
        InverseDistance
            Itself.

        Raises
        ------
        ValueError
            If a parameter, coordinate or value is not valid, the numbers of points and values
            differ, or `coincident` is "error" and values in one place differ.

        Warns
        -----
        UserWarning
            If there are fewer points than neighbors (all are used), or values in one place differ
            (their mean is used).
        """
        self._validate()
        places = self._coordinates("points", points)
        known = numbers("values", values)
        if known.shape != places.shape[:1]:
            raise ValueError(
                f"values must be one a point: {known.shape} for {places.shape[0]} points"
            )
        self._look_for_coincident(places, known)
        if len(known) < self.neighbors:
            warnings.warn(
                f"{len(known)} points for {self.neighbors} neighbors: all points are used",
                stacklevel=2,
            )
        self.tree_ = cKDTree(places)
        self.values_ = known.copy()
        self.n_features_in_ = 2 if self.metric == "haversine" else places.shape[1]
        return self

    def predict(self, targets: ArrayLike) -> Floats:
        """Interpolate at targets.

        Parameters
        ----------
        targets : array_like
            Coordinates, one row a target.

        Returns
        -------
        ndarray
            One value a target.

        Raises
        ------
        ValueError
            If `fit` has not been called, or the coordinates are not valid or of other axes.
        """
        places = self._coordinates("targets", targets, fitted=True)
        result = np.empty(len(places))
        k = min(self.neighbors, len(self.values_))
        for part in self._chunks(len(places)):
            order = _nearby_together(places[part])
            distance, index = self.tree_.query(places[part][order], k=k, workers=self.workers)
            result[part][order] = self._average(distance.reshape(-1, k), index.reshape(-1, k))
        return result

    def leave_one_out(self) -> Floats:
        """Interpolate at every known point from the others.

        The point itself is left out by its number and not by its distance, so that another sale
        in the same place still counts.

        Returns
        -------
        ndarray
            One value a known point.

        Raises
        ------
        ValueError
            If `fit` has not been called, or on fewer than two points.
        """
        self._require_fitted()
        count = len(self.values_)
        if count < 2:
            raise ValueError("leaving one out needs at least 2 points, got 1")
        k = min(self.neighbors, count - 1)
        result = np.empty(count)
        for part in self._chunks(count):
            places = self.tree_.data[part]
            distance, index = self.tree_.query(places, k=k + 1, workers=self.workers)
            own = index == np.arange(count)[part, None]
            # Among many coincident points the own one may be missing: then the last one goes.
            own[~own.any(axis=1), -1] = True
            others = (len(places), k)
            result[part] = self._average(
                distance[~own].reshape(others), index[~own].reshape(others)
            )
        return result

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
        return float(np.sqrt(np.mean((self.leave_one_out() - self.values_) ** 2)))

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
            As in `predict`, if lengths differ, or if all the values are the same.
        """
        told, known = self.predict(points), numbers("values", values)
        if known.shape != told.shape:
            raise ValueError(f"values must be one a point: {known.shape} for {told.size} points")
        spread = np.sum((known - known.mean()) ** 2)
        if spread == 0:
            raise ValueError("values must differ: a share of their variance is asked for")
        return float(1.0 - np.sum((known - told) ** 2) / spread)

    # Inner parts ---------------------------------------------------------------------------

    def _average(self, distance: Floats, index: NDArray[np.intp]) -> Floats:
        if self.metric == "haversine":
            # The tree knows chords of a unit sphere; the arc above a chord grows with it.
            distance = 2.0 * np.arcsin(np.minimum(distance / 2.0, 1.0))
        weight = _weights(distance, distance[:, :1], self.power)
        return np.asarray(np.einsum("ij,ij->i", weight, self.values_[index]))

    def _chunks(self, count: int) -> Iterator[slice]:
        for start in range(0, count, self.chunk):
            yield slice(start, start + self.chunk)

    def _coordinates(self, name: str, points: ArrayLike, *, fitted: bool = False) -> Floats:
        """Return coordinates as the tree wants them: as they are, or on the unit sphere."""
        if fitted:
            self._require_fitted()
        places = numbers(name, points)
        if places.ndim != 2:
            raise ValueError(f"{name} must be one row a point, got shape {places.shape}")
        wanted = self.n_features_in_ if fitted else 2 if self.metric == "haversine" else None
        if wanted is not None and places.shape[1] != wanted:
            raise ValueError(f"{name} must have {wanted} columns, got {places.shape[1]}")
        if self.metric == "planar":
            return places
        east, north = _degrees(places[:, 0], places[:, 1], f"{name}: ")
        level = np.cos(north)
        return np.stack([level * np.cos(east), level * np.sin(east), np.sin(north)], axis=1)

    def _look_for_coincident(self, places: Floats, known: Floats) -> None:
        """Warn of points in one place whose values differ, or refuse them."""
        order = np.lexsort(places.T)
        same = (places[order[1:]] == places[order[:-1]]).all(axis=1)
        differ = same & (known[order[1:]] != known[order[:-1]])
        if not differ.any():
            return
        first = sorted(order[int(np.argmax(differ)) :][:2].tolist())
        said = (
            f"points {first[0]} and {first[1]} lie in one place with values "
            f"{known[first[0]]:g} and {known[first[1]]:g}"
        )
        if self.coincident == "error":
            raise ValueError(said)
        warnings.warn(f"{said}: in such places the mean is used", stacklevel=3)

    def _require_fitted(self) -> None:
        if not hasattr(self, "tree_"):
            raise ValueError("no points are known yet: call fit first")

    def _validate(self) -> None:
        number("power", self.power, above=0)
        for name in ("neighbors", "chunk"):
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or value < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
        if self.workers != -1 and (
            not isinstance(self.workers, int | np.integer) or self.workers < 1
        ):
            raise ValueError(f"workers must be -1 or at least 1, got {self.workers!r}")
        for name, allowed in (("metric", _METRICS), ("coincident", _COINCIDENT)):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {allowed}, got {getattr(self, name)!r}")


_METRICS = ("planar", "haversine")
_COINCIDENT = ("mean", "error")


def _weights(distance: Floats, nearest: Floats, power: float) -> Floats:
    """Return weights along the last axis; measured in the nearest distance, none overflows."""
    with np.errstate(invalid="ignore"):
        weight = nearest / distance
    weight = np.asarray(np.square(weight, out=weight) if power == 2 else weight**power)
    on_a_point = nearest[..., 0] == 0
    if on_a_point.any():
        weight[on_a_point] = distance[on_a_point] == 0
    weight /= weight.sum(axis=-1, keepdims=True)
    return weight


def _nearby_together(places: Floats) -> NDArray[np.intp]:
    """Return an order that goes strip by strip: a search for near targets finds the tree cached."""
    first = places[:, 0]
    strips = np.sqrt(len(first) / 2.0) / (np.ptp(first) or 1.0)
    strip = ((first - first.min()) * strips).astype(np.int32)
    return np.lexsort((places[:, -1], strip))


def _degrees(longitude: ArrayLike, latitude: ArrayLike, prefix: str) -> tuple[Floats, Floats]:
    """Return longitude and latitude in radians, or say which of them is out of range."""
    east = numbers(f"{prefix}longitude", longitude, at_least=-180, at_most=180)
    north = numbers(f"{prefix}latitude", latitude, at_least=-90, at_most=90)
    return np.radians(east), np.radians(north)
