"""How Sphinx makes pages of the staged sources: see `compendium.site`."""

import json
import re
import textwrap
from html import escape, unescape
from pathlib import Path

from docutils import nodes

from compendium import formulas

HERE = Path(__file__).parent

TOLD = json.loads((HERE / "site.json").read_text("utf8"))

project = TOLD["title"]
author = TOLD["author"]
# What stands at the foot of each page.
copyright = TOLD["copyright"]
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
exclude_patterns = ["generated", "extra"]
nitpick_ignore_regex = [
    # Other libraries are named but not linked: a build reads no network.
    (r"py:.*", rf"(?!({'|'.join(TOLD['documented']) or '$.'})\b).*"),
    # A package may have no page of its own, only its modules.
    (r"py:.*", "|".join(TOLD["documented"]) or "$."),
]

# Notebooks: as stored, never executed here.
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
myst_enable_extensions = [
    "amsmath",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "substitution",
]
myst_heading_anchors = 4
# The notebooks link to their sections as Jupyter names them.
myst_heading_slug_func = "compendium.site.chapters.jupyter_slug"
myst_substitutions = TOLD["facts"]

# Reference.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
# Types stand in annotations: no source is read a second time for comments that give them.
autodoc_use_type_comments = False
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_use_ivar = True

# Pages.
html_theme = "pydata_sphinx_theme"
html_title = project
html_context = {"default_mode": "auto"}
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["printed.css", "site.css"]
html_js_files = [
    ("site.js", {"defer": "defer"}),
    ("what-if.js", {"defer": "defer"}),
]
# Its place has the page of search, which knows exhibits and numbers too.
html_use_index = False
html_domain_indices = False
html_extra_path = ["extra"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# The reference has a list of its own; beside a page of it, it would be longer than the page.
REFERENCE = [f"api/{path.stem}" for path in HERE.glob("api/*.rst")]
WITHOUT_SIDEBAR = (
    *("index", "run", "ledger", "errata", "conclusions", "figures", "teach", "cite"),
    *("search", "library", "map", "equations", "extras", "plots"),
    *REFERENCE,
)
html_sidebars = {name: [] for name in WITHOUT_SIDEBAR}
html_theme_options = {
    "logo": {"text": project},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 10,
    "footer_start": ["copyright"] if copyright else [],
    "footer_end": [],
    "secondary_sidebar_items": {
        "**": ["page-toc"],
        "index": [],
        "ledger": [],
        "search": [],
        "notebooks/index": [],
        # The summary of a module lists what a second list would.
        **{name: [] for name in REFERENCE},
    },
    "show_toc_level": 2,
    "search_bar_text": "Search",
}
html_math_renderer = formulas.NAME


def setup(app):
    """Set formulas, and give each notebook cell the anchor that its metadata names."""
    formulas.set_up(app)
    app.connect("doctree-read", _anchor_cells)
    app.connect("html-page-context", _describe)
    app.connect("builder-inited", _without_search)


def _anchor_cells(app, doctree):
    for node in doctree.findall(nodes.container):
        anchor = node.get("cell_metadata", {}).get("anchor")
        if anchor:
            node["ids"].append(anchor)


def _without_search(app):
    """Make no index of words: the page of search has one of its own."""
    app.builder.search = False


def _told(paragraph):
    """Return the words of a paragraph that says something; nothing of a line of links."""
    if any(paragraph.findall(nodes.raw)):
        return ""
    text = " ".join(paragraph.astext().split())
    return text if len(text) > 40 else ""


def _describe(app, page, template, context, doctree):
    """Say what a page is about, to those who show a link to it."""
    if doctree is None:
        return
    told = next(filter(None, map(_told, doctree.findall(nodes.paragraph))), TOLD["title"])
    told = textwrap.shorten(told, 200, placeholder=" ...")
    tags = {
        "og:title": re.sub("<.*?>", "", context["title"]),
        "og:description": told,
        "og:type": "article",
        "og:site_name": TOLD["title"],
    }
    lines = [f'<meta name="description" content="{escape(told)}">']
    lines += [
        f'<meta property="{name}" content="{escape(unescape(text))}">'
        for name, text in tags.items()
    ]
    lines.append('<meta name="twitter:card" content="summary">')
    context["metatags"] = context.get("metatags", "") + "\n".join(lines)
