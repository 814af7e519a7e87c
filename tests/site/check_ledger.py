"""What a visitor does with the ledger and the conclusions of the built site: ``make site-test``."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import astuple, fields
from pathlib import Path

import pytest
from built import CONCLUSIONS, FILTERED, PAGES, ROWS, TABLE_5_4, excesses, sizes
from conftest import SITE
from playwright.sync_api import expect

from compendium.verdict import ledger

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
