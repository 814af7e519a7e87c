"""One style sheet for all pages, without the rules that none of them can use.

A theme brings the looks of everything that it can show; a browser matches each of its rules against
each element. What no page or script names is left out. Our own rules stand in
``template/_static/site.css``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2

__all__ = ["join", "names", "used"]

#: What a page gives its elements: classes and ids.
GIVEN = re.compile(r'\b(?:class|id)=(?:"([^"]*)"|\'([^\']*)\'|([^\s>]+))')
#: Links of a page to its style sheets.
SHEETS = re.compile(r'\s*<link(?=[^>]* rel="stylesheet")[^>]* href="([^"?]+)[^"]*"[^>]*>')
IMPORT = re.compile(r'@import "([^"]+)";')
#: Rules that hold other rules.
HOLDING = ("media", "supports", "container", "layer")


def join(site: Path) -> None:
    """Put the style sheets of all pages of a site into one, and let each page ask for that.

    Parameters
    ----------
    site : Path
        The built site; its pages change, and ``_static/style-….css`` is new.
    """
    pages = {path: path.read_text("utf8") for path in site.rglob("*.html")}
    sheets: dict[Path, None] = {}
    for path, text in pages.items():
        for href in SHEETS.findall(text):
            sheets[(path.parent / href).resolve()] = None
    scripts = (path.read_text("utf8") for path in site.glob("_static/**/*.js") if _ours(path))
    given = names(pages.values(), scripts)
    css = used("\n".join(map(_whole, sheets)), given)
    name = f"style-{hashlib.sha256(css.encode()).hexdigest()[:8]}.css"
    (site / "_static" / name).write_text(css, "utf8")
    for path, text in pages.items():
        up = "../" * (len(path.relative_to(site).parts) - 1)
        link = f'\n    <link rel="stylesheet" href="{up}_static/{name}">'
        # The page of a lost address has a style of its own, and no link.
        text = SHEETS.sub("", SHEETS.sub("<>", text, count=1)).replace("<>", link, 1)
        path.write_text(text, "utf8")
    for sheet in sheets:
        imported = IMPORT.findall(sheet.read_text("utf8"))
        for part in (sheet, *(sheet.parent / name for name in imported)):
            part.unlink(missing_ok=True)


def _ours(path: Path) -> bool:
    """Tell whether a script may name a class of a page: data do not."""
    return not path.stem.endswith(("-data", "-index"))


def _whole(sheet: Path) -> str:
    """Return a style sheet with what it imports."""
    return IMPORT.sub(lambda m: _whole(sheet.parent / m[1]), sheet.read_text("utf8"))


def names(pages: Iterable[str], scripts: Iterable[str] = ()) -> set[str]:
    """Return the classes and ids that pages give, and all words of scripts, which may give more.

    Examples
    --------
    >>> sorted(names(['<p class="big red" id=top>class here</p>'], ["add('shown')"]))
    ['add', 'big', 'red', 'shown', 'top']
    """
    found: set[str] = set()
    for page in pages:
        for given in GIVEN.findall(page):
            found.update("".join(given).split())
    for script in scripts:
        found.update(re.findall(r"[\w-]+", script))
    return found


def used(css: str, given: Set[str]) -> str:
    """Return a style sheet without the rules for classes and ids that are not given.

    Parameters
    ----------
    css : str
        The style sheet.
    given : set of str
        Classes and ids. What a selector names only inside ``:not()``, ``:is()`` and their like does
        not count.

    Examples
    --------
    >>> used("p.a, .b { top: 0 } .b > i { top: 1px } @media print { .b { top: 0 } }", {"a"})
    'p.a{top: 0}'
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(_kept(rules, given))


def _kept(rules: Sequence[Any], given: Set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _parted(rule.prelude) if _names(s) <= given]
            if selectors:
                head = ",".join(tinycss2.serialize(each).strip() for each in selectors)
                yield f"{head}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in HOLDING and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if body := "\n".join(_kept(inner, given)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        elif rule.type == "at-rule":
            yield rule.serialize()
        else:
            raise ValueError(f"line {rule.source_line} of the style: {rule.message}")


def _parted(prelude: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the selectors of a rule, which commas part."""
    part: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _names(selector: Sequence[Any]) -> set[str]:
    """Return the classes and ids that an element must have to fit a selector, or one above it."""
    found = {token.value for token in selector if token.type == "hash"}
    for before, token in pairwise(selector):
        if before.type == "literal" and before.value == "." and token.type == "ident":
            found.add(token.value)
    return found
