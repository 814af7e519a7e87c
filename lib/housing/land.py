"""Land for housing: floor area ratios, densities, and the estates that given dimensions make.

Lengths are in metres and areas in m2; densities count per hectare. A floor area ratio is the floor
area over the land that it stands on, and says nothing until that land is named: the plot alone
(*plot* ratio), the plots with their streets (*block* ratio), or these with the land of community
facilities as well (*gross* ratio).

A row of houses and a row of slabs are the same geometry, a pattern of plots between streets, so
both give an `Estate` and can be held against each other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import Floats, elementwise, numbers, share
from housing._limits import ROUNDING, difference

__all__ = [
    "HECTARE",
    "Estate",
    "density",
    "floor_area_ratio",
    "floor_per_person",
    "land_per_floor_area",
    "land_per_unit",
    "land_saving",
    "residential_density",
    "row_house_estate",
    "sunlight_spacing",
    "walk_up_estate",
]

#: m2
HECTARE = 10_000
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
def floor_area_ratio(floor_area: ArrayLike, land_area: ArrayLike) -> Any:
    """Floor area per unit of land.

    Parameters
    ----------
    floor_area : array_like
        Sum of all storeys, m2, at least 0. In a gross residential ratio, of housing alone.
    land_area : array_like
        m2, above 0. In a gross residential ratio, with streets, green and facilities.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2 of floor per m2 of land.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), para. 3.5 and its footnote 5.

    Computes: World Bank (1991), para. 3.5.

    Examples
    --------
    >>> floor_area_ratio(180, 100)
    1.8
    """
    floor = numbers("floor_area", floor_area, at_least=0)
    return floor / numbers("land_area", land_area, above=0)


@elementwise
def land_per_floor_area(ratio: ArrayLike) -> Any:
    """Land that one m2 of floor takes up.

    Parameters
    ----------
    ratio : array_like
        Floor area ratio, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2 of land per m2 of floor. Times the price of land it is land's part in the cost of floor.

    Raises
    ------
    ValueError
        If the ratio is not above 0.

    References
    ----------
    World Bank (1991), para. 3.5 and the notes to Figure 3.1.

    Computes: World Bank (1991), para. 3.5, last sentence.

    Examples
    --------
    >>> land_per_floor_area([0.5, 2.0]).tolist()
    [2.0, 0.5]
    """
    return 1.0 / numbers("ratio", ratio, above=0)


@elementwise
def density(count: ArrayLike, land_area: ArrayLike) -> Any:
    """Persons, or dwellings, per hectare.

    Parameters
    ----------
    count : array_like
        Persons or dwellings, at least 0.
    land_area : array_like
        m2, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Per hectare of that land.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), para. 3.5 and Table 3.1.

    Computes: World Bank (1991), para. 3.5.

    Examples
    --------
    >>> density(720, 9_000)
    800.0
    """
    number_of = numbers("count", count, at_least=0)
    return number_of * HECTARE / numbers("land_area", land_area, above=0)


@elementwise
def land_per_unit(density: ArrayLike) -> Any:
    """Land for each person, or for each dwelling; the inverse of a density.

    Parameters
    ----------
    density : array_like
        Persons or dwellings per hectare, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2 for each.

    Raises
    ------
    ValueError
        If the density is not above 0.

    References
    ----------
    World Bank (1991), para. 3.9 and its footnote 6.

    Computes: World Bank (1991), para. 3.9.

    Examples
    --------
    >>> land_per_unit(200)
    50.0
    """
    return HECTARE / numbers("density", density, above=0)


@elementwise
def residential_density(gross_density: ArrayLike, residential_share: ArrayLike) -> Any:
    """Persons per hectare of residential land, from those per hectare of the whole built-up area.

    Parameters
    ----------
    gross_density : array_like
        Persons per hectare of built-up area, at least 0.
    residential_share : array_like
        Residential land as a share of the built-up area, above 0 and at most 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Persons per hectare of residential land.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 3.8-3.9.

    Computes: World Bank (1991), para. 3.8.

    Examples
    --------
    >>> residential_density(200, 0.40)
    500.0
    """
    people = numbers("gross_density", gross_density, at_least=0)
    return people / share("residential_share", residential_share, positive=True)


@elementwise
def floor_per_person(ratio: ArrayLike, density: ArrayLike, *, usable_share: ArrayLike = 1.0) -> Any:
    """Floor space for each person: what tells a dense neighbourhood from an overcrowded one.

    Parameters
    ----------
    ratio : array_like
        Floor area ratio, at least 0.
    density : array_like
        Persons per hectare of the same land, above 0.
    usable_share : array_like, optional
        Usable space as a share of floor area, from 0 to 1; 1 counts all of the floor.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2 per person.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), para. 3.6: the two indexes mean something only together.

    Computes: World Bank (1991), para. 3.6.

    Examples
    --------
    >>> floor_per_person(1.5, 750)
    20.0
    """
    floor = numbers("ratio", ratio, at_least=0) * share("usable_share", usable_share)
    return floor * HECTARE / numbers("density", density, above=0)


@elementwise
def land_saving(before: ArrayLike, after: ArrayLike, *, land_share: ArrayLike = 1.0) -> Any:
    """Share of cost saved when a higher floor area ratio spreads land over more floor.

    Parameters
    ----------
    before, after : array_like
        Floor area ratios, above 0.
    land_share : array_like, optional
        Developed land as a share of cost before, from 0 to 1; 1 gives the saving in land itself.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal; below 0 if the ratio fell.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), para. 3.57 and its footnote 18.

    Computes: World Bank (1991), para. 3.57.

    Examples
    --------
    >>> land_saving(0.75, 1.5, land_share=0.40)
    0.2
    """
    kept = numbers("before", before, above=0) / numbers("after", after, above=0)
    return share("land_share", land_share) * difference(1.0, kept)


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
    return _estate(
        numbers("width", width, above=0),
        depth,
        floors,
        open_width=np.zeros(()),
        open_depth=front + back,
        plots_per_row=numbers("plots_per_row", plots_per_row, at_least=1),
        rows=rows,
        primary_street=primary_street,
        secondary_street=secondary_street,
        dwellings_per_plot=numbers("dwellings_per_plot", dwellings_per_plot, at_least=0),
        persons_per_dwelling=persons_per_dwelling,
        facilities_per_person=facilities_per_person,
    )


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
    floors : array_like
        Storeys, above 0; an average may be given.
    spacing : array_like
        From the back of one slab to the front of the next, m, at least 0: see `sunlight_spacing`.
        It belongs to the slab's plot.
    end_gap : array_like
        Between two slabs of a row, m, at least 0.
    slabs_per_row, rows : array_like
        Between two primary and two secondary streets, at least 1.
    primary_street, secondary_street : array_like
        Width of the streets at a row's ends and along it, m, at least 0. A block has half of each
        street round it, so one width of either.
    dwellings_per_slab, persons_per_dwelling : array_like
        At least 0.
    facilities_per_person : array_like, optional
        Land for community facilities, m2 per person, at least 0.

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
    return _estate(
        numbers("length", length, above=0),
        depth,
        floors,
        open_width=numbers("end_gap", end_gap, at_least=0),
        open_depth=numbers("spacing", spacing, at_least=0),
        plots_per_row=numbers("slabs_per_row", slabs_per_row, at_least=1),
        rows=rows,
        primary_street=primary_street,
        secondary_street=secondary_street,
        dwellings_per_plot=numbers("dwellings_per_slab", dwellings_per_slab, at_least=0),
        persons_per_dwelling=persons_per_dwelling,
        facilities_per_person=facilities_per_person,
    )


def _estate(
    width: Floats,
    depth: ArrayLike,
    floors: ArrayLike,
    *,
    open_width: Floats,
    open_depth: Floats,
    plots_per_row: Floats,
    rows: ArrayLike,
    primary_street: ArrayLike,
    secondary_street: ArrayLike,
    dwellings_per_plot: Floats,
    persons_per_dwelling: ArrayLike,
    facilities_per_person: ArrayLike,
) -> Estate:
    """Lay out plots of one building each between streets.

    What only one of the two patterns has is checked already; what both have is checked here.
    """
    built_depth = numbers("depth", depth, above=0)
    footprint = width * built_depth
    plot_width, plot_depth = width + open_width, built_depth + open_depth
    plot_area = plot_width * plot_depth
    row_count = numbers("rows", rows, at_least=1)
    plots = plots_per_row * row_count
    private_area = plots * plot_area

    primary = numbers("primary_street", primary_street, at_least=0)
    secondary = numbers("secondary_street", secondary_street, at_least=0)
    built_length = plots_per_row * plot_width
    length = built_length + primary
    across = row_count * plot_depth + secondary
    block_area = length * across

    plot_floor_area = footprint * numbers("floors", floors, above=0)
    floor_area = plots * plot_floor_area
    dwellings = plots * dwellings_per_plot
    people = dwellings * numbers("persons_per_dwelling", persons_per_dwelling, at_least=0)
    each = numbers("facilities_per_person", facilities_per_person, at_least=0)
    facilities_area = each * people
    gross_area = block_area + facilities_area
    return Estate(
        plot_area=plot_area,
        plot_floor_area=plot_floor_area,
        plot_ratio=floor_area_ratio(plot_floor_area, plot_area),
        block_length=length,
        block_width=across,
        private_area=private_area,
        garden_area=plots * (width * open_depth + open_width * plot_depth),
        street_area=primary * across + secondary * built_length,
        block_area=block_area,
        block_ratio=floor_area_ratio(floor_area, block_area),
        dwellings=dwellings,
        people=people,
        facilities_area=facilities_area,
        gross_area=gross_area,
        gross_ratio=floor_area_ratio(floor_area, gross_area),
        net_density=density(people, block_area),
        gross_density=density(people, gross_area),
        dwelling_density=density(dwellings, gross_area),
    )
