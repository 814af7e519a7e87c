"""Declarations about printed numbers: what was misread or may be, is wrong, or stays open."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CAUSES", "NOTE_COLUMNS", "NOTE_KINDS", "READINGS", "Note"]

#: Those of the scan, which no verdict hangs on, first.
NOTE_KINDS = ("misread", "doubtful", "erratum", "unresolved")
#: Between the other readings of a doubtful number.
READINGS = "|"
NOTE_COLUMNS = [
    "exhibit",
    "row",
    "column",
    "kind",
    "printed",
    "scan",
    "ours",
    "because",
    "cause",
    "touches",
]
#: What kind of error an erratum is: the first of these that its evidence shows.
CAUSES = {
    "unit": "The digits are right, the unit or the power of ten is not.",
    "sign": "A term is added that should be subtracted, or the other way round; or a number has "
    "lost its minus, or has one too many.",
    "base": "A percentage or ratio is that of another whole, or upside down.",
    "formula": "A rule is stated wrongly: it counts a factor twice or ends a sum too early.",
    "input": "The rule is right and a wrong number went into it that is known: another project's, "
    "an older one, an earlier slip.",
    "rounding": "The last digit is off by one, cut off or rounded twice, or a part of the number "
    "was rounded otherwise than its neighbours.",
    "statement": 'Words such as "almost every", "no less than" or "above zero" claim what the '
    "source's own numbers refute.",
    "copy": "A number that another place of the source has right is repeated wrongly, or the "
    "number of another line, column or project stands here.",
    "misprint": "One or two characters are wrong, on the page or in our scan of it, as the numbers "
    "computed from the right ones or two changed places show.",
    "arithmetic": "A result does not follow from its parts or its series, and no more is known; "
    "the weak word, also where a slip of the pen would look the same.",
    "unknown": "The number contradicts the source, and what led to it is not known.",
}


@dataclass(frozen=True)
class Note:
    """A declaration about one printed number, with its evidence.

    `scan` is what our text of the page reads instead of a misread number, and what else may stand
    on the page where a number is doubtful. An erratum has a cause, one of `CAUSES`; where the
    source draws a conclusion from the number that does not hold with ours, `touches` names it.
    """

    cell: tuple[str, str, str]
    kind: str
    printed: str
    scan: str
    ours: str
    because: str
    cause: str = ""
    touches: str = ""

    @property
    def is_of_the_scan(self) -> bool:
        """Whether it speaks of our text of the page alone, so that no verdict hangs on it."""
        return self.kind in ("misread", "doubtful")
