"""The audit: recomputed numbers held against printed ones, each with a verdict.

One `Audit` a source and notebook. `given`, `check` and `unresolved` claim printed numbers; `close`
writes the ledger of the source and raises once, listing every number that differs undeclared, is
accounted for twice, or by nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from compendium import bounds as _bounds
from compendium import fitted, labels, ledger, report
from compendium import identities as _identities
from compendium.numerals import ILLEGIBLE, Number, significant
from compendium.printed import Cell, Note, PrintedTable, Source
from compendium.project import Project
from compendium.shell import shell
from rounding import NEAREST, Rule

__all__ = ["Audit", "AuditError", "Claim"]


class AuditError(AssertionError):
    """Raised by `Audit.close`; the message lists every difference."""


@dataclass(frozen=True)
class Claim:
    """What one call says of one printed number."""

    cell: Cell
    verdict: str
    value: float | str | None = None
    difference: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Call:
    """The claims of one call, with the notebook cell and the execution that it belongs to."""

    owner: Hashable
    execution: Hashable
    claims: list[Claim] = field(repr=False)


class Audit:
    """The account of one source.

    Parameters
    ----------
    source : str
        Slug of the source: its folder under `data`.
    project : Project, optional
        The checkout to read from and to write to.

    Raises
    ------
    DataError
        If a data file is not as it should be; the message names file, row and column.

    Examples
    --------
    >>> wb = Audit("world_bank")
    >>> wb.check("para 5.12", cost_to_income=36_000 / 4_500)
    para 5.12: 1 exact
    """

    def __init__(self, source: str, project: Project | None = None) -> None:
        self._source = Source(source, project)
        self._calls: list[_Call] = []
        report.show_style()

    # Reading -------------------------------------------------------------------------------

    def table(self, table: str) -> PrintedTable:
        """Return a printed table as floats, with its keys as index and its head as columns.

        Parameters
        ----------
        table : str
            The exhibit without "Table": ``"5.3"``.
        """
        return self._source.table(table)

    def number(self, exhibit: str, item: str) -> Number:
        """Return a number of the running text; it knows the interval that its digits assert.

        Parameters
        ----------
        exhibit : str
            Such as ``"para 5.17"``.
        item : str
            Its name in ``text.csv``.
        """
        return self._text_cell(exhibit, item).number

    # Claiming ------------------------------------------------------------------------------

    def given(
        self,
        exhibit: str,
        *what: str | pd.DataFrame | pd.Series,
        keys: Sequence[str] = (),
        head: bool = False,
        note: str = "",
    ) -> None:
        """Declare numbers as inputs that the source simply states; silent unless that is wrong.

        Parameters
        ----------
        exhibit : str
            A table, or an exhibit of the running text.
        *what : str, DataFrame or Series
            Items of the running text, or part of a table, by its labels. Nothing at all means
            every number of the exhibit.
        keys : sequence of str, optional
            Key columns of the table.
        head : bool, optional
            The numbers in the table's head.
        note : str, optional
            Goes into the ledger.
        """
        layout = self._source.layout(exhibit)
        if layout is None:
            items = what or tuple(self._source.exhibit(exhibit))
            cells = [self._text_cell(exhibit, str(item)) for item in items]
        elif not what and not keys and not head:
            cells = list(layout.cells.values())
        else:
            cells = [cell for part in what for cell, _ in labels.labelled(layout, part)]
            cells += list(labels.head_cells(layout)) if head else []
            cells += [cell for name in keys for cell in labels.key_cells(layout, name)]
        claims = [self._as_given(cell, note) for cell in cells]
        self._claim(exhibit, claims, silent=not any(claim.difference for claim in claims))

    def check(
        self,
        exhibit: str,
        values: Any = None,
        *,
        rounding: Rule = NEAREST,
        recovered: Mapping[str, float] | None = None,
        bounds: Sequence[Any] | None = None,
        key: str | None = None,
        value: Any = None,
        head: Any = None,
        note: str = "",
        **items: float,
    ) -> None:
        """Hold recomputed numbers against printed ones: one block, one derivation, one rule.

        Parameters
        ----------
        exhibit : str
            A table, or an exhibit of the running text.
        values : DataFrame, Series or callable, optional
            Recomputed numbers under the labels of the table. A callable gives them from the
            `recovered` numbers, or from the `bounds` inputs; over running text it returns a
            mapping of items.
        rounding : Rule, optional
            How the source rounded.
        recovered : mapping of str to float, optional
            Fitted numbers that the source never prints, by name, passed to `values` in order.
            Their intervals are worked out and reported. More numbers must be explained than
            were fitted.
        bounds : sequence, optional
            Inputs (`number`, `table` or exact) whose printed roundings the source may have
            worked behind; passed to `values` in order. Then some value within reach must round
            to the printed number or, where that has a qualifier, meet its words; the line says
            how the reach was searched and whether all of it or a part does.
        key : str, optional
            Check a key column instead, against `value`.
        value : Series or float, optional
            Recomputed numbers of the key column.
        head : sequence of float, optional
            Recomputed numbers of the table's head.
        note : str, optional
            Goes into the ledger.
        **items : float
            Recomputed items of the running text.
        """
        formula = _formula(values, items, recovered, bounds)
        layout = self._source.layout(exhibit)

        def evaluate(*arguments: float) -> list[tuple[Cell, Any]]:
            result = formula(*arguments)
            if layout is None:
                return [(self._text_cell(exhibit, item), float(v)) for item, v in result.items()]
            pairs = [] if result is None else list(labels.labelled(layout, result))
            if key is not None:
                pairs += labels.keyed(layout, key, value)
            if head is not None:
                pairs += zip(labels.head_cells(layout), map(float, head), strict=True)
            return pairs

        if bounds is not None:
            claims = self._within(evaluate, bounds, rounding, note)
            self._claim(exhibit, claims, [claim.note for claim in claims[:1]])
            return
        best = tuple((recovered or {}).values())
        verdict = "recovered" if recovered else "exact"
        claims = [
            self._verdict(cell, number, verdict, rounding, cell.admits(number, rounding), note)
            for cell, number in evaluate(*best)
        ]
        told = _tells_its_rule(claims, rounding)
        if recovered:
            claims, ranges = _with_intervals(claims, evaluate, recovered, rounding)
            told = [*ranges, *told]
        self._claim(exhibit, claims, told)

    def identities(self) -> None:
        """Hold what ``identities.csv`` computes against the page, and take the rest as given.

        It speaks of the numbers alone that no other notebook cell has claimed so far: call it last.
        A number that several identities compute must fit them all; one that is declared unresolved
        and that none computes is claimed as such.

        Raises
        ------
        DataError
            If a line of the file cannot be read or applied; the message names row and column.
        """
        owner, _ = _notebook_cell()
        claimed = {
            claim.cell.place
            for call in self._calls
            if owner is None or call.owner != owner
            for claim in call.claims
        }
        found: dict[tuple[str, str, str], Claim] = {}
        for application in _identities.applications(self._source):
            claim = self._as_computed(application)
            before = found.get(claim.cell.place)
            if before is None or _weakness(claim) > _weakness(before):
                found[claim.cell.place] = claim
        by_exhibit: dict[str, list[Claim]] = {}
        for place, cell in self._source.cells.items():
            if place not in claimed:
                own = found.get(place) or self._as_it_stands(cell)
                by_exhibit.setdefault(cell.exhibit, []).append(own)
        for exhibit, claims in by_exhibit.items():
            self._claim(exhibit, claims)

    def _as_computed(self, application: _identities.Application) -> Claim:
        """Judge a number by the numbers that an identity computes it from."""
        cell, terms = application.cell, [term.number for term in application.terms]
        value = application.identity.compute(terms)
        note = "; ".join(filter(None, (application.text, application.because)))
        if cell.admits(value, application.rule):
            return self._verdict(cell, value, "exact", application.rule, True, note)
        (claim,) = self._within(
            lambda *numbers: [(cell, application.identity.compute(numbers))],
            terms,
            application.rule,
            note,
        )
        return claim

    def _as_it_stands(self, cell: Cell) -> Claim:
        """Take a number as given, or as unresolved if it is declared so."""
        declared = self._declared(cell)
        if declared is not None and declared.kind == "unresolved":
            return Claim(cell, "unresolved", note=declared.because)
        return self._as_given(cell, "")

    def unresolved(self, exhibit: str, *items: str | pd.DataFrame | pd.Series) -> None:
        """Claim numbers that no derivation reaches; `notes.csv` says what is missing.

        Parameters
        ----------
        exhibit : str
            A table, or an exhibit of the running text.
        *items : str, DataFrame or Series
            Items of the running text, or part of a table, by its labels.
        """
        layout = self._source.layout(exhibit)
        cells: list[Cell] = []
        for item in items:
            if layout is None:
                cells.append(self._text_cell(exhibit, str(item)))
            else:
                cells += [cell for cell, _ in labels.labelled(layout, item)]
        claims = []
        for cell in cells:
            note = self._declared(cell)
            if note is None or note.kind != "unresolved":
                claims.append(Claim(cell, "", difference="not declared unresolved in notes.csv"))
            else:
                claims.append(Claim(cell, "unresolved", note=note.because))
        self._claim(exhibit, claims)

    # Reporting -----------------------------------------------------------------------------

    def show(self, exhibit: str) -> None:
        """Show an exhibit as on the page, recomputed beside printed, deviations marked.

        Parameters
        ----------
        exhibit : str
            A table, or an exhibit of the running text.
        """
        claims = {claim.cell.place: claim for call in self._calls for claim in call.claims}
        layout = self._source.layout(exhibit)
        cells = self._source.exhibit(exhibit) if layout is None else {}
        report.show_exhibit(layout, list(cells.values()), claims, self._source.notes)

    def show_notes(self) -> None:
        """Show what did not reproduce or was misread, from the data that the checks use."""
        report.show_notes(self._source.notes)

    def show_exhibits(self) -> None:
        """Show, exhibit by exhibit, how many numbers are printed and how they fared."""
        claims = {claim.cell.place: claim for call in self._calls for claim in call.claims}
        rows = [self._row(claims[place]) for place in self._source.cells if place in claims]
        report.show_exhibits(rows, {layout.exhibit for layout in self._source.layouts.values()})

    def close(self) -> None:
        """Write the source's ledger, show the count of verdicts, and raise if anything differs.

        Raises
        ------
        AuditError
            Listing, at once, every undeclared difference, every number accounted for twice and
            every number accounted for by nothing.
        """
        claims = [claim for call in self._calls for claim in call.claims]
        by_place = {claim.cell.place: claim for claim in claims}
        rows = [self._row(by_place[place]) for place in self._source.cells if place in by_place]
        build = self._source.project.build
        ledger.write(build / "ledger" / f"{self._source.slug}.csv", rows)
        report.show_count(ledger.count(rows))
        differences = list(self._differences(claims))
        if differences:
            raise AuditError(
                f"{self._source.slug}: {len(differences)} to explain\n" + "\n".join(differences)
            )

    # Inner parts ---------------------------------------------------------------------------

    def _text_cell(self, exhibit: str, item: str) -> Cell:
        cells = self._source.exhibit(exhibit)
        if item not in cells:
            raise ValueError(f"no item {item!r} in {exhibit}; there are {[*cells]}")
        return cells[item]

    def _declared(self, cell: Cell) -> Note | None:
        """Return the erratum or unresolved note of a number, if it has one."""
        for note in self._source.notes.get(cell.place, []):
            if note.kind != "misread":
                return note
        return None

    def _as_given(self, cell: Cell, note: str) -> Claim:
        declared = self._declared(cell)
        wrong = f"declared {declared.kind} but claimed as given" if declared else ""
        if cell.printed == ILLEGIBLE:
            wrong = "illegible, so it cannot be given"
        return Claim(cell, "given", difference=wrong, note=note)

    def _verdict(
        self, cell: Cell, value: float | str, verdict: str, rounding: Rule, agrees: bool, note: str
    ) -> Claim:
        """Judge one recomputed number, by what was declared of it if anything was."""
        declared = self._declared(cell)
        if declared is None:
            wrong = "" if agrees else f"printed {cell.stated}, recomputed {shown(value)}"
            convention = "" if rounding == NEAREST else str(rounding)
            return Claim(cell, verdict, value, wrong, "; ".join(filter(None, (note, convention))))
        wrong = ""
        if agrees:
            wrong = f"declared {declared.kind}, but recomputed {shown(value)} agrees"
        elif declared.ours and not Cell("", "", "", declared.ours).admits(
            value, Rule(rounding.name)
        ):
            wrong = f"declared {declared.kind} with {declared.ours}, recomputed {shown(value)}"
        return Claim(cell, declared.kind, value, wrong, declared.because)

    def _within(
        self,
        evaluate: Callable[..., list[tuple[Cell, Any]]],
        inputs: Sequence[Any],
        rounding: Rule,
        note: str,
    ) -> list[Claim]:
        middle = evaluate(*inputs)
        found = _bounds.reach(lambda *args: [number for _, number in evaluate(*args)], inputs)
        claims = []
        for (cell, value), *ends in zip(middle, found.low, found.high, strict=True):
            agrees, words = _bounds.judged(cell, rounding, *ends)
            left = _bounds.shown(*ends)
            said = f"inputs as printed leave {left} ({found.searched}), {words}"
            said = "; ".join(filter(None, (note, said)))
            claim = self._verdict(
                cell, value, "consistent", rounding, agrees and not np.isnan(value), said
            )
            if claim.difference and claim.verdict == "consistent":
                claim = replace(claim, difference=f"{claim.difference}, within reach {left}")
            claims.append(claim)
        return claims

    def _claim(
        self, exhibit: str, claims: list[Claim], told: Sequence[str] = (), *, silent: bool = False
    ) -> None:
        """Keep the claims of a call, and say them in a line with what differs below it.

        A notebook cell that runs again replaces what it claimed before.
        """
        if not claims:
            raise ValueError(f"{exhibit}: the call claims no printed number")
        owner, execution = _notebook_cell()
        if owner is not None:
            self._calls = [
                call for call in self._calls if call.owner != owner or call.execution == execution
            ]
        self._calls.append(_Call(owner, execution, claims))
        if not silent:
            report.print_claims(claims, told)

    def _differences(self, claims: Sequence[Claim]) -> Iterator[str]:
        for claim in claims:
            if claim.difference:
                yield f"{claim.cell}: {claim.difference}"
        times = Counter(claim.cell.place for claim in claims)
        for place, cell in self._source.cells.items():
            if times[place] == 0:
                yield f"{cell}: printed {cell.printed}, accounted for by nothing"
            elif times[place] > 1:
                yield f"{cell}: printed {cell.printed}, accounted for {times[place]} times"

    def _row(self, claim: Claim) -> ledger.Row:
        cell = claim.cell
        misread = [n for n in self._source.notes.get(cell.place, []) if n.kind == "misread"]
        note = [claim.note, *(f"misread: {n.because}" for n in misread)]
        return ledger.Row(
            source=self._source.slug,
            exhibit=cell.exhibit,
            row=cell.row,
            column=cell.column,
            printed=cell.printed,
            misread_as=misread[0].scan if misread else "",
            recomputed="" if claim.value is None else shown(claim.value),
            unit=cell.unit,
            verdict="differs" if claim.difference else claim.verdict,
            note="; ".join(filter(None, note)),
        )


def _weakness(claim: Claim) -> int:
    """Rank what identities say of one number: a difference outweighs all, bounds a plain match."""
    if claim.difference:
        return 2
    return int(claim.verdict != "exact")


def shown(value: float | str) -> str:
    """Return a recomputed number to ten significant digits; words as they are."""
    return value if isinstance(value, str) else significant(value, 10)


def _formula(
    values: Any,
    items: Mapping[str, float],
    recovered: Mapping[str, float] | None,
    bounds: Sequence[Any] | None,
) -> Callable[..., Any]:
    """Return what gives the recomputed numbers, whichever way the caller gave them."""
    if recovered and bounds:
        raise ValueError("recovered and bounds exclude each other: a fit needs exact inputs")
    if values is not None and items:
        raise ValueError(f"give values or items, not both; items: {[*items]}")
    if callable(values):
        if not recovered and not bounds:
            raise ValueError("a callable needs recovered numbers or bounds to be called with")
        formula: Callable[..., Any] = values
        return formula
    if recovered or bounds:
        raise ValueError("recovered and bounds need a callable that takes them")
    return lambda: items or values


def _tells_its_rule(claims: Sequence[Claim], rounding: Rule) -> list[str]:
    """Say how many numbers tell the rule from plain nearest, where the rule is another."""
    if rounding == NEAREST:
        return []
    telling = sum(
        not claim.cell.admits(claim.value, NEAREST)
        for claim in claims
        if claim.value is not None and claim.verdict in ("exact", "recovered")
    )
    return [f"{rounding}, which {telling} of them tell from nearest"]


def _with_intervals(
    claims: list[Claim],
    evaluate: Callable[..., list[tuple[Cell, Any]]],
    recovered: Mapping[str, float],
    rounding: Rule,
) -> tuple[list[Claim], list[str]]:
    """Add to each recovered number the interval that the data leave its parameters."""
    explained = [claim for claim in claims if claim.verdict == "recovered"]
    if len(explained) <= len(recovered):
        raise ValueError(
            f"{len(recovered)} fitted for {len(explained)} printed: that proves nothing. "
            "More numbers must be explained than fitted"
        )
    places = {claim.cell.place for claim in explained if not claim.difference}
    if not places:
        # Nothing holds the fitted numbers, so they have no interval to look for.
        return claims, []

    def holds(*arguments: float) -> bool:
        return all(
            cell.admits(value, rounding)
            for cell, value in evaluate(*arguments)
            if cell.place in places
        )

    words = fitted.intervals(recovered, holds)
    said = f"{', '.join(words)}: {len(explained)} numbers for {len(recovered)} fitted"
    noted = [
        Claim(c.cell, c.verdict, c.value, c.difference, "; ".join(filter(None, (c.note, said))))
        if c.verdict == "recovered"
        else c
        for c in claims
    ]
    return noted, [said]


def _notebook_cell() -> tuple[Hashable, Hashable]:
    """Return which notebook cell runs, and in which execution; nothing outside a notebook."""
    notebook = shell()
    kernel = getattr(notebook, "kernel", None)
    if kernel is None:
        return None, None
    request = kernel.get_parent("shell")
    cell = request.get("metadata", {}).get("cellId") or request.get("content", {}).get("code")
    return cell, notebook.execution_count
