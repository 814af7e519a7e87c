"""Fee arrears: how unpaid fees and poor services keep each other up, and what ends it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, lambertw, logit

from housing._arguments import (
    Floats,
    broadcast,
    elementwise,
    fitting,
    number,
    numbers,
    same_labels,
    share,
    whole_number,
    within_floats,
)
from housing._limits import difference, equals, reaches
from housing.oversight._inputs import MOST_STEPS, amount, bisect

__all__ = [
    "CollectionPath",
    "CollectionStates",
    "TippingPoints",
    "collection_path",
    "collection_rate",
    "collection_states",
    "service_quality",
    "tipping_efforts",
    "tipping_subsidies",
]


#: From this level on `_two` counts step by step, of which each gains two and a half digits.
FAR = 500.0
FAR_STEPS = 8


class CollectionStates(NamedTuple):
    """Collection rates at which an estate stays where it is."""

    low: Any
    threshold: Any
    high: Any


class TippingPoints(NamedTuple):
    """Where one of an estate's two stable states ceases to exist."""

    collapse: Any
    recovery: Any


class CollectionPath(NamedTuple):
    """Collection and service quality over time: the first axis is the step, from 0."""

    collection: Any
    quality: Any


@elementwise
def service_quality(
    collection: ArrayLike, fee: ArrayLike, cost: ArrayLike, subsidy: ArrayLike = 0.0
) -> Any:
    """Quality of property services that the money at hand pays for.

    Parameters
    ----------
    collection : array_like
        Share of households that pay, from 0 to 1.
    fee : array_like
        Property management fee, money per household and month, at least 0.
    cost : array_like
        Cost of full service, in the same unit, above 0.
    subsidy : array_like, optional
        Subsidy to the property company, in the same unit, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        1 for full service, 0 for none, above 1 where there is money to spare.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Yuan, "The dilemma of indemnificatory housing's property management and services": unpaid fees
    leave companies with losses, and losses leave infrastructure and environment unkept.

    Examples
    --------
    >>> service_quality([1.0, 0.5], fee=50, cost=50).tolist()
    [1.0, 0.5]
    """
    received = amount("fee", fee) * share("collection", collection) + amount("subsidy", subsidy)
    return received / numbers("cost", cost, above=0)


@elementwise
def collection_rate(
    quality: ArrayLike, tolerance: ArrayLike, spread: ArrayLike, effort: ArrayLike = 0.0
) -> Any:
    """Share of households that pay their fee at a quality of service.

    Parameters
    ----------
    quality : array_like
        1 for full service, at least 0.
    tolerance : array_like
        Quality at which half of the households pay unasked.
    spread : array_like
        How much households differ in that, in units of quality, above 0.
    effort : array_like, optional
        Share of those who would not pay that reminders and courts make pay, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        From 0 to 1.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    Each household pays if service is at least as good as a standard of its own. That standards
    follow a logistic distribution is the model's assumption, not its source's.

    References
    ----------
    Yuan, "Some residents lack of public awareness" and, for the effort, "Enhance personal
    qualities, and strengthen the property management".

    Examples
    --------
    >>> collection_rate([0.0, 0.6, 1.0], tolerance=0.6, spread=0.1).round(3).tolist()
    [0.002, 0.5, 0.982]
    >>> collection_rate(0.6, 0.6, 0.1, effort=0.5)
    0.75
    """
    made = share("effort", effort)
    distance = numbers("quality", quality, at_least=0) - numbers("tolerance", tolerance)
    willing = expit(distance / numbers("spread", spread, above=0))
    return willing + made * (1.0 - willing)


@elementwise(finite=False)
def collection_states(
    fee: ArrayLike,
    cost: ArrayLike,
    tolerance: ArrayLike,
    spread: ArrayLike,
    subsidy: ArrayLike = 0.0,
    effort: ArrayLike = 0.0,
) -> CollectionStates:
    """Find where collection and service quality keep each other where they are.

    Parameters
    ----------
    fee, cost, subsidy : array_like
        As in `service_quality`.
    tolerance, spread, effort : array_like
        As in `collection_rate`.

    Returns
    -------
    CollectionStates
        The stable states `low` and `high` and the `threshold` between them, from which an estate
        drifts away. Where there is one state only, `low` and `high` are both that, and the
        threshold is NaN.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    With :math:`y` the share of households that pay unasked and :math:`z` its logit, a state solves
    :math:`z = x + b y`, :math:`b = f (1-e) / (k w)`. There are two stable ones only if
    :math:`b > 4`: fees must weigh enough in the cost :math:`k`, and households be enough alike (a
    small spread :math:`w`).

    Examples
    --------
    >>> states = collection_states(fee=50, cost=50, tolerance=0.6, spread=0.1)
    >>> [round(state, 3) for state in states]
    [0.003, 0.671, 0.978]
    """
    fee_, cost_, width, made, slope = _estate(fee, cost, spread, effort)
    unasked = (fee_ * made + amount("subsidy", subsidy)) / cost_ - numbers("tolerance", tolerance)
    start, slope = np.broadcast_arrays(unasked / width, slope)
    left, right = _folds(slope)

    def beyond(z: Any) -> Any:
        return z - slope * expit(z) - start

    end = start + slope
    # Below its fold each outer branch rises through zero once; the middle one falls.
    low = bisect(beyond, start, np.fmin(left, end))
    high = bisect(beyond, np.fmax(right, start), end)
    middle = -bisect(lambda z: beyond(-z), -np.fmax(right, start), -np.fmin(left, end))
    # At its tipping point a state is still there.
    has_low = reaches(left - start, slope * expit(left))
    has_high = reaches(slope * expit(right), right - start)
    one = np.isnan(left) | ~(has_low & has_high)
    only = np.where(has_low, low, high)
    payers = (np.where(one, only, low), np.where(one, np.nan, middle), np.where(one, only, high))
    return CollectionStates(*(made + (1.0 - made) * expit(z) for z in payers))


@elementwise(finite=False)
def tipping_subsidies(
    fee: ArrayLike,
    cost: ArrayLike,
    tolerance: ArrayLike,
    spread: ArrayLike,
    effort: ArrayLike = 0.0,
) -> TippingPoints:
    """Subsidies at which an estate's good and bad state cease to exist.

    Parameters
    ----------
    fee, cost : array_like
        As in `service_quality`.
    tolerance, spread, effort : array_like
        As in `collection_rate`.

    Returns
    -------
    TippingPoints
        Below `collapse` only the bad state is left, above `recovery` only the good one: money per
        household and month, below 0 where it takes a levy rather than a subsidy. NaN where there
        is one state whatever the subsidy.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> points = tipping_subsidies(fee=50, cost=50, tolerance=0.6, spread=0.1)
    >>> [round(point, 2) for point in points]
    [-4.05, 14.05]
    """
    fee_, cost_, width, made, slope = _estate(fee, cost, spread, effort)
    level = numbers("tolerance", tolerance)
    left, right = (
        cost_ * (level + width * (z - slope * expit(z))) - fee_ * made for z in _folds(slope)
    )
    return TippingPoints(collapse=right, recovery=left)


@elementwise(finite=False)
def tipping_efforts(
    fee: ArrayLike,
    cost: ArrayLike,
    tolerance: ArrayLike,
    spread: ArrayLike,
    subsidy: ArrayLike = 0.0,
) -> TippingPoints:
    """Efforts of collection at which an estate's good and bad state cease to exist.

    Parameters
    ----------
    fee, cost, subsidy : array_like
        As in `service_quality`; the fee above 0.
    tolerance, spread : array_like
        As in `collection_rate`.

    Returns
    -------
    TippingPoints
        Below `collapse` only the bad state is left, above `recovery` only the good one: shares of
        those who would not pay, always below 1; below 0 where no effort is needed, and -inf where
        a float holds no number so low. NaN where there is one state whatever the effort.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    With :math:`a = f / (k w)` and :math:`x_1` the logit of willingness at full collection, a fold
    lies at the effort :math:`1 - (1 + z)^2 / (a z)`, where :math:`z e^{-z} = e^{1 - x_1}`:
    Lambert's function gives both solutions.

    Examples
    --------
    >>> points = tipping_efforts(fee=50, cost=50, tolerance=0.6, spread=0.1)
    >>> [round(point, 3) for point in points]
    [-1.111, 0.327]
    """
    fee_ = numbers("fee", fee, above=0)
    cost_, width = numbers("cost", cost, above=0), numbers("spread", spread, above=0)
    slope = fee_ / (cost_ * width)
    full = ((fee_ + amount("subsidy", subsidy)) / cost_ - numbers("tolerance", tolerance)) / width
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        collapse, recovery = (1.0 - (1.0 + z) / slope * (1.0 + 1.0 / z) for z in _two(full - 1.0))
    return TippingPoints(collapse, recovery)


@within_floats
def collection_path(
    collection: ArrayLike,
    quality: ArrayLike,
    steps: int,
    *,
    fee: float,
    cost: float,
    tolerance: float,
    spread: float,
    subsidy: ArrayLike = 0.0,
    effort: ArrayLike = 0.0,
    household_speed: float = 0.5,
    service_speed: float = 0.5,
) -> CollectionPath:
    """Follow collection and service quality from where they start.

    Parameters
    ----------
    collection, quality : array_like
        Where estates start; they broadcast.
    steps : int
        How many steps, at least 1.
    fee, cost, tolerance, spread : float
        As in `service_quality` and `collection_rate`, one number each.
    subsidy, effort : array_like, optional
        One number, or one row for each step: a number, or one for each estate.
    household_speed, service_speed : float, optional
        How much of the distance to their mark payers and services go in a step, above 0 and at
        most 1.

    Returns
    -------
    CollectionPath
        Of ``steps + 1`` rows, the start first.

    Raises
    ------
    ValueError
        If an argument leaves its range, there are too many steps, or shapes do not match or labels
        differ.

    Examples
    --------
    >>> estate = {"fee": 50, "cost": 50, "tolerance": 0.6, "spread": 0.1}
    >>> path = collection_path([0.65, 0.80], [0.65, 0.80], 60, **estate)
    >>> path.collection[-1].round(3).tolist()
    [0.003, 0.978]
    """
    count = whole_number("steps", steps)
    fitting("steps", count, count, most=MOST_STEPS, things="steps")
    households = number("household_speed", household_speed, above=0, at_most=1)
    services = number("service_speed", service_speed, above=0, at_most=1)
    of_households = number("tolerance", tolerance), number("spread", spread, above=0)
    of_services = number("fee", fee, at_least=0), number("cost", cost, above=0)
    paid, made = _each_step("subsidy", subsidy, count), _each_step("effort", effort, count)
    same_labels(collection=collection, quality=quality)
    payers, service, *_ = broadcast(
        collection=share("collection", collection),
        quality=numbers("quality", quality, at_least=0),
        subsidy=paid[0],
        effort=made[0],
    )
    fitting("steps", count, 2.0 * count * payers.size)
    rows = [(payers, service)]
    for subsidised, pressed in zip(paid, made, strict=True):
        payers, service = (
            payers + households * (collection_rate(service, *of_households, pressed) - payers),
            service + services * (service_quality(payers, *of_services, subsidised) - service),
        )
        rows.append((payers, service))
    return CollectionPath(*(np.array(column) for column in zip(*rows, strict=True)))


def _estate(
    fee: ArrayLike, cost: ArrayLike, spread: ArrayLike, effort: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return the terms of an estate, checked, and how strongly paying feeds on itself."""
    fee_, cost_ = amount("fee", fee), numbers("cost", cost, above=0)
    made, width = share("effort", effort), numbers("spread", spread, above=0)
    return fee_, cost_, width, made, fee_ * (1.0 - made) / (cost_ * width)


def _folds(slope: Any) -> tuple[Any, Any]:
    """Return the logits between which paying feeds on itself; NaN where it nowhere does."""
    excess = difference(slope, 4.0)
    steep = np.where(excess >= 0, slope, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        half = np.sqrt(np.where(excess >= 0, excess / slope, np.nan)) / 2.0
    # The smaller willingness, and not as a difference from one half, which may round to nothing.
    left = logit(1.0 / steep / (0.5 + half))
    return left, -left


def _two(level: Any) -> tuple[Any, Any]:
    """Return the two numbers that are their logarithm and a level apart; NaN for a level below 1.

    They are those at which ``z e**-z`` is ``e**-level``.
    """
    product = np.where(level >= 1.0, -np.exp(-level), np.nan)
    # At 1 both meet, where the last bit decides whether Lambert's function is one.
    low, high = (
        np.where(equals(level, 1.0), 1.0, -lambertw(product, branch).real) for branch in (0, -1)
    )
    # Where the product is too small for a float, the larger one is still next to its level.
    distant = far = np.maximum(level, FAR)
    for _ in range(FAR_STEPS):
        far = distant + np.log(far)
    return low, np.where(level > FAR, far, high)


def _each_step(name: str, value: ArrayLike, steps: int) -> Floats:
    """Return one row a step."""
    array = numbers(name, value, at_least=0)
    if array.ndim and array.shape[0] != steps:
        raise ValueError(
            f"{name} must be one number or have one row for each of {steps} steps, "
            f"got the shape {array.shape}"
        )
    return array if array.ndim else np.full(steps, array)
