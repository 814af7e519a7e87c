"""Policies side by side over one register: cost, coverage, poverty, and who gains and who loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from housing._arguments import Floats, number, one_of
from housing.policy import OUTSIDE, Policy, known_policy
from housing.register._cells import NOTE, spellings, told, without_few
from housing.register._columns import Naming
from housing.register._passes import Register
from housing.register._side_by_side import BEFORE, Plan, Sums, tenth_borders
from housing.register.problems import counts_table, warn_of, warn_of_one_class

__all__ = ["Comparison", "compare"]

UNITS = ("household", "person")
ALL = ("all", "households")
SIDES = ("gain", "lose", "same")
SPENDING = ("cost_per_month", "recipients", "coverage", "mean_subsidy")
POVERTY = ("poor", "poverty_rate", "poverty_gap", "poverty_severity")


@dataclass(frozen=True)
class Comparison:
    """What `compare` returns. Households are counted by their weights.

    Nothing in it tells of a household: it holds no ids, and cells that count fewer than five rows
    of the register are NaN.

    Parameters
    ----------
    totals : DataFrame
        One row a policy: ``cost_per_month``, ``recipients``, ``coverage`` and
        ``mean_subsidy``, money per month.
    poverty : DataFrame or None
        With a poverty line, ``before`` any policy and under each: ``poor`` (households or
        persons), ``poverty_rate``, ``poverty_gap`` and ``poverty_severity``, the measures of
        Foster, Greer and Thorbecke with alpha of 0, 1 and 2.
    by_class, by_decile : DataFrame
        ``households``, and the same by policy, for each class and each tenth.
    by_group : DataFrame or None
        The same by the column that ``by`` names.
    changes : DataFrame
        Of each policy after the first, and of those who ``gain``, ``lose`` and stay the ``same``:
        ``households``, ``money_per_month`` (all that they gain, or lose), and its ``mean``.
    changes_by_decile : DataFrame
        The same for each tenth, but for those who stay the same; who gains and loses where.
    largest_losers : DataFrame
        Of each policy after the first, what the hundred rows that lose most are like, whatever
        their weights: how many ``rows`` are of each class, tenth, size, wish, group and reason, and
        the ``mean`` that these lose.
    decile_borders : Series
        Highest income of each tenth but the last, money per year.
    households : float
        All valid ones.
    rows, invalid_rows : int
        Rows of the register, and those that are left out.
    problems : Series
        How many entries are invalid, by column and message.
    note : str
        Why cells are empty; nothing where none is.
    poverty_line, unit, equivalence
        As they were given.
    """

    totals: pd.DataFrame
    poverty: pd.DataFrame | None = field(repr=False)
    by_class: pd.DataFrame = field(repr=False)
    by_decile: pd.DataFrame = field(repr=False)
    by_group: pd.DataFrame | None = field(repr=False)
    changes: pd.DataFrame
    changes_by_decile: pd.DataFrame = field(repr=False)
    largest_losers: pd.DataFrame = field(repr=False)
    decile_borders: pd.Series = field(repr=False)
    households: float
    rows: int
    invalid_rows: int
    problems: pd.Series = field(repr=False)
    note: str = field(repr=False)
    poverty_line: float | None
    unit: str
    equivalence: float

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return each table by its name, those alone that there are."""
        found = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: one for name, one in found.items() if isinstance(one, pd.DataFrame)}


def compare(
    households: Any,
    policies: Mapping[str, Policy],
    *,
    columns: Any = None,
    id: Any = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    poverty_line: float | None = None,
    unit: str = "household",
    equivalence: float = 1.0,
    by: Any = None,
    progress: bool = True,
) -> Comparison:
    """Set policies beside each other, over the same households.

    Parameters
    ----------
    households, columns, id, encoding, delimiter, progress
        As of `assess`.
    policies : dict of str to Policy
        Two or more, by a name. Gains and losses are those against the first.
    poverty_line : float, optional
        Money per year, above 0, in prices of the incomes. No poverty is measured without one.
    unit : {"household", "person"}, optional
        Whether households or the persons in them are counted as poor.
    equivalence : float, optional
        Power of the household size that an income is divided by before it is set against the
        line, from 0 to 1: with 1 the line is one of income per person, with 0 of income per
        household, and 0.5 is usual between them.
    by : str, optional
        The register's name of a column, such as a district, whose entries part the households.
        Case, width, and blanks around a word do not tell groups apart; a group is called by its
        most frequent spelling.

    Returns
    -------
    Comparison
        Totals and tables: no rows and no ids.

    Raises
    ------
    ValueError
        As `assess` does; or if there are fewer than two policies, an argument leaves its range,
        `unit` or `equivalence` has no `poverty_line`, or `by` names no column, the one of ids, or
        one of more than 1,000 different entries.

    Warns
    -----
    UserWarning
        If more than one row in a hundred is left out.

    Notes
    -----
    A row that is invalid under one policy, such as one of a class that it has not, is left out
    under all. Tables by class have the classes of the first policy.

    Tenths are of the households, by their income before any policy, and are the same under all.
    Their borders are exact: of a first reading come the ranges that they are in, of a second all
    different incomes there (they are held: few where incomes are whole units), and the policies are
    applied in a third. A household is in the first tenth whose border its income does not exceed,
    so that equal incomes are in one tenth and tenths may differ in size. `Summary.by_decile` splits
    a household that a tenth ends in.

    Income after a policy is income and twelve monthly subsidies: a subsidy counts as money. That
    is an assumption, as is every power of household size. Housing poverty (`Summary`) is not
    compared: its standard is each policy's own.

    A loss is one of subsidy, money per month. Differences by noise are none.

    Cells are hidden table by table: those of few rows, and the next smallest where a total of the
    same table would give them away. What several tables tell together is not looked at.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from housing.policy import load_policy
    >>> today = load_policy()
    >>> register = pd.DataFrame(
    ...     {
    ...         "size": 3,
    ...         "income": np.repeat([24_000, 30_000, 52_000, 90_000], 10),
    ...         "owned_area": 0,
    ...         "owned_price": 0,
    ...         "wish": "rent",
    ...     }
    ... )
    >>> found = compare(
    ...     register,
    ...     {"today": today, "rents up": replace(today, average_rent=22.0)},
    ...     poverty_line=9_700,
    ... )
    >>> found.totals["cost_per_month"].round(2).to_dict()
    {'today': 7200.0, 'rents up': 8820.0}
    >>> found.changes.loc["rents up", "households"].to_dict()
    {'gain': 20.0, 'lose': 0.0, 'same': 20.0}
    >>> found.poverty["poverty_rate"].to_dict()
    {'before': 0.25, 'today': 0.25, 'rents up': 0.0}
    """
    naming = Naming.asked(columns, id)
    if not isinstance(by, str | int | tuple | None):
        raise ValueError(f"by must be the name of a column, got {by!r}")
    plan = Plan(
        naming,
        _known_policies(policies),
        None if poverty_line is None else number("poverty_line", poverty_line, above=0),
        one_of("unit", unit, UNITS),
        number("equivalence", equivalence, at_least=0, at_most=1),
        by,
    )
    _require_line(poverty_line, unit, equivalence)
    if by is not None and by == naming.id:
        raise ValueError(f"by: {by} is the column of ids, and parts no groups")
    more = [] if by is None else [by]
    register = Register(
        households, naming, more=more, encoding=encoding, delimiter=delimiter, progress=progress
    )
    borders = tenth_borders(register, plan)
    sums: Sums = register.add_up(partial(plan.count, borders=borders))
    warn_of(sums.out, in_memory=register.frame is not None)
    if sums.by_income:
        first = next(iter(plan.policies.values()))
        households = plan.measures.index(("", "households"))
        warn_of_one_class(sums.cells.sum(axis=1)[:, households], first)
    return _result(sums, borders, plan)


def _require_line(poverty_line: float | None, unit: str, equivalence: float) -> None:
    """Refuse how poverty is measured where it is not."""
    if poverty_line is None and (unit, equivalence) != (UNITS[0], 1):
        name = "equivalence" if unit == UNITS[0] else "unit"
        raise ValueError(f"{name} is for poverty, and that is measured with a poverty_line alone")


def _known_policies(policies: Any) -> dict[str, Policy]:
    if not isinstance(policies, Mapping) or len(policies) < 2:
        raise ValueError(
            "policies must map two or more names to policies, as in "
            f"{{'today': today, 'reform': reform}}, got {policies!r:.80}"
        )
    for name in policies:
        if not isinstance(name, str) or not name.strip() or name == BEFORE:
            raise ValueError(f"policies: a name must be a word other than {BEFORE!r}, got {name!r}")
    found = {}
    for name, policy in policies.items():
        try:
            found[name] = known_policy(policy)
        except ValueError as error:
            raise ValueError(f"policies: {name}: {error}") from None
    return found


# What is shown ------------------------------------------------------------------------------------


def _result(sums: Sums, borders: Floats, plan: Plan) -> Comparison:
    """Turn sums into what may be shown."""
    names = pd.MultiIndex.from_tuples(plan.measures)
    first = next(iter(plan.policies.values()))
    classes = pd.Index([*first.class_names, OUTSIDE], name="class")
    tenths = pd.RangeIndex(1, 11, name="decile")
    of_class = pd.DataFrame(sums.cells.sum(axis=1), classes, names)
    of_tenth = pd.DataFrame(sums.cells.sum(axis=0), tenths, names)
    of_group = sums.groups.set_axis(names, axis=1).sort_index()
    called = spellings(of_group["", "rows"])
    of_group = of_group.groupby(called).sum().rename_axis(plan.by)
    total = of_class.sum().to_frame().T
    measured = without_few(*_measured(total, plan))
    tables: dict[str, Any] = {
        "by_class": _of_groups(of_class, plan),
        "by_decile": _of_groups(of_tenth, plan),
        "by_group": None if plan.by is None else _of_groups(of_group, plan),
        "changes": _changes(total, plan),
        "changes_by_decile": _changes_by_decile(of_tenth, plan),
        "largest_losers": _kinds_of_losers(sums.losers, f"by {plan.by}", called),
    }
    cut = [one.attrs.pop("cut") for one in (measured, *tables.values()) if one is not None]
    return Comparison(
        totals=_side_by_side(measured, plan.names, SPENDING).rename_axis("policy"),
        poverty=_side_by_side(measured, [BEFORE, *plan.names], POVERTY) if plan.line else None,
        **tables,
        decile_borders=pd.Series(borders, tenths[:-1], name="highest income"),
        households=float(total["", "households"].iloc[0]),
        rows=sums.out.rows,
        invalid_rows=sums.out.invalid,
        problems=told(counts_table(sums.out.counts)),
        note=NOTE if any(cut) else "",
        poverty_line=plan.line,
        unit=plan.unit,
        equivalence=plan.equivalence,
    )


def _side_by_side(
    measured: pd.DataFrame, names: Sequence[str], measures: Sequence[str]
) -> pd.DataFrame:
    rows = {name: measured[name].iloc[0][[*measures]] for name in names}
    return pd.DataFrame(rows).T.astype(float)


def _measured(sums: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, dict[Any, Floats]]:
    """Return the measures of some groups, and of each how many rows stand behind it."""
    found: dict[Any, pd.Series] = {ALL: sums["", "households"]}
    rows: dict[Any, Floats] = {ALL: sums["", "rows"].to_numpy()}
    if plan.line:
        _add_poverty(found, rows, sums, BEFORE)
    for policy in plan.names:
        own, count = sums[policy], sums[policy, "recipient_rows"].to_numpy()
        spent = {
            "cost_per_month": own["cost"],
            "recipients": own["recipients"],
            "coverage": _ratio(own["recipients"], sums["", "households"]),
            "mean_subsidy": _ratio(own["cost"], own["recipients"]),
        }
        found |= {(policy, name): values for name, values in spent.items()}
        rows |= {(policy, name): count for name in spent}
        if plan.line:
            _add_poverty(found, rows, sums, policy)
    return pd.concat(found, axis=1), rows


def _add_poverty(
    found: dict[Any, pd.Series], rows: dict[Any, Floats], sums: pd.DataFrame, name: str
) -> None:
    own, units = sums[name], sums[BEFORE, "units"]
    values = (own["poor"], *(_ratio(own[part], units) for part in ("poor", "gaps", "squares")))
    found |= {(name, measure): value for measure, value in zip(POVERTY, values, strict=True)}
    rows |= {(name, measure): own["poor_rows"].to_numpy() for measure in POVERTY}


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole != 0)


def _of_groups(sums: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the measures of groups, without what tells of a few."""
    measured, rows = _measured(sums, plan)
    return without_few(measured, rows, rows[ALL])


def _changes(total: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return how many gain, lose and stay the same by each policy after the first, and how much."""
    parts = {}
    cut = False
    for name in plan.names[1:]:
        own, everyone = total[name].iloc[0], total[""].iloc[0]
        count = np.array([own["gain"], own["lose"], 0.0])
        rows = np.array([own["gain_rows"], own["lose_rows"], 0.0])
        count[2], rows[2] = (
            everyone["households"] - count.sum(),
            everyone["rows"] - rows.sum(),
        )
        money = np.array([own["gain_money"], own["lose_money"], 0.0])
        table = pd.DataFrame({"households": count, "money_per_month": money}, SIDES)
        table["mean"] = _ratio(table["money_per_month"], table["households"])
        parts[name] = without_few(table, dict.fromkeys(table, rows))
        cut |= parts[name].attrs.pop("cut")
    table = pd.concat(parts, names=["policy", "change"])
    table.attrs["cut"] = cut
    return table


def _changes_by_decile(sums: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return in which tenths those are who gain and lose."""
    found: dict[Any, pd.Series] = {}
    rows: dict[Any, Floats] = {}
    for name in plan.names[1:]:
        for side, people, money in (("gain", "gainers", "gained"), ("lose", "losers", "lost")):
            found[name, people] = sums[name, side]
            found[name, f"{money}_per_month"] = sums[name, f"{side}_money"]
            count = sums[name, f"{side}_rows"].to_numpy()
            rows |= {(name, people): count, (name, f"{money}_per_month"): count}
    return without_few(pd.concat(found, axis=1), rows, sums["", "rows"].to_numpy())


def _kinds_of_losers(
    losers: Mapping[str, pd.DataFrame], group: str, called: pd.Series
) -> pd.DataFrame:
    """Return what those who lose most are like, of each kind how many, and their mean loss."""
    parts, cut = {}, False
    for name, rows in losers.items():
        for label in rows.columns.drop("loss"):
            kinds = rows[label].map(called) if label == group else rows[label]
            of_kind = rows.groupby(kinds, observed=True)["loss"].agg(["size", "mean"])
            count = of_kind["size"].to_numpy(dtype=float)
            shown = without_few(of_kind, dict.fromkeys(of_kind, count))
            cut |= shown.attrs.pop("cut")
            parts[name, label] = shown.rename_axis("value")
    names = ["policy", "kind", "value"]
    table = pd.concat(parts, names=names) if parts else pd.DataFrame(columns=["size", "mean"])
    table = table.set_axis(["rows", "mean"], axis=1)
    table.attrs["cut"] = cut
    return table
