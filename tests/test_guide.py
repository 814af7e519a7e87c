"""The guide of a course: whole, its links lead somewhere, and the page for all has no answer."""

from __future__ import annotations

import json
import re

import pytest

from compendium.answers import Answer
from compendium.course.books import Book
from compendium.course.guesses import FEW
from compendium.course.guide import FEW_VARIANTS, guide, page
from compendium.course.material import Material
from compendium.course.sessions import read_syllabus
from compendium.project import Project
from compendium.run.commands import COMMANDS
from compendium.run.course import SHORTEST

PROJECT = Project()
SYLLABUS = read_syllabus(PROJECT)
TEXTS = {
    path.name: path.read_text("utf8") for path in (PROJECT.root / "course" / "guide").glob("*.md")
}


def test_the_page_on_teaching_is_what_the_courses_make_of_it():
    """If not: make reproduce, make accept."""
    text = page(PROJECT)
    assert text == (PROJECT.root / "docs" / "teach.md").read_text("utf8")
    for own, _ in SYLLABUS.exercises.values():
        assert f"[{own.id} {own.title}](" in text
        kept = [one["hint"] for asked in own.answers for one in asked.wrong]
        kept += [line["for"] for line in own.rubric] + [one["answer"] for one in own.specimens]
        assert [line for line in kept if line.strip() in text] == []


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_the_guide_leads_to_each_stop_and_exercise_and_has_all_that_marking_needs(
    course, monkeypatch
):
    # What is right is worked out and held elsewhere; here it is long.
    monkeypatch.setattr(
        Material,
        "answered",
        lambda _, own, *rest: tuple(
            Answer(
                f"{own.id}{asked.name}",
                "-",
                wrong={one["hint"]: f"wrong: {one['hint']}" for one in asked.wrong},
            )
            for asked in own.answers
        ),
    )
    monkeypatch.setattr(Material, "public", lambda *_: ())
    syllabus = read_syllabus(PROJECT)
    books = [Book(syllabus, course, session, "a class") for session in course.session]
    text = guide(PROJECT, books)
    leads = set(re.findall(r"\]\(([^)#]+)#([^\s]+?)\)(?=[ ,.])", text))
    assert {file for file, _ in leads} == {f"{own.name}.ipynb" for own in course.session}
    for book in books:
        headings = {
            line.lstrip("# ")
            for cell in book.instructor().cells
            if cell.cell_type == "markdown"
            for line in cell.source.splitlines()
            if line.startswith("#")
        }
        named = {stop.partition("#")[2] for stop in book.session.stops}
        named |= {f"{own.id} {own.title}" for own, _ in book.exercises}
        assert named <= headings
        there = {anchor for file, anchor in leads if file == f"{book.session.name}.ipynb"}
        assert there == {heading.replace(" ", "-") for heading in named}
        for own, _ in book.exercises:
            assert all(f"| {own.id}{asked.name} |" in text for asked in own.answers)
            assert all(line["for"] in text for line in own.rubric)
            assert all(one["why"] in text for one in own.specimens)


def test_the_words_of_the_glossary_are_in_the_notebooks_or_on_slides():
    words = TEXTS["6_glossary.md"].partition("\nMore ")[0]
    _, *rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", words, flags=re.M)
    assert len({term for term, _ in rows}) == len(rows) > 30
    assert all(re.search(r"[\u4e00-\u9fff]", chinese) for _, chinese in rows)
    cells = [
        "".join(cell["source"])
        for path in PROJECT.notebook_files
        for cell in json.loads(path.read_text("utf8"))["cells"]
    ]
    course = (PROJECT.root / "course").glob("*/??.md"), (PROJECT.root / "course").glob("*.toml")
    cells += [path.read_text("utf8") for paths in course for path in paths]
    shown = re.sub(r"[\s-]+", " ", " ".join(cells).casefold())
    assert [term for term, _ in rows if term.casefold().replace("-", " ") not in shown] == []


def test_the_switches_that_the_guide_names_are_there():
    calls = re.findall(r"compendium course [^`\n]+", "".join(TEXTS.values()))
    assert calls
    said = {switch for call in calls for switch in re.findall(r"--[a-z]+", call)}
    assert said <= {name for name, _ in COMMANDS["course"].arguments}


def test_the_guide_says_what_the_command_asks_for():
    text = TEXTS["3_give.md"]
    assert f"A seed of your own needs {SHORTEST} characters." in text
    assert f"fewer than {FEW_VARIANTS} variants" in text
    assert f"fewer than {FEW:,} guesses find" in text
