"""Whether a student's files give an answer away, and numbers drawn so that they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from compendium.answers import Answer, UnfitError
from compendium.course.books import Book
from compendium.course.exercises import Exercise
from compendium.course.guesses import FEW, tries
from compendium.course.material import Material
from compendium.course.talk import without_minutes
from compendium.project import PlainError

__all__ = ["course_without_leaks", "in_sections", "leaks", "numbers", "without_leaks"]

#: So often what gives an answer away is drawn again.
DRAWS = 50
#: An answer of so many steps has three digits.
DIGITS = 100

#: A number as prose and code write it: groups of three, a point, an exponent.
NUMBER = re.compile(
    r"(?<![\w.])-?(?:\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e-?\d+)?)", re.IGNORECASE
)


def course_without_leaks(
    books: Sequence[Book], slides: Mapping[str, str], texts: Mapping[str, str]
) -> list[Book]:
    """Return a course in which no file of any session gives an answer of another away.

    Parameters
    ----------
    books : sequence of Book
        Its sessions.
    slides : mapping of str to str
        The slides of each, by its name.
    texts : mapping of str to str
        What students get besides notebooks: tables, readings.

    Raises
    ------
    PlainError
        If an answer can be read whatever is drawn.
    """
    found = {book.session.name: without_leaks(book, slides[book.session.name]) for book in books}
    for _ in range(DRAWS):
        before = dict(found)
        for name, book in before.items():
            hints = "\n".join(
                hint for each in found.values() for own in each.answers for hint in own.wrong
            )
            elsewhere = {
                **texts,
                "a hint": hints,
                **{
                    f"session {other}": "\n".join(_of_students(each).values())
                    for other, each in found.items()
                    if other != name
                },
            }
            found[name] = without_leaks(book, slides[name], elsewhere)
        # Who is drawn again may give away what was well before.
        if all(found[name] is before[name] for name in found):
            return list(found.values())
    raise PlainError("the sessions give each other's answers away, whatever is drawn")


def without_leaks(book: Book, slides: str = "", elsewhere: Mapping[str, str] | None = None) -> Book:
    """Return a session whose numbers are drawn until none gives an answer away by chance.

    Parameters
    ----------
    book : Book
        A session.
    slides : str, optional
        Its own slides.
    elsewhere : mapping of str to str, optional
        As in `leaks`.

    Raises
    ------
    PlainError
        If an answer can be read whatever is drawn.
    """
    for _ in range(DRAWS):
        found = leaks(book, slides, elsewhere)
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


def leaks(
    book: Book, slides: str = "", elsewhere: Mapping[str, str] | None = None
) -> Mapping[str, list[str]]:
    """Return what is to be said of each answer that a student can read, by its exercise.

    What asks only for reading may be read; so may a number that the question itself gives.

    Parameters
    ----------
    book : Book
        A session.
    slides : str, optional
        Its own slides, with what is said to them.
    elsewhere : mapping of str to str, optional
        What else students have. A number of few steps stands there by chance.
    """
    files = {"the deck": book.deck(without_minutes(slides)), **_of_students(book)}
    read = {where: numbers(text) for where, text in files.items()}
    read_elsewhere = {where: numbers(text) for where, text in (elsewhere or {}).items()}
    return {
        own.id: told
        for own, _ in book.exercises
        if own.level != "R" and (told := list(_told(own, book, read, read_elsewhere)))
    }


def _of_students(book: Book) -> Mapping[str, str]:
    """Return the texts that students have of a session."""
    return {
        "the notebook": "\n".join(cell.source for cell in book.student().cells),
        **{f"{name}.py": text for name, text in book.modules.items()},
    }


def _told(
    own: Exercise,
    book: Book,
    read: Mapping[str, frozenset[float]],
    elsewhere: Mapping[str, frozenset[float]],
) -> Iterator[str]:
    given = numbers(book.statement(own))
    for answer in book.worked[own.id]:
        for places, least in ((read, 0), (elsewhere, FEW)):
            for where, there in places.items():
                if (found := _stands(answer, there - given, least)) is not None:
                    yield f"{answer.name}: its answer stands in {where} as {found:g}"


# What one session has is read for each of the others.
@lru_cache(maxsize=256)
def numbers(text: str) -> frozenset[float]:
    """Return the numbers of a text.

    Examples
    --------
    >>> sorted(numbers("1,234.5 yuan, -3 and 36_000; x2 is none, 4% are 0.04"))
    [-3.0, 0.04, 4.0, 1234.5, 36000.0]
    """
    found = NUMBER.findall(text)
    return frozenset(float(each.replace(",", "").replace("_", "")) for each in found)


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
            if found is not None and tries(answer) > DIGITS:
                yield f"{answer.name}: its answer stands in the section before it as {found:g}"


def _stands(answer: Answer, there: frozenset[float], least: int = 0) -> float | None:
    """Return a number that rounds to an answer, or to a part of one; None for words.

    Parts of fewer steps than ``least`` aside.
    """
    if answer.step is None or not there:
        return None
    found = np.array(sorted(there))
    asked = np.atleast_1d(answer.rule.steps(answer.value, answer.step))
    asked = asked[np.abs(asked) >= least]
    same = found[np.isin(answer.rule.steps(found, answer.step), asked)]
    return float(same[0]) if same.size else None
