"""Conclusions tested: which of them hold on the source's own numbers, how far, and what tips them.

A conclusion is put as a *margin* over named inputs, above 0 where it holds. It is judged twice: at
the numbers that the source has, with all that the rounding of their digits leaves; and in the box
of what else the inputs may be, each range with its reason. Inputs that the source does not print
are *assumed*: no one value of theirs is the source's own, so that all of their range is.
The module is one judgement, from the file that names the conclusion to its line in the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any

from compendium.page.files import read_csv, write_csv
from compendium.page.numerals import Number, fixed
from compendium.page.printed import Source
from compendium.page.stated import Stated, stated
from compendium.verdict import bounds
from sensitivity import (
    SAMPLE,
    Effect,
    Pair,
    Range,
    Tipping,
    border,
    lowest,
    plain,
    share,
    tipping_pairs,
    tipping_points,
    tornado,
)

__all__ = [
    "VERDICTS",
    "Account",
    "Conclusion",
    "Row",
    "changes",
    "conclude",
    "read",
    "verdict_changes",
    "write",
]

#: What can become of a conclusion, with the mark of each and what it means.
VERDICTS = {
    "stands": ("✓", "it holds on the source's own numbers and was found to hold in the whole box"),
    "stands on a premise": (
        "◐",
        "it holds on the source's own numbers and not in all of the box, or only for a part of "
        "what an input may be that the source does not print",
    ),
    "not decided by the digits": ("≈", "the rounding of the source's numbers leaves both"),
    "falls": ("✗", "it fails on the source's own numbers, however their digits were rounded"),
    "not testable": ("·", "no model can say it"),
}
UNTESTED = "untested"
#: What is said of a margin that none of its inputs moves.
CONSTANT = "the margin is the same at half and at twice each input"


@dataclass(frozen=True)
class Row:
    """A line of the ledger of conclusions.

    Parameters
    ----------
    source : str
        Slug of the source.
    id, place, kind, claim : str
        As in ``conclusions.csv``.
    verdict : str
        One of `VERDICTS`.
    margin, unit : str
        By how much it holds on the source's own numbers, with what their rounding leaves.
    premises : str
        What it hangs on: inputs that tip it alone or, if none does, pairs that do.
    tips : str
        At which values each input alone tips it.
    share, box : str
        In which share of the box it holds, and what the box is.
    note : str
        The lowest margin of the box, or why there is no test.
    """

    source: str
    id: str
    place: str
    kind: str
    claim: str
    verdict: str
    margin: str
    unit: str
    premises: str
    tips: str
    share: str
    box: str
    note: str


@dataclass(frozen=True)
class Conclusion:
    """What came of a conclusion.

    Parameters
    ----------
    stated : Stated
        The conclusion.
    verdict : str
        One of `VERDICTS`.
    unit : str
        Of the margin.
    low, high : float
        The margin on the source's own numbers, over all that their rounding leaves.
    tipping : list of Tipping
        Where each input alone tips it.
    pairs : list of Pair
        Which two inputs do where none does alone.
    effects : list of Effect
        What each input does to the margin, the largest effect first.
    share : float
        In which share of the box it holds; 1 or 0 where no input moves.
    lowest : tuple
        The lowest margin found in the box, and where.
    assumed : tuple of str
        The inputs that the source does not print.
    note : str
        What else there is to say.
    """

    stated: Stated
    verdict: str
    unit: str = ""
    low: float = float("nan")
    high: float = float("nan")
    tipping: list[Tipping] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    share: float = float("nan")
    lowest: tuple[float, dict[str, float]] = (float("nan"), {})
    assumed: tuple[str, ...] = ()
    note: str = ""

    @property
    def id(self) -> str:
        """What the audit calls it."""
        return self.stated.id

    @property
    def margin(self) -> str:
        """The margin as it is shown."""
        if self.low != self.low:
            return ""
        if self.low == self.high:
            return plain(self.low)
        return bounds.shown(self.low, self.high)

    @property
    def premises(self) -> list[str]:
        """What it hangs on, if it stands on a premise."""
        if self.verdict != "stands on a premise":
            return []
        alone = [tipping.name for tipping in self.tipping if tipping.tips]
        return alone or [*map(str, self.pairs)] or [f"{', '.join(self.lowest[1])} together"]

    @property
    def share_shown(self) -> str:
        """The share to two digits; what is neither all nor nothing is not shown so."""
        if not self.tipping:
            return ""
        if 0.995 <= self.share < 1.0 or (self.share == 1.0 and self.lowest[0] <= 0.0):
            return ">0.99"
        if 0.0 < self.share < 0.005:
            return "<0.01"
        return plain(self.share) if self.share in (0.0, 1.0) else fixed(self.share, 2)

    @property
    def box(self) -> list[str]:
        """Each range, with its reason."""
        return [
            f"{tipping.name} {tipping.range}: {tipping.range.because}" for tipping in self.tipping
        ]

    @property
    def remarks(self) -> list[str]:
        """The lowest margin found and where, and the note."""
        value, place = self.lowest
        found = []
        if self.tipping:
            at = ", ".join(f"{name} {plain(at)}" for name, at in place.items())
            found.append(f"lowest margin found {plain(value)} at {at}")
        elif self.low == self.low:
            found.append("no input moved")
        if self.assumed:
            found.append(f"not printed by the source: {', '.join(self.assumed)}")
        return [*found, *filter(None, [self.note])]

    def row(self, source: str) -> Row:
        """Return its line of the ledger."""
        own = self.stated
        return Row(
            source=source,
            id=own.id,
            place=own.place,
            kind=own.kind,
            claim=own.claim,
            verdict=self.verdict,
            margin=self.margin,
            unit=self.unit if self.margin else "",
            premises="; ".join(self.premises),
            tips="; ".join(map(str, self.tipping)),
            share=self.share_shown,
            box="; ".join(self.box),
            note="; ".join(self.remarks),
        )


def conclude(
    own: Stated,
    margin: Callable[..., Any],
    given: Mapping[str, float],
    ranges: Mapping[str, Range],
    *,
    assumed: Sequence[str] = (),
    unit: str = "",
    note: str = "",
    sample: int = SAMPLE,
) -> Conclusion:
    """Test a conclusion.

    Parameters
    ----------
    own : Stated
        The conclusion.
    margin : callable
        Takes the inputs by name; above 0 where the conclusion holds.
    given : mapping of str to float
        The inputs as the source has them; a `Number` may be anything that rounds to its digits.
    ranges : mapping of str to Range
        What else the inputs may be.
    assumed : sequence of str, optional
        Inputs that the source does not print.
    unit, note : str, optional
        Of the margin, and for the ledger.
    sample : int, optional
        Points of the box at which the share is counted.

    Raises
    ------
    ValueError
        If the margin, the inputs or the ranges are not as `sensitivity.tipping_points` asks, or an
        assumed input has no range.
    """
    for name in assumed:
        if name not in ranges:
            raise ValueError(f"assumed {name} must have a range, for the source does not print it")
    edge = border(margin, given, ranges)
    low, high = _reach(margin, given)
    if _is_constant(margin, given):
        note = "; ".join(filter(None, [CONSTANT, note]))
    tipping = tipping_points(margin, given, ranges)
    least = lowest(margin, given, ranges, sample=sample)
    if high < -edge:
        unprinted = {name: ranges[name] for name in assumed}
        best = -lowest(lambda **inputs: -margin(**inputs), given, unprinted, sample=sample)[0]
        verdict = "stands on a premise" if best > 0 else "falls"
    elif low <= edge:
        verdict = "not decided by the digits"
        said = "on the border" if -edge <= low and high <= edge else ""
        note = "; ".join(filter(None, [said, note]))
    else:
        verdict = "stands" if least[0] > 0 else "stands on a premise"
    seek = verdict == "stands on a premise" and not any(each.tips for each in tipping)
    pairs = tipping_pairs(margin, given, ranges) if seek else []
    bars = tornado(margin, given, ranges)
    held = share(margin, given, ranges, sample=sample) if ranges else float(low > edge)
    premises = tuple(assumed)
    return Conclusion(
        own, verdict, unit, low, high, tipping, pairs, bars, held, least, premises, note
    )


def _is_constant(margin: Callable[..., Any], given: Mapping[str, float]) -> bool:
    """Tell whether the margin is the same at half and twice each input, one after the other."""
    own = float(margin(**given))
    for name, value in given.items():
        for other in (0.5 * value, 2.0 * value) if value else (-1.0, 1.0):
            try:
                moved = float(margin(**{**given, name: other}))
            except (ArithmeticError, LookupError, TypeError, ValueError):
                # What fails there asks for the input.
                return False
            if moved != own:
                return False
    return True


def _reach(margin: Callable[..., Any], given: Mapping[str, float]) -> tuple[float, float]:
    """Return the lowest and the highest margin that the rounding of the printed inputs leaves."""
    rounded = {name: value for name, value in given.items() if isinstance(value, Number)}
    if not rounded:
        value = float(margin(**given))
        return value, value
    found = bounds.reach(
        lambda *values: [margin(**{**given, **dict(zip(rounded, values, strict=True))})],
        [*rounded.values()],
    )
    return float(found.low[0]), float(found.high[0])


@dataclass(frozen=True)
class _Test:
    """A conclusion tested, or an id that is none, with the cell and execution it belongs to."""

    owner: Hashable
    execution: Hashable
    id: str
    conclusion: Conclusion | None
    difference: str = ""


class Account:
    """The conclusions of a source, and what has been tested of them.

    Parameters
    ----------
    source : Source
        The source.
    """

    def __init__(self, source: Source) -> None:
        self._slug = source.slug
        self._stated = stated(source)
        self._tests: list[_Test] = []

    def add(
        self,
        cell: tuple[Hashable, Hashable],
        id: str,
        test: Callable[[Stated], Conclusion],
    ) -> Conclusion | str:
        """Keep what a test finds; an id that has none gets a difference, which is returned.

        Raises
        ------
        ValueError
            As the test raises it; the message names the conclusion.
        """
        owner, execution = cell
        if owner is not None:
            # A notebook cell that runs again replaces what it tested before.
            self._tests = [
                each for each in self._tests if each.owner != owner or each.execution == execution
            ]
        own = self._stated.get(id)
        difference = ""
        if own is None:
            known = ", ".join(self._stated) or "none"
            difference = f"no conclusion {id!r} in conclusions.csv; there are {known}"
        elif own.untestable:
            difference = f"conclusion {id} is declared not testable, and tested"
        try:
            conclusion = None if own is None or difference else test(own)
        except ValueError as error:
            raise ValueError(f"conclusion {id}: {error}") from error
        self._tests.append(_Test(owner, execution, id, conclusion, difference))
        return conclusion or difference

    def conclusions(self) -> dict[str, Conclusion]:
        """Return what came of each conclusion so far, by id, in the order of the file."""
        found = {each.id: each.conclusion for each in self._tests if each.conclusion}
        return {
            id: found.get(id)
            or Conclusion(own, "not testable" if own.untestable else UNTESTED, note=own.untestable)
            for id, own in self._stated.items()
        }

    def rows(self) -> list[Row]:
        """Return the lines of the ledger of those that have a verdict."""
        found = self.conclusions().values()
        return [each.row(self._slug) for each in found if each.verdict != UNTESTED]

    def differences(self) -> Iterator[str]:
        """Say which conclusions are tested by nothing or twice, and which tests are of none."""
        for test in self._tests:
            if test.difference:
                yield test.difference
        for id, own in self._stated.items():
            times = sum(test.id == id for test in self._tests)
            if times == 0 and not own.untestable:
                yield f"conclusion {id} ({own.place}): tested by nothing"
            elif times > 1:
                yield f"conclusion {id} ({own.place}): tested {times} times"


# The ledger of conclusions -----------------------------------------------------------------------

COLUMNS = [each.name for each in fields(Row)]


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write a ledger of conclusions; of none there is no file."""
    if rows:
        write_csv(path, COLUMNS, map(astuple, rows))
    else:
        path.unlink(missing_ok=True)


def read(path: Path) -> list[Row]:
    """Read a ledger of conclusions; one that does not exist has no rows, a damaged is refused."""
    if not path.exists():
        return []
    return [Row(**row) for row in read_csv(path, COLUMNS)]


def changes(old: Sequence[Row], new: Sequence[Row]) -> list[str]:
    """Say in words how a ledger of conclusions differs from an older one: what is gone last."""
    before, after = ({(row.source, row.id): row for row in rows} for rows in (old, new))
    lines = []
    for place, row in after.items():
        if place not in before:
            lines.append(f"new:     {_said(place)}: {row.verdict}")
        elif row != before[place]:
            pairs = [(name, getattr(before[place], name), getattr(row, name)) for name in COLUMNS]
            differing = [f"{name} {was!r} -> {now!r}" for name, was, now in pairs if was != now]
            lines.append(f"changed: {_said(place)}: {', '.join(differing)}")
    without = _without_any(old, new)
    lost = [place for place in before if place not in after and place[0] not in without]
    lines += [f"gone:    {_said(place)}" for place in lost]
    lines += [f"gone:    {source}: all {size} conclusions" for source, size in without.items()]
    return lines


def verdict_changes(old: Sequence[Row], new: Sequence[Row]) -> list[str]:
    """Say which conclusions have another verdict than before, or none any more."""
    after = {(row.source, row.id): row.verdict for row in new}
    without = _without_any(old, new)
    pairs = [(row, after.get((row.source, row.id), "gone")) for row in old]
    # What is gone last, for what broke it may stand before it.
    pairs.sort(key=lambda pair: pair[1] == "gone")
    lines = [
        f"{_said((row.source, row.id))}: it was {row.verdict!r}, and is now {verdict!r}"
        for row, verdict in pairs
        if verdict != row.verdict and row.source not in without
    ]
    lines += [f"{name}: it had {size} conclusions, and has none" for name, size in without.items()]
    return lines


def _without_any(old: Sequence[Row], new: Sequence[Row]) -> dict[str, int]:
    """Return the sources that had several conclusions and have none now, with how many they had."""
    left = {row.source for row in new}
    lost = Counter(row.source for row in old if row.source not in left)
    return {source: size for source, size in lost.items() if size > 1}


def _said(place: tuple[str, str]) -> str:
    return f"{place[0]}, conclusion {place[1]}"
