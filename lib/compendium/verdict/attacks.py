"""Five attacks that an erratum has withstood: ``data/<slug>/attacks.csv``.

An erratum says that a source contradicts itself. Before it stands, somebody tries to show that it
does not, in each of five ways:

* ``two_steps``: our number makes the printed one under another rule of rounding, in two steps too.
* ``neighbour``: the rule by which the source has made a neighbouring number makes this one.
* ``readings``: the scan's own confusions, in all numbers of the formula, make it come out.
* ``elsewhere``: another place prints the quantity, and has the printed number.
* ``opposite``: it is computed from what we took as computed from it.

The file has a row for each: ``exhibit,row,column,attack,rival,agrees,because``. `rival` is the best
value or reading that the attack found, `agrees` whether it makes the printed number: ``yes``,
``no``, or ``n/a`` where there is nothing to attack with, and `because` says why. A ``yes`` leaves
no erratum.

What a machine can try `compendium.verdict.attacker` tries, and its rows begin with `COMPUTED`;
``make evidence`` writes them anew. A row of a person's stands in place of the machine's, never
beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compendium.page.cells import place_name
from compendium.page.files import DataError
from compendium.page.notes import Note
from compendium.page.printed import Source

__all__ = [
    "AGREES",
    "ATTACKS",
    "COLUMNS",
    "COMPUTED",
    "Attack",
    "errata_of",
    "faults",
    "file_text",
    "merged",
    "read",
]

ATTACKS = ("two_steps", "neighbour", "readings", "elsewhere", "opposite")
AGREES = ("yes", "no", "n/a")
COLUMNS = ["exhibit", "row", "column", "attack", "rival", "agrees", "because"]
#: What the reason of a row begins with that a machine wrote.
COMPUTED = "computed: "
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Attack:
    """A row of the file: one attack on one erratum, and what came of it."""

    place: Place
    attack: str
    rival: str
    agrees: str
    because: str

    @property
    def key(self) -> tuple[Place, str]:
        """What tells it from every other attack of its source."""
        return self.place, self.attack

    @property
    def is_computed(self) -> bool:
        """Whether a machine wrote it."""
        return self.because.startswith(COMPUTED)


# The file -----------------------------------------------------------------------------------------


def read(source: Source) -> list[Attack]:
    """Return the attacks of a source in the order of its file, which need not be there.

    Raises
    ------
    DataError
        If a row names no printed number, an attack or answer that is none, has no reason, no rival
        where one agrees, or stands twice. The message names file, row and column.
    """
    file = source.beside("attacks.csv")
    if not file.path.exists():
        return []
    found: dict[tuple[Place, str], Attack] = {}
    for line, row in enumerate(file.read(COLUMNS), start=2):
        attack = Attack((row["exhibit"], row["row"], row["column"]), *(row[c] for c in COLUMNS[3:]))
        where = f"{file.where}, row {line}"
        _require_sound(where, attack, source)
        if attack.key in found:
            raise DataError(f"{where}, column attack: {_said(attack)} stands in a row before too")
        found[attack.key] = attack
    return list(found.values())


def _require_sound(where: str, attack: Attack, source: Source) -> None:
    if attack.place not in source.cells:
        raise DataError(f"{where}, column exhibit: {source.nothing_at(attack.place)}")
    for column, allowed in (("attack", ATTACKS), ("agrees", AGREES)):
        if (said := getattr(attack, column)) not in allowed:
            raise DataError(f"{where}, column {column}: {said!r} is none of {', '.join(allowed)}")
    if attack.agrees == "yes" and not attack.rival:
        raise DataError(f"{where}, column rival: what agrees must be named")
    if not attack.because.removeprefix(COMPUTED.strip()).strip():
        raise DataError(f"{where}, column because: {_said(attack)} needs a reason")


def faults(source: Source) -> list[str]:
    """Say what a file of attacks leaves open: a line for each; nothing where there is no file.

    An erratum that an attack of the five is missing of, one of which an attack succeeds, and
    attacks on numbers that are no errata.
    """
    if not source.beside("attacks.csv").path.exists():
        return []
    own, errata = read(source), errata_of(source)
    tried = {attack.key for attack in own}
    lines = [
        f"{place_name(place)}: erratum without the attack {attack} in attacks.csv"
        for place in errata
        for attack in ATTACKS
        if (place, attack) not in tried
    ]
    for attack in own:
        if attack.place not in errata:
            lines.append(f"{_said(attack)} in attacks.csv, but no erratum is declared there")
        elif attack.agrees == "yes":
            lines.append(f"{_said(attack)} succeeds, so it is no erratum: {attack.rival}")
    return lines


def merged(
    source: Source, own: Iterable[Attack], computed: Mapping[tuple[Place, str], Attack]
) -> list[Attack]:
    """Return what a person wrote, and for the rest what a machine found, in the order of the notes.

    A person's row on a number that is no erratum is kept, at the end, for `faults` to tell of.
    """
    written = {attack.key: attack for attack in own if not attack.is_computed}
    rows = dict(computed) | written
    order = {(place, attack): 0 for place in errata_of(source) for attack in ATTACKS}
    return [rows[key] for key in (*order, *(written.keys() - order.keys())) if key in rows]


def file_text(attacks: Iterable[Attack]) -> str:
    """Return the file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in attacks:
        writer.writerow([*one.place, one.attack, one.rival, one.agrees, one.because])
    return out.getvalue()


def errata_of(source: Source) -> dict[Place, Note]:
    """Return the declared errata of a source by their places."""
    declared = (note for notes in source.notes.values() for note in notes)
    return {note.cell: note for note in declared if note.kind == "erratum"}


def _said(attack: Attack) -> str:
    return f"{place_name(attack.place)}: attack {attack.attack}"
