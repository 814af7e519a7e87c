"""Rent reform: who gains, who loses and who pays when rents and wages rise together.

Households differ in wage and in rented space. A joint distribution is a matrix of weights, one row
a wage and one column a space, that adds up to 1. Wages, gains and allowances are money per year, a
rise of rent is money per m2 and year; only `phased_reform` counts in months, as rents are quoted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    annual_rate,
    elementwise,
    number,
    numbers,
    row,
    same_labels,
    share,
    within_floats,
)
from housing._limits import ROUNDING, difference, equals, exceeds

__all__ = [
    "Averages",
    "BurdenShares",
    "Redistribution",
    "averages",
    "break_even_space",
    "burden_shares",
    "gains",
    "in_kind_subsidy",
    "neutral_allowance",
    "neutral_wage_rise",
    "phased_reform",
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


class BurdenShares(NamedTuple):
    """What each party pays of a rise of rents."""

    household: Any
    enterprise: Any
    local: Any
    central: Any


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
    share_of, wage, space = _distribution(weights, wages, spaces)
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
        Rise of all wages, a decimal from -1 to 10: 0.62 for 62 per cent.
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
    policy = (
        numbers("rent_rise", rent_rise),
        _wage_rise(wage_rise, at_least=-1.0),
        numbers("allowance", allowance),
    )
    try:
        rent, rise, sum_ = np.broadcast_arrays(*policy)
    except ValueError:
        shapes = ", ".join(str(part.shape) for part in policy)
        raise ValueError(
            f"shapes of rent_rise, wage_rise and allowance do not match: {shapes}"
        ) from None
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
    share_of = _weights(weights)
    change = numbers("gain", gain)
    if change.shape[-2:] != share_of.shape:
        raise ValueError(
            f"gain must have the shape of weights {share_of.shape} in its last two axes, "
            f"got {change.shape}"
        )
    if isinstance(weights, pd.DataFrame) and isinstance(gain, pd.DataFrame):
        for labels, of_weights in zip(gain.axes, weights.axes, strict=True):
            by_place = _only_counts(labels) or _only_counts(of_weights)
            # The same places in another order are labels again: a frame was sorted.
            if not by_place or set(labels) == set(of_weights):
                _require_labels("gain", labels, of_weights)
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
        Rise of all wages, a decimal from 0 to 10: 0.62 for 62 per cent.
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
def burden_shares(
    burden: ArrayLike,
    household_share: ArrayLike,
    enterprise_share: ArrayLike,
    central_share: ArrayLike,
) -> Any:
    """Divide a rise of rents among households, enterprises and the two levels of government.

    Households pay their share first. Enterprises take theirs of what is left, and government the
    rest, its central level in proportion to the employees that it has.

    Parameters
    ----------
    burden : array_like
        What the rise of rents comes to, money, at least 0.
    household_share : array_like
        Of the burden, from 0 to 1.
    enterprise_share : array_like
        Of what households leave, from 0 to 1.
    central_share : array_like
        Of what government pays, from 0 to 1.

    Returns
    -------
    BurdenShares
        Money of each party; they add up to the burden.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), Annex 1, para. 2 (d) and its table, phases 4 and 5.

    Computes: World Bank (1991), Annex 1, para. 2 (d).

    Examples
    --------
    >>> [round(part, 2) for part in burden_shares(24, 5 / 24, 0.33, 0.20)]
    [5.0, 6.27, 10.18, 2.55]
    """
    total = numbers("burden", burden, at_least=0)
    of_all = share("household_share", household_share)
    of_rest = share("enterprise_share", enterprise_share)
    of_government = share("central_share", central_share)
    # Each part by its own share: as a difference a small one would keep few digits.
    left = (1.0 - of_all) * total
    government = (1.0 - of_rest) * left
    return BurdenShares(
        household=of_all * total,
        enterprise=of_rest * left,
        local=(1.0 - of_government) * government,
        central=of_government * government,
    )


@within_floats
def phased_reform(
    rents: ArrayLike,
    *,
    area: float,
    unit: float,
    first_wage: float,
    growth: float,
    household_share: ArrayLike,
) -> pd.DataFrame:
    """Rents raised in yearly steps, of which wages compensate what households do not bear.

    Parameters
    ----------
    rents : array_like
        Rent before the reform and after each phase, money per m2 of rentable space and month; none
        below the one before.
    area : float
        Rentable space of all households in the programme, m2, above 0.
    unit : float
        Rented space of the average household, m2, above 0.
    first_wage : float
        Its wage in the first phase, money per month, above 0.
    growth : float
        Growth of the wage without the reform, a decimal per year: one phase a year.
    household_share : array_like
        Share of each phase's rise that households bear, from 0 to 1; one for all phases or one for
        each. A Series of them has the labels that the rents have after the first, but for one of
        either that only counts 0, 1, 2, ....

    Returns
    -------
    DataFrame
        One row a phase, with columns ``phase`` (from 1), ``original_rent`` and ``revised_rent``
        (money per m2 and month), ``wage`` (without adjustments), ``adjustment`` (added to the wage
        in this phase), ``adjustments`` (added so far), ``own_payment`` (rent of the unit less
        adjustments), all three and the wage in money per month, and ``burden``, ``household`` and
        ``compensated`` (money per year, for the whole area).

    Raises
    ------
    ValueError
        If an argument leaves its range, a rent falls, or the shares are not one a phase or have
        other labels.

    References
    ----------
    World Bank (1991), Annex 1, paras. 1-2 and its table with notes a to e.

    Computes: World Bank (1991), Annex 1, para. 2 (c); Annex 1, table, notes b to e.

    Examples
    --------
    >>> plan = phased_reform(
    ...     [0.13, 0.55, 1.00, 2.00],
    ...     area=2.0e9,
    ...     unit=40,
    ...     first_wage=400,
    ...     growth=0.10,
    ...     household_share=[1, 0.25, 0.25],
    ... )
    >>> plan[["phase", "wage", "adjustment"]].round(1)
       phase   wage  adjustment
    0      1  400.0         0.0
    1      2  440.0        13.5
    2      3  484.0        30.0
    >>> (plan["burden"] / 1e9).round(1).tolist()
    [10.1, 10.8, 24.0]
    """
    rent = row("rents", rents, at_least=0)
    if rent.size < 2:
        raise ValueError(
            f"rents must be the one before the reform and one a phase, got {rent.size}"
        )
    steps = difference(rent[1:], rent[:-1])
    if (steps < 0).any():
        first = int(np.argmax(steps < 0))
        raise ValueError(
            f"rents must not fall, got {rent[first + 1]:.12g} after {rent[first]:.12g}"
        )
    borne = share("household_share", household_share)
    if borne.shape not in ((), (1,), steps.shape):
        raise ValueError(
            f"household_share must be one number or {steps.size}, one a phase, "
            f"got the shape {borne.shape}"
        )
    if isinstance(rents, pd.Series) and isinstance(household_share, pd.Series):
        phases, shared = rents.index[1:], household_share.index
        if not (_only_counts(rents.index) or _only_counts(shared) or shared.equals(phases)):
            raise ValueError(
                "household_share must have the labels of rents after the first: align them first"
            )
    home = number("unit", unit, above=0)
    burden = steps * number("area", area, above=0) * MONTHS
    phase = np.arange(1, steps.size + 1)
    pace = 1.0 + float(annual_rate(number("growth", growth), "growth"))
    adjustment = (1.0 - borne) * steps * home
    adjustments = np.cumsum(adjustment)
    return pd.DataFrame(
        {
            "phase": phase,
            "original_rent": rent[:-1],
            "revised_rent": rent[1:],
            "wage": number("first_wage", first_wage, above=0) * pace ** (phase - 1),
            "adjustment": adjustment,
            "adjustments": adjustments,
            "own_payment": rent[1:] * home - adjustments,
            "burden": burden,
            "household": borne * burden,
            "compensated": (1.0 - borne) * burden,
        }
    )


@elementwise
def _times(rent_rise: ArrayLike, per_unit: float) -> Any:
    return numbers("rent_rise", rent_rise) * per_unit


def _wage_rise(value: ArrayLike, *, at_least: float) -> Floats:
    """Return a rise of wages, checked; one of more than 1,000 per cent is a slip."""
    hint = ". Rises are decimals: for 62% give 0.62"
    return numbers("wage_rise", value, at_least=at_least, at_most=10.0, hint=hint)


def _weights(weights: ArrayLike) -> Floats:
    """Return the weights of a distribution, checked."""
    share_of = numbers("weights", weights, at_least=0)
    if share_of.ndim != 2:
        raise ValueError(
            f"weights must have one row a wage and one column a space, got {share_of.shape}"
        )
    total = float(share_of.sum())
    if not equals(total, 1.0):
        raise ValueError(f"weights must add up to 1, got {total:.12g}. Divide counts by their sum")
    return share_of


def _distribution(
    weights: ArrayLike, wages: ArrayLike, spaces: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return a joint distribution and its classes, checked against each other."""
    if isinstance(weights, pd.DataFrame):
        if isinstance(wages, pd.Series):
            _require_labels("wages", wages.index, weights.index)
        if isinstance(spaces, pd.Series):
            _require_labels("spaces", spaces.index, weights.columns)
    share_of = _weights(weights)
    wage, space = row("wages", wages, at_least=0), row("spaces", spaces, at_least=0)
    if share_of.shape != (wage.size, space.size):
        raise ValueError(
            f"weights must have the shape ({wage.size}, {space.size}) of wages and spaces, "
            f"got {share_of.shape}"
        )
    return share_of, wage, space


def _require_labels(name: str, labels: pd.Index, of_weights: pd.Index) -> None:
    # Labels that read alike fit: beside a "total" that was dropped, numbers have become words.
    if not labels.equals(of_weights) and [*map(str, labels)] != [*map(str, of_weights)]:
        raise ValueError(f"weights and {name} must have the same labels: align them first")


def _only_counts(labels: pd.Index) -> bool:
    """Tell whether labels are those that pandas gives to what has none."""
    return isinstance(labels, pd.RangeIndex) and labels.equals(pd.RangeIndex(len(labels)))
