"""What a register came to, to be read: tables as text, as JSON, and as a page that stands alone.

The module is one report, in three forms.
"""

from __future__ import annotations

import base64
import html
import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width
from warnings import catch_warnings, filterwarnings

import numpy as np
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
    "terms": "The rules",
}
#: What stands beside tables, for the page and the command.
LOSSES_ARE_OF = (
    "Of a household that owns no home and wishes to rent or to buy. Amounts are money per year."
)
SHARES = ("coverage", "poverty_rate", "poverty_gap", "poverty_severity", "mean_rate")
MEANS = ("mean", "mean_subsidy", "below", "above")
#: Too wide for a terminal, where several policies stand beside each other.
WIDE = ("by_class", "by_decile", "by_group")
#: What a mean of nobody, and such like, is told by: the column that is 0 then.
BASES = {
    "mean": "households",
    "mean_subsidy": "recipients",
    "mean_rate": "households",
    "coverage": "households",
}
HIDDEN, UNDEFINED, DIFFERS = "·", "–", "*"

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; margin: 0 0 2rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #ccc; }
th { text-align: left; font-weight: 600; }
thead th { text-align: right; }
.table { overflow-x: auto; }
img { max-width: 100%; }
img { width: 50rem; }
@page { size: A4 landscape; margin: 1.2cm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 8pt; line-height: 1.3; }
  .table { overflow: visible; }
  th, td { padding: 0.1rem 0.35rem; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
  tr, img { break-inside: avoid; }
  img { width: 16cm; }
}
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
            shown = _formatted(table)
            shown = shown.T if name == "totals" else shown
            said = f"{self._beside(name)}\n" if self._beside(name) else ""
            parts.append(f"{TITLES[name]}\n{said}{shown.to_string()}")
        return "\n\n".join([*parts, *self._signs("\n\n".join(parts))])

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
        start = len(parts)
        for name, table in self.tables.items():
            if isinstance(found, Comparison) and name in WIDE:
                # One policy after the other: side by side they are wider than paper.
                for policy in dict.fromkeys(table.columns.get_level_values(0)[1:]):
                    side = table["all"].join(table[policy])
                    parts.append(_section(f"{TITLES[name]}: {policy}", _formatted(side)))
            else:
                shown = _formatted(table)
                shown = shown.T if name == "totals" else shown
                parts.append(_section(TITLES[name], shown, self._beside(name)))
            if name == "changes_by_decile":
                assert isinstance(found, Comparison)
                parts += _pictures(found, [*policies][1:])
            if name == "by_class" and isinstance(found, Assessment):
                words = "Cost per month by class"
                parts.append(_picture(lambda ax, own=table: _cost_by_class(own, ax), words))
        parts += _rules(policies)
        signs = self._signs("".join(parts[start:]))
        parts[start:start] = [f"<p>{html.escape(words)}</p>" for words in signs]
        body = "\n".join(filter(None, parts))
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
            f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        )

    def _beside(self, name: str) -> str:
        """Return what is said beside a table: of poverty its line, and who is counted."""
        found = self.found
        if name == "largest_losers":
            return "Rows of the register are counted, whatever their weights."
        if name != "poverty" or not isinstance(found, Comparison):
            return ""
        who = "households" if found.unit == "household" else "the persons of households"
        return (
            f"Counted as poor are {who} whose income a year, divided by the size to the power of "
            f"{found.equivalence:g}, is below the line of {found.poverty_line:,.10g}. A subsidy "
            "counts as income."
        )

    def _signs(self, shown: str) -> list[str]:
        """Return what the signs for what is not shown mean, of those that there are."""
        said = [f"{self.note} They have the sign {HIDDEN}"] if self.note else []
        if UNDEFINED in shown:
            said.append(f"The sign {UNDEFINED} stands for what is not defined: a mean of nobody.")
        return said

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
    """Return a table with numbers as they are read: shares in percent, signs for what is none."""
    names = table.columns.get_level_values(-1)
    shown: dict[Any, list[str]] = {}
    for place, name in enumerate(names):
        said = [_said(value, str(name)) for value in table.iloc[:, place]]
        undefined = _undefined(table, place)
        shown[place] = [
            UNDEFINED if none else word for word, none in zip(said, undefined, strict=True)
        ]
    frame = pd.DataFrame(shown, index=_words(table.index))
    frame.columns = _words(table.columns)
    return frame


def _undefined(table: pd.DataFrame, place: int) -> list[bool]:
    """Tell which entries of a column are a share, or a mean, of nobody."""
    *above, name = _parts(table.columns[place])
    base = (*above, BASES.get(name, ""))
    others = [_parts(label) for label in table.columns]
    if base not in others and above:
        base = ("all", base[-1])
    if base not in others:
        return [False] * len(table)
    return [bool(value == 0) for value in table.iloc[:, others.index(base)]]


def _parts(label: Any) -> tuple[str, ...]:
    return tuple(map(str, label)) if isinstance(label, tuple) else (str(label),)


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


def _section(title: str, shown: pd.DataFrame, beside: str = "") -> str:
    said = f"<p>{html.escape(beside)}</p>\n" if beside else ""
    table = shown.to_html(border=0, sparsify=True)
    return f'<h2>{html.escape(title)}</h2>\n{said}<div class="table">\n{table}\n</div>'


# Rules --------------------------------------------------------------------------------------------


def _rules(policies: Mapping[str, Policy]) -> list[str]:
    """Return what each policy says, with a mark where it is not what the first says."""
    first, *others = policies
    told = f"{DIFFERS} is what differs from {first}." if others else ""
    terms = {name: _exact(rules.terms().to_frame(name)) for name, rules in policies.items()}
    own = terms[first][first]
    beside = pd.DataFrame({name: _marked(table[name], own) for name, table in terms.items()})
    # Thresholds are in the policies alone that have them, and in no order of the alphabet.
    order = [*dict.fromkeys(word for table in terms.values() for word in table.index)]
    parts = [_section(TITLES["terms"], beside.reindex(order).fillna("none"), told)]
    classes = _exact(policies[first].table())
    for name, rules in policies.items():
        table = _exact(rules.table())
        for column in table:
            former = classes.get(column, pd.Series("", classes.index))
            table[column] = _marked(table[column], former)
        parts.append(_section(f"{TITLES['terms']}: {name}", table, told))
    for name, rules in policies.items():
        edges = borders(rules)
        losses = edges[edges["loss"] > 0].drop(columns=["below", "above"]).set_index("border")
        if len(losses):
            said = f"{TITLES['borders']}: {name}"
            parts.append(_section(said, _formatted(losses), LOSSES_ARE_OF))
    return parts


def _exact(table: pd.DataFrame) -> pd.DataFrame:
    """Return entries of a policy as they were given, and not rounded as results are."""
    return table.map(word).astype(object)


def word(value: Any) -> str:
    if isinstance(value, str | bool | np.bool_):
        return {"True": "yes", "False": "no"}.get(str(value), str(value))
    return "none" if math.isinf(value) else f"{value:,.10g}"


def _marked(column: pd.Series, former: pd.Series) -> pd.Series:
    """Return words with a mark on those that another column has otherwise, or not at all."""
    there = former.reindex(column.index)
    return column.where(column == there, column + f" {DIFFERS}")


# Pictures -----------------------------------------------------------------------------------------


#: Text stays text, for the reader's own fonts to show: those of one machine lack Chinese.
LOOKS: dict[Any, Any] = {
    "svg.hashsalt": "housing",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
}
#: Width and height of a picture in inches, and of a letter in points.
SIZE, EM = (8.0, 4.0), 12.0
#: Halves of a letter that the name of a class may have beside a picture.
LONGEST = 36


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
    names = [_short(str(name)) for name in own.index]
    ax.barh(range(len(own)), own.fillna(0.0), color=DARK, height=0.7)
    # A name may be long, or of letters that the reader's fonts have and this machine's have not:
    # what it takes is reckoned, and not measured.
    wide = max(map(_width, names)) * EM / 2
    left = (wide + EM) / (72 * SIZE[0])
    ax.set_position((left, 0.15, 0.94 - left, 0.82))
    ax.set_yticks(range(len(own)), names)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    ax.set_xlabel("cost per month")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _width(name: str) -> int:
    """Return how wide a name is, in halves of a letter as wide as it is high."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in name)


def _short(name: str) -> str:
    """Return a name that leaves room for a picture: the table beside it has all of it."""
    while _width(name) > LONGEST:
        name = name.removesuffix("…")[:-1] + "…"
    return name


def _picture(draw: Callable[..., Any], words: str) -> str:
    """Return a picture inside the page: the same bytes for the same numbers."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    drawn = io.BytesIO()
    with mpl.rc_context(LOOKS), catch_warnings():
        # Whoever reads the page has letters that this machine lacks.
        filterwarnings("ignore", r"Glyph \d+ .* missing", UserWarning)
        draw(figure.subplots())
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    data = base64.b64encode(drawn.getvalue()).decode()
    said = html.escape(words, quote=True)
    return f'<p><img alt="{said}" src="data:image/svg+xml;base64,{data}"></p>'
