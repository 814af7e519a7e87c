"""The courses that there are are made, run blank, take every right answer and fit in time."""

import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from compendium import answers
from compendium.course.books import Book
from compendium.course.exercises import LEVELS, exercise
from compendium.course.guide import page
from compendium.course.leaks import leaks, without_leaks
from compendium.course.sessions import read_syllabus
from compendium.project import PlainError, Project
from compendium.run.commands import COMMANDS
from compendium.run.course import slides_of, write

PROJECT = Project()
SYLLABUS = read_syllabus(PROJECT)
BOOKS = [
    without_leaks(Book(SYLLABUS, course, own, "a class"), slides_of(PROJECT, own.name))
    for course in SYLLABUS.courses
    for own in course.session
]
GUIDE = PROJECT.root / "course" / "guide"
each_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.session.name)
#: Runs notebooks, cell by cell, as a kernel does where its file lies.
RUN = """
import json, sys
for name in sys.argv[1:]:
    names = {}
    for cell in json.load(open(name, encoding="utf8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
"""


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Slow digests are no part of what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "ROUNDS", 10)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of each course, made as an instructor makes it, without slides."""
    folder = tmp_path_factory.mktemp("courses")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compendium.run.course.find_spec", lambda name: None)
        for course in SYLLABUS.courses:
            list(write(PROJECT, SYLLABUS, course, folder / course.name, "a class"))
    return folder


def slides(book):
    return slides_of(PROJECT, book.session.name)


def said_by(folder, *notebooks):
    """Return the lines that notebooks print, run in a process of their own."""
    fast = f"from compendium import answers\nanswers.ROUNDS = 10\n{RUN}"
    done = subprocess.run(
        [sys.executable, "-c", fast, *notebooks],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf8",
        check=True,
    )
    return done.stdout.splitlines()


def test_all_fits_together():
    assert list(SYLLABUS.faults()) == []


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_students_run_their_notebooks_blank_and_solved(course, made):
    folder = made / course.name / "students"
    books = [book for book in BOOKS if book.course == course]
    names = [answer.name for book in books for answer in book.answers]
    blank = [f"{book.session.name}.ipynb" for book in books]
    for book in books:
        nbformat.write(book.filled(), folder / f"solved_{book.session.name}.ipynb")
    said = said_by(folder, *blank, *(f"solved_{name}" for name in blank))
    checks = [line for line in said if re.match(r"\w+\.\d+[a-z]: ", line)]
    assert checks == [
        *(f"{name}: no answer yet." for name in names),
        *(f"{name}: right." for name in names),
    ]


@pytest.mark.parametrize("slug", SYLLABUS.materials)
def test_each_answer_is_right_and_each_known_wrong_one_opens_its_hint(slug, tmp_path):
    material = SYLLABUS.materials[slug]
    own = [answer for each in material.exercises for answer in material.worked(each, "a class")]
    (tmp_path / answers.FILE).write_text(answers.seal(own, "a class"), "utf8")
    for answer in own:
        assert answers.look(answer.name, answer.value, tmp_path).right
        for hint, value in answer.wrong.items():
            assert answers.look(answer.name, value, tmp_path).words.endswith(f"not yet. {hint}")


@each_book
def test_nothing_gives_an_answer_away(book, made):
    assert leaks(book, slides(book)) == {}
    student = (made / book.course.name / "students" / f"{book.session.name}.ipynb").read_text(
        "utf8"
    )
    for own, material in book.exercises:
        for line in material.solutions.get(own.id, "").splitlines():
            assert len(line) < 20 or line not in student
        for asked in own.answers:
            assert not any(one["hint"] in student for one in asked.wrong)


@each_book
def test_an_answer_that_is_planted_in_the_slides_is_found(book):
    exact = next(
        answer
        for own, _ in book.exercises
        if own.level != "R"
        for answer in book.worked[own.id]
        if answer.step
    )
    found = leaks(book, f"{slides(book)} It is {np.atleast_1d(exact.value)[0]}.")
    assert any(exact.name in told for lines in found.values() for told in lines)


@each_book
def test_a_session_is_of_a_size_that_can_be_given(book):
    assert 15 <= len(book.student().cells) <= 40
    assert 8 <= len(re.findall(r"^##? ", book.deck(slides(book)), flags=re.M)) <= 12
    assert book.session.talk + book.session.lab + book.session.discussion == book.course.minutes


@each_book
def test_links_and_pictures_lead_somewhere(book):
    text = slides(book)
    for name in re.findall(r"\]\((figures/[^)]+)\)", text):
        assert (PROJECT.root / name).is_file()
    for cell in book.student().cells:
        assert "](#" not in cell.source
        assert ".ipynb" not in cell.source


@pytest.mark.parametrize("slug", SYLLABUS.materials)
def test_a_notebook_shows_each_exercise_and_each_section_leads_to_its_own(slug):
    material = SYLLABUS.materials[slug]
    code = [cell.source for cell in material.read.cells if cell.cell_type == "code"]
    prose = "\n".join(cell.source for cell in material.read.cells if cell.cell_type == "markdown")
    assert {own.level for own in material.exercises} == set(LEVELS)
    for own in material.exercises:
        assert f'exercise("{own.id}")' in code
        section = prose.partition(f"# {own.section}\n")[2]
        assert f"[{own.id}](#Exercises)" in section


def test_an_exercise_is_shown_as_it_stands():
    shown = exercise("gw.1").data
    assert shown.startswith("**gw.1 By hand**")
    assert "* a: What does it get? In yuan a month, to 1." in shown
    assert "{puzzle}" not in exercise("gw.10").data
    with pytest.raises(PlainError, match=r"no exercise gw\.99; there are gw\.1, "):
        exercise("gw.99")


def test_what_is_counted_says_no_last_digit():
    counted = [
        asked.question
        for own, _ in SYLLABUS.exercises.values()
        for asked in own.answers
        if asked.step == 1 and not asked.unit
    ]
    assert counted
    assert not any("o 1." in question for question in counted)


# The guide --------------------------------------------------------------------------------------


def test_the_page_on_teaching_is_what_the_courses_make_of_it():
    """If not: make reproduce, make accept."""
    text = page(PROJECT)
    assert text == (PROJECT.root / "docs" / "teach.md").read_text("utf8")
    for own, _ in SYLLABUS.exercises.values():
        assert f"{own.id} {own.title}" in text
        kept = [one["hint"] for asked in own.answers for one in asked.wrong]
        kept += [line["for"] for line in own.rubric] + [one["answer"] for one in own.specimens]
        assert [line for line in kept if line.strip() in text] == []


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_the_guide_leads_to_each_stop_and_exercise_and_has_all_that_marking_needs(course, made):
    folder = made / course.name / "instructor"
    text = (folder / "guide.md").read_text("utf8")
    leads = set(re.findall(r"\]\(([^)#]+)#([^)]+)\)", text))
    for book in (book for book in BOOKS if book.course == course):
        file = f"{book.session.name}.ipynb"
        headings = [
            line.lstrip("# ")
            for cell in nbformat.read(folder / file, 4).cells
            if cell.cell_type == "markdown"
            for line in cell.source.splitlines()
            if line.startswith("#")
        ]
        there = {anchor for name, anchor in leads if name == file}
        stops = [stop.partition("#")[2] for stop in book.session.stops]
        named = [*stops, *(f"{own.id} {own.title}" for own, _ in book.exercises)]
        assert there == {heading.replace(" ", "-") for heading in named}
        assert set(named) <= set(headings)
        for own, _ in book.exercises:
            assert all(f"| {own.id}{asked.name} |" in text for asked in own.answers)
            assert all(line["for"] in text for line in own.rubric)
            assert all(one["why"] in text for one in own.specimens)
    assert {name for name, _ in leads} == {f"{own.name}.ipynb" for own in course.session}


def test_the_words_of_the_glossary_are_in_the_notebooks_and_the_switches_are_there():
    texts = {path.name: path.read_text("utf8") for path in GUIDE.glob("*.md")}
    words = texts["6_glossary.md"].partition("\nMore ")[0]
    _, *rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", words, flags=re.M)
    assert len({term for term, _ in rows}) == len(rows) > 30
    assert all(re.search(r"[\u4e00-\u9fff]", chinese) for _, chinese in rows)
    cells = [
        "".join(cell["source"])
        for path in PROJECT.notebook_files
        for cell in json.loads(path.read_text("utf8"))["cells"]
    ]
    shown = re.sub(r"[\s-]+", " ", " ".join(cells).casefold())
    assert [term for term, _ in rows if term.casefold().replace("-", " ") not in shown] == []
    switches = {names for names, _ in COMMANDS["course"].arguments}
    assert (
        set(re.findall(r"compendium course[^`\n]* (--[a-z]+)", "".join(texts.values()))) <= switches
    )
