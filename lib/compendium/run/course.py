"""``compendium course``: what an instructor hands out, in a folder of its own."""

from __future__ import annotations

import argparse
import re
import secrets
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import nbformat

from compendium import answers
from compendium.course import package
from compendium.course.books import Book, folder_name
from compendium.course.decks import BROWSERS, decks, printed
from compendium.course.grading import release
from compendium.course.guesses import FEW, is_guessed
from compendium.course.guide import guide
from compendium.course.leaks import course_without_leaks, in_sections
from compendium.course.sessions import Course, Syllabus, read_syllabus
from compendium.course.tables import loaded
from compendium.project import PlainError, Project
from compendium.run.screen import console, say
from compendium.run.surroundings import apart

__all__ = ["run", "write"]

#: Without these a course has no decks, by what is installed.
NEEDED = {
    "sphinx_revealjs": "sphinx-revealjs",
    "myst_parser": "myst-parser",
}
#: A shorter seed is found by whoever tries words: salts and numbers that students have come of it.
SHORTEST = 16
#: A student's name is a folder's and, in nbgrader, a pattern's.
STUDENT = re.compile(r"\w[\w-]*(?:[ .][\w-]+)*")


def run(project: Project, options: argparse.Namespace) -> int:
    """Write the courses, unless the folder has anything in it or something does not fit."""
    screen, target = console(), Path(options.folder).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise PlainError(f"{target} is not empty: nothing is overwritten. Name another folder.")
    if options.student and not STUDENT.fullmatch(options.student):
        raise PlainError(
            f"--student must be a name that a folder can have, of letters, digits, hyphens and "
            f"underscores, with single blanks or points between, got {options.student!r}"
        )
    if options.seed is not None and len(options.seed) < SHORTEST:
        raise PlainError(
            f"--seed must have at least {SHORTEST} characters, got {len(options.seed)}: students "
            "have what is drawn by it, and who finds it by trying words has every answer. Without "
            "--seed one is made, and said: keep it."
        )
    syllabus = read_syllabus(project)
    read = syllabus.materials.values()
    # Solutions are run once all is there that they are run on.
    if found := list(syllabus.faults()) or [told for own in read for told in in_sections(own)]:
        raise PlainError("\n".join(found))
    named = [syllabus.course(options.course)] if options.course else syllabus.courses
    seed = options.seed or secrets.token_hex(10)
    # Who knows the seed can make the instructor's files.
    drawn_by = answers.stretched(seed, options.student or "")
    with apart(project):
        for course in named:
            folder = target / folder_name(course, options.student or "")
            for line in write(project, syllabus, course, folder, drawn_by, options.student or ""):
                say(screen, line)
    say(screen, f"drawn for the seed {seed!r}: keep it, for yourself")
    return 0


def write(
    project: Project, syllabus: Syllabus, course: Course, folder: Path, seed: str, whose: str = ""
) -> Iterator[str]:
    """Write one course, and yield what is to be said of it; of a student's own, whose it is.

    The seed is one that is `stretched`.

    Raises
    ------
    PlainError
        If a student's file gives an answer away.
    """
    slides = {own.name: syllabus.slides.get(own.name, "") for own in course.session}
    books = [Book(syllabus, course, session, seed, whose=whose) for session in course.session]
    readings = _readings(project, course)
    besides = {**readings, **_data(project, {"students": books})}
    books = course_without_leaks(
        books, slides, {place: content.decode("utf8") for place, content in besides.items()}
    )
    own = [answer for book in books for answer in book.answers]
    files: dict[str, str | bytes] = {**_notebooks(books, answers.seal(own, seed), slides)}
    files["students/README.md"] = package.README.format(
        title=", for ".join(filter(None, [course.title, whose])), first=course.session[0].name
    )
    files |= readings
    files["instructor/guide.md"] = guide(project, books)
    files |= {f"nbgrader/{place}": text for place, text in release(books, seed).items()}
    texts = {book.session.name: book.deck(slides[book.session.name]) for book in books}
    texts = {name: text for name, text in texts.items() if slides[name]}
    missing = [name for module, name in NEEDED.items() if find_spec(module) is None]
    pages = decks(texts, project.figures) if texts and not missing else {}
    pdfs = printed(pages)
    files |= {f"instructor/{name}.html": page for name, page in pages.items()}
    files |= {f"instructor/{name}.pdf": page for name, page in pdfs.items()}
    handed = {"students": books, "instructor": books}
    marked = {f"nbgrader/source/{book.session.name}": [book] for book in books}
    _put(folder, files | _data(project, handed | marked))
    yield f"{folder.name}: {len(books)} sessions, {len(own)} answers"
    if texts and missing:
        yield f"no decks: they need what pip install {' '.join(missing)} brings"
    if pages and not pdfs:
        yield f"no PDF of the decks: none of {', '.join(BROWSERS)} is here"
    if find_spec("setuptools") is None or not (project.root / "pyproject.toml").is_file():
        yield "no ZIP for students: a wheel needs setuptools, and the project's pyproject.toml"
    else:
        whole = _zip(project, folder / "students")
        (folder / f"course-{folder.name}.zip").write_bytes(whole)
    if easy := [answer.name for answer in own if is_guessed(answer)]:
        yield f"fewer than {FEW:,} guesses find {', '.join(easy)}: check is for practice, not marks"


def _notebooks(books: list[Book], sealed: str, slides: Mapping[str, str]) -> dict[str, str]:
    """Return the notebooks of students and instructor, what they load, and the sealed answers."""
    files = {}
    for place in ("students", "instructor"):
        files[f"{place}/{answers.FILE}"] = sealed
        for book in books:
            name = book.session.name
            written = book.student() if place == "students" else book.instructor(slides[name])
            files[f"{place}/{name}.ipynb"] = nbformat.writes(written) + "\n"
            modules = book.given_modules if place == "students" else book.modules
            files |= {f"{place}/{module}.py": text for module, text in modules.items()}
    return files


def _readings(project: Project, course: Course) -> dict[str, bytes]:
    """Return the project's own pages that students are to read, by the name that a reading has."""
    asked = "".join(line for session in course.session for line in session.reading)
    pages = (project.root / "docs").glob("*.md")
    return {
        f"students/{page.name}": page.read_bytes() for page in pages if f"`{page.name}`" in asked
    }


def _zip(project: Project, students: Path) -> bytes:
    """Return what a student without a checkout needs, in an archive."""
    name, content = package.wheel(project)
    files = {
        path.relative_to(students).as_posix(): path.read_bytes()
        for path in students.rglob("*")
        if path.is_file()
    }
    files[name] = content
    files["requirements.txt"] = package.requirements(project, name).encode()
    return package.pack({f"{students.parent.name}/{place}": text for place, text in files.items()})


def _put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())


def _data(project: Project, places: Mapping[str, list[Book]]) -> dict[str, bytes]:
    """Return the files of data that the notebooks of each folder load, by their places."""
    files: dict[str, bytes] = {}
    for place, own in places.items():
        modules = [
            text
            for book in own
            for text in (book.given_modules if place == "students" else book.modules).values()
        ]
        exercises = [each for book in own for each, _ in book.exercises]
        found = loaded(project, modules, exercises)
        files |= {f"{place}/data/{path}": content for path, content in found.items()}
    return files
