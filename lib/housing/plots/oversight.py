"""What fines, collection and audits do to affordable housing once it is let."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing import oversight
from housing._arguments import one_of
from housing.plots._looks import (
    COLOURS,
    DARK,
    LIGHT,
    SMALL,
    axes_of,
    curves,
    curves_of,
    levels,
    line,
    short,
    square,
    without,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["arrears_phase", "arrears_tipping", "deterrence", "qualification", "subsidy_leakage"]

Curves = pd.DataFrame | pd.Series | Mapping[str, pd.Series]

#: What of each quantity stands below the axis it is on.
_OVER = {
    "detection": "probability of detection in a year",
    "years": "years of subletting ahead",
    "subsidy": "subsidy",
    "effort": "effort of collection: share of the unwilling that is made to pay",
    "time": "years since an audit",
    "interval": "years between audits",
}
#: Where the estates start that are followed: share that pays, quality of service.
STARTS = ((0.95, 0.35), (0.35, 0.95), (0.62, 0.30), (0.30, 0.70), (0.75, 0.62), (0.05, 0.30))


def deterrence(
    fines: Curves,
    *,
    over: str = "detection",
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw the fine that deters from subletting, over how likely it is that one is found.

    Parameters
    ----------
    fines : DataFrame, Series or mapping of str to Series
        From `oversight.deterrent_penalty`: a column a case, by probability of detection or by
        years of subletting ahead.
    over : {"detection", "years"}, optional
        Which of the two the index is.
    unit : str, optional
        Of the fines.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Subletting pays below a curve. Over the probability both axes are logarithmic, and what
        needs no fine is beyond their lower edge; over the years 0 is dotted.

    Raises
    ------
    ValueError
        If there is no curve, its index is not of numbers, or there is no such axis.

    Examples
    --------
    >>> from housing.oversight import deterrent_penalty
    >>> chance = np.geomspace(0.02, 1, 60)
    >>> fines = {"fine alone": pd.Series(deterrent_penalty(9_000, chance), chance)}
    >>> for ahead in (5, 20):
    ...     fine = deterrent_penalty(9_000, chance, ahead, 0.04, benefit=3_000)
    ...     fines[f"and the flat, {ahead} years ahead"] = pd.Series(fine, chance)
    >>> ax = deterrence(fines, unit="yuan")
    >>> ax.get_ylabel(), ax.get_yscale()
    ('fine that deters, yuan', 'log')
    """
    frame = curves_of("fines", fines)
    one_of("over", over, ("detection", "years"))
    ax = axes_of(ax)
    curves(ax, frame, **kwargs)
    if len(frame.columns) > 1:
        ax.legend(frameon=False, loc="upper right")
    if over == "detection":
        ax.set_xscale("log")
        ax.set_yscale("log")
        positive = frame.to_numpy()[frame.to_numpy() > 0.0]
        # What needs next to no fine falls without end on such an axis.
        ax.set_ylim(max(positive.min() / 1.5, positive.max() / 500.0), 1.5 * positive.max())
        ax.set_xticks(*_named(frame.index, (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), "{:.0%}"))
        ax.minorticks_off()
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    else:
        ax.axhline(0.0, color="black", linewidth=0.8, linestyle=":")
    ax.set_xlabel(_OVER[over])
    ax.set_ylabel(_with_unit("fine that deters", unit))
    without(ax, "top", "right")
    return ax


def arrears_phase(
    *,
    fee: float,
    cost: float,
    tolerance: float,
    spread: float,
    subsidy: float = 0.0,
    effort: float = 0.0,
    starts: Sequence[Sequence[float]] = STARTS,
    legend: bool = True,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw where an estate drifts to from each share of payers and quality of service.

    Parameters
    ----------
    fee, cost, tolerance, spread, subsidy, effort : float
        As in `oversight.collection_states`.
    starts : sequence of (float, float), optional
        Share that pays and quality of service at which an estate starts that is followed.
    legend : bool, optional
        Whether to say below the map which line is which.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the ways of these estates: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Two lines on which payers and services stay as they are; where they cross an estate stays,
        at a full dot for good, at a hollow one for no longer than nothing disturbs it. Shaded:
        from where it ends in arrears, if it can end in two ways.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> ax = arrears_phase(fee=40, cost=48, tolerance=0.55, spread=0.09, subsidy=4)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('share of households that pay, %', 'quality of service, % of full')
    """
    of_services = {"fee": fee, "cost": cost, "subsidy": subsidy}
    of_households = {"tolerance": tolerance, "spread": spread, "effort": effort}
    states = oversight.collection_states(**of_services, **of_households)
    top = max(1.2, float(oversight.service_quality(1.0, **of_services)))
    ax = square(ax)
    payers, quality = np.linspace(0.0, 1.0, 200), np.linspace(0.0, top, 400)
    if np.isfinite(states.threshold):
        _shade(ax, top, float(states.threshold), of_services | of_households)
    for number, (x, y, words) in enumerate(
        (
            (oversight.collection_rate(quality, **of_households), quality, "payers stay as many"),
            (payers, oversight.service_quality(payers, **of_services), "service stays as good"),
        )
    ):
        ax.plot(100 * x, 100 * y, label=words, linewidth=2.0, **line(2 * number))
    ways: dict[str, Any] = {"color": "#666666", "linewidth": 1.1} | kwargs
    x, y = np.array(starts, dtype=float).reshape(-1, 2).T
    path = _path(x, y, 90, of_services | of_households)
    for share, level in zip(100 * path.collection.T, 100 * path.quality.T, strict=True):
        ax.plot(share, level, **ways)
        arrow = {"arrowstyle": "->", "color": ways["color"]}
        ax.annotate("", (share[9], level[9]), (share[8], level[8]), arrowprops=arrow)
    for state in states if np.isfinite(states.threshold) else (states.high,):
        level = oversight.service_quality(state, **of_services)
        style: dict[str, Any] = {"markersize": 9, "markeredgecolor": "black", "clip_on": False}
        colour = DARK if state > 0.5 else LIGHT
        style["markerfacecolor"] = "white" if state == states.threshold else colour
        ax.plot(100 * state, 100 * level, "o", zorder=5, **style)
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 100 * top)
    ax.set_xlabel("share of households that pay, %")
    ax.set_ylabel("quality of service, % of full")
    if legend:
        ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    ax.grid(visible=False)
    without(ax, "top", "right")
    return ax


def arrears_tipping(
    values: ArrayLike,
    *,
    over: str = "subsidy",
    unit: str = "",
    legend: bool = True,
    ax: Axes | None = None,
    fee: float,
    cost: float,
    tolerance: float,
    spread: float,
    subsidy: float = 0.0,
    effort: float = 0.0,
    **kwargs: Any,
) -> Axes:
    """Draw the shares of payers at which an estate stays, over how hard one pushes.

    Parameters
    ----------
    values : array_like
        Subsidies, money per household and month, or efforts of collection, from 0 to 1; in order.
    over : {"subsidy", "effort"}, optional
        Which of the two they are.
    unit : str, optional
        Of the subsidies, such as yuan per household and month.
    legend : bool, optional
        Whether to say which curve is which.
    ax : Axes, optional
        Where to draw.
    fee, cost, tolerance, spread, subsidy, effort : float
        As in `oversight.collection_states`; the one that `values` are of is not looked at.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Full: services are kept up; dash-dotted: in arrears; dashed: the threshold between them. An
        arrow stands where the bad state ends, with the push that it takes.

    Raises
    ------
    ValueError
        If an argument leaves its range, or there is no such push.

    Examples
    --------
    >>> ax = arrears_tipping(
    ...     np.linspace(0, 20, 201), fee=40, cost=48, tolerance=0.55, spread=0.09, unit="yuan"
    ... )
    >>> ax.get_xlabel()
    'subsidy, yuan'
    """
    one_of("over", over, ("subsidy", "effort"))
    push = np.asarray(values, dtype=float)
    estate: dict[str, Any] = {"fee": fee, "cost": cost, "tolerance": tolerance, "spread": spread}
    rest = {"subsidy": subsidy, "effort": effort}
    states = oversight.collection_states(**estate, **(rest | {over: push}))
    del rest[over]
    tips = oversight.tipping_subsidies if over == "subsidy" else oversight.tipping_efforts
    ends = tips(**estate, **rest)
    # Of one state only it is told by the side on which it is; without tips there is one throughout.
    branches = (
        ("services kept up", states.high, ~(push < ends.collapse)),
        ("threshold", states.threshold, np.isfinite(states.threshold)),
        ("in arrears", states.low, push <= ends.recovery),
    )
    ax = axes_of(ax)
    for number, (words, shares, there) in enumerate(branches):
        look: dict[str, Any] = line(number) | {"linewidth": 2.0, "label": words} | kwargs
        look["color"] = (DARK, "#222222", COLOURS[4])[number]
        ax.plot(push[there], 100 * np.asarray(shares)[there], **look)
    if push.min() <= ends.recovery <= push.max():
        at = oversight.collection_states(**estate, **(rest | {over: ends.recovery}))
        low, high = (100 * float(state) for state in (at.low, at.high))
        arrow = {"arrowstyle": "->", "color": "#444444"}
        ax.annotate("", (ends.recovery, high - 2), (ends.recovery, low + 2), arrowprops=arrow)
        ax.annotate(short(float(ends.recovery)), (ends.recovery, 45), (5, 0), **SMALL)
    ax.set_ylim(-3, 105)
    ax.set_xlabel(_with_unit(_OVER[over], unit if over == "subsidy" else ""))
    ax.set_ylabel("share of households that pay, %")
    if legend:
        ax.legend(frameon=False)
    without(ax, "top", "right")
    return ax


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
        ax.set_ylabel(f"leak and audits{', ' if unit else ''}{unit} per household and year")
    ax.set_xscale("log")
    ax.set_xticks(*_named(frame.index, (0.25, 0.5, 1, 2, 5, 10, 20, 50), "{:g}"))
    ax.minorticks_off()
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_OVER["interval"])
    without(ax, "top", "right")
    return ax


def _path(payers: Any, quality: Any, steps: int, estate: Mapping[str, float]) -> Any:
    """Follow estates in small steps, which draw smooth lines."""
    slow = {"household_speed": 0.1, "service_speed": 0.1}
    return oversight.collection_path(payers, quality, steps, **estate, **slow)


def _shade(ax: Axes, top: float, threshold: float, estate: Mapping[str, float]) -> None:
    """Shade the starts from which an estate ends in arrears, and say so."""
    side = np.linspace(0.0, 1.0, 61)
    payers, quality = np.meshgrid(side, top * side)
    # By then all have come close to the one way on which estates part, and not far along it.
    *_, ends = _path(payers, quality, 60, estate).collection
    # Nothing hangs on the last bit of a height.
    beyond = np.round(ends - threshold, 9)
    arrears = beyond < 0.0
    shading: dict[str, Any] = {"levels": [-1.0, 0.0], "colors": [LIGHT], "alpha": 0.3}
    ax.contourf(100 * payers, 100 * quality, beyond, **shading)
    at_edge = 100 * quality[arrears[:, 0], 0].max(initial=0.0)
    middle = 100 * payers[~arrears].mean(), 100 * quality[~arrears].mean()
    ax.annotate("ends in arrears", (0, 0.8 * at_edge), (6, 0), va="center", **SMALL)
    ax.annotate("ends well", middle, (0, 0), ha="center", va="center", **SMALL)


def _named(index: pd.Index, values: Sequence[float], words: str) -> tuple[list[float], list[str]]:
    """Return those of the values that an axis reaches, as ticks with their names."""
    there = [value for value in values if index.min() <= value * 1.001 <= index.max() * 1.002]
    return there, [words.format(value) for value in there]


def _with_unit(words: str, unit: str) -> str:
    return f"{words}, {unit}" if unit else words
