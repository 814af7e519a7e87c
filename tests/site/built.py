"""The built site as its tests see it: its pages, how large each is, and where its links lead."""

from __future__ import annotations

from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from conftest import SITE
from playwright.sync_api import Page

from compendium.project import Project
from compendium.verdict import conclusions, ledger, what_if

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
ROWS = ledger.read(Project().ledger)
TABLE_5_4 = [row for row in ROWS if (row.source, row.exhibit) == ("world_bank", "Table 5.4")]
FILTERED = "ledger.html?source=world_bank&exhibit=Table+5.4"
CONCLUSIONS = conclusions.read(Project().conclusions)
WHAT_IFS = what_if.read(Project().what_ifs)
PHONE = {"width": 360, "height": 740}
#: What no page may exceed: bytes of its HTML, its elements, stops of the tab key, and bytes that it
#: needs before it is there, not compressed.
HTML, ELEMENTS, STOPS, SERVED = 600_000, 12_000, 150, 900_000
SIZES = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const all = [page, ...performance.getEntriesByType('resource')];
  // Every picture is asked for when it comes near, which a browser begins before the page is there.
  const needed = all.filter(
    (e) => e.startTime < page.loadEventStart && e.initiatorType !== 'img'
  );
  const stops = [...document.querySelectorAll(
    'a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex]'
  )].filter(
    (e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })
  );
  return {
    elements: document.querySelectorAll('*').length,
    stops: stops.length,
    served: needed.reduce((sum, e) => sum + e.decodedBodySize, 0),
  };
}"""
MOST = {"html": HTML, "elements": ELEMENTS, "stops": STOPS, "served": SERVED}


def sizes(page: Page) -> dict[str, int]:
    """Return how large the page is that is open."""
    return page.evaluate(SIZES)


def excesses(found: dict[str, int]) -> dict[str, int]:
    """Return in what a page is larger than a page may be."""
    return {name: count for name, count in found.items() if count > MOST[name]}


class Anchors(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.feed(path.read_text("utf8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what leads somewhere, and where something can lead."""
        given = dict(attrs)
        if "id" in given:
            self.ids[given["id"] or ""] += 1
        self.links += [given[name] or "" for name in ("href", "src") if name in given]


@cache
def anchors(page: str) -> Anchors:
    return Anchors(SITE / page)
