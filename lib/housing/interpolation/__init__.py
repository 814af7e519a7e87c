"""Prices between places: inverse distance weighting (IDW) and what neighbours say of a price.

Rules that any program must settle, and how `InverseDistance` settles them:

* *One place.* Points that are less than 1e-9 of the largest coordinate apart (on the Earth, of its
  radius: 6 mm) are in one place. So 0.1 + 0.2 is 0.3, all longitudes are one at a pole, and 180
  degrees east is 180 degrees west.
* *Coincident points.* A target in the place of known points gets their mean; every other weight is
  zero.
* *Ties* for the last place among the neighbours. Points whose distances differ by less than 1e-9
  of them are as far away, and are taken in the order in which they were given: neighbours are
  chosen by distance and then by position. With ``ties="share"`` they share what is left of the
  places evenly, which is the mean over all choices between them and does not hang on any order.
  Points in one place have the mean of the place, whichever of them are taken.
* *Fewer points than neighbours.* All points are used, and a warning says so.
"""

from housing.interpolation.formulas import (
    EARTH_RADIUS,
    haversine,
    idw,
    idw_weights,
    modification_factor,
)
from housing.interpolation.model import InverseDistance, Prediction

__all__ = [
    "EARTH_RADIUS",
    "InverseDistance",
    "Prediction",
    "haversine",
    "idw",
    "idw_weights",
    "modification_factor",
]
