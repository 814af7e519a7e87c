"""What a visitor of the built site meets: run by ``make site-test``."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SITE, Visit
from playwright.sync_api import expect

from compendium.project import Project
from compendium.verdict import conclusions, ledger

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
ROWS = ledger.read(Project().ledger)
CONCLUSIONS = conclusions.read(Project().conclusions)
TABLE_5_4 = [row for row in ROWS if (row.source, row.exhibit) == ("world_bank", "Table 5.4")]
FILTERED = "ledger.html?source=world_bank&exhibit=Table+5.4"
AXE = Axe()
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
#: Pages that are looked at whole before they are thinned.
LONG = [path for path in PAGES if not path.startswith("api/")]
#: Colours of code go by the class of a token, those of a table by the class of a cell: to look at
#: every one of ten thousand would take minutes.
THIN = """() => {
  const seen = new Set();
  for (const token of document.querySelectorAll('pre span')) {
    if (seen.has(token.className)) token.remove(); else seen.add(token.className);
  }
  for (const row of document.querySelectorAll('article tr:nth-child(n + 8)')) row.remove();
  for (const formula of document.querySelectorAll('mjx-container')) formula.remove();
}"""


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


def offences(visit: Visit, **options: object) -> list[str]:
    """Return what axe finds serious or critical on the page that is open."""
    # It would fetch style sheets anew, and some from where they are not.
    given = {"resultTypes": ["violations"], "preload": False, **options}
    found = AXE.run(visit.page, options=given)
    return [
        f"{rule['id']}: {len(rule['nodes'])}, first {rule['nodes'][0]['html'][:200]}"
        for rule in found.response["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


# Every page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_in_light_and_dark_wide_and_narrow(visit, path):
    page = visit.open(path)
    formulas = page.locator(".math").count()
    assert page.locator("mjx-container").count() >= formulas
    assert page.locator("mjx-merror").count() == 0
    if path in LONG:
        assert offences(visit, rules={"color-contrast": {"enabled": False}}) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate(THIN)
    # A colour that is on its way to another is neither.
    page.add_style_tag(content="* { transition: none !important; }")
    # Every rule on a telephone in the dark; what another scheme or window can change is colour.
    # Pages of the reference are of one kind: half of the ways to look at them will do.
    ways = [("dark", PHONE), ("light", DESK), ("light", PHONE), ("dark", DESK)]
    for number, (scheme, window) in enumerate(ways[: 4 if path in LONG else 2]):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(window)
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        rules = {"runOnly": ["color-contrast"]} if number else {}
        assert offences(visit, **rules) == [], (scheme, window)


@pytest.mark.parametrize("path", PAGES)
def test_no_link_is_dead_and_no_anchor_is_there_twice(path):
    own = anchors(path)
    dead = []
    for link in set(own.links):
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "mailto", "data"):
            continue
        target = (SITE / path).parent / unquote(parts.path) if parts.path else SITE / path
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
        source = data["exhibits"][row[0]][0]
        if row[-1] not in anchors(data["sources"][source][2]).ids:
            dead.append(row)
    assert dead == []
    assert len(data["rows"]) == len(ROWS)


def test_some_pages_have_formulas():
    having = [path for path in PAGES if 'class="math' in (SITE / path).read_text("utf8")]
    assert {path.partition("/")[0] for path in having} >= {"notebooks"}


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
    page.get_by_label("Verdict").select_option("erratum")
    row = page.locator("#ledger tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("13,967")
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
    expect(page.locator("#ledger tbody tr").first).to_contain_text(f"or {doubtful[0].doubt}")


def test_the_address_keeps_what_is_seen(visit):
    page = visit.open(f"{FILTERED}&sort=-printed")
    seen = page.locator("#ledger tbody").inner_text()
    expect(page.get_by_label("Exhibit")).to_have_value("Table 5.4")
    address = page.url
    page.goto(address)
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
    page = visit.open(f"{FILTERED}&verdict=erratum")
    page.locator("#ledger tbody a").click()
    target = page.locator(":target")
    expect(target).to_contain_text("13,967")
    expect(target).to_be_in_viewport()
    cell = page.locator(".cell", has=target)
    cell.get_by_role("link", name="Table 5.4", exact=True).click()
    expect(page.locator("#count")).to_contain_text(f"{len(TABLE_5_4)} of ")


def test_a_number_in_a_folded_table_is_unfolded(visit):
    folded = re.search(
        r"<details><summary>all \d+ rows.*?<td id=\"?([\w-]+)",
        (SITE / "notebooks" / "1_world_bank.html").read_text("utf8"),
        flags=re.DOTALL,
    )
    page = visit.open(f"notebooks/1_world_bank.html#{folded[1]}")
    expect(page.locator(f"#{folded[1]}")).to_be_in_viewport()


def test_the_ledger_keeps_the_page_small(visit):
    page = visit.open("ledger.html")
    assert page.locator("*").count() < 2_500


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
    visit = Visit(context, f"{SITE.resolve().as_uri()}/")
    page = visit.open(FILTERED)
    expect(page.locator("#count")).to_contain_text(f"{len(TABLE_5_4)} of ")
    page.get_by_label("Verdict").select_option("erratum")
    page.locator("#ledger tbody a").click()
    expect(page.locator(":target")).to_contain_text("13,967")
    assert page.locator("mjx-container").count() > 0
    assert page.evaluate("document.fonts.check('16px MJXTEX')")
    assert visit.complaints == []
    context.close()


def test_without_scripts_the_ledger_offers_its_file(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}ledger.html")
    expect(page.get_by_role("link", name="ledger.csv").first).to_be_visible()
    context.close()


def test_formulas_can_be_read_aloud_without_a_network(visit):
    """The reader's voice is loaded when asked for: from here, too."""
    page = visit.open("notebooks/2_shan.html")
    page.evaluate("MathJax.startup.document.menu.menu.pool.lookup('explorer').setValue(true)")
    page.wait_for_function("document.querySelector('mjx-container [data-semantic-speech]')")


def test_the_search_finds_a_function(visit):
    page = visit.open("search.html?q=annuity_factor")
    expect(page.locator("#search-results li").first).to_be_visible(timeout=10_000)


def test_print_has_no_navigation_and_opens_the_tables(visit):
    page = visit.open("notebooks/3_guo_wang.html")
    page.emulate_media(media="print")
    expect(page.locator(".bd-header").first).to_be_hidden()
    expect(page.locator(".bd-sidebar-primary")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not(.hide):not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
