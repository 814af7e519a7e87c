"""Formulas of pages and slides: MathML of what notebooks write, and the letters that it needs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from compendium.formulas import mathml
from compendium.notebook import read
from compendium.project import Project
from compendium.site import font

PROJECT = Project()
#: What Markdown has between dollars, code aside.
DOLLARS = re.compile(r"\$\$(.+?)\$\$|(?<![\\\w$])\$([^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)", re.DOTALL)


def written() -> list[str]:
    """Return the formulas of all notebooks and slides."""
    texts = [path.read_text("utf8") for path in PROJECT.root.glob("course/decks/*.md")]
    texts += [
        cell.source
        for path in PROJECT.notebook_files
        for cell in read(path).cells
        if cell.cell_type == "markdown"
    ]
    found = [tex or other for text in texts for tex, other in DOLLARS.findall(text)]
    return list(dict.fromkeys(found))


def words(formula: str) -> list[str]:
    """Return the signs of a formula, one for each of its parts that has any."""
    # XML knows no such name, HTML does.
    tree = ElementTree.fromstring(formula.replace("&ApplyFunction;", "\N{FUNCTION APPLICATION}"))
    return [each.text for each in tree.iter() if each.text]


def test_all_formulas_are_understood():
    formulas = written()
    assert len(formulas) > 250
    for tex in formulas:
        assert words(mathml(tex)), tex


def test_no_number_is_lost_or_parted():
    for tex in written():
        # Spaces in TeX are of widths, and so are sizes.
        printed = re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\{,\}", ",", tex))
        assert sorted(re.findall(r"\d+(?:[.,]\d+)*", " ".join(words(mathml(tex))))) == sorted(
            printed
        ), tex


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        (r"293.38 \times 128{,}090", ["293.38", "×", "128,090"]),
        ("S^*", ["S", "∗"]),
        (r"\tfrac{1}{b}", ["1", "b"]),
        (r"-23.44^\circ", ["−", "23.44", "∘"]),
    ],
)
def test_signs_are_those_that_tex_sets(tex, signs):
    assert words(mathml(tex)) == signs


def test_the_name_of_a_function_stands_apart_unless_brackets_part_it():
    spaced = mathml(r"\sin\varphi \cos\delta")
    assert spaced.count('<mspace width="0.1667em">') == 1
    assert spaced.count('<mo rspace="0.1667em">') == 2
    close = mathml(r"1 + \exp(x)")
    assert "mspace" not in close
    assert "rspace" not in close


def test_what_stands_alone_is_set_so():
    assert 'display="block"' in mathml("x", block=True)
    assert "display" not in mathml("x")


@pytest.mark.parametrize("tex", [r"\frac12", r"\tfrac1b", "x^10", "v_2.5", r"\dfrac ab"])
def test_what_docutils_reads_otherwise_than_tex_is_refused(tex):
    with pytest.raises(ValueError, match=re.escape(f"got {tex!r}")):
        mathml(tex)


@pytest.mark.parametrize("tex", [r"\nonsense", r"\frac{1}", r"\begin{split}a\end{split}"])
def test_what_docutils_does_not_read_is_refused(tex):
    with pytest.raises(ValueError, match="a formula must be TeX that docutils reads"):
        mathml(tex)


def test_the_font_has_the_signs_of_all_formulas_and_can_set_them(tmp_path):
    ttlib = pytest.importorskip("fontTools.ttLib")
    page = "".join(mathml(tex) for tex in written())
    (tmp_path / "_static").mkdir()
    (tmp_path / "index.html").write_text(f"<p>no \N{SNOWMAN}</p>{page}", "utf8")
    font.write(tmp_path)
    made = tmp_path / "_static" / font.NAME
    cut = ttlib.TTFont(made)
    known = set(map(chr, cut.getBestCmap()))
    needed = {sign for tex in written() for word in words(mathml(tex)) for sign in word}
    # What has no shape of its own needs none: a function's application, and a space.
    assert {sign for sign in needed - known if sign.isprintable() and not sign.isspace()} == set()
    assert "\N{MATHEMATICAL ITALIC SMALL X}" in known
    assert "\N{SNOWMAN}" not in known
    assert "MATH" in cut
    assert made.stat().st_size < 120_000
    # Built again, it is the same.
    before = made.read_bytes()
    font.write(tmp_path)
    assert made.read_bytes() == before
