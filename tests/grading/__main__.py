"""Try the release for nbgrader as a class meets it: what four students hand in, and their marks.

``python tests/grading`` makes every course under ``build/course``, has nbgrader write what is
handed out, and hands in for each session the solutions, wrong answers, blank cells, and the
answers of the public notebooks. They must get all marks, none, none, and of what
is drawn for the class not all. The status is 1 where they do not. It needs nbgrader: make
course-test. Named sessions are tried alone: ``python tests/grading h4 r5``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
from nbgrader.api import Gradebook

from compendium.course.sessions import Session, Syllabus, read_syllabus
from compendium.project import Project
from compendium.run.commands import main as compendium

STUDENTS = ("right", "wrong", "blank", "copied")
SOLVED = re.compile(r"### BEGIN SOLUTION\n(.*?)\n### END SOLUTION", flags=re.DOTALL)
BLANK = re.compile(r"^(\w+) = \.\.\.$", flags=re.MULTILINE)
#: What a student must not get.
HIDDEN = ("# Solution ", "### BEGIN", "### END", "worked_", "RULES_BY_NAME")
LINE = "{:14}{:>9}" + 4 * "{:>9}" + "{:>9}"


def main() -> int:
    project, begun = Project(), time.perf_counter()
    # nbgrader calls alembic by its name alone.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    out = project.build / "course"
    shutil.rmtree(out, ignore_errors=True)
    if status := compendium(["course", str(out), "--seed", "a class"]):
        return status
    print(f"made in {time.perf_counter() - begun:.0f} s\n")
    print(LINE.format("session", "marks", *STUDENTS, "seconds"), flush=True)
    syllabus, faults = read_syllabus(project), []
    named = set(sys.argv[1:])
    for course in syllabus.courses:
        for session in course.session:
            if named and session.name not in named:
                continue
            begun = time.perf_counter()
            folder = out / course.name / "nbgrader"
            most, got = graded(syllabus, session, folder)
            took = f"{time.perf_counter() - begun:.0f}"
            print(LINE.format(session.name, f"{most:g}", *shown(got), took), flush=True)
            faults += [f"{session.name}: {fault}" for fault in faults_of(most, got)]
    print("", *(faults or ["Each got what is right."]), sep="\n")
    return 1 if faults else 0


def shown(got: dict[str, float]) -> list[str]:
    return [f"{got[student]:g}" for student in STUDENTS]


def faults_of(most: float, got: dict[str, float]) -> list[str]:
    """Return who got other marks than are right."""
    owed = {"right": most, "wrong": 0.0, "blank": 0.0}
    found = [
        f"{student} got {got[student]:g} of {most:g} marks, not {marks:g}"
        for student, marks in owed.items()
        if abs(got[student] - marks) > 1e-6
    ]
    if most and got["copied"] >= most:
        found.append("who copied the public solutions got all marks")
    return found


def graded(syllabus: Syllabus, session: Session, folder: Path) -> tuple[float, dict[str, float]]:
    """Hand out a session, hand it in for each student, and return the most marks and theirs."""
    nbgrader(folder, "generate_assignment", session.name)
    handed_out = folder / "release" / session.name
    given = nbformat.read(handed_out / f"{session.name}.ipynb", 4)
    text = "\n".join(cell.source for cell in given.cells)
    if told := [word for word in HIDDEN if word in text]:
        raise SystemExit(f"{session.name}: what is handed out has {told}")
    source = nbformat.read(folder / "source" / session.name / f"{session.name}.ipynb", 4)
    answers = {
        "right": solutions(source),
        "wrong": {name: f"{name} = -12345.678" for name in solutions(source)},
        "blank": {},
        "copied": public(syllabus, session),
    }
    for student in STUDENTS:
        place = folder / "submitted" / student / session.name
        shutil.copytree(handed_out, place)
        filled = nbformat.from_dict(given)
        for cell in filled.cells:
            if cell.cell_type == "code":
                cell.source = BLANK.sub(
                    lambda found, own=answers[student]: own.get(found[1], found[0]), cell.source
                )
        nbformat.write(filled, place / f"{session.name}.ipynb")
        given = nbformat.read(handed_out / f"{session.name}.ipynb", 4)
    nbgrader(folder, "autograde", session.name)
    return marks(folder, session.name)


def nbgrader(folder: Path, *words: str) -> None:
    """Call nbgrader where the course is; say what it said where it fails."""
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nbgrader {' '.join(words)} fails:\n{done.stderr[-3000:]}")


def marks(folder: Path, name: str) -> tuple[float, dict[str, float]]:
    """Return the most that a session's tests bring, and what each student got of it."""
    got, most = {}, 0.0
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for student in STUDENTS:
            [notebook] = book.find_submission(name, student).notebooks
            tests = [grade for grade in notebook.grades if grade.cell.cell_type == "code"]
            most = sum(grade.max_score for grade in tests)
            got[student] = sum(grade.auto_score or 0.0 for grade in tests)
    return most, got


def solutions(source: nbformat.NotebookNode) -> dict[str, str]:
    """Return what the source has for each answer, by the answer's name."""
    return {
        cell.metadata.nbgrader.grade_id: SOLVED.search(cell.source)[1]
        for cell in source.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def public(syllabus: Syllabus, session: Session) -> dict[str, str]:
    """Return what can be copied from the public notebooks: their answers, by the answer's name."""
    found = {}
    for id in (*session.exercises, *session.home):
        for answer in syllabus.exercises[id][1].public(id):
            name = answer.name.replace(".", "_")
            found[name] = f"{name} = {np.asarray(answer.value).tolist()!r}"
    return found


if __name__ == "__main__":
    sys.exit(main())
