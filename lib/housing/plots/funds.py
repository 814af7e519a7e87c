"""What a fund holds over the years, and under which terms it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import numbers
from housing.plots._looks import (
    AREAS,
    DARK,
    axes_of,
    filled,
    finished,
    named_line,
    shaped,
    with_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fund_paths", "fund_region"]

#: Colours and hatches of areas that lie on one another.
OVER = [
    (AREAS[colour], hatch)
    for colour, hatch in zip(
        (0, 1, 3, 5, 4, 6, 2), ("..", "\\\\", "//", "xx", "--", "||", "oo"), strict=True
    )
]
#: How much of a colour an area has, beside white.
PALE = 0.6


def fund_paths(
    funds: Mapping[str, pd.DataFrame], *, unit: str = "", ax: Axes | None = None, **kwargs: Any
) -> Axes:
    """Draw what funds hold, year by year.

    Parameters
    ----------
    funds : mapping of str to DataFrame
        From `maintenance.fund`, by label.
    unit : str, optional
        Of the balances.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A line a fund from its deposit on, and a cross where it has run out: from there on it owes.

    Raises
    ------
    ValueError
        If there is no fund, or a table is no account of one.

    Examples
    --------
    >>> from housing.maintenance import fund
    >>> due = [0.5, 0.5, 0.5, 1.0, 3.5] * 6
    >>> ax = fund_paths(
    ...     {f"deposit of {d}": fund(due, deposit=d, interest=0.08) for d in (8, 12, 16)},
    ...     unit="% of value",
    ... )
    >>> ax.get_ylabel(), len(ax.lines)
    ('balance, % of value', 6)
    """
    filled("funds", funds)
    ax = axes_of(ax)
    for place, (label, account) in enumerate(funds.items()):
        columns = {"income", "expenditure", "interest", "balance"}
        if not columns <= {*getattr(account, "columns", ())}:
            raise ValueError(f"funds {label!r} must have {sorted(columns)}, got {account!r:.60}")
        first = account.iloc[0]
        before = first["balance"] - first["interest"] - first["income"] + first["expenditure"]
        held = np.concatenate([[before], account["balance"]])
        years = np.concatenate([[account.index[0] - 1], account.index])
        drawn = named_line(ax, place, label, years, held, **kwargs)
        out = np.flatnonzero(held < 0)
        if out.size:
            at = years[out[0]], held[out[0]]
            ax.plot(*at, "X", color=drawn.get_color(), mec="white", markersize=9)
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.set_xlim(years[0], years[-1])
    return finished(ax, "year", with_unit("balance", unit), legend={})


def fund_region(
    interest: ArrayLike,
    price_growth: ArrayLike,
    regions: Mapping[str, ArrayLike],
    *,
    points: Mapping[str, tuple[float, float]] | None = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw under which interest and which growth of prices something holds of a fund.

    Parameters
    ----------
    interest, price_growth : array_like
        Decimals per year, the axes of the map.
    regions : mapping of str to array_like of bool
        What holds where: one row a growth of prices, one column a rate of interest. From
        `maintenance.exhausted_in` or `maintenance.left_after`, by label.
    points : mapping of str to pair of float, optional
        Interest and growth of single cases, by label.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the areas: as `Axes.contourf` has them.

    Returns
    -------
    Axes
        Of each region an area with a hatch, the smaller on the larger; both axes in percent a
        year.

    Raises
    ------
    ValueError
        If there is no region, or one has not the shape of the axes.

    Examples
    --------
    >>> import numpy as np
    >>> from housing.maintenance import exhausted_in
    >>> rates, growths = np.linspace(0.02, 0.12, 51), np.linspace(0, 0.04, 41)
    >>> terms = {"interest": rates, "price_growth": growths[:, None]}
    >>> lasts = {
    ...     f"a deposit of {d} lasts": np.isinf(exhausted_in([1.0] * 30, deposit=d, **terms))
    ...     for d in (15, 10)
    ... }
    >>> ax = fund_region(rates, growths, lasts, points={"as planned": (0.06, 0.02)})
    >>> ax.get_xlabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('interest, % a year', ['a deposit of 15 lasts', 'a deposit of 10 lasts'])
    """
    filled("regions", regions)
    across, up = 100 * numbers("interest", interest), 100 * numbers("price_growth", price_growth)
    ax = axes_of(ax)
    shape = (up.size, across.size)
    drawn = {label: shaped(f"regions {label!r}", own, shape) for label, own in regions.items()}
    looks = {label: _look(place) for place, label in enumerate(drawn)}
    by_size = sorted(drawn, key=lambda label: -np.count_nonzero(drawn[label]))
    there = [label for label in by_size if drawn[label].any()]
    within: dict[str, Any] = {"levels": [0.5, 1.5]}
    for label in there:
        fill: dict[str, Any] = within | {"colors": [looks[label]["facecolor"]]} | kwargs
        ax.contourf(across, up, drawn[label], **fill)
    # On all colours, so that where two hold, both show.
    for label in there:
        marked = ax.contourf(
            across, up, drawn[label], colors="none", hatches=[looks[label]["hatch"]], **within
        )
        marked.set_edgecolor(DARK)
        marked.set_linewidth(0.0)
    import matplotlib.patheffects as effects
    from matplotlib.patches import Patch

    patches = [Patch(label=label, **look) for label, look in looks.items()]
    ax.legend(handles=patches, loc="upper left", frameon=True, framealpha=1.0)
    for label, (rate, growth) in (points or {}).items():
        ax.plot(100 * rate, 100 * growth, "o", color="black", markersize=8, clip_on=False, zorder=5)
        text = ax.annotate(label, (100 * rate, 100 * growth), (9, 6), textcoords="offset points")
        # The hatches would run through it.
        text.set_path_effects([effects.withStroke(linewidth=2.5, foreground="white")])
    return finished(ax, "interest, % a year", "growth of prices, % a year", off=())


def _look(place: int) -> dict[str, Any]:
    """Return how the region of that place looks: a pale colour, and a hatch."""
    from matplotlib.colors import to_rgb

    colour, hatch = OVER[place % len(OVER)]
    pale = tuple(PALE * part + 1.0 - PALE for part in to_rgb(colour))
    return {"facecolor": pale, "hatch": hatch, "edgecolor": DARK, "linewidth": 0.0}
