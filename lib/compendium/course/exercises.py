"""Exercises as data: what is asked, how an answer is rounded, and which cell solves it.

``course/SLUG.toml`` holds those of a source. Its solutions are cells of the source's notebook,
tagged ``solution``, whose first line is ``# Solution ID``: they are run and tested with it, here by
`compendium.course.material`.

What stands in the notebook anybody can read. So an exercise may have numbers that are drawn for a
class or a student: it says of each what it is in the notebook and between which ends it may lie,
``drawn.income = { public = 36_000, least = 30_000, most = 42_000, step = 500 }``; the statement, a
question or a hint has ``{income:,}`` in its place, and the solution begins with a line
``income = 36_000``, in which another number is put. Wrong answers name it as well. The ends are
such that the solution's assertions hold between them, and that what is asked keeps its sense.
An exercise that has no such number, nor a puzzle, is practice.

A student's notebook imports what the solution needs where the exercise's own text has its name
between backticks, and no more: what the notebook has worked out would give answers away. A file of
data is handed out where it is loaded so, or the text has its name. ``brings = ["rounding"]`` says
what else is imported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from compendium.course.puzzles import PUZZLES
from compendium.project import PlainError
from rounding import RULES, Rule

__all__ = ["LEVELS", "RULES_BY_NAME", "Asked", "Drawn", "Exercise", "made", "parsed"]

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
#: The rules of rounding, by the name that an answer gives.
RULES_BY_NAME: Mapping[str, Rule] = {
    **{rule.name: rule for rule in RULES if not rule.first},
    "two steps": next(rule for rule in RULES if rule.first),
}
#: Who takes percent for parts of 1, or the other way: how many times the right number that is, by
#: the hint that it opens and by how the answer's unit begins.
MIXED_UP: Mapping[str, Mapping[str, float]] = {
    "percent": {
        "Is that a part of 1? Percent are asked for.": 0.01,
        "That is a hundred times too much: is it a percentage of a percentage?": 100,
    },
    "parts of 1": {
        "Is that in percent? A part of 1 is asked for.": 100,
        "That is a hundredth of it: was it a part of 1 already?": 0.01,
    },
}
#: Code in a text, and the names in code: no attributes and no words in quotation marks.
CODE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*")


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
        Of the number. What begins with ``percent`` or ``parts of 1`` has hints by `MIXED_UP`.
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
        step = "" if counted else f"to {Decimal(f'{self.step:g}'):f}"
        wanted = ", ".join(filter(None, [self.unit and f"in {self.unit}", step]))
        return f"{self.asks} {wanted[:1].upper()}{wanted[1:]}." if wanted else self.asks

    @property
    def mixed_up(self) -> Mapping[str, float]:
        """How many times the right number it is to mix up percent and parts of 1, by the hint."""
        return next((hints for unit, hints in MIXED_UP.items() if self.unit.startswith(unit)), {})


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
    brings : tuple of str
        Names that the student's notebook imports for it besides those that both its text and
        its solution have: of the source's notebook, or modules.
    page : str
        Heading of the section whose code students get as a file, to begin with.
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
    brings: tuple[str, ...] = ()
    page: str = ""

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

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The names in the code that its text has, between backticks."""
        text = " ".join([self.statement, self.needs, *(one.asks for one in self.answers)])
        return frozenset(name for code in CODE.findall(text) for name in NAME.findall(code))

    @property
    def varies(self) -> bool:
        """Whether a class has its own of it, so that the public solution does not solve it."""
        return bool(self.drawn or self.puzzle)

    @property
    def variants(self) -> float:
        """Of how many one is drawn; of a puzzle, more than can be told."""
        return math.inf if self.puzzle else math.prod(len(of.choices) for of in self.drawn.values())

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


def parsed(file: str, entry: Mapping[str, Any]) -> Exercise:
    """Return the exercise that an entry of a file says; PlainError says what is wrong with it."""
    where = f"course/{file}, exercise {entry.get('id', '?')}"
    asked = [made(Asked, f"{where}, answer", one) for one in entry.get("answers", [])]
    drawn = {
        name: made(Drawn, f"{where}, drawn {name}", one)
        for name, one in entry.get("drawn", {}).items()
    }
    exercise: Exercise = made(Exercise, where, {**entry, "answers": tuple(asked), "drawn": drawn})
    return exercise


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
