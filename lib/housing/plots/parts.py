"""What something is made of: parts that make up a whole, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from housing._arguments import by_name
from housing.plots._looks import area, axes_of, rows_of, with_unit, without

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["project_costs", "stacked"]


def stacked(
    table: pd.DataFrame | Mapping[str, Any],
    *,
    unit: str = "",
    totals: str = "",
    horizontal: bool = False,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw bars of parts that make up a whole.

    Parameters
    ----------
    table : DataFrame or mapping of str to array_like
        One row a bar, one column a part. Where the index is of numbers, such as years, the bars
        stand at their places; else side by side. A part below 0 goes down from 0.
    unit : str, optional
        Of the parts.
    totals : str, optional
        How the sum of a bar is written at its end: ``"{:,.0f}"``; not at all if not given.
    horizontal : bool, optional
        Whether the bars lie, the first on top: for long names.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.bar`, or `Axes.barh`, has them.

    Returns
    -------
    Axes
        Of each part a colour and a hatch, in the order of the columns, and its name in a legend.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a part is no finite number.

    Examples
    --------
    >>> import pandas as pd
    >>> costs = {"rent": [180, 240, 420], "heating": [60, 90, 150], "upkeep": [40, 45, 60]}
    >>> flats = pd.DataFrame(costs, index=["one room", "two rooms", "three rooms"])
    >>> ax = stacked(flats, unit="yuan a month", totals="{:.0f}")
    >>> [text.get_text() for text in ax.texts]
    ['280', '375', '630']
    """
    frame = pd.DataFrame(table)
    heights = frame.to_numpy(dtype=float)
    if not heights.size:
        raise ValueError(f"table must have a bar and a part at least, got {frame.shape}")
    if not np.isfinite(heights).all():
        raise ValueError(f"table must hold finite numbers, got {heights[~np.isfinite(heights)][0]}")
    ax = rows_of(ax, len(frame)) if horizontal else axes_of(ax)
    named = not pd.api.types.is_numeric_dtype(frame.index)
    at = np.arange(len(frame)) if named else frame.index.to_numpy()
    draw, start = (ax.barh, "left") if horizontal else (ax.bar, "bottom")
    up, down = np.zeros(len(frame)), np.zeros(len(frame))
    for number, (name, part) in enumerate(zip(frame.columns, heights.T, strict=True)):
        foot = np.where(part < 0, down, up)
        look: dict[str, Any] = area(number) | {start: foot, "label": str(name)} | kwargs
        draw(at, part, **look)
        up, down = up + np.maximum(part, 0), down + np.minimum(part, 0)
    for place, top, total in zip(at, up, heights.sum(axis=1), strict=True):
        if totals:
            spot, shift = ((top, place), (4, 0)) if horizontal else ((place, top), (0, 3))
            side: dict[str, Any] = {"va": "center"} if horizontal else {"ha": "center"}
            ax.annotate(
                totals.format(total), spot, shift, textcoords="offset points", weight="bold", **side
            )
    _finished(ax, [*map(str, frame.index)] if named else None, horizontal, unit)
    if down.any():
        (ax.axvline if horizontal else ax.axhline)(0.0, color="black", linewidth=0.8)
    return ax


def _finished(ax: Axes, names: list[str] | None, horizontal: bool, unit: str) -> None:
    """Name the bars, give the sums their unit and some room, and take away what is not needed."""
    if horizontal:
        ax.invert_yaxis()
    if names is not None:
        (ax.set_yticks if horizontal else ax.set_xticks)(range(len(names)), names)
    (ax.set_xlabel if horizontal else ax.set_ylabel)(unit)
    (ax.set_xmargin if horizontal else ax.set_ymargin)(0.1)
    ax.grid(visible=False, axis="y" if horizontal else "x")
    without(ax, "top", "right")
    if horizontal:
        # Bars of any length leave no room beside them.
        above: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": 2}
        ax.legend(frameon=False, **above)
    else:
        ax.legend(frameon=False, reverse=True)


def project_costs(
    costs: pd.DataFrame,
    areas: pd.Series | Mapping[str, float],
    *,
    money: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what a square metre costs in several projects, by kind of cost.

    Parameters
    ----------
    costs : DataFrame
        Money: one row a kind of cost, one column a project.
    areas : Series or mapping of str to float
        m2 of each project, above 0: of all its floor, or of the floor that can be sold.
    money : str, optional
        Its unit.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `stacked` has them.

    Returns
    -------
    Axes
        A bar a project, with the sum above it.

    Raises
    ------
    ValueError
        If a project has no area above 0, an area no project, or a cost is no finite number.

    Examples
    --------
    >>> import pandas as pd
    >>> costs = pd.DataFrame(
    ...     {"on the edge": [1.1e6, 9.2e6, 2.4e6], "in the centre": [4.6e6, 9.8e6, 1.9e6]},
    ...     index=["land", "building", "infrastructure"],
    ... )
    >>> ax = project_costs(costs, {"on the edge": 31_000, "in the centre": 17_000}, money="yuan")
    >>> ax.get_ylabel(), [text.get_text() for text in ax.texts]
    ('cost, yuan per m²', ['410', '959'])
    """
    given = by_name("areas", areas)
    for project in costs.columns:
        if project not in given:
            raise ValueError(f"areas must have one of each project, got none of {project}")
    for project in given:
        if project not in costs.columns:
            raise ValueError(f"areas must be of projects in costs, got one of {project}")
    floor = pd.Series(given, dtype=float).reindex(costs.columns)
    if not (floor > 0).all():
        project = floor.index[~(floor > 0)][0]
        raise ValueError(f"areas must be above 0, got {floor[project]} for {project}")
    unit = with_unit("cost", f"{money} per m²".strip())
    return stacked((costs / floor).T, **({"unit": unit, "totals": "{:,.0f}", "ax": ax} | kwargs))
