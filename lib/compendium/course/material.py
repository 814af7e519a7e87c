"""The exercises of a source with its notebook: solutions run, numbers drawn, answers worked out.

A solution is a cell of the notebook. It is run on what it needs of the notebook and on nothing
else, with the numbers of a class or a student in place of the public ones. The module is one way,
from the text of an exercise to its answers.
"""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from compendium import answers
from compendium.course.exercises import RULES_BY_NAME, Asked, Exercise, parsed
from compendium.course.fixtures import Statement, fixtures, statements, uses
from compendium.course.puzzles import PUZZLES
from compendium.project import PlainError, Project

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Material", "Variant", "exercise", "read_exercises", "solved_with"]

#: A heading of Markdown, where a line begins.
HEADING = re.compile(r"^#{1,4} (.+)$", flags=re.MULTILINE)
#: The hint that several numbers open in the reverse of the order that is asked for.
TURNED_ROUND = "In which order are they asked for?"
#: So often numbers are drawn anew, where an answer lies near a border of its rounding.
DRAWS = 100
TAG = re.compile(r"<style.*?</style>|<[^>]*>", flags=re.DOTALL)
#: What a cell says that keeps a picture: code for whoever has no project.
ELSEWHERE = re.compile(r"\A# Elsewhere: (.+)\n[^\n]*\Z")
SOLUTION = re.compile(r"# Solution (\S+\d)(?=[:.]?(\s|$))")


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

    def page(self, heading: str) -> str:
        """Return the code under a heading up to its next text, to be run beside a session.

        Data lie in the folder itself there; a cell that keeps a picture for the project says in its
        first line what stands in its place elsewhere.
        """
        headed = itertools.dropwhile(
            lambda cell: cell.cell_type == "code" or heading not in HEADING.findall(cell.source),
            self.read.cells,
        )
        next(headed, None)
        code = itertools.takewhile(lambda cell: cell.cell_type == "code", headed)
        text = "\n\n# %%\n".join(ELSEWHERE.sub(r"\1", cell.source) for cell in code)
        return f"# {heading}\n\n# %%\n{text}\n".replace('"../data/', '"data/')

    def faults(self) -> Iterator[str]:
        """Yield what does not fit together: exercises, solutions, sections."""
        for own in self.templates:
            for heading in filter(None, (own.section, own.page)):
                if heading not in self.sections:
                    yield f"{own.id}: {self.notebook.name} has no section {heading!r}"
            for name in own.brings:
                if name not in self.makes and find_spec(name) is None:
                    yield f"{own.id}: brings {name}: no module, nor a name of {self.notebook.name}"
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
        """The line that imports each name that the notebook imports."""
        return {name: line for own in self.statements for name, line in own.imports.items()}

    @cached_property
    def makes(self) -> frozenset[str]:
        """All names that the notebook binds, solutions aside."""
        return frozenset(name for own in self.statements for name in own.makes)

    def needed(self, sources: Sequence[str]) -> set[str]:
        """Return the names that code, each part of it on its own, needs of the notebook."""
        return {name for source in sources for name in uses(source)} & self.makes

    def given_to(self, own: Exercise) -> set[str]:
        """Return the names that students get for an exercise: those that its text has.

        And whole packages, NumPy for one. What else its solution needs, a function of the library
        or what the notebook has worked out, would say how it is solved.
        """
        needed = self.needed([self.solutions.get(own.id, "")])
        packages = {name for name, line in self.imports.items() if line.startswith("import ")}
        return needed & (packages | own.mentions) | set(own.brings)

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
        to a border of its rounding, or the same as a wrong one. So they are where all answers would
        count as the public ones do.

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
            If its solution fails, or an answer is unfit to be checked whatever is drawn, or all are
            the public ones.
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
                answered = self.answered(own, code, drawn_by)
            except answers.UnfitError as error:
                unfit = str(error)
                continue
            if answered and template.varies and _counted(answered) == _counted(self.public(name)):
                unfit = f"{name}: whatever is drawn, its answers are the public ones"
                continue
            return Variant(own, drawn_by, numbers, code, answered)
        raise PlainError(unfit)

    def worked(self, own: Exercise, seed: str) -> list[answers.Answer]:
        """Return the answers of an exercise's `variant`."""
        return list(self.variant(own, seed).answers)

    def public(self, name: str) -> tuple[answers.Answer, ...]:
        """Return the answers of an exercise as the notebook has them; none where they are unfit.

        Parameters
        ----------
        name : str
            Of the exercise.
        """
        if name not in self._publics:
            own = next(each for each in self.exercises if each.id == name)
            with contextlib.suppress(answers.UnfitError):
                self._publics[name] = self.answered(own, self.solutions.get(name, ""), name)
        return self._publics.get(name, ())

    @cached_property
    def _publics(self) -> dict[str, tuple[answers.Answer, ...]]:
        return {}

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
    files = [file for file in (project.root / "course").glob("*.toml") if file.stem != "sessions"]
    # The files that have the name go first: the others are seldom read.
    for file in sorted(files, key=lambda file: (name.encode() not in file.read_bytes(), file.name)):
        for own in read_exercises(project, file.stem).exercises:
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
        exercises = _exercises(path.name, path.read_text("utf8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PlainError(f"course/{path.name}: {error}") from None
    own = next((file for file in project.notebook_files if file.stem.endswith(f"_{slug}")), None)
    if own is None:
        raise PlainError(f"course/{path.name}: there is no notebook of {slug}")
    names = [each.id for each in exercises]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise PlainError(f"course/{path.name}: two exercises are called {', '.join(sorted(twice))}")
    return Material(slug, exercises, own)


# A notebook asks for its exercises one by one, and TOML is slow to read. What is kept goes by the
# text, so that a file which has changed is read anew.
@lru_cache(maxsize=8)
def _exercises(file: str, text: str) -> tuple[Exercise, ...]:
    """Return what the text of a file says."""
    return tuple(parsed(file, entry) for entry in tomllib.loads(text).get("exercise", []))


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


def _counted(worked: Sequence[answers.Answer]) -> list[str]:
    """Return answers as they are compared."""
    return [answer.counts for answer in worked]


def _answer(own: Exercise, asked: Asked, names: dict[str, Any]) -> answers.Answer:
    """Return an answer with the hints of its own, and of its unit where it is a part."""
    if asked.rounding not in RULES_BY_NAME:
        known = ", ".join(RULES_BY_NAME)
        raise ValueError(f"rounding must be one of {known}, got {asked.rounding!r}")
    answer = answers.Answer(
        f"{own.id}{asked.name}",
        eval(asked.value, names),
        asked.step,
        RULES_BY_NAME[asked.rounding],
        asked.unit,
        {one["hint"]: eval(one["value"], names) for one in asked.wrong},
    )
    mixed_up = {
        hint: times * np.asarray(answer.value, dtype=float)
        for hint, times in asked.mixed_up.items()
    }
    if asked.step is not None and np.ndim(answer.value):
        mixed_up[TURNED_ROUND] = np.asarray(answer.value)[::-1]
    for hint, wrong in mixed_up.items():
        # Where it is the right answer or a wrong one of its own, that says more.
        with contextlib.suppress(answers.UnfitError):
            answer = replace(answer, wrong={**answer.wrong, hint: wrong})
    return answer
