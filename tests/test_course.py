"""A course from data: what goes to students asks, stands alone, and gives no answer away."""

import io
import json
import re
import runpy
import shutil
import sys
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from compendium import answers
from compendium.course import puzzles
from compendium.course.books import Book
from compendium.course.decks import fitted, on_paper
from compendium.course.grading import MARKS, graded
from compendium.course.guide import guide
from compendium.course.leaks import course_without_leaks, leaks, without_leaks
from compendium.course.marking import marks
from compendium.course.material import exercise, read_exercises
from compendium.course.package import wheel
from compendium.course.sessions import read_syllabus
from compendium.project import ROOT_VARIABLE, PlainError, Project
from compendium.run.commands import main
from compendium.run.course import write as course_files

SOLUTION = """# Solution toy.1: what is left
left = income - rent(area)
assert left > 0
print(left)"""
CELLS = [
    new_markdown_cell("# A toy"),
    new_code_cell("import math\nincome = 1234.5"),
    new_markdown_cell(
        "## The rent\n\n*What is a rent?* See [another](2_b.ipynb#There).\n\n## Next"
    ),
    new_code_cell("def rent(area):\n    return 7.25 * area\n\narea = 31\nprint(rent(area))"),
    new_markdown_cell("## Exercises"),
    new_code_cell(SOLUTION, metadata={"tags": ["solution"]}),
]
EXERCISES = """
[[exercise]]
id = "toy.1"
title = "What is left"
section = "The rent"
level = "C"
minutes = 10
outcome = "rent"
marks = 2
statement = "A household earns 1,234.50 a month. See [the rent](#The-rent). Use `rent`."

[[exercise.answers]]
name = "a"
asks = "What is left?"
unit = "yuan a month"
step = 0.01
value = "left"
wrong = [{ value = "-left", hint = "Which way round?" }]

[[exercise.answers]]
name = "b"
asks = "Enough?"
value = "'yes' if left > 0 else 'no'"

[[exercise]]
id = "toy.2"
title = "Is it fair?"
section = "Next"
level = "J"
home = 30
outcome = "judge"
marks = 4
statement = "Argue."
rubric = [{ marks = 3, for = "an argument that holds" }, { marks = 1, for = "its premises" }]
specimens = [
    { answer = "It is,\\nfor we pay.", marks = [3, 0], why = "No premise." },
    { answer = "Perhaps.", marks = [0, 1], why = "No argument." },
]
"""
SESSIONS = """
[outcomes]
rent = "compute what a rent leaves"
judge = "say whether that is fair"

[[course]]
name = "toys"
title = "Toys"
audience = "all"
minutes = 30

[[course.session]]
name = "t1"
title = "What does a rent leave?"
outcomes = ["rent", "judge"]
reading = ["the toy"]
stops = ["toy#The rent"]
talk = 15
lab = 10
discussion = 5
exercises = ["toy.1"]
home = ["toy.2"]
board = "A line."
board_minutes = 4.5
goes_wrong = "Signs."
discuss = [{ question = "5 min. Fair?", for = "yes", against = "no" }]
"""
SLIDES = """## A rent

:::{revealjs-notes}
9 min. Ask who pays.

Nobody?
:::

## A wage

:::{revealjs-notes}
½ min. Show it.
:::
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(answers, "ROUNDS", 10)


@pytest.fixture
def write(tmp_path):
    """Return what lays out a checkout with a toy course; its files may be changed."""

    def lay(cells=CELLS, exercises=EXERCISES, sessions=SESSIONS, slides=""):
        for name in ("data", "notebooks", "course/decks"):
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
        described = {"resources": [], "sources": [{"name": "toy", "title": "Toy"}]}
        (tmp_path / "data" / "datapackage.json").write_text(json.dumps(described), "utf8")
        (tmp_path / "data" / "ledger.csv").write_text("1009.75", "utf8")
        nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "1_toy.ipynb")
        (tmp_path / "course" / "toy.toml").write_text(exercises, "utf8")
        (tmp_path / "course" / "sessions.toml").write_text(sessions, "utf8")
        (tmp_path / "course" / "decks" / "t1.md").write_text(slides, "utf8")
        return Project(tmp_path)

    return lay


@pytest.fixture
def book(write):
    syllabus = read_syllabus(write())
    return Book(syllabus, syllabus.courses[0], syllabus.courses[0].session[0], "toys")


def run(notebook, folder, monkeypatch, capsys):
    """Run the code of a notebook in a folder, and return what it prints."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    # Each folder has its own.
    monkeypatch.delitem(sys.modules, "t1_toy", raising=False)
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    return capsys.readouterr().out


def test_a_course_is_written_with_what_it_needs(write, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["course", str(out)], write()) == 0
    told = capsys.readouterr().out
    assert "toys: 1 sessions, 2 answers" in told
    there = {path.relative_to(out / "toys").as_posix() for path in out.rglob("*") if path.is_file()}
    session = ["t1.ipynb", "t1_toy.py", "answers.json"]
    # No data: the toy loads none.
    assert there == {
        *(f"{place}/{name}" for place in ("students", "instructor") for name in session),
        "students/README.md",
        *(f"nbgrader/source/t1/{name}" for name in session),
        *(f"nbgrader/{name}.py" for name in ("nbgrader_config", "marks", "puzzles")),
        "instructor/guide.md",
    }
    text = (out / "toys" / "instructor" / "guide.md").read_text("utf8")
    assert (
        "| toy.1a | What is left? In yuan a month, to 0.01. | 1,009.75 | 0.5 | public |  | 1 |"
        in text
    )
    assert "| toy.1b | Enough? | yes | 0.5 | public | few |  |" in text


def test_a_students_notebook_runs_blank_solved_and_wrong(write, tmp_path, monkeypatch, capsys):
    project = write()
    assert main(["course", str(tmp_path / "out")], project) == 0
    capsys.readouterr()
    folder = tmp_path / "out" / "toys" / "students"
    blank = nbformat.read(folder / "t1.ipynb", 4)
    said = run(blank, folder, monkeypatch, capsys)
    assert said == "toy.1a: no answer yet.\ntoy.1b: no answer yet.\n"
    syllabus = read_syllabus(project)
    course = syllabus.courses[0]
    filled = Book(syllabus, course, course.session[0], "toys").filled()
    said = run(filled, folder.parent / "instructor", monkeypatch, capsys)
    assert said.endswith("toy.1a: right.\ntoy.1b: right.\n")
    for cell in blank.cells:
        cell.source = cell.source.replace("toy_1a = ...", "toy_1a = -1009.75")
    assert "toy.1a: not yet. Which way round?" in run(blank, folder, monkeypatch, capsys)


def test_a_students_notebook_holds_nothing_of_a_solution(book):
    text = nbformat.writes(book.student())
    assert "income - rent" not in text
    assert "Which way round" not in text
    assert "an argument that holds" not in text
    assert "for we pay" not in text
    assert "toy_1a = ..." in text
    assert all(not cell.get("outputs") for cell in book.student().cells)
    whole = "\n\n".join(cell.source for cell in book.instructor().cells)
    for said in ("income - rent", "Which way round", "an argument that holds", "Signs.", "A line."):
        assert said in whole
    assert "> It is,\n> for we pay.\n\n*3 of 4*: No premise." in whole
    # Who teaches sees when what is done, and what a student's wrong number comes from.
    assert "| 0 to 15 | talk" in whole
    assert "| 15 to 25 | toy.1 What is left |\n| 25 to 30 | discussion: Fair? |" in whole
    assert "* a, -1,009.75: Which way round?" in whole


def test_links_that_lead_nowhere_from_a_session_are_words(book):
    text = nbformat.writes(book.student())
    assert "See another." in text
    assert "See the rent." in text


def test_fixtures_are_what_the_solutions_need(book):
    assert book.modules == {
        "t1_toy": "income = 1234.5\ndef rent(area):\n    return 7.25 * area\narea = 31\n"
    }


def test_students_get_the_names_that_the_text_has_and_not_what_was_worked_out(book):
    assert book.given_modules == {"t1_toy": "def rent(area):\n    return 7.25 * area\n"}
    assert book.student().cells[1].source == (
        "from compendium.answers import check\nfrom t1_toy import rent"
    )
    assert book.instructor().cells[2].source.endswith("from t1_toy import area, income, rent")


def test_an_exercise_says_which_modules_it_brings(write):
    syllabus = read_syllabus(
        write(exercises=EXERCISES.replace("marks = 2", 'marks = 2\nbrings = ["rounding"]', 1))
    )
    book = Book(syllabus, syllabus.courses[0], syllabus.courses[0].session[0], "toys")
    for made in (book.student().cells[1], book.instructor().cells[2]):
        assert "\nimport rounding\n" in made.source


def test_of_data_a_course_has_what_its_texts_name_and_never_a_key(write, tmp_path):
    keys = "`ledger.csv`, `conclusions_ledger.csv`, `notes.csv`"
    named = EXERCISES.replace("Use `rent`.", f"Use `rent`, `homes.csv`, {keys}.")
    project = write(exercises=named)
    for name in ("conclusions_ledger.csv", "toy/homes.csv", "toy/notes.csv", "toy/table_1.csv"):
        (tmp_path / "data" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_text("a\n1\n", "utf8")
    assert main(["course", str(tmp_path / "out")], project) == 0
    for place in ("students", "instructor", "nbgrader/source/t1"):
        data = tmp_path / "out" / "toys" / place / "data"
        there = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
        assert there == {"toy/homes.csv", "datapackage.json"}


def test_a_section_that_leads_to_code_ends_with_its_last_whole_sentence(write):
    cells = [nbformat.from_dict(cell) for cell in CELLS]
    cells[2].source = cells[2].source.replace("See [", "It is paid. For an area of 31, see [")
    cells[2].source = cells[2].source.replace("#There).", "#There):")
    syllabus = read_syllabus(write(cells))
    book = Book(syllabus, syllabus.courses[0], syllabus.courses[0].session[0], "toys")
    assert book.student().cells[2].source.endswith("\n\n*What is a rent?* It is paid.")


def test_two_makings_are_the_same(write, tmp_path):
    for name in ("one", "two"):
        assert main(["course", str(tmp_path / name), "--seed", "sixteen letters."], write()) == 0
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            other = tmp_path / "two" / path.relative_to(tmp_path / "one")
            assert path.read_bytes() == other.read_bytes()


def test_nothing_is_overwritten(write, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "work.ipynb").write_text("mine", "utf8")
    assert main(["course", str(out)], write()) == 2
    assert "is not empty: nothing is overwritten" in capsys.readouterr().err
    assert (out / "work.ipynb").read_text("utf8") == "mine"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("exercises", 'level = "C"', 'level = "X"', "toy.1: level must be one of R, C, V, J, P"),
        ("exercises", "minutes = 10", "minutes = 16", "are not the 5 to 15 of level C"),
        ("exercises", "marks = 3,", "marks = 2,", "the marks of the rubric do not add up to 4"),
        ("exercises", "marks = [0, 1]", "marks = [1, 2]", "the marks [1, 2]; the rubric's lines"),
        (
            "exercises",
            "marks = [0, 1]",
            "marks = [2, 1]",
            "toy.2: two specimens have the same marks, [3, 3]",
        ),
        ("exercises", '{ answer = "Perhaps."', "#", "toy.2: level J needs 2 specimens, got 1"),
        ("exercises", 'section = "The rent"', 'section = "Rents"', "has no section 'Rents'"),
        ("exercises", 'id = "toy.1"', 'id = "toy.3"', "begins with # Solution toy.3"),
        ("exercises", 'id = "toy.2"', 'id = "toy.1"', "two exercises are called toy.1"),
        ("exercises", 'outcome = "rent"', 'outcome = "rant"', "there is no outcome 'rant'"),
        ("exercises", 'level = "C"', 'livel = "C"', "livel is not known"),
        ("exercises", "marks = 2", 'marks = 2\nbrings = ["spam"]', "toy.1: brings spam: no module"),
        (
            "exercises",
            'title = "Is it fair?"',
            "",
            "missing 1 required positional",
        ),
        ("exercises", 'value = "left"', 'value = "lift"', "toy.1: NameError: name 'lift'"),
        ("exercises", "step = 0.01", "step = 0.1", "toy.1a: 1009.75 is within"),
        ("exercises", "[[exercise]]", "[[exercise]", "course/toy.toml: "),
        ("sessions", "talk = 15", "talk = 14", "29 minutes, not 30"),
        ("sessions", "lab = 10", "lab = 5", "take 10 minutes, not the lab's 5"),
        ("sessions", '["toy.1"]', '["toy.9"]', "no exercises are called toy.9"),
        ("sessions", "toy#The rent", "toy#The rant", "there is no section toy#The rant"),
        ("sessions", 'home = ["toy.2"]', 'home = ["toy.1"]', "toy.1 says no minutes at home"),
        ("sessions", '["rent", "judge"]', '["rent", "jug"]', "there is no outcome 'jug'"),
        (
            "sessions",
            "board_minutes = 4.5",
            "board_minutes = 5",
            "toys, t1: 1 minute for the title, 9.5 for the slides and 5 for the board are 15.5, "
            "not the talk's 15",
        ),
        ("slides", "9 min. Ask", "Ask", "t1: the notes of 'A rent' do not begin with minutes"),
        ("slides", "½ min.", "1½ min.", "10.5 for the slides and 4.5 for the board are 16, not"),
        (
            "sessions",
            "5 min. Fair?",
            "Fair?",
            "its questions begin with 0 minutes, together 0, not the discussion's 5",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(write, tmp_path, file, old, new, said, capsys):
    texts = {"exercises": EXERCISES, "sessions": SESSIONS, "slides": SLIDES}
    assert old in texts[file]
    project = write(**{**texts, file: texts[file].replace(old, new, 1)})
    assert main(["course", str(tmp_path / "out")], project) == 2
    told = capsys.readouterr()
    assert said in re.sub(r"\s+", " ", told.out + told.err)
    assert not (tmp_path / "out").exists()


def test_a_solution_that_asserts_nothing_is_refused(write, tmp_path, capsys):
    cells = [*CELLS[:-1], new_code_cell(SOLUTION.replace("assert left > 0\n", ""))]
    assert main(["course", str(tmp_path / "out")], write(cells)) == 2
    assert "toy.1: its solution asserts nothing" in capsys.readouterr().err


def test_a_file_of_exercises_that_changes_is_read_anew(write, tmp_path):
    assert read_exercises(write(), "toy").exercises[0].title == "What is left"
    write(exercises=EXERCISES.replace("What is left", "What is saved"))
    assert read_exercises(Project(tmp_path), "toy").exercises[0].title == "What is saved"


def test_an_exercise_is_shown_from_its_own_file_alone(write, tmp_path, monkeypatch):
    write()
    (tmp_path / "course" / "another.toml").write_text("not TOML", "utf8")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    assert exercise("toy.1").data.startswith("**toy.1 ")
    with pytest.raises(PlainError, match=r"course/another\.toml"):
        exercise("toy.99")


def test_a_solution_that_hangs_on_another_is_refused(write):
    more = new_code_cell("# Solution toy.0\nextra = 1", metadata={"tags": ["solution"]})
    cells = [*CELLS[:-1], more, new_code_cell(SOLUTION.replace("income -", "extra +"))]
    material = read_syllabus(write(cells)).materials["toy"]
    with pytest.raises(PlainError, match=r"toy\.1: NameError: name 'extra'"):
        material.worked(material.exercises[0], "toys")


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ("cells", "*What is a rent?*", "It leaves 1,009.75."),
        ("cells", "area = 31", "area = 31\nleaves = {area: 1_009.75}"),
        ("exercises", 'asks = "What is left?"', 'asks = "Is 1009.75 left?"'),
    ],
)
def test_an_answer_that_a_student_can_read_is_refused(write, tmp_path, where, old, new, capsys):
    cells, exercises = CELLS, EXERCISES.replace(old, new)
    if where == "cells":
        cells = [
            nbformat.from_dict({**cell, "source": cell.source.replace(old, new)}) for cell in CELLS
        ]
        assert cells != CELLS
    if "leaves =" in new:
        cells[-1].source = SOLUTION.replace("income - rent(area)", "leaves[area]")
    assert main(["course", str(tmp_path / "out")], write(cells, exercises)) == 2
    assert "toy.1a: its answer stands in" in capsys.readouterr().err


def test_what_asks_for_reading_or_gives_the_number_itself_is_no_leak(write):
    given = EXERCISES.replace("A household earns", "Does 1,009.75 stay? A household earns")
    syllabus = read_syllabus(write(exercises=given))
    course = syllabus.courses[0]
    assert not list(leaks(Book(syllabus, course, course.session[0], "toys")))


#: A seed that the command takes.
LONG = "a class that has been told of nothing"
PUZZLE = """
[[exercise]]
id = "toy.3"
title = "Find the misprint"
section = "Next"
level = "C"
minutes = 10
outcome = "judge"
marks = 2
puzzle = "misprint"
statement = "One digit may be wrong.\\n\\n{puzzle}"

[[exercise.answers]]
name = "a"
asks = "The row of the wrong cell, or none?"
value = "puzzle.row"
"""


def test_a_puzzle_is_made_for_each_student(write, tmp_path, monkeypatch, capsys):
    sessions = SESSIONS.replace('["toy.1"]', '["toy.1", "toy.3"]').replace("lab = 10", "lab = 20")
    sessions = sessions.replace("talk = 15", "talk = 5")
    project = write(exercises=EXERCISES + PUZZLE, sessions=sessions)
    texts = set()
    for name in ("Ada", "Bo"):
        folder = tmp_path / name
        assert main(["course", str(folder), "--seed", LONG, "--student", name], project) == 0
        notebook = nbformat.read(folder / f"toys-{name}" / "students" / "t1.ipynb", 4)
        # Once it has left its folder only the notebook says whose it is.
        assert f"**For {name}**" in notebook.cells[0].source
        assert notebook.metadata.pop("student") == name
        texts.add(nbformat.writes(notebook).replace(name, "you"))
        config = (folder / f"toys-{name}" / "nbgrader" / "nbgrader_config.py").read_text("utf8")
        assert f"course_id = 'toys-{name}'\n" in config
        assert f"student_id = '{name}'\n" in config
    assert len(texts) == 2
    assert all("puzzle(" not in text and "{puzzle}" not in text for text in texts)
    capsys.readouterr()
    syllabus = read_syllabus(project)
    course = syllabus.courses[0]
    bo = answers.stretched(LONG, "Bo")
    filled = Book(syllabus, course, course.session[0], bo).filled()
    # A puzzle's data stand under what it asks, as a table and as Python.
    code = [cell.source for cell in filled.cells if cell.cell_type == "code"]
    assert any(puzzles.misprint(bo).code == source for source in code)
    said = run(filled, folder / "toys-Bo" / "instructor", monkeypatch, capsys)
    assert said.endswith("toy.3a: right.\n")


@pytest.mark.parametrize("name", ["../Ada", "A*", " Ada", "[b]", "Ada."])
def test_a_student_whom_no_folder_can_be_called_after_is_refused(write, tmp_path, name, capsys):
    assert main(["course", str(tmp_path / "out"), "--student", name], write()) == 2
    assert f"got {name!r}" in re.sub(r"\s+", " ", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_whoever_teaches_has_marks_beside_each_question_and_words_and_minutes_for_the_talk(book):
    cells = [cell.source for cell in book.instructor(SLIDES).cells]
    [talk] = [cell for cell in cells if cell.startswith("**The talk**")]
    assert talk.partition("\n\n")[2] == (
        "* Title, and what one can after it (1 min)\n"
        "* **A rent** (9 min): Ask who pays.\n\n  Nobody?\n"
        "* **A wage** (0.5 min): Show it.\n"
        "* **On the board** (4.5 min), where the notes say so: the sketch stands at the end"
    )
    assert any(cell.startswith("## Discussion: Fair?\n\n*5 minutes.*\n") for cell in cells)
    # Whoever gives the slides sees the same by them.
    deck = book.deck(f"{SLIDES}\n\nY 5 a month")
    assert "\n½ min. Show it.\n" in deck
    assert "\nY\N{NO-BREAK SPACE}5 a month\n" in deck
    assert "## Discussion\n\n* Fair?\n\nAt home: toy.2 Is it fair?\n\n" in deck
    assert re.findall("^##? (.+)", deck, flags=re.M)[0::3] == [
        book.session.title,
        "toy.1 What is left",
    ]
    [asked] = [cell for cell in cells if cell.startswith("### toy.1 ")]
    assert asked.endswith("*Practice, 1 mark: a 0.5, b 0.5.*")
    student = "\n".join(cell.source for cell in book.student().cells)
    assert "Ask who pays" not in student
    assert "1 mark" not in student


#: The toy with a number that is drawn: 13 choices, and what is left is another one for each.
DRAWN = EXERCISES.replace(
    "marks = 2\n",
    "marks = 2\ndrawn.share = { public = 0.5, least = 0.2, most = 0.8, step = 0.05 }\n",
).replace("A household earns", "A {share:.0%} share of it is saved. A household earns")
SAVING = SOLUTION.replace("left = income -", "share = 0.5\nleft = (1 - share) * income -")


def drawn(write):
    cells = [*CELLS[:-1], new_code_cell(SAVING, metadata={"tags": ["solution"]})]
    syllabus = read_syllabus(write(cells, DRAWN))
    return syllabus, Book(syllabus, syllabus.courses[0], syllabus.courses[0].session[0], "a class")


def test_a_class_has_numbers_of_its_own(write, tmp_path, monkeypatch, capsys):
    syllabus, book = drawn(write)
    material = syllabus.materials["toy"]
    [share] = book.variants["toy.1"].numbers.values()
    assert share != 0.5
    # The site and the notebook show the public one, students and instructor the class's.
    assert material.exercises[0].statement.startswith("A 50% share of it is saved.")
    for made in (book.student(), book.instructor(), graded(book)):
        text = nbformat.writes(made)
        assert f"A {share:.0%} share of it is saved." in text
        assert "A 50% share" not in text
    assert f"share = {share}\n" in book.solution(material.exercises[0])
    assert book.answers[0].value == (1 - share) * 1234.5 - 224.75
    seeds = [material.variant(material.exercises[0], f"class {n}").numbers["share"] for n in "abcd"]
    assert len(set(seeds)) > 1


def test_numbers_are_drawn_again_until_none_gives_an_answer_away(write):
    _, book = drawn(write)
    given = f"It leaves {book.answers[0].value:.2f}."
    assert set(leaks(book, given)) == {"toy.1"}
    again = without_leaks(book, given)
    assert set(again.again) == {"toy.1"}
    assert again.answers[0].value != book.answers[0].value


def test_an_answer_near_a_border_is_drawn_again_and_refused_where_all_are(write):
    # A tenth of the steps of 0.05 lie half-way between whole tens; all of 617.25 do.
    _, book = drawn(write)
    material = book.syllabus.materials["toy"]
    tens = DRAWN.replace("step = 0.01", "step = 100")
    syllabus = read_syllabus(write(exercises=tens, cells=material.read.cells))
    own = syllabus.materials["toy"]
    made = [own.variant(own.exercises[0], f"class {n}") for n in range(12)]
    assert any("again" in each.seed for each in made)
    assert {each.numbers["share"] for each in made} <= set(own.templates[0].drawn["share"].choices)
    same = SAVING.replace("(1 - share) * income - rent(area)", "50.0 + 0 * share")
    cells = [*CELLS[:-1], new_code_cell(same, metadata={"tags": ["solution"]})]
    refused = read_syllabus(write(cells, tens)).materials["toy"]
    with pytest.raises(PlainError, match=r"toy\.1a: 50 is within a tenth of a step"):
        refused.variant(refused.exercises[0], "a class")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A {share:.0%} share of it is saved. ", "", "nothing that it says has {share}"),
        ("public = 0.5", "public = 0.55", "no line of its solution is share = 0.55"),
        ("step = 0.05", "step = 0", "there is no number but the public one, 0.5"),
        ("least = 0.2, most = 0.8", "least = 0.5, most = 0.5", "there is no number but the public"),
        ("least = 0.2, ", "", "missing 1 required positional"),
        ("A {share:.0%}", "A {shore:.0%}", "nothing that it says has {share}"),
    ],
)
def test_what_is_drawn_must_fit(write, tmp_path, old, new, said, capsys):
    assert old in DRAWN
    cells = [*CELLS[:-1], new_code_cell(SAVING, metadata={"tags": ["solution"]})]
    project = write(cells, DRAWN.replace(old, new, 1))
    assert main(["course", str(tmp_path / "out")], project) == 2
    told = capsys.readouterr()
    assert said in re.sub(r"\s+", " ", told.out + told.err)


def test_an_answer_in_the_section_of_its_exercise_is_refused(write, tmp_path, capsys):
    """What the section shows counts as well, though no session has it."""
    shown = new_code_cell("left", outputs=[new_output("stream", text="it leaves 1,009.75")])
    cells = [*CELLS[:4], shown, *CELLS[4:]]
    sections = EXERCISES.replace('section = "The rent"', 'section = "Next"')
    assert main(["course", str(tmp_path / "out")], write(cells, sections)) == 2
    assert "toy.1a: its answer stands in the section before it as 1009.75" in (
        " ".join(capsys.readouterr().err.split())
    )


def test_hidden_tests_take_what_is_right_and_nothing_else(write, tmp_path, monkeypatch, capsys):
    syllabus, book = drawn(write)
    course = syllabus.courses[0]
    list(course_files(Project(tmp_path), syllabus, course, tmp_path / "out", "a class"))
    root = tmp_path / "out" / "nbgrader"
    source = shutil.copytree(root / "source" / "t1", root / "autograded" / "ada" / "t1")
    made = nbformat.read(source / "t1.ipynb", 4)
    run(made, source, monkeypatch, capsys)
    told = {cell.metadata.nbgrader.grade_id: cell for cell in made.cells if cell.metadata}
    assert {name: cell.metadata.nbgrader.get("points") for name, cell in told.items()} == {
        **{"toy_1a": None, "toy_1b": None, "toy_1a_test": 1.0, "toy_1b_test": 1.0},
        "toy_2": 4,
    }
    for wrong in ("...", "-1.0", "'much'", repr(book.answers[0].value + 0.02)):
        solved = told["toy_1a"].source
        told["toy_1a"].source = solved.replace("toy_1a = left", f"toy_1a = {wrong}")
        with pytest.raises(AssertionError):
            run(made, source, monkeypatch, capsys)
        told["toy_1a"].source = solved


@pytest.mark.parametrize(
    ("unit", "given", "said"),
    [
        ("percent a year", 0.125, "Is that a part of 1? Percent are asked for."),
        ("percent of income", 1250, "That is a hundred times too much: is it a percentage of a "),
        ("parts of 1", 1250.0, "Is that in percent? A part of 1 is asked for."),
        ("yuan", 0.125, ""),
        # The exercise's own hint says more.
        ("percent", -0.125, "Which way round?"),
    ],
)
def test_percent_and_parts_of_1_mixed_up_open_a_hint(write, tmp_path, unit, given, said):
    exercises = EXERCISES.replace("yuan a month", unit).replace('"-left"', '"-left / 100"')
    project = write(
        [*CELLS[:-1], new_code_cell("# Solution toy.1\nleft = 12.5\nassert left > 0")], exercises
    )
    material = read_syllabus(project).materials["toy"]
    worked = material.worked(material.exercises[0], "a class")
    (tmp_path / answers.FILE).write_text(answers.seal(worked, "a class"), "utf8")
    assert answers.look("toy.1a", given, tmp_path).words.startswith(
        f"toy.1a: not yet. {said}".strip()
    )
    assert answers.look("toy.1a", 12.5, tmp_path).right


def test_numbers_in_the_reverse_order_open_a_hint(write):
    exercises = EXERCISES.replace('"left"\n', '"[left, income]"\n', 1)
    exercises = exercises.replace('value = "-left"', 'value = "[left, -income]"')
    material = read_syllabus(write(exercises=exercises)).materials["toy"]
    left, income = (one := material.worked(material.exercises[0], "toys")[0]).value
    assert [list(wrong) for wrong in one.wrong.values()] == [[left, -income], [income, left]]


def test_no_hint_on_percent_takes_the_place_of_another(write):
    exercises = EXERCISES.replace("yuan a month", "percent").replace('"-left"', '"left / 100"')
    material = read_syllabus(write(exercises=exercises)).materials["toy"]
    hints = material.worked(material.exercises[0], "a class")[0].wrong
    assert next(iter(hints)) == "Which way round?"
    assert len(hints) == 2


def test_what_the_public_notebook_solves_is_practice(book):
    assert marks(book.exercises[0][0]) == [0.5, 0.5]
    assert "*Practice, 1 mark.*" in nbformat.writes(graded(book))


def test_a_slide_that_has_much_to_say_has_smaller_letters_and_paper_needs_no_script():
    few, many = ("<section >\n<h2>A</h2>" + "word " * times for times in (20, 400))
    notes = f"<aside class='notes'>{'word ' * 400}</aside>"
    head = f"<head><style>b {{}}</style></head>{few}{notes}</section>"
    made = fitted(f"{head}{many}</section><script>1</script>")
    smaller = many.replace("<section >", '<section style="font-size: 68%">')
    assert made == f"{head}{smaller}</section><script>1</script>"
    table = "<section >\n<h2>A</h2><table><tr></tr></table></section>"
    assert fitted(table) == table.replace("<table>", '<table style="font-size: 0.9em">')
    printed = on_paper(made)
    assert re.findall(r"<(?:style|script)[^>]*>\s*(\S+)", printed) == ["@page"]
    assert smaller in printed


def laid_out(write, tmp_path):
    """Return where nbgrader would run the toy that one student hands in, and its notebook."""
    syllabus, book = drawn(write)
    out = tmp_path / "out"
    list(course_files(Project(tmp_path), syllabus, syllabus.courses[0], out, "a class"))
    root = out / "nbgrader"
    place = shutil.copytree(root / "source" / "t1", root / "autograded" / "ada" / "t1")
    return place, book


def test_a_hidden_test_says_the_name_of_its_answer_and_no_more(write, tmp_path):
    place, book = laid_out(write, tmp_path)
    hidden = [
        cell.source
        for cell in nbformat.read(place / "t1.ipynb", 4).cells
        if "BEGIN HIDDEN" in cell.source
    ]
    assert len(hidden) == len(book.answers)
    for answer, source in zip(book.answers, hidden, strict=True):
        said, begin, test, end = source.splitlines()
        assert (said, begin) == (f"# 1 for {answer.name}", "### BEGIN HIDDEN TESTS")
        name = answer.name.replace(".", "_")
        assert test.endswith(f'run_path("../../../marks.py")["takes"]("{answer.name}", {name})')
        assert end == "### END HIDDEN TESTS"
    # What it asks is nowhere that nbgrader copies from.
    known = (place.parents[2] / "marks.py").read_text("utf8")
    assert "left = (1 - share) * income - rent(area)" in known
    assert [path for path in place.parents[2].rglob("source/**/marks.py")] == []
    config = (place.parents[2] / "nbgrader_config.py").read_text("utf8")
    assert "a class" not in config


def test_nothing_that_a_notebook_changes_is_met_by_what_marks_it(write, tmp_path, monkeypatch):
    place, book = laid_out(write, tmp_path)
    for name in ("Answer", "plain"):
        monkeypatch.setattr(answers, name, getattr(answers, name))
    monkeypatch.setattr(answers.Answer, "takes", lambda *_: True)
    monkeypatch.setitem(sys.modules, "t1_toy", SimpleNamespace(income=0.0))
    (place / "t1_toy.py").write_text("income = 0", "utf8")
    takes = runpy.run_path(str(place / MARKS))["takes"]
    right = book.answers[0].value
    assert takes("toy.1a", right)
    assert takes("toy.1a", np.array([right]))
    for wrong in (-right, 0.0, "x", ..., object(), [[right]], float("nan"), 10**5000, None):
        assert not takes("toy.1a", wrong)
    with pytest.raises(RuntimeError, match=r"^toy\.9a cannot be marked: whoever marks can see why"):
        takes("toy.9a", 1.0)


def test_a_short_seed_is_refused(write, tmp_path, capsys):
    assert main(["course", str(tmp_path / "out"), "--seed", "autumn class"], write()) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "--seed must have at least 16 characters, got 12" in told
    assert "Without --seed one is made" in told
    assert not (tmp_path / "out").exists()


def test_what_students_have_comes_of_a_stretched_seed(write, tmp_path, capsys):
    assert main(["course", str(tmp_path / "out"), "--seed", LONG], write()) == 0
    assert f"drawn for the seed {LONG!r}: keep it" in " ".join(capsys.readouterr().out.split())
    sealed = json.loads((tmp_path / "out" / "toys" / "students" / answers.FILE).read_text("utf8"))
    same = json.loads(
        answers.seal([answers.Answer("toy.1a", 1009.75, step=0.01)], answers.stretched(LONG))
    )
    assert sealed["toy.1a"]["digest"] == same["toy.1a"]["digest"]
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or LONG not in path.read_text("utf8")


def test_numbers_are_drawn_again_while_all_answers_are_the_public_ones(write):
    # To thousands 0.5 leaves 0, as all above it do; 0.2 to 0.3 leave 1.
    thousands = DRAWN.replace("step = 0.01", "step = 1_000").replace(
        'wrong = [{ value = "-left", hint = "Which way round?" }]\n', ""
    )
    cells = [*CELLS[:-1], new_code_cell(SAVING, metadata={"tags": ["solution"]})]
    own = read_syllabus(write(cells, thousands)).materials["toy"]
    made = [own.variant(own.exercises[0], f"class {n}") for n in range(12)]
    assert {each.numbers["share"] for each in made} == {0.2, 0.25, 0.3}
    few = thousands.replace("least = 0.2", "least = 0.55")
    refused = read_syllabus(write(cells, few)).materials["toy"]
    with pytest.raises(PlainError, match=r"toy\.1: whatever is drawn, its answers are the public"):
        refused.variant(refused.exercises[0], "a class")


def test_the_guide_says_of_how_many_an_exercise_is_drawn(write, tmp_path):
    _, book = drawn(write)
    assert "| 0.5 | drawn of 12 |" in guide(Project(tmp_path), [book]).replace("| 1 |", "| 0.5 |")
    assert replace(book.exercises[0][0], puzzle="").variants == 12


def test_an_answer_that_another_file_gives_away_is_drawn_again(write):
    _, book = drawn(write)
    long, short = (
        {"a table": f"{value:.2f}"} for value in (book.answers[0].value, book.answers[0].value / 9)
    )
    assert set(leaks(book, elsewhere=long)) == {"toy.1"}
    assert not leaks(book, elsewhere=short)
    [again] = course_without_leaks([book], {"t1": ""}, long)
    assert set(again.again) == {"toy.1"}
    every = " ".join(f"{(1 - share / 100) * 1234.5 - 224.75:.2f}" for share in range(20, 81, 5))
    with pytest.raises(PlainError, match=r"toy\.1a: its answer stands in a reading as"):
        course_without_leaks([book], {"t1": ""}, {"a reading": every})


def test_the_wheel_for_students_has_nothing_that_makes_courses(tmp_path):
    for name in ("answers.py", "__init__.py", "course/__init__.py", "course/puzzles.py"):
        place = tmp_path / "lib" / "compendium" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("", "utf8")
    (tmp_path / "data").mkdir()
    for name in ("README.md", "LICENSE"):
        (tmp_path / name).write_text("", "utf8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "toy"\nversion = "1"\n'
        '[tool.setuptools.packages.find]\nwhere = ["lib"]\n',
        "utf8",
    )
    _, content = wheel(Project(tmp_path))
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert [name for name in made.namelist() if name.startswith("compendium/")] == [
            "compendium/__init__.py",
            "compendium/answers.py",
        ]
