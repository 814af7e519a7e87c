"""Estates: what given dimensions of houses, plots and streets come to.

A row of houses and a row of slabs are the same geometry, a pattern of plots between streets, so
both give an `Estate` and can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import Floats, elementwise, numbers
from housing._limits import ROUNDING
from housing.land.densities import density, floor_area_ratio

__all__ = [
    "Estate",
    "row_house_estate",
    "sunlight_spacing",
    "walk_up_estate",
]

#: Degrees by which the sun stands away from the equator on the shortest day, and per hour.
SOLSTICE = -23.44
DEGREES_PER_HOUR = 15.0


class Estate(NamedTuple):
    """What a pattern of plots, streets and facilities comes to: one block and its share of both.

    Areas are m2 of one block. `net_density` is persons per hectare of block, `gross_density` and
    `dwelling_density` are persons and dwellings per hectare of gross area.
    """

    plot_area: Any
    plot_floor_area: Any
    plot_ratio: Any
    block_length: Any
    block_width: Any
    private_area: Any
    garden_area: Any
    street_area: Any
    block_area: Any
    block_ratio: Any
    dwellings: Any
    people: Any
    facilities_area: Any
    gross_area: Any
    gross_ratio: Any
    net_density: Any
    gross_density: Any
    dwelling_density: Any


@elementwise
def sunlight_spacing(
    height: ArrayLike,
    latitude: ArrayLike,
    *,
    hours: ArrayLike = 1.0,
    declination: ArrayLike = SOLSTICE,
) -> Any:
    r"""Distance that leaves the ground floor of the next slab so many hours of sun around noon.

    The slabs run east to west and face the sun.

    Parameters
    ----------
    height : array_like
        Of the slab that casts the shadow, above the window that is to have sun, m, at least 0.
    latitude : array_like
        Degrees from the equator, from 0 to 90.
    hours : array_like, optional
        Of sunshine, half before noon and half after, from 0 to 24.
    declination : array_like, optional
        Degrees of the sun from the equator, from -90 to 0: below 0 in winter. The default is the
        shortest day.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m from the back of one slab to the front of the next.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the sun is not above the horizon for so long.

    Notes
    -----
    With latitude :math:`\varphi`, declination :math:`\delta` and the hour angle :math:`\omega`
    at which the hours begin and end, the shadow of a height of 1 reaches north by

    .. math:: \frac{\sin\varphi\cos\delta\cos\omega - \cos\varphi\sin\delta}
                   {\sin\varphi\sin\delta + \cos\varphi\cos\delta\cos\omega} .

    A flat site and long slabs are supposed, so it is what the norm asks for at worst.

    References
    ----------
    World Bank (1991), footnote 7 to para. 3.9, states the norm: at least one hour on the shortest
    day. The geometry: Duffie and Beckman (2013), *Solar Engineering of Thermal Processes*,
    chapter 1.

    Computes: World Bank (1991), footnote 7 of chapter III.

    Examples
    --------
    >>> round(sunlight_spacing(16.8, 39.1), 1)  # six storeys in Tianjin
    32.6
    """
    phi = np.radians(numbers("latitude", latitude, at_least=0, at_most=90))
    delta = np.radians(numbers("declination", declination, at_least=-90, at_most=0))
    half_span = numbers("hours", hours, at_least=0, at_most=24) / 2.0
    cosine = np.cos(delta) * np.cos(np.radians(DEGREES_PER_HOUR * half_span))
    up = np.sin(phi) * np.sin(delta) + np.cos(phi) * cosine
    # The sine of the sun's height: on the horizon it is 0 but for noise of numbers up to 1.
    risen = up > ROUNDING
    if not risen.all():
        shown = np.broadcast_to(2.0 * half_span, up.shape).flat[int(np.argmin(risen))]
        raise ValueError(
            f"hours must leave the sun above the horizon at that latitude, got {shown:.12g}"
        )
    south = np.sin(phi) * cosine - np.cos(phi) * np.sin(delta)
    return numbers("height", height, at_least=0) * south / up


@elementwise
def row_house_estate(
    width: ArrayLike,
    depth: ArrayLike,
    floors: ArrayLike,
    *,
    front_setback: ArrayLike,
    back_setback: ArrayLike,
    plots_per_row: ArrayLike,
    rows: ArrayLike = 2,
    primary_street: ArrayLike,
    secondary_street: ArrayLike,
    dwellings_per_plot: ArrayLike,
    persons_per_dwelling: ArrayLike,
    facilities_per_person: ArrayLike = 0.0,
) -> Estate:
    """Estate of row houses that fill the width of their plots, in rows back to back.

    Parameters
    ----------
    width, depth : array_like
        Of a house, m, above 0; the width is that of its plot too.
    floors : array_like
        Storeys, above 0; an average may be given.
    front_setback, back_setback : array_like
        Depth of the plot before and behind the house, m, at least 0.
    plots_per_row : array_like
        Plots side by side between two primary streets, at least 1.
    rows : array_like, optional
        Rows between two secondary streets, at least 1: two where gardens meet back to back.
    primary_street, secondary_street : array_like
        Width of the streets at a row's ends and along it, m, at least 0. A block has half of each
        street round it, so one width of either.
    dwellings_per_plot, persons_per_dwelling : array_like
        At least 0.
    facilities_per_person : array_like, optional
        Land for community facilities, m2 per person, at least 0.

    Returns
    -------
    Estate
        Areas, floor area ratios and densities, of the plot, the block and the whole.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    walk_up_estate : the rival pattern.

    References
    ----------
    World Bank (1991), Table 3.1 and Figure 3.6.

    Computes: World Bank (1991), Table 3.1.

    Examples
    --------
    >>> estate = row_house_estate(
    ...     5,
    ...     12,
    ...     3,
    ...     front_setback=2,
    ...     back_setback=6,
    ...     plots_per_row=30,
    ...     primary_street=16,
    ...     secondary_street=8,
    ...     dwellings_per_plot=4,
    ...     persons_per_dwelling=3,
    ...     facilities_per_person=2.5,
    ... )
    >>> round(estate.block_ratio, 2), round(estate.gross_ratio, 2), round(estate.gross_density)
    (1.36, 1.11, 737)
    """
    front = numbers("front_setback", front_setback, at_least=0)
    back = numbers("back_setback", back_setback, at_least=0)
    block = _Block(
        built_width=numbers("width", width, above=0),
        built_depth=numbers("depth", depth, above=0),
        open_width=np.zeros(()),
        open_depth=front + back,
        plots_per_row=numbers("plots_per_row", plots_per_row, at_least=1),
        rows=numbers("rows", rows, at_least=1),
        primary_street=numbers("primary_street", primary_street, at_least=0),
        secondary_street=numbers("secondary_street", secondary_street, at_least=0),
    )
    homes = {"dwellings_per_plot": numbers("dwellings_per_plot", dwellings_per_plot, at_least=0)}
    return _estate(block, floors, homes, persons_per_dwelling, facilities_per_person)


@elementwise
def walk_up_estate(
    length: ArrayLike,
    depth: ArrayLike,
    floors: ArrayLike,
    *,
    spacing: ArrayLike,
    end_gap: ArrayLike,
    slabs_per_row: ArrayLike,
    rows: ArrayLike,
    primary_street: ArrayLike,
    secondary_street: ArrayLike,
    dwellings_per_slab: ArrayLike,
    persons_per_dwelling: ArrayLike,
    facilities_per_person: ArrayLike = 0.0,
) -> Estate:
    """Estate of apartment slabs in parallel rows.

    Parameters
    ----------
    length, depth : array_like
        Of a slab, m, above 0.
    spacing : array_like
        From the back of one slab to the front of the next, m, at least 0: see `sunlight_spacing`.
        It belongs to the slab's plot.
    end_gap : array_like
        Between two slabs of a row, m, at least 0.
    slabs_per_row, rows : array_like
        Between two primary and two secondary streets, at least 1.
    dwellings_per_slab : array_like
        At least 0.
    floors, primary_street, secondary_street, persons_per_dwelling : array_like
        As in `row_house_estate`.
    facilities_per_person : array_like, optional
        As in `row_house_estate`.

    Returns
    -------
    Estate
        Areas, floor area ratios and densities, of a slab's plot, the block and the whole.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    row_house_estate : the rival pattern.

    References
    ----------
    World Bank (1991), para. 3.9: the norms fix the floor area ratio of walk-ups below 1.

    Computes: World Bank (1991), footnote 7 of chapter III.

    Examples
    --------
    >>> estate = walk_up_estate(
    ...     50,
    ...     10,
    ...     6,
    ...     spacing=30,
    ...     end_gap=10,
    ...     slabs_per_row=3,
    ...     rows=4,
    ...     primary_street=20,
    ...     secondary_street=10,
    ...     dwellings_per_slab=54,
    ...     persons_per_dwelling=3,
    ... )
    >>> estate.plot_ratio, round(estate.block_ratio, 2)
    (1.25, 1.06)
    """
    block = _Block(
        built_width=numbers("length", length, above=0),
        built_depth=numbers("depth", depth, above=0),
        open_width=numbers("end_gap", end_gap, at_least=0),
        open_depth=numbers("spacing", spacing, at_least=0),
        plots_per_row=numbers("slabs_per_row", slabs_per_row, at_least=1),
        rows=numbers("rows", rows, at_least=1),
        primary_street=numbers("primary_street", primary_street, at_least=0),
        secondary_street=numbers("secondary_street", secondary_street, at_least=0),
    )
    homes = {"dwellings_per_slab": numbers("dwellings_per_slab", dwellings_per_slab, at_least=0)}
    return _estate(block, floors, homes, persons_per_dwelling, facilities_per_person)


@dataclass(frozen=True)
class _Block:
    """Plots of one building each, in rows between streets; lengths in m, checked."""

    built_width: Floats
    built_depth: Floats
    open_width: Floats
    open_depth: Floats
    plots_per_row: Floats
    rows: Floats
    primary_street: Floats
    secondary_street: Floats

    @property
    def footprint(self) -> Floats:
        return self.built_width * self.built_depth

    @property
    def plot_width(self) -> Floats:
        return self.built_width + self.open_width

    @property
    def plot_depth(self) -> Floats:
        return self.built_depth + self.open_depth

    @property
    def plot_area(self) -> Floats:
        return self.plot_width * self.plot_depth

    @property
    def plots(self) -> Floats:
        return self.plots_per_row * self.rows

    @property
    def row_length(self) -> Floats:
        return self.plots_per_row * self.plot_width

    @property
    def length(self) -> Floats:
        return self.row_length + self.primary_street

    @property
    def width(self) -> Floats:
        return self.rows * self.plot_depth + self.secondary_street

    @property
    def area(self) -> Floats:
        return self.length * self.width

    @property
    def garden_area(self) -> Floats:
        open_ = self.built_width * self.open_depth + self.open_width * self.plot_depth
        return self.plots * open_

    @property
    def street_area(self) -> Floats:
        return self.primary_street * self.width + self.secondary_street * self.row_length


def _estate(
    block: _Block,
    floors: ArrayLike,
    dwellings_per_plot: Mapping[str, Floats],
    persons_per_dwelling: ArrayLike,
    facilities_per_person: ArrayLike,
) -> Estate:
    """Return what a block comes to once it is built on and lived in.

    The dwellings of a plot come with the name that the caller gives them.
    """
    ((homes, per_plot),) = dwellings_per_plot.items()
    plot_floor_area = block.footprint * numbers("floors", floors, above=0)
    floor_area = block.plots * plot_floor_area
    dwellings = block.plots * per_plot
    people = dwellings * numbers("persons_per_dwelling", persons_per_dwelling, at_least=0)
    each = numbers("facilities_per_person", facilities_per_person, at_least=0)
    facilities_area = each * people
    gross_area = block.area + facilities_area
    lived_in = f"{homes} and persons_per_dwelling"
    return Estate(
        plot_area=block.plot_area,
        plot_floor_area=plot_floor_area,
        plot_ratio=_measured(floor_area_ratio, "floors", plot_floor_area, block.plot_area),
        block_length=block.length,
        block_width=block.width,
        private_area=block.plots * block.plot_area,
        garden_area=block.garden_area,
        street_area=block.street_area,
        block_area=block.area,
        block_ratio=_measured(floor_area_ratio, "floors", floor_area, block.area),
        dwellings=dwellings,
        people=people,
        facilities_area=facilities_area,
        gross_area=gross_area,
        gross_ratio=_measured(floor_area_ratio, "floors", floor_area, gross_area),
        net_density=_measured(density, lived_in, people, block.area),
        gross_density=_measured(density, lived_in, people, gross_area),
        dwelling_density=_measured(density, homes, dwellings, gross_area),
    )


def _measured(measure: Callable[[Any, Any], Any], named: str, count: Floats, land: Floats) -> Any:
    """Return what there is on land; too much is refused by the arguments that it comes from."""
    try:
        return measure(count, land)
    except ValueError as error:
        raise ValueError(f"{named}: {error}") from None
