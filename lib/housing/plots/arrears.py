"""Where fees go unpaid: to which state an estate drifts, and where it tips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from housing import oversight
from housing._arguments import one_of
from housing.plots._looks import (
    COLOURS,
    DARK,
    LIGHT,
    SMALL,
    axes_of,
    line,
    short,
    square,
    with_unit,
    without,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["arrears_phase", "arrears_tipping"]

#: What of each quantity stands below the axis it is on.
_OVER = {
    "subsidy": "subsidy",
    "effort": "effort of collection: share of the unwilling that is made to pay",
}
#: Where the estates start that are followed: share that pays, quality of service.
STARTS = ((0.95, 0.35), (0.35, 0.95), (0.62, 0.30), (0.30, 0.70), (0.75, 0.62), (0.05, 0.30))


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
    ax.set_xlabel(with_unit(_OVER[over], unit if over == "subsidy" else ""))
    ax.set_ylabel("share of households that pay, %")
    if legend:
        ax.legend(frameon=False)
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
