"""Try the release for nbgrader as a class meets it: what four students hand in, and their marks.

``python tests/grading`` makes every course under ``build/course``, has nbgrader write what is
handed out, and hands in for each session the solutions, wrong answers, blank cells, and the
answers of the public notebooks. They must get all marks, none, none, and of what
is drawn for the class not all. Two who know how it is marked, and change a library or hand in what
is no number, get none either; and what they are given back has no solution, seed or answer.
The status is 1 where that is not so. It needs nbgrader: make
course-test. Named sessions are tried alone: ``python tests/grading h4 r5``.
"""

from __future__ import annotations

import html
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
from nbgrader.api import Gradebook

from compendium.answers import stretched
from compendium.course.sessions import Session, Syllabus, read_syllabus
from compendium.project import Project
from compendium.run.commands import main as compendium

#: What some write before their answers, and in place of each.
CHEATS = {
    "patched": (
        "import numpy, compendium.answers\n"
        "compendium.answers.Answer.takes = lambda *_: True\n"
        "numpy.isin = numpy.isclose = lambda *_: True\n",
        "{name} = -12345.678",
    ),
    "object": (
        """import sys
import numpy
class Looks:
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe(1)
        while frame:
            own = frame.f_locals.get("self")
            if hasattr(own, "value") and hasattr(own, "wrong"):
                return numpy.asarray(own.value, dtype=dtype)
            frame = frame.f_back
        return numpy.asarray(0.0, dtype=dtype)
""",
        "{name} = Looks()",
    ),
}
STUDENTS = ("right", "wrong", "blank", "copied", "patched", "object")
#: What is as long stands nowhere by chance.
LONG = 15
SEED = "a class that nobody has been told of"
SOLVED = re.compile(r"### BEGIN SOLUTION\n(.*?)\n### END SOLUTION", flags=re.DOTALL)
TAG = re.compile(r"<[^>]*>")
BLANK = re.compile(r"^(\w+) = \.\.\.$", flags=re.MULTILINE)
#: What a student must not get.
HIDDEN = ("# Solution ", "### BEGIN", "### END", "run_path", "marks.py")
LINE = "{:14}{:>9}" + len(STUDENTS) * "{:>9}" + "{:>9}"


def main() -> int:
    project, begun = Project(), time.perf_counter()
    # nbgrader calls alembic by its name alone.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    out = project.build / "course"
    shutil.rmtree(out, ignore_errors=True)
    if status := compendium(["course", str(out), "--seed", SEED]):
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
            found = [*faults_of(most, got), *given_back(folder, session)]
            faults += [f"{session.name}: {fault}" for fault in found]
    print("", *(faults or ["Each got what is right."]), sep="\n")
    return 1 if faults else 0


def shown(got: dict[str, float]) -> list[str]:
    return [f"{got[student]:g}" for student in STUDENTS]


def faults_of(most: float, got: dict[str, float]) -> list[str]:
    """Return who got other marks than are right."""
    owed = {"right": most, **dict.fromkeys(("wrong", "blank", *CHEATS), 0.0)}
    found = [
        f"{student} got {got[student]:g} of {most:g} marks, not {marks:g}"
        for student, marks in owed.items()
        if abs(got[student] - marks) > 1e-6
    ]
    if most and got["copied"] >= most:
        found.append("who copied the public solutions got all marks")
    return found


def given_back(folder: Path, session: Session) -> Iterator[str]:
    """Have nbgrader write what students are given back, and yield what they must not learn of it.

    Who has all right, or copied, has solutions in it already.
    """
    nbgrader(folder, "generate_feedback", session.name)
    handed_out = (folder / "release" / session.name / f"{session.name}.ipynb").read_text("utf8")
    kept = {one for one in secrets(folder, session) if len(one) >= LONG and one not in handed_out}
    for student in ("wrong", "blank", *CHEATS):
        for kind, ending in (("autograded", "ipynb"), ("feedback", "html")):
            [file] = (folder / kind / student / session.name).glob(f"*.{ending}")
            text = html.unescape(TAG.sub("", file.read_text("utf8")))
            yield from (f"the {kind} of {student} has {one!r}" for one in kept if one in text)


def secrets(folder: Path, session: Session) -> Iterator[str]:
    """Yield the seed, the lines of the solutions, and the right answers with all their digits."""
    yield from (SEED, stretched(SEED))
    marks = runpy.run_path(str(folder / "marks.py"))
    for own in marks["EXERCISES"].values():
        if own["session"] == session.name:
            yield from (line.strip() for line in own["code"].splitlines())
            names = marks["worked"](own)
            for value, step, _ in own["answers"].values():
                right = eval(value, names)
                yield from map(repr, np.atleast_1d(right).tolist() if step else [])


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
        **{
            student: {name: line.format(name=name) for name in solutions(source)}
            for student, (_, line) in CHEATS.items()
        },
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
        if student in CHEATS:
            # Not in a cell that nbgrader puts back.
            filled.cells.insert(0, nbformat.v4.new_code_cell(CHEATS[student][0]))
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
