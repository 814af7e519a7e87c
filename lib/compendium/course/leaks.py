"""Whether a student's files give an answer away, and numbers drawn so that they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from compendium.answers import Answer, UnfitError, guesses
from compendium.course.books import Book
from compendium.course.exercises import Exercise
from compendium.course.material import Material
from compendium.course.talk import without_minutes
from compendium.project import PlainError

__all__ = ["in_sections", "leaks", "numbers", "without_leaks"]

#: So often what gives an answer away is drawn again.
DRAWS = 50
#: An answer of so many steps has three digits.
DIGITS = 100

#: A number as prose and code write it: groups of three, a point, an exponent.
NUMBER = re.compile(
    r"(?<![\w.])-?(?:\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e-?\d+)?)", re.IGNORECASE
)


def without_leaks(book: Book, slides: str = "") -> Book:
    """Return a session whose numbers are drawn until none gives an answer away by chance.

    Parameters
    ----------
    book : Book
        A session.
    slides : str, optional
        Its own slides.

    Raises
    ------
    PlainError
        If an answer can be read whatever is drawn.
    """
    for _ in range(DRAWS):
        found = leaks(book, slides)
        if not found:
            return book
        drawn = [name for name, own in book.variants.items() if own.exercise.varies]
        # What cannot be drawn itself may be given away by a number of one that can.
        guilty = [name for name in drawn if name in found] or drawn
        if not guilty:
            break
        book = replace(
            book, again={**book.again, **{name: book.again.get(name, 0) + 1 for name in guilty}}
        )
    raise PlainError("\n".join(line for lines in found.values() for line in lines))


def leaks(book: Book, slides: str = "") -> Mapping[str, list[str]]:
    """Return what is to be said of each answer that a student can read, by its exercise.

    What asks only for reading may be read; so may a number that the question itself gives.

    Parameters
    ----------
    book : Book
        A session.
    slides : str, optional
        Its own slides, with what is said to them.
    """
    files = {
        "the deck": book.deck(without_minutes(slides)),
        "the notebook": "\n".join(cell.source for cell in book.student().cells),
        **{f"{name}.py": text for name, text in book.modules.items()},
    }
    read = {where: numbers(text) for where, text in files.items()}
    return {
        own.id: told
        for own, _ in book.exercises
        if own.level != "R" and (told := list(_told(own, book, read)))
    }


def _told(own: Exercise, book: Book, read: Mapping[str, set[float]]) -> Iterator[str]:
    given = numbers(book.statement(own))
    for answer in book.worked[own.id]:
        for where, there in read.items():
            if (found := _stands(answer, there - given)) is not None:
                yield f"{answer.name}: its answer stands in {where} as {found:g}"


def numbers(text: str) -> set[float]:
    """Return the numbers of a text.

    Examples
    --------
    >>> sorted(numbers("1,234.5 yuan, -3 and 36_000; x2 is none, 4% are 0.04"))
    [-3.0, 0.04, 4.0, 1234.5, 36000.0]
    """
    return {float(found.replace(",", "").replace("_", "")) for found in NUMBER.findall(text)}


def in_sections(material: Material) -> Iterator[str]:
    """Yield each answer that is unfit, or stands in the section that its exercise belongs to.

    Read with what the section's code shows, and with the numbers that the notebook has. What asks
    only for reading may stand there, and so may an answer of one or two digits: in a section with
    tables each such number stands by chance.

    Parameters
    ----------
    material : Material
        Of a source.
    """
    read = {heading: numbers(text) for heading, text in material.whole_sections.items()}
    for own in material.exercises:
        if own.level == "R" or own.puzzle:
            continue
        given = numbers(own.statement)
        try:
            public = material.answered(own, material.solutions.get(own.id, ""), "")
        except UnfitError as error:
            yield str(error)
            continue
        for answer in public:
            found = _stands(answer, read[own.section] - given)
            if found is not None and guesses(answer) > DIGITS:
                yield f"{answer.name}: its answer stands in the section before it as {found:g}"


def _stands(answer: Answer, there: set[float]) -> float | None:
    """Return a number that rounds to an answer, or to a part of one; None for words."""
    if answer.step is None or not there:
        return None
    found = np.array(sorted(there))
    asked = answer.rule.steps(answer.value, answer.step)
    same = found[np.isin(answer.rule.steps(found, answer.step), asked)]
    return float(same[0]) if same.size else None
