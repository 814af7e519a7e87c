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
#: What Markdown has between dollars.
DOLLARS = re.compile(r"\$\$(.+?)\$\$|(?<![\\\w$])\$([^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)", re.DOTALL)


def written() -> list[str]:
    """Return the formulas of all notebooks, those of other papers too, and of the slides."""
    texts = [path.read_text("utf8") for path in PROJECT.root.glob("course/decks/*.md")]
    texts += [
        cell.source
        for path in (
            *PROJECT.notebook_files,
            *sorted(PROJECT.root.glob("other_papers/*/notebooks/*.ipynb")),
        )
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
        (r"a \rightarrow b \Leftrightarrow c", ["a", "→", "b", "⇔", "c"]),
    ],
)
def test_signs_are_those_that_tex_sets(tex, signs):
    assert words(mathml(tex)) == signs


def test_the_name_of_a_function_stands_apart_unless_brackets_part_it():
    space = '<mspace width="0.1667em"></mspace>'
    spaced = mathml(r"\sin\varphi \cos\delta")
    assert spaced.count(space) == 3
    assert spaced.index("φ") < spaced.index(f"{space}<mi>cos") < spaced.index("δ")
    for close in (r"1 + \exp(x)", r"(1+g)^{\min(y,R)}", r"W = \max\{0, x\}"):
        assert "mspace" not in mathml(close)
    assert mathml(r"c \max x").count(space) == 2
    assert '<mo lspace="0" rspace="0">max</mo>' in mathml(r"c \max x")


@pytest.mark.parametrize("tex", [r"(-17, -2)", r"\max\; -\sigma_1", "x < -5", "y = -1"])
def test_a_sign_that_nothing_stands_before_is_no_operation(tex):
    assert mathml(tex).count("−") == mathml(tex).count('<mo form="prefix">−</mo>')


def test_a_difference_is_an_operation():
    assert "<mo>−</mo>" in mathml("(a) - b")


def test_a_letter_is_set_as_tex_sets_it():
    assert '<mi mathvariant="normal">Δ</mi>' in mathml(r"\Delta r")
    assert 'lspace="0" rspace="0">/</mo>' in mathml("f/4k")
    assert mathml("2|x| + 1").count('lspace="0" rspace="0">|</mo>') == 2
    assert words(mathml("\\text{site,\ntotal floor}")) == ["site, total floor"]


def test_what_stands_alone_is_set_so():
    assert 'display="block"' in mathml("x", block=True)
    assert "display" not in mathml("x")


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        *((tex, "both parts of a fraction in braces") for tex in (r"\frac12", r"\tfrac{1}23")),
        *((tex, "braces around a script") for tex in ("x^10", "v_2.5", "x_ 12")),
        *((tex, "braces around what stands under") for tex in (r"\sqrt12", r"\bar 12")),
        *((tex, "no script beside a mark") for tex in (r"\bar{x}_i", r"\hat y_i", r"{\bar{x}}_i")),
        (r"\underbrace{x}_{\text{sum}}", r"\\underset"),
        *((tex, "one script on a side") for tex in ("x_i_j", "x^2^{3}")),
        (r"\overline{AB}", "one letter under a mark"),
        (r"a \\[4pt] b", "no length"),
        *((tex, "a blank after a comma") for tex in ("[0,1]", "0,1,2", "1,0000")),
        ("p < .05", "a nought"),
        *((tex, "for a prime, no tie") for tex in ("x'", "a~b", "^2", "_n p")),
        *((tex, "an end to each group") for tex in ("{x", "x}", r"\left( x", r"\begin{aligned} a")),
        *((tex, "plain words") for tex in (r"\text{5\%}", r"\text{a~b}", r"\text{10--20}")),
        *((tex, "commands that were looked at") for tex in (r"\nonsense", r"\boxed{x}")),
        (r"\operatorname*{arg}", "commands that were looked at"),
        (r"\{0, \frac{a}{b}\}", r"\\left and \\right"),
        (r"\begin{cases}a\end{cases}", "no environment but aligned"),
    ],
)
def test_what_docutils_reads_otherwise_than_tex_is_refused(tex, wanted):
    with pytest.raises(ValueError, match=f"a formula must have .*{wanted}.*, got"):
        mathml(tex)


@pytest.mark.parametrize("tex", [r"a \\ b", "a & b", "x^"])
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
    # What a browser draws of itself: letters of variables, and roots.
    assert {"\N{MATHEMATICAL ITALIC SMALL X}", "\N{SQUARE ROOT}"} <= known
    assert "\N{SNOWMAN}" not in known
    assert "MATH" in cut
    assert made.stat().st_size < 120_000
    # Built again, it is the same.
    before = made.read_bytes()
    font.write(tmp_path)
    assert made.read_bytes() == before


def test_sphinx_gives_a_formula_its_number_and_a_refused_one_its_place(tmp_path, capsys):
    build_main = pytest.importorskip("sphinx.cmd.build").build_main
    conf = "from compendium import formulas\nhtml_math_renderer = formulas.NAME\n"
    (tmp_path / "conf.py").write_text(f"{conf}setup = formulas.set_up\n", "utf8")
    page = "Page\n====\n\n.. math:: a = b\n   :label: one\n\nIs :eq:`one` like :math:`x^10`?\n"
    (tmp_path / "index.rst").write_text(page, "utf8")
    build_main(["-q", str(tmp_path), str(tmp_path / "out")])
    found = (tmp_path / "out" / "index.html").read_text("utf8")
    assert 'id="equation-one"' in found
    assert '<span class="eqno">(1)</span>' in found
    assert 'href="#equation-one"' in found
    assert re.search(r"index\.rst:7: WARNING: a formula must have braces", capsys.readouterr().err)
