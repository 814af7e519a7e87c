"""``compendium course``: what an instructor hands out, in a folder of its own."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import nbformat

from compendium import answers
from compendium.course.books import Book
from compendium.course.decks import decks
from compendium.course.guide import guide
from compendium.course.leaks import leaks
from compendium.course.sessions import Course, Syllabus, read_syllabus
from compendium.project import PlainError, Project
from compendium.run.screen import console, say
from compendium.run.surroundings import apart

__all__ = ["run"]

#: What holds recomputed numbers, or tells which printed ones are wrong.
RECOMPUTED = ("*ledger*.csv", "attacks.csv", "evidence", "synthesis", "notes.csv")
#: Without these a course has no decks.
NEEDED = ("sphinx_revealjs", "myst_parser", "latex2mathml")
#: An answer that so many guesses find is told to whoever makes the course.
FEW = 1000


def run(project: Project, options: argparse.Namespace) -> int:
    """Write the courses, unless the folder has anything in it or something does not fit."""
    screen, target = console(), Path(options.folder).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise PlainError(f"{target} is not empty: nothing is overwritten. Name another folder.")
    syllabus = read_syllabus(project)
    if found := list(syllabus.faults()):
        raise PlainError("\n".join(found))
    named = [syllabus.course(options.course)] if options.course else syllabus.courses
    with apart(project):
        for course in named:
            seed = options.student or course.name
            for line in write(project, syllabus, course, target / course.name, seed):
                say(screen, line)
    return 0


def write(
    project: Project, syllabus: Syllabus, course: Course, folder: Path, seed: str
) -> Iterator[str]:
    """Write one course, and yield what is to be said of it.

    Raises
    ------
    PlainError
        If a student's file gives an answer away.
    """
    books = [Book(syllabus, course, session, seed) for session in course.session]
    own = {answer.name: answer for book in books for answer in book.answers}
    files: dict[str, str] = {}
    texts: dict[str, str] = {}
    for book in books:
        name = f"{book.session.name}.ipynb"
        slides = _slides(project, book.session.name)
        files |= {f"students/{module}.py": text for module, text in book.modules.items()}
        files |= {f"instructor/{module}.py": text for module, text in book.modules.items()}
        files[f"students/{name}"] = nbformat.writes(book.student()) + "\n"
        files[f"instructor/{name}"] = nbformat.writes(book.instructor()) + "\n"
        if given := list(leaks(book, slides)):
            raise PlainError("\n".join(given))
        if slides:
            texts[book.session.name] = book.deck(slides)
    files["instructor/guide.md"] = guide(project, books)
    missing = [name for name in NEEDED if find_spec(name) is None]
    if texts and not missing:
        made = decks(texts, project.figures)
        files |= {f"instructor/{name}.html": page for name, page in made.items()}
    for place in ("students", "instructor"):
        files[f"{place}/{answers.FILE}"] = answers.seal(list(own.values()), seed)
    _put(folder, files)
    for place in ("students", "instructor"):
        _data(project, folder / place / "data")
    yield f"{folder.name}: {len(books)} sessions, {len(own)} answers"
    if texts and missing:
        yield f"no decks: they need {', '.join(missing)} (pip install --group course)"
    for answer in own.values():
        if answers.guesses(answer) < FEW:
            yield f"{answer.name}: fewer than {FEW:,} guesses find it"


def _slides(project: Project, session: str) -> str:
    """Return a session's own slides; none where it has no file of them."""
    place = project.root / "course" / "decks" / f"{session}.md"
    return place.read_text("utf8") if place.is_file() else ""


def _put(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf8")


def _data(project: Project, target: Path) -> None:
    """Copy the printed numbers, and say nothing of what was recomputed of them."""
    shutil.copytree(project.data, target, ignore=shutil.ignore_patterns(*RECOMPUTED))
    place = target / "datapackage.json"
    package = json.loads(place.read_text("utf8"))
    package["resources"] = [
        resource for resource in package["resources"] if (target / resource["path"]).exists()
    ]
    place.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf8")
