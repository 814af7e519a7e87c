"""How densely land is built on, and what uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import number, numbers
from housing.land import HECTARE, Estate
from housing.plots._looks import (
    CLEAR,
    COLOURS,
    SMALL,
    area,
    axes_of,
    filled,
    finished,
    line,
    shaped,
)
from housing.plots.parts import stacked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["block_plan", "density_and_floor", "floor_area_ratios", "land_use"]


def floor_area_ratios(
    floors: ArrayLike,
    ratios: Mapping[str, ArrayLike],
    *,
    points: Mapping[str, tuple[float, float]] | None = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw floor area ratios over the number of storeys.

    Parameters
    ----------
    floors : array_like
        Storeys, along the lines.
    ratios : mapping of str to array_like
        Floor area ratio at each number of storeys, such as `land.Estate` has them, by label.
    points : mapping of str to pair of float, optional
        Storeys and ratio of single buildings or estates, by label.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A line a label, a dotted one at a ratio of 1, a diamond at each point.

    Raises
    ------
    ValueError
        If there is nothing to draw, or ratios do not match the storeys.

    Examples
    --------
    >>> import numpy as np
    >>> floors = np.arange(1, 19)
    >>> ax = floor_area_ratios(
    ...     floors,
    ...     {f"{depth} m deep": floors * depth / (depth + 5.0 * floors) for depth in (9, 14)},
    ...     points={"row houses": (3, 1.2)},
    ... )
    >>> ax.get_legend_handles_labels()[1]
    ['9 m deep', '14 m deep']
    """
    filled("ratios", ratios)
    storeys = numbers("floors", floors, above=0)
    ax = axes_of(ax)
    for place, (label, heights) in enumerate(ratios.items()):
        own = numbers("ratios", heights, at_least=0)
        shaped(f"ratios of {label!r}", own, storeys.shape, "floors")
        mark = {"marker": "os^v"[place % 4], "markersize": 5, "label": label}
        ax.plot(storeys, own, **(line(place) | mark | kwargs))
    ax.axhline(1.0, color="black", linewidth=1.0, linestyle=":")
    for label, at in (points or {}).items():
        ax.plot(*at, "D", color=COLOURS[6], markersize=8)
        ax.annotate(label, at, (9, -3), **CLEAR)
    ax.set_ylim(bottom=0.0)
    return finished(ax, "storeys", "floor area ratio", legend={"loc": "lower right"})


def density_and_floor(
    places: Mapping[str, tuple[float, float]] | pd.DataFrame,
    *,
    floor_per_person: ArrayLike = (5, 10, 15, 20, 30),
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw places by their people and their floor on the same land.

    A density alone does not tell thrift from crowding; the floor that each person has does.

    Parameters
    ----------
    places : mapping of str to pair of float, or DataFrame
        Persons per hectare and floor area ratio, by label: the first two columns of a table.
    floor_per_person : array_like, optional
        m2, above 0: a dotted line each.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the dots: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A dot a place; along a dotted line all persons have the same floor.

    Raises
    ------
    ValueError
        If there is no place, or one has a density or ratio not above 0.

    Examples
    --------
    >>> ax = density_and_floor({"old town": (900, 0.6), "walk-ups": (480, 0.8), "rows": (700, 1.5)})
    >>> [text.get_text() for text in ax.texts][-1]
    'rows'
    """
    if isinstance(places, pd.DataFrame):
        named = dict(zip(places.index, places.to_numpy(dtype=float)[:, :2].tolist(), strict=True))
    else:
        named = {label: [*at] for label, at in places.items()}
    filled("places", named)
    people, ratios = numbers("places", [*named.values()], above=0).T
    ax = axes_of(ax)
    ends = np.array([0.0, 1.15 * people.max()])
    top = 1.2 * ratios.max()
    for space in numbers("floor_per_person", floor_per_person, above=0):
        ax.plot(ends, space * ends / HECTARE, color="#767676", linewidth=1.0, linestyle=":")
        edge = min(0.98 * ends[1], 0.97 * top * HECTARE / space)
        ax.annotate(f"{space:g} m²", (edge, space * edge / HECTARE), (0, 2), ha="right", **SMALL)
    for label, at in zip(named, zip(people, ratios, strict=True), strict=True):
        look: dict[str, Any] = {"marker": "o", "markersize": 8, "color": COLOURS[0]} | kwargs
        ax.plot(*at, **look)
        right = at[0] > 0.7 * ends[1]
        ax.annotate(label, at, (-9 if right else 9, -4), ha="right" if right else "left", **CLEAR)
    ax.set_xlim(*ends)
    ax.set_ylim(0.0, top)
    words = "persons per ha\ndotted: m² of floor for each person"
    return finished(ax, words, "floor area ratio")


def land_use(estates: Mapping[str, Estate], *, ax: Axes | None = None, **kwargs: Any) -> Axes:
    """Draw the land that a m2 of floor takes in several estates, by its use.

    Parameters
    ----------
    estates : mapping of str to Estate
        From `land.row_house_estate` or `land.walk_up_estate`, one estate each.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `stacked` has them.

    Returns
    -------
    Axes
        A lying bar an estate, with all of its land at the end.

    Raises
    ------
    ValueError
        If there is no estate, or one is of many cases.

    Examples
    --------
    >>> from housing.land import row_house_estate
    >>> plan = {"front_setback": 2, "back_setback": 6, "plots_per_row": 30, "primary_street": 16}
    >>> plan |= {"secondary_street": 8, "dwellings_per_plot": 4, "persons_per_dwelling": 3}
    >>> ax = land_use({f"{n} storeys": row_house_estate(5, 12, n, **plan) for n in (2, 3, 4)})
    >>> [text.get_text() for text in ax.texts]
    ['1.11', '0.74', '0.55']
    """
    many = [label for label, estate in estates.items() if np.ndim(estate.gross_area)]
    if many:
        raise ValueError(f"estates must be one estate each, got many of {many[0]!r}")
    table = pd.DataFrame(
        {
            label: {
                "built on": estate.private_area - estate.garden_area,
                "gardens, space between buildings": estate.garden_area,
                "streets": estate.street_area,
                "community facilities": estate.facilities_area,
            }
            for label, estate in estates.items()
        }
    ).T
    floor = [estate.gross_ratio * estate.gross_area for estate in estates.values()]
    look: dict[str, Any] = {"unit": "land, m² per m² of floor", "totals": "{:.2f}", "ax": ax}
    return stacked(table.div(floor, axis=0), **(look | {"horizontal": True} | kwargs))


def block_plan(
    width: float,
    depth: float,
    *,
    front_setback: float,
    back_setback: float,
    plots_per_row: int,
    primary_street: float,
    secondary_street: float,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw the plan of a block of row houses: two rows back to back, with half of its streets.

    Parameters
    ----------
    width, depth, front_setback, back_setback, plots_per_row, primary_street, secondary_street
        As `land.row_house_estate` has them, one number each.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the rectangles: as `Axes.bar` has them.

    Returns
    -------
    Axes
        Both axes in metres, on one scale.

    Raises
    ------
    ValueError
        If a length is below 0, or there is no house.

    Examples
    --------
    >>> ax = block_plan(
    ...     6, 11, front_setback=3, back_setback=8, plots_per_row=16,
    ...     primary_street=12, secondary_street=7,
    ... )  # fmt: skip
    >>> [round(float(end)) for end in ax.get_xlim()], len(ax.patches)
    ([-6, 102], 97)
    """
    across, deep = number("width", width, above=0), number("depth", depth, above=0)
    front = number("front_setback", front_setback, at_least=0)
    back = number("back_setback", back_setback, at_least=0)
    main = number("primary_street", primary_street, at_least=0)
    side = number("secondary_street", secondary_street, at_least=0)
    plots = number("plots_per_row", plots_per_row, at_least=1)
    long, high = plots * across, 2 * (front + deep + back)
    ax = axes_of(ax, 8.0, 4.0)

    def lay(kind: int, label: str, left: Any, low: float, wide: float, tall: float) -> None:
        look: dict[str, Any] = area(kind) | {"linewidth": 0.6, "align": "edge"} | kwargs
        ax.bar(left, tall, wide, low, label=label, **look)

    lay(2, "streets", -main / 2, -side / 2, long + main, high + side)
    lots = across * np.arange(int(plots))
    parts = (0, "front yards", front), (1, "houses", deep), (6, "gardens", back)
    for sign, label in ((1, "{}"), (-1, "_{}")):
        edge = 0.0 if sign > 0 else high
        for kind, name, reach in parts:
            lay(kind, label.format(name), lots, edge if sign > 0 else edge - reach, across, reach)
            edge += sign * reach
    ax.set_aspect("equal")
    ax.set_xlim(-main / 2, long + main / 2)
    ax.set_ylim(-side / 2, high + side / 2)
    above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 4}
    return finished(ax, "m", "m", legend=above, grid=False, off=())
