"""What is drawn does not hang on the last bit of what is computed."""

from __future__ import annotations

import numpy as np
import pytest
from contourpy import contour_generator

from compendium.figures import steady

SHARES = np.linspace(0.0, 1.0, 11)


def pieces(heights: np.ndarray, level: float) -> list[int]:
    """Return how many points each piece of a contour has."""
    return [len(line) for line in contour_generator(z=heights).lines(level)]


def shaken(heights: np.ndarray, seed: int) -> np.ndarray:
    """Return heights as another processor might have them: a last bit up or down."""
    ways = np.random.default_rng(seed).choice([-np.inf, np.inf], heights.shape)
    return np.nextafter(heights, ways)


@pytest.mark.parametrize(("level", "seed"), [(0.9, 1), (0.3, 2), (1.2, 3)])
def test_a_contour_through_nodes_has_the_same_points_whatever_the_last_bits(level, seed):
    heights = SHARES + SHARES[:, None]
    assert pieces(shaken(heights, seed), level) != pieces(heights, level)
    assert pieces(steady(shaken(heights, seed)), level) == pieces(steady(heights), level)


def test_what_differs_by_more_than_noise_stays_apart():
    assert np.diff(steady([1.0, 1.0 + 1e-11])) == pytest.approx(1e-11, rel=0.1)


def test_heights_that_are_not_there_and_heights_of_nothing_stay_so():
    assert np.isnan(steady([np.nan, 2.0])).tolist() == [True, False]
    assert steady([[0.0, -0.0]]).tolist() == [[0.0, 0.0]]
    assert steady([np.inf, 1.0]).tolist() == [np.inf, 1.0]
