"""The search for the reach of formulas that bend, whose ends are known by reckoning."""

from __future__ import annotations

import numpy as np
import pytest

from compendium.page.numerals import Number
from compendium.verdict.bounds import FEW, reach
from compendium.verdict.search import edge

#: Of so many numbers between -0.05 and 0.05 not all corners are tried.
COUNT = FEW + 4
ONE, OTHER = np.cos(1.0 + np.arange(COUNT)), np.sin(2.0 * np.arange(COUNT))
KINK = np.linspace(-0.04, 0.04, COUNT)


def size(weights):
    """The most that a weighted sum can be."""
    return 0.05 * float(np.abs(weights).sum())


def bent(x):
    """A sum of which each part has a kink of its own."""
    return ONE * np.maximum(x - KINK, 0.0) + OTHER * np.minimum(x, KINK / 5)


#: The ends of each of its parts lie at an end or at a kink.
PARTS = [bent(at) for at in (np.full(COUNT, -0.05), np.full(COUNT, 0.05), KINK, KINK / 5)]
MOST = max(size(ONE), size(OTHER))

FORMULAS = {
    "the larger of two sums": (lambda x: np.maximum(ONE @ x, OTHER @ x), None, MOST),
    "the lesser of two sums": (lambda x: np.minimum(ONE @ x, OTHER @ x), -MOST, None),
    "the size of a sum": (lambda x: np.abs(ONE @ x - 0.002), 0.0, size(ONE) + 0.002),
    "kinks": (lambda x: bent(x).sum(), np.min(PARTS, axis=0).sum(), np.max(PARTS, axis=0).sum()),
    "sizes": (lambda x: np.abs(x - KINK).sum(), 0.0, np.sum(0.05 + np.abs(KINK))),
    "a free amount": (lambda x: np.maximum(ONE @ x, 0.02), 0.02, size(ONE)),
    "the largest, less a tenth of all": (lambda x: x.max() - x.sum() / 10, -0.01, 0.1),
    "the spread": (np.ptp, 0.0, 0.1),
    "a rate that rises": (
        lambda x: np.interp(ONE @ x, [-9, 0, 0.1, 9], [-0.9, 0, 0.05, 4.5]),
        -0.1 * size(ONE),
        0.05 + 4.45 * (size(ONE) - 0.1) / 8.9,
    ),
    "a square less a square": (lambda x: (ONE[:6] @ x[:6]) ** 2 - (OTHER[6:] @ x[6:]) ** 2,
        -(size(OTHER[6:]) ** 2), size(ONE[:6]) ** 2),
    "a product": (lambda x: np.prod(x + 0.01), -(0.06**11) * 0.04, 0.06**12),
    "the two nearest to the middle": (lambda x: np.sort(x)[5:7].sum(), -0.1, 0.1),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_the_reach_of_a_formula_that_bends_is_not_too_narrow(name):
    formula, low, high = FORMULAS[name]
    found = reach(lambda *x: formula(np.array(x)), [Number("0.0")] * COUNT)
    # Of a kink that lies aslant a hundredth of the reach may be lost, and no more.
    near = (found.high - found.low) / 100
    for end, known in ((found.low, low), (found.high, high)):
        if known is not None:
            assert end == pytest.approx(known, abs=near)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_neither_way_of_two_hides_the_other(seed):
    """In the middle one of two sums is the lesser; at some corner the other one is."""
    chance = np.random.default_rng(seed)
    one, other = chance.normal(size=(2, 5, COUNT))
    found = reach(lambda *x: np.minimum(one @ x, other @ x + 0.02), [Number("0.0")] * COUNT)
    known = [min(-size(a), 0.02 - size(b)) for a, b in zip(one, other, strict=True)]
    assert found.low == pytest.approx(known, abs=0.005)


def test_results_that_bend_are_searched_beside_others_that_do_not():
    """What is sure of eleven sums is not taken to be so of a twelfth with a kink."""

    def formula(*x):
        x = np.array(x)
        return [*((1 + k / 50) * (ONE @ x) for k in range(11)), ONE @ np.maximum(x, 0.03)]

    found = reach(formula, [Number("0.0")] * COUNT)
    ends = 0.03 * ONE, 0.05 * ONE
    assert found.high[11] == pytest.approx(np.maximum(*ends).sum(), abs=1e-9)
    assert found.low[11] == pytest.approx(np.minimum(*ends).sum(), abs=1e-9)


@pytest.mark.parametrize("best", [0.0, 1.0])
def test_an_end_far_beyond_a_number_is_none(best):
    assert edge(lambda x: 1e5 - x, best, 1.0) == pytest.approx(1e5)
    assert edge(lambda x: 4e5 - x, best, 1.0) == np.inf
