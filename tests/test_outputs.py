"""Two runs of a notebook are the same where texts are and pictures nearly are."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import PIL.Image
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from compendium.run.outputs import SHADES, differences


def png(level: int, size: tuple[int, int] = (3, 2)) -> str:
    buffer = io.BytesIO()
    PIL.Image.fromarray(np.full(size, level, dtype="uint8")).save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode()


def executed(
    path: Path,
    *,
    text: str = "rent 10.796\nprice 286",
    html: str = "<td>39</td>",
    picture: str | None = None,
    prose: str = "Why?",
    kernel: str = "python3",
    more: int = 0,
) -> Path:
    """Write a notebook of three cells as a run leaves it."""
    shown = {"text/html": html, "image/png": picture or png(100)}
    cells = [
        new_markdown_cell(prose, id="a"),
        new_code_cell("say()", id="b", outputs=[new_output("stream", text=text)]),
        new_code_cell("show()", id="c", outputs=[new_output("display_data", shown)]),
        *(new_markdown_cell("More.", id=f"m{number}") for number in range(more)),
    ]
    nbformat.write(new_notebook(cells=cells, metadata={"kernel": kernel}), path)
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"text": "rent 10.796\r\nprice 286"},
        {"picture": png(100 + SHADES)},
    ],
)
def test_line_ends_and_shades_of_a_picture_do_not_matter(tmp_path, changes):
    one, other = executed(tmp_path / "one.ipynb"), executed(tmp_path / "other.ipynb", **changes)
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "rent 10.796\nprice 287"}, "cell 1: 'price 286\"' and 'price 287\"'"),
        ({"html": "<td>39.0</td>"}, "cell 2: '"),
        ({"picture": png(101 + SHADES)}, "cell 2: 6 pixels are more than 64 levels apart"),
        ({"picture": png(100, (3, 3))}, "cell 2: 3 x 2 x 4 and 3 x 3 x 4 pixels"),
        ({"prose": "How?"}, "text before cell 1: '"),
        ({"kernel": "other"}, "metadata: '"),
        ({"more": 1}, "3 and 4 cells, texts counted"),
    ],
)
def test_any_other_difference_is_told_with_its_cell(tmp_path, changes, said):
    one, other = executed(tmp_path / "one.ipynb"), executed(tmp_path / "other.ipynb", **changes)
    (found,) = differences(one, other)
    assert found.startswith(said)
