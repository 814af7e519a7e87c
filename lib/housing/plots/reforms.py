"""Who wins and who loses when rents and wages rise together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import numbers
from housing.plots._looks import DARK, LIGHT, SMALL, axes_of, finished, shaped, short, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["gains_over_wage_and_space", "winners_and_losers"]


def winners_and_losers(
    weights: ArrayLike,
    gain: ArrayLike,
    *,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what each kind of household gains or loses, with a bar as wide as its share.

    Parameters
    ----------
    weights : array_like
        Shares of households, as `reform.winners_and_losers` takes them.
    gain : array_like or DataFrame
        Gain of each kind of household, of the shape of the weights, from `reform.gains`; where it
        is a DataFrame, its labels name the bars.
    unit : str, optional
        Of the gains.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.bar` has them.

    Returns
    -------
    Axes
        Bars from the largest gain to the largest loss: dark above 0, light and hatched below.
        Their areas add up to what the whole gains.

    Raises
    ------
    ValueError
        If shapes differ, or a share is below 0.

    Examples
    --------
    >>> from housing import reform
    >>> weights = [[0.2, 0.1], [0.3, 0.4]]
    >>> ax = winners_and_losers(weights, reform.gains([1_500, 3_000], [20, 50], 40, 0.6))
    >>> [round(bar.get_height()) for bar in ax.patches]
    [1000, 100, -200, -1100]
    """
    share = numbers("weights", weights, at_least=0)
    gained = shaped("gain", numbers("gain", gain), share.shape, "weights")
    order = np.argsort(-gained, axis=None, kind="stable")
    height, width = gained.ravel()[order], 100 * share.ravel()[order]
    start = np.cumsum(width) - width
    ax = axes_of(ax)
    for won, side in ((True, {"facecolor": DARK}), (False, {"facecolor": LIGHT, "hatch": "//"})):
        part = (height > 0) == won
        own: dict[str, Any] = {"align": "edge", "edgecolor": "white"} | side | kwargs
        ax.bar(start[part], height[part], width=width[part], **own)
    if isinstance(gain, pd.DataFrame):
        names = [f"{wage}, {space}" for wage in gain.index for space in gain.columns]
        for at, tall, place in zip(start + width / 2, height, order, strict=True):
            # On the side of the line where there is no bar.
            look: dict[str, Any] = {"va": "top" if tall > 0 else "bottom", "rotation": 90}
            shift = (0, -4 if tall > 0 else 4)
            ax.annotate(names[place], (at, 0), shift, ha="center", **(look | SMALL))
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.set_xlim(0, width.sum())
    ax.yaxis.set_major_formatter(lambda value, _: short(value) if value else "0")
    ax.grid(visible=False, axis="x")
    words = "households, %, best off first", with_unit("gain or loss", unit)
    return finished(ax, *words, off=("top", "right", "bottom"))


def gains_over_wage_and_space(
    gain: pd.DataFrame,
    *,
    weights: pd.DataFrame | None = None,
    unit: str = "",
    wage_unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw how a gain hangs on wage and space, and which households come out even.

    Parameters
    ----------
    gain : DataFrame
        From `reform.gains` over a fine grid: wages as index, spaces, m2, as columns.
    weights : DataFrame, optional
        Shares of households by wage and space; each is a circle, as large as its share.
    unit, wage_unit : str, optional
        Of the gains and of the wages.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the areas: as `Axes.contourf` has them.

    Returns
    -------
    Axes
        Areas of equal gain, lines with their numbers, and a thick line where nothing is gained.

    Raises
    ------
    ValueError
        If the grid has fewer than two wages or spaces.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from housing import reform
    >>> wages = pd.Series(np.linspace(900, 3_600, 28), np.linspace(900, 3_600, 28))
    >>> spaces = pd.Series(np.linspace(10, 70, 31), np.linspace(10, 70, 31))
    >>> ax = gains_over_wage_and_space(reform.gains(wages, spaces, 40, 0.6), unit="yuan a year")
    >>> ax.get_xlabel(), ax.get_title(loc="left")
    ('space, m²', 'gain or loss, yuan a year; thick: even')
    """
    wages, spaces = (numbers("gain", labels) for labels in (gain.index, gain.columns))
    if min(gain.shape) < 2:
        raise ValueError(f"gain must have two wages and two spaces at least, got {gain.shape}")
    ax = axes_of(ax)
    heights = gain.to_numpy(dtype=float)
    look: dict[str, Any] = {"levels": 12, "cmap": "PuOr"} | kwargs
    if "vmin" not in kwargs:
        look |= {"vmin": -np.abs(heights).max(), "vmax": np.abs(heights).max()}
    filled = ax.contourf(spaces, wages, heights, **look)
    shown = [level for level in filled.levels if level]
    lines = ax.contour(spaces, wages, heights, levels=shown, colors="black", linewidths=0.6)
    ax.clabel(lines, shown[::2], fmt="%+g", fontsize="small")
    ax.contour(spaces, wages, heights, levels=[0.0], colors="black", linewidths=2.5)
    if weights is not None:
        across, up = np.meshgrid(*(numbers("weights", a) for a in (weights.columns, weights.index)))
        size = 1200 * weights.to_numpy(dtype=float)
        ax.scatter(across, up, s=size, color="white", edgecolor="black", zorder=3)
    ax.set_title(f"{with_unit('gain or loss', unit)}; thick: even", loc="left")
    return finished(ax, "space, m²", with_unit("wage", wage_unit), grid=False, off=())
