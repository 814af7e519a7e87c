"""A whole divided among parties, by its bars."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from housing import plots

SHARES = pd.DataFrame(
    {"household": [0.5, 1.2], "state": [0.3, 0.03], "owner": [0.2, -0.23]}, index=["a", "b"]
)


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def test_parts_follow_each_other_and_a_gain_goes_to_the_left(ax):
    assert plots.stacked_shares(SHARES, {"a": "10 yuan", "b": "9 yuan"}, base="it", ax=ax) is ax
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    expected = [(0, 50), (0, 120), (50, 80), (120, 123), (80, 100), (0, -23)]
    assert bars == [pytest.approx(ends) for ends in expected]
    # The part of 3 percent has no number.
    told = [text.get_text() for text in ax.texts]
    assert told == ["50", "120", "30", "20", "-23", "10 yuan", "9 yuan"]
    assert ax.get_xlim() == pytest.approx((-23, 123))
    assert ax.get_xlabel() == "% of it"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [*SHARES]
    looks = {(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches}
    assert len(looks) == 3


def test_legend_and_numbers_may_be_left_out(ax):
    plots.stacked_shares(SHARES, legend=False, smallest=9, ax=ax, height=0.5)
    assert ax.get_legend() is None
    assert not ax.texts
    assert {round(bar.get_height(), 9) for bar in ax.patches} == {0.5}


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(ValueError, match=r"shares must have a row and from 1 to 6 columns"):
        plots.stacked_shares(SHARES[:0])
    with pytest.raises(ValueError, match="shares must be finite, got nan at a, owner"):
        plots.stacked_shares(SHARES.assign(owner=float("nan")))
