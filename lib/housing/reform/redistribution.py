"""Redistribution: who gains and who loses when rents rise and wages or allowances pay for it.

Households differ in wage and in rented space. A joint distribution is a matrix of weights, one row
a wage and one column a space, that adds up to 1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    broadcast,
    elementwise,
    number,
    numbers,
    only_counts,
    row,
    same_labels,
    within_floats,
)
from housing._limits import ROUNDING, difference, exceeds
from housing.reform._distribution import distribution_weights, joint_distribution, require_labels

__all__ = [
    "Averages",
    "Redistribution",
    "averages",
    "break_even_space",
    "gains",
    "in_kind_subsidy",
    "neutral_allowance",
    "neutral_wage_rise",
    "winners_and_losers",
]

MONTHS = 12


class Averages(NamedTuple):
    """The average household of a distribution."""

    wage: float
    space: float


class Redistribution(NamedTuple):
    """What a policy does to the households of a distribution, per household of the whole."""

    winners: Any
    losers: Any
    unchanged: Any
    total_gain: Any
    total_loss: Any
    balance: Any


@elementwise
def in_kind_subsidy(cost_rent: ArrayLike, rent: ArrayLike, space: ArrayLike) -> Any:
    """Yearly worth of living at less than the cost rent.

    Parameters
    ----------
    cost_rent, rent : array_like
        Rent that would pay for the flat, and the one that is charged: money per m2 and month, at
        least 0.
    space : array_like
        Rented space, m2, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year; below 0 where more is charged than the flat costs.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), Table 2.2 with note 3.

    Computes: World Bank (1991), Table 2.2, note 3; para. 5.27.

    Examples
    --------
    >>> round(in_kind_subsidy(3.16, 0.13, 11.81), 2)
    429.41
    """
    gap = difference(numbers("cost_rent", cost_rent, at_least=0), numbers("rent", rent, at_least=0))
    return MONTHS * numbers("space", space, at_least=0) * gap


@within_floats
def averages(weights: ArrayLike, wages: ArrayLike, spaces: ArrayLike) -> Averages:
    """Average wage and average space of a joint distribution.

    Parameters
    ----------
    weights : array_like
        Shares of households, one row a wage and one column a space; they add up to 1.
    wages : array_like
        Wage of each row, money per year, at least 0.
    spaces : array_like
        Rented space of each column, m2, at least 0.

    Returns
    -------
    Averages
        Of the wages and of the spaces, by the margins of the distribution.

    Raises
    ------
    ValueError
        If the weights are no distribution over the wages and spaces (the message has their sum),
        or an argument leaves its range.

    References
    ----------
    World Bank (1991), Table 2.6 and paras. 2.37-2.39.

    Computes: World Bank (1991), para. 2.37.

    Examples
    --------
    >>> weights = [[0.20, 0.05, 0.05], [0.15, 0.20, 0.05], [0.05, 0.10, 0.15]]
    >>> wage, space = averages(weights, [1500, 2100, 3000], [16, 32, 61])
    >>> round(wage, 2), round(space, 2)
    (2190.0, 32.85)
    """
    share_of, wage, space = joint_distribution(weights, wages, spaces)
    return Averages(float(share_of.sum(axis=1) @ wage), float(share_of.sum(axis=0) @ space))


@within_floats
def neutral_wage_rise(
    weights: ArrayLike, wages: ArrayLike, spaces: ArrayLike, rent_rise: ArrayLike
) -> Any:
    """Rise of all wages, by one percentage, that pays for a rise of rents on average.

    Parameters
    ----------
    weights, wages, spaces : array_like
        As in `averages`; the average wage above 0.
    rent_rise : array_like
        Money per m2 and year.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal for each rise of rent: 0.62 raises wages by 62 per cent.

    Raises
    ------
    ValueError
        If the weights are no distribution over the wages and spaces (the message has their sum),
        or an argument leaves its range.

    See Also
    --------
    neutral_allowance : the rival policy, the same sum for every household.

    References
    ----------
    World Bank (1991), paras. 2.36 and 2.39-2.40.

    Computes: World Bank (1991), para. 2.39.

    Examples
    --------
    >>> weights = [[0.20, 0.05, 0.05], [0.15, 0.20, 0.05], [0.05, 0.10, 0.15]]
    >>> round(neutral_wage_rise(weights, [1500, 2100, 3000], [16, 32, 61], 41.2), 3)
    0.618
    """
    mean = averages(weights, wages, spaces)
    per_unit = mean.space / number("the average of wages", mean.wage, above=0)
    return _times(rent_rise, per_unit)


@within_floats
def neutral_allowance(
    weights: ArrayLike, wages: ArrayLike, spaces: ArrayLike, rent_rise: ArrayLike
) -> Any:
    """Lump sum for every household that pays for a rise of rents on average.

    Parameters
    ----------
    weights, wages, spaces : array_like
        As in `averages`; the wages do not matter.
    rent_rise : array_like
        Money per m2 and year.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per household and year, for each rise of rent.

    Raises
    ------
    ValueError
        If the weights are no distribution over the wages and spaces (the message has their sum),
        or an argument leaves its range.

    See Also
    --------
    neutral_wage_rise : the report's policy, in proportion to wages.

    Notes
    -----
    The report raises wages "by an equal percentage amount"; a lump sum is what Annex 1 adds to the
    wage of its average household.

    References
    ----------
    World Bank (1991), para. 2.34 and Annex 1, notes b to e of the table.

    Computes: World Bank (1991), Annex 1, table, notes b to e.

    Examples
    --------
    >>> weights = [[0.20, 0.05, 0.05], [0.15, 0.20, 0.05], [0.05, 0.10, 0.15]]
    >>> round(neutral_allowance(weights, [1500, 2100, 3000], [16, 32, 61], 41.2), 2)
    1353.42
    """
    return _times(rent_rise, averages(weights, wages, spaces).space)


@within_floats
def gains(
    wages: ArrayLike,
    spaces: ArrayLike,
    rent_rise: ArrayLike,
    wage_rise: ArrayLike = 0.0,
    *,
    allowance: ArrayLike = 0.0,
) -> Any:
    """Gain of each kind of household, of every wage and space, from one policy or from many.

    Parameters
    ----------
    wages : array_like
        Money per year, at least 0.
    spaces : array_like
        Rented space, m2, at least 0.
    rent_rise : array_like
        Money per m2 and year.
    wage_rise : array_like, optional
        Rise of all wages, a decimal from -1 to 5: 0.62 for 62 per cent.
    allowance : array_like, optional
        Money per household and year.

    Returns
    -------
    ndarray or DataFrame
        Money per year, a loss below 0: one row a wage, one column a space. The axes of the policy,
        to which `rent_rise`, `wage_rise` and `allowance` broadcast, come first. One policy over
        wages or spaces that are a Series gives a DataFrame with their labels.

    Raises
    ------
    ValueError
        If an argument leaves its range, or policies do not broadcast or have other labels.

    References
    ----------
    World Bank (1991), para. 2.41 and Table 2.7.

    Computes: World Bank (1991), para. 2.41.

    Examples
    --------
    >>> gains([1500, 2100, 3000], [16, 32, 61], 41.2, 0.62).round()
    array([[  271.,  -388., -1583.],
           [  643.,   -16., -1211.],
           [ 1201.,   542.,  -653.]])
    """
    same_labels(rent_rise=rent_rise, wage_rise=wage_rise, allowance=allowance)
    wage, space = row("wages", wages, at_least=0), row("spaces", spaces, at_least=0)
    rent, rise, sum_ = broadcast(
        rent_rise=numbers("rent_rise", rent_rise),
        wage_rise=_wage_rise(wage_rise, at_least=-1.0),
        allowance=numbers("allowance", allowance),
    )
    received = rise[..., None] * wage + sum_[..., None]
    due = rent[..., None] * space
    gain = difference(received[..., :, None], due[..., None, :])
    index, columns = (a.index if isinstance(a, pd.Series) else None for a in (wages, spaces))
    if gain.ndim == 2 and (index is not None or columns is not None):
        return pd.DataFrame(gain, index=index, columns=columns)
    return gain


@within_floats
def winners_and_losers(weights: ArrayLike, gain: ArrayLike, *, dust: float = 0.0) -> Redistribution:
    """Shares of winners and losers, and what they win and lose.

    Parameters
    ----------
    weights : array_like
        Shares of households, of two axes; they add up to 1.
    gain : array_like
        Gain of each kind of household: the last two axes are those of the weights. Two DataFrames
        need the same labels in the same order, but for an axis of either that only counts 0, 1,
        2, ..., as `gains` leaves it where wages or spaces have no labels.
    dust : float, optional
        A gain or loss that is no larger counts as none, at least 0; so does what is noise beside
        the largest of all.

    Returns
    -------
    Redistribution
        Shares of households that win, lose and do neither; the weighted sums of gains and of
        losses, both positive; and the weighted sum of both, 0 if the policy is revenue-neutral.

    Raises
    ------
    ValueError
        If the weights are no distribution (the message has their sum), or the gains are of another
        shape or have other labels.

    References
    ----------
    World Bank (1991), paras. 2.42-2.43.

    Computes: World Bank (1991), para. 2.42.

    Examples
    --------
    >>> weights = [[0.20, 0.05, 0.05], [0.15, 0.20, 0.05], [0.05, 0.10, 0.15]]
    >>> gain = [[271, -388, -1583], [643, -16, -1211], [1201, 542, -653]]
    >>> winners_and_losers(weights, gain).total_gain
    264.9
    """
    share_of = distribution_weights(weights)
    change = numbers("gain", gain)
    if change.shape[-2:] != share_of.shape:
        raise ValueError(
            f"gain must have the shape of weights {share_of.shape} in its last two axes, "
            f"got {change.shape}"
        )
    if isinstance(weights, pd.DataFrame) and isinstance(gain, pd.DataFrame):
        for labels, of_weights in zip(gain.axes, weights.axes, strict=True):
            by_place = only_counts(labels) or only_counts(of_weights)
            # The same places in another order are labels again: a frame was sorted.
            if not by_place or set(labels) == set(of_weights):
                require_labels("gain", labels, of_weights)
    limit = number("dust", dust, at_least=0)
    noise = ROUNDING * np.abs(change).max(axis=(-2, -1), keepdims=True)
    counted = np.where(np.abs(change) > noise, change, 0.0)
    wins, loses = exceeds(counted, limit), exceeds(-counted, limit)

    def total(part: Any) -> Any:
        result = np.sum(share_of * part, axis=(-2, -1))
        return float(result) if result.ndim == 0 else result

    return Redistribution(
        winners=total(wins),
        losers=total(loses),
        unchanged=total(~(wins | loses)),
        total_gain=total(np.where(wins, change, 0.0)),
        total_loss=total(np.where(loses, -change, 0.0)),
        balance=total(change),
    )


@elementwise
def break_even_space(
    wage: ArrayLike, rent_rise: ArrayLike, wage_rise: ArrayLike = 0.0, allowance: ArrayLike = 0.0
) -> Any:
    """Rented space above which a household loses.

    Parameters
    ----------
    wage : array_like
        Money per year, at least 0.
    rent_rise : array_like
        Money per m2 and year, above 0.
    wage_rise : array_like, optional
        Rise of all wages, a decimal from 0 to 5: 0.62 for 62 per cent.
    allowance : array_like, optional
        Money per household and year, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    Under a revenue-neutral rise of wages it is the wage times the average space per unit of
    average wage, whatever the rent: a higher rent makes gains and losses larger and leaves winners
    winners.

    References
    ----------
    World Bank (1991), para. 2.34: rises offset each other only at the average.

    Computes: World Bank (1991), para. 2.41.

    Examples
    --------
    >>> break_even_space(2190, 40, 0.6)
    32.85
    """
    received = numbers("wage", wage, at_least=0) * _wage_rise(wage_rise, at_least=0.0)
    received = received + numbers("allowance", allowance, at_least=0)
    return received / numbers("rent_rise", rent_rise, above=0)


@elementwise
def _times(rent_rise: ArrayLike, per_unit: float) -> Any:
    return numbers("rent_rise", rent_rise) * per_unit


def _wage_rise(value: ArrayLike, *, at_least: float) -> Floats:
    """Return a rise of wages, checked; one of more than 500 per cent is a slip."""
    hint = ". Rises are decimals: for 62% give 0.62"
    return numbers("wage_rise", value, at_least=at_least, at_most=5.0, hint=hint)
