"""What a rent is worth as a price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from housing._arguments import numbers
from housing.plots._looks import CLEAR, axes_of, filled, finished, named_line, shaped, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bid_prices"]


def bid_prices(
    rent: ArrayLike,
    prices: Mapping[str, ArrayLike],
    *,
    cost: float | None = None,
    points: Mapping[str, tuple[float, float]] | None = None,
    rent_unit: str = "",
    price_unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what tenants bid over the rent that they pay, or schedules of equal tenure.

    Parameters
    ----------
    rent : array_like
        Along the lines.
    prices : mapping of str to array_like
        Price at each rent, from `tenure.bid_price`, `tenure.bid_price_with_reserve` or, for
        iso-tenure schedules, `tenure.iso_tenure_price`, by label.
    cost : float, optional
        Of the home, to hold the bids against.
    points : mapping of str to pair of float, optional
        Places of rent and price, by label.
    rent_unit, price_unit : str, optional
        Their units.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A line a label, a thin one at a price of 0, a dotted one at the cost.

    Raises
    ------
    ValueError
        If there is nothing to draw, or prices do not match the rents.

    Examples
    --------
    >>> import numpy as np
    >>> from housing import tenure
    >>> rent = np.linspace(0, 60, 61)
    >>> ax = bid_prices(
    ...     rent,
    ...     {f"{rate:.0%} interest": tenure.bid_price(rent, rate, 0.02) for rate in (0.05, 0.1)},
    ...     cost=300,
    ...     points={"asked": (30, 400)},
    ...     price_unit="yuan per m²",
    ... )
    >>> ax.get_ylabel(), ax.texts[-1].get_text()
    ('price, yuan per m²', 'asked')
    """
    filled("prices", prices)
    along = numbers("rent", rent)
    ax = axes_of(ax)
    for number, (label, bids) in enumerate(prices.items()):
        heights = shaped(f"prices of {label!r}", bids, along.shape, "rent")
        named_line(ax, number, label, along, heights, **kwargs)
    ax.axhline(0.0, color="black", linewidth=0.8)
    if cost is not None:
        ax.axhline(cost, color="black", linewidth=1.2, linestyle=":", label="cost")
    for label, at in (points or {}).items():
        ax.plot(*at, "o", color="black", markersize=6)
        ax.annotate(label, at, (8, -14), **CLEAR)
    ax.set_xlim(along.min(), along.max())
    words = with_unit("rent", rent_unit), with_unit("price", price_unit)
    return finished(ax, *words, legend={})
