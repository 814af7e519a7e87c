"""Time `Programme.weight_map` against one `linprog` call for each vector of weights."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from statistics import median
from time import perf_counter

import numpy as np
from scipy.optimize import linprog

from housing.pricing.linear import LinearFunction
from housing.pricing.programme import Constraint, Programme

LOWEST_RATIO = 3_000
DIVISIONS = 446  # 100,128 vectors
SAMPLE = 100


def programme(types: int) -> Programme:
    """Return a programme with so many types of flat, of about the same stock."""
    rise = np.linspace(0.8, 1.2, types)
    surplus = LinearFunction(870 * rise / types, -9_400)
    ends = [
        Constraint(f"type {place}", LinearFunction(unit, 0), at_least=1, at_most=16 + place)
        for place, unit in enumerate(np.eye(types))
    ]
    return Programme(
        LinearFunction(780 * rise[::-1] / types, 6_200),
        surplus,
        LinearFunction(-460 * np.ones(types) / types, 18_000),
        [Constraint("surplus", surplus, at_least=0, at_most=2_500), *ends],
    )


def compare(types: int, repetitions: int = 7) -> tuple[float, float]:
    """Return microseconds a vector of the map and of the solver, which take turns."""
    problem = programme(types)
    mapped = problem.weight_map(DIVISIONS)
    matrix, limits, _ = problem._rows
    goals = np.stack([-problem.tenant.slopes, problem.builder.slopes, problem.government.slopes])
    sample = np.random.default_rng(types).choice(len(mapped.weights), SAMPLE, replace=False)
    ours, theirs = [], []
    for _ in range(repetitions):
        start = perf_counter()
        problem.weight_map(DIVISIONS)
        ours.append((perf_counter() - start) / len(mapped.weights))
        start = perf_counter()
        for row in sample:
            cost = -mapped.weights[row] @ goals
            found = linprog(cost, A_ub=matrix, b_ub=limits, bounds=(None, None), method="highs")
            assert abs(found.fun - cost @ mapped.rents[row]) < 1e-6 * (1 + abs(found.fun))
        theirs.append((perf_counter() - start) / SAMPLE)
    return 1e6 * median(ours), 1e6 * median(theirs)


def main() -> int:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    print(f"Programme.weight_map, Python {platform.python_version()}, {packages}")
    print(f"{'rents':>6} {'ours, us a vector':>18} {'linprog, us a vector':>21} {'ratio':>7}")
    ratios = []
    for types in (1, 2, 3):
        ours, theirs = compare(types)
        ratios.append(theirs / ours)
        print(f"{types:>6} {ours:>18.3f} {theirs:>21.0f} {ratios[-1]:>7.0f}")
    if min(ratios) < LOWEST_RATIO:
        print(f"fewer than {LOWEST_RATIO} times faster than the solver", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
