"""A notebook a session: for students without a solution, for the instructor with all of it.

The module is one notebook, made cell by cell for its two readers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import indent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compendium.answers import Answer
from compendium.course.exercises import Asked, Exercise
from compendium.course.fixtures import fixtures, uses
from compendium.course.marking import marking, marks_told, shown
from compendium.course.material import Material, Variant
from compendium.course.puzzles import PUZZLES
from compendium.course.sessions import Course, Session, Syllabus
from compendium.course.talk import OPENING, slides_in, timed
from compendium.project import PlainError

__all__ = ["Book", "folder_name", "notebook", "variable", "whole"]

#: Where a sentence ends and another one begins.
SENTENCE = re.compile(r"(?<=[.?!])([*_)]*)\s+(?=[^a-z\s])")
#: A link to another section of the notebook that a text stood in, or to another notebook.
LINK = re.compile(r"\[([^\]]+)\]\((#|[^)\s]*\.ipynb|\.\./)[^)]*\)")
#: The line under a section of a notebook that leads to its exercises: a session has its own.
LED_TO = re.compile(r"^\*Exercises?: .*\*\n*", flags=re.MULTILINE)

#: What a sum of money may begin with, the letter of its currency.
MONEY = re.compile(r"\b(Y) (?=\d)")


@dataclass(frozen=True)
class Book:
    """What is written of a session.

    Parameters
    ----------
    syllabus : Syllabus
        All courses.
    course : Course
        The one.
    session : Session
        Of it.
    seed : str
        Of what is drawn, and of the digests of its answers: the class, or a student.
    again : mapping of str to int
        How often an exercise was drawn again, by its name.
    whose : str
        The student for whom alone it is drawn; empty for a class.
    """

    syllabus: Syllabus
    course: Course
    session: Session
    seed: str
    again: Mapping[str, int] = field(default_factory=dict)
    whose: str = ""

    @cached_property
    def variants(self) -> Mapping[str, Variant]:
        """What is done in class, then what is done at home, by its name."""
        found = {}
        for name in (*self.session.exercises, *self.session.home):
            own, material = self.syllabus.exercises[name]
            draw = self.again.get(name, 0)
            found[name] = material.variant(own, f"{self.seed} {draw + 1}" if draw else self.seed)
        return found

    @cached_property
    def exercises(self) -> list[tuple[Exercise, Material]]:
        """The same, with the source of each."""
        return [
            (own.exercise, self.syllabus.exercises[name][1]) for name, own in self.variants.items()
        ]

    @property
    def worked(self) -> Mapping[str, tuple[Answer, ...]]:
        """The right answers, worked out, by the exercise that they are of."""
        return {name: own.answers for name, own in self.variants.items()}

    @property
    def answers(self) -> list[Answer]:
        """Every right answer of the session."""
        return [answer for answers in self.worked.values() for answer in answers]

    @cached_property
    def needed(self) -> Mapping[str, list[str]]:
        """The names that the solutions need of each source's notebook, by the source's slug.

        Raises
        ------
        PlainError
            If two notebooks make one name: it could not mean both here.
        """
        found: dict[str, list[str]] = {}
        owner: dict[str, tuple[str, str]] = {}
        for slug, material in self.syllabus.materials.items():
            own = [each.id for each, its in self.exercises if its.slug == slug]
            solutions = [material.solutions[id] for id in own if id in material.solutions]
            brought = {
                name for each, its in self.exercises if its is material for name in each.brings
            }
            for name in sorted(material.needed(solutions) | brought):
                # What both import by one line is one thing; else each has its own.
                means = material.imports.get(name, f"{name} of {slug}" * (name in material.makes))
                first, meant = owner.setdefault(name, (slug, means))
                if meant != means:
                    raise PlainError(f"{self.session.name}: {name} is made by {first} and {slug}")
                if first == slug:
                    found.setdefault(slug, []).append(name)
        return found

    @cached_property
    def given(self) -> Mapping[str, list[str]]:
        """The names that the student's notebook begins with, by the source's slug."""
        found: dict[str, set[str]] = {}
        for own, material in self.exercises:
            found.setdefault(material.slug, set()).update(material.given_to(own))
        return {slug: sorted(names) for slug, names in found.items() if names}

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """What solutions import of each source: the text of a module, by its name."""
        return {**self._modules(self.needed), **self.pages}

    @cached_property
    def given_modules(self) -> Mapping[str, str]:
        """The same for students: what the notebook works out and no text names is left out."""
        return {**self._modules(self.given), **self.pages}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """The code that an exercise begins with, by the name of its file."""
        return {
            f"{self.session.name}_{own.id.replace('.', '_')}": material.page(own.page)
            for own, material in self.exercises
            if own.page
        }

    def _modules(self, names: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
        made = {slug: self._made(slug, own) for slug, own in names.items()}
        return {
            self._module(slug): fixtures(self.syllabus.materials[slug].statements, own)
            for slug, own in made.items()
            if own
        }

    def _made(self, slug: str, names: Sequence[str]) -> list[str]:
        """Return those of some names that the notebook makes itself, and does not import."""
        material = self.syllabus.materials[slug]
        return [name for name in names if name in material.makes - material.imports.keys()]

    def _module(self, slug: str) -> str:
        return f"{self.session.name}_{slug}"

    def student(self) -> NotebookNode:
        """Return the notebook for students: it asks, and gives nothing away."""
        return notebook(self._cells(solved=False), self.whose)

    def instructor(self, slides: str = "") -> NotebookNode:
        """Return the notebook for whoever teaches: solutions, minutes, what goes wrong.

        Parameters
        ----------
        slides : str, optional
            Of the session's own, in Markdown: what to say of each.
        """
        return notebook(self._cells(solved=True, slides=slides), self.whose)

    def filled(self) -> NotebookNode:
        """Return the student's notebook as one who solves all of it would hand it in."""
        return notebook(self._cells(solved=False, filled=True), self.whose)

    def opening(self, *, solved: bool = False) -> Iterator[NotebookNode]:
        """Yield the cells before the exercises: what it is about, the set-up, the sections."""
        yield new_markdown_cell(self._opening())
        lines = self._lines(self.needed if solved else self.given)
        yield new_code_cell("\n".join(["from compendium.answers import check", *lines]))
        before = ""
        for stop in self.session.stops:
            slug, _, heading = stop.partition("#")
            yield new_markdown_cell(self._stop(slug, heading, named=slug != before))
            before = slug

    def _cells(
        self, *, solved: bool, filled: bool = False, slides: str = ""
    ) -> Iterator[NotebookNode]:
        title, *others = self.opening(solved=solved or filled)
        yield title
        if solved:
            in_class = [own for own, _ in self.exercises[: len(self.session.exercises)]]
            yield new_markdown_cell(_plan(self.session, in_class))
            if talk := _talk(self.session, slides):
                yield new_markdown_cell(talk)
        yield from others
        for number, own in enumerate(each.exercise for each in self.variants.values()):
            if number == len(self.session.exercises):
                yield new_markdown_cell("## At home")
            yield from self.asked(own, f"\n\n{marks_told(own, each=True)}" if solved else "")
            if solved or filled:
                if code := self.solution(own):
                    yield new_code_cell(code)
                if solved and (hints := _hints(self.variants[own.id])):
                    yield new_markdown_cell(hints)
            for asked in own.answers:
                yield _answer_cell(own, asked, asked.value if solved or filled else "...")
            if own.rubric:
                yield new_markdown_cell(marking(own) if solved else "*Your argument:*")
        if solved:
            yield from _after(self.session)

    def asked(self, own: Exercise, more: str = "") -> Iterator[NotebookNode]:
        """Yield the cell of what an exercise asks, and one of its puzzle's data as Python."""
        yield new_markdown_cell(self.statement(own) + more)
        if own.puzzle:
            yield new_code_cell(PUZZLES[own.puzzle](self.variants[own.id].seed).code)

    def statement(self, own: Exercise) -> str:
        """Return what an exercise asks, its puzzle made."""
        return f"### {own.id} {own.title}\n\n{own.terms}\n\n{self._stated(own)}"

    def _stated(self, own: Exercise) -> str:
        return _without_links(own.stated(self.variants[own.id].seed))

    def solution(self, own: Exercise) -> str:
        """Return the code that solves an exercise; empty where there is none."""
        variant = self.variants[own.id]
        made = (
            f"from compendium.course.puzzles import {own.puzzle}\n\n"
            f"puzzle = {own.puzzle}({variant.seed!r})"
        )
        return "\n\n".join(filter(None, [made if own.puzzle else "", variant.solution]))

    def deck(self, slides: str) -> str:
        """Return the slides: title and outcomes, those that are given, lab and discussion.

        Parameters
        ----------
        slides : str
            Of the session's own, in Markdown.
        """
        outcomes = "\n".join(f"* {self.syllabus.outcomes[name]}" for name in self.session.outcomes)
        parts = [
            f"# {self.session.title}",
            f"{self.course.title}, {self.session.minutes} minutes",
            f"After it you can\n\n{outcomes}",
            slides.strip(),
        ]
        for own, _ in self.exercises[: len(self.session.exercises)]:
            asked = "\n".join(f"* {one.name}: {one.question}" for one in own.answers)
            text = self._stated(own)
            notes = f":::{{revealjs-notes}}\n{own.minutes} minutes. Answers go to `check`.\n:::"
            parts += [f"## {own.id} {own.title}", text, asked, notes]
        parts += self._last_slide()
        # A sum of money stays in one line.
        return MONEY.sub("\\1\N{NO-BREAK SPACE}", "\n\n".join(parts)) + "\n"

    def _last_slide(self) -> Iterator[str]:
        """Yield what is discussed and what is done at home, so that nobody has to read it out."""
        if self.session.discuss:
            questions = (timed(one["question"])[1] for one in self.session.discuss)
            yield "## Discussion"
            yield "\n".join(f"* {question}" for question in questions)
            if self.session.home:
                titles = (self.syllabus.exercises[name][0].title for name in self.session.home)
                named = zip(self.session.home, titles, strict=True)
                yield "At home: " + ", ".join(f"{name} {title}" for name, title in named)
            yield (
                f":::{{revealjs-notes}}\n{self.session.discussion} minutes. Both sides stand in "
                "the instructor's notebook.\n:::"
            )

    def _opening(self) -> str:
        outcomes = "\n".join(f"* {self.syllabus.outcomes[name]}" for name in self.session.outcomes)
        reading = "".join(f"\n* {text}" for text in self.session.reading)
        whose = f"**For {self.whose}**, with numbers of your own.\n\n" if self.whose else ""
        before = f"\n\n**Before it**, read:\n{reading}" if reading else ""
        return (
            f"# {self.session.title}\n\n*{self.course.title}*, {self.session.minutes} minutes.\n\n"
            f"{whose}**After it** you can\n\n{outcomes}{before}\n\n"
            "Where a cell says `...`, write your answer with all its digits: it is rounded for "
            "you. `check` looks for `answers.json` beside this notebook, or in a folder above it."
        )

    def _lines(self, names: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the lines that import names: from where the notebook has them, or its module."""
        lines: dict[str, None] = {}
        for slug, own in names.items():
            imports = self.syllabus.materials[slug].imports
            made = self._made(slug, own)
            lines |= dict.fromkeys(
                imports.get(name, f"import {name}") for name in own if name not in made
            )
            lines |= dict.fromkeys(f"from {self._module(slug)} import {name}" for name in made)
        return _joined(lines)

    def imports(self, own: Exercise) -> list[str]:
        """Return the lines that import what an exercise's solution needs."""
        names = uses(self.solution(own))
        found = {
            slug: [name for name in made if name in names] for slug, made in self.needed.items()
        }
        return self._lines(found)

    def _stop(self, slug: str, heading: str, *, named: bool) -> str:
        """Return a section, with the notebook that it is of where that is named."""
        material = self.syllabus.materials[slug]
        text = whole(LED_TO.sub("", material.sections[heading]))
        of = (
            f"*From the project's notebook {material.notebook.stem}. It is not in this folder, "
            "nor needed here.*"
        )
        parts = [f"## {heading}", of if named else "", _without_links(text)]
        return "\n\n".join(filter(None, parts))


def _hints(variant: Variant) -> str:
    """Return the wrong answers that are known, each with what it is told."""
    known = [
        f"* {asked.name}, {shown(answer, wrong)}: {hint}"
        for asked, answer in zip(variant.exercise.answers, variant.answers, strict=True)
        for hint, wrong in answer.wrong.items()
    ]
    return "\n".join(["**What goes wrong**, and what `check` says\n", *known]) if known else ""


def _joined(lines: Iterable[str]) -> list[str]:
    """Return lines that import a name each, those from one place in one line."""
    found: dict[str, list[str]] = {}
    for line in lines:
        place, _, name = line.rpartition("import ")
        found.setdefault(place, []).append(name)
    plain = [f"import {name}" for name in found.pop("", [])]
    return [*plain, *(f"{place}import {', '.join(names)}" for place, names in found.items())]


def whole(text: str) -> str:
    r"""Return a section's text without a last sentence that leads to what is not there.

    In its notebook code follows, and a colon says so; a session has the text alone.

    Examples
    --------
    >>> whole("It has *two parts.* For a rent of 18:")
    'It has *two parts.*'
    >>> whole("It pays.\n\nThe figure shows when:")
    'It pays.'
    """
    text = text.rstrip()
    while text.endswith(":"):
        before, _, last = text.rpartition("\n\n")
        ends = [found.end(1) for found in SENTENCE.finditer(last)]
        kept = last[: ends[-1]] if ends else ""
        text = f"{before}\n\n{kept}".strip()
    return text


def variable(own: Exercise, asked: Asked) -> str:
    """Return the name that a student gives an answer: ``gw_1a`` of the answer ``gw.1a``."""
    return f"{own.id}{asked.name}".replace(".", "_")


def _answer_cell(own: Exercise, asked: Asked, value: str) -> NotebookNode:
    name = variable(own, asked)
    check = f'check("{own.id}{asked.name}", {name})'
    cell: NotebookNode = new_code_cell(f"# {asked.question}\n{name} = {value}\n{check}")
    return cell


def _plan(session: Session, exercises: Iterable[Exercise]) -> str:
    """Return what is done when: minutes from the beginning."""
    asked = " ".join(timed(one["question"])[1] for one in session.discuss)
    rows = [
        (session.talk, "talk: the slides, the board"),
        *((own.minutes, f"{own.id} {own.title}") for own in exercises),
        (session.discussion, f"discussion: {asked}"),
    ]
    ends = itertools.accumulate(minutes for minutes, _ in rows)
    lines = [
        f"| {end - minutes} to {end} | {what} |"
        for end, (minutes, what) in zip(ends, rows, strict=True)
    ]
    return "\n".join(["**For whoever teaches**\n", "| minute | what |", "| ---: | --- |", *lines])


def folder_name(course: Course, whose: str = "") -> str:
    """Return what the folder of a course is called: a student's own has the student's name."""
    return f"{course.name}-{whose}" if whose else course.name


def _talk(session: Session, slides: str) -> str:
    """Return what is shown in the talk, in how many minutes, and what to say of it."""
    told = [
        f"* **{slide.heading}** ({slide.minutes:g} min): " + indent(slide.notes, "  ").lstrip()
        for slide in slides_in(slides)
    ]
    if not told:
        return ""
    opening = f"* Title, and what one can after it ({OPENING} min)"
    board = (
        f"* **On the board** ({session.board_minutes:g} min), where the notes say so: the sketch "
        "stands at the end"
    )
    return "\n".join(
        [f"**The talk**: {session.talk} minutes. What to say:\n", opening, *told]
        + [board] * bool(session.board_minutes)
    )


def _after(session: Session) -> Iterator[NotebookNode]:
    if session.goes_wrong:
        yield new_markdown_cell(f"## What goes wrong\n\n{session.goes_wrong.strip()}")
    if session.board:
        yield new_markdown_cell(f"## On the board\n\n{session.board.strip()}")
    for one in session.discuss:
        sides = f"* *For*: {one['for']}\n* *Against*: {one['against']}"
        minutes, question = timed(one["question"])
        yield new_markdown_cell(f"## Discussion: {question}\n\n*{minutes:g} minutes.*\n\n{sides}")


def _without_links(text: str) -> str:
    """Keep the words of links to sections and files that a session does not have."""
    return LINK.sub(r"\1", text)


def notebook(cells: Iterable[NotebookNode], whose: str = "") -> NotebookNode:
    """Return a notebook whose cells have numbers for names: the same at every making.

    Parameters
    ----------
    cells : iterable of NotebookNode
        In their order.
    whose : str, optional
        The student for whom alone it is; it knows so, whatever its file is called.
    """
    notebook: NotebookNode = new_notebook(cells=list(cells))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    if whose:
        notebook.metadata["student"] = whose
    nbformat.validate(notebook)
    return notebook
