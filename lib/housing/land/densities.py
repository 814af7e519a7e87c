"""Densities: floor, people and dwellings over the land that they stand on."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from housing._arguments import elementwise, numbers, share
from housing._limits import difference

__all__ = [
    "HECTARE",
    "density",
    "floor_area_ratio",
    "floor_per_person",
    "land_per_floor_area",
    "land_per_unit",
    "land_saving",
    "residential_density",
]

#: m2
HECTARE = 10_000
#: The densest places stay well below a floor area ratio of 50, and so below 100,000 people in a
#: hectare, each with 5 m2 of such a floor: what is above has its land in hectares.
MOST_FLOOR, MOST_PER_HECTARE = 50.0, 100_000.0
IN_M2 = ". Areas are in m2: a hectare is 10,000"


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
        If an argument leaves its range, or there is more than 50 times as much floor as land.

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
    ratio = floor / numbers("land_area", land_area, above=0)
    return numbers("floor_area / land_area", ratio, at_most=MOST_FLOOR, hint=IN_M2)


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
        If an argument leaves its range, or there are more than 100,000 in a hectare.

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
    found = number_of * HECTARE / numbers("land_area", land_area, above=0)
    return numbers("count per hectare", found, at_most=MOST_PER_HECTARE, hint=IN_M2)


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
