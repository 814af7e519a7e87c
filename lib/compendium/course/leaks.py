"""Whether a student's files give an answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from compendium.answers import Answer
from compendium.course.books import Book

__all__ = ["leaks", "numbers"]

#: A number as prose and code write it: groups of three, a point, an exponent.
NUMBER = re.compile(
    r"(?<![\w.])-?(?:\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e-?\d+)?)", re.IGNORECASE
)


def leaks(book: Book, slides: str = "") -> Iterator[str]:
    """Yield each answer that a student can read, and where.

    What asks only for reading may be read; so may a number that the question itself gives.

    Parameters
    ----------
    book : Book
        A session.
    slides : str, optional
        Its own slides, with what is said to them.
    """
    files = {
        "the deck": book.deck(slides),
        "the notebook": "\n".join(cell.source for cell in book.student().cells),
        **{f"{name}.py": text for name, text in book.modules.items()},
    }
    read = {where: numbers(text) for where, text in files.items()}
    for own, _ in book.exercises:
        if own.level == "R":
            continue
        given = numbers(book.statement(own))
        for answer in book.worked[own.id]:
            for where, there in read.items():
                if found := _stands(answer, there - given):
                    yield f"{answer.name}: its answer stands in {where} as {found:g}"


def numbers(text: str) -> set[float]:
    """Return the numbers of a text.

    Examples
    --------
    >>> sorted(numbers("1,234.5 yuan, -3 and 36_000; x2 is none, 4% are 0.04"))
    [-3.0, 0.04, 4.0, 1234.5, 36000.0]
    """
    return {float(found.replace(",", "").replace("_", "")) for found in NUMBER.findall(text)}


def _stands(answer: Answer, there: set[float]) -> float | None:
    """Return a number that rounds to an answer, or the first part of one; None for words."""
    if answer.step is None:
        return None
    asked = np.atleast_1d(answer.rule.steps(answer.value, answer.step))
    return next(
        (one for one in sorted(there) if answer.rule.steps(one, answer.step) in asked), None
    )
