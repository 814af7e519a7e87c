"""Formulas: weights that fall with distance, what they say of a price, distances on the Earth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, bare, elementwise, number, numbers, same_labels
from housing.interpolation._neighbors import weights

__all__ = ["EARTH_RADIUS", "haversine", "idw", "idw_weights", "modification_factor"]

#: Mean radius of the Earth in kilometres.
EARTH_RADIUS = 6371.0088
#: Lengths, coordinates and values up to here have squares that are finite, and so have their sums.
LARGEST = 1e100
#: At this power, the last bit of a distance changes its weight by no more than `ROUNDING`.
_MOST_POWER = 1e6


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
    return _labelled_weights(distances, exponent(power))


@elementwise
def _labelled_weights(distances: ArrayLike, power: float) -> Any:
    return weights(numbers("distances", distances, at_least=0), power)


def exponent(power: float) -> float:
    """Return the power of distances, or say that it leaves its range."""
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
    return in_kind(
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


def in_kind(result: Floats, labels: pd.Index | None) -> Any:
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
    return in_kind(around - own, labels)


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
    size = _at_most(LARGEST, "radius", number("radius", radius, above=0))
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


def on_unit_sphere(name: str, coordinates: Floats) -> Floats:
    """Return the point of the unit sphere at each longitude and latitude: one a place."""
    east, north = _degrees(coordinates[:, 0], coordinates[:, 1], f"{name}: ")
    level = _cosine(north)
    return np.stack([level * _cosine(east), level * _sine(east), _sine(north)], axis=1)
