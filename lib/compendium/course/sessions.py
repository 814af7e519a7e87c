"""Courses and their sessions, as data: what is shown, what is done, and in how many minutes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from compendium.course.exercises import Exercise, made
from compendium.course.material import Material, read_exercises
from compendium.course.talk import OPENING, slides_in, slides_of, timed
from compendium.project import PlainError, Project

__all__ = ["Course", "Session", "Syllabus", "read_syllabus"]

FILE = "sessions.toml"


@dataclass(frozen=True)
class Session:
    """A session of a course.

    Parameters
    ----------
    name : str
        Of its files: ``h1``.
    title : str
        The question that it answers.
    outcomes : tuple of str
        What who was there can do: names among the syllabus's outcomes.
    reading : tuple of str
        Before it.
    stops : tuple of str
        Sections that are shown: ``SLUG#Heading``.
    talk, lab, discussion : int
        Minutes of each; the lab's are those of its exercises.
    exercises : tuple of str
        Done in class.
    home : tuple of str
        Done at home, by the minutes that each exercise says.
    discuss : tuple of mapping
        Each a ``question``, which begins with its minutes, with what is ``for`` and ``against``.
    board : str
        What to draw.
    board_minutes : float
        Of the talk, for what is drawn.
    goes_wrong : str
        What a class meets.
    """

    name: str
    title: str
    outcomes: tuple[str, ...]
    stops: tuple[str, ...]
    talk: int
    lab: int
    discussion: int
    exercises: tuple[str, ...]
    reading: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    discuss: tuple[Mapping[str, str], ...] = ()
    board: str = ""
    board_minutes: float = 0
    goes_wrong: str = ""

    @property
    def minutes(self) -> int:
        """In class."""
        return self.talk + self.lab + self.discussion


@dataclass(frozen=True)
class Course:
    """A course: its sessions in their order.

    Parameters
    ----------
    name : str
        Of its folder.
    title : str
        Of the course.
    audience : str
        For whom, and what they bring.
    minutes : int
        Of each session.
    session : tuple of Session
        In their order.
    """

    name: str
    title: str
    audience: str
    minutes: int
    session: tuple[Session, ...]


@dataclass(frozen=True)
class Syllabus:
    """All courses, and the material that they draw on.

    Parameters
    ----------
    outcomes : mapping of str to str
        What who took part can do, by a short name.
    courses : tuple of Course
        In their order.
    materials : mapping of str to Material
        Exercises and notebook of each source, by its slug.
    slides : mapping of str to str
        The own slides of each session that has some, in Markdown, by its name.
    """

    outcomes: Mapping[str, str]
    courses: tuple[Course, ...]
    materials: Mapping[str, Material]
    slides: Mapping[str, str]

    @cached_property
    def exercises(self) -> Mapping[str, tuple[Exercise, Material]]:
        """Every exercise by its name, with the source that it is of."""
        return {
            own.id: (own, material)
            for material in self.materials.values()
            for own in material.exercises
        }

    def course(self, name: str) -> Course:
        """Return the course of a name; PlainError names those that there are."""
        for own in self.courses:
            if own.name == name:
                return own
        known = ", ".join(own.name for own in self.courses)
        raise PlainError(f"There is no course {name}; there are {known}.")

    def faults(self) -> Iterator[str]:
        """Yield what does not fit together, in the words of whoever has to mend it."""
        for material in self.materials.values():
            yield from material.faults()
        for own, _ in self.exercises.values():
            if own.outcome not in self.outcomes:
                yield f"{own.id}: there is no outcome {own.outcome!r} in {FILE}"
        for course in self.courses:
            for session in course.session:
                for fault in self._of_session(course, session):
                    yield f"{course.name}, {session.name}: {fault}"

    def _of_session(self, course: Course, session: Session) -> Iterator[str]:
        named = [*session.exercises, *session.home]
        if unknown := [name for name in named if name not in self.exercises]:
            yield f"no exercises are called {', '.join(unknown)}"
            return
        if session.minutes != course.minutes:
            yield f"{session.minutes} minutes, not {course.minutes}"
        lab = sum(self.exercises[name][0].minutes for name in session.exercises)
        if lab != session.lab:
            yield f"the exercises take {lab} minutes, not the lab's {session.lab}"
        for name in session.home:
            if not self.exercises[name][0].home:
                yield f"{name} says no minutes at home"
        for outcome in session.outcomes:
            if outcome not in self.outcomes:
                yield f"there is no outcome {outcome!r}"
        for stop in session.stops:
            slug, _, heading = stop.partition("#")
            if slug not in self.materials or heading not in self.materials[slug].sections:
                yield f"there is no section {stop}"
        yield from self._of_minutes(session)

    def _of_minutes(self, session: Session) -> Iterator[str]:
        """Yield what does not add up: the talk of its slides, the discussion of its questions."""
        slides = [*slides_in(self.slides.get(session.name, ""))]
        for slide in slides:
            if not slide.minutes:
                yield f"the notes of {slide.heading!r} do not begin with minutes, as 4 min."
        of_slides = sum(slide.minutes for slide in slides)
        talk = OPENING + of_slides + session.board_minutes
        if slides and talk != session.talk:
            yield (
                f"{OPENING} minute for the title, {of_slides:g} for the slides and "
                f"{session.board_minutes:g} for the board are {talk:g}, not the talk's "
                f"{session.talk}"
            )
        each = [timed(one["question"])[0] for one in session.discuss]
        if session.discuss and sum(each) != session.discussion:
            said = ", ".join(f"{minutes:g}" for minutes in each)
            yield (
                f"its questions begin with {said} minutes, together {sum(each):g}, not the "
                f"discussion's {session.discussion}"
            )


def read_syllabus(project: Project) -> Syllabus:
    """Read ``course/``.

    Parameters
    ----------
    project : Project
        The checkout.

    Returns
    -------
    Syllabus
        Courses, sessions and exercises.

    Raises
    ------
    PlainError
        If a file is missing, or says what it should not.
    """
    folder = project.root / "course"
    try:
        said = tomllib.loads((folder / FILE).read_text("utf8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PlainError(f"course/{FILE}: {error}") from None
    slugs = sorted(path.stem for path in folder.glob("*.toml") if path.name != FILE)
    courses = tuple(_course(entry) for entry in said.get("course", []))
    names = [session.name for course in courses for session in course.session]
    return Syllabus(
        said.get("outcomes", {}),
        courses,
        {slug: read_exercises(project, slug) for slug in slugs},
        {name: text for name in names if (text := slides_of(project, name))},
    )


def _course(entry: Mapping[str, Any]) -> Course:
    where = f"course/{FILE}, course {entry.get('name', '?')}"
    sessions = [
        made(Session, f"{where}, session {one.get('name', '?')}", one)
        for one in entry.get("session", [])
    ]
    course: Course = made(Course, where, {**entry, "session": tuple(sessions)})
    return course
