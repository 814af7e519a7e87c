"""What a visitor of the built site meets: run by ``make site-test``."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
import tinycss2
from conftest import AXE, DESK, SITE, Visit
from playwright.sync_api import Page, expect

from compendium.page.numerals import fixed
from compendium.project import Project
from compendium.verdict import conclusions, ledger, what_if

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
ROWS = ledger.read(Project().ledger)
CONCLUSIONS = conclusions.read(Project().conclusions)
TABLE_5_4 = [row for row in ROWS if (row.source, row.exhibit) == ("world_bank", "Table 5.4")]
FILTERED = "ledger.html?source=world_bank&exhibit=Table+5.4"
WHAT_IFS = what_if.read(Project().what_ifs)
PHONE = {"width": 360, "height": 740}
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
#: The scheme of a page, once it has answered that of the system.
SCHEME = """(wanted) => new Promise((done) => {
  const look = (pictures) => {
    const scheme = document.documentElement.dataset.theme;
    if (scheme === wanted || !pictures) done(scheme);
    else requestAnimationFrame(() => look(pictures - 1));
  };
  look(60);
})"""


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


# Every page ----------------------------------------------------------------------------------


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


# The ledger ----------------------------------------------------------------------------------


def test_the_filter_finds_the_rows_of_table_5_4(visit):
    page = visit.open("ledger.html")
    expect(page.locator("#count")).to_have_text(
        f"{len(ROWS):,} of {len(ROWS):,} numbers, 1 to 50 shown"
    )
    page.get_by_label("Source").select_option("world_bank")
    page.get_by_label("Exhibit").select_option("Table 5.4")
    expect(page.locator("#count")).to_contain_text(f"{len(TABLE_5_4)} of ")
    assert len(TABLE_5_4) == 70
    assert page.url.endswith(FILTERED)
    page.get_by_role("button", name="Next").click()
    assert page.locator("#ledger tbody tr").count() == len(TABLE_5_4) - 50
    page.get_by_label("Verdict").select_option("unresolved")
    row = page.locator("#ledger tbody tr")
    expect(row).to_have_count(sum(row.verdict == "unresolved" for row in TABLE_5_4))
    expect(row.first).to_contain_text("13,967")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#count")).to_contain_text(f"{len(ROWS):,} of ")


def test_text_and_misreads_are_found(visit):
    page = visit.open("ledger.html?text=minxin+garden")
    wanted = [row for row in ROWS if "minxin" in str(row).lower() and "garden" in str(row).lower()]
    expect(page.locator("#count")).to_contain_text(f"{len(wanted)} of ")
    page = visit.open("ledger.html?misread=1")
    misread = sum(bool(row.misread_as) for row in ROWS)
    expect(page.locator("#count")).to_contain_text(f"{misread} of ")
    page = visit.open("ledger.html?doubt=1")
    doubtful = [row for row in ROWS if row.doubt]
    expect(page.locator("#count")).to_contain_text(f"{len(doubtful)} of ")
    expect(page.locator("#ledger tbody tr").first).to_contain_text(
        f"or {doubtful[0].doubt.replace('|', ', ')}"
    )


def test_the_address_keeps_what_is_seen(visit):
    page = visit.open(f"{FILTERED}&sort=-printed")
    seen = page.locator("#ledger tbody").inner_text()
    expect(page.get_by_label("Exhibit")).to_have_value("Table 5.4")
    page = visit.open(page.url.removeprefix(visit.base))
    assert page.locator("#ledger tbody").inner_text() == seen
    assert "38,100" not in seen or seen.index("38,100") > 0


def test_sorting_works_by_keyboard(visit):
    page = visit.open(FILTERED)
    head = page.locator("#ledger thead th").nth(2)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    first = page.locator("#ledger tbody tr").first.locator("td").nth(1)
    numbers = sorted(float(row.printed.replace(",", "").rstrip("%")) for row in TABLE_5_4)
    expect(first).to_have_text(f"{numbers[0]:g}")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).to_have_text(f"{numbers[-1]:,.0f}")


def test_a_row_leads_to_its_number_and_the_notebook_leads_back(visit):
    page = visit.open(f"{FILTERED}&verdict=unresolved")
    page.locator("#ledger tbody a").first.click()
    target = page.locator(":target")
    expect(target).to_contain_text("13,967")
    expect(target).to_be_in_viewport()
    cell = page.locator(".cell", has=target)
    if (fold := cell.locator("details.to-ledger summary")).count():
        fold.click()
    cell.get_by_role("link", name="Table 5.4", exact=True).click()
    expect(page.locator("#count")).to_contain_text(f"{len(TABLE_5_4)} of ")


def test_a_number_leads_back_to_its_row(visit):
    page = visit.open(f"{FILTERED}&verdict=unresolved")
    page.locator("#ledger tbody a").first.click()
    page.locator(":target .to-row").click()
    row = page.locator("#row")
    expect(row).to_contain_text("13,967")
    expect(row).to_be_in_viewport()
    # Any other number of the table has the way, too, for who touches it.
    page.go_back()
    page.locator("td#table-5-4-n20").click()
    expect(page.locator(".to-row")).to_have_count(1)
    page.locator("td#table-5-4-n20 .to-row").click()
    expect(page.locator("#row b")).to_have_text(TABLE_5_4[19].printed)


def test_a_number_in_a_folded_table_is_unfolded(visit):
    pattern = re.compile(r"<details><summary>all \d+ rows.*?<td id=\"?([\w-]+)", re.DOTALL)
    texts = ((path, (SITE / path).read_text("utf8")) for path in PAGES if "1_world_bank/" in path)
    path, folded = next((path, f[1]) for path, text in texts if (f := pattern.search(text)))
    page = visit.open(f"{path}#{folded}")
    expect(page.locator(f"#{folded}")).to_be_in_viewport()


def test_the_rows_that_are_seen_can_be_taken_away(visit):
    page = visit.open(f"{FILTERED}&sort=-printed")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these rows").click()
    with Path(waiting.value.path()).open(encoding="utf8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [field.name for field in fields(ledger.Row)]
    assert Counter(map(tuple, rows[1:])) == Counter(map(astuple, TABLE_5_4))


def test_paper_has_all_rows_that_are_seen(visit):
    page = visit.open("ledger.html?verdict=erratum")
    errata = sum(row.verdict == "erratum" for row in ROWS)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#ledger tbody tr")).to_have_count(errata)
    assert errata > 50
    # Nothing is cut off: no cell is wider than it may be, none is over the next.
    page.set_viewport_size({"width": 720, "height": 1000})
    wide = "cells => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).map((c) => c.outerHTML)"
    assert page.locator("#ledger :is(th, td)").evaluate_all(wide) == []
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#ledger tbody tr")).to_have_count(50)


def test_the_errata_are_printed_whole(visit):
    page = visit.open("errata.html")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    errata = sum(row.verdict == "erratum" for row in ROWS)
    expect(page.locator("article .errata li:visible")).to_have_count(errata)


@pytest.mark.parametrize("path", ["ledger.html", "conclusions.html"])
def test_no_filter_makes_a_page_large(visit, path):
    page = visit.open(path)
    seen = 0
    # The rows of an exhibit are among those of its source.
    for select in page.locator("#filters select:not([name=exhibit])").all():
        for value in select.locator("option").evaluate_all("all => all.map((o) => o.value)"):
            select.select_option(value)
            assert excesses(sizes(page)) == {}, value
            seen += 1
        page.get_by_role("button", name="Show all").click()
    for tick in page.locator("#filters input[type=checkbox]").all():
        tick.check()
        assert excesses(sizes(page)) == {}
    assert seen > len({row.source for row in ROWS}) + len({row.verdict for row in ROWS}) - 1


# The conclusions -----------------------------------------------------------------------------


def test_conclusions_are_filtered_and_the_address_keeps_it(visit):
    page = visit.open("conclusions.html")
    rows = page.locator("#conclusions tbody tr:visible")
    expect(rows).to_have_count(len(CONCLUSIONS))
    page.get_by_label("Verdict").select_option("falls")
    falling = [row for row in CONCLUSIONS if row.verdict == "falls"]
    expect(rows).to_have_count(len(falling))
    expect(page.locator("#count")).to_have_text(f"{len(falling)} of {len(CONCLUSIONS)} conclusions")
    page.get_by_label("Source").select_option("guo_wang")
    address = page.url
    assert address.endswith("conclusions.html?source=guo_wang&verdict=falls")
    page.goto(address)
    expect(rows).to_have_count(sum(row.source == "guo_wang" for row in falling))
    page.get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(len(CONCLUSIONS))


def test_a_conclusion_leads_to_its_test_and_the_notebook_leads_back(visit):
    page = visit.open("conclusions.html")
    page.locator("#guo-wang-3 a").click()
    target = page.locator(":target")
    expect(target).to_contain_text("states_part")
    page.locator(".cell", has=target).or_(target).get_by_role("link", name="3", exact=True).click()
    expect(page.locator("#guo-wang-3")).to_be_in_viewport()


# By other ways -------------------------------------------------------------------------------


def test_the_site_works_from_files(browser):
    context = browser.new_context()
    visit = Visit(context.new_page(), f"{SITE.resolve().as_uri()}/")
    page = visit.open(FILTERED)
    expect(page.locator("#count")).to_contain_text(f"{len(TABLE_5_4)} of ")
    page.get_by_label("Verdict").select_option("unresolved")
    page.locator("#ledger tbody a").first.click()
    expect(page.locator(":target")).to_contain_text("13,967")
    assert page.evaluate("document.fonts.load('16px Formulas').then((found) => found.length)") == 1
    assert visit.complaints == []
    context.close()


def test_without_scripts_the_ledger_offers_its_file(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}ledger.html")
    expect(page.get_by_role("link", name="ledger.csv").first).to_be_visible()
    context.close()


def test_formulas_can_be_read_aloud_without_scripts(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}notebooks/2_shan/the-loans-behind-the-interest.html")
    formulas = page.get_by_role("math")
    assert formulas.count() == page.locator("math").count() > 10
    assert "- math: L 1" in [formula.aria_snapshot() for formula in formulas.all()]
    context.close()


# Search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "href"),
    [
        ("286", "286", "ledger.html?number=286"),
        ("10.796", "10.796", "ledger.html?number=10.796"),
        ("13,967", "13,967", "ledger.html?number=13967"),
        ("Table 5.4", "Table 5.4", "notebooks/1_world_bank/"),
        ("table 5.4", "Table 5.4", "notebooks/1_world_bank/"),
        ("Can a household buy?", "Can a household buy?", "#Can-a-household-buy?"),
        ("annuity_factor", "housing.mortgage.annuity_factor", "#housing.mortgage.annuity_factor"),
        ("annuity factor", "housing.mortgage.annuity_factor", "#housing.mortgage.annuity_factor"),
    ],
)
def test_the_search_finds(visit, query, title, href):
    asked = []
    visit.page.on("request", lambda request: asked.append(request.url))
    page = visit.open(f"search.html?q={quote(query)}")
    first = page.locator("#search-results li a").first
    expect(first).to_have_text(title)
    assert href in first.get_attribute("href")
    # No page is fetched to say what is on it.
    assert [url.partition("?")[0] for url in asked if ".html" in url] == [
        f"{visit.base}search.html"
    ]
    first.click()
    if "ledger" in href:
        number = query.replace(",", "")
        there = sum(re.sub(r"[,%\s]", "", row.printed) == number for row in ROWS)
        expect(page.locator("#count")).to_contain_text(f"{there} of ")
    else:
        expect(page.locator(":target")).to_be_in_viewport()


def test_the_search_in_the_head_leads_to_the_page_of_search(visit):
    page = visit.open("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("Table 5.4")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_have_text("Table 5.4")


# Old addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old",
    [
        "1_world_bank.html#Can-a-household-buy?",
        "1_world_bank.html#can-a-household-buy",
        "1_world_bank.html#table-5-4-n12",
        "2_shan.html#The-rent",
        "4_xuan.html#Is-equation-8-used?",
    ],
)
def test_an_old_address_leads_to_the_chapter(visit, old):
    page = visit.open(f"notebooks/{old}")
    page.wait_for_url("**/notebooks/*/*.html*")
    expect(page.locator(":target")).to_be_in_viewport()
    assert page.url.endswith(old.partition("#")[2])


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


# What-ifs -------------------------------------------------------------------------------------


def test_the_site_has_what_ifs():
    assert len(WHAT_IFS) >= 6
    assert all(len(told["inputs"]) >= 2 for told in WHAT_IFS.values())


def shown(answer, number) -> str:
    """Return an answer as a reader sees it."""
    if "words" in answer:
        return answer["words"][number]
    if number is None:
        return answer["none"]
    return fixed(number / 10 ** answer["kept"], answer["decimals"], ",")


@pytest.mark.parametrize("id", WHAT_IFS)
def test_a_what_if_is_moved_by_keyboard(visit, id):
    told = WHAT_IFS[id]
    path = next(p for p in PAGES if f'data-what-if="{id}"' in (SITE / p).read_text("utf8"))
    page = visit.open(path)
    box = page.locator(f'[data-what-if="{id}"]')
    sliders, answers = box.get_by_role("slider"), box.locator("dd b")
    # At first it says what the notebook's table says, which Python wrote.
    box.locator("summary").click()
    first = box.locator("table tr").nth(1).locator("td").all_inner_texts()
    assert answers.all_inner_texts() == first[len(told["inputs"]) :]
    for key, place in (("Home", 0), ("End", -1)):
        for number, own in enumerate(told["inputs"]):
            slider = sliders.nth(number)
            expect(slider).to_have_accessible_name(own["label"])
            slider.focus()
            page.keyboard.press(key)
            said = slider.get_attribute("aria-valuetext")
            assert said.endswith(own["unit"])
            value = said.removesuffix(own["unit"]).strip().replace(",", "")
            end = own["values"][place]
            assert value == end if isinstance(end, str) else float(value) == end
        wanted = [shown(answer, answer["values"][place]) for answer in told["answers"]]
        assert answers.all_inner_texts() == wanted
    said = box.get_by_role("status")
    expect(said).to_contain_text(f"{told['answers'][0]['label']}: {wanted[0]}")
    box.get_by_role("button", name="As at first").press("Enter")
    assert answers.all_inner_texts() == first[len(told["inputs"]) :]


@pytest.mark.parametrize("id", WHAT_IFS)
def test_a_what_if_fits_a_telephone_and_paper(visit, id):
    path = next(p for p in PAGES if f'data-what-if="{id}"' in (SITE / p).read_text("utf8"))
    visit.page.set_viewport_size(PHONE)
    page = visit.open(path)
    box = page.locator(f'[data-what-if="{id}"]')
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    letters = box.locator("svg text").evaluate_all(
        "all => all.map((t) => t.getBoundingClientRect().height)"
    )
    assert all(height > 10 for height in letters)
    page.emulate_media(media="print")
    expect(box.locator("dd b").first).to_be_visible()
    expect(box.get_by_role("slider").first).to_be_hidden()


def test_without_scripts_a_what_if_is_a_table(browser, base):
    path = next(p for p in PAGES if "data-what-if=" in (SITE / p).read_text("utf8"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}{path}")
    expect(page.locator("[data-what-if] table").first).to_be_visible()
    context.close()


# By other ways -------------------------------------------------------------------------------


def test_a_picture_can_be_read_on_a_telephone_and_does_not_glare_in_the_dark(visit):
    visit.page.set_viewport_size(PHONE)
    visit.page.emulate_media(color_scheme="dark")
    page = visit.open("notebooks/2_shan/the-rent.html")
    picture = page.locator("a.figure img").first
    picture.scroll_into_view_if_needed()
    # Letters of 11 points on a picture of 8 inches: at 38 rem they have 8.7 pixels.
    assert picture.bounding_box()["width"] >= 600
    assert "invert" in picture.evaluate("e => getComputedStyle(e).filter")
    page.emulate_media(media="print")
    assert picture.evaluate("e => getComputedStyle(e).filter") == "none"


def test_an_address_that_is_gone_says_where_to_go(visit):
    page = visit.open("404.html")
    page.get_by_role("link", name="list of sources").click()
    expect(page.locator("article h1")).to_contain_text("The sources")


def test_print_has_no_navigation_and_opens_the_tables(visit):
    page = visit.open("notebooks/3_guo_wang/how-much-space-is-assured.html")
    page.emulate_media(media="print")
    expect(page.locator(".bd-header").first).to_be_hidden()
    expect(page.locator(".bd-sidebar-primary")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not(.hide):not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
