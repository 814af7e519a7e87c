"""Housing markets: prices by storey, concentration of producers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import elementwise, number, numbers, whole_number
from housing._limits import exceeds, reaches

__all__ = ["concentration_ratio", "herfindahl_index", "storey_prices"]


@elementwise
def storey_prices(average: ArrayLike, adjustments: ArrayLike, base: ArrayLike) -> Any:
    """Prices by storey, from the average price of a building and a list of adjustments.

    ``average + adjustments * base``. Adjustments that add up to zero leave the average as it is.

    Parameters
    ----------
    average : array_like
        Average price per m2, above 0.
    adjustments : array_like
        One a storey: what it costs more or less than the average, as a share of the base, from
        -1 to 1.
    base : array_like
        Price per m2 that the adjustments are shares of, above 0; often the average itself.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Price per m2, of the broadcast shape.

    Raises
    ------
    ValueError
        If an argument leaves its range, or a price falls below 0.

    References
    ----------
    World Bank (1991), Annex 3, para. 12 and Table 4.

    Computes: World Bank (1991), Annex 2, para. 31; Annex 3, para. 12.

    Examples
    --------
    >>> storey_prices(1_600, [-0.10, 0.0, 0.10], 1_600).tolist()
    [1440.0, 1600.0, 1760.0]
    """
    mean = numbers("average", average, above=0)
    shares = numbers(
        "adjustments",
        adjustments,
        at_least=-1.0,
        at_most=1.0,
        hint=". Shares are decimals: for ten per cent give 0.10",
    )
    added = shares * numbers("base", base, above=0)
    # A deduction of the whole average leaves 0, whatever its last bit.
    prices = np.where(reaches(mean, -added), np.maximum(mean + added, 0.0), mean + added)
    return numbers("average + adjustments * base", prices, at_least=0)


def concentration_ratio(outputs: ArrayLike, total: float, *, largest: int = 4) -> float:
    """Share of a market that its largest producers hold.

    Parameters
    ----------
    outputs : array_like
        What each producer makes, at least 0, in any order; the largest must be among them.
    total : float
        What the market makes, above 0 and at least the sum of the outputs.
    largest : int, optional
        How many producers count, from 1 to as many as there are.

    Returns
    -------
    float
        A share between 0 and 1.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    herfindahl_index : counts all producers, the larger the more.

    References
    ----------
    Computes: World Bank (1991), Annex 3, para. 5.

    Examples
    --------
    >>> concentration_ratio([30, 20, 10, 10, 5], 100)
    0.7
    """
    each = np.sort(_outputs(outputs))[::-1]
    market, count = number("total", total, above=0), whole_number("largest", largest, at_least=0)
    made = _sum(each)
    if exceeds(made, market):
        raise ValueError(f"total must be at least the {made:.12g} of all outputs, got {market:g}")
    if count not in range(1, each.size + 1):
        raise ValueError(f"largest must be from 1 to {each.size}, got {count}")
    return min(float(each[:count].sum() / market), 1.0)


def herfindahl_index(outputs: ArrayLike) -> float:
    """Herfindahl-Hirschman index: the sum of the squared market shares of all producers.

    Parameters
    ----------
    outputs : array_like
        What each producer makes, at least 0, and something in all.

    Returns
    -------
    float
        From one over the number of producers, where all are alike, to 1 for a monopoly. Often
        quoted times 10,000.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> herfindahl_index([50, 25, 25])
    0.375
    """
    each = _outputs(outputs)
    if not each.any():
        raise ValueError("outputs must not all be 0")
    return float(((each / _sum(each)) ** 2).sum())


def _sum(each: Any) -> float:
    with np.errstate(over="ignore"):
        return number("the sum of outputs", each.sum())


def _outputs(outputs: ArrayLike) -> Any:
    each = numbers("outputs", outputs, at_least=0)
    if each.ndim != 1:
        raise ValueError(f"outputs must be a list, one a producer, got shape {each.shape}")
    return each
