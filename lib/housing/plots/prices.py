"""What homes cost, and where: prices between those that are known, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import Floats
from housing.plots._looks import (
    DARK,
    LIGHT,
    MARKERS,
    axes_of,
    curves,
    curves_of,
    filled,
    finished,
    levels,
    rows_of,
    short,
    square,
    with_unit,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from housing.interpolation import InverseDistance

__all__ = ["intervals", "prediction_error", "price_map"]


def price_map(
    model: InverseDistance,
    points: ArrayLike | Mapping[str, ArrayLike],
    *,
    unit: str = "",
    length: str = "",
    interval: float | None = None,
    cells: int = 60,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw prices on a map: what is interpolated everywhere, and the places that are named.

    Parameters
    ----------
    model : InverseDistance
        Fitted to known prices, in two coordinates.
    points : array_like or mapping of str to array_like
        Places to mark, one row a place: east, north; several kinds by their labels.
    unit, length : str, optional
        Of the prices, such as yuan per m2, and of the coordinates, such as km: degrees where the
        model's metric is "haversine".
    interval : float, optional
        Share of prices, such as 0.8: within which bounds it lies stands beside the scale, as
        `InverseDistance.predict` has it.
    cells : int, optional
        How many the map has from side to side.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the surface: as `Axes.imshow` has them.

    Returns
    -------
    Axes
        The map, dark where homes are dear; the scale of its prices stands on axes of its own.

    Raises
    ------
    ValueError
        If there is no place, or the model cannot predict.

    Examples
    --------
    >>> from housing.interpolation import InverseDistance
    >>> sales = [[0, 0], [1, 1], [4, 2], [2, 5], [-2, 3], [-1, 4]]
    >>> model = InverseDistance(neighbors=3).fit(sales, [9_800, 9_300, 6_900, 5_200, 6_400, 6_000])
    >>> ax = price_map(model, {"sold": sales, "to let": [[1, 3]]}, unit="yuan per m2")
    >>> ax.figure.axes[1].get_xlabel()
    'price, yuan per m2'
    """
    places = _places(points)
    on_earth = model.metric == "haversine"
    middle, half = _window(np.concatenate([*places.values()]), on_earth)
    # Each cell has the price of its centre.
    steps = (2 * np.arange(cells) + 1) / cells - 1.0
    east, north = (m + h * steps for m, h in zip(middle, half, strict=True))
    targets = np.array([(x, y) for y in north for x in east])
    found = model.predict(targets)
    ax = square(ax)
    shading: dict[str, Any] = {"origin": "lower", "cmap": "YlGnBu"}
    sides = zip(middle, half, strict=True)
    shading |= {"extent": [side + end for side, h in sides for end in (-h, h)]}
    shading |= {"aspect": half[0] / half[1]} | kwargs
    surface = ax.imshow(np.reshape(found, (cells, cells)), **shading)
    words = with_unit("price", unit)
    if interval is not None:
        bounds = model.predict(targets[:1], interval=interval)
        margin = short(float(bounds.high[0] - bounds.low[0]) / 2.0)
        words += f"\n{interval:.0%} of prices within {margin} of it"
    bar = ax.figure.colorbar(surface, ax=ax, orientation="horizontal", shrink=0.9)
    bar.set_label(words)
    # Prices are long numbers.
    bar.ax.locator_params(axis="x", nbins=4)
    _mark(ax, places)
    legend = {"loc": "lower left", "frameon": True, "framealpha": 0.9, "fontsize": "small"}
    own_legend = legend if isinstance(points, Mapping) else None
    axes = ("longitude", "latitude") if on_earth else ("east", "north")
    x, y = (with_unit(axis, length or "degrees" * on_earth) for axis in axes)
    if on_earth:
        # Degrees are long numbers too.
        ax.locator_params(nbins=4)
    return finished(ax, x, y, legend=own_legend, grid=False, off=())


def _window(places: Floats, on_earth: bool) -> tuple[Floats, Floats]:
    """Return the middle of a square of ground around places, and half its sides."""
    middle = (places.min(axis=0) + places.max(axis=0)) / 2.0
    # A degree of longitude is the shorter, the farther north.
    narrow = np.array([np.cos(np.radians(middle[1])) if on_earth else 1.0, 1.0])
    return middle, (0.6 * (narrow * np.ptp(places, axis=0)).max() or 1.0) / narrow


def _mark(ax: Axes, places: Mapping[str, Floats]) -> None:
    """Mark places, each kind with a sign of its own."""
    for number, (label, own) in enumerate(places.items()):
        style: dict[str, Any] = {"c": "white", "edgecolor": "black", "s": 60}
        ax.scatter(*own.T, marker=MARKERS[number % len(MARKERS)], label=label or None, **style)


def _places(points: ArrayLike | Mapping[str, ArrayLike]) -> dict[str, Floats]:
    """Return places by the labels of their kinds; one kind needs none."""
    named = dict(points) if isinstance(points, Mapping) else {"": points}
    places = {label: np.asarray(own, dtype=float) for label, own in named.items()}
    for label, own in places.items():
        if own.ndim != 2 or own.shape[1] != 2:
            said = f"points {label!r}" if label else "points"
            raise ValueError(f"{said} must have rows of two coordinates, got shape {own.shape}")
    if not sum(map(len, places.values())):
        raise ValueError("points must hold one place at least, got none")
    return places


def prediction_error(
    errors: pd.DataFrame | pd.Series | Mapping[str, pd.Series],
    rivals: Mapping[str, float] | pd.Series | None = None,
    *,
    unit: str = "",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw how far off prices are that are predicted from others, over how many are asked.

    Parameters
    ----------
    errors : DataFrame, Series or mapping of str to Series
        Root mean square errors, such as `InverseDistance.leave_one_out_error` gives; the index is
        the number of neighbors, a column is one way to weigh them.
    rivals : mapping of str to float or Series, optional
        Errors of other ways to predict, which know no number of neighbors.
    unit : str, optional
        Of the errors.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the curves: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A marked curve for each column, a level for each rival.

    Raises
    ------
    ValueError
        If there is no curve, or its index is not of numbers.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from housing.interpolation import InverseDistance
    >>> rng = np.random.default_rng(1)
    >>> places = rng.uniform(0, 10, (60, 2))
    >>> prices = 9_000 - 600 * places.sum(axis=1) / 2 + rng.normal(0, 500, 60)
    >>> def error(power, neighbors):
    ...     model = InverseDistance(power=power, neighbors=neighbors)
    ...     return model.fit(places, prices).leave_one_out_error()
    >>> errors = pd.DataFrame(
    ...     {f"power {p}": {n: error(p, n) for n in range(2, 16)} for p in (1, 2)}
    ... )
    >>> ax = prediction_error(errors, {"nearest": error(1, 1)}, unit="yuan per m2")
    >>> ax.get_ylabel()
    'root mean square error, yuan per m2'
    """
    frame = curves_of("errors", errors)
    ax = axes_of(ax)
    curves(ax, frame, marked=True, **kwargs)
    levels(ax, {} if rivals is None else rivals)
    return finished(ax, "neighbours", with_unit("root mean square error", unit))


def intervals(
    ranges: Mapping[str, Sequence[float]],
    band: Sequence[float] | None = None,
    *,
    unit: str = "",
    what: str = "price",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw ranges below each other, beside a band that they should meet.

    Parameters
    ----------
    ranges : mapping of str to (float, float)
        Low and high end by label, such as what `InverseDistance.predict` gives with an interval.
    band : (float, float), optional
        Low and high end of what is asserted.
    unit, what : str, optional
        Unit and name of what the ranges are of; they stand below the axis.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the ranges that meet the band: as `Axes.hlines` has them.

    Returns
    -------
    Axes
        A thick, dark bar for a range that meets the band, a thin, light one for one that does not;
        to touch it is not to meet it.

    Raises
    ------
    ValueError
        If there is nothing to draw, or an end is not finite or above the other.

    Examples
    --------
    >>> told = {"4 neighbours": (7_400, 8_300), "12 neighbours": (7_900, 8_600)}
    >>> ax = intervals(told, (8_350, 8_500), unit="yuan per m2")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['4 neighbours', '12 neighbours']
    """
    filled("ranges", ranges)
    for label, ends in [*ranges.items(), *([("band", band)] if band is not None else [])]:
        if len(ends) != 2 or not np.isfinite(ends).all() or ends[0] > ends[1]:
            raise ValueError(f"{label} must be two numbers, the lower first, got {ends}")
    ax = rows_of(ax, len(ranges))
    if band is not None:
        ax.axvspan(*band, facecolor="#CCCCCC", edgecolor="#888888", linewidth=1.0, zorder=0)
    for row, (low, high) in enumerate(ranges.values()):
        meets = band is None or (low < band[1] and high > band[0])
        look: dict[str, Any] = {"color": DARK, "linewidth": 6.0} | kwargs
        ax.hlines(row, low, high, **(look if meets else {"color": LIGHT, "linewidth": 3.0}))
    ax.set_yticks(range(len(ranges)), [*ranges])
    ax.set_ylim(len(ranges) - 0.4, -0.6)
    ax.tick_params(left=False)
    words = with_unit(what, unit) if what else unit
    return finished(ax, words, None, off=("top", "right", "left"))
