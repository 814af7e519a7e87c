"""The site's generator, without a browser: every number has its place, every page its parts."""

from __future__ import annotations

import copy
import doctest
import json
import re
import sys
import types
from collections import Counter
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from compendium import Answer, Slider
from compendium.page import equations
from compendium.page.descriptors import package
from compendium.page.printed import Source
from compendium.project import PlainError, Project
from compendium.run.commands import main
from compendium.site import chapters, citation, examples, parts, places, reference, search, styles
from compendium.site.assembly import stage
from compendium.site.gallery import Figure
from compendium.site.pages import Page
from compendium.site.settings import settings
from compendium.verdict import conclusions, grid, ledger, what_if

PROJECT = Project()
PAGES = [Page(path, PROJECT) for path in sorted(PROJECT.notebooks.glob("*.ipynb"))]
SOURCES = [page for page in PAGES if page.source]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
each_source = pytest.mark.parametrize("page", SOURCES, ids=lambda page: page.slug)


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    target = tmp_path_factory.mktemp("site") / "docs"
    stage(PROJECT, target)
    return target


def outputs(page):
    for cell in page.cells:
        for output in cell.get("outputs", []):
            yield cell, output.get("data", {}).get("text/html", "")


def anchors(page):
    """Return every anchor of a page, once for each time that it is there."""
    cells = [cell.metadata["anchor"] for cell in page.cells if cell.cell_type == "code"]
    inner = [found for _, html in outputs(page) for found in re.findall(r" id=([\w-]+)", html)]
    return Counter(cells + inner)


# Places --------------------------------------------------------------------------------------


@each_source
def test_every_printed_number_has_a_place_and_the_page_has_its_anchor(page):
    rows = [row for row in ledger.read(PROJECT.ledger) if row.source == page.slug]
    there = anchors(page)
    assert [row.place for row in rows if page.places[row.place[1:]].anchor not in there] == []
    assert len(rows) == len(page.places)


@each_source
def test_an_anchor_is_there_once(page):
    assert [anchor for anchor, times in anchors(page).items() if times > 1] == []


@each_source
def test_a_shown_exhibit_has_as_many_anchors_as_it_says_that_it_has_numbers(page):
    for _, html in outputs(page):
        said = re.search(r"<div><b>[^<]+?: (\d+) numbers?, ", html)
        assert not said or len(re.findall(r" id=[\w-]+", html)) == int(said[1]), said[0]


def test_the_place_of_a_known_number_is_its_cell_in_the_table():
    page = next(page for page in PAGES if page.slug == "world_bank")
    anchor = page.places["Table 5.4", "500 | 100 | 6", "20"].anchor
    html = "".join(html for _, html in outputs(page))
    assert f"<td id={anchor} class='unresolved'" in html
    assert re.search(rf"<td id={anchor} [^>]*>13,967<small>", html)


@each_source
def test_every_cell_with_numbers_leads_back_to_their_exhibits(page):
    links = {}
    for cell, html in outputs(page):
        if "to-ledger" in html:
            links[cell.id] = set(re.findall(r">([^<]+)</a>", html))
    wanted = {}
    for (exhibit, *_), place in page.places.items():
        wanted.setdefault(place.cell, set()).add(exhibit)
    assert links == wanted


# Conclusions -----------------------------------------------------------------------------------


CONCLUSIONS = conclusions.read(PROJECT.conclusions)


def test_every_conclusion_leads_to_its_test_and_the_test_leads_back(staged):
    text = (staged / "generated" / "conclusions.md").read_text("utf8")
    ways = dict(re.findall(r'<tr id="([\w-]+)".*?<a href="([^"]+)">', text))
    back = {
        anchor: page.href(cell.id)
        for page in PAGES
        for cell, html in outputs(page)
        for anchor in re.findall(r'"(?:\.\./)+conclusions\.html#([\w-]+)"', html)
    }
    assert ways == back
    assert len(ways) == len(CONCLUSIONS)


def test_the_page_of_conclusions_counts_each_verdict_and_filters_by_what_there_is(staged):
    text = (staged / "generated" / "conclusions.md").read_text("utf8")
    for name, number in Counter(row.verdict for row in CONCLUSIONS).items():
        assert f"{name} | {number} |" in text
        assert text.count(f'data-verdict="{name}"') == number
    options = set(re.findall(r'<option value="([^"]*)">', text))
    assert options >= {"", *(row.source for row in CONCLUSIONS)}
    assert options >= {row.kind for row in CONCLUSIONS} | {row.verdict for row in CONCLUSIONS}


def test_a_conclusion_is_at_its_own_call_or_at_the_table_of_all():
    cells = [
        'audit.conclude("1", f, given={"x": 2, "2": 1})',
        "for id in ['2', '3']:\n    audit.conclude(id, f, given={})",
        "audit.show_conclusions()",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    ids = [cell.id for cell in notebook.cells]
    found = places.concluded(notebook, ["1", "2", "3", "4"])
    assert [found[id] for id in "1234"] == [ids[0], ids[1], ids[1], ids[2]]
    notebook.cells.pop()
    with pytest.raises(places.PlaceError, match="conclusion 4: no cell of the notebook tests"):
        places.concluded(notebook, ["4"])


def toy_table(desk, printed="9.50"):
    desk.table([["2001", "1.0", "-"], ["2002", printed, "2"]])
    desk.text(["para 1", "a", "about", "7"])
    desk.notes()
    return Source("toy", desk.project)


SHOWN = (
    "<div><b>Table 1: 3 numbers, 3 given</b><br><small>· given</small><table class='printed'>"
    "<tr><th>year</th><th>a</th><th>b</th></tr>"
    "<tr><th class='stub'>2001</th><td>1.0<small> ·</small></td><td></td></tr>"
    "<tr><th class='stub'>2002</th><td>9.50<small>9.5012 ✓</small></td>"
    "<td>2<small> ·</small></td></tr></table></div>"
)


def test_a_shown_table_gets_anchors_scopes_and_names_for_its_marks(desk):
    html = places.anchored(SHOWN, toy_table(desk))
    assert "<td id=table-1-n2>9.50<small>9.5012 <span role='img' aria-label='exact'>✓" in html
    assert "<td id=table-1-n3>2<small>" in html
    assert "<th scope='row' class='stub'>2001</th>" in html
    assert "<th scope='col'>year</th>" in html


def test_a_table_that_shows_another_number_than_the_data_is_refused(desk):
    with pytest.raises(places.PlaceError, match=r"9\.50 is shown, 9\.60 in the data"):
        places.anchored(SHOWN, toy_table(desk, "9.60"))


def test_a_table_that_shows_more_or_fewer_numbers_is_refused(desk):
    fewer = SHOWN.replace("<td>2<small> ·</small></td>", "<td></td>")
    with pytest.raises(places.PlaceError, match="2 numbers are shown"):
        places.anchored(fewer, toy_table(desk))


def test_running_text_that_shows_fewer_numbers_is_refused(desk):
    html = SHOWN.replace("Table 1", "para 1").partition("<tr><th class='stub'>")[0] + "</table>"
    with pytest.raises(places.PlaceError, match="para 1: 0 numbers are shown, 1 in the data"):
        places.anchored(html, toy_table(desk))


def claimed(desk, *sources):
    """Return the cells that claim the numbers of a toy notebook's running text."""
    cells = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    desk.text(["para 1", "a", "", "7"], ["para 1", "b", "", "8"], ["para 2", "c", "", "9"])
    desk.notes()
    found = places.find(new_notebook(cells=cells), Source("toy", desk.project))
    return {where[1]: place.cell for where, place in found.items()}


def test_a_number_stands_at_the_call_that_names_it(desk):
    cells = ('t.given("para 1")', 't.check("para 1", b=8)\nt.unresolved("para 2", "c")')
    assert claimed(desk, *cells) == {"a": "c0", "b": "c1", "c": "c1"}


def test_a_loop_over_exhibits_is_understood(desk):
    loop = 'for n in (1, 2):\n    t.given(f"para {n}")'
    assert claimed(desk, "x = 1", loop) == {"a": "c1", "b": "c1", "c": "c1"}


def test_an_exhibit_that_no_cell_names_is_refused(desk):
    with pytest.raises(places.PlaceError, match="para 2: no cell"):
        claimed(desk, 't.given("para 1")')


# Pages ---------------------------------------------------------------------------------------


@each_page
def test_a_page_has_one_heading_of_the_first_level_and_no_step_down_of_two(page):
    for chapter in page.chapters:
        levels = [level for level, _ in chapters.headings(chapter.cells)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headings_keep_their_order_of_rank():
    cells = [new_markdown_cell(f"{'#' * level} x\n\ntext") for level in (1, 3, 2, 1, 2, 1)]
    chapters.demoted(cells)
    assert [cell.source.count("#") for cell in cells] == [1, 2, 2, 2, 3, 2]


def toy_chapters(*texts):
    """Return the pages of a notebook of texts, with code behind each but the first."""
    cells = [new_markdown_cell(texts[0])]
    for text in texts[1:]:
        cells += [new_markdown_cell(text), new_code_cell("1")]
    pages = chapters.parted("notebooks/9_toy", cells)
    return {
        page.name.removeprefix("notebooks/"): [words for _, words in chapters.headings(page.cells)]
        for page in pages
    }


def test_a_chapter_begins_at_each_heading_below_the_title():
    assert toy_chapters("# Toy", "# One\n\n## In it", "# Two") == {
        "9_toy": ["Toy"],
        "9_toy/one": ["One", "In it"],
        "9_toy/two": ["Two"],
    }
    # A notebook that has its sections at the second level has its chapters there.
    assert toy_chapters("# Toy", "## One", "## Two", "# End") == {
        "9_toy": ["Toy"],
        "9_toy/one": ["One"],
        "9_toy/two": ["Two"],
        "9_toy/end": ["End"],
    }


def test_a_heading_in_the_midst_of_a_text_begins_a_chapter_and_one_in_a_fence_does_not():
    text = "## One\n\nSo.\n\n```sh\n# a comment\n## another\n```\n\n## Two\n\nAnd so."
    assert toy_chapters("# Toy", text) == {
        "9_toy": ["Toy", "One"],
        "9_toy/two": ["Two"],
    }


def test_two_chapters_of_one_name_have_an_address_each():
    assert [*toy_chapters("# Toy", "# More", "# More", "# More?")] == [
        "9_toy",
        "9_toy/more",
        "9_toy/more-2",
        "9_toy/more-3",
    ]


@each_page
def test_the_chapters_hold_the_notebook(page):
    """Nothing is lost or told twice; the notebook itself stays as it is."""
    before = copy.deepcopy(page.notebook)
    ours, theirs = (
        [(cell.id, cell.source) for cell in cells if cell.cell_type == "code"]
        for cells in (page.cells, page.notebook.cells)
    )
    assert ours == theirs
    words = [
        re.sub(r"#+ |\s|\(\S*(?:ledger\.\w+|\w\.md)\)", "", "".join(c.source for c in cells))
        for cells in (page.cells, page.notebook.cells)
    ]
    assert words[0] == words[1]
    assert page.notebook == before
    assert nbformat.read(page.path, as_version=4) == before


@each_page
def test_what_the_notebook_s_page_had_is_found_from_there(page):
    """Every section in both spellings, every cell and every printed number."""
    ((_, front), *_) = page.copies(page.sections)
    text = "\n".join(cell.source for cell in front.cells)
    moved = json.loads(re.search(r'id="moved">(.*)</script>', text)[1])
    there = {anchor for name, anchor in page.sections if page.sections[name, anchor] == page.name}
    old = copy.deepcopy(page.notebook).cells
    for level, words in chapters.headings(chapters.demoted(old)):
        if level > 1:
            for anchor in (chapters.jupyter_slug(words), places.slug(words).lstrip("-0123456789")):
                assert anchor in moved["ways"] or anchor in there, anchor
    for place in page.places.values():
        way = moved["ways"][re.sub(r"-n\d+$", "-n", place.anchor)]
        assert page.href(place.cell).startswith(f"notebooks/{moved['pages'][way]}#")
    for chapter in page.chapters[1:]:
        assert f"]({chapter.name.removeprefix('notebooks/')}.ipynb" in text


def test_links_lead_to_the_chapter_of_a_section(staged):
    """All that the staged pages link to of a notebook is where the link says."""
    sections = {way: name for page in PAGES for way, name in page.sections.items()}
    link = re.compile(r"\]\(([\w./-]*)\.ipynb(?:#([^)\s]+))?\)")
    texts = [(path, path.read_text("utf8")) for path in staged.rglob("*.md")]
    for path in staged.glob("notebooks/**/*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        written = [c.source for c in cells if c.cell_type == "markdown"]
        for output in (output for cell in cells for output in cell.get("outputs", [])):
            written.append(output.get("data", {}).get("text/markdown", ""))
        texts.append((path, "\n".join(written)))
    seen = 0
    for path, text in texts:
        here = path.parent if path.parent.name != "generated" else staged
        for target, anchor in link.findall(text):
            # What is generated for the page of sources stands in the folder of the notebooks.
            where = [here / f"{target}.ipynb", staged / "notebooks" / f"{target}.ipynb"]
            found = next((each.resolve() for each in where if each.exists()), None)
            assert found, (path.name, target)
            name = found.relative_to(staged.resolve()).with_suffix("").as_posix()
            top = "/".join(name.split("/")[:2])
            assert not anchor or sections[top, anchor] == name, (path.name, target, anchor)
            seen += bool(anchor)
    assert seen > 300


@each_page
def test_solutions_are_folded_with_their_results(page):
    copied = {cell.id: cell for cell in page.cells}
    for cell in page.notebook.cells:
        if "solution" in cell.metadata.get("tags", []):
            assert copied[cell.id].metadata["tags"] == ["hide-cell"]


def test_every_committed_figure_is_drawn_once_and_its_file_has_the_words_of_the_page():
    drawn = Counter(figure.name for page in PAGES for figure in page.figures)
    assert drawn == Counter(path.stem for path in PROJECT.figures.glob("*.svg"))
    alts = [
        output.metadata["image/png"]["alt"]
        for page in PAGES
        for cell in page.notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert alts == [figure.alt for page in PAGES for figure in page.figures]


def test_a_figure_without_words_is_refused(tmp_path):
    path = tmp_path / "toy_line.svg"
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg' width='72pt' height='36pt'/>", "utf8")
    assert Figure(path).size == (96, 48)
    with pytest.raises(ValueError, match=r"toy_line\.svg has no description"):
        _ = Figure(path).alt


# Parts ---------------------------------------------------------------------------------------


def test_the_ledger_as_a_script_is_the_ledger():
    text = parts.ledger_data(PROJECT, PAGES)
    data = json.loads(text.removeprefix("window.LEDGER = ").removesuffix(";\n"))
    verdicts = [name for name, _ in data["verdicts"]]
    unpacked = []
    for exhibit, row, column, printed, misread, doubt, ours, unit, verdict, note, *_ in data[
        "rows"
    ]:
        source, name = data["exhibits"][exhibit]
        unpacked.append(
            ledger.Row(
                *(data["sources"][source][0], name, row, column, printed, misread, doubt, ours),
                *(data["units"][unit], verdicts[verdict], data["notes"][note]),
            )
        )
    assert unpacked == ledger.read(PROJECT.ledger)


def test_facts_are_counts_of_the_ledger_and_numbers_in_it():
    rows = ledger.read(PROJECT.ledger)
    facts = parts.facts(PROJECT)
    assert facts["numbers"] == f"{len(rows):,}"
    assert facts["erratum"] == str(sum(row.verdict == "erratum" for row in rows))
    derived = [row for row in rows if row.verdict != "given"]
    wrong = sum(row.verdict in ("erratum", "unresolved") for row in derived)
    assert facts["right"] == f"{len(derived) - wrong:,}"
    assert (facts["last_benefit"], facts["last_benefit_ours"]) == ("1", "-170")


def test_pages_quote_no_fact_that_is_not_there():
    pages = (PROJECT.root / "docs").glob("**/*.md")
    quoted = {name for page in pages for name in re.findall(r"{{ (\w+) }}", page.read_text("utf8"))}
    assert quoted
    assert quoted <= set(parts.facts(PROJECT))


def test_every_erratum_is_on_its_page_once():
    text = parts.errata(PAGES)
    listed = re.findall(r'<li><a href="(notebooks/[\w/-]+\.html)#([\w-]+)">', text)
    wanted = [
        tuple(page.href(place.cell, place.anchor).split("#"))
        for page in SOURCES
        for notes in page.source.notes.values()
        for note in notes
        if note.kind == "erratum"
        for place in [page.places[note.cell]]
    ]
    assert Counter(listed) == Counter(wanted)


def test_errata_that_touch_a_conclusion_come_first(desk):
    toy_table(desk)
    desk.notes(
        ["para 1", "a", "", "erratum", "7", "", "8", "seven & one", "copy"],
        ["Table 1", "2002", "a", "erratum", "9.50", "", "9.60", "lost", "unit", "who can pay"],
    )
    desk.project.notebooks.mkdir()
    path = desk.project.notebooks / "9_toy.ipynb"
    cells = [new_markdown_cell("# Toy (2001): a play"), new_code_cell('t.given("para 1")')]
    nbformat.write(new_notebook(cells=[*cells, new_code_cell('t.given("1")')]), path)
    text = parts.errata([Page(path, desk.project)])
    causes, first, rest = re.split(r"^## .*$", text, flags=re.M)
    assert "| unit | 1 | The digits are right" in causes
    assert "### Toy (2001): 1 erratum" in first
    assert "who can pay" in first
    assert "seven &amp; one" in rest
    assert '<span class="cause">copy</span>' in rest
    desk.notes(["para 1", "a", "", "erratum", "7", "", "8", "seven & one", "copy"])
    assert "that touch a conclusion" not in parts.errata([Page(path, desk.project)])


def test_citations_are_those_of_the_file():
    text = citation.citations(PROJECT.root / "CITATION.cff")
    assert "doi = {10.1080/13467581.2020.1722675}" in text
    assert "pages = {1384--1389}" in text
    assert "author = {{World Bank}}" in text
    assert "Shan, Xueqin; Teng, Yue; Li, Xiao; Chen, Jiajia (2014)." in text
    keys = re.findall(r"^@\w+{([\w-]+),$", text, flags=re.M)
    cited = yaml.safe_load((PROJECT.root / "CITATION.cff").read_text("utf8"))["references"]
    assert len(set(keys)) == len(keys) == 1 + len(cited)


def test_the_reference_has_a_page_for_every_public_module_and_names_all_that_is_public(staged):
    pages = {path.stem: path.read_text("utf8") for path in (staged / "api").glob("*.rst")}
    for name in settings(PROJECT).documented:
        for module in filter(reference.public, reference.modules(name)):
            page = pages.pop(module.__name__)
            for thing in reference.public(module):
                assert re.search(rf"^   (\S+\.)?{thing}$", page, flags=re.M), thing
    assert pages == {}


def test_no_private_module_is_in_the_reference():
    names = [module.__name__ for module in reference.modules("housing")]
    assert "housing.mortgage" in names
    assert not any("._" in name for name in names)


def test_every_equation_is_on_its_page():
    text = parts.equations(PROJECT, PAGES)
    rows = re.findall(r"^\| (?!equation \|)", text, flags=re.M)
    assert len(rows) == len(equations.table(PROJECT)) > 0
    assert "{py:obj}`~housing." in text


def test_staging_writes_all_that_the_pages_include(staged):
    for page in staged.glob("**/*.md"):
        for name in re.findall(r"```{include} (\S+)", page.read_text("utf8")):
            assert (page.parent / name).exists(), name
    assert (staged / "extra" / "downloads" / "data" / "ledger.csv").exists()
    figures = {path.stem for path in PROJECT.figures.glob("*.svg")}
    for kind in ("svg", "png"):
        files = (staged / "extra" / "downloads" / "figures").glob(f"*.{kind}")
        assert {path.stem for path in files} == figures


def test_the_example_of_the_site_gives_what_it_shows():
    path = PROJECT.root / "docs" / "run.md"
    results = doctest.testfile(str(path), module_relative=False, encoding="utf8")
    assert (results.attempted, results.failed) == (4, 0)


def test_an_output_that_is_no_table_stays_as_it_is(tmp_path):
    (tmp_path / "notebooks").mkdir()
    output = new_output("display_data", data={"text/html": "<p>so", "text/plain": "so"})
    cells = [new_markdown_cell("# Toy"), new_code_cell("1", outputs=[output])]
    path = tmp_path / "notebooks" / "9_toy.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    page = Page(path, Project(tmp_path))
    assert page.source is None
    assert [html for _, html in outputs(page)] == ["<p>so"]


# Search, sliders and examples -----------------------------------------------------------------


def test_the_index_of_search_has_exhibits_sections_functions_and_every_printed_number(staged):
    text = (staged / "_static" / "search-index.js").read_text("utf8")
    told = json.loads(text.removeprefix("window.SEARCH = ").rstrip().removesuffix(";"))
    kinds = [told["kinds"][kind] for kind, *_ in told["entries"]]
    titles = {(kind, entry[1]) for kind, entry in zip(kinds, told["entries"], strict=True)}
    assert ("exhibit", "Table 5.4") in titles
    assert ("section", "What did not reproduce") in titles
    assert ("function", "housing.mortgage.annuity_factor") in titles
    assert ("page", "Run it, use it, add to it") in titles
    rows = ledger.read(PROJECT.ledger)
    assert told["numbers"] == Counter(search.bare(row.printed) for row in rows)
    for _, _, href, _ in told["entries"]:
        name = href.partition(".html")[0]
        assert any((staged / f"{name}{ending}").exists() for ending in (".ipynb", ".md", ".rst"))


def what_if_page(desk, kept):
    """Return the page of a toy notebook that shows a what-if, which may have been committed."""
    toy_table(desk)
    rate = Slider("rate", "interest", [0, 1, 2], 0)
    found = grid.answered("Due?", lambda rate: {"due": rate}, [rate], [Answer("due")])
    if kept:
        what_if.write(desk.project.what_ifs, "toy", "toy_due", found)
    desk.project.notebooks.mkdir()
    html = '<div class="what-if" data-what-if="toy_due"><b>Due?</b><table></table></div>'
    output = new_output("display_data", data={"text/html": html, "text/plain": "Due?"})
    # Every number has to have its place.
    cells = [new_code_cell('t.given("1")\nt.given("para 1")'), new_code_cell("1", outputs=[output])]
    path = desk.project.notebooks / "9_toy.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Toy"), *cells]), path)
    return Page(path, desk.project)


def test_a_what_if_brings_its_committed_answers_to_its_page(desk):
    (html,) = (html for _, html in outputs(what_if_page(desk, kept=True)) if "Due?" in html)
    told = json.loads(re.search(r'<script type="application/json">(.*)</script></div>$', html)[1])
    assert told["answers"][0]["values"] == [0, 1, 2]


def test_a_what_if_that_is_not_committed_makes_no_page(desk):
    with pytest.raises(PlainError, match=r"9_toy\.ipynb shows the what-if toy_due, which is not"):
        _ = what_if_page(desk, kept=False).cells


@pytest.mark.parametrize(
    "code",
    ["ax = draw()\n>>> 1\n1", "draw().get_title()\n''", "draw()"],
    ids=("ax", "used", "made"),
)
def test_an_example_draws_what_its_gallery_shows(monkeypatch, code):
    module = types.ModuleType("toy_plots")
    exec("import matplotlib.pyplot as plt\ndef draw(): return plt.subplots()[1]", vars(module))
    module.draw.__doc__ = f"Draw.\n\n>>> {code}\n"
    module.draw.__module__ = "toy_plots"
    monkeypatch.setitem(sys.modules, "toy_plots", module)
    picture = examples.drawn(module, "draw")
    assert b"<svg" in picture
    assert picture == examples.drawn(module, "draw")
    module.draw.__doc__ = "Draw.\n\n>>> 1\n1\n"
    with pytest.raises(PlainError, match=r"toy_plots\.draw: its example draws nothing"):
        examples.drawn(module, "draw")


# A compendium of one's own -----------------------------------------------------------------------


@pytest.fixture
def own(tmp_path) -> Project:
    """A compendium as `init` makes it, with a source of one number that was accepted."""
    assert main(["init", str(tmp_path / "my papers")]) == 0
    project = Project(tmp_path / "my papers")
    assert main(["new-source", "miller_1999"], project) == 0
    with (project.data / "miller_1999" / "text.csv").open("a", encoding="utf8") as file:
        file.write("para 1,a,,7,,1\n")
    row = ledger.Row("miller_1999", "para 1", "a", "", "7", "", "", "", "", "given", "")
    ledger.write(project.ledger, [row])
    return project


def test_a_compendium_of_one_s_own_has_pages(own, tmp_path):
    stage(own, tmp_path / "docs")
    staged = list((tmp_path / "docs").rglob("*.md"))
    pages = {path.relative_to(tmp_path / "docs").as_posix() for path in staged}
    assert {"index.md", "ledger.md", "errata.md", "figures.md", "notebooks/index.md"} <= pages
    text = "".join(path.read_text("utf8") for path in staged)
    for name in re.findall(r"```{include} (?:\.\./)?(\S+)", text):
        assert (tmp_path / "docs" / name).exists(), name
    told = json.loads((tmp_path / "docs" / "site.json").read_text("utf8"))
    assert (told["title"], told["documented"]) == ("my papers", {})
    assert {"title"} < set(re.findall(r"{{ (\w+) }}", text)) <= set(told["facts"])
    script = (tmp_path / "docs" / "_static" / "ledger-data.js").read_text("utf8")
    assert '"miller_1999"' in script


def test_a_page_of_one_s_own_stands_for_the_one_that_every_site_has(own, tmp_path):
    (own.root / "docs").mkdir()
    (own.root / "docs" / "index.md").write_text("# Mine", "utf8")
    stage(own, tmp_path / "docs")
    assert (tmp_path / "docs" / "index.md").read_text("utf8") == "# Mine"
    assert (tmp_path / "docs" / "_static" / "site.css").exists()


def test_a_ledger_of_a_source_that_is_gone_makes_no_site(own, tmp_path):
    row = ledger.Row("miller_1999", "para 9", "b", "", "7", "", "", "", "", "given", "")
    ledger.write(own.ledger, [row])
    with pytest.raises(PlainError, match=r"miller_1999, para 9, b, which no notebook has any more"):
        stage(own, tmp_path / "docs")
    own.ledger.unlink()
    with pytest.raises(PlainError, match="nothing to show yet"):
        stage(own, tmp_path / "docs")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (3, "site must be an object, got 3"),
        ({"titel": "x"}, "'titel' is none of title, author"),
        ({"documented": ["housing"]}, "documented must be a dict"),
        ({"findings": {"a": ["b"]}}, "findings, a: must be source, exhibit, row and column"),
        ({"findings": {"a": ["miller_1999", "p", "b", ""]}}, "the ledger has no number at"),
        ({"frontFigure": "none"}, "frontFigure: no notebook draws 'none'"),
    ],
)
def test_what_a_site_is_told_wrongly_is_named(own, tmp_path, told, said):
    path = own.data / "datapackage.json"
    content = json.loads(path.read_text("utf8")) | {"site": told}
    path.write_text(json.dumps(content), "utf8")
    with pytest.raises(PlainError, match=re.escape(said)):
        stage(own, tmp_path / "docs")


def test_nothing_of_the_tools_names_this_project():
    """Examples aside: they need data, and have those of the checkout that they are tested in."""
    content = package(PROJECT)
    libraries = [Path(folder).name for folder in content["libraries"]]
    slugs = [source["name"] for source in content["sources"]]
    words = [*libraries, *slugs, content["salt"], content["name"], "chin(a|ese)", "tianjin"]
    named = re.compile(rf"(?<![a-z_])({'|'.join(words)})(?![a-z_])", re.IGNORECASE)
    tools = PROJECT.root / "lib" / "compendium"
    found = []
    for path in tools.rglob("*"):
        if path.suffix in (".py", ".json", ".md", ".js", ".css", ".svg"):
            text = path.read_text("utf8")
            if path.suffix == ".py":
                for example in doctest.DocTestParser().get_examples(text):
                    for part in (example.source, example.want):
                        for line in part.splitlines():
                            text = text.replace(line.strip(), "", 1) if line.strip() else text
            found += [f"{path.name}: {hit[0]}" for hit in named.finditer(text)]
    assert found == []


def test_all_pages_share_one_style_without_what_none_uses(tmp_path):
    site, static = tmp_path, tmp_path / "_static"
    (site / "deep").mkdir()
    static.mkdir()
    (static / "base.css").write_text(".old { top: 0 } p:not(.gone) { top: 1px }", "utf8")
    (static / "theme.css").write_text(
        '@import "base.css";\n.mine, .none > #no { top: 2px }', "utf8"
    )
    (static / "own.css").write_text(
        "@media print { .none { top: 3px } .shown { top: 4px } }", "utf8"
    )
    (static / "own.js").write_text('box.className = "shown";', "utf8")
    (static / "some-data.js").write_text('["none", "old"]', "utf8")
    for name, up in (("index.html", ""), ("deep/page.html", "../")):
        links = "".join(
            f'<link href="{up}_static/{sheet}.css?v=1" rel="stylesheet" />'
            for sheet in ("theme", "own")
        )
        (site / name).write_text(f"<head>{links}</head><p class='mine'>", "utf8")
    (site / "404.html").write_text("<head><link rel='icon' href='data:,'></head>", "utf8")
    styles.join(site)
    (sheet,) = static.glob("*.css")
    wanted = "p:not(.gone){top: 1px}\n.mine{top: 2px}\n@media print {.shown{top: 4px}}"
    assert sheet.read_text("utf8") == wanted
    for name, up in (("index.html", ""), ("deep/page.html", "../")):
        links = re.findall("<link.*?>", (site / name).read_text("utf8"))
        assert links == [f'<link rel="stylesheet" href="{up}_static/{sheet.name}">']
    assert "stylesheet" not in (site / "404.html").read_text("utf8")
