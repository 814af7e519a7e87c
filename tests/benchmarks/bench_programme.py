"""`Programme.weight_map` against one `linprog` call for each vector of weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from comparison import Comparison, best_of
from scipy.optimize import linprog

from housing.pricing.linear import LinearFunction
from housing.pricing.programme import Constraint, Programme

LOWEST_RATIO = 3_000
DIVISIONS = 446  # 100,128 vectors
#: The solver is timed on so many of them.
SAMPLE = 100
AGREEMENT = 1e-6  # the solver's own tolerance is 1e-7


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


def compare(types: int) -> Comparison:
    problem = programme(types)
    mapped = problem.weight_map(DIVISIONS)
    matrix, limits, *_ = problem._feasible._rows
    goals = np.stack([-problem.tenant.slopes, problem.builder.slopes, problem.government.slopes])
    sample = np.random.default_rng(types).choice(len(mapped.weights), SAMPLE, replace=False)
    costs = -mapped.weights[sample] @ goals

    def solve() -> np.ndarray:
        options = {"A_ub": matrix, "b_ub": limits, "bounds": (None, None), "method": "highs"}
        return np.array([linprog(cost, **options).fun for cost in costs])

    own, sampled = best_of(3, lambda: problem.weight_map(DIVISIONS), solve)
    best = np.sum(costs * mapped.rents[sample], axis=1)
    return Comparison(
        "Programme.weight_map",
        f"{len(mapped.weights):,} weights, {types} rent{'s' * (types > 1)}",
        own.processor,
        f"linprog, from {SAMPLE}",
        sampled.processor / SAMPLE * len(mapped.weights),
        LOWEST_RATIO,
        apart=np.max(np.abs(solve() - best) / (1 + np.abs(best))),
        most_apart=AGREEMENT,
    )


def comparisons() -> Iterator[Comparison]:
    yield from map(compare, (1, 2, 3))
