"""The map is read from the notebooks: sections, what they call, what they draw, what they claim."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compendium.project import PlainError
from compendium.run.map import exhibit_map


@pytest.fixture
def mapped(desk):
    """A toy of one table and one number, with a notebook of two sections; return its rows."""
    desk.table([["1990", "1", "2"]])
    desk.text(["para 2", "growth", "", "8"])
    path = desk.project.data / "datapackage.json"
    content = json.loads(path.read_text("utf8"))
    path.write_text(json.dumps(content | {"libraries": ["lib/models"]}), "utf8")
    cells = [
        new_markdown_cell("# The toy\n\nWords."),
        new_code_cell("from models import rent as r\nfrom models.loans import payment, Loan"),
        new_markdown_cell("## What it costs\n\nWords."),
        new_code_cell("audit.given('1')\nr.cost(1); r.cost(2); other.cost()"),
        new_markdown_cell("## What grows"),
        new_code_cell("audit.check('para 2', growth=payment(1))\nLoan.read(3)"),
        new_code_cell("figures.keep(fig, 'toy_growth_path', 'words')"),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"c{number}"
    desk.project.notebooks.mkdir()
    nbformat.write(new_notebook(cells=cells), desk.project.notebooks / "1_toy.ipynb")
    return lambda: exhibit_map(desk.project).splitlines()[6:]


LINK = "../notebooks/1_toy.ipynb#"


def test_sections_are_told_by_what_they_claim_call_and_draw(mapped):
    assert mapped() == [
        f"| Toy, Table 1 | [What it costs]({LINK}What-it-costs) | `models.rent.cost` | |",
        f"| Toy, para 2 | [What grows]({LINK}What-grows) | `models.loans.payment`, "
        "`models.loans.Loan` | [growth path](../figures/toy_growth_path.svg) |",
    ]


def test_what_a_section_is_about_may_be_said_in_words(mapped, desk):
    desk.csv("map.csv", [["section", "exhibits"], ["What grows", "Toy, the second paragraph"]])
    (line,) = mapped()
    assert line.startswith("| Toy, the second paragraph | [What grows]")


def test_a_section_that_is_not_there_is_refused_with_its_place(mapped, desk):
    desk.csv("map.csv", [["section", "exhibits"], ["What falls", "Toy"]])
    with pytest.raises(
        PlainError, match=r"data/toy/map.csv, row 2, column section: .* 'What falls'"
    ):
        mapped()
