"""Exercises as data: what is asked, how an answer is rounded, and which cell solves it.

``course/SLUG.toml`` holds those of a source. Its solutions are cells of the source's notebook,
tagged ``solution``, whose first line is ``# Solution ID``: they are run and tested with it. Here
they run on what they need of the notebook and on nothing else.

What stands in the notebook anybody can read. So an exercise may have numbers that are drawn for a
class or a student: it says of each what it is in the notebook and between which ends it may lie,
``drawn.income = { public = 36_000, least = 30_000, most = 42_000, step = 500 }``; the statement, a
question or a hint has ``{income:,}`` in its place, and the solution begins with a line
``income = 36_000``, in which another number is put. Wrong answers name it as well. The ends are
such that the solution's assertions hold between them, and that what is asked keeps its sense.
An exercise that has no such number, nor a puzzle, is practice.
"""

from __future__ import annotations

import ast
import contextlib
import io
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compendium import answers
from compendium.course.fixtures import Statement, fixtures, statements, uses
from compendium.course.puzzles import PUZZLES
from compendium.project import PlainError, Project
from rounding import RULES, Rule

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "LEVELS",
    "Asked",
    "Drawn",
    "Exercise",
    "Material",
    "Variant",
    "exercise",
    "made",
    "read_exercises",
    "solved_with",
]

#: What each level asks for, and the minutes that it takes in all.
LEVELS: Mapping[str, tuple[str, int, int]] = {
    "R": ("read", 2, 5),
    "C": ("compute", 5, 15),
    "V": ("vary an assumption", 15, 25),
    "J": ("judge and defend", 30, 45),
    "P": ("project", 60, 600),
}
#: How many marked answers an exercise of a level may have: it needs a rubric.
SPECIMENS: Mapping[str, tuple[int, ...]] = {"J": (2,), "P": (1, 2)}
RULES_BY_NAME: Mapping[str, Rule] = {
    **{rule.name: rule for rule in RULES if not rule.first},
    "two steps": next(rule for rule in RULES if rule.first),
}
#: A heading of Markdown, where a line begins.
HEADING = re.compile(r"^#{1,4} (.+)$", flags=re.MULTILINE)
#: So often numbers are drawn anew, where an answer lies near a border of its rounding.
DRAWS = 100
TAG = re.compile(r"<style.*?</style>|<[^>]*>", flags=re.DOTALL)
SOLUTION = re.compile(r"# Solution (\S+\d)(?=[:.]?(\s|$))")


@dataclass(frozen=True)
class Asked:
    """A named answer of an exercise.

    Parameters
    ----------
    name : str
        A letter, added to the exercise's own name.
    asks : str
        The question, in a line.
    value : str
        What the right one is, of the names that the solution makes: an expression.
    step : float, optional
        Of the last digit that counts; words have none.
    rounding : str
        Name of the rule; ``nearest`` unless another is said.
    unit : str
        Of the number.
    wrong : tuple of mapping
        ``value``, an expression as well, and the ``hint`` that it opens.
    """

    name: str
    asks: str
    value: str
    step: float | None = None
    rounding: str = "nearest"
    unit: str = ""
    wrong: tuple[Mapping[str, str], ...] = ()

    @property
    def question(self) -> str:
        """The question with the unit and the last digit that counts."""
        # What is counted needs no word on its last digit.
        counted = self.step is None or (self.step == 1 and not self.unit)
        step = "" if counted else f"to {self.step:g}"
        wanted = ", ".join(filter(None, [self.unit and f"in {self.unit}", step]))
        return f"{self.asks} {wanted[:1].upper()}{wanted[1:]}." if wanted else self.asks


@dataclass(frozen=True)
class Drawn:
    """A number of an exercise that each class has its own of.

    Parameters
    ----------
    public : float
        What it is in the notebook: no class gets this one.
    least, most : float
        Its ends.
    step : float
        From one to the next.

    Raises
    ------
    PlainError
        If there is none to draw.
    """

    public: float
    least: float
    most: float
    step: float

    def __post_init__(self) -> None:
        if not (self.step > 0 and self.choices):
            raise PlainError(
                f"from {self.least} to {self.most} in steps of {self.step} there is no number but "
                f"the public one, {self.public}"
            )

    @property
    def choices(self) -> list[float]:
        """All that may be drawn."""
        count = int((self.most - self.least) / self.step + 1e-9)
        # As many digits as the ends and the step have: no 0.30000000000000004.
        steps = [round(self.least + number * self.step, 10) for number in range(count + 1)]
        return [one for one in steps if one != self.public]


@dataclass(frozen=True)
class Exercise:
    """An exercise.

    Parameters
    ----------
    id : str
        Short name of the source, and a number: ``gw.1``.
    title : str
        In a few words.
    section : str
        Heading of the notebook that it belongs to.
    level : {"R", "C", "V", "J", "P"}
        See `LEVELS`.
    outcome : str
        What who solves it can do: a name among the outcomes of ``sessions.toml``.
    statement : str
        Markdown, with every reading of the question fixed.
    marks : int
        The most that it brings.
    minutes : int
        In class.
    home : int
        At home.
    needs : str
        What must be known.
    answers : tuple of Asked
        What is checked; none where judgement is asked for.
    rubric : tuple of mapping
        ``marks`` and what they are ``for``; they add up to the exercise's.
    specimens : tuple of mapping
        Marked answers, for whoever marks: the ``answer``, its ``marks`` by the lines of the rubric,
        and ``why``.
    puzzle : str
        Name of one of `puzzles.PUZZLES`, made anew for a class or a student: it stands where the
        statement says ``{puzzle}``, and its answers are of what it is called, ``puzzle``.
    drawn : mapping of str to Drawn
        The numbers that are drawn for a class or a student, by their names in the solution.
    """

    id: str
    title: str
    section: str
    level: str
    outcome: str
    statement: str
    marks: int
    minutes: int = 0
    home: int = 0
    needs: str = ""
    answers: tuple[Asked, ...] = ()
    rubric: tuple[Mapping[str, Any], ...] = ()
    specimens: tuple[Mapping[str, Any], ...] = ()
    puzzle: str = ""
    drawn: Mapping[str, Drawn] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise PlainError(f"{self.id}: level must be one of {', '.join(LEVELS)}")
        _, least, most = LEVELS[self.level]
        if not least <= self.minutes + self.home <= most:
            raise PlainError(
                f"{self.id}: {self.minutes} minutes in class and {self.home} at home are not the "
                f"{least} to {most} of level {self.level}"
            )
        if self.puzzle and self.puzzle not in PUZZLES:
            raise PlainError(f"{self.id}: puzzle must be one of {', '.join(PUZZLES)}")
        if bool(self.puzzle) != ("{puzzle}" in self.statement):
            raise PlainError(f"{self.id}: its statement must say where its puzzle stands")
        if not (self.answers or self.rubric):
            raise PlainError(f"{self.id}: neither an answer nor a rubric, so nobody can mark it")
        if self.rubric and sum(line["marks"] for line in self.rubric) != self.marks:
            raise PlainError(f"{self.id}: the marks of the rubric do not add up to {self.marks}")
        self._require_specimens()

    def _require_specimens(self) -> None:
        """Raise where who marks has no answers to measure by, or they are marked as none can be."""
        if self.level in SPECIMENS:
            if not self.rubric:
                raise PlainError(f"{self.id}: level {self.level} needs a rubric")
            if len(self.specimens) not in SPECIMENS[self.level]:
                wanted = " or ".join(map(str, SPECIMENS[self.level]))
                raise PlainError(
                    f"{self.id}: level {self.level} needs {wanted} specimens, got "
                    f"{len(self.specimens)}"
                )
        most_by_line = [line["marks"] for line in self.rubric]
        for specimen in self.specimens:
            got = specimen["marks"]
            if len(got) != len(most_by_line) or any(
                not 0 <= mark <= limit for mark, limit in zip(got, most_by_line, strict=True)
            ):
                raise PlainError(
                    f"{self.id}: a specimen has the marks {got}; the rubric's lines bring at most "
                    f"{most_by_line}"
                )
        totals = [sum(specimen["marks"]) for specimen in self.specimens]
        if len(set(totals)) < len(totals):
            raise PlainError(f"{self.id}: two specimens have the same marks, {totals}")

    @property
    def terms(self) -> str:
        """Its level, its minutes and what must be known, in Markdown."""
        where = " and ".join(
            f"{minutes} minutes {place}"
            for minutes, place in ((self.minutes, "in class"), (self.home, "at home"))
            if minutes
        )
        needs = f" You need: {self.needs}." if self.needs else ""
        return f"*{LEVELS[self.level][0].capitalize()}, {where}.*{needs}"

    @property
    def varies(self) -> bool:
        """Whether a class has its own of it, so that the public solution does not solve it."""
        return bool(self.drawn or self.puzzle)

    @property
    def public(self) -> dict[str, float]:
        """Its numbers as the notebook has them."""
        return {name: own.public for name, own in self.drawn.items()}

    def told(self, numbers: Mapping[str, float]) -> Exercise:
        """Return it with numbers in their places.

        Parameters
        ----------
        numbers : mapping of str to float
            By their names; what else stands in braces stays.
        """
        # In a text without a name between its braces, they are LaTeX's or a puzzle's.
        places = re.compile(rf"\{{({'|'.join(numbers) or '(?!)'})(?::([^}}]*))?\}}")

        def put(text: str) -> str:
            return places.sub(lambda found: format(numbers[found[1]], found[2] or ""), text)

        asked = tuple(
            replace(
                one,
                asks=put(one.asks),
                wrong=tuple({**each, "hint": put(each["hint"])} for each in one.wrong),
            )
            for one in self.answers
        )
        return replace(self, statement=put(self.statement), answers=asked)

    def stated(self, seed: str) -> str:
        """Return the statement, its puzzle made for a class or a student."""
        text = self.statement.strip()
        return text.replace("{puzzle}", PUZZLES[self.puzzle](seed).text) if self.puzzle else text

    def shown(self, seed: str) -> str:
        """Return all that is asked, as a notebook of its source and the site show it."""
        asked = "".join(f"\n* {one.name}: {one.question}" for one in self.answers)
        return f"**{self.id} {self.title}**\n\n{self.terms}\n\n{self.stated(seed)}\n{asked}"


@dataclass(frozen=True)
class Material:
    """The exercises of a source, its notebook, and what ties them.

    Parameters
    ----------
    slug : str
        Of the source.
    templates : tuple of Exercise
        In their order, with places for what is drawn.
    notebook : Path
        Its file.
    """

    slug: str
    templates: tuple[Exercise, ...]
    notebook: Path

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """All of them, with the numbers that the notebook has."""
        return tuple(own.told(own.public) for own in self.templates)

    @cached_property
    def read(self) -> NotebookNode:
        """The notebook."""
        # Here, for it is slow to import, and who only shows an exercise has no need of it.
        from compendium.notebook import read

        return read(self.notebook)

    @cached_property
    def solutions(self) -> Mapping[str, str]:
        """The code that solves each exercise, by its name."""
        found: dict[str, str] = {}
        for cell in self.read.cells:
            named = SOLUTION.match(cell.source)
            if cell.cell_type == "code" and named:
                if named[1] in found:
                    raise PlainError(f"{self.notebook.name}: two cells solve {named[1]}")
                found[named[1]] = cell.source
        return found

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """The text under each heading, up to the next heading or the first cell of code."""
        found: dict[str, str] = {}
        for cell in self.read.cells:
            if cell.cell_type == "markdown":
                _, *parts = HEADING.split(cell.source)
                for heading, text in zip(parts[::2], parts[1::2], strict=True):
                    found.setdefault(heading.strip(), text.strip())
        return found

    @cached_property
    def whole_sections(self) -> Mapping[str, str]:
        """What a reader meets under each heading: text, and what code shows but for pictures."""
        found, heading = {"": ""}, ""
        for cell in self.read.cells:
            if cell.cell_type == "markdown":
                before, *parts = HEADING.split(cell.source)
                found[heading] += before
                for heading, text in zip(parts[::2], parts[1::2], strict=True):
                    heading = heading.strip()
                    found[heading] = f"{found.get(heading, '')}\n{text}"
            elif "solution" not in cell.metadata.get("tags", []):
                found[heading] += "".join(f"\n{_shown(out)}\n" for out in cell.get("outputs", []))
        return found

    def faults(self) -> Iterator[str]:
        """Yield what does not fit together: exercises, solutions, sections."""
        for own in self.templates:
            if own.section not in self.sections:
                yield f"{own.id}: {self.notebook.name} has no section {own.section!r}"
            if own.puzzle or not own.answers:
                continue
            if own.id not in self.solutions:
                yield f"{own.id}: no cell of {self.notebook.name} begins with # Solution {own.id}"
                continue
            if "assert " not in self.solutions[own.id]:
                yield f"{own.id}: its solution asserts nothing"
            told = " ".join([own.statement, *(asked.asks for asked in own.answers)])
            for name, number in own.public.items():
                if not re.search(rf"\{{{name}[:}}]", told):
                    yield f"{own.id}: nothing that it says has {{{name}}}, which is drawn"
                if _assigned(name, self.solutions[own.id]) != number:
                    yield f"{own.id}: no line of its solution is {name} = {number:_}"
        for name in self.solutions.keys() - {own.id for own in self.exercises}:
            yield f"{self.notebook.name}: no exercise is called {name}, which a cell solves"

    @cached_property
    def statements(self) -> list[Statement]:
        """What the notebook does, solutions aside."""
        return statements(self.read)

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """Where each name comes from that the notebook imports."""
        return {name: place for own in self.statements for name, place in own.imports.items()}

    def needed(self, sources: Sequence[str]) -> set[str]:
        """Return the names that code, each part of it on its own, needs of the notebook."""
        made = {name for own in self.statements for name in own.makes}
        return {name for source in sources for name in uses(source)} & made

    @cached_property
    def given(self) -> dict[str, Any]:
        """All that solutions need of the notebook, made once."""
        names: dict[str, Any] = {}
        needed = self.needed(list(self.solutions.values()))
        source = fixtures(self.statements, needed)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, f"<fixtures of {self.slug}>", "exec"), names)
        return names

    @cached_property
    def _variants(self) -> dict[tuple[str, str], Variant]:
        return {}

    def variant(self, own: Exercise, seed: str) -> Variant:
        """Return an exercise as a class or a student gets it, worked.

        Numbers and puzzles are drawn again where an answer would be unfit to be checked: too near
        to a border of its rounding, or the same as a wrong one.

        Parameters
        ----------
        own : Exercise
            One of the source's.
        seed : str
            Of what is drawn.

        Returns
        -------
        Variant
            What is asked, how it is solved, and the answers.

        Raises
        ------
        PlainError
            If its solution fails, or an answer is unfit to be checked whatever is drawn.
        """
        if (own.id, seed) not in self._variants:
            self._variants[own.id, seed] = self._drawn(own.id, seed)
        return self._variants[own.id, seed]

    def _drawn(self, name: str, seed: str) -> Variant:
        template = next(own for own in self.templates if own.id == name)
        unfit = ""
        for draw in range(DRAWS if template.varies else 1):
            drawn_by = f"{seed}, again {draw}" if draw else seed
            lot = random.Random(f"{name} {drawn_by}")
            numbers = {key: lot.choice(of.choices) for key, of in template.drawn.items()}
            own = template.told(numbers)
            code = solved_with(numbers, self.solutions.get(name, ""))
            try:
                return Variant(own, drawn_by, numbers, code, self.answered(own, code, drawn_by))
            except answers.UnfitError as error:
                unfit = str(error)
        raise PlainError(unfit)

    def worked(self, own: Exercise, seed: str) -> list[answers.Answer]:
        """Return the answers of an exercise's `variant`."""
        return list(self.variant(own, seed).answers)

    def answered(self, own: Exercise, solution: str, seed: str) -> tuple[answers.Answer, ...]:
        """Run a solution, and return the answers.

        Parameters
        ----------
        own : Exercise
            With its numbers in their places.
        solution : str
            Its code; of a puzzle it may be empty.
        seed : str
            Of its puzzle, if it is one.

        Raises
        ------
        PlainError
            If it fails.
        UnfitError
            If an answer is unfit to be checked.
        """
        if not own.answers:
            return ()
        try:
            names = {**self.given, "display": lambda *_: None}
            if own.puzzle:
                names["puzzle"] = PUZZLES[own.puzzle](seed)
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(solution, f"<solution {own.id}>", "exec"), names)
            return tuple(_answer(own, asked, names) for asked in own.answers)
        except answers.UnfitError:
            raise
        except Exception as error:
            # Of any kind: the code is the notebook's, and its author is told which cell it was.
            raise PlainError(f"{own.id}: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Variant:
    """An exercise as a class or a student gets it.

    Parameters
    ----------
    exercise : Exercise
        With its numbers in their places.
    seed : str
        By which they, or its puzzle, were drawn.
    numbers : mapping of str to float
        What was drawn.
    solution : str
        The code that solves it; empty for a puzzle that needs none.
    answers : tuple of Answer
        The right ones.
    """

    exercise: Exercise
    seed: str
    numbers: Mapping[str, float]
    solution: str
    answers: tuple[answers.Answer, ...]


def exercise(name: str) -> Any:
    """Show an exercise, as it stands in ``course/``.

    Parameters
    ----------
    name : str
        Of the exercise: ``gw.1``.

    Returns
    -------
    IPython.display.Markdown
        What it asks; where it is a puzzle, the one of those who only read the notebook.

    Raises
    ------
    PlainError
        If there is none of that name.
    """
    from IPython.display import Markdown

    project, known = Project(), []
    for path in sorted((project.root / "course").glob("*.toml")):
        for own in read_exercises(project, path.stem).exercises if path.stem != "sessions" else ():
            known.append(own.id)
            if own.id == name:
                return Markdown(own.shown(name))
    raise PlainError(f"There is no exercise {name}; there are {', '.join(known) or 'none'}.")


def read_exercises(project: Project, slug: str) -> Material:
    """Read the exercises of a source.

    Parameters
    ----------
    project : Project
        The checkout.
    slug : str
        Of the source.

    Returns
    -------
    Material
        Its exercises and its notebook.

    Raises
    ------
    PlainError
        If the file, or what it says, is not what it should be.
    """
    path = project.root / "course" / f"{slug}.toml"
    try:
        said = tomllib.loads(path.read_text("utf8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PlainError(f"course/{path.name}: {error}") from None
    own = next((file for file in project.notebook_files if file.stem.endswith(f"_{slug}")), None)
    if own is None:
        raise PlainError(f"course/{path.name}: there is no notebook of {slug}")
    exercises = tuple(_exercise(path.name, entry) for entry in said.get("exercise", []))
    names = [each.id for each in exercises]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise PlainError(f"course/{path.name}: two exercises are called {', '.join(sorted(twice))}")
    return Material(slug, exercises, own)


def _exercise(file: str, entry: Mapping[str, Any]) -> Exercise:
    where = f"course/{file}, exercise {entry.get('id', '?')}"
    asked = [made(Asked, f"{where}, answer", one) for one in entry.get("answers", [])]
    drawn = {
        name: made(Drawn, f"{where}, drawn {name}", one)
        for name, one in entry.get("drawn", {}).items()
    }
    exercise: Exercise = made(Exercise, where, {**entry, "answers": tuple(asked), "drawn": drawn})
    return exercise


def _shown(output: Mapping[str, Any]) -> str:
    """Return the words and numbers of an output, a table's without its tags."""
    page = output.get("data", {}).get("text/html", "")
    return str(output.get("text", "")) + TAG.sub(" ", page)


def _line(name: str) -> re.Pattern[str]:
    """Return what finds the line in which a solution says what a number is."""
    return re.compile(rf"^{name} = ([-\d_.e]+)$", flags=re.MULTILINE)


def _assigned(name: str, solution: str) -> float | None:
    """Return the number that a line of a solution says; None where there is not one such line."""
    found = _line(name).findall(solution)
    return ast.literal_eval(found[0]) if len(found) == 1 else None


def solved_with(numbers: Mapping[str, float], solution: str) -> str:
    """Return a solution with other numbers in their lines."""
    for name, number in numbers.items():
        solution = _line(name).sub(f"{name} = {number:_}", solution)
    return solution


def made(kind: type[Any], where: str, entry: Mapping[str, Any]) -> Any:
    """Make an object of an entry; PlainError says what it lacks, or has too much of."""
    known = {field.name for field in fields(kind)}
    if unknown := sorted(entry.keys() - known):
        raise PlainError(f"{where}: {', '.join(unknown)} is not known; known are {sorted(known)}")
    try:
        return kind(
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in entry.items()
            }
        )
    except TypeError as error:
        missing = str(error).partition("missing ")[2]
        raise PlainError(f"{where}: missing {missing}") from None


def _answer(own: Exercise, asked: Asked, names: dict[str, Any]) -> answers.Answer:
    if asked.rounding not in RULES_BY_NAME:
        known = ", ".join(RULES_BY_NAME)
        raise ValueError(f"rounding must be one of {known}, got {asked.rounding!r}")
    return answers.Answer(
        f"{own.id}{asked.name}",
        eval(asked.value, names),
        asked.step,
        RULES_BY_NAME[asked.rounding],
        asked.unit,
        {one["hint"]: eval(one["value"], names) for one in asked.wrong},
    )
