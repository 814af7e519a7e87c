"""Land for housing: floor area ratios, densities, and the estates that given dimensions make.

Lengths are in metres and areas in m2; densities count per hectare. A floor area ratio is the floor
area over the land that it stands on, and says nothing until that land is named: the plot alone
(*plot* ratio), the plots with their streets (*block* ratio), or these with the land of community
facilities as well (*gross* ratio).

* `densities`: floor, people and dwellings over land, and what follows for land and its cost;
* `estates`: plots between streets, of row houses or of slabs, and the sun between slabs.
"""

from housing.land.densities import (
    HECTARE,
    density,
    floor_area_ratio,
    floor_per_person,
    land_per_floor_area,
    land_per_unit,
    land_saving,
    residential_density,
)
from housing.land.estates import Estate, row_house_estate, sunlight_spacing, walk_up_estate

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
