"""Fines that deter from subletting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from housing._arguments import one_of
from housing.plots._looks import Curves, axes_of, curves, curves_of, named_ticks, with_unit, without

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["deterrence"]

#: What of each quantity stands below the axis it is on.
_OVER = {
    "detection": "probability of detection in a year",
    "years": "years of subletting ahead",
}


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
    >>> import numpy as np
    >>> import pandas as pd
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
        ax.set_xticks(*named_ticks(frame.index, (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), "{:.0%}"))
        ax.minorticks_off()
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    else:
        ax.axhline(0.0, color="black", linewidth=0.8, linestyle=":")
    ax.set_xlabel(_OVER[over])
    ax.set_ylabel(with_unit("fine that deters", unit))
    without(ax, "top", "right")
    return ax
