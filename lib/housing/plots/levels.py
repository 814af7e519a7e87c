"""A result over two inputs, as level lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import Floats
from housing.plots._looks import COLOURS, axes_of, finished, rising, shaped, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import ContourSet

__all__ = ["level_lines"]

#: Part of an axis that a line must cross at least to be labelled.
ROOM = 0.2


def level_lines(
    x: ArrayLike,
    y: ArrayLike,
    values: ArrayLike,
    *,
    levels: int | Sequence[float] = 8,
    limit: float | None = None,
    label: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw a result over two inputs by bands and level lines that bear their values.

    Parameters
    ----------
    x, y : array_like
        The two inputs, rising.
    values : array_like
        The result, one row for each of `y` and one column for each of `x`. Where it is NaN nothing
        is drawn.
    levels : int or sequence of float, optional
        About how many, or which.
    limit : float, optional
        A value on whose two sides something else holds: a thick line, however short, with its
        number.
    label : str, optional
        What the result is, with its unit; it stands above the axes.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bands: as `Axes.contourf` has them.

    Returns
    -------
    Axes
        Bands that are the darker the higher the result is, and a number on each line.

    Raises
    ------
    ValueError
        If the shapes do not fit together, an input does not rise, or there is nothing to draw.

    Examples
    --------
    >>> import numpy as np
    >>> from housing import mortgage
    >>> rates, years = np.linspace(0.02, 0.10, 41), np.linspace(5, 30, 51)
    >>> paid = mortgage.payment(500_000, rates, years[:, None])
    >>> ax = level_lines(100 * rates, years, paid, limit=4_000, label="payment, yuan a month")
    >>> ax.get_title(loc="left"), "4,000" in [text.get_text() for text in ax.texts]
    ('payment, yuan a month', True)
    """
    across, along = rising("x", x), rising("y", y)
    heights = shaped("values", values, (along.size, across.size))
    if not np.isfinite(heights).any():
        raise ValueError("values must hold a finite number, got none")
    low, high = np.nanmin(heights), np.nanmax(heights)
    ax = axes_of(ax)
    look: dict[str, Any] = {"cmap": "YlGnBu"} | kwargs
    bands = ax.contourf(across, along, heights, levels, **look)
    # Matplotlib warns of levels that the result does not reach.
    inside = [level for level in bands.levels if low < level < high]
    drawn = []
    if inside:
        thin: dict[str, Any] = {"colors": "white", "linewidths": 0.8}
        drawn += [(ax.contour(across, along, heights, inside, **thin), ROOM)]
    if limit is not None and low < limit < high:
        thick: dict[str, Any] = {"colors": COLOURS[4], "linewidths": 2.5}
        drawn += [(ax.contour(across, along, heights, [limit], **thick), 0.0)]
    for lines, room in drawn:
        _write(ax, lines, room * np.array([np.ptp(across), np.ptp(along)]))
    ax.set_title(label, loc="left", fontsize="medium")
    return finished(ax, None, None, grid=False, off=())


def _write(ax: Axes, lines: ContourSet, room: Floats) -> None:
    """Write the values of lines on them, where there is room."""
    import matplotlib.patheffects as effects

    # In the middle of the longest piece of each line; a short one has no room for words.
    pieces = [max(every, key=len) for every in lines.allsegs if len(every)]
    long = [piece for piece in pieces if len(piece) and (np.ptp(piece, axis=0) > room).any()]
    middles = [tuple(piece[len(piece) // 2]) for piece in long]
    looks: dict[str, Any] = {"fontsize": "small", "colors": "black", "inline": False}
    for text in ax.clabel(lines, fmt=short, manual=middles, **looks):
        text.set_path_effects([effects.withStroke(linewidth=2.5, foreground="white")])
