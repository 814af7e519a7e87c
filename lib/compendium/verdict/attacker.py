"""The attacks on an erratum that a machine can try: rounding, readings of the digits, other places.

Of the five of `compendium.verdict.attacks` the rule of a neighbour and the opposite choice of input
ask for somebody who has read the source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compendium.page.cells import NOISE, Cell, place_name
from compendium.page.confusions import other_readings, pairs_by_exhibit
from compendium.page.identities import Application, applications
from compendium.page.printed import Source
from compendium.verdict import ledger
from compendium.verdict.attacks import COMPUTED, Attack, Place, errata_of
from rounding import NEAREST, RULES, Rule

__all__ = ["Attacker", "Formula"]

#: A number of the ledger is given to ten digits: so far it may be from the one that it stands for.
TEN_DIGITS = 1e-9
#: How many digits may be misread at once, in all numbers of a formula together.
MISREAD = 2
#: A number of so many digits stands nowhere else by chance; of fewer, if of the same unit; of
#: still fewer, if the names of the two share so many words too.
UNLIKELY, TELLING, SHARED = 5, 4, 2
#: How many places or readings a reason names.
NAMED = 3
#: Verdicts of numbers that were computed and came out to the digit, so that they tell a rule.
RIGHT = ("exact", "recovered")


@dataclass(frozen=True)
class Formula:
    """How a number is computed from others that are printed.

    Parameters
    ----------
    result : Cell
        The number.
    inputs : tuple of Cell
        What it is computed from.
    compute : callable
        Takes the inputs, each a number or an array, and returns the result.
    rule : Rule
        How it was rounded.
    """

    result: Cell
    inputs: tuple[Cell, ...]
    compute: Callable[..., Any] = field(repr=False)
    rule: Rule = NEAREST

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All its numbers, the result first."""
        return (self.result, *self.inputs)

    def holds(self, printed: ArrayLike, *, within_reach: bool = True) -> NDArray[np.bool_]:
        """Tell for each choice of what is printed whether the formula holds.

        Parameters
        ----------
        printed : array_like, shape (choices, numbers)
            The choices, each with the value of every one of `cells`.
        within_reach : bool, optional
            Whether the rounding of the inputs counts, as in the audit: it leaves the result a
            reach, here that of each input moved alone by half its last digit, added up.
        """
        stated, *inputs = np.asarray(printed, dtype=float).T
        middle = np.broadcast_to(self.compute(*inputs), stated.shape)
        plain = np.asarray(self.rule.agrees(middle, stated, self.result.step), dtype=bool)
        if not within_reach:
            return plain
        reach = np.zeros(len(stated))
        for place, cell in enumerate(self.inputs):
            low, high = (
                self.compute(*inputs[:place], inputs[place] + way, *inputs[place + 1 :])
                for way in (-cell.step / 2.0, cell.step / 2.0)
            )
            reach += np.abs(high - low) / 2.0
        below, above = self.rule.interval(stated, self.result.step)
        room = NOISE * np.maximum(np.abs(stated), np.abs(middle))
        met: NDArray[np.bool_] = (middle - reach < above - room) & (middle + reach > below + room)
        return plain | met

    def as_printed(self, change: Mapping[Place, str] | None = None) -> list[float]:
        """Return the value of each of `cells`, with other digits where they are changed."""
        changed = change or {}
        return [_value(cell, changed.get(cell.place, cell.printed)) for cell in self.cells]


class Attacker:
    """Attacks the errata of one source with what the ledger and the identities know.

    Parameters
    ----------
    source : Source
        Its pages and declarations.
    rows : sequence of Row
        Its ledger.
    formulas : sequence of Formula, optional
        How errata are computed that no line of ``identities.csv`` computes.
    """

    def __init__(
        self, source: Source, rows: Sequence[ledger.Row], formulas: Sequence[Formula] = ()
    ) -> None:
        self.source = source
        self.rows = {row.place[1:]: row for row in rows}
        self.errata = errata_of(source)
        found = applications(source)
        self.formulas = [*map(_formula, found), *formulas]
        self.using: dict[Place, list[Formula]] = {}
        for formula in self.formulas:
            for cell in formula.cells:
                self.using.setdefault(cell.place, []).append(formula)
        self.loose = self._loose(found)
        self.by_value: dict[float, list[Cell]] = {}
        for place, cell in source.cells.items():
            if place not in self.errata and cell.reading is not None:
                self.by_value.setdefault(cell.reading.value, []).append(cell)
        known = pairs_by_exhibit(source.notes).values()
        #: The pairs of digits that the scan confuses anywhere are known everywhere.
        self.pairs = sorted({pair for own in known for pair in own})

    def attacks(self) -> dict[tuple[Place, str], Attack]:
        """Return the attacks that need no reader of the page, on every erratum."""
        ways = {
            "two_steps": self.two_steps,
            "readings": self.readings,
            "elsewhere": self.elsewhere,
        }
        found = (
            Attack(place, name, rival, agrees, COMPUTED + because)
            for place in self.errata
            for name, way in ways.items()
            for rival, agrees, because in [way(place)]
        )
        return {attack.key: attack for attack in found}

    def two_steps(self, place: Place) -> tuple[str, str, str]:
        """Try every rule of rounding, also in two steps, and hold it against the neighbours.

        A rule is a rival if the other numbers of the line that were computed follow it as well.
        """
        cell, value = self.source.cells[place], self._recomputed(place)
        if value is None:
            return "", "n/a", "words, or nothing to recompute: no number that could be rounded"
        if cell.qualifier not in ("", "about"):
            return "", "n/a", f"{cell.stated}: words that compare are no rounding"
        rules = [*RULES, NEAREST.in_two_steps(2)]
        meeting = [rule for rule in rules if cell.admits(value, rule)]
        if not meeting:
            ends = sorted({rule.round(value, cell.step) for rule in rules if rule.name != "either"})
            best = min(ends, key=lambda end: abs(end - float(cell.number)))
            return f"{best:.10g}", "no", f"{value:.10g} is {_either(ends)} under every rule"
        line, others = self._line(place)
        scores = {rule: sum(own.admits(number, rule) for own, number in others) for rule in meeting}
        rule = max(scores, key=lambda rule: scores[rule])
        score = f"{scores[rule]} of {len(others)} other numbers of the {line} follow it"
        return (
            f"{value:.10g}, {rule}",
            "yes" if scores[rule] == len(others) else "no",
            score if others else "no other number there was computed: nothing speaks against it",
        )

    def readings(self, place: Place) -> tuple[str, str, str]:
        """Try what the scan's confusions admit, in all numbers of the formula together.

        Numbers that another derivation proves, or a declared misread, keep their digits; and what
        held among the others must hold still.
        """
        cell, value = self.source.cells[place], self._recomputed(place)
        if not self.pairs:
            return "", "n/a", "no misread of this source shows digits that its scan confuses"
        if value is None:
            return "", "n/a", "words, or nothing to recompute: no digits to read otherwise"
        own = [f for f in self.formulas if f.result.place == place and self.computes(f)]
        rivals = [rival for formula in own for rival in self._joint(formula)]
        if not own:
            alone = other_readings(cell.printed, self.pairs, MISREAD)
            readable = [t for t in alone if _like(cell, t).admits(value, NEAREST)]
            rivals = self._fewest([{place: t} for t in readable if self.keeps({place: t})])
        if rivals:
            told = "; ".join(map(self._reading, rivals[:NAMED]))
            more = f", and {len(rivals) - NAMED} more" if len(rivals) > NAMED else ""
            return told + more, "yes", f"readings that make it come out: {len(rivals)}"
        numbers = f"{len(own[0].cells)} numbers together" if own else "this number alone"
        readings = other_readings(cell.printed, self.pairs, MISREAD)
        off = {text: abs(float(_like(cell, text).number) - value) for text in readings}
        best = min(off, key=lambda text: off[text], default="")
        return best, "no", f"up to {MISREAD} digits of {numbers} misread; none makes it come out"

    def elsewhere(self, place: Place) -> tuple[str, str, str]:
        """Look for other places that print the number, or ours.

        Of a number of few digits only places of its unit count, and of one to three digits only
        those whose names share two words. Errata are no witnesses.
        """
        cell, note = self.source.cells[place], self.errata[place]
        same = self.printing(cell, float(cell.number))
        ours = self.printing(cell, float(note.ours.replace(",", "")))
        found = f"ours, {note.ours}, stands in {_list(ours) or 'none'}"
        if same:
            return f"{cell.printed}: {_list(same)}", "yes", f"printed there too; {found}"
        return "", "no", f"of other places alike in unit and name none has {cell.printed}; {found}"

    def computes(self, formula: Formula) -> bool:
        """Tell whether a formula is the one by which the ledger recomputes its number."""
        value = self._recomputed(formula.result.place)
        computed = float(formula.compute(*(float(cell.number) for cell in formula.inputs)))
        room = TEN_DIGITS * max(abs(value or 0.0), abs(computed))
        return value is not None and abs(computed - value) <= room

    def keeps(self, change: Mapping[Place, str]) -> bool:
        """Tell whether what held before still holds, and most that the changed numbers are in."""
        held = [
            formula.holds([formula.as_printed(), formula.as_printed(change)]).tolist()
            for formula in {
                id(own): own for at in change for own in self.using.get(at, ())
            }.values()
        ]
        lost = any(before and not after for before, after in held)
        return not lost and 2 * sum(after for _, after in held) >= len(held)

    def printing(self, cell: Cell, value: float) -> list[Cell]:
        """Return the other cells, no errata, that print a value, if that can be no chance."""
        digits = len(f"{abs(value):.15g}".replace(".", "").strip("0"))
        return [
            other
            for other in self.by_value.get(value, ())
            if other.place != cell.place
            and (
                digits >= UNLIKELY
                or (
                    other.unit == cell.unit
                    and (digits >= TELLING or len(_words(other) & _words(cell)) >= SHARED)
                )
            )
        ]

    # Inner parts ---------------------------------------------------------------------------

    def _recomputed(self, place: Place) -> float | None:
        row = self.rows.get(place)
        try:
            return float(row.recomputed) if row else None
        except ValueError:
            return None

    def _line(self, place: Place) -> tuple[str, list[tuple[Cell, float]]]:
        """Return the other numbers that were computed in the column, or else row, or exhibit."""
        right = [
            (self.source.cells[other], float(row.recomputed))
            for other, row in self.rows.items()
            if other != place and other[0] == place[0] and row.verdict in RIGHT
        ]
        right = [(cell, number) for cell, number in right if cell.qualifier in ("", "about")]
        lines = {
            "column": [pair for pair in right if place[2] and pair[0].column == place[2]],
            "row": [pair for pair in right if place[2] and pair[0].row == place[1]],
            "exhibit": right,
        }
        return next(((name, own) for name, own in lines.items() if own), ("exhibit", []))

    def _loose(self, found: Sequence[Application]) -> list[Formula]:
        """Return the identities that hold elsewhere too, if at all, within the roundings alone.

        Where an identity holds to the digit in every other place, the source computed it from the
        digits that it prints, and no rounding excuses the one that differs.
        """
        plain: dict[tuple[str, str], list[bool]] = {}
        for application, formula in zip(found, self.formulas, strict=False):
            if application.cell.place not in self.errata:
                exact = formula.holds([formula.as_printed()], within_reach=False)
                key = (application.cell.exhibit, application.text)
                plain.setdefault(key, []).append(bool(exact[0]))
        return [
            formula
            for application, formula in zip(found, self.formulas, strict=False)
            if not all(plain.get((application.cell.exhibit, application.text), []))
        ]

    def _joint(self, formula: Formula) -> list[dict[Place, str]]:
        """Return the fewest changes of digits that make a formula come out, and break nothing."""
        others = [self._others(cell, formula.result) for cell in formula.cells]
        changes = _within(formula.cells, others, MISREAD)
        if not changes:
            return []
        printed = np.tile(formula.as_printed(), (len(changes), 1))
        columns = {cell.place: column for column, cell in enumerate(formula.cells)}
        for line, change in enumerate(changes):
            for place, text in change.items():
                printed[line, columns[place]] = _value(self.source.cells[place], text)
        holding = formula.holds(printed, within_reach=formula in self.loose)
        found = [changes[line] for line in np.flatnonzero(holding).tolist()]
        return self._fewest([change for change in found if self.keeps(change)])

    def _others(self, cell: Cell, result: Cell) -> list[str]:
        """Return the other readings of a number, none if it is proved or misread already."""
        row = self.rows.get(cell.place)
        misread = any(note.kind == "misread" for note in self.source.notes.get(cell.place, ()))
        proved = cell != result and row is not None and row.verdict in RIGHT
        return [] if proved or misread else other_readings(cell.printed, self.pairs, MISREAD)

    def _fewest(self, changes: Sequence[dict[Place, str]]) -> list[dict[Place, str]]:
        """Return the changes of the fewest digits: another one beside them says nothing more."""
        counts = [
            sum(_differing(text, self.source.cells[place].printed) for place, text in one.items())
            for one in changes
        ]
        return [one for one, n in zip(changes, counts, strict=True) if n == min(counts)]

    def _reading(self, change: Mapping[Place, str]) -> str:
        return " and ".join(
            f"{text} for {self.source.cells[place].printed} in {place_name(place)}"
            for place, text in change.items()
        )


def _formula(application: Application) -> Formula:
    """Return an identity at one place as a formula."""
    compute = application.identity.compute
    return Formula(
        application.cell,
        application.terms,
        lambda *numbers: compute(numbers),
        application.rule,
    )


def _within(
    cells: Sequence[Cell], others: Sequence[Sequence[str]], most: int
) -> list[dict[Place, str]]:
    """Return every change of one number or several that takes at most so many digits."""
    found: list[tuple[dict[Place, str], int]] = [({}, 0)]
    for cell, texts in zip(cells, others, strict=True):
        own = [(text, _differing(text, cell.printed)) for text in texts]
        found += [
            ({**change, cell.place: text}, digits + more)
            for change, digits in found
            for text, more in own
            if digits + more <= most
        ]
    return [change for change, _ in found[1:]]


def _differing(text: str, printed: str) -> int:
    return sum(a != b for a, b in zip(text, printed, strict=True))


def _value(cell: Cell, text: str) -> float:
    reading = cell.notation.read(text)
    assert reading is not None, (cell, text)
    return reading.value


def _like(cell: Cell, text: str) -> Cell:
    """Return a cell in the same place with another string."""
    return Cell(*cell.place, text, cell.unit, cell.qualifier, cell.notation)


def _words(cell: Cell) -> set[str]:
    """Return the words that name a number, but for the shortest and those that name projects."""
    parts = "_".join(cell.place[1:]).replace("|", "_").replace(" ", "_").lower().split("_")
    return {part for part in parts if len(part) > 3 and not part.isdigit()}


def _either(ends: Sequence[float]) -> str:
    return " or ".join(f"{end:.10g}" for end in ends)


def _list(cells: Sequence[Cell]) -> str:
    named = "; ".join(map(str, cells[:NAMED]))
    return named + (f"; and {len(cells) - NAMED} more" if len(cells) > NAMED else "")
