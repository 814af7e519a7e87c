"""What is drawn does not hang on the last bit of what is computed."""

from __future__ import annotations

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import PIL.Image
import pytest
from contourpy import contour_generator

from compendium.figures import STYLE, _indexed, _painted, keep, lean, steady
from compendium.project import Project

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


def test_areas_keep_their_colours_however_near_and_edges_have_few():
    pixels = np.full((100, 100, 3), 255, dtype=np.uint8)
    pixels[:50] = (250, 240, 230)
    pixels[50:60] = (250, 240, 220)
    pixels[99, :90] = np.arange(90)[:, None]  # ninety shades of an edge, a pixel each
    with PIL.Image.open(io.BytesIO(_indexed(PIL.Image.fromarray(pixels)))) as kept:
        colours = {colour for _, colour in kept.convert("RGB").getcolors()}
    assert {(255, 255, 255), (250, 240, 230), (250, 240, 220)} < colours
    assert 4 <= len(colours) <= 8


def test_a_figure_is_painted_as_it_would_be_saved():
    with plt.style.context(STYLE):
        figure, ax = plt.subplots()
        ax.plot([1, 2], [3, 4], label="a line")
        ax.legend()
        ours = _painted(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=72)
        plt.close(figure)
    with PIL.Image.open(buffer) as theirs:
        assert ours.size == theirs.size
        assert ours.tobytes() == theirs.convert("RGB").tobytes()


def test_a_lean_table_has_all_cells_and_no_style():
    table = pd.DataFrame({"rent, Y": [1.28, 3.5], "of": ["a b", "<c>"]}, ["x", "y"])
    cells = re.compile(r"<t[hd]>([^<]*)")
    assert cells.findall(lean(table)) == cells.findall(table._repr_html_())
    assert "a b" in lean(table)
    assert "&lt;c&gt;" in lean(table)
    assert "style>" not in lean(table)
    assert len(lean(table)) < len(table._repr_html_()) / 2


@pytest.fixture
def worded(tmp_path):
    """A checkout whose file of words may be written."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"name": "toy"}', "utf8")
    (tmp_path / "figures").mkdir()

    def write(text: str) -> Project:
        (tmp_path / "figures" / "alt.toml").write_text(text, "utf8")
        return Project(tmp_path)

    return write


def test_words_for_a_figure_stand_in_one_file_or_at_the_figure(worded):
    project = worded('toy = "A line that rises from left to right."')
    for alt, said in (("", "A line that rises"), ("A line that falls to the right.", "falls")):
        keep(plt.figure(), "toy", alt, project=project)
        assert said in (project.build / "figures" / "toy.svg").read_text("utf8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"figures/alt\.toml, toy must say what the figure shows, got ''"),
        ('toy = "A line."', r"alt must say what the figure shows, got 'A line\.'"),
        ("toy = A line", r"figures/alt\.toml cannot be read: "),
    ],
)
def test_a_figure_without_words_is_not_kept(worded, text, said):
    with pytest.raises(ValueError, match=said):
        keep(plt.figure(), "toy", project=worded(text))
