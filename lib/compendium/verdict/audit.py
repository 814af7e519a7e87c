"""The audit: recomputed numbers held against printed ones, each with a verdict.

One `Audit` a source and notebook. `given`, `check` and `unresolved` claim printed numbers,
`conclude` tests what the source argues from them; `close` writes the ledgers of the source and
raises once, listing every number that differs undeclared, and every number or conclusion that is
accounted for twice, or by nothing. The module is one class, which is all that a notebook needs to
know, and mostly what its docstrings say; `judge` has how one number is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd

from compendium.page import identities as _identities
from compendium.page import labels
from compendium.page.numerals import Number
from compendium.page.printed import Cell, Layout, PrintedTable, Source
from compendium.project import Project
from compendium.shell import shell
from compendium.verdict import attacks, conclusions, fitted, ledger, report, search, what_if
from compendium.verdict.grid import Answer, Slider, answered
from compendium.verdict.judge import Claim, Judge, tells_its_rule, weakness, with_others
from rounding import NEAREST, RULES, Rule
from rounding import rule as named
from sensitivity import SAMPLE, Range, Tipping

__all__ = ["Audit", "AuditError", "Claim"]


class AuditError(AssertionError):
    """Raised by `Audit.close`; the message lists every difference."""


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
        self._judge = Judge(self._source.slug, self._source.notes)
        self._calls: list[_Call] = []
        self._conclusions = conclusions.Account(self._source)
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
        """Return a number of the running text; it knows the interval that it asserts.

        That of "about 5,000" is wider than its digits; what is over, under, at least or at most a
        number has no other end, and no place among `bounds`.

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
        claims = [self._judge.as_given(cell, note) for cell in cells]
        self._claim(exhibit, claims, silent=not any(claim.difference for claim in claims))

    def check(
        self,
        exhibit: str,
        values: Any = None,
        *,
        rounding: Rule | str = NEAREST,
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
            `bounds` inputs, the `recovered` numbers, or first those and then these; over running
            text it returns a mapping of items.
        rounding : Rule or str, optional
            How the source rounded: a rule of `rounding`, or its name.
        recovered : mapping of str to float, optional
            Fitted numbers that the source never prints, by name, passed to `values` in order.
            Their intervals are worked out and reported. More distinct numbers must be explained
            than were fitted. `recover` does this for several exhibits at once.
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
        rounding = named(rounding)
        layout = self._source.layout(exhibit)
        _require_other_layout(exhibit, layout, values, (key, value), head)

        def evaluate(*arguments: float) -> list[tuple[Cell, Any]]:
            pairs = self._paired(exhibit, formula(*arguments))
            if layout is not None and key is not None:
                pairs += labels.keyed(layout, key, value)
            if layout is not None and head is not None:
                pairs += labels.headed(layout, head)
            return pairs

        if bounds is not None:
            claims = self._within(evaluate, bounds, recovered or {}, rounding, note)
            self._claim(exhibit, claims, [claim.note for claim in claims[:1]])
            return
        matches = [(*pair, rounding) for pair in evaluate(*(recovered or {}).values())]
        claims = self._judged(matches, "recovered" if recovered else "exact", note)
        told = tells_its_rule(claims, rounding)
        if recovered:
            claims, ranges = fitted.with_fit(claims, _fit(recovered, evaluate, rounding))
            told = [*ranges, *told]
        self._claim(exhibit, claims, told)

    def _within(
        self,
        evaluate: Callable[..., list[tuple[Cell, Any]]],
        bounds: Sequence[Any],
        recovered: Mapping[str, float],
        rounding: Rule,
        note: str,
    ) -> list[Claim]:
        """Judge numbers computed from rounded inputs, and from fitted numbers behind these."""
        if recovered:
            fit = _fit(recovered, partial(evaluate, *bounds), rounding)
            note = "; ".join(filter(None, (note, fitted.counted_alone(fit))))
        best = recovered.values()
        return self._judge.within(lambda *inputs: evaluate(*inputs, *best), bounds, rounding, note)

    def recover(
        self,
        numbers: Mapping[str, float],
        blocks: Mapping[str, Callable[..., Any]],
        *,
        rounding: Rule | str | Mapping[str, Rule | str] = NEAREST,
        choices: Mapping[str, int] | None = None,
        ranges: Mapping[str, tuple[float, float]] | None = None,
        readings: bool = False,
        note: str = "",
    ) -> None:
        """Hold blocks of several exhibits against numbers that are fitted to all of them.

        Like `check` with `recovered`, and more is asked of the fit: which other values the printed
        digits would admit, and how many of them a value taken by chance would meet.

        Parameters
        ----------
        numbers : mapping of str to float
            The fitted numbers, by name.
        blocks : mapping of str to callable
            For each exhibit, what gives its recomputed numbers from the fitted ones, in order: a
            DataFrame or Series for a table, a mapping of items for running text.
        rounding : Rule, str or mapping of str to either, optional
            How the source rounded: a rule or its name; by exhibit, where it did so in several ways.
        choices : mapping of str to int, optional
            What else was chosen so that the numbers fit, and among how many: ``{"base year": 2}``.
            Each choice counts as a fitted number.
        ranges : mapping of str to pair of float, optional
            Where to look for other values of a fitted number, by name; from half of it to its
            double if not given, from -1 to 1 for zero. Each is searched alone, in 200 steps that
            are halved where all printed numbers may be met in between.
        readings : bool, optional
            Whether to look also for values that would do if one printed digit was read for one that
            looks like it. It takes a search for each such reading.
        note : str, optional
            Goes into the ledger.

        Raises
        ------
        ValueError
            If no more distinct numbers are explained than were fitted and chosen, a block is no
            callable, or a choice or a range is none.

        Examples
        --------
        >>> wb = Audit("world_bank")
        >>> savings = ["home savings, 1 year", "home savings, 5 years"]
        >>> def cut(table, rows):
        ...     return lambda points: (table.loc[rows, "1988"] - points).rename("1989")
        >>> wb.recover(  # doctest: +NORMALIZE_WHITESPACE
        ...     {"cut, points": 1.26},
        ...     {
        ...         "Annex 5.2": cut(wb.table("Annex 5.2"), savings),
        ...         "Annex 5.3": cut(wb.table("Annex 5.3"), ["working capital"]),
        ...     },
        ... )
        Annex 5 Table 2: 2 recovered; cut, points = 1.26 (1.2550 to 1.2650) and nothing else from
        0.63 to 2.52, where chance meets 0.01 of 2 distinct numbers on average and all in a share
        of 0.0053: 3 numbers (2 distinct) for 1 fitted
        Annex 5 Table 3: 1 recovered
        """
        chosen = dict(choices or {})
        fitted.require_choices(chosen, numbers)
        fitted.require_formulas(blocks, numbers)
        fitted.require_finite("numbers", numbers)
        own = rounding if isinstance(rounding, Mapping) else dict.fromkeys(blocks, rounding)
        fitted.require_known("rounding", own, blocks)
        rules = {exhibit: named(own.get(exhibit, NEAREST)) for exhibit in blocks}

        def evaluate(*arguments: float) -> list[search.Match]:
            return [
                (*pair, rules[exhibit])
                for exhibit, block in blocks.items()
                for pair in self._paired(exhibit, block(*arguments))
            ]

        sizes = [
            len(self._paired(exhibit, block(*numbers.values())))
            for exhibit, block in blocks.items()
        ]
        claims = self._judged(evaluate(*numbers.values()), "recovered", note)
        fit = fitted.Fit(
            numbers, evaluate, chosen, fitted.ranges_of(numbers, ranges or {}), readings
        )
        claims, told = fitted.with_fit(claims, fit)
        for (exhibit, rule), size in zip(rules.items(), sizes, strict=True):
            part, claims = claims[:size], claims[size:]
            self._claim(exhibit, part, [*told, *tells_its_rule(part, rule)])
            # The notes of all say it; it is told once.
            told = []

    def _judged(self, matches: Sequence[search.Match], verdict: str, note: str) -> list[Claim]:
        """Judge recomputed numbers, each by its own rule."""
        return [
            self._judge.verdict(cell, value, verdict, rule, cell.admits(value, rule), note)
            for cell, value, rule in matches
        ]

    def explains(
        self, exhibit: str, values: Any = None, *, rules: Sequence[Rule] = RULES, **items: float
    ) -> pd.Series:
        """Count the printed numbers that each rounding rule explains; this claims none of them.

        Parameters
        ----------
        exhibit : str
            A table, or an exhibit of the running text.
        values : DataFrame or Series, optional
            Recomputed numbers under the labels of the table.
        rules : sequence of Rule, optional
            The rules to try.
        **items : float
            Recomputed items of the running text.

        Returns
        -------
        Series of int
            A count a rule, named by how many numbers there are. Words, and numbers with which the
            text only compares (over, under, at least, at most), are none of them.

        Examples
        --------
        >>> from rounding import DOWN
        >>> wb = Audit("world_bank")
        >>> wb.explains("para 5.12", rules=[NEAREST, DOWN], cost_to_income=36_000 / 4_600)
        rounded to nearest    1
        rounded down          0
        Name: of 1 numbers, dtype: int64
        """
        pairs = [
            (cell, value)
            for cell, value in self._paired(exhibit, _formula(values, items, None, None)())
            if cell.qualifier in ("", "about") and not isinstance(value, str)
        ]
        met = {str(rule): sum(cell.admits(value, rule) for cell, value in pairs) for rule in rules}
        return pd.Series(met, name=f"of {len(pairs)} numbers", dtype=int)

    def identities(self) -> None:
        """Hold what ``identities.csv`` computes against the page, and take the rest as given.

        It speaks of the numbers alone that no other notebook cell has claimed so far: call it last.
        A number that several identities compute must fit them all; one that is declared unresolved
        and that none computes is claimed as such. Where other cells claim numbers, one that had
        another verdict in the committed ledger is not taken as given: it differs until `given`
        claims it.

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
        applied = _identities.applications(self._source)
        judged = [(application, self._judge.computed(application)) for application in applied]
        for claim in with_others(judged):
            before = found.get(claim.cell.place)
            if before is None or weakness(claim) > weakness(before):
                found[claim.cell.place] = claim
        committed = ledger.read(self._source.project.ledger) if claimed else []
        had = {row.place: row.verdict for row in committed}
        by_exhibit: dict[str, list[Claim]] = {}
        for place, cell in self._source.cells.items():
            if place not in claimed:
                own = found.get(place) or self._judge.as_it_stands(cell)
                lost = had.get((self._source.slug, *place), "given")
                if own.verdict == "given" != lost and not own.difference:
                    said = f"nothing computes it any more; the committed ledger has {lost}"
                    own = replace(own, difference=said)
                by_exhibit.setdefault(cell.exhibit, []).append(own)
        for exhibit, claims in by_exhibit.items():
            plain = all(claim.verdict == "given" and not claim.difference for claim in claims)
            self._claim(exhibit, claims, silent=bool(claimed) and plain)

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
            note = self._judge.declared(cell)
            if note is None or note.kind != "unresolved":
                claims.append(Claim(cell, "", difference="not declared unresolved in notes.csv"))
            else:
                claims.append(Claim(cell, "unresolved", note=note.because))
        self._claim(exhibit, claims)

    def conclude(
        self,
        id: str,
        margin: Callable[..., Any],
        *,
        given: Mapping[str, float],
        ranges: Mapping[str, Range] | None = None,
        assumed: Sequence[str] = (),
        unit: str = "",
        note: str = "",
        sample: int = SAMPLE,
    ) -> None:
        """Test a conclusion of ``conclusions.csv``, and say how far it holds.

        Parameters
        ----------
        id : str
            The conclusion.
        margin : callable
            Takes the inputs by name, as numbers or, if it can, as arrays; above 0 where the
            conclusion holds.
        given : mapping of str to float
            The inputs as the source has them. One that is a `number` of the page may be whatever
            rounds to its digits: where that alone moves the margin over 0, nothing is decided.
        ranges : mapping of str to Range, optional
            What else the inputs may be, each with its reason.
        assumed : sequence of str, optional
            Inputs that the source does not print. Each needs a range, and no value in it is more
            the source's own than another.
        unit : str, optional
            Of the margin.
        note : str, optional
            Goes into the ledger.
        sample : int, optional
            At how many points of the box the share is counted, a power of two; fewer for a margin
            that takes no arrays and long.

        Raises
        ------
        ValueError
            If an input is not given, lies outside its range, or the margin has no value somewhere,
            or is true or false: ``r - 2`` tells how far, ``r > 2`` does not.

        Notes
        -----
        It *falls* where the margin is below 0 on the source's own numbers over all roundings of
        their digits, and *stands* where it is above 0 there and in the whole box. It *stands on a
        premise* where it is above 0 there and not in all of the box: the premises are the inputs
        that tip it alone, or else the pairs that do. So it does where it fails as given and some
        value of an `assumed` input would let it hold. In between it is *not decided by the digits*.
        The box is searched, not proved: `sensitivity.lowest` says how.

        Examples
        --------
        >>> gw = Audit("guo_wang")
        >>> low = gw.table("1").layout.cell("Chengdu", "low").number  # 7.6
        >>> gw.conclude(  # doctest: +NORMALIZE_WHITESPACE
        ...     "2",
        ...     lambda low, threshold: low - threshold,
        ...     given={"low": low, "threshold": 6.0},
        ...     ranges={"threshold": Range(6, 9, because="the thresholds of the paper")},
        ...     unit="years",
        ... )
        2: stands on a premise; margin 1.55 to 1.65 years; on threshold;
        holds in 0.53 of the box
        >>> print(*gw.conclusions()["2"].tipping)
        threshold: holds below 7.6
        """
        found = self._conclusions.add(
            _notebook_cell(),
            id,
            lambda own: conclusions.conclude(
                own,
                margin,
                given,
                ranges or {},
                assumed=assumed,
                unit=unit,
                note=note,
                sample=sample,
            ),
        )
        report.print_conclusion(found)

    def what_if(
        self,
        id: str,
        function: Callable[..., Mapping[str, Any]],
        sliders: Sequence[Slider],
        answers: Sequence[Answer],
        *,
        title: str,
        note: str = "",
        arrays: bool = True,
    ) -> None:
        """Compute a what-if over a grid, show its ends, and keep it for the site's sliders.

        Parameters
        ----------
        id : str
            Name of its file under ``build/what_if``; it begins with the source's.
        function : callable
            Takes the sliders by their names, as arrays of one length, and returns a mapping with
            each answer, an entry a point.
        sliders : sequence of Slider
            What may be varied, over which values.
        answers : sequence of Answer
            What is answered, with units and digits. The first that is a number is drawn over the
            first slider.
        title : str
            The question.
        note : str, optional
            What is held, and what is not counted.
        arrays : bool, optional
            False if the function takes single numbers.

        Raises
        ------
        ValueError
            If an answer is missing, one between the values is further from the function than it
            may be, or the file would be larger than a page may carry.

        See Also
        --------
        compendium.verdict.grid.answered : with an example.
        """
        found = answered(title, function, sliders, answers, note=note, arrays=arrays)
        project = self._source.project
        what_if.write(project.build / project.what_ifs.name, self._source.slug, id, found)
        what_if.show(id, found)

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
        report.show_exhibits(
            self._rows(), {layout.exhibit for layout in self._source.layouts.values()}
        )

    def conclusions(self) -> dict[str, conclusions.Conclusion]:
        """Return what came of each conclusion so far, by id: to draw it, for one.

        Those that nothing has tested yet have the verdict ``untested``.
        """
        return self._conclusions.conclusions()

    def tipping(self, names: Mapping[str, str] | None = None) -> dict[str, Tipping]:
        """Return each input that alone tips a conclusion, by ``id: input``: to draw it, for one.

        Parameters
        ----------
        names : mapping of str to str, optional
            What inputs are called in these labels, if not by their own names.
        """
        own = {} if names is None else names
        return {
            f"{id}: {own.get(tipping.name, tipping.name)}": tipping
            for id, found in self.conclusions().items()
            for tipping in found.tipping
            if tipping.tips
        }

    def show_conclusions(self) -> None:
        """Show what holds, and how far: each conclusion with its verdict and what tips it."""
        report.show_conclusions([*self.conclusions().values()])

    def close(self) -> None:
        """Write the source's ledgers, show the count of verdicts, and raise if anything differs.

        Raises
        ------
        AuditError
            Listing, at once, every undeclared difference, every number and every conclusion that is
            accounted for twice or by nothing, and what ``attacks.csv`` leaves open if it is there.
        """
        claims = [claim for call in self._calls for claim in call.claims]
        by_place = {claim.cell.place: claim for claim in claims}
        rows = [
            self._judge.row(by_place[place]) for place in self._source.cells if place in by_place
        ]
        build = self._source.project.build
        ledger.write(build / "ledger" / f"{self._source.slug}.csv", rows)
        conclusions.write(
            build / "conclusions" / f"{self._source.slug}.csv", self._conclusions.rows()
        )
        report.show_count(ledger.count(rows))
        differences = [
            *self._differences(claims),
            *self._conclusions.differences(),
            *attacks.faults(self._source),
        ]
        if differences:
            raise AuditError(
                f"{self._source.slug}: {len(differences)} to explain\n" + "\n".join(differences)
            )

    # Inner parts ---------------------------------------------------------------------------

    def _rows(self) -> list[ledger.Row]:
        """Return the lines of the ledger, in the order of the page."""
        claims = {claim.cell.place: claim for call in self._calls for claim in call.claims}
        return [self._judge.row(claims[place]) for place in self._source.cells if place in claims]

    def _paired(self, exhibit: str, result: Any) -> list[tuple[Cell, Any]]:
        """Pair recomputed numbers of a table or of running text with the printed ones."""
        layout = self._source.layout(exhibit)
        if result is None:
            return []
        if layout is not None:
            return list(labels.labelled(layout, result))
        if not isinstance(result, Mapping | pd.Series):
            raise ValueError(
                f"values of running text must be a mapping of items, got {type(result)}"
            )
        pairs = ((self._text_cell(exhibit, str(item)), value) for item, value in result.items())
        return [(cell, labels.as_number(cell, value)) for cell, value in pairs]

    def _text_cell(self, exhibit: str, item: str) -> Cell:
        cells = self._source.exhibit(exhibit)
        if item not in cells:
            raise ValueError(f"no item {item!r} in {exhibit}; there are {[*cells]}")
        return cells[item]

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


def _require_other_layout(
    exhibit: str, layout: Layout | None, values: Any, key: tuple[Any, Any], head: Any
) -> None:
    """Refuse keys and heads of what has none, and a table held against itself."""
    if (key[0] is None) != (key[1] is None):
        raise ValueError(f"key and value belong together, got {key[0]!r} and {key[1]!r}")
    if layout is None and (key[0] is not None or head is not None):
        raise ValueError(f"{exhibit!r} is running text, without key or head")
    if isinstance(values, PrintedTable) and values.layout is layout:
        raise ValueError(f"{exhibit!r} would be held against itself; given claims inputs")


def _fit(
    numbers: Mapping[str, float],
    evaluate: Callable[..., list[tuple[Cell, Any]]],
    rounding: Rule,
) -> fitted.Fit:
    """Return fitted numbers with what they give, rounded by one rule."""
    return fitted.Fit(numbers, lambda *args: [(*pair, rounding) for pair in evaluate(*args)])


def _formula(
    values: Any,
    items: Mapping[str, float],
    recovered: Mapping[str, float] | None,
    bounds: Sequence[Any] | None,
) -> Callable[..., Any]:
    """Return what gives the recomputed numbers, whichever way the caller gave them."""
    if bounds is not None and not (isinstance(bounds, Sequence) and len(bounds)):
        raise ValueError(f"bounds must be a list of one input or more, got {bounds!r}")
    if recovered is not None:
        fitted.require_finite("recovered", recovered)
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


def _notebook_cell() -> tuple[Hashable, Hashable]:
    """Return which notebook cell runs, and in which execution; nothing outside a notebook."""
    notebook = shell()
    kernel = getattr(notebook, "kernel", None)
    if kernel is None:
        return None, None
    request = kernel.get_parent("shell")
    cell = request.get("metadata", {}).get("cellId") or request.get("content", {}).get("code")
    return cell, notebook.execution_count
