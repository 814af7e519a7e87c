"""The courses that there are are made, run blank, take every right answer and fit in time."""

import ast
import io
import re
import runpy
import sys
from contextlib import redirect_stdout, suppress
from functools import cache

import nbformat
import numpy as np
import pytest

from compendium import answers
from compendium.course import marking
from compendium.course.books import Book
from compendium.course.exercises import LEVELS
from compendium.course.grading import MARKS, graded
from compendium.course.leaks import in_sections, leaks, numbers, without_leaks
from compendium.course.material import exercise, solved_with
from compendium.course.sessions import read_syllabus
from compendium.page.printed import Source
from compendium.project import ROOT_VARIABLE, PlainError, Project
from compendium.run.course import slides_of, write
from compendium.verdict import conclusions
from housing.mortgage import payment
from rounding import NEAREST, UP

PROJECT = Project()
SYLLABUS = read_syllabus(PROJECT)
SESSIONS = {own.name: (course, own) for course in SYLLABUS.courses for own in course.session}
each_book = pytest.mark.parametrize("book", SESSIONS, indirect=True)


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Slow digests are no part of what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "ROUNDS", 10)
        yield


@cache
def book_of(name):
    """Return a session, its numbers drawn: the same one for all tests."""
    return without_leaks(Book(SYLLABUS, *SESSIONS[name], "a class"), slides_of(PROJECT, name))


@pytest.fixture
def book(request):
    return book_of(request.param)


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


#: An answer that so many guesses find stands in a table by chance.
LONG = 10_000
#: How a notebook is filled whose answers are all right.
WAYS = ("solved", "marked")


def said_by(folder, *notebooks):
    """Return the lines that notebooks print, run cell by cell where they lie, as a kernel does."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        patch.delenv(ROOT_VARIABLE, raising=False)
        for name in notebooks:
            names = {"display": print}
            for cell in nbformat.read(name, 4).cells:
                if cell.cell_type == "code":
                    exec(cell.source, names)
    # Modules of one name lie in each folder.
    for name in [name for name in sys.modules if name.partition("_")[0] in SESSIONS]:
        del sys.modules[name]
    return said.getvalue().splitlines()


def test_all_fits_together():
    assert list(SYLLABUS.faults()) == []
    assert [told for own in SYLLABUS.materials.values() for told in in_sections(own)] == []


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_students_run_their_notebooks_blank_and_solved(course, made):
    books = [book_of(own.name) for own in course.session]
    names = [answer.name for book in books for answer in book.answers]
    blank = [f"{book.session.name}.ipynb" for book in books]
    said = said_by(made / course.name / "students", *blank)
    # Solutions need what the notebooks worked out, which students have to.
    folder = made / course.name / "instructor"
    for book in books:
        nbformat.write(book.filled(), folder / f"solved_{book.session.name}.ipynb")
        # With its hidden tests: they take what is right, or a cell fails.
        nbformat.write(graded(book), folder / f"marked_{book.session.name}.ipynb")
    # Here what marks needs no process of its own: no student's code is run.
    marks, known = runpy.run_path(str(made / course.name / "nbgrader" / "marks.py")), {}
    asked = {"takes": lambda name, given: marks["is_right"](name, answers.plain(given), known)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runpy, "run_path", {MARKS: asked}.__getitem__)
        said += said_by(folder, *(f"{way}_{name}" for way in WAYS for name in blank))
    assert known.keys() == {
        own.id for book in books for own, _ in book.exercises if any(marking.marks(own))
    }
    checks = [line for line in said if re.match(r"\w+\.\d+[a-z]: ", line)]
    assert checks == [
        *(f"{name}: no answer yet." for name in names),
        *(f"{name}: right." for name in names * len(WAYS)),
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
    folder = made / book.course.name / "students"
    file = folder / f"{book.session.name}.ipynb"
    for cell in nbformat.read(file, 4).cells:
        assert not cell.metadata
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    student = "\n".join(
        path.read_text("utf8") for path in (file, *folder.glob(f"{book.session.name}_*.py"))
    )
    for own, _ in book.exercises:
        for line in book.solution(own).splitlines():
            assert len(line) < 20 or line not in student
        for asked in own.answers:
            assert not any(one["hint"] in student for one in asked.wrong)


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_students_get_the_tables_that_their_notebooks_load_and_no_key(course, made):
    data = made / course.name / "students" / "data"
    there = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    printed = {one for one in there if re.search(r"/(table|annex|box|figure)_\w+\.csv$", one)}
    asked = [own for session in course.session for own, _ in book_of(session.name).exercises]
    named = " ".join(own.statement + own.needs for own in asked)
    assert {one.rpartition("/")[2] for one in there - printed - {"datapackage.json"}} <= set(
        re.findall(r"`(\w+\.csv)`", named)
    )
    key = re.compile(r"ledger|^evidence|notes\.csv|attacks\.csv|verdicts")
    assert [one for one in there if key.search(one)] == []
    # What is damaged in an exercise must not lie mended beside it.
    assert "world_bank/annex_3_table_1.csv" not in there
    stand = set().union(*(numbers((data / one).read_text("utf8")) for one in printed))
    for answer in (each for own in course.session for each in book_of(own.name).answers):
        if answer.step is not None and answers.tries(answer) > LONG:
            asked = np.atleast_1d(answer.rule.steps(answer.value, answer.step))
            assert not np.isin(answer.rule.steps(sorted(stand), answer.step), asked).any()


@each_book
def test_no_name_is_imported_that_no_text_has(book):
    own = [exercise for exercise, _ in book.exercises]
    told = set().union(*(each.mentions | set(each.brings) for each in own))
    [set_up] = [cell.source for cell in book.opening() if cell.cell_type == "code"]
    imported = ast.walk(ast.parse(set_up))
    names = {
        alias.asname or alias.name
        for node in imported
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - {"check", "np", "pd"} <= told


@each_book
def test_a_section_in_a_session_ends_with_a_whole_sentence(book):
    *_, last = (cell.source for cell in book.opening())
    shown = [cell.source for cell in book.opening() if cell.cell_type == "markdown"]
    assert last in shown
    assert [text for text in shown if text.rstrip().endswith(":")] == []


#: How an exercise is named, and code that calls a function of a module.
NAMED = re.compile(r"\b(?:gw|sh|wb|xu|yu|sy)\.\d+\b(?!\w? if you have it)")
CALLS = re.compile(r"(?<![\w.])([a-zA-Z]\w*)\.\w+\(")


@each_book
def test_what_a_session_names_is_there(book, made):
    folder = made / book.course.name / "students"
    notebook = book.student()
    pages = {name: (folder / f"{name}.py").read_text("utf8") for name in book.given_modules}
    text = "\n".join([cell.source for cell in notebook.cells] + [*pages.values()])
    # Students make the folder of a lender themselves.
    files = set(re.findall(r"\b(?:data(?!/lender)|docs|notebooks|figures)/[\w./-]*\w", text))
    assert [name for name in files if not (folder / name).exists()] == []
    assert set(NAMED.findall(text)) - {own.id for own, _ in book.exercises} == set()
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    assert set(re.findall(r"section \*([^*]+)\*", text)) <= set(headings)
    for name, code in pages.items():
        compile(code, name, "exec")
    [set_up] = [cell.source for cell in book.opening() if cell.cell_type == "code"]
    told = " ".join(f"{own.statement} {own.needs}" for own, _ in book.exercises)
    called = {name for code in re.findall(r"`([^`]+)`", told) for name in CALLS.findall(code)}
    assert [name for name in called if not re.search(rf"\b{name}\b", set_up)] == []


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
def test_who_copies_what_is_public_cannot_get_all_marks(book):
    assert sum(sum(marking.marks(own)) for own, _ in book.exercises if own.varies) >= 2


@each_book
def test_links_and_pictures_lead_somewhere(book):
    text = slides(book)
    for name in re.findall(r"\]\((figures/[^)]+)\)", text):
        assert (PROJECT.root / name).is_file()
    for cell in book.student().cells:
        assert "](#" not in cell.source
        assert ".ipynb" not in cell.source


@pytest.mark.parametrize("slug", SYLLABUS.materials)
def test_what_is_drawn_moves_an_answer_and_keeps_its_sense_to_its_ends(slug):
    material = SYLLABUS.materials[slug]
    for own in material.templates:
        if not own.drawn:
            continue
        public = material.answered(own.told(own.public), material.solutions[own.id], "")
        for end in (0, -1):
            numbers = {name: drawn.choices[end] for name, drawn in own.drawn.items()}
            code = solved_with(numbers, material.solutions[own.id])
            # Its assertions hold, whatever lies near a border there.
            with suppress(answers.UnfitError):
                at_end = material.answered(own.told(numbers), code, "")
                assert [one.counts for one in at_end] != [one.counts for one in public]
        drawn = material.worked(own, "a class")
        assert [one.counts for one in drawn] != [one.counts for one in public]


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


def test_what_slides_say_of_tipping_points_is_what_the_ledger_has():
    """They are typed there, in words: no picture of all of them can be read from the last row."""
    (row,) = [
        row
        for row in conclusions.read(PROJECT.conclusions)
        if (row.source, row.id) == ("shan", "6")
    ]
    found = dict(re.findall(r"(\w+): holds (?:above|below|up to) ([\d.]+)", row.tips))
    box = dict(re.findall(r"(\w+) ([\d.]+ to [\d.]+)", row.box))
    said = slides_of(PROJECT, "r5").replace(",", "")
    for name, times in (("income", 1), ("share", 100), ("area", 1)):
        low, high = (f"{times * float(end):.12g}" for end in box[name].split(" to "))
        tips = f"{times * float(found[name]):.12g}"
        assert re.search(rf"tips at {tips}; tried from {low} to {high}\n", said), name
    assert found["year"] == "6"
    assert "tips after the sixth; tried from 1 to 9\n" in said


def test_the_factors_of_a_slide_are_those_of_the_library_and_of_the_table():
    cells = Source("world_bank").cells
    rows = re.findall(r"\| (\d+) percent, (\d+) years \| (.+) \|", slides_of(PROJECT, "h3"))
    assert len(rows) == 4
    for rate, years, said in rows:
        factor = payment(1000, int(rate) / 100, int(years))
        wanted = [f"{factor:.4f}", *(f"{rule.round(factor, 0.01):.2f}" for rule in (NEAREST, UP))]
        assert said.split(" | ") == [*wanted, cells["Table 5.3", f"{rate}%", years].printed]
