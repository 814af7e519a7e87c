"""Which digits the scan of a source is known to confuse: those of the misreads that it has.

A pair is the digit that the scan reads and the one that stands on the page: ``"83"`` is a 3 read as
8. It is known once a misread with it is declared in ``notes.csv``, where its evidence is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, product

from compendium.page.notes import Note

__all__ = ["other_readings", "pairs_by_exhibit"]

Place = tuple[str, str, str]


def pairs_by_exhibit(notes: Mapping[Place, Sequence[Note]]) -> dict[str, Counter[str]]:
    """Count the pairs of digits that each exhibit's misreads show.

    A misread that lost or gained characters shows none: what stands for what is not certain.

    Examples
    --------
    >>> place = ("Table 1", "1978", "a")
    >>> note = Note(place, "misread", "3,351", "8,361", "", "the row adds up")
    >>> pairs_by_exhibit({place: [note]})
    {'Table 1': Counter({'83': 1, '65': 1})}
    """
    found: dict[str, Counter[str]] = {}
    for note in (note for own in notes.values() for note in own if note.kind == "misread"):
        if pairs := _pairs(note.scan, note.printed):
            found.setdefault(note.cell[0], Counter()).update(pairs)
    return found


def _pairs(scan: str, printed: str) -> list[str]:
    """Return the digits that differ; nothing where the two have not as many characters."""
    read, true = (re.sub(r"[^0-9A-Za-z%]", "", text) for text in (scan, printed))
    if len(read) != len(true):
        return []
    return [a + b for a, b in zip(read, true, strict=True) if a != b and (a + b).isdigit()]


def other_readings(printed: str, pairs: Collection[str], digits: int = 1) -> list[str]:
    """Return what else may stand on the page, the fewest changed digits first.

    Parameters
    ----------
    printed : str
        The number as we read it.
    pairs : collection of str
        The digits that the scan confuses: ``"83"`` is a 3 read as 8.
    digits : int, optional
        How many digits may have been misread at most.

    Returns
    -------
    list of str
        In the form of the printed number. None begins with a 0 that the printed one has not.

    Examples
    --------
    >>> other_readings("8,610", {"83", "65", "80"})
    ['3,610', '8,510']
    >>> other_readings("8,610", {"83", "65"}, digits=2)
    ['3,610', '8,510', '3,510']
    >>> other_readings("8.6", {"80"}), other_readings("8", {"80"}), other_readings("80.5", {"80"})
    (['0.6'], ['0'], [])
    """
    places = [place for place, letter in enumerate(printed) if letter.isdigit()]
    others = {place: _others(printed[place], pairs) for place in places}
    found: list[str] = []
    for changed in _up_to(digits, [place for place in places if others[place]]):
        for letters in product(*(others[place] for place in changed)):
            text = list(printed)
            for place, letter in zip(changed, letters, strict=True):
                text[place] = letter
            # A number of several digits before its point does not begin with a nought.
            if re.match(r"\D*0[\d,]", "".join(text)) is None or re.match(r"\D*0", printed):
                found.append("".join(text))
    return found


def _others(read: str, pairs: Collection[str]) -> list[str]:
    return sorted(pair[1] for pair in pairs if pair[0] == read)


def _up_to(most: int, places: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return (changed for n in range(1, most + 1) for changed in combinations(places, n))
