"""What tenants can pay for their home, and from which price on its landlord can sell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing import affordability
from housing.plots._looks import (
    LIGHT,
    SMALL,
    axes_of,
    curves,
    curves_of,
    finished,
    levels,
    short,
    with_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["break_even", "residual_income"]


def residual_income(
    income: pd.Series | ArrayLike,
    nonhousing: pd.Series | ArrayLike,
    housing: pd.Series | ArrayLike | None = None,
    *,
    share: float = 0.30,
    cap: float = 0.5,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw over income what other needs leave for housing, beside what shares of income allow.

    Parameters
    ----------
    income, nonhousing : Series or array_like
        Of households, or a head, and what is spent on all but housing, in one unit. The index of a
        Series of incomes is what groups are called.
    housing : Series or array_like, optional
        What is spent on housing now.
    share : float, optional
        Of income, that the ratio method allows for housing.
    cap : float, optional
        Of income, above which no bank lends, as in `affordability.residual_repayment`.
    unit : str, optional
        Of all amounts.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Four curves, or three without `housing`; shaded where less is left than housing takes.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> groups = pd.Series([9_000, 14_000, 22_000, 35_000], ["lowest", "low", "middle", "high"])
    >>> ax = residual_income(
    ...     groups, [8_500, 11_000, 14_000, 18_000], [1_800, 2_400, 3_600, 5_500], unit="yuan"
    ... )
    >>> ax.get_ylabel()
    'for housing, yuan'
    """
    earned = pd.Series(income, dtype=float)
    elsewhere = np.broadcast_to(np.asarray(nonhousing, dtype=float), earned.shape)
    left = np.asarray(affordability.residual_income(earned.to_numpy(), elsewhere))
    amounts = {
        "left by other needs: residual income": left,
        f"{cap:.0%} of income: the bank's cap": cap * earned.to_numpy(),
        f"{share:.0%} of income: the ratio method": np.asarray(
            affordability.affordable_payment(earned.to_numpy(), share)
        ),
    }
    ax = axes_of(ax)
    if housing is not None:
        spent = np.broadcast_to(np.asarray(housing, dtype=float), earned.shape)
        amounts["spent on housing now"] = spent
    frame = pd.DataFrame(amounts, index=earned.to_numpy()).sort_index()
    if housing is not None:
        now = frame["spent on housing now"]
        look: dict[str, Any] = {"color": LIGHT, "alpha": 0.4, "interpolate": True, "linewidth": 0}
        look |= {"where": frame.iloc[:, 0] < now, "label": "less left than spent"}
        ax.fill_between(frame.index, frame.iloc[:, 0], now, **look)
    curves(ax, frame, marked=True, **kwargs)
    if isinstance(income, pd.Series):
        names = [f"{name}\n{each:,.0f}" for name, each in earned.items()]
        ax.set_xticks(earned.to_numpy(), names)
    return finished(ax, with_unit("income", unit), with_unit("for housing", unit))


def break_even(
    prices: pd.DataFrame | pd.Series | Mapping[str, pd.Series],
    offered: Mapping[str, float] | pd.Series | None = None,
    *,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw by the year of its sale the price from which on a rented home pays for itself.

    Parameters
    ----------
    prices : DataFrame, Series or mapping of str to Series
        From `conversion.break_even_price`, by the year of the sale; several accounts by label.
    offered : mapping of str to float or Series, optional
        Prices that are offered or asked, by label.
    unit : str, optional
        Of the prices.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A marked curve an account, and where there is one only, its values; a level for each price
        that is offered: it pays in the years in which it is above the curve.

    Raises
    ------
    ValueError
        If there is no curve, or its index is not of numbers.

    Examples
    --------
    >>> from housing.conversion import break_even_price
    >>> years = np.arange(3, 11)
    >>> terms = {"area": 60, "price_year": 3}
    >>> prices = {
    ...     way: pd.Series(break_even_price(years, 9_000, 180_000, rent_is=way, **terms), years)
    ...     for way in ("benefit", "credited", "cost")
    ... }
    >>> ax = break_even(prices, {"offered": 2_600}, unit="yuan per m2")
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('sold after, years', 'break-even price, yuan per m2')
    """
    frame = curves_of("prices", prices)
    ax = axes_of(ax)
    curves(ax, frame, marked=True, **kwargs)
    levels(ax, {} if offered is None else offered)
    if len(frame.columns) == 1:
        for year, price in frame.iloc[:, 0].items():
            ax.annotate(short(price), (year, price), (0, 7), ha="center", **SMALL)
        ax.margins(x=0.08, y=0.12)
    ax.set_xticks(frame.index)
    return finished(ax, "sold after, years", with_unit("break-even price", unit))
