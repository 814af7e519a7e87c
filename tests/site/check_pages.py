"""Every page of the built site: its size, its looks for all eyes, its links: ``make site-test``."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import tinycss2
from built import PAGES, PHONE, ROWS, anchors, excesses, sizes
from conftest import AXE, DESK, SITE, Visit

#: Pages that are looked at whole before they are thinned.
LONG = [path for path in PAGES if not path.startswith("api/")]
#: One page of each folder, and the one that has no article.
FIRST = {"404.html", *{str(Path(path).parent): path for path in reversed(PAGES)}.values()}
#: Pages of one folder go to one process, which then sees their kinds of elements but once.
BY_FOLDER = [
    pytest.param(path, marks=pytest.mark.xdist_group(path.partition("/")[0])) for path in PAGES
]
#: The rules on colours.
COLOURS = ["color-contrast", "link-in-text-block"]
#: Colours go by the kind of an element: its own name, classes and style, those around it, and what
#: in it rules for colours ask for. Two of a kind are kept, since stripes go by turns, with all that
#: is around them, and each part of a list of definitions, which is none without. To look at every
#: one of ten thousand alike would take minutes. How often each kind was kept, here and on the pages
#: before, goes in and comes out, in one piece: a browser and its driver would hand over each name
#: by itself.
THIN = """(known) => {
  const own = (e) => [e.localName, ...[...e.classList].sort()].join('.') +
    (e.getAttribute('style') || '');
  const seen = new Map(Object.entries(JSON.parse(known)));
  const wanted = (e, around) => {
    const kind = around + ' ' + own(e);
    const key = kind + ': ' + HOLDING.filter((each) => e.querySelector(each));
    const times = (seen.get(key) || 0) + 1;
    seen.set(key, Math.min(times, 2));
    const inside = [...e.children].filter((child) => wanted(child, kind));
    if (times <= 2 || inside.length) return true;
    if (!/^d[dt]$/.test(e.localName)) e.remove();
    return false;
  };
  const HOLDING = %s;
  for (const formula of document.querySelectorAll('math')) formula.remove();
  for (const part of document.querySelectorAll('article > *, nav > *')) wanted(part, '');
  return JSON.stringify(Object.fromEntries(seen));
}"""
#: What makes another kind of what it stands in: for a rule of the style, or for axe's on links.
HOLDING = ("a", "table.dataframe", ".highlight")
THIN %= json.dumps(HOLDING)
NONE_YET = "{}"


#: Takes away what stands around an article, but for the head, which scripts measure.
ALONE = """() => {
  const article = document.querySelector('article');
  for (const e of document.querySelectorAll('body *')) {
    if (!e.contains(article) && !article.contains(e) && !e.closest('header')) e.remove();
  }
}"""

#: The scheme of a page, once it has answered that of the system.
SCHEME = """(wanted) => new Promise((done) => {
  const look = (pictures) => {
    const scheme = document.documentElement.dataset.theme;
    if (scheme === wanted || !pictures) done(scheme);
    else requestAnimationFrame(() => look(pictures - 1));
  };
  look(60);
})"""

#: What axe finds serious or critical, in as few words as are told: its whole answer is megabytes
#: for some pages. Its other rules are not asked.
RUN = """async ([where, { without, ...options }]) => {
  const asked = axe._audit.rules.filter(
    (rule) => ['serious', 'critical'].includes(rule.impact) && rule.enabled &&
      !rule.tags.includes('experimental') && !without.includes(rule.id)
  ).map((rule) => rule.id);
  const { violations } = await axe.run(where, { runOnly: asked, ...options });
  return violations.map(
    (rule) => `${rule.id}: ${rule.nodes.length}, first ${rule.nodes[0].html.slice(0, 200)}`
  );
}"""


#: From where axe is fetched, which a browser compiles but once.
LOAD = """(src) => new Promise((done) => {
  document.head.append(Object.assign(document.createElement('script'), { src, onload: done }));
})"""


def offences(
    visit: Visit, where: str = "html", without: Sequence[str] = (), **options: object
) -> list[str]:
    """Return what axe finds serious or critical on a part of the page that is open."""
    if not visit.page.evaluate("Boolean(window.axe)"):
        visit.page.evaluate(LOAD, AXE)
    # It would fetch style sheets anew, and some from where they are not.
    given = {"resultTypes": ["violations"], "selectors": False, "iframes": False, "preload": False}
    return visit.page.evaluate(RUN, [where, given | {"without": [*without], **options}])


@pytest.fixture(scope="session")
def kinds() -> defaultdict[str, str]:
    """How often an element of each kind was looked at for its colours on a folder's pages."""
    return defaultdict(lambda: NONE_YET)


@pytest.mark.parametrize("path", BY_FOLDER)
def test_a_page_is_sound_in_light_and_dark_wide_and_narrow(visit, kinds, path, record_property):
    page = visit.open(path)
    wide = sizes(page) | {"html": (SITE / path).stat().st_size}
    assert excesses(wide) == {}
    if path in LONG:
        assert offences(visit, without=COLOURS) == []
    visit.resize(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    narrow = sizes(page)
    assert excesses(narrow) == {}
    # The worst of all pages are printed at the end.
    record_property("sizes", (path, wide, narrow))
    page.evaluate(THIN, NONE_YET)
    # A colour that is on its way to another is neither.
    page.add_style_tag(content="* { transition: none !important; }")
    # Every rule on a telephone; what a scheme or window can change is colour, and what stands
    # around a page has the same ones on all of a folder.
    assert offences(visit, without=COLOURS) == []
    if path not in FIRST:
        folder = str(Path(path).parent)
        kinds[folder] = page.evaluate(THIN, kinds[folder])
        page.evaluate(ALONE)
    # No rule for a wide window colours an article: see below.
    where, windows = ("html", [PHONE, DESK]) if path in FIRST else ("article", [PHONE])
    for window in windows:
        if window != PHONE:
            visit.resize(window)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            # The page of a lost address brings its own style, which follows the scheme by itself.
            assert path == "404.html" or page.evaluate(SCHEME, scheme) == scheme
            assert offences(visit, where, runOnly=COLOURS) == [], (scheme, window)


def test_what_a_wide_window_colours_stands_around_an_article():
    """So colours need no second look in one, and the narrow one has rules of its own."""
    (sheet,) = (SITE / "_static").glob("style-*.css")
    found = {
        selector.strip().partition(" ")[0].partition(":")[0]
        for media, selector, name in coloured(sheet.read_text("utf8"))
        if "min-width" in media
        for selector in selector.split(",")
    }
    assert {name.partition(".pst")[0] for name in found} <= {
        ".navbar-expand-lg",
        ".bd-sidebar-primary",
    }
    assert found


def coloured(sheet: str) -> Iterator[tuple[str, str, str]]:
    """Yield what rules for windows of some widths colour: condition, selector, property."""
    for rule in tinycss2.parse_stylesheet(sheet):
        if rule.type == "at-rule" and "width" in tinycss2.serialize(rule.prelude):
            for inner in tinycss2.parse_rule_list(rule.content or []):
                if inner.type == "qualified-rule":
                    for each in tinycss2.parse_declaration_list(inner.content):
                        if each.type == "declaration" and re.fullmatch(
                            "color|background.*|opacity|fill|--.*color.*", each.lower_name
                        ):
                            media, selector = map(tinycss2.serialize, (rule.prelude, inner.prelude))
                            yield media, selector, each.lower_name


@pytest.mark.parametrize("path", PAGES)
def test_no_link_is_dead_and_no_anchor_is_there_twice(path):
    own = anchors(path)
    dead = []
    for link in set(own.links):
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "mailto", "data"):
            continue
        from_here = SITE if parts.path.startswith("/") else (SITE / path).parent
        target = from_here / unquote(parts.path).lstrip("/") if parts.path else SITE / path
        target = target / "index.html" if target.is_dir() else target
        if not target.exists():
            dead.append(link)
        elif parts.fragment and target.suffix == ".html":
            name = target.resolve().relative_to(SITE.resolve()).as_posix()
            if unquote(parts.fragment) not in anchors(name).ids:
                dead.append(link)
    assert dead == []
    assert [name for name, times in own.ids.items() if times > 1] == []


def test_every_row_of_the_ledger_leads_to_an_anchor():
    text = (SITE / "_static" / "ledger-data.js").read_text("utf8")
    data = json.loads(text.strip().removeprefix("window.LEDGER = ").removesuffix(";"))
    dead = []
    for row in data["rows"]:
        if row[-1] not in anchors(data["pages"][row[-2]]).ids:
            dead.append(row)
    assert dead == []
    assert len(data["rows"]) == len(ROWS)


def test_every_formula_is_set():
    texts = {path: (SITE / path).read_text("utf8") for path in PAGES}
    having = {path for path, text in texts.items() if "<math" in text}
    assert {path.partition("/")[0] for path in having} >= {"notebooks", "api"}
    # None is left as TeX has it, and each says in which of its boxes it stands.
    assert [path for path, text in texts.items() if re.search(r"\\[(\[]", unmarked(text))] == []
    boxes = {path: text.count('class="math"') for path, text in texts.items()}
    assert boxes == {path: text.count("<math") for path, text in texts.items()}


def unmarked(page: str) -> str:
    """Return the words of a page, code aside."""
    return re.sub(r"<[^>]+>", "", re.sub(r"(?s)<(pre|code|script|style)\b.*?</\1>", "", page))


def test_every_notebook_can_be_taken_along_from_each_of_its_pages():
    for path in PAGES:
        if re.match(r"notebooks/\d", path):
            name = path.removesuffix(".html").split("/")[1]
            links = {urlsplit(link).path for link in anchors(path).links}
            assert any(link.endswith(f"downloads/notebooks/{name}.ipynb") for link in links), path


def test_every_picture_is_loaded_when_it_comes_near():
    eager = re.compile(r'<img (?![^>]*loading="lazy")[^>]*>')
    assert [path for path in PAGES if eager.search((SITE / path).read_text("utf8"))] == []


def test_every_page_says_what_it_is_about():
    """To those who show a link to it."""
    silent = []
    for path in PAGES:
        text = (SITE / path).read_text("utf8")
        # In words: nothing of the page's own marks.
        told = re.findall(r'<meta (?:name|property)="(description|og:\w+)" content="([^"]+)"', text)
        said = {name for name, words in told if "</" not in unescape(words)}
        if path != "404.html" and not {"description", "og:title", "og:description"} <= said:
            silent.append(path)
    assert silent == []
