"""The courses that there are are made, run blank, take every right answer and fit in time."""

import ast
import io
import re
import runpy
import sys
from contextlib import redirect_stdout, suppress
from functools import cache, partial

import nbformat
import numpy as np
import pandas as pd
import pytest

from compendium import answers
from compendium.course import marking
from compendium.course.books import Book
from compendium.course.exercises import LEVELS
from compendium.course.grading import MARKS, graded
from compendium.course.guesses import tries
from compendium.course.leaks import in_sections, leaks, numbers, without_leaks
from compendium.course.material import exercise, solved_with
from compendium.course.sessions import read_syllabus
from compendium.course.talk import slides_of
from compendium.page.printed import Source
from compendium.project import ROOT_VARIABLE, PlainError, Project
from compendium.run.course import write
from compendium.verdict import conclusions
from housing import affordability, mortgage, subsidy
from housing.mortgage import adjustable, dual_indexed, payment, present_value, schedule
from rounding import DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP

PROJECT = Project()
SYLLABUS = read_syllabus(PROJECT)
SESSIONS = {own.name: (course, own) for course in SYLLABUS.courses for own in course.session}
each_book = pytest.mark.parametrize("book", SESSIONS, indirect=True)


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Slow digests are no part of what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "ROUNDS", 10)
        yield


@cache
def book_of(name):
    """Return a session, its numbers drawn: the same one for all tests."""
    return without_leaks(Book(SYLLABUS, *SESSIONS[name], "a class"), slides_of(PROJECT, name))


@pytest.fixture
def book(request):
    return book_of(request.param)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of each course, made as an instructor makes it, without slides."""
    folder = tmp_path_factory.mktemp("courses")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compendium.run.course.find_spec", lambda name: None)
        for course in SYLLABUS.courses:
            list(write(PROJECT, SYLLABUS, course, folder / course.name, "a class"))
    return folder


def slides(book):
    return slides_of(PROJECT, book.session.name)


#: An answer that so many guesses find stands in a table by chance.
LONG = 10_000
#: How a notebook is filled whose answers are all right.
WAYS = ("solved", "marked")


def said_by(folder, *notebooks):
    """Return the lines that notebooks print, run cell by cell where they lie, as a kernel does."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        patch.delenv(ROOT_VARIABLE, raising=False)
        for name in notebooks:
            names = {"display": print}
            for cell in nbformat.read(name, 4).cells:
                if cell.cell_type == "code":
                    exec(cell.source, names)
    # Modules of one name lie in each folder.
    for name in [name for name in sys.modules if name.partition("_")[0] in SESSIONS]:
        del sys.modules[name]
    return said.getvalue().splitlines()


def test_all_fits_together():
    assert list(SYLLABUS.faults()) == []
    assert [told for own in SYLLABUS.materials.values() for told in in_sections(own)] == []


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_students_run_their_notebooks_blank_and_solved(course, made):
    books = [book_of(own.name) for own in course.session]
    names = [answer.name for book in books for answer in book.answers]
    blank = [f"{book.session.name}.ipynb" for book in books]
    said = said_by(made / course.name / "students", *blank)
    # Solutions need what the notebooks worked out, which students have to.
    folder = made / course.name / "instructor"
    for book in books:
        nbformat.write(book.filled(), folder / f"solved_{book.session.name}.ipynb")
        # With its hidden tests: they take what is right, or a cell fails.
        nbformat.write(graded(book), folder / f"marked_{book.session.name}.ipynb")
    # Here what marks needs no process of its own: no student's code is run.
    marks, known = runpy.run_path(str(made / course.name / "nbgrader" / "marks.py")), {}
    asked = {"takes": lambda name, given: marks["is_right"](name, answers.plain(given), known)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runpy, "run_path", {MARKS: asked}.__getitem__)
        said += said_by(folder, *(f"{way}_{name}" for way in WAYS for name in blank))
    assert known.keys() == {
        own.id for book in books for own, _ in book.exercises if any(marking.marks(own))
    }
    checks = [line for line in said if re.match(r"\w+\.\d+[a-z]: ", line)]
    assert checks == [
        *(f"{name}: no answer yet." for name in names),
        *(f"{name}: right." for name in names * len(WAYS)),
    ]


@pytest.mark.parametrize("slug", SYLLABUS.materials)
def test_each_answer_is_right_and_each_known_wrong_one_opens_its_hint(slug, tmp_path):
    material = SYLLABUS.materials[slug]
    own = [answer for each in material.exercises for answer in material.worked(each, "a class")]
    (tmp_path / answers.FILE).write_text(answers.seal(own, "a class"), "utf8")
    for answer in own:
        assert answers.look(answer.name, answer.value, tmp_path).right
        for hint, value in answer.wrong.items():
            assert answers.look(answer.name, value, tmp_path).words.endswith(f"not yet. {hint}")


@each_book
def test_nothing_gives_an_answer_away(book, made):
    assert leaks(book, slides(book)) == {}
    folder = made / book.course.name / "students"
    file = folder / f"{book.session.name}.ipynb"
    for cell in nbformat.read(file, 4).cells:
        assert not cell.metadata
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    student = "\n".join(
        path.read_text("utf8") for path in (file, *folder.glob(f"{book.session.name}_*.py"))
    )
    for own, _ in book.exercises:
        for line in book.solution(own).splitlines():
            assert len(line) < 20 or line not in student
        for asked in own.answers:
            assert not any(one["hint"] in student for one in asked.wrong)


@pytest.mark.parametrize("course", SYLLABUS.courses, ids=lambda course: course.name)
def test_students_get_the_tables_that_their_notebooks_load_and_no_key(course, made):
    data = made / course.name / "students" / "data"
    there = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    printed = {one for one in there if re.search(r"/(table|annex|box|figure)_\w+\.csv$", one)}
    asked = [own for session in course.session for own, _ in book_of(session.name).exercises]
    named = " ".join(own.statement + own.needs for own in asked)
    assert {one.rpartition("/")[2] for one in there - printed - {"datapackage.json"}} <= set(
        re.findall(r"`(\w+\.csv)`", named)
    )
    key = re.compile(r"ledger|^evidence|notes\.csv|attacks\.csv|verdicts")
    assert [one for one in there if key.search(one)] == []
    # What is damaged in an exercise must not lie mended beside it.
    assert "world_bank/annex_3_table_1.csv" not in there
    stand = set().union(*(numbers((data / one).read_text("utf8")) for one in printed))
    for answer in (each for own in course.session for each in book_of(own.name).answers):
        if answer.step is not None and tries(answer) > LONG:
            asked = np.atleast_1d(answer.rule.steps(answer.value, answer.step))
            assert not np.isin(answer.rule.steps(sorted(stand), answer.step), asked).any()


@each_book
def test_no_name_is_imported_that_no_text_has(book):
    own = [exercise for exercise, _ in book.exercises]
    told = set().union(*(each.mentions | set(each.brings) for each in own))
    [set_up] = [cell.source for cell in book.opening() if cell.cell_type == "code"]
    imported = ast.walk(ast.parse(set_up))
    names = {
        alias.asname or alias.name
        for node in imported
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - {"check", "np", "pd"} <= told


@each_book
def test_a_section_in_a_session_ends_with_a_whole_sentence(book):
    *_, last = (cell.source for cell in book.opening())
    shown = [cell.source for cell in book.opening() if cell.cell_type == "markdown"]
    assert last in shown
    assert [text for text in shown if text.rstrip().endswith(":")] == []


#: How an exercise is named, and code that calls a function of a module.
NAMED = re.compile(r"\b(?:gw|sh|wb|xu|yu|sy)\.\d+\b(?!\w? if you have it)")
CALLS = re.compile(r"(?<![\w.])([a-zA-Z]\w*)\.\w+\(")


@each_book
def test_what_a_session_names_is_there(book, made):
    folder = made / book.course.name / "students"
    notebook = book.student()
    pages = {name: (folder / f"{name}.py").read_text("utf8") for name in book.given_modules}
    text = "\n".join([cell.source for cell in notebook.cells] + [*pages.values()])
    # Students make the folder of a lender themselves.
    files = set(re.findall(r"\b(?:data(?!/lender)|docs|notebooks|figures)/[\w./-]*\w", text))
    assert [name for name in files if not (folder / name).exists()] == []
    assert set(NAMED.findall(text)) - {own.id for own, _ in book.exercises} == set()
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    assert set(re.findall(r"section \*([^*]+)\*", text)) <= set(headings)
    for name, code in pages.items():
        compile(code, name, "exec")
    [set_up] = [cell.source for cell in book.opening() if cell.cell_type == "code"]
    told = " ".join(f"{own.statement} {own.needs}" for own, _ in book.exercises)
    called = {name for code in re.findall(r"`([^`]+)`", told) for name in CALLS.findall(code)}
    assert [name for name in called if not re.search(rf"\b{name}\b", set_up)] == []


@each_book
def test_an_answer_that_is_planted_in_the_slides_is_found(book):
    exact = next(
        answer
        for own, _ in book.exercises
        if own.level != "R"
        for answer in book.worked[own.id]
        if answer.step
    )
    found = leaks(book, f"{slides(book)} It is {np.atleast_1d(exact.value)[0]}.")
    assert any(exact.name in told for lines in found.values() for told in lines)


@each_book
def test_a_session_is_of_a_size_that_can_be_given(book):
    assert 15 <= len(book.student().cells) <= 40
    assert 8 <= len(re.findall(r"^##? ", book.deck(slides(book)), flags=re.M)) <= 12
    assert book.session.talk + book.session.lab + book.session.discussion == book.course.minutes


@each_book
def test_who_copies_what_is_public_cannot_get_all_marks(book):
    assert sum(sum(marking.marks(own)) for own, _ in book.exercises if own.varies) >= 2


@each_book
def test_links_and_pictures_lead_somewhere(book):
    text = slides(book)
    for name in re.findall(r"\]\((figures/[^)]+)\)", text):
        assert (PROJECT.root / name).is_file()
    for cell in book.student().cells:
        assert "](#" not in cell.source
        assert ".ipynb" not in cell.source


@pytest.mark.parametrize("slug", SYLLABUS.materials)
def test_what_is_drawn_moves_an_answer_and_keeps_its_sense_to_its_ends(slug):
    material = SYLLABUS.materials[slug]
    for own in material.templates:
        if not own.drawn:
            continue
        public = material.answered(own.told(own.public), material.solutions[own.id], "")
        for end in (0, -1):
            numbers = {name: drawn.choices[end] for name, drawn in own.drawn.items()}
            code = solved_with(numbers, material.solutions[own.id])
            # Its assertions hold, whatever lies near a border there.
            with suppress(answers.UnfitError):
                at_end = material.answered(own.told(numbers), code, "")
                assert [one.counts for one in at_end] != [one.counts for one in public]
        drawn = material.worked(own, "a class")
        assert [one.counts for one in drawn] != [one.counts for one in public]


@pytest.mark.parametrize("slug", SYLLABUS.materials)
def test_a_notebook_shows_each_exercise_and_each_section_leads_to_its_own(slug):
    material = SYLLABUS.materials[slug]
    code = [cell.source for cell in material.read.cells if cell.cell_type == "code"]
    prose = "\n".join(cell.source for cell in material.read.cells if cell.cell_type == "markdown")
    assert {own.level for own in material.exercises} == set(LEVELS)
    for own in material.exercises:
        assert f'exercise("{own.id}")' in code
        section = prose.partition(f"# {own.section}\n")[2]
        assert f"[{own.id}](#Exercises)" in section


def test_an_exercise_is_shown_as_it_stands():
    shown = exercise("gw.1").data
    assert shown.startswith("**gw.1 By hand**")
    assert "* a: What does it get? In yuan a month, to 1." in shown
    assert "{puzzle}" not in exercise("gw.10").data
    with pytest.raises(PlainError, match=r"no exercise gw\.99; there are gw\.1, "):
        exercise("gw.99")


def test_what_is_counted_says_no_last_digit():
    counted = [
        asked.question
        for own, _ in SYLLABUS.exercises.values()
        for asked in own.answers
        if asked.step == 1 and not asked.unit
    ]
    assert counted
    assert not any("o 1." in question for question in counted)


def test_what_slides_say_of_tipping_points_is_what_the_ledger_has():
    """They are typed there, in words: no picture of all of them can be read from the last row."""
    (row,) = [
        row
        for row in conclusions.read(PROJECT.conclusions)
        if (row.source, row.id) == ("shan", "6")
    ]
    found = dict(re.findall(r"(\w+): holds (?:above|below|up to) ([\d.]+)", row.tips))
    box = dict(re.findall(r"(\w+) ([\d.]+ to [\d.]+)", row.box))
    said = slides_of(PROJECT, "r5").replace(",", "")
    for name, times in (("income", 1), ("share", 100), ("area", 1)):
        low, high = (f"{times * float(end):.12g}" for end in box[name].split(" to "))
        tips = f"{times * float(found[name]):.12g}"
        assert re.search(rf"tips at {tips}; tried from {low} to {high}\n", said), name
    assert found["year"] == "6"
    assert "tips after the sixth; tried from 1 to 9\n" in said


def test_the_factors_of_a_slide_are_those_of_the_library_and_of_the_table():
    cells = Source("world_bank").cells
    rows = re.findall(r"\| (\d+) percent, (\d+) years \| (.+) \|", slides_of(PROJECT, "h3"))
    assert len(rows) == 4
    for rate, years, said in rows:
        factor = payment(1000, int(rate) / 100, int(years))
        wanted = [f"{factor:.4f}", *(f"{rule.round(factor, 0.01):.2f}" for rule in (NEAREST, UP))]
        assert said.split(" | ") == [*wanted, cells["Table 5.3", f"{rate}%", years].printed]


def test_the_incomes_and_loans_of_slides_are_those_of_the_library():
    """What the third session says of pictures that show no number."""
    session = SESSIONS["h3"][1]
    said = f"{slides_of(PROJECT, 'h3')} {session.board} {session.discuss}"
    terms = {"it needs": (10, 10, 60), "10 percent:": (10, 30, 60), "any interest:": (0, 10, 60)}
    for words, (rate, years, lent) in (terms | {"need": (4, 30, 60), "and": (10, 10, 80)}).items():
        assert f"{words} Y {payment(360 * lent, rate / 100, years) / 0.25:,.0f}" in said
    mean = float(Source("world_bank").table("1.8")["income"].mean()) / 12
    shares = {"loan_to_value": 0.6, "housing_share": 0.25}
    price = affordability.maximum_price(mean, 0.10, 30, area=60, **shares)
    assert f"can pay Y {price:.0f} for a m²" in said
    worth = present_value(10.12, 0.10, 10)
    assert f"are worth Y {worth:.0f}, so that Y {1000 - worth:.0f}" in said
    paid = (
        f"{words} {months * each:,.0f}"
        for words, months, each in (
            ("loan takes Y", 120, 13.22),
            ("cheaper one", 120, 10.12),
            ("longer one", 209, 10.12),
        )
    )
    assert ", the ".join(paid) in said
    # What the rate of 10 leaves beyond the inflation of the first year.
    real = (1 + 0.10 / 12) / 1.04 ** (1 / 12) - 1
    assert f"leaves {1200 * real:.2f} percent a year" in said
    assert f"count as {1200 * (1.10 ** (1 / 12) - 1):.2f}" in said
    found = []
    for inflation in (0.10, 0.15):
        path = np.array([0.04, *[inflation] * 49])
        prices = np.cumprod((1 + np.repeat(path, 12)) ** (1 / 12))
        rates = 12 * ((1 + real) * (1 + path[:20]) ** (1 / 12) - 1)
        second = adjustable(21_600, rates, 20)["payment"].iloc[12]
        level = schedule(21_600, 0.10, 20)
        back = (level["payment"] / prices[:240] / (1 + real) ** level["period"]).sum() / 21_600
        income = 468 * prices[12]
        indexed = dual_indexed(21_600, 12 * real, 20, inflation=path, wage_growth=path)
        debt = indexed["balance"].max() / 1_000
        found.append([100 * back, 100 * second / income, 100 * rates[1], second, income, debt])
    (back, burden, rate, due, income, debt), (back_15, burden_15, rate_15, *others) = found
    due_15, income_15, debt_15 = others
    for words in (
        f"gets back {back:.0f} percent, or {back_15:.0f}.",
        f"{burden:.0f} percent of income in the second year, or {burden_15:.0f}.",
        f"reset to {rate:.1f} percent, at 15 to {rate_15:.1f},",
        f"asks for Y {due:.0f}, or {due_15:.0f}, of an income that is Y {income:.0f} or "
        f"{income_15:.0f} by then",
        f"to Y {debt:.0f},000 or {debt_15:.0f},000",
    ):
        assert words in said
    # With prices that rise at one rate from the first day on.
    debts = (
        dual_indexed(21_600, 12 * real, 20, inflation=each, wage_growth=each)["balance"].max()
        for each in (0.04, 0.10, 0.15)
    )
    assert "to Y {:,.0f}, {:,.0f} or {:,.0f}".format(*(round(debt, -2) for debt in debts)) in said


def test_what_slides_and_boards_say_of_subsidies_and_weights_is_arithmetic():
    session = SESSIONS["h1"][1]
    said = f"{slides_of(PROJECT, 'h1')} {session.board} {session.discuss}"
    lowest, low = (
        partial(subsidy.rental_subsidy, area, 18, part) for area, part in ((45, 0.20), (55, 0.25))
    )
    for own, words in ((lowest, "nothing at 48,600"), (low, "nothing at 47,520")):
        ends = int(words.split()[-1].replace(",", ""))
        assert own(ends - 12) > 0
        assert own(ends) == 0
        assert words in said
        assert f"from {own(0):.0f} down" in said
    assert lowest(43_200) == low(43_200) == 90
    assert f"to {lowest(34_000):.0f}, then up to {low(34_000):.0f}" in said
    assert f"{low(34_000) - lowest(34_000):.0f} yuan a month. And a border at 46,000" in said
    assert f"{lowest(46_000):.0f} on the first line, {low(46_000):.0f} on the second" in said
    assert f"themselves and get {low(36_000):.0f}, together" in said
    bought = partial(subsidy.purchase_subsidy, 60, 5_400, 24_000, 0.06)
    edges = [bought(owned_area=59.999, owned_price=part * 5_400) for part in (0.4, 0.0)]
    assert f"0.4 T, {edges[0]:.0f} yuan a month" in said
    assert f"all {edges[1]:.0f} are" in said
    owned = np.arange(0, 60)
    fades = bought(owned_area=owned, owned_price=0.8 * 5_400)
    rents = subsidy.rental_subsidy(60, 18, 0.30, 24_000, owned)
    assert f"kink, at {owned[fades == 0][0]} m²" in said
    assert f"kink, at {owned[rents == 0][0]} m²" in said

    session = SESSIONS["h2"][1]
    said = f"{session.board} {session.discuss}"
    others = 871.72 / 4 + 3 * 169.7 / 4
    at_three = -0.3 * 780.21 + 0.7 * others
    assert f"= {at_three:.0f}, with" in said
    assert f"(at {others / (780.21 + others):.3f})" in said
    all_in_one = 780.21 * 1.5333
    assert f"(a slope of {all_in_one:,.0f} in place" in said
    assert f"31 percent as added, {100 * others / (all_in_one + others):.0f} with all" in said


def test_rules_on_a_slide_round_as_those_of_the_library():
    said = slides_of(PROJECT, "r1")
    (head,) = re.findall(r"^\| to two decimals \|((?: [\d.]+ \|){4})", said, flags=re.M)
    rules = {
        "to nearest": NEAREST,
        "half even": HALF_EVEN,
        "two steps": TWO_STEPS,
        "up": UP,
        "down": DOWN,
    }
    for name, rule in rules.items():
        (row,) = re.findall(rf"^\| {name} \|((?: [\d.]+ \|){{4}})", said, flags=re.M)
        rounded = rule.round(np.array(sorted(numbers(head), reverse=True)), 0.01)
        assert [f"{value:.2f}" for value in rounded] == re.findall(r"[\d.]+", row)


def test_counts_on_slides_are_those_of_the_ledger_and_of_the_misread_digits():
    verdicts = pd.read_csv(PROJECT.ledger, usecols=["verdict", "misread_as"])
    counted = verdicts["verdict"].value_counts()
    assert (
        f"There are {len(verdicts):,}: {counted['given']:,} given, {counted['exact']:,} exact "
        f"(of which some repeat a number that stands elsewhere), {counted['recovered']} recovered, "
        f"{counted['erratum']} errata, {counted['unresolved']} unresolved and "
        f"{counted['consistent']} consistent."
    ) in slides_of(PROJECT, "r1")
    assert f"{counted['given']:,} of {len(verdicts):,}" in slides_of(PROJECT, "r4")
    misread = verdicts["misread_as"].notna().sum()
    doubts = SESSIONS["r2"][1].discuss[0]["against"]
    assert f"Of the {len(verdicts):,} numbers of this project {misread} are" in doubts

    evidence = PROJECT.data / "evidence"
    found = pd.read_csv(evidence / "misreads.csv", dtype=str)
    found = found[found["how"] != "undecided"]
    cheaper = (found["how"] == "preference").sum()
    found = found[found["group"].str.startswith("Annex 2")]
    pairs = found[["in_data", "scan"]].replace(r"\D", "", regex=True).to_numpy()
    pairs = [(page, scan) for page, scan in pairs if len(page) == len(scan)]
    digits = pd.crosstab(*(np.array([*"".join(side)]) for side in zip(*pairs, strict=True)))
    said = slides_of(PROJECT, "r2")
    assert f"{digits.to_numpy().sum():,} digits" in said
    of_3, of_5, read_8 = digits.loc["3"], digits.loc["5"], digits["8"]
    assert f"of {of_3.sum()} only {of_3['3']} stay, {of_3['8']} become an 8" in said
    assert f"stays in {of_5['5']} of {of_5.sum()} cases and becomes a 6 in {of_5['6']}" in said
    assert (
        f"the scan has {read_8.sum()} times an 8, and the page has a 3 in {read_8['3']} of them, "
        f"an 8 in {read_8['8']}, a 6 in {read_8['6']} and a 5 in {read_8['5']}"
    ) in said
    right = np.diag(digits) == digits.sum(axis=1)
    assert [*digits.index[right]] == [*"0149"]
    assert [*digits.index[np.diag(digits) == digits.sum()]] == [*"2357"]
    trial = pd.read_csv(evidence / "misreads_trial.csv").sum(numeric_only=True)
    decided, wrong = trial[["unique", "preferred"]], trial[["unique_wrong", "preferred_wrong"]]
    assert trial["damaged"] < decided.sum() / 2
    assert (
        f"of {decided.sum():.0f} cells that the search decided, most of them undamaged, "
        f"{wrong.sum():.0f} were wrong, all among the {trial['preferred']:.0f} where it took the "
        "cheaper of several readings"
    ) in said
    assert wrong["unique_wrong"] == 0
    assert f"the cheaper of several readings for {cheaper:,} cells. In the trial" in doubts
    assert f"{wrong.sum():.0f} of {trial['preferred']:.0f} such cells" in doubts
    assert 11 < cheaper * wrong.sum() / trial["preferred"] < 12  # eleven or twelve


def test_code_on_slides_gives_what_stands_behind_it():
    ((code, said),) = re.findall(r"```python\n(.*?)# (\[.*?\])", slides_of(PROJECT, "r3"), re.S)
    names = {"np": np}
    exec(code, names)
    assert names["chances"] == pytest.approx(ast.literal_eval(said))
    (lines,) = re.findall(r"```python\n(.*?)```", slides_of(PROJECT, "r5"), re.S)
    before, _, last = lines.strip().rpartition("\n")
    names = {"mortgage": mortgage}
    exec(before, names)
    assert f"{eval(last, names):.4f}" == last.partition("# ")[2]


def test_luck_makes_a_peak_as_high_in_about_one_set_of_prices_in_six():
    """What a slide says of Xuan's exchange rate: by itself its peak may be luck."""
    rates = np.arange(5.5, 8.3, 0.0005)

    def highest(prices):
        low, high = (np.multiply.outer(rates, prices + end) for end in (0, 1))
        return (np.ceil(low / 100) * 100 < high).sum(axis=-1).max()

    prices = Source("xuan").table("6")["price"].to_numpy()
    assert highest(prices) == 6
    draws = np.random.default_rng(6).integers(prices.min(), prices.max() + 1, (300, len(prices)))
    as_high = np.mean([highest(drawn) >= 6 for drawn in draws])
    assert 0.12 < as_high < 0.21
    assert "about one set in six" in slides_of(PROJECT, "r3")


def test_boards_and_discussions_say_what_comes_out():
    board = {name: SESSIONS[name][1].board for name in ("r1", "r2", "r3", "r5")}
    least, most = 2.35 * 3.05, 2.45 * 3.15
    assert f"from 2.35 · 3.05 = {least:.4f} to 2.45 · 3.15 = {most:.4f}" in board["r1"]
    assert NEAREST.count(least, most, 0.1) == 6
    assert "Six, 7.2 to 7.7." in board["r1"]
    homes = np.array([[12, 7, 9], [5, 14, 6], [8, 3, 11]])
    rows = [", ".join(map(str, row)) + f" make {row.sum()}" for row in homes]
    assert "; ".join(rows) in board["r2"]
    below = ", ".join(str(total) for total in homes.sum(axis=0))
    assert f"below, {below} and {homes.sum()}" in board["r2"]
    chances = np.array([1.0])
    for part in (0.10, 0.20, 0.05, 0.12):
        chances = np.convolve(chances, [1 - part, part])
    assert f"= {1 - chances[0]:.2f}, two or more with {chances[2:].sum():.3f}" in board["r3"]
    income = np.linspace(34_550, 43_111, 801)[:, None]
    shares = np.linspace(0.15, 0.30, 801), np.linspace(0.15, 0.20, 801)
    whole, cut = (100 * (income * share / 720 > 10.796).mean() for share in shares)
    assert f"{whole:.0f} percent of the box. Then end" in board["r5"]
    assert f"at 20 percent: {cut:.0f} percent are left" in board["r5"]
    doubts = SESSIONS["r6"][1].discuss[1]["against"]
    each, both = 20 + 40 / 4, 20 + 40 / 16
    assert f"each reader has {each:.0f} and both have {both}: " in doubts
    assert f"the estimate says {each**2 / both:.0f}" in doubts
