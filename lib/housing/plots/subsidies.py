"""What a subsidy is over income, what a household can buy with it, and who gets what of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from housing._arguments import Floats, number, one_of, whole_number
from housing.plots._looks import COLOURS, DARK, HATCHES, LIGHT, axes_of, finished, line
from housing.policy import Policy, known_policy
from housing.register import WISHES, Assessment, assess, borders

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["budget_lines", "subsidy_by_income", "who_gets_what"]

MONTHS = 12
#: Points of a stretch between two borders, which has one kink at most.
POINTS = 200
#: How far above a border its other side is looked at, as a part of the income.
ABOVE = 1e-6
#: What may be drawn over income, and how it is called.
MEASURES = {
    "subsidy": "subsidy, {unit} a month",
    "net_income": "income with the subsidy, {unit} a year",
    "marginal_rate": "subsidy lost of one more {unit}, %",
}


def subsidy_by_income(
    policy: Policy | None = None,
    size: int = 3,
    *,
    measure: str = "subsidy",
    wishes: Sequence[str] = WISHES[:2],
    owned_area: float = 0.0,
    owned_price: float = 0.0,
    most: float | None = None,
    unit: str = "yuan",
    name_classes: bool = True,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw a household's subsidy, or what it has with it, over its income.

    Parameters
    ----------
    policy : Policy, optional
        The example of `load_policy` where none is given; with income limits.
    size : int, optional
        Persons.
    measure : {"subsidy", "net_income", "marginal_rate"}, optional
        The subsidy in a month, the income with it in a year, or how much of one more unit of income
        is lost in subsidy.
    wishes : sequence of str, optional
        "rent", "buy" or both: a line each.
    owned_area, owned_price : float, optional
        The home already owned, m2 and money per m2, as in `register.assess`.
    most : float, optional
        The highest income, money per year; by default a little above the last border.
    unit : str, optional
        Of money.
    name_classes : bool, optional
        Whether the names of the classes stand above the axes.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        Of each wish a line that is broken at the borders of classes, and an arrow head at the end
        of each jump: upward where one more unit of income is rewarded, downward at a cliff. The
        marginal rate is that between the jumps.

    Raises
    ------
    ValueError
        If the policy has no income limits, or an argument leaves its range.

    Examples
    --------
    >>> ax = subsidy_by_income(size=3)
    >>> ax.get_ylabel()
    'subsidy, yuan a month'
    >>> [line.get_marker() for line in ax.lines if line.get_label() == "_jump"]
    ['^', 'v', '^', 'v', '^', 'v']
    """
    rules = known_policy(policy)
    if rules.income_limits is None:
        raise ValueError("policy must have income limits, got none: an income tells no class")
    one_of("measure", measure, MEASURES)
    if not wishes or not set(wishes) <= {*WISHES}:
        raise ValueError(f"wishes must be of {', '.join(WISHES)}, got {wishes!r}")
    household: dict[str, Any] = {"size": whole_number("size", size)}
    household["owned_area"] = number("owned_area", owned_area, at_least=0)
    household["owned_price"] = number("owned_price", owned_price, at_least=0)
    ends = np.unique(borders(rules)["income"])
    limits = rules.income_limits[np.isfinite(rules.income_limits)]
    last = 1.15 * ends[-1] if most is None else float(number("most", most, above=0))
    ends = np.array([0.0, *ends[ends < last], last])
    ax = axes_of(ax)
    for place, wish in enumerate(wishes):
        look = line(place) | {"linewidth": 2.0} | kwargs
        _over_income(ax, measure, wish, _stretches(rules, ends, household, wish), **look)
    _classes(ax, rules.class_names if name_classes else (), limits, last)
    ax.set_xlim(0, last)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    persons = "one person" if size == 1 else f"{size} persons"
    words = f"income of a household of {persons}, {unit} a year"
    legend: dict[str, Any] | None = {} if len(wishes) > 1 else None
    return finished(ax, words, MEASURES[measure].format(unit=unit), legend=legend)


def budget_lines(
    income: float,
    rent: float,
    *,
    cash: float = 0.0,
    voucher: float = 0.0,
    chosen: tuple[float, float] | None = None,
    unit: str = "yuan",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw how much space and how much else a household can have, without and with a subsidy.

    Parameters
    ----------
    income : float
        Money per month, at least 0.
    rent : float
        Money per m2 and month, above 0.
    cash : float, optional
        A subsidy to be spent on anything, money per month, at least 0.
    voucher : float, optional
        One to be spent on rent alone, money per month, at least 0.
    chosen : tuple of float, optional
        Space in m2 and money for other goods per month, marked by a dot.
    unit : str, optional
        Of money.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the lines: as `Axes.plot` has them.

    Returns
    -------
    Axes
        A line for the income alone, and one for each subsidy that is above 0. That of a voucher is
        level up to the space that the voucher pays.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> ax = budget_lines(2_500, 20, cash=600, voucher=600, chosen=(60, 1_900))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['without a subsidy', 'with cash', 'with a voucher']
    >>> ax.lines[2].get_xydata().tolist()
    [[0.0, 2500.0], [30.0, 2500.0], [155.0, 0.0]]
    """
    earned = float(number("income", income, at_least=0))
    each = float(number("rent", rent, above=0))
    more = float(number("cash", cash, at_least=0))
    tied = float(number("voucher", voucher, at_least=0))
    ax = axes_of(ax)
    looks: list[dict[str, Any]] = [{"color": "#767676", "linestyle": "--"}, line(0), line(2)]
    labels = ("without a subsidy", "with cash", "with a voucher")
    subsidies = ((0.0, 0.0), (more, 0.0), (0.0, tied))
    for look, label, (free, bound) in zip(looks, labels, subsidies, strict=True):
        if free or bound or label == labels[0]:
            money = [earned + free] * (2 if bound else 1)
            space = [0.0, bound / each][: len(money)]
            whole = (earned + free + bound) / each
            look = look | {"label": label, "linewidth": 2.0} | kwargs
            ax.plot([*space, whole], [*money, 0.0], **look)
    if chosen is not None:
        ax.plot(*chosen, "o", color=COLOURS[4], markersize=8, markeredgecolor="white")
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter("{x:,.0f}")
    return finished(ax, "rented space, m²", f"other goods, {unit} a month", legend={})


def who_gets_what(
    found: Assessment,
    *,
    by: str = "class",
    split: str | None = None,
    unit: str = "yuan",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Draw what a policy costs by class of the households, or its parts by tenth of income.

    Parameters
    ----------
    found : Assessment
        From `register.assess`.
    by : {"class", "decile"}, optional
        Money in a month by class, or the share of all of it by tenth of the households.
    split : str, optional
        A column of the households, such as "wish", by which the bars of the classes are parted;
        then the register must have been in memory.
    unit : str, optional
        Of money.
    ax : Axes, optional
        Where to draw.
    **kwargs
        For the bars: as `Axes.bar` has them.

    Returns
    -------
    Axes
        Bars from the poorest on; parts of a bar are told apart by colour and hatch.

    Raises
    ------
    ValueError
        If there is no such group or column.

    Examples
    --------
    >>> import pandas as pd
    >>> from housing.register import assess
    >>> city = pd.DataFrame(
    ...     {"size": 3, "income": range(6_000, 90_000, 20), "owned_area": 0, "owned_price": 0}
    ... ).assign(wish=lambda table: table.index.map(lambda row: ("rent", "buy")[row % 2]))
    >>> ax = who_gets_what(assess(city), split="wish")
    >>> ax.get_ylabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('subsidies, yuan a month', ['buy', 'rent'])
    """
    one_of("by", by, ("class", "decile"))
    if by == "decile" and split is not None:
        raise ValueError(f"split must be left out where the bars are of tenths, got {split!r}")
    if by == "decile":
        parts, words = pd.DataFrame({"": 100 * found.summary.by_decile}), "share of subsidies, %"
        label = "tenths of the households by income, from the poorest"
    else:
        parts, words, label = _by_class(found, split), f"subsidies, {unit} a month", ""
    ax = axes_of(ax)
    bottom = np.zeros(len(parts))
    for place, (name, amounts) in enumerate(parts.items()):
        bars: dict[str, Any] = {"color": (DARK, LIGHT, *COLOURS[2:])[place % len(COLOURS)]}
        bars |= {"hatch": HATCHES[place % len(HATCHES)], "edgecolor": "white", "label": str(name)}
        ax.bar(range(len(parts)), amounts, bottom=bottom, **(bars | kwargs))
        bottom = bottom + amounts.to_numpy()
    ax.set_xticks(range(len(parts)), [_broken(str(name)) for name in parts.index])
    ax.yaxis.set_major_formatter("{x:,.10g}")
    ax.grid(visible=False, axis="x")
    return finished(ax, label, words, legend={} if len(parts.columns) > 1 else None)


def _stretches(
    policy: Policy, ends: Floats, household: dict[str, Any], wish: str
) -> list[tuple[Floats, Floats]]:
    """Return incomes between two borders and the subsidies at them, a pair for each stretch."""
    incomes = np.array(
        [np.linspace(low * (1 + ABOVE), high, POINTS) for low, high in pairwise(ends)]
    )
    register = pd.DataFrame({"income": incomes.ravel()}).assign(**household, wish=wish)
    found = assess(register, policy).households
    assert found is not None  # as of every register in memory
    return [*zip(incomes, found["subsidy"].to_numpy().reshape(incomes.shape), strict=True)]


def _over_income(
    ax: Axes, measure: str, wish: str, stretches: list[tuple[Floats, Floats]], **look: Any
) -> None:
    """Draw a measure over income, stretch by stretch, with the jumps between them."""
    before = None
    for income, paid in stretches:
        at, height = _measured(measure, income, paid)
        ax.plot(at, height, label=wish if before is None else f"_{wish}", **look)
        if before is not None and measure != "marginal_rate":
            _jump(ax, at[0], before, height[0], str(look["color"]))
        before = float(height[-1])


def _classes(ax: Axes, names: Sequence[str], limits: Floats, last: float) -> None:
    """Draw where classes end, and write their names above the axes."""
    for limit in limits[limits < last]:
        ax.axvline(limit, color="black", linewidth=0.6, linestyle=":", zorder=0)
    sides = np.minimum([0.0, *limits, last], last)
    above: dict[str, Any] = {"transform": ax.get_xaxis_transform(), "va": "bottom"}
    for name, (low, high) in zip(names, pairwise(sides), strict=False):
        ax.text((low + high) / 2, 1.01, _broken(name), ha="center", fontsize="small", **above)


def _measured(measure: str, income: Floats, paid: Floats) -> tuple[Floats, Floats]:
    """Return where and how high a measure is drawn."""
    if measure == "subsidy":
        return income, paid
    if measure == "net_income":
        return income, income + MONTHS * paid
    return income[1:], -100 * MONTHS * np.diff(paid) / np.diff(income)


def _jump(ax: Axes, income: float, before: float, after: float, colour: str) -> None:
    """Draw a jump, if there is one: a thin line and an arrow head at its end."""
    # What lies within the step by which the other side is found is none.
    if abs(after - before) > 10 * ABOVE * income:
        thin: dict[str, Any] = {"linewidth": 1.0, "linestyle": ":", "label": "_"}
        ax.plot([income, income], [before, after], color=colour, **thin)
        ax.plot(income, after, color=colour, marker="^" if after > before else "v", label="_jump")


def _by_class(found: Assessment, split: str | None) -> pd.DataFrame:
    """Return the cost in a month by class, a column for each part."""
    classes = list(found.policy.class_names)
    if split is None:
        return found.summary.by_class.loc[classes, ["cost_per_month"]]
    rows = found.households
    if rows is None or split not in rows:
        raise ValueError(f"split must be a column of the households, got {split!r}")
    paid = rows.assign(paid=rows["subsidy"].fillna(0.0) * rows.get("weight", 1.0))
    table = paid.pivot_table("paid", "class", split, aggfunc="sum", observed=False)
    table = table.reindex(classes).fillna(0.0)
    if not np.isclose(table.to_numpy().sum(), found.summary.cost_per_month):
        raise ValueError(f"split {split!r} needs the households' weights in a column weight")
    return table.loc[:, table.any()]


def _broken(name: str) -> str:
    """Return a name in lines of a word each."""
    return name.replace("-", "-\n").replace(" ", "\n")
