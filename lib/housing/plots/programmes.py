"""A project's money by year, what parties want of its rent, and what their weights decide."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, numbers
from housing._limits import ROUNDING
from housing.plots._looks import COLOURS, DARK, HATCHES, LIGHT, axes_of, line, square, without
from housing.pricing import PARTIES, LinearFunction, Programme, RentInterval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["cash_flows", "objectives", "weight_triangle"]

#: Where a weight of 1 is: the tenant above, the builder on the left, the government on the right.
CORNERS = np.array([[0.5, np.sqrt(0.75)], [0.0, 0.0], [1.0, 0.0]])
#: Of the regions of a triangle: two light ones first, since there are two more often than not.
REGIONS = (COLOURS[3], LIGHT, DARK, *COLOURS[5:], COLOURS[4], COLOURS[2])
#: What a project earns and what it pays, as `RentalProject.cash_flows` calls it, and as we do.
EARNED = {"rent": "rent", "commercial": "shops and garages", "sale": "sale"}
PAID = {"interest": "interest", "outlay": "outlay"}


def cash_flows(
    flows: pd.DataFrame,
    rent: float,
    *,
    first_year: int = 1,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what a rental project earns in each year, and what it has to pay.

    Parameters
    ----------
    flows : DataFrame
        From `pricing.RentalProject.cash_flows`; divided by a thousand, say, for thousands.
    rent : float
        Money per m2 and month, at least 0.
    first_year : int, optional
        What the first year is called.
    unit : str, optional
        Of the money in a year.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.bar` has them.

    Returns
    -------
    Axes
        Of each year a pile of bars, and as a line what is due. What is 0 in all years is left out.

    Raises
    ------
    ValueError
        If the table has not the columns of `cash_flows`, or the rent leaves its range.

    Examples
    --------
    >>> from housing import pricing
    >>> project = pricing.RentalProject(
    ...     rate=0.05, flats=1000, occupancy=[0.4, 0.9, 1, 1, 1], commercial=40_000,
    ...     rent_index=pricing.stepped_index(5, 0.05), interest=90_000,
    ...     sale=pricing.Sale(year=4, flats=0.2),
    ... )
    >>> ax = cash_flows(project.cash_flows() / 1e3, 8.0, first_year=2031, unit="1,000 yuan")
    >>> ax.get_ylabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('1,000 yuan a year', ['interest', 'rent', 'shops and garages'])
    """
    missing = {*EARNED, *PAID} - {*getattr(flows, "columns", ())}
    if missing:
        raise ValueError(f"flows must be of cash_flows, got no {', '.join(sorted(missing))}")
    at = float(numbers("rent", rent, at_least=0))
    ax = axes_of(ax)
    years = first_year + np.arange(len(flows))
    earned = {EARNED[name]: flows[name].to_numpy() for name in EARNED}
    earned["rent"] = at * earned["rent"]
    top = np.zeros(len(years))
    for place, (label, amounts) in enumerate(earned.items()):
        if amounts.any():
            bars: dict[str, Any] = {"width": 0.7, "edgecolor": "white", "label": label}
            bars |= {"color": (DARK, LIGHT, COLOURS[3])[place], "hatch": HATCHES[place]}
            ax.bar(years, amounts, bottom=top, **(bars | kwargs))
            top = top + amounts
    due = flows[[*PAID]].sum(axis=1).to_numpy()
    if due.any():
        label = " and ".join(words for name, words in PAID.items() if flows[name].any())
        ax.stairs(
            due,
            np.append(years, years[-1] + 1) - 0.5,
            baseline=None,
            color=COLOURS[4],
            linewidth=2.0,
            label=label,
        )
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.set_xticks(years)
    ax.grid(visible=False, axis="x")
    ax.set_ylabel(f"{unit} a year".lstrip())
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=4)
    without(ax, "top", "right")
    return ax


def objectives(
    functions: Mapping[str, LinearFunction],
    rents: tuple[float, float],
    *,
    feasible: RentInterval | tuple[float, float] | None = None,
    best: float | None = None,
    unit: str = "",
    rent_unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw functions of one rent: what parties get of it, or what one party gets by two accounts.

    Parameters
    ----------
    functions : mapping of str to LinearFunction
        By their labels, all in one unit.
    rents : tuple of float
        From which rent to which.
    feasible : RentInterval or tuple of float, optional
        The lowest and the highest rent that is allowed, as `Programme.rent_interval` gives them.
    best : float, optional
        The rent that is chosen.
    unit, rent_unit : str, optional
        Of the functions, and of the rent; they stand beside the axes.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A line a function, a dot on each at the chosen rent, and a shade over what is allowed.

    Raises
    ------
    ValueError
        If there is nothing to draw, a function is of several rents, or ends are no ends.

    Examples
    --------
    >>> from housing.pricing import LinearFunction
    >>> ax = objectives(
    ...     {"surplus": LinearFunction(870, -9_400), "benefit": LinearFunction(-460, 12_000)},
    ...     (5, 20), feasible=(10.8, 14), best=10.8, unit="1,000 yuan a year",
    ...     rent_unit="yuan per m² and month",
    ... )
    >>> ax.get_xlabel(), len(ax.lines)
    ('rent, yuan per m² and month', 4)
    """
    if not functions:
        raise ValueError("functions must hold one at least, got none")
    for label, function in functions.items():
        if function.slopes.size != 1:
            raise ValueError(f"functions {label!r} must be of one rent, got {function.slopes.size}")
    ends = numbers("rents", rents, at_least=0)
    if ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(f"rents must be a lower and a higher one, got {rents!r}")
    ax = axes_of(ax)
    if feasible is not None:
        ax.axvspan(feasible[0], feasible[1], color=LIGHT, alpha=0.35, linewidth=0, zorder=0)
    for number, (label, function) in enumerate(functions.items()):
        look = line(number) | {"linewidth": 2.0, "label": label}
        ax.plot(ends, function.at(ends), **(look | kwargs))
        if best is not None:
            dot: dict[str, Any] = {"marker": "o", "markersize": 8, "markeredgecolor": "white"}
            ax.plot(best, function.at(best), color=look["color"], label=f"_{label}", **dot)
    ax.set_xlim(*ends)
    ax.set_xlabel(", ".join(word for word in ("rent", rent_unit) if word))
    ax.set_ylabel(unit)
    if len(functions) > 1:
        ax.legend(frameon=False)
    without(ax, "top", "right")
    return ax


def weight_triangle(
    programme: Programme,
    weights: ArrayLike | None = None,
    *,
    label: str = "the weights",
    decimals: int = 2,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw which rent is best for which weights of the three parties, and where it changes.

    Parameters
    ----------
    programme : Programme
        Its objectives and constraints.
    weights : array_like, optional
        One vector, marked by a star: tenant, builder, government, at least 0, adding up to 1.
    label : str, optional
        Whose weights these are.
    decimals : int, optional
        Of the rents in the legend.
    unit : str, optional
        Of the rents; it stands above the legend.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the regions: as `Axes.fill` has them.

    Returns
    -------
    Axes
        A triangle at whose corners one party alone counts. Within it a region for each corner of
        the feasible rents that some weights make the best, and as a thick line the frontier: the
        weights for which two of them are equally good, and beyond which another is chosen.

    Raises
    ------
    InfeasibleError
        If no rent meets all constraints.
    ValueError
        If the weights leave their range, or the constraints leave a rent without an end.

    Examples
    --------
    >>> from housing.pricing import Constraint, LinearFunction, Programme
    >>> programme = Programme(
    ...     tenant=LinearFunction(780, 6_200),
    ...     builder=LinearFunction(870, -9_400),
    ...     government=LinearFunction(-460, 18_000),
    ...     constraints=[Constraint("rent", LinearFunction(1, 0), at_least=11, at_most=20)],
    ... )
    >>> ax = weight_triangle(programme, [0.6, 0.1, 0.3], label="experts", unit="yuan per m²")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['11.00', '20.00', 'frontier', 'experts']
    """
    rents = programme.corners
    payoffs = programme.payoffs(rents)
    regions = _regions(payoffs)
    ax = square(ax)
    for place, region in enumerate(regions):
        if len(region):
            look: dict[str, Any] = {
                "facecolor": REGIONS[place % len(REGIONS)],
                "hatch": HATCHES[place % len(HATCHES)],
                "edgecolor": "white",
                "linewidth": 0,
                "label": ", ".join(f"{rent:,.{decimals}f}" for rent in rents[place]),
            }
            x, y = (region @ CORNERS).T
            ax.fill(x, y, **(look | kwargs))
            ax.fill(x, y, fill=False, edgecolor="black", linewidth=0.8)
    if borders := _frontier(payoffs, regions):
        # One line of many pieces, so that it has one entry in the legend.
        pieces = [np.vstack([border @ CORNERS, np.full((1, 2), np.nan)]) for border in borders]
        thick: dict[str, Any] = {"color": "black", "linewidth": 3.5, "solid_capstyle": "butt"}
        ax.plot(*np.vstack(pieces).T, label="frontier", **thick)
    if weights is not None:
        # Checked as the programme checks them.
        (vector,) = programme.evaluate(np.atleast_2d(numbers("weights", weights))).weights
        star: dict[str, Any] = {"markersize": 16, "color": "white", "markeredgecolor": "black"}
        ax.plot(*(vector @ CORNERS), marker="*", linestyle="none", label=label, **star)
    for party, (x, y) in zip(PARTIES, CORNERS, strict=True):
        shift, side = (5, "bottom") if y else (-5, "top")
        ax.annotate(party, (x, y), (0, shift), textcoords="offset points", ha="center", va=side)
    ax.set_aspect("equal")
    ax.set_xlim(-0.12, 1.12)
    ax.set_ylim(-0.1, 1.0)
    ax.axis("off")
    words = ["rent" if programme.types == 1 else "rents", *([unit] if unit else [])]
    small = {"fontsize": "small", "title_fontsize": "small", "alignment": "left"}
    ax.legend(frameon=False, loc="upper left", title=", ".join(words), **small)
    return ax


def _regions(payoffs: Floats) -> list[Floats]:
    """Return the weights for which each row of payoffs is best, as corners of a polygon.

    Where some rows are equally good for all weights, the first has them; no corners for a row that
    is best for none, or on a line alone.
    """
    found = []
    for place in range(len(payoffs)):
        region = np.eye(len(PARTIES))
        for other in range(len(payoffs)):
            gain = _gain(payoffs, place, other)
            if gain.any():
                region = _cut(region, gain)
            elif other < place:
                region = region[:0]
            if not len(region):
                break
        found.append(region if _area(region) > ROUNDING else region[:0])
    return found


def _frontier(payoffs: Floats, regions: list[Floats]) -> list[Floats]:
    """Return the borders between regions, each as the weights at its ends.

    A border is the side of a region along which another that has one, too, is equally good.
    """
    found = []
    there = [place for place, region in enumerate(regions) if len(region)]
    for place, other in combinations(there, 2):
        level = _heights(regions[place], _gain(payoffs, place, other)) == 0.0
        if level.sum() > 1:
            found.append(regions[place][level])
    return found


def _gain(payoffs: Floats, place: int, other: int) -> Floats:
    """Return by how much each party has more of one row than of another; noise is nothing."""
    gain: Floats = payoffs[place] - payoffs[other]
    gain[np.abs(gain) <= ROUNDING * np.ptp(payoffs, axis=0)] = 0.0
    return gain


def _heights(polygon: Floats, gain: Floats) -> Floats:
    """Return the weighted gain at each corner of a polygon of weights; noise is nothing."""
    heights: Floats = (polygon * gain).sum(axis=1)
    heights[np.abs(heights) <= ROUNDING * np.abs(gain).max()] = 0.0
    return heights


def _cut(polygon: Floats, gain: Floats) -> Floats:
    """Return what is left of a polygon of weights where a gain is at least 0."""
    heights = _heights(polygon, gain)
    kept = []
    for (point, after), (here, there) in zip(
        pairwise([*polygon, polygon[0]]), pairwise([*heights, heights[0]]), strict=True
    ):
        if here >= 0:
            kept.append(point)
        if here * there < 0:
            kept.append(point + here / (here - there) * (after - point))
    return np.array(kept).reshape(-1, polygon.shape[1])


def _area(polygon: Floats) -> float:
    """Return the share of all weights that a polygon has."""
    x, y = polygon[:, 0], polygon[:, 1]
    return float(np.abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()))
