"""What else a visitor of the built site does: searches, moves, prints: ``make site-test``."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from built import FILTERED, PAGES, PHONE, ROWS, TABLE_5_4, WHAT_IFS
from conftest import SITE, Visit
from playwright.sync_api import expect

from compendium.page.numerals import fixed

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


# On other screens and on paper ----------------------------------------------------------------


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
