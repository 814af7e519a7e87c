"""One number judged: what a call says of it, against the page and against what was declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from compendium.page.cells import Cell, place_name
from compendium.page.identities import Application, listed_first
from compendium.page.notes import Note
from compendium.page.numerals import ILLEGIBLE, significant
from compendium.verdict import bounds, ledger
from rounding import NEAREST, Rule

__all__ = ["Claim", "Judge", "shown", "tells_its_rule", "weakness", "with_others"]


#: Numbers of an identity that are named; the others are counted.
NAMED = 12


@dataclass(frozen=True)
class Claim:
    """What one call says of one printed number."""

    cell: Cell
    verdict: str
    value: float | str | None = None
    difference: str = ""
    note: str = ""


@dataclass(frozen=True)
class Judge:
    """Judges the numbers of a source by what `notes.csv` declares of them.

    Parameters
    ----------
    slug : str
        The source.
    notes : mapping
        Its declarations, by the place of their number.
    """

    slug: str
    notes: Mapping[tuple[str, str, str], Sequence[Note]]

    def declared(self, cell: Cell) -> Note | None:
        """Return the erratum or unresolved note of a number, if it has one."""
        for note in self.notes.get(cell.place, []):
            if not note.is_of_the_scan:
                return note
        return None

    def as_given(self, cell: Cell, note: str) -> Claim:
        """Take a number as an input, unless it is illegible or declared to be wrong."""
        declared = self.declared(cell)
        wrong = f"declared {declared.kind} but claimed as given" if declared else ""
        if cell.printed == ILLEGIBLE:
            wrong = "illegible, so it cannot be given"
        return Claim(cell, "given", difference=wrong, note=note)

    def verdict(
        self, cell: Cell, value: float | str, verdict: str, rounding: Rule, agrees: bool, note: str
    ) -> Claim:
        """Judge one recomputed number, by what was declared of it if anything was."""
        declared = self.declared(cell)
        if declared is None:
            wrong = "" if agrees else f"printed {cell.stated}, recomputed {shown(value)}"
            convention = "" if rounding == NEAREST else str(rounding)
            return Claim(cell, verdict, value, wrong, "; ".join(filter(None, (note, convention))))
        wrong = ""
        if agrees:
            wrong = f"declared {declared.kind}, but recomputed {shown(value)} agrees"
        elif declared.ours and not _ours(declared).admits(value, Rule(rounding.name)):
            wrong = f"declared {declared.kind} with {declared.ours}, recomputed {shown(value)}"
        return Claim(cell, declared.kind, value, wrong, declared.because)

    def within(
        self,
        evaluate: Callable[..., list[tuple[Cell, Any]]],
        inputs: Sequence[Any],
        rounding: Rule,
        note: str,
    ) -> list[Claim]:
        """Judge numbers by what the roundings of their inputs leave."""
        middle = evaluate(*inputs)
        for cell, value in middle:
            if isinstance(value, str):
                raise ValueError(f"{cell}: a word has no reach, so check it without bounds")
        found = bounds.reach(lambda *args: [number for _, number in evaluate(*args)], inputs)
        claims = []
        for place, (cell, value) in enumerate(middle):
            agrees, words = bounds.judged(cell, rounding, found, place)
            left = bounds.shown(*found.ends(place))
            said = f"inputs as printed leave {left} ({found.searched}), {words}"
            said = "; ".join(filter(None, (note, said)))
            agrees = agrees and not np.isnan(value)
            claim = self.verdict(cell, value, "consistent", rounding, agrees, said)
            if claim.difference and not agrees:
                claim = self._reached(claim, rounding, found, place)
            if claim.difference and claim.verdict == "consistent":
                more = f", {words}" if words in (bounds.JUMPS, bounds.TOUCHES) else ""
                claim = replace(claim, difference=f"{claim.difference}, within reach {left}{more}")
            claims.append(claim)
        return claims

    def _reached(self, claim: Claim, rounding: Rule, found: bounds.Reach, place: int) -> Claim:
        """Take a declared value of ours that is not the middle of the reach, and lies within it."""
        declared = self.declared(claim.cell)
        if declared is None or not declared.ours or np.isnan(found.ends(place)).any():
            return claim
        left = bounds.shown(*found.ends(place))
        if not bounds.judged(_ours(declared), Rule(rounding.name), found, place)[0]:
            return replace(claim, difference=f"{claim.difference}, within reach {left}")
        said = f"{declared.because}; ours, {declared.ours}, is within reach {left}"
        return replace(claim, difference="", note=said)

    def computed(self, application: Application) -> Claim:
        """Judge a number by the numbers that an identity computes it from."""
        cell, rule = application.cell, application.rule
        # A number that is named twice is one number: of its own total, a total is 100 percent.
        numbers = {
            term.place: term.rounded(own)
            for term, own in zip(application.terms, application.inputs, strict=True)
        }

        def computed(*values: float) -> float:
            at = dict(zip(numbers, values, strict=True))
            return _computed(application, [at[term.place] for term in application.terms])

        value = computed(*numbers.values())
        note = "; ".join(filter(None, (application.text, application.because)))
        if cell.admits(value, rule):
            return self.verdict(cell, value, "exact", rule, True, note)
        own_rules = dict.fromkeys(map(str, application.inputs))
        if [*own_rules] != [str(NEAREST)] or rule != NEAREST:
            note = f"{note}; inputs {' or '.join(own_rules)}"
        (claim,) = self.within(
            lambda *values: [(cell, computed(*values))], [*numbers.values()], rule, note
        )
        return claim

    def as_it_stands(self, cell: Cell) -> Claim:
        """Take a number as given, or as unresolved if it is declared so."""
        declared = self.declared(cell)
        if declared is not None and declared.kind == "unresolved":
            return Claim(cell, "unresolved", note=declared.because)
        return self.as_given(cell, "")

    def row(self, claim: Claim) -> ledger.Row:
        """Return the line of the ledger for a claim."""
        cell = claim.cell
        scan = {n.kind: n for n in self.notes.get(cell.place, []) if n.is_of_the_scan}
        note = [claim.note, *(f"{kind}: {n.because}" for kind, n in scan.items())]
        return ledger.Row(
            source=self.slug,
            exhibit=cell.exhibit,
            row=cell.row,
            column=cell.column,
            printed=cell.printed,
            misread_as=scan["misread"].scan if "misread" in scan else "",
            doubt=scan["doubtful"].scan if "doubtful" in scan else "",
            recomputed="" if claim.value is None else shown(claim.value),
            unit=cell.unit,
            verdict="differs" if claim.difference else claim.verdict,
            note="; ".join(filter(None, note)),
        )


def with_others(judged: Sequence[tuple[Application, Claim]]) -> list[Claim]:
    """Return what identities say of numbers; one that differs accuses no number more than another.

    All numbers that take part are named, since any of them may be the wrong one; and those that
    stand in several identities that differ and in none that comes out, since that tells them from
    the others.
    """
    differing: Counter[tuple[str, str, str]] = Counter()
    sound = set()
    for application, claim in judged:
        places = {cell.place for cell in (application.cell, *application.terms)}
        if claim.difference:
            differing.update(places)
        else:
            sound |= places
    odd = {place for place, times in differing.items() if times > 1} - sound
    return [
        replace(claim, difference=f"{claim.difference}; {_others(application, odd)}")
        if claim.difference and claim.verdict in ("exact", "consistent")
        else claim
        for application, claim in judged
    ]


def _others(application: Application, odd: Collection[tuple[str, str, str]]) -> str:
    """Say which numbers an identity that differs holds together, and which of them are odd."""
    cells = {cell.place: cell for cell in (application.cell, *application.terms)}
    rows, columns = ({getattr(cell, way) for cell in cells.values()} for way in ("row", "column"))

    def name(cell: Cell) -> str:
        if len(rows) == 1:
            return cell.column or cell.row
        return cell.row if len(columns) == 1 else place_name((cell.row, cell.column))

    names = {place: name(cell) for place, cell in cells.items()}
    named = listed_first([f"{names[place]} {cell.stated}" for place, cell in cells.items()], NAMED)
    said = f"at least one of {named} is wrong, or {application.text} is"
    own = [name for place, name in names.items() if place in odd]
    # Where all of them are, it tells none from another.
    if not own or len(own) == len(names):
        return said
    return f"{said}; {', '.join(own)}: in others that differ too, and in none that comes out"


def _computed(application: Application, numbers: Sequence[float]) -> float:
    """Return what an identity computes; NaN where it divides by zero."""
    try:
        return float(application.identity.compute(numbers))
    except ZeroDivisionError:
        return float("nan")


def _ours(note: Note) -> Cell:
    """Return our value of a declared number, as if it were printed."""
    return Cell("", "", "", note.ours)


def weakness(claim: Claim) -> int:
    """Rank what identities say of one number: a difference outweighs all, bounds a plain match."""
    if claim.difference:
        return 2
    return int(claim.verdict != "exact")


def shown(value: float | str) -> str:
    """Return a recomputed number to ten significant digits; words as they are."""
    return value if isinstance(value, str) else significant(value, 10)


def tells_its_rule(claims: Sequence[Claim], rounding: Rule) -> list[str]:
    """Say how many numbers tell the rule from plain nearest, where the rule is another."""
    if rounding == NEAREST:
        return []
    telling = sum(
        not claim.cell.admits(claim.value, NEAREST)
        for claim in claims
        if claim.value is not None and claim.verdict in ("exact", "recovered")
    )
    return [f"{rounding}, which {telling} of them tell from nearest"]
