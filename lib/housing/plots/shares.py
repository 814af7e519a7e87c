"""Who pays what: a whole divided among parties, scheme by scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from housing._arguments import Floats
from housing.plots._looks import SMALL, finished, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["stacked_shares"]

#: Neighbours differ in grey or in their hatching.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#0072B2"},
    {"facecolor": "#E69F00", "hatch": "///"},
    {"facecolor": "#8C8C8C"},
    {"facecolor": "#D55E00", "hatch": "xxx"},
    {"facecolor": "#56B4E9", "hatch": "..."},
    {"facecolor": "#F0E442", "hatch": "\\\\\\"},
)
#: Of a number in its part.
_BOX = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
_INSIDE: dict[str, Any] = SMALL | {"ha": "center", "va": "center", "bbox": _BOX}
#: Of a legend above the bars.
_ABOVE: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "fontsize": "small"}
_ABOVE |= {"columnspacing": 1.2, "handlelength": 1.6}


def stacked_shares(
    shares: pd.DataFrame,
    totals: Mapping[str, str] | pd.Series | None = None,
    *,
    base: str = "",
    smallest: float = 0.05,
    legend: bool = True,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw how a whole is divided: a bar a scheme, in it a part for each party.

    Parameters
    ----------
    shares : DataFrame
        Shares of the whole, decimals: one row a scheme, one column a party, six at most. What is
        below 0, such as the gain of an owner, goes to the left.
    totals : mapping or Series, optional
        Words to the right of a bar, by its row, such as what the whole comes to.
    base : str, optional
        What the whole is; it stands below the axis.
    smallest : float, optional
        From which share on a part has its number, in percent; a number above 1 leaves all out.
    legend : bool, optional
        Whether to say above the bars which part is whose.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.barh` has them.

    Returns
    -------
    Axes
        In percent, the first row on top.

    Raises
    ------
    ValueError
        If there is nothing to draw, too many parties, or a share is not finite.

    Examples
    --------
    >>> schemes = pd.DataFrame(
    ...     {"tenant": [0.35, 0.62, 0.5], "state": [0.65, 0.2, 0.0], "owner": [0.0, 0.18, 0.5]},
    ...     index=["public housing", "rent and allowance", "rent alone"],
    ... )
    >>> ax = stacked_shares(schemes, base="what the flat costs")
    >>> [text.get_text() for text in ax.texts]
    ['35', '62', '50', '65', '20', '18', '50']
    """
    values = _percents(shares)
    ax = rows_of(ax, len(shares))
    places = np.arange(len(shares))
    ends = {True: np.zeros(len(shares)), False: np.zeros(len(shares))}
    for (party, _), width, look in zip(shares.items(), values.T, _LOOKS, strict=False):
        gain = width < 0.0
        start = np.where(gain, ends[True], ends[False])
        bars: dict[str, Any] = {"height": 0.72, "edgecolor": "white", "label": party} | look
        ax.barh(places, width, left=start, **(bars | kwargs))
        for place in places[np.abs(width) >= 100.0 * smallest]:
            at = (start[place] + width[place] / 2.0, place)
            ax.annotate(f"{width[place]:.0f}", at, (0, 0), **_INSIDE)
        ends[True] += np.where(gain, width, 0.0)
        ends[False] += np.where(gain, 0.0, width)
    if totals is not None:
        for place, row in enumerate(shares.index):
            ax.annotate(f"{totals[row]}", (ends[False][place], place), (5, 0), va="center", **SMALL)
    ax.set_yticks(places, [str(row) for row in shares.index])
    ax.set_ylim(len(shares) - 0.5, -0.5)
    ax.set_xlim(min(0.0, ends[True].min()), max(100.0, ends[False].max()))
    ax.tick_params(left=False)
    # To the left there is room above the names of the rows.
    above = _ABOVE | {"ncols": len(shares.columns)} if legend else None
    words = f"% of {base}" if base else "%"
    return finished(ax, words, None, legend=above, grid=False, off=("top", "right", "left"))


def _percents(shares: pd.DataFrame) -> Floats:
    """Return shares in percent, if they can be drawn."""
    if shares.empty or len(shares.columns) > len(_LOOKS):
        raise ValueError(
            f"shares must have a row and from 1 to {len(_LOOKS)} columns, got {shares.shape}"
        )
    values = 100.0 * shares.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        told = f"{shares.index[row]}, {shares.columns[column]}"
        raise ValueError(f"shares must be finite, got {values[row, column] / 100.0} at {told}")
    return values
