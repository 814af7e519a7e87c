"""What a register came to, to be read: tables as text, as JSON, and as a page that stands alone.

Nothing here tells of a household: there are no ids, and no cell that counts fewer than five.
"""

from __future__ import annotations

import base64
import html
import io
import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from housing import plots
from housing.plots._looks import DARK
from housing.policy import Policy
from housing.register import Assessment, Comparison, borders
from housing.register._cells import FEW, NOTE, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["as_json", "as_page", "as_text", "tables"]

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


def tables(found: Assessment | Comparison) -> dict[str, pd.DataFrame]:
    """Return what may be shown of a result, table by table.

    Parameters
    ----------
    found : Assessment or Comparison
        From `register.assess` or `register.compare`.

    Returns
    -------
    dict of str to DataFrame
        By the names of `Comparison`. Cells that count fewer than five rows are NaN.

    Raises
    ------
    ValueError
        If `found` is neither.

    Examples
    --------
    >>> from housing import register
    >>> city = pd.DataFrame({"size": 3, "income": [24_000] * 8, "owned_area": 0, "owned_price": 0})
    >>> found = register.assess(city.assign(wish="rent"))
    >>> tables(found)["by_class"].loc["lowest", ["households", "cost_per_month"]].tolist()
    [8.0, 3280.0]
    """
    if not isinstance(found, Assessment | Comparison):
        raise ValueError(f"found must be what assess or compare returns, got {found!r:.60}")
    if isinstance(found, Comparison):
        own = found.tables()
        counts = found.problems
    else:
        totals, by_class = found.tally.shown(found.policy)
        own = {"totals": totals, "by_class": by_class}
        counts = told(found.problems.counts)
    own["problems"] = counts.to_frame()
    return {name: table for name, table in own.items() if len(table)}


def as_text(found: Assessment | Comparison) -> str:
    """Return a result as text for a terminal: the tables that are not too wide for it.

    Parameters
    ----------
    found : Assessment or Comparison
        As for `tables`.

    Returns
    -------
    str
        Of several lines.

    Raises
    ------
    ValueError
        If `found` is neither.

    Examples
    --------
    >>> from housing import register
    >>> city = pd.DataFrame({"size": 3, "income": [24_000] * 8, "owned_area": 0, "owned_price": 0})
    >>> found = register.assess(city.assign(wish="rent"))
    >>> as_text(found).splitlines()[0]
    '8 rows, of which 0 are left out of every total.'
    """
    own = tables(found)
    parts = [_rows_said(found)]
    for name, table in own.items():
        if isinstance(found, Comparison) and name in WIDE:
            continue
        shown = _formatted(table.T if name == "totals" else table)
        parts.append(f"{TITLES[name]}\n{shown.to_string()}")
    return "\n\n".join([*parts, *filter(None, [_note(found)])])


def as_json(found: Assessment | Comparison) -> dict[str, Any]:
    """Return a result as entries that JSON has: each table as a list of its rows, null for NaN.

    Parameters
    ----------
    found : Assessment or Comparison
        As for `tables`.

    Returns
    -------
    dict
        ``rows``, ``invalid_rows``, the tables by the names of `tables`, and ``note``.

    Raises
    ------
    ValueError
        If `found` is neither.

    Examples
    --------
    >>> from housing import register
    >>> city = pd.DataFrame({"size": 3, "income": [24_000] * 8, "owned_area": 0, "owned_price": 0})
    >>> found = register.assess(city.assign(wish="rent"))
    >>> as_json(found)["totals"][0]["recipients"]
    8.0
    """
    own = tables(found)
    rows, invalid = _rows(found)
    entries: dict[str, Any] = {"rows": rows, "invalid_rows": invalid}
    for name, table in own.items():
        entries[name] = [_record(table, place) for place in range(len(table))]
    return entries | {"note": _note(found)}


def as_page(found: Assessment | Comparison, *, title: str, policies: Mapping[str, Policy]) -> str:
    """Return a result as one page of HTML that stands alone, with tables and pictures.

    Parameters
    ----------
    found : Assessment or Comparison
        As for `tables`.
    title : str
        What stands on top.
    policies : dict of str to Policy
        The rules, by the names that they have on the page: of a comparison its own.

    Returns
    -------
    str
        The page, the same for the same result.

    Raises
    ------
    ValueError
        If `found` is neither.

    Examples
    --------
    >>> from housing import register
    >>> city = pd.DataFrame({"size": 3, "income": [24_000] * 8, "owned_area": 0, "owned_price": 0})
    >>> found = register.assess(city.assign(wish="rent"))
    >>> page = as_page(found, title="A city", policies={"today": found.policy})
    >>> page.splitlines()[0]
    '<!doctype html>'
    """
    own = tables(found)
    parts = [f"<h1>{html.escape(title)}</h1>", f"<p>{html.escape(_rows_said(found))}</p>"]
    if _note(found):
        parts.append(f"<p>{html.escape(_note(found))} They have the sign {HIDDEN}</p>")
    for name, table in own.items():
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


# What is said -------------------------------------------------------------------------------------


def _rows(found: Assessment | Comparison) -> tuple[int, int | str]:
    kept = found if isinstance(found, Comparison) else found.summary
    few = 0 < kept.invalid_rows < FEW
    return kept.rows, f"under {FEW}" if few else kept.invalid_rows


def _rows_said(found: Assessment | Comparison) -> str:
    rows, invalid = _rows(found)
    left = f"{invalid:,}" if isinstance(invalid, int) else invalid
    return f"{rows:,} rows, of which {left} are left out of every total."


def _note(found: Assessment | Comparison) -> str:
    if isinstance(found, Comparison):
        hides = bool(found.note) or bool(found.problems.isna().any())
    else:
        hides = bool(told(found.problems.counts).isna().any())
        hides |= any(table.attrs["cut"] for table in found.tally.shown(found.policy))
    return NOTE if hides else ""


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
