"""What a register came to, to be read: tables as text, as JSON, and as a page that stands alone."""

from __future__ import annotations

import base64
import html
import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from housing import plots
from housing.plots._looks import DARK
from housing.policy import Policy
from housing.register import Assessment, Comparison, borders
from housing.register._cells import FEW, NOTE, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Report"]

#: What a table is called.
TITLES = {
    "totals": "Totals",
    "poverty": "Poverty",
    "by_class": "By class",
    "by_decile": "By tenths of income before any policy, from the poorest",
    "by_group": "By group",
    "changes": "Who gains and who loses",
    "changes_by_decile": "Who gains and who loses, by tenths of income",
    "largest_losers": "What the hundred largest losers are like",
    "problems": "Entries left out",
    "borders": "Where earning more is a loss",
}
SHARES = ("coverage", "poverty_rate", "poverty_gap", "poverty_severity", "mean_rate")
MEANS = ("mean", "mean_subsidy", "below", "above")
#: Too wide for a terminal, where several policies stand beside each other.
WIDE = ("by_class", "by_decile", "by_group")
HIDDEN = "·"

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; margin: 0 0 2rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #ccc; }
th { text-align: left; font-weight: 600; }
thead th { text-align: right; }
.table { overflow-x: auto; }
img { max-width: 100%; }
@media print { h2 { break-after: avoid; } tr, img { break-inside: avoid; } }
"""


@dataclass(frozen=True, eq=False)
class Report:
    """What may be shown of a result: no ids, and no cell that counts fewer than five rows.

    Parameters
    ----------
    found : Assessment or Comparison
        From `register.assess` or `register.compare`.

    Attributes
    ----------
    tables : dict of str to DataFrame
        By the names of `Comparison`. What is hidden is NaN.
    note : str
        Why cells are empty; nothing where none is.

    Raises
    ------
    ValueError
        If `found` is neither.

    Examples
    --------
    >>> from housing import register
    >>> city = pd.DataFrame({"size": 3, "income": [24_000] * 8, "owned_area": 0, "owned_price": 0})
    >>> shown = Report(register.assess(city.assign(wish="rent")))
    >>> shown.tables["by_class"].loc["lowest", ["households", "cost_per_month"]].tolist()
    [8.0, 3280.0]
    >>> shown.text().splitlines()[0]
    '8 rows, of which 0 are left out of every total.'
    >>> shown.json()["totals"][0]["recipients"]
    8.0
    >>> shown.page(title="A city", policies={"today": shown.found.policy}).splitlines()[0]
    '<!doctype html>'
    """

    found: Assessment | Comparison
    tables: dict[str, pd.DataFrame] = field(init=False, repr=False)
    note: str = field(init=False)

    def __post_init__(self) -> None:
        found = self.found
        if isinstance(found, Comparison):
            own, counts, hides = found.tables(), found.problems, bool(found.note)
        elif isinstance(found, Assessment):
            totals, by_class = found.tally.shown(found.policy)
            own, counts = {"totals": totals, "by_class": by_class}, told(found.problems.counts)
            hides = any(table.attrs["cut"] for table in own.values())
        else:
            raise ValueError(f"found must be what assess or compare returns, got {found!r:.60}")
        own["problems"] = counts.to_frame()
        object.__setattr__(self, "tables", {name: own[name] for name in own if len(own[name])})
        object.__setattr__(self, "note", NOTE if hides or counts.isna().any() else "")

    def text(self) -> str:
        """Return it as text for a terminal: the tables that are not too wide for it.

        Returns
        -------
        str
            Of several lines.
        """
        parts = [self._rows_said()]
        for name, table in self.tables.items():
            if isinstance(self.found, Comparison) and name in WIDE:
                continue
            shown = _formatted(table.T if name == "totals" else table)
            parts.append(f"{TITLES[name]}\n{shown.to_string()}")
        return "\n\n".join([*parts, *filter(None, [self.note])])

    def json(self) -> dict[str, Any]:
        """Return it as entries that JSON has: each table as a list of its rows, null for NaN.

        Returns
        -------
        dict
            ``rows``, ``invalid_rows``, the tables by their names, and ``note``.
        """
        rows, invalid = self._rows()
        entries: dict[str, Any] = {"rows": rows, "invalid_rows": invalid}
        for name, table in self.tables.items():
            entries[name] = [_record(table, place) for place in range(len(table))]
        return entries | {"note": self.note}

    def page(self, *, title: str, policies: Mapping[str, Policy]) -> str:
        """Return it as one page of HTML that stands alone, with tables and pictures.

        Parameters
        ----------
        title : str
            What stands on top.
        policies : dict of str to Policy
            The rules, by the names that they have on the page: of a comparison its own.

        Returns
        -------
        str
            The page, the same for the same result.
        """
        found = self.found
        parts = [f"<h1>{html.escape(title)}</h1>", f"<p>{html.escape(self._rows_said())}</p>"]
        if self.note:
            parts.append(f"<p>{html.escape(self.note)} They have the sign {HIDDEN}</p>")
        for name, table in self.tables.items():
            if isinstance(found, Comparison) and name in WIDE:
                # One policy after the other: side by side they are wider than paper.
                for policy in dict.fromkeys(table.columns.get_level_values(0)[1:]):
                    side = table["all"].join(table[policy])
                    parts.append(_section(f"{TITLES[name]}: {policy}", side))
            else:
                parts.append(_section(TITLES[name], table.T if name == "totals" else table))
            if name == "changes_by_decile":
                assert isinstance(found, Comparison)
                parts += _pictures(found, [*policies][1:])
            if name == "by_class" and isinstance(found, Assessment):
                words = "Cost per month by class"
                parts.append(_picture(lambda ax, own=table: _cost_by_class(own, ax), words))
        for name, rules in policies.items():
            parts.append(_section(f"The rules: {name}", rules.table()))
            edges = borders(rules)
            losses = edges[edges["loss"] > 0].drop(columns=["below", "above"])
            said = f"{TITLES['borders']}: {name}"
            parts.append(_section(said, losses.set_index("border")) if len(losses) else "")
        body = "\n".join(filter(None, parts))
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
            f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        )

    def _rows(self) -> tuple[int, int | str]:
        kept = self.found if isinstance(self.found, Comparison) else self.found.summary
        few = 0 < kept.invalid_rows < FEW
        return kept.rows, f"under {FEW}" if few else kept.invalid_rows

    def _rows_said(self) -> str:
        rows, invalid = self._rows()
        left = f"{invalid:,}" if isinstance(invalid, int) else invalid
        return f"{rows:,} rows, of which {left} are left out of every total."


# Entries ------------------------------------------------------------------------------------------


def _record(table: pd.DataFrame, place: int) -> dict[str, Any]:
    names = [name or "name" for name in table.index.names]
    label = table.index[place]
    labels = label if isinstance(label, tuple) else (label,)
    record: dict[str, Any] = {
        str(name): _plain(value) for name, value in zip(names, labels, strict=True)
    }
    for column, value in table.iloc[place].items():
        own = record
        named: Any = column
        *above, last = named if isinstance(named, tuple) else (named,)
        for part in above:
            own = own.setdefault(str(part), {})
        own[str(last)] = _plain(value)
    return record


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


# Tables -------------------------------------------------------------------------------------------


def _formatted(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with numbers as they are read: shares in percent, a dot for what is hidden."""
    names = table.columns.get_level_values(-1)
    shown: dict[Any, list[str]] = {}
    for place, name in enumerate(names):
        values = table.iloc[:, place]
        by_row = table.index if str(name) not in (*SHARES, *MEANS) else [name] * len(table)
        shown[place] = [_said(value, str(row)) for value, row in zip(values, by_row, strict=True)]
    frame = pd.DataFrame(shown, index=_words(table.index))
    frame.columns = _words(table.columns)
    return frame


def _said(value: Any, name: str) -> str:
    if isinstance(value, str | bool) or not hasattr(value, "__float__"):
        return str(value)
    if math.isnan(value):
        return HIDDEN
    if math.isinf(value):
        return "none"
    if name in SHARES:
        return f"{100 * value:.1f} %"
    if name in MEANS:
        return f"{value:,.2f}"
    return f"{value:,.0f}" if abs(value) >= 1 or value == 0 else f"{value:.2f}"


def _words(index: pd.Index) -> pd.Index:
    if isinstance(index, pd.MultiIndex):
        labels = [tuple(str(part).replace("_", " ") for part in label) for label in index]
        names = [str(name or "").replace("_", " ") for name in index.names]
        return pd.MultiIndex.from_tuples(labels, names=names)
    words = [str(label).replace("_", " ") for label in index]
    return pd.Index(words, name=None if index.name is None else str(index.name))


def _section(title: str, table: pd.DataFrame) -> str:
    shown = _formatted(table).to_html(border=0, sparsify=True)
    return f'<h2>{html.escape(title)}</h2>\n<div class="table">\n{shown}\n</div>'


# Pictures -----------------------------------------------------------------------------------------


def _pictures(found: Comparison, names: Iterable[str]) -> list[str]:
    parts = []
    for name in names:
        for measure, words in (("households", "How many"), ("money", "How much")):
            parts.append(
                _picture(
                    lambda ax, name=name, measure=measure: plots.gainers_and_losers(
                        found, name, measure=measure, ax=ax
                    ),
                    f"{words} gain and lose by tenths of income: {name}",
                )
            )
    return parts


def _cost_by_class(table: pd.DataFrame, ax: Axes) -> None:
    own = table["cost_per_month"]
    ax.bar(range(len(own)), own.fillna(0.0), color=DARK, width=0.7)
    ax.set_xticks(range(len(own)), [str(name) for name in own.index])
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    ax.set_ylabel("cost per month")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _picture(draw: Callable[..., Any], words: str) -> str:
    """Return a picture inside the page: the same bytes for the same numbers."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 4.0), layout="constrained")
    draw(figure.subplots())
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "housing"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    data = base64.b64encode(drawn.getvalue()).decode()
    said = html.escape(words, quote=True)
    return f'<p><img alt="{said}" src="data:image/svg+xml;base64,{data}"></p>'
