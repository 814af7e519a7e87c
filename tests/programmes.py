"""Small programmes of one rent or several, on which several files of tests stand."""

from __future__ import annotations

import numpy as np
from min_xin import RENT
from numpy.testing import assert_array_equal

from housing.pricing.linear import LinearFunction
from housing.pricing.programme import Constraint, Programme


def line(tenant=1.0, builder=1.0, government=1.0, money=1.0, rent=1.0, constant=0.0) -> Programme:
    """Return a programme of one rent from 1 to 20, in any units."""
    slopes = np.array([tenant, builder, government]) * money / rent
    parties = [LinearFunction(slope, constant * money) for slope in slopes]
    return Programme(*parties, [Constraint("rent", RENT, at_least=rent, at_most=20 * rent)])


def ends(*limits, least=0.0) -> list[Constraint]:
    """Return the bounds of several rents."""
    units = np.eye(len(limits))
    return [
        Constraint(f"rent {place}", LinearFunction(unit, 0), least, limit)
        for place, (unit, limit) in enumerate(zip(units, limits, strict=True), start=1)
    ]


def chosen(programme: Programme, weights) -> np.ndarray:
    """Return the rents that all ways to the optimum agree on."""
    rents = programme.evaluate(weights).rents[0]
    ways = [programme.solve(weights).rents, programme.best_corners(weights)[0]]
    if programme.types == 1:
        ways.append(programme.closed_form(weights).rents)
    for other in ways:
        assert_array_equal(other, rents)
    return rents
