"""Audits: which households still qualify, and what leaks where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from housing._arguments import one_of
from housing.plots._looks import (
    SMALL,
    Curves,
    axes_of,
    curves,
    curves_of,
    levels,
    line,
    named_ticks,
    with_unit,
    without,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["qualification", "subsidy_leakage"]

#: What of each quantity stands below the axis it is on.
_OVER = {
    "time": "years since an audit",
    "interval": "years between audits",
}


def qualification(
    shares: Curves,
    *,
    over: str = "time",
    marks: Curves | None = None,
    named: Mapping[str, float] | pd.Series | None = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw which share of the dwellings is held by households that no longer qualify.

    Parameters
    ----------
    shares : DataFrame, Series or mapping of str to Series
        Decimals, a column a way to audit: over the years since an audit, from
        `oversight.inclusion_error_after`, or over the years between audits, from
        `oversight.inclusion_error`.
    over : {"time", "interval"}, optional
        Which of the two the index is.
    marks : DataFrame, Series or mapping of str to Series, optional
        Shares to be marked on the curves, in the same columns: such as those of a simulation, or,
        at 0, of `oversight.inclusion_error_floor`.
    named : mapping of str to float or Series, optional
        Shares to compare with, by label.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        In percent, from 0.

    Raises
    ------
    ValueError
        If there is no curve, its index is not of numbers, or there is no such axis.

    Examples
    --------
    >>> from housing.oversight import inclusion_error_after
    >>> time = np.linspace(0, 5.99, 300)
    >>> shares = {
    ...     f"every {k} years": pd.Series(
    ...         inclusion_error_after(time, 0.06, 0.09, k, detection=0.8, visible=0.7), time
    ...     )
    ...     for k in (1, 3)
    ... }
    >>> ax = qualification(shares, named={"without audits": 0.06 / 0.15})
    >>> ax.get_ylabel()
    'do not qualify, % of the dwellings'
    """
    frame = curves_of("shares", shares)
    one_of("over", over, ("time", "interval"))
    ax = axes_of(ax)
    curves(ax, frame, scale=100.0, **kwargs)
    if marks is not None:
        points = curves_of("marks", marks)
        for number, column in enumerate(frame):
            style: dict[str, Any] = {"markersize": 7, "markeredgecolor": "white", "clip_on": False}
            style |= {"color": line(number)["color"], "zorder": 4}
            ax.plot(points.index, 100.0 * points[column], "o", **style)
    shares_named = {} if named is None else named
    levels(ax, {str(label): 100.0 * share for label, share in shares_named.items()})
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_OVER[over])
    ax.set_ylabel("do not qualify, % of the dwellings")
    without(ax, "top", "right")
    return ax


def subsidy_leakage(
    leaks: Curves,
    *,
    budget: float | None = None,
    audit_cost: float = 0.0,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what leaks of a subsidy over the years between audits, as a share or in money.

    Parameters
    ----------
    leaks : DataFrame, Series or mapping of str to Series
        From `oversight.budget_leakage`, decimals, by years between audits, above 0; a column a way
        to audit.
    budget : float, optional
        Subsidies per household and year. If given, money is drawn, the cost of audits included.
    audit_cost : float, optional
        Of one audit of one household.
    unit : str, optional
        Of the money.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Over a logarithmic axis of years; in money, with a dot and its years where a curve is
        lowest.

    Raises
    ------
    ValueError
        If there is no curve, or its index is not of numbers above 0.

    Examples
    --------
    >>> from housing.oversight import budget_leakage, inclusion_error
    >>> years = np.geomspace(0.25, 20, 80)
    >>> leaks = {
    ...     words: pd.Series(
    ...         [budget_leakage(600.0, inclusion_error(0.05, 0.08, k, 0.9, sees)) for k in years],
    ...         years,
    ...     )
    ...     for words, sees in (("own data", 0.3), ("shared data", 0.8))
    ... }
    >>> ax = subsidy_leakage(leaks, budget=7_200.0, audit_cost=90.0, unit="yuan")
    >>> ax.get_ylabel()
    'leak and audits, yuan per household and year'
    """
    frame = curves_of("leaks", leaks)
    if (frame.index <= 0).any():
        raise ValueError(f"leaks must have years above 0 as index, got {frame.index.min()}")
    ax = axes_of(ax)
    if budget is None:
        curves(ax, frame, scale=100.0, **kwargs)
        ax.set_ylabel("leaks, % of the subsidies")
    else:
        money = frame.mul(budget).add(audit_cost / frame.index.to_numpy(), axis=0)
        curves(ax, money, **kwargs)
        for number, column in enumerate(money):
            lowest = int(np.argmin(money[column]))
            best, least = float(money.index[lowest]), float(money[column].iloc[lowest])
            colour = line(number)["color"]
            ax.plot(best, least, "o", color=colour, markeredgecolor="white", markersize=9)
            ax.annotate(f"{best:.1f} years", (best, least), (0, -15), ha="center", **SMALL)
        ax.set_ylabel(f"{with_unit('leak and audits', unit)} per household and year")
    ax.set_xscale("log")
    ax.set_xticks(*named_ticks(frame.index, (0.25, 0.5, 1, 2, 5, 10, 20, 50), "{:g}"))
    ax.minorticks_off()
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_OVER["interval"])
    without(ax, "top", "right")
    return ax
