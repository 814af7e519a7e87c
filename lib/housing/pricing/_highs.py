"""Linear programmes for HiGHS, scaled so that what it lets pass is noise in any unit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from housing._arguments import Floats
from housing._limits import ROUNDING

__all__ = ["Optimum", "feasible", "minimise", "without_dust"]

INFEASIBLE = 2
#: Turns in which rows and columns are scaled to the middle of their sizes.
TURNS = 8
#: Powers of 2 below the largest number of a row at which its limit is dust.
DUST = 100


class Optimum(NamedTuple):
    """What HiGHS found: a point, if there is one, and whether any meets all constraints."""

    point: Floats | None
    feasible: bool


def minimise(cost: Floats, matrix: Floats, limits: Floats, least: Floats | None = None) -> Optimum:
    """Minimise ``cost @ x`` where ``matrix @ x <= limits`` and ``x >= least``.

    HiGHS takes a constraint for met that is missed by no more than a fixed number. Unknowns and
    constraints are measured in powers of 2, which round nothing, so that this number is a
    billionth of what a constraint adds up.

    Parameters
    ----------
    cost : ndarray
        One number an unknown.
    matrix : ndarray
        One row a constraint, one column an unknown.
    limits : ndarray
        One a constraint.
    least : ndarray, optional
        Lower ends, 0 or minus infinity; unknowns have none by default.

    Returns
    -------
    Optimum
        No point where none is feasible, or none is the best.

    Examples
    --------
    >>> minimise(np.array([1.0]), np.array([[-1e9]]), np.array([-3.0])).point
    array([3.e-09])
    """
    limits = without_dust(matrix, limits)
    rows, columns = _exponents(np.column_stack([matrix, limits]))
    units = columns[:-1] - columns[-1]
    measured = np.ldexp(cost, columns[:-1])
    found = linprog(
        np.ldexp(measured, -np.frexp(np.abs(measured).max())[1]),
        A_ub=np.ldexp(matrix, rows[:, None] + columns[:-1]),
        b_ub=np.ldexp(limits, rows + columns[-1]),
        bounds=(None, None) if least is None else [(low, None) for low in least],
        method="highs",
        options={"primal_feasibility_tolerance": ROUNDING, "dual_feasibility_tolerance": ROUNDING},
    )
    point = np.ldexp(found.x, units) if found.status == 0 else None
    return Optimum(point, found.status != INFEASIBLE)


def feasible(matrix: Floats, limits: Floats) -> bool:
    """Tell whether some point meets all constraints.

    Examples
    --------
    >>> ends = np.array([[1.0], [-1.0]])
    >>> feasible(ends, np.array([2e-7, -1e-7])), feasible(ends, np.array([1e-7, -2e-7]))
    (True, False)
    """
    return minimise(np.zeros(matrix.shape[1]), matrix, limits).feasible


def without_dust(matrix: Floats, limits: Floats) -> Floats:
    """Return limits, 0 where one is next to nothing beside what its constraint adds up.

    Kept, it would push the rest of its row to sizes that HiGHS takes for infinite.
    """
    table = np.column_stack([matrix, limits])
    rows, columns = _exponents(table)
    sizes = np.where(table == 0.0, -np.inf, np.frexp(table)[1] + rows[:, None] + columns)
    return np.where(sizes[:, -1] < sizes.max(axis=1) - DUST, 0.0, limits)


def _exponents(table: Floats) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return powers of 2 for rows and columns that bring the numbers of a table close to 1."""
    sizes = np.where(table == 0.0, np.nan, np.frexp(table)[1])
    rows, columns = np.zeros(len(table)), np.zeros(table.shape[1])
    for _ in range(TURNS):
        rows = -_middle(sizes + columns, axis=1)
        columns = -_middle(sizes + rows[:, None], axis=0)
    return rows.astype(int), columns.astype(int)


def _middle(sizes: Floats, axis: int) -> Floats:
    """Return the middle of the smallest and the largest, 0 where there are none."""
    sums = np.fmin.reduce(sizes, axis) + np.fmax.reduce(sizes, axis)
    middle: Floats = np.nan_to_num(np.rint(sums / 2))
    return middle
