"""What-if cells: sliders where a person has the notebook open, the answer alone elsewhere."""

from __future__ import annotations

import IPython.display
import ipywidgets
import pytest

from compendium import sliders, widgets
from compendium.widgets import SESSION


def answer(rate=0.05, years=20, names=("a",)):
    print(f"{rate:g} over {years}")
    return len(names)


@pytest.fixture
def lab(monkeypatch):
    """Open the notebook, as a Jupyter server does, and return what is shown."""
    shown = []
    monkeypatch.setenv(SESSION, "notebooks/a.ipynb")
    monkeypatch.setattr(IPython.display, "display", shown.append)
    return shown


def test_a_run_has_the_answer_alone(monkeypatch, capsys):
    monkeypatch.delenv(SESSION, raising=False)
    assert sliders(answer, rate=(0.0, 0.1)) == 1
    assert capsys.readouterr().out == "0.05 over 20\n"


def test_without_the_extra_a_notebook_that_is_open_has_it_too(lab, monkeypatch):
    monkeypatch.setattr(widgets, "find_spec", lambda name: None)
    assert sliders(answer, rate=(0.0, 0.1)) == 1
    assert lab == []


def test_an_open_notebook_has_a_slider_for_each_input_named(lab):
    assert sliders(answer, rate=(0.0, 0.1, 0.01), years=(5, 30)) is None
    (shown,) = lab
    rate, years = (child for child in shown.children if hasattr(child, "min"))
    assert isinstance(years, ipywidgets.IntSlider)
    assert (rate.min, rate.value, rate.max, rate.step) == (0.0, 0.05, 0.1, 0.01)
    assert (years.min, years.value, years.max, years.step) == (5, 20, 30, 1)
    assert rate.description == "rate"
    rate.value = 0.07
    assert shown.kwargs == {"rate": 0.07, "years": 20, "names": ("a",)}


def test_a_start_beyond_the_ends_moves_the_end(lab):
    sliders(answer, rate=(0.06, 0.1), years=(5, 10))
    rate, years = (child for child in lab[0].children if hasattr(child, "min"))
    assert (rate.min, rate.value) == (0.05, 0.05)
    assert (years.max, years.value) == (20, 20)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ({"rent": (0, 1)}, "rent is no input of the function: it has rate, years, names"),
        ({"names": (0, 1)}, "names must start from a number, got \\('a',\\)"),
        ({"rate": (0.1, 0.0)}, "rate must have a lower end, a higher end and a step, got"),
        ({"rate": (0.0, 0.1, 0)}, "rate must have a lower end"),
        ({"rate": (0.1,)}, "rate must have a lower end"),
    ],
)
def test_what_is_no_slider_is_said_everywhere(ranges, said):
    with pytest.raises(ValueError, match=said):
        sliders(answer, **ranges)
