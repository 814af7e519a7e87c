"""What a student's answer is told, and what the file that lies beside gives away: nothing."""

import json
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from compendium import answers
from compendium.answers import BLANK, Answer, look, plain, seal, stretched
from compendium.course.guesses import guesses
from compendium.page.numerals import Number
from rounding import DOWN, TWO_STEPS, UP

ASKED = [
    Answer("gw.1a", 330.2, step=1, unit="yuan a month", wrong={"Is that per year?": 3962.4}),
    Answer("gw.1b", [0.51234, -0.25], step=0.001, wrong={"The other way round?": [-0.25, 0.51234]}),
    Answer("gw.1c", "Low income", wrong={"That one may buy.": "middle"}),
    Answer("gw.1d", 4.0, step=1, rule=UP),
    Answer("gw.1e", "Chengdu, Wuhan"),
]


@pytest.fixture(autouse=True, scope="module")
def quick():
    """A digest need not be slow to be tested; one test takes the real one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answers, "ROUNDS", 10)
        yield


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "answers.json").write_text(seal(ASKED, "a class"), "utf8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("gw.1a", 330.2, "right."),
        ("gw.1a", 329.51, "right."),
        ("gw.1a", 330, "right."),
        ("gw.1a", 330.5, "not yet."),
        ("gw.1a", -330.2, "not yet."),
        ("gw.1a", 3962, "not yet. Is that per year?"),
        ("gw.1a", BLANK, "no answer yet."),
        ("gw.1a", None, "no answer yet."),
        (
            "gw.1a",
            "330",
            "a number is asked for, without quotation marks, got '330' (yuan a month).",
        ),
        ("gw.1a", True, "a number is asked for, got True (yuan a month)."),
        ("gw.1a", float("nan"), "finite numbers are asked for, got nan (yuan a month)."),
        ("gw.1a", [330, 330], "not yet."),
        ("gw.1b", [0.512, -0.25], "right."),
        ("gw.1b", (-0.25, 0.512), "not yet. The other way round?"),
        ("gw.1b", [[0.512, -0.25]], "finite numbers are asked for, got [[0.512, -0.25]]."),
        ("gw.1c", " LOW  income", "right."),
        ("gw.1c", "Middle", "not yet. That one may buy."),
        ("gw.1c", "LOW_INCOME", "right."),
        ("gw.1c", "low-income", "right."),
        ("gw.1c", "low\u2011income", "right."),
        ("gw.1c", "Lowincome", "right."),
        ("gw.1c", "Low, income", "not yet."),
        ("gw.1e", "chengdu,wuhan", "right."),
        ("gw.1e", "Chengdu , Wuhan", "right."),
        ("gw.1e", "Wuhan, Chengdu", "not yet."),
        ("gw.1e", "-_", "not yet."),
        ("gw.1c", 3, "words are asked for, in quotation marks, got 3."),
        ("gw.1d", 3.2, "right."),
        ("gw.1d", 4.001, "not yet."),
    ],
)
def test_an_answer_is_told_in_words_whether_it_is_right(folder, name, answer, said, capsys):
    answers.check(name, answer, folder)
    assert capsys.readouterr().out == f"{name}: {said}\n"


def test_the_file_is_found_from_a_folder_below(folder):
    (folder / "h1").mkdir()
    assert look("gw.1a", 330, folder / "h1").right


def test_who_takes_a_notebook_away_from_its_answers_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv(answers.VARIABLE, str(tmp_path / "none.json"))
    with pytest.raises(ValueError, match=r"there is no answers\.json in .* keep them together"):
        look("gw.1a", 1, tmp_path)


def test_a_name_that_nothing_asks_for_is_refused(folder):
    with pytest.raises(ValueError, match=r"name must be one of gw\.1a, .*, got 'gw\.9'"):
        look("gw.9", 1, folder)


def test_the_file_says_nothing_of_an_answer():
    text = seal(ASKED, "a class")
    for given in ("330", "329", "0.512", "512", "3962", "low income", "middle"):
        assert given not in text.casefold()
    assert seal(ASKED, "a class") == text
    salts = {own["salt"] for own in json.loads(text).values()}
    assert len(salts) == len(ASKED)
    assert seal(ASKED, "another class") != text


def test_a_guess_costs_two_hundred_thousand_rounds(monkeypatch):
    done = []
    monkeypatch.setattr(answers, "ROUNDS", 200_000)
    monkeypatch.setattr(answers.hashlib, "pbkdf2_hmac", lambda *given: done.append(given) or b"")
    seal(ASKED[:1], "a class")
    assert {given[3] for given in done} == {200_000}
    assert {given[0] for given in done} == {"sha256"}


@pytest.mark.parametrize(
    ("value", "more"),
    [
        (2.45, {}),
        (2.5, {}),
        (-2.55, {}),
        ([1.0, 2.45], {}),
        (2.05, {"rule": UP}),
        (2.95, {"rule": DOWN}),
        (2.46, {"rule": TWO_STEPS}),
    ],
)
def test_an_answer_near_the_border_of_its_rounding_is_refused(value, more):
    with pytest.raises(ValueError, match="within a tenth of a step of where"):
        Answer("gw.1", value, step=1, **more)


@pytest.mark.parametrize("value", [2.0, 2.39, 2.61, -2.39, 0.0, [1.0, 3.2]])
def test_an_answer_away_from_the_border_is_taken(value):
    assert Answer("gw.1", value, step=1).counts


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"why": 42.3}, "the wrong answer 42.3 is the right answer"),
        ({"one": 7, "two": 7.2}, "the wrong answer 7.2 is that of the hint 'one'"),
        ({"one": "x"}, "a number is asked for"),
    ],
)
def test_a_wrong_answer_that_is_right_or_told_twice_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Answer("gw.1", 42, step=1, wrong=wrong)


@pytest.mark.parametrize("step", [0, -1, float("nan"), float("inf")])
def test_a_step_is_above_nothing(step):
    with pytest.raises(ValueError, match="step must be above 0"):
        Answer("gw.1", 42, step=step)


def test_two_answers_of_one_name_are_refused():
    with pytest.raises(ValueError, match="each name once"):
        seal([ASKED[0], ASKED[0]], "a class")


def test_guesses_are_counted_over_all_numbers():
    assert guesses(ASKED[0]) == 331
    assert guesses(ASKED[1]) == 513 * 251
    assert guesses(ASKED[2]) == 1


def test_nothing_is_imported_for_it_but_numpy_and_the_rules():
    code = (
        "import sys; before = set(sys.modules); import compendium.answers; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "['compendium', 'numpy', 'rounding']"


@pytest.mark.parametrize(
    ("value", "wrong", "found"),
    [
        # Direct; near a wrong one, to both sides; a year found by its month; percent by parts of 1.
        (1055.87, {}, 1057),
        (1055.87, {"That is where it ends.": 1050}, 1 + 2 * 6 + 1),
        (1055.87, {"That is far off.": 300}, 1057),
        (4104 * 12, {"A year's is asked for.": 4104}, 4105 + 13),
        (5516, {"Is that a part of 1?": 55.16}, 56 + 101),
        ([300, 20], {"One is right.": [300, 19]}, 1 + 1 * 3),
        ([300, 20], {"Of one?": 300}, 301 * 21),
        ([300, 290], {"In which order?": [290, 300]}, 301 * 291),
    ],
)
def test_a_hint_that_leads_to_an_answer_is_counted_among_the_guesses(value, wrong, found):
    assert guesses(Answer("toy.1", value, step=1, wrong=wrong)) == found


@pytest.mark.parametrize(
    "given",
    [
        330.2,
        Number("330.2"),
        np.float64(330.2),
        np.array(330.2),
        [330.2],
        Decimal("330.2"),
        pd.Series([330.2]),
        pd.Index([330.2]),
    ],
)
def test_a_number_of_any_usual_kind_is_taken(folder, given):
    assert ASKED[0].takes(given)
    assert look("gw.1a", given, folder).right


def test_no_code_of_what_is_given_is_run(folder):
    class Looks(float):
        def __float__(self):
            raise AssertionError

        def __array__(self, *_, **__):
            raise AssertionError

    class Array:
        __array__ = __len__ = __iter__ = Looks.__array__

    assert plain(Looks(2)) == 2.0
    assert not ASKED[0].takes(Array())
    assert not look("gw.1a", Array(), folder).right


def test_a_seed_is_stretched_by_a_million_rounds(monkeypatch):
    done = []
    monkeypatch.setattr(answers, "ROUNDS", 200_000)
    monkeypatch.setattr(answers.hashlib, "pbkdf2_hmac", lambda *given: done.append(given) or b"")
    stretched("a class that nobody knows")
    stretched("a class that nobody knows", "Ada")
    assert [given[3] > 1_000_000 for given in done] == [True, True]
    assert len({given[2] for given in done}) == 2
    stretched.cache_clear()
