"""A deck a session: one file that opens in any browser, without network and without Node.

Sphinx with `sphinx-revealjs`, which brings reveal.js, makes the slides; then all that a page would
fetch is put into it.
"""

from __future__ import annotations

import base64
import mimetypes
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from compendium.project import PlainError

__all__ = ["BROWSERS", "decks", "fitted", "in_one_file", "on_paper", "printed"]

#: Chromium, by the names that systems give it.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Without a sandbox, so that it starts for root in a container; and with nothing sent home.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
)
PAGE = re.compile(rb"/Type\s*/Page\b")
#: When a PDF was made: of one length, so that what it says of places in the file stays true.
MADE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}")

CONF = """
from compendium import formulas

project = "course"
extensions = ["myst_parser", "sphinx_revealjs"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
exclude_patterns = ["out"]
html_math_renderer = revealjs_math_renderer = formulas.NAME
revealjs_style_theme = "white"
revealjs_css_files = ["deck.css"]
revealjs_static_path = ["static"]
revealjs_script_conf = {"hash": True, "slideNumber": "c", "width": 1100, "height": 700}
revealjs_script_plugins = [{"src": "revealjs/plugin/notes/notes.js", "name": "RevealNotes"}]
setup = formulas.set_up
"""
STYLE = """
:root { --r-main-font: sans-serif; --r-heading-font: sans-serif; --r-main-font-size: 28px;
  --r-heading1-size: 1.7em; --r-heading2-size: 1.3em; --r-heading-text-transform: none; }
.reveal .slides section { text-align: left; }
.reveal img { max-height: 500px; display: block; margin: 0 auto; }
.reveal section:has(img) p { font-size: 0.68em; }
.reveal table { font-size: 0.6em; }
.reveal table th, .reveal table td { padding: 0.1em 0.6em; border: none; }
.reveal table p { margin: 0; }
.reveal pre { width: 100%; font-size: 0.6em; }
"""
#: On paper no script moves a slide into its place, and no style hides one: each has a page.
PAPER = """
@page { size: 1100px 700px; margin: 0; }
body { margin: 0; font: 28px sans-serif; counter-reset: slide; }
section section::after { content: counter(slide); position: absolute; right: 20px; bottom: 10px;
  font-size: 16px; }
section section { position: relative; counter-increment: slide; box-sizing: border-box;
  width: 1100px; height: 700px; padding: 20px 60px; overflow: hidden; break-after: page;
  display: flex; flex-direction: column; justify-content: center; }
h1, h2 { line-height: 1.2; margin: 0 0 0.5em; }
h1 { font-size: 1.7em; }
h2 { font-size: 1.3em; }
p, ul, ol { margin: 0.3em 0; }
img { display: block; margin: 0 auto; max-width: 100%; max-height: 500px; }
section:has(img) p { font-size: 0.68em; }
table { font-size: 0.6em; align-self: center; }
th, td { padding: 0.1em 0.6em; }
td p, th p { margin: 0; }
pre { font-size: 0.6em; }
math[display="block"] { margin: 0.3em auto; }
aside { display: none; }
"""
BESIDE = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
SHEET = re.compile(r'<link [^>]*?href="([^"]+\.css[^"]*)"[^>]*>')
SCRIPT = re.compile(r'<script [^>]*?src="([^"]+)"[^>]*></script>')
PICTURE = re.compile(r'(<img [^>]*?src=")([^"]+)(")')
SLIDE = re.compile(r"<section >(\n<h[12]>.*?)</section>", re.DOTALL)
ASIDE = re.compile(r"<aside.*?</aside>", re.DOTALL)
MARK = re.compile(r"<[^>]+>")
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
#: Letters that a slide has room for, and how many of them a row of a table takes, or the end of a
#: paragraph or of a point.
ROOM, ROW, END = 1050, 40, 30
#: A slide with so few has room for a table in letters that the last row can read.
FEW_LETTERS = 640
#: A style sheet's own fonts: the reader's do.
FONTS = re.compile(r"@import [^;]+;")


def decks(texts: Mapping[str, str], figures: Path) -> dict[str, str]:
    """Return the decks of sessions.

    Parameters
    ----------
    texts : mapping of str to str
        Of each session its slides in Markdown, ``##`` a slide; pictures by ``figures/NAME.svg``,
        what is said by ``:::{revealjs-notes}``.
    figures : Path
        Where the pictures lie.

    Returns
    -------
    dict of str to str
        An HTML page each.
    """
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as made:
        folder, out = Path(made), Path(made) / "out"
        (folder / "static").mkdir()
        (folder / "static" / "deck.css").write_text(STYLE, "utf8")
        (folder / "conf.py").write_text(CONF, "utf8")
        (folder / "figures").symlink_to(figures, target_is_directory=True)
        listed = "\n".join(texts)
        (folder / "index.md").write_text(f"# Decks\n\n```{{toctree}}\n{listed}\n```\n", "utf8")
        for name, text in texts.items():
            (folder / f"{name}.md").write_text(text, "utf8")
        if build_main(["-q", "-W", "-b", "revealjs", str(folder), str(out)]):
            raise ValueError("texts must be slides in Markdown; what is wrong stands above")
        for name in texts:
            page = out / f"{name}.html"
            page.write_text(fitted(page.read_text("utf8")), "utf8")
        return {name: in_one_file(out / f"{name}.html") for name in texts}


def fitted(page: str) -> str:
    """Return a deck in which a slide's letters are smaller the more it has to say.

    Where it says little, those of its table are larger.

    Parameters
    ----------
    page : str
        HTML, as Sphinx makes it.

    Returns
    -------
    str
        It; slides that have room and no table are as they were.
    """

    def smaller(slide: re.Match[str]) -> str:
        text = ASIDE.sub("", slide[1])
        ends = END * TABLE.sub("", text).count("</p>") + ROW * text.count("<tr")
        letters = len(" ".join(MARK.sub("", text).split())) + ends
        if letters <= FEW_LETTERS:
            return slide[0].replace("<table", '<table style="font-size: 0.9em"')
        if letters <= ROOM:
            return slide[0]
        # A smaller letter takes less of a line, and less of the slide's height for it.
        size = 100 * (ROOM / letters) ** 0.6
        return f'<section style="font-size: {size:.0f}%">{slide[1]}</section>'

    return SLIDE.sub(smaller, page)


def in_one_file(page: Path) -> str:
    """Return a page with all that it would fetch from beside it put in.

    Parameters
    ----------
    page : Path
        An HTML file.

    Returns
    -------
    str
        It with its style sheets, scripts and pictures inside.
    """
    folder = page.parent

    def beside(link: str) -> Path:
        return folder / link.partition("?")[0]

    def sheet(found: re.Match[str]) -> str:
        return f"<style>{FONTS.sub('', beside(found[1]).read_text('utf8'))}</style>"

    def script(found: re.Match[str]) -> str:
        code = beside(found[1]).read_text("utf8").replace("</script", r"<\/script")
        return f"<script>{code}</script>"

    def picture(found: re.Match[str]) -> str:
        place = beside(found[2])
        kind = mimetypes.guess_type(place.name)[0] or "image/svg+xml"
        data = base64.b64encode(place.read_bytes()).decode()
        return f"{found[1]}data:{kind};base64,{data}{found[3]}"

    # Pictures first: what scripts hold is no picture of this page.
    text = PICTURE.sub(picture, page.read_text("utf8"))
    return SCRIPT.sub(script, SHEET.sub(sheet, text))


def printed(pages: Mapping[str, str]) -> dict[str, bytes]:
    """Return the decks as PDF, a slide a page; none where there is no Chromium.

    Parameters
    ----------
    pages : mapping of str to str
        Of each session its HTML page.

    Raises
    ------
    PlainError
        If Chromium is there and does not print one.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return {}
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(lambda name: _printed(browser, name, pages[name], Path(place)), pages)
        return dict(zip(pages, made, strict=True))


def _printed(browser: str, name: str, page: str, place: Path) -> bytes:
    file, pdf = place / f"{name}.html", place / f"{name}.pdf"
    file.write_text(on_paper(page), "utf8")
    command = [browser, *FLAGS, f"--user-data-dir={place / name}", f"--print-to-pdf={pdf}"]
    done = subprocess.run([*command, file.as_uri()], capture_output=True, text=True)
    made = pdf.read_bytes() if pdf.is_file() else b""
    # Each slide stands in a column of its own, which is a section too.
    if len(PAGE.findall(made)) != page.count("<section") // 2:
        said = done.stderr.strip()[-500:]
        raise PlainError(f"{name}: {browser} does not print its slides, a page each: {said}")
    return MADE.sub(rb"\g<1>20000101000000", made)


def on_paper(page: str) -> str:
    """Return a deck that prints as it stands: reveal.js may not be done when it is printed.

    Parameters
    ----------
    page : str
        HTML of a deck in one file.

    Returns
    -------
    str
        It without scripts, in the style of paper.
    """
    return BESIDE.sub("", page).replace("</head>", f"<style>{PAPER}</style></head>")
