"""How old a stock of housing is, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import numbers
from housing.plots._looks import area, axes_of, finished, with_unit
from housing.plots.parts import stacked
from housing.stock import Projection, vintage_shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["stock_by_age", "stock_projection"]

#: A share that is too small to be written into its part, percent.
LEAST = 5.0


def stock_by_age(
    stocks: pd.DataFrame, *, unit: str = "", ax: Axes | None = None, **kwargs: Any
) -> Axes:
    """Draw a stock by the years in which it was built, at one date or at several.

    Parameters
    ----------
    stocks : DataFrame
        One row a vintage, the oldest first, one column a date.
    unit : str, optional
        Of the stock.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `stacked` has them.

    Returns
    -------
    Axes
        A bar a date; in each part its share of the date's stock.

    Raises
    ------
    ValueError
        If a stock is below 0, or there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> stocks = pd.DataFrame(
    ...     {"2010": [300, 500, 900], "2020": [240, 470, 1_900]},
    ...     index=["before 1980", "1980-99", "from 2000"],
    ... )
    >>> ax = stock_by_age(stocks, unit="million m²")
    >>> [text.get_text() for text in ax.texts][:3]
    ['18%', '29%', '53%']
    """
    table = pd.DataFrame(stocks).T
    shares = 100 * np.array(
        [vintage_shares(numbers("stocks", row, at_least=0)) for row in table.to_numpy(dtype=float)]
    )
    table.index = table.index.astype(str)
    look: dict[str, Any] = {"unit": with_unit("stock", unit), "ax": ax, "width": 0.6} | kwargs
    ax = stacked(table, **look)
    for place, (row, share) in enumerate(zip(table.to_numpy(dtype=float), shares, strict=True)):
        for top, own, part in zip(np.cumsum(row), row, share, strict=True):
            if part >= LEAST:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8}
                ax.text(place, top - own / 2, f"{part:.0f}%", ha="center", va="center", bbox=box)
    return ax


def stock_projection(
    initial_stock: float,
    additions: ArrayLike,
    projection: Projection,
    *,
    years: ArrayLike | None = None,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw a projected stock: what still stands of the first one, and what has been added.

    Parameters
    ----------
    initial_stock : float
        Before the first year, above 0.
    additions : array_like
        In each year, one path.
    projection : Projection
        From `stock.projection`, of these two.
    years : array_like, optional
        One more than the additions, from that of the initial stock; 0, 1, 2 ... if not given.
    unit : str, optional
        Of the stock.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the areas: as `Axes.fill_between` has them.

    Returns
    -------
    Axes
        Two areas, the first stock below.

    Raises
    ------
    ValueError
        If the numbers of years, additions and stocks do not match, or the stock is not above 0.

    Examples
    --------
    >>> from housing.stock import projection
    >>> built = [90, 100, 110, 120, 120, 120]
    >>> ax = stock_projection(
    ...     2_000, built, projection(2_000, built, 0.02), years=range(2020, 2027), unit="million m²"
    ... )
    >>> ax.get_legend_handles_labels()[1]
    ['standing from 2020', 'added since']
    """
    added, stock = numbers("additions", additions), numbers("projection", projection.stock)
    first = float(numbers("initial_stock", initial_stock, above=0))
    dates = np.arange(added.size + 1) if years is None else numbers("years", years)
    if added.ndim != 1 or stock.shape != added.shape or dates.shape != (added.size + 1,):
        raise ValueError(
            f"years must be one more than additions, and the projection of these, got "
            f"{dates.shape}, {added.shape} and {stock.shape}"
        )
    path = np.concatenate([[first], stock])
    kept = 1.0 - numbers("projection", projection.demolition) / path[:-1]
    old = first * np.concatenate([[1.0], np.cumprod(kept)])
    ax = axes_of(ax)
    parts = (
        (np.zeros_like(old), old, f"standing from {dates[0]:g}"),
        (old, path, "added since"),
    )
    for number, (low, high, label) in enumerate(parts):
        look: dict[str, Any] = area(number) | {"label": label} | kwargs
        ax.fill_between(dates, low, high, **look)
    ax.set_xlim(dates[0], dates[-1])
    ax.set_ylim(bottom=0.0)
    legend = {"loc": "upper left", "reverse": True}
    return finished(ax, None, with_unit("stock", unit), legend=legend)
