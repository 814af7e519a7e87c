"""A release for nbgrader: what it hands out, collects and marks, a folder a session.

An answer is marked by a hidden test, which asks `marker.py`: that works the exercise
anew with the library, on the numbers of the class, and rounds as `compendium.answers.check` does.
An argument is marked by hand, with its rubric beside it. What has no number of the class's own can
be had from the public notebooks: it is practice, and brings one mark, however many it says.
"""

from __future__ import annotations

import pprint
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from compendium import answers
from compendium.course import marker, puzzles
from compendium.course.books import Book, folder_name, notebook, variable
from compendium.course.exercises import RULES_BY_NAME, Exercise
from compendium.course.marking import marking, marks, marks_told

__all__ = ["CONFIG", "graded", "release"]

BLANK_CODE = "# Your answer stands in place of the dots."
BLANK_TEXT = "*Your argument:*"
#: Where a notebook that is marked finds what marks it: from autograded/STUDENT/SESSION.
MARKS = "../../../marks.py"
#: The line of `marker` before which the exercises are put in.
LAST = 'if __name__ == "__main__":\n'
CONFIG = '''\
"""Settings of nbgrader, to be called in this folder: nbgrader generate_assignment SESSION."""

c = get_config()
c.CourseDirectory.course_id = {course!r}
{whose}c.ClearSolutions.code_stub = {{"python": {code!r}}}
c.ClearSolutions.text_stub = {text!r}
# A slow machine is not a wrong answer.
c.Execute.timeout = 300
'''
#: The hidden tests of a release for one student are right for no other.
WHOSE = "# What others hand in is not marked here: its numbers are other ones.\n" + (
    "c.CourseDirectory.student_id = {student!r}\n"
)


def release(books: Sequence[Book], seed: str) -> dict[str, str]:
    """Return the files of a course for nbgrader.

    Parameters
    ----------
    books : sequence of Book
        The sessions of one course.
    seed : str
        Of what was drawn, `compendium.answers.stretched`.

    Returns
    -------
    dict of str to str
        The text of each, by its place in the folder.
    """
    config = CONFIG.format(
        course=folder_name(books[0].course, books[0].whose),
        whose=WHOSE.format(student=books[0].whose) if books[0].whose else "",
        code=BLANK_CODE,
        text=BLANK_TEXT,
    )
    files = {
        "nbgrader_config.py": config,
        "marks.py": marks_of(books),
        "puzzles.py": Path(puzzles.__file__).read_text("utf8"),
    }
    for book in books:
        name = book.session.name
        place = f"source/{name}"
        files |= {f"{place}/{module}.py": text for module, text in book.modules.items()}
        files[f"{place}/{name}.ipynb"] = nbformat.writes(graded(book)) + "\n"
        files[f"{place}/{answers.FILE}"] = answers.seal(book.answers, seed)
    return files


def graded(book: Book) -> NotebookNode:
    """Return a session's notebook with nbgrader's marks in its cells, and its solutions.

    nbgrader takes the solutions and the hidden tests out of what it hands out.

    Parameters
    ----------
    book : Book
        The session.
    """
    return notebook(_cells(book), book.whose)


def _cells(book: Book) -> Iterator[NotebookNode]:
    yield from book.opening()
    for number, own in enumerate(each.exercise for each in book.variants.values()):
        if number == len(book.session.exercises):
            yield new_markdown_cell("## At home")
        yield from book.asked(own, f"\n\n{marks_told(own)}")
        for asked in own.answers:
            first = asked == own.answers[0]
            worked = [*book.imports(own), book.solution(own)] if first else []
            name = variable(own, asked)
            solved = "\n".join(filter(None, [*worked, f"{name} = {asked.value}"]))
            yield _marked(
                new_code_cell(
                    f"# {asked.question}\n{name} = ...\n### BEGIN SOLUTION\n{solved}\n"
                    f'### END SOLUTION\ncheck("{own.id}{asked.name}", {name})'
                ),
                name,
                solution=True,
            )
        yield from _tests(book, own)
        if own.rubric:
            yield _marked(
                new_markdown_cell(f"### BEGIN SOLUTION\n{marking(own)}\n### END SOLUTION"),
                own.id.replace(".", "_"),
                solution=True,
                points=own.marks,
            )


def _tests(book: Book, own: Exercise) -> Iterator[NotebookNode]:
    """Yield a hidden test an answer, after all of a student's cells.

    Its line is shown to students with their marks: it has the answer's name, and no more.
    """
    for asked, points in zip(own.answers, marks(own), strict=True):
        if not points:
            continue
        name, given = f"{own.id}{asked.name}", variable(own, asked)
        test = f'assert __import__("runpy").run_path("{MARKS}")["takes"]("{name}", {given})'
        yield _marked(
            new_code_cell(
                f"# {points:g} for {name}\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
            ),
            f"{given}_test",
            points=points,
        )


def marks_of(books: Sequence[Book]) -> str:
    """Return the text of ``marks.py``: what marks the answers of a course.

    Parameters
    ----------
    books : sequence of Book
        Its sessions.
    """
    found = {
        own.id: {
            "session": book.session.name,
            "code": "\n".join([*book.imports(own), book.variants[own.id].solution]),
            "puzzle": (own.puzzle, book.variants[own.id].seed) if own.puzzle else (),
            "answers": {
                asked.name: (asked.value, asked.step, str(RULES_BY_NAME[asked.rounding]))
                for asked in own.answers
            },
        }
        for book in books
        for own, _ in book.exercises
        if own.answers
    }
    written = pprint.pformat(found, width=100, sort_dicts=False)
    text = Path(marker.__file__).read_text("utf8")
    return text.replace(LAST, f"EXERCISES |= {written}\n\n{LAST}")


def _marked(
    cell: NotebookNode, name: str, *, solution: bool = False, points: float | None = None
) -> NotebookNode:
    """Put into a cell what nbgrader knows it by."""
    told: Mapping[str, Any] = {
        "schema_version": 3,
        "grade_id": name,
        "cell_type": cell.cell_type,
        "solution": solution,
        "grade": points is not None,
        "locked": not solution,
        "task": False,
    }
    cell.metadata["nbgrader"] = told if points is None else {**told, "points": points}
    return cell
