"""What a rent is made of, and where it stands between supply and demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, numbers
from housing.plots._looks import SMALL, axes_of, filled, finished, line, rising, shaped, with_unit
from housing.plots.parts import stacked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from housing.rent import EightPointRent, StandardRent

__all__ = ["rent_components", "rents_on_demand"]


def rent_components(
    rents: Mapping[str, StandardRent | EightPointRent],
    *,
    money: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what rents that recover costs are made of, side by side.

    Parameters
    ----------
    rents : mapping of str to StandardRent or EightPointRent
        One rent each, by its label.
    money : str, optional
        Its unit.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `stacked` has them.

    Returns
    -------
    Axes
        A bar a rent, with the whole above it.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a rent is of many cases.

    Examples
    --------
    >>> from housing.rent import standard_rent
    >>> ax = rent_components(
    ...     {f"return of {rate:.0%}": standard_rent(900, rate) for rate in (0.02, 0.05, 0.08)},
    ...     money="yuan",
    ... )
    >>> ax.get_legend_handles_labels()[1][:2], ax.texts[0].get_text()
    (['depreciation', 'maintenance'], '7.00')
    """
    many = [label for label, rent in rents.items() if np.ndim(rent.total)]
    if many:
        raise ValueError(f"rents must be one rent each, got many of {many[0]!r}")
    table = pd.DataFrame({label: rent._asdict() for label, rent in rents.items()}).T
    table = table.drop(columns="total", errors="ignore").fillna(0.0)
    table.columns = table.columns.str.replace("_", " ")
    unit = with_unit("rent", f"{money} per m² and month".strip())
    return stacked(table, **({"unit": unit, "totals": "{:.2f}", "ax": ax} | kwargs))


def rents_on_demand(
    quantity: ArrayLike,
    demand: ArrayLike,
    supply: ArrayLike,
    *,
    stock: float,
    rents: Mapping[str, float],
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw rents between supply and demand, where the stock is what it is.

    Parameters
    ----------
    quantity : array_like
        Of housing, ascending, at least two.
    demand, supply : array_like
        Rent at which each quantity would be taken, which falls, and offered.
    stock : float
        Quantity that there is, within those given.
    rents : mapping of str to float
        Levels of rent by their labels, which stand beside the axis in place of numbers.
    unit : str, optional
        Of the rents.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the two curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A dot where each rent meets the stock, and one where the curves cross, if they do; dotted, a
        line to what would be taken at the rent: beyond the stock, it is missing.

    Raises
    ------
    ValueError
        If quantities do not rise, demand does not fall, the stock is not among the quantities, or
        there is no rent.

    Examples
    --------
    >>> ax = rents_on_demand(
    ...     [0, 10], [10, 2], [1, 9], stock=4, rents={"market": 6.8, "controlled": 3.0}
    ... )
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['market', 'controlled']
    """
    amount = rising("quantity", quantity)
    wanted, offered = (
        shaped(name, numbers(name, heights), amount.shape, "quantity")
        for name, heights in (("demand", demand), ("supply", supply))
    )
    if not (np.diff(wanted) < 0).all():
        raise ValueError(f"demand must fall with the quantity, got {wanted}")
    if not amount[0] <= stock <= amount[-1]:
        raise ValueError(f"stock must be from {amount[0]} to {amount[-1]}, got {stock}")
    filled("rents", rents)
    ax = axes_of(ax)
    curves = (("D", wanted, line(0)), ("S", offered, line(4) | {"linestyle": "-."}))
    for name, heights, look in curves:
        ax.plot(amount, heights, **({"linewidth": 2.0} | look | kwargs))
        ax.annotate(name, (amount[-1], heights[-1]), (5, -4), color=look["color"], **SMALL)
    ax.axvline(stock, color="black", linestyle="--", linewidth=1.0)
    ax.annotate("stock", (stock, 0.97), (4, 0), xycoords=("data", "axes fraction"), **SMALL)
    for rent in rents.values():
        reach = max(stock, float(np.interp(rent, wanted[::-1], amount[::-1])))
        ax.plot([amount[0], reach], [rent, rent], color="black", linewidth=1.0, linestyle=":")
        ax.plot(stock, rent, "o", color="black", markersize=5)
    _equilibrium(ax, amount, wanted, offered)
    ax.set_xlim(amount[0], amount[-1])
    ax.set_yticks([*rents.values()], [*rents])
    ax.set_xticks([])
    words = "quantity of housing\ndotted: what would be taken at each rent; ring: equilibrium"
    return finished(ax, words, with_unit("rent", unit), grid=False)


def _equilibrium(ax: Axes, quantity: Floats, demand: Floats, supply: Floats) -> None:
    """Draw a ring where demand and supply cross, if they do."""
    gap = demand - supply
    if gap[0] >= 0 >= gap[-1]:
        crossing = float(np.interp(0.0, gap[::-1], quantity[::-1]))
        ax.plot(crossing, np.interp(crossing, quantity, supply), "o", color="black", mfc="white")
