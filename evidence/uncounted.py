"""List every digit string and number word of a source's text that no row accounts for.

    python evidence/uncounted.py TEXT SLUG

TEXT is the path of the text, which stays outside of the repository. What is written is
``data/<slug>/uncounted.csv``: how many strings of which class each page has, and the checksum of
the text that was read. A string is, the first that fits,

* of a class that never counts, by what stands around it (`CLASSES`, and `OF_SOURCE` for what the
  text of one source alone has): a year, the number of a page or table, a footnote mark;
* one that a row accounts for: printed so, or read so by the scan; on its page or, as paragraphs run
  on, a page or two from it; number words by their value;
* of a class that does not count where no row takes it (`WORDS`): the one of "one of them";
* left over. Each of these is shown with its place, for it is a missing row, or its class is.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from compendium.page.descriptors import package
from compendium.page.printed import TEXT_COLUMNS, Source
from compendium.project import Project, write_in_one_move

COLUMNS = ["text", "page", "class", "strings"]
ROWS, STUBS, LEFT = "rows", "stubs and heads", "left over"
#: Kinds of notes that say what the scan reads in place of what is printed, or of `?`.
READ_AS = ("misread", "unresolved")
#: So many pages from its own a row may be found; pairs that are further apart cost too much.
NEAR, FAR = 2, 1e6
#: A word that the name of a row shares with what stands around a string outweighs so many pages.
SHARED = 0.8
#: So many pages further off is a word that may count for nothing: it is taken where no other is.
LAST = 3
#: So many letters around a string, and so many of a word, are compared.
AROUND, STEM = 70, 4
#: By how many a page's number may be above that of the page before, where marks are lost.
SKIPPED = 4
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
MARK = re.compile(r"(?<![\w.,-])- ?([ivxl]{1,6}|\d{1,3}) ?-(?!\w)")

# Strings ------------------------------------------------------------------------------------------

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)*|(?<![\w.])\.\d+")
NUMBERS = {
    **dict.fromkeys(("zero", "nil"), 0),
    **dict.fromkeys(("one", "once"), 1),
    **dict.fromkeys(("two", "twice", "double", "doubled", "doubling"), 2),
    **dict.fromkeys(("three", "triple", "tripled", "threefold"), 3),
    **dict.fromkeys(("four", "fourfold"), 4),
    **dict(five=5, six=6, seven=7, eight=8, nine=9, ten=10, tenfold=10, eleven=11, twelve=12),
    **dict(dozen=12, fifteen=15, twenty=20, thirty=30, forty=40, fifty=50, sixty=60, seventy=70),
    **dict(hundred=100, hundreds=100, thousand=1000, thousands=1000),
}
PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
POWERS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_PART = "|".join(f"{part}s?" for part in PARTS)
_NUMBER = "|".join(NUMBERS)
TENS = re.compile(rf"\b(?:twenty|thirty|forty|fifty|sixty|seventy)-(?:{_NUMBER})\b", re.IGNORECASE)
FRACTION = re.compile(
    rf"\b(?:({_NUMBER}) and )?(?:({_NUMBER})[ -]+({_PART})|(half))\b", re.IGNORECASE
)
WORD = re.compile(rf"\b(?:{_NUMBER}|{_PART})\b", re.IGNORECASE)

# Classes ------------------------------------------------------------------------------------------

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_LIST = r"\d+(?:\.\d+)*(?:(?:,? ?(?:and|or|to|through|&) |, ?| ?[-–~] ?)\d+(?:\.\d+)*)*"
_PLACE = (
    r"tables?|tab\.|figures?|fig\.|box(?:es)?|annex(?:es)?|chapters?|sections?|appendix|equations?"
    r"|eq\.|formulas?|paras?\.?|paragraphs?|pages?|pp?\.|footnotes?|nos?\.|vol(?:ume|\.)?|reports?"
    r"|conditions?|constraint conditions?|articles?|document|decree|phases?|stages?|steps?|class"
    r"|alternatives?|scenarios?|grant"
)
_UNIT = (
    r"(?! ?(?:percent|per cent|%|m2|sq|square|yuan|million|billion|thousand|house|unit|people|USD"
    r"|hectare))"
)
#: What never counts, by what stands around it: the first that fits.
CLASSES = {
    "page marks": r"\[page ?- ?\w+ ?-\]",
    "addresses": (
        r"https?://\S+|\S*@ ?\S+\.\w+|doi:\s?\S+|DOI: \S+|\bISSN:? ?\d{4} ?- ?\d{4}"
        r"|(?:China|Chengdu),? (?:<\w+>)?\d{6}|Grant No\. [\w-]+(?:, [\w-]+\d)*|\bcstc\S+"
    ),
    "references": r"(?s)\n#* ?\**(?:References|REFERENCES)\**:?\n.*",
    "citations": r"\[\d{1,2}(?:[,-] ?\d{1,2})*\](?!-)",
    "contents": r"(?s:Table of contents .*?Executive Summary(?= [A-Z]))|(?:\. ?){3,}[. ]*\d+\b",
    "dates": (
        rf"\b{MONTH}\.? \d{{1,2}}(?:-\d{{1,2}})?\b(?!\.\d)|\b\d{{1,2}} {MONTH}\b"
        r"|\b\d{1,2}/(?:\d{1,2}|AS)/(?:\d{2}|\ds|AS)\b|\b\d{1,2}/[89]\d\b"
    ),
    "footnote marks": (
        r"(?<=[A-Za-z,;:%)\"'])\d{1,2}/(?=\s|$)|(?<=[A-Za-z)\"']\.)\d{1,2}/(?=\s|$)"
        r"|(?<=\d)[.,]\d{1,2}/(?= [A-Z])|(?<!\S)\.?\d{1,2}/(?=\s)|<sup>\d[\d,a-z]*</sup>"
    ),
    "paragraph numbers": "",
    "exhibits and places": rf"(?i)\b(?:{_PLACE})\s{{0,2}}(?:No\. ?)?\(?{_LIST}\b\)?|\\tag\{{\d+\}}",
    "headings": r"(?m)^(?:#+ )?\d(?:\.\d)*\.(?= [A-Z])|\d\.\d\.\d\.?(?= [A-Z])",
    "years": (
        rf"(?<![\d,.$Y])(?:1[89]|20)\d\d(?:s\b|[-–/~]\d{{2}}(?:\d\d)?\b)?(?!\d|\.\d|,\d{{3}}){_UNIT}"
        r"|'\d\ds?\b|\bFY\d\d\b"
    ),
    "items of a list": r"(?<![\w.])\(\d{1,2}\)(?! ?[=<>])",
    "units": (
        r"(?<=m)[234](?!\d)|(?<=[ /(][nmrawiq])[24](?![\d.])|(?<=[MmW][ *])2\b|m<sup>2|\^2(?!\d)"
        r"|(?<=\d/)2(?= of )|\(' ?000\)|\((?:Y')?000\)|\((?:in )?thousands?\)"
    ),
    "ordinals": r"\d+(?:st|nd|rd|th)\b|(?i:\b(?:eighth|twelfth?)[- ]five)",
    "the one of a ratio": (
        r"(?<=\d):1\b|(?i:\b(?:1|one)) (?:m2|square meter|meter) of\b|(?:Y |\$)1\.00(?= =)"
    ),
    "symbols": r"_\{?[A-Za-z]*\d+[A-Za-z]*\}?|\b[A-Z]\d\b|<sub>\d+</sub>|_t? ?\{\d\}",
    "constants of formulas": (
        r"\b1 ?(?=\+ ?[a-z])|(?<=[-(]) ?1\b(?= ?[-/]|\}| ?\+)|\\frac\{1\}|\{i ?= ?1\}|=1\}"
    ),
    "letters read as digits": (
        r"(?<=[a-z])\d(?= ?[a-z])|(?<=[a-z])[1-9](?=[.,;:)]?\s)|(?<![\dA-Z.,])\d(?=[a-ln-z]{2})"
    ),
}
_NAMED = (
    r"advantages?|areas?|basic|broad|case|catego\w*|cities|designs?|different|dimensions?|earlier"
    r"|experimental|factors?|firms?|formulations?|four|greenfield|groups?|hundred|indexes|industrial"
    r"|items?|key|kinds?|known|latter|main|major|measures?|methods?|more|neighborhoods?|new|of"
    r"|operations?|options?|other|partners?|parts?|phases?|principal|problems?|proj\w*|quintiles"
    r"|reasons?|redevelop\w*|sets?|stages?|steps?|summary|systems?|tables?|themes?|types?|ways?"
    r"|addi\w*|city-specific"
)
#: What does not count where no row takes it.
WORDS = {
    "names of kinds": (
        r"(?i)\w+[- ]+(?:bed)?rooms?\b|\w+-(?:story|part|point|pronged|step|year plan|time)\b"
        r"|\w+-(?:to-one|sum|party|for|way|room)\b|\w+-$|five-year|double (?:ring|up)|double-up"
    ),
    "counts of what is named": rf"(?i)\w+ (?:{_NAMED})",
    "one, no number": r"(?i)one\b(?! ?(?:year|month|hour|decade|million|billion|percent|square))",
    "other senses": r"(?i)once\b|quarters\b|third\b|fourth\b|fifth\b|zero-sum|double\b|hundreds?\b",
}
#: What may be counted, so that rows go first.
LATER = ("axes and drawings", "damaged cells", "stubs and heads")
#: What the text of one source alone has.
OF_SOURCE: dict[str, dict[str, str]] = {
    "guo_wang": {
        "stubs and heads": r"standards\(m²\).*?80 Household",
        "counts of what is named": r"four conditions",
    },
    "shan": {
        "references": r"10\(6\), 2014 \[1384-1389\]",
        "addresses": r"364693126",
        "ordinals": r"the 18(?= .decision)",
        "counts of what is named": r"three (?:parties|stages|sides)",
        "damaged cells": r"2\$ +469\. 643",
        "exhibits and places": r"\$2(?= .text)",
    },
    "xuan": {
        "references": r"\(Print\) 1347-2852|19:3, 220-229",
        "marks of the publisher": r"(?s)- ?\s67\..*?views: 802|\s226 \S+ M\. XUAN",
        "headings": r"\n[34]\. |3\.1\.\d\.",
        "damaged cells": r"(?s)ase ar O\b.*?All monetary values|\b35(?=\sEvergrande)",
        "lines read twice": r"NIV < 0",
        # The circles of Table 3.
        "letters read as digits": r"(?:(?<=households)|(?<=people))\s+0(?:\s+0)?(?=\s)",
        "stubs and heads": r"\d{1,2}-Year lease",
        "constants of formulas": r"12(?= .times n\}\} ?- ?1| .times n\} - 1)",
    },
    "world_bank": {
        "axes and drawings": "|".join(
            rf"(?s:{start}.*?(?={end}))"
            for start, end in (
                (r"Figure 1\.1: Housing", r"Source; R\. Buckley"),
                (r"Figure 2,1: ", r"\[page - 33"),
                (r"P Z¿ / ", r"\[page - 51"),
                (r"SecricTrafmew", r"\[page - 63"),
                (r"\[page - 74 -\]", r"\[page - 75"),
                (r"77 - Figure 3\.3", r"\[page - 78"),
                (r"Cost of Coituction", r"\[page - 79"),
                (r"Yard eAra", r"FAR"),
                (r"DEVELOPMENT CHARACTERISTICS", r"\[page - 85"),
            )
        ),
        "damaged cells": "|".join(
            rf"(?s:{start}.*?(?={end}))"
            for start, end in (
                (r"in million m2\) 1985 2", r"1949 or"),
                (r"20\.04 16\.97 18\.89", r"7\.95 9\.12"),
                (r"1\.500 fil", r"(?=2\.36\sThe)"),
                (r"Average 0\.50-", r"fire-fihting"),
                (r"Original ren6", r"In Phase 2"),
                (r"ronetructed Are", r"870\.000"),
                (r"Site Area 18,600", r"Relocation"),
                (r"B\. Construction Coats", r"ANNEX 2"),
                (r"Site Area 88,500", r"Relocation"),
                (r"Total Construction Completed", r"Realdential Units Sold"),
                (r"80,400 a", r"75\.02"),
                (r"Cost Cos6", r"SITE"),
                (r"Area 83,000", r"80,400"),
                (r"Installment 1", r"Yantai"),
                (r"1 1,372", r"Average"),
                (r"Four-room", r"Total"),
                (r"i lPnan", r"ronetructed"),
                (r"9t SITE", r"COST"),
                (r"Y\s3,00/", r"m"),
                (r"17\.3 million", r"consisting"),
                (r"9 13\.0 10\s", r"Savings Bank"),
            )
        ),
        "footnote marks": (
            r"enterprises,261|made directly in the 261|units;121|assemble\.1 |In either case, 61"
            r"|percent\.181|ries\.\"241|pro- 241|1988\. 21|well\.61|duced,131|units\.\s38!"
            r"|\.\s1/\s(?=While)|private\. 3 |8\)1S|Finance\s1/"
        ),
        "contents": r"Environment, Human .*?document|Under Two Wage",
        "addresses": r"AS3[A-Z]+",
        "counts of what is named": (
            r"over\stwo missions|three\srela-|top\ssix|factors\s.2|nature of the\stwo|two\scities"
            r"|three\sProvincial|five\scost factors|two\s.experimental|the\stwo policies|UNDER TWO"
            r"|three\sobvi- ous|Two\sprinci- pal|three\scruciet|two\sperts|four\slargest firms"
            r"|three\ssites|the\sthree|four\slines of|Three\sHong Kong|two\sGPM"
            r"|two\sprivate parties"
        ),
        "names of kinds": r"Ten-Year|three-\sand\sfour-story",
        "ordinals": r"floors\stwo\sand\sfive|floor\sthree\sand\sfour|floors\sone\sand\ssix",
        "the one of a ratio": r"1/\(0\.12\)|(?<=than )1 m2|(?<=build )1 m2|12 of persons",
        "other senses": r"refurbished\shalf|add\sto\s100\spercent",
        "years": r"February\s188",
        "letters read as digits": (
            r"1'(?:Human|Est|InOg)\w*|foregon6|ag,6!da|STATE-0WNED|uti1161es|abse7-e|on\s6h\*|S\st\s5\scostty|WUJIAYA0|difficulties\.0"
            r"|71m'|flexibility\s\.7|compensation\. 1i|_guru\s2\.2"
        ),
        "paragraph numbers": (
            r"2\s24(?=\sOne)|2\.78(?=\swith)|38\.(?=\sTables)"
            r"|3\.00(?=\sThis)|11\.(?=\sThe\sGCC)|19(?=\sThe\sproject)"
        ),
        "exhibits and places": (
            r"S\.8(?=: TIANJIN)|ANNEX\s2|TabI\.\s2|Table\s9t|Figure\s3\.5|\(year 8\)1J|- 151 -"
            r"|(?<=\) and )[34](?= \(Y 80)|(?<=, )8(?= \(Y 80)"
        ),
        "stubs and heads": (
            r"Quintal-+\s20|per\sY\s1,000\sloan|8\.(?=\sConstruction Costa)"
            r"|0\.(?=\s(?:Total Cost|Construction))"
        ),
        "references": (
            r"Vol 1, No\s2: 301-355|Report INU39|D17:1987|88-25|1987/88, Hong Kong, 198"
            r"|December\s199C|26-July 6|Lar&d\s2e|7 \.v Plan"
        ),
    },
}
#: A paragraph's number, and what follows it; and that of a chapter before it, if it has one.
NUMBERED = re.compile(r"(?<![\w.,:$/-])(?:(\d{1,2})\.)?(\d{1,2})(\.?)(?= +[\"(*]*[A-Z])")


#: The place of each string in the text, and what it is.
Found = list[tuple[int, str]]


@dataclass(frozen=True)
class String:
    """A digit string or number word: its page by position, its place, and what rows may have.

    `word` is the class of `WORDS` that it is of, if any.
    """

    page: int
    start: int
    words: str
    values: tuple[str, ...]
    around: frozenset[str] = frozenset()
    word: str = ""


@dataclass(frozen=True)
class Row:
    """A string that a row of the data has: its page, and the words that name it."""

    page: int
    value: str
    names: frozenset[str]
    count: int


def pages(text: str) -> list[tuple[str, int, int]]:
    """Return the pages of a text: name, beginning and end. One without marks is one page."""
    found, last = [("", 0)], 0
    for mark in MARK.finditer(text):
        number = _page_number(mark[1])
        # Roman pages may begin anew after a list of contents, whose first may have lost its mark,
        # and Arabic ones after Roman. A mark that counts otherwise is a number of the text.
        begins = number <= 2 and not found[-1][0].isdigit()
        if begins or 0 < number - last <= SKIPPED:
            found.append((mark[1], mark.start()))
            last = number
    ends = [start for _, start in found[1:]] + [len(text)]
    return [(name, start, end) for (name, start), end in zip(found, ends, strict=True)]


def _page_number(mark: str) -> int:
    if mark.isdigit():
        return int(mark)
    digits = [ROMAN[letter] for letter in mark]
    return sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))


def numbered(text: str) -> Iterator[re.Match[str]]:
    """Yield the numbers of paragraphs: 2.14 after 2.13, or 14. after 13., wherever they stand.

    Of a number that is lost, or read as another one, the two next may stand for it. Several counts
    may run beside each other, as those of tables in a list of contents.
    """
    counts: dict[str, set[int]] = {}
    for match in NUMBERED.finditer(text):
        chapter, number = match[1] or "", int(match[2])
        if not chapter and not match[3]:
            continue
        running = counts.setdefault(chapter, set())
        before = max((count for count in running if 0 < number - count <= 3), default=0)
        if before or number == 1:
            running -= {before}
            running.add(number)
            yield match


def classed(text: str, patterns: Mapping[str, str]) -> tuple[str, Found]:
    """Return a text without what is of a class, in the same places, and the classes' strings."""
    found: Found = []
    for name, pattern in patterns.items():
        matches = list(re.finditer(pattern, text) if pattern else numbered(text))
        for match in matches:
            found += [(match.start() + own.start(), name) for own in _tokens(match[0])]
        letters = list(text)
        for place in (place for match in matches for place in range(*match.span())):
            letters[place] = letters[place] if letters[place].isspace() else "\0"
        text = "".join(letters)
    return text, found


def _tokens(text: str) -> list[re.Match[str]]:
    """Return the digit strings and number words of a text, fractions as one."""
    found = [*DIGITS.finditer(text), *FRACTION.finditer(text), *TENS.finditer(text)]
    taken = {place for match in found for place in range(*match.span())}
    found += [match for match in WORD.finditer(text) if match.start() not in taken]
    return sorted(found, key=lambda match: match.start())


def strings(text: str, bounds: Sequence[tuple[str, int, int]]) -> Iterator[String]:
    """Yield every digit string and number word, in the order of the text."""
    for number, (_, start, end) in enumerate(bounds):
        for match in _tokens(text[start:end]):
            after = text[start + match.end() : start + match.end() + 12].strip(" -%")
            words = match[0].rstrip(",")
            place = start + match.start()
            around = stems(text[max(start, place - AROUND) : place + AROUND])
            yield String(number, place, words, values(words, after), around, word(text, place))


def word(text: str, place: int) -> str:
    """Return the class of `WORDS` of what stands at a place: none of a number in digits."""
    if text[place].isdigit():
        return ""
    own = " ".join(text[place : place + 60].split())
    return next((name for name, pattern in WORDS.items() if re.match(pattern, own)), "")


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of the longer words of a text."""
    return frozenset(word[:STEM].lower() for word in re.findall(r"[A-Za-z]{4,}", text))


def values(words: str, after: str = "") -> tuple[str, ...]:
    """Return what rows may have for a string, by what follows it.

    Examples
    --------
    >>> values("5.160", "million m2"), values("Two-thirds"), values("seventy-five")
    (('5.16', '5160000'), ('0.7', '0.67', '0.667', '67', '66.7', '2'), ('75',))
    >>> values("three and one-half")[0], values("000")
    ('3.5', ())
    """
    if len(words) > 2 and not words.strip("0"):
        return ()  # A cell that the scan has torn: no page prints a nought so.
    if words[0].isdigit() or words[0] == ".":
        times = next((n for name, n in POWERS.items() if after.startswith(name)), 1)
        own = plain(words)
        is_number = times > 1 and own.count(".") < 2
        return (own, plain(f"{Decimal(own) * times:f}")) if is_number else (own,)
    fraction = FRACTION.fullmatch(words)
    if not fraction:
        parts = words.lower().split("-")
        return (str(sum(NUMBERS[part] for part in parts)),) if parts[0] in NUMBERS else ()
    whole, times, part, half = (group and group.lower() for group in fraction.groups())
    number = NUMBERS[times or "one"] / PARTS[(part or half).rstrip("s")] + NUMBERS[whole or "nil"]
    tried = [*(f"{number:.{n}f}" for n in range(1, 4)), *(f"{100 * number:.{n}f}" for n in (0, 1))]
    tried += [str(NUMBERS[times])] if times else []
    return tuple(dict.fromkeys(map(plain, tried)))


def plain(digits: str) -> str:
    """Return digits without what groups them, and without noughts that say nothing.

    Examples
    --------
    >>> plain("2,960.00"), plain("007"), plain(".80")
    ('2960', '7', '0.8')
    """
    whole, point, decimals = digits.replace(",", "").partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (point + decimals if decimals else "")


# Rows ---------------------------------------------------------------------------------------------


def wanted(source: Source, names: Sequence[str]) -> list[Row]:
    """Return what strings the rows of a source have, as the scan reads them."""
    found: list[Row] = []
    named = page_names(source)
    for place, cell in source.cells.items():
        misread = [note.scan for note in source.notes.get(place, ()) if note.kind in READ_AS]
        page = _position(named.get(place[:2]) or named.get(place[:1], ""), names)
        own = stems(" ".join((cell.row, cell.column, cell.unit)).replace("_", " "))
        for digits in DIGITS.findall(next(filter(None, misread), cell.printed)):
            found.append(Row(page, plain(digits), own, len(found)))
    return found


def _position(name: str, names: Sequence[str]) -> int:
    """Return where a page is among those of the text; that before it where its mark is lost."""
    if name in names:
        return len(names) - 1 - list(reversed(names)).index(name)
    alike = (
        [n for n, own in enumerate(names) if own and own.isdigit() == name.isdigit()]
        if name
        else []
    )
    return max((n for n in alike if _page_number(names[n]) < _page_number(name)), default=0)


def page_names(source: Source) -> dict[tuple[str, ...], str]:
    """Return the page of each exhibit that is a table, and of each number of the running text."""
    own = {
        (resource["exhibit"],): str(resource.get("page") or "").partition("-")[0]
        for resource in package(source.project)["resources"]
        if resource.get("source") == source.slug and "id" in resource
    }
    file = source.beside("text.csv")
    rows = file.read(TEXT_COLUMNS, optional=["notation"]) if file.path.exists() else []
    return {**own, **{(row["exhibit"], row["item"]): row["page"] for row in rows}}


def labels(source: Source, names: Sequence[str]) -> list[Row]:
    """Return what strings the stubs and heads of tables have that count for nothing."""
    found: list[Row] = []
    named = page_names(source)
    for layout in source.layouts.values():
        page = _position(named.get((layout.exhibit,), ""), names)
        keys = [key if isinstance(key, tuple) else (key,) for key in layout.frame.index]
        counted = {n for n, name in enumerate(layout.keys) if name in layout.counted}
        own = [part for key in keys for n, part in enumerate(key) if n not in counted]
        for label in [*own, *([] if layout.head else map(str, layout.frame.columns))]:
            for digits in DIGITS.findall(label.replace("_", " ")):
                found.append(Row(page, plain(digits), frozenset(), len(found)))
    return found


def account(source: Source, text: str) -> tuple[Found, list[String], list[str]]:
    """Return the class of each string by its place, those left over, and rows without a string."""
    bounds = pages(text)
    names = [name for name, _, _ in bounds]
    # A line that is broken within a sentence is one; a blank line parts.
    own = OF_SOURCE.get(source.slug, {})
    never = {name: pattern for name, pattern in own.items() if name not in LATER}
    joined = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    rest, of_source = classed(joined, never)
    rest, found = classed(rest, CLASSES)
    found += of_source
    left = list(strings(rest, bounds))
    left, unmet = _matched(left, wanted(source, names), NEAR, found, ROWS)
    left, unmet = _joined(left, rest, unmet, found)
    left, _ = _matched(left, labels(source, names), 1, found, STUBS)
    drawn = [
        (*match.span(), name)
        for name, pattern in own.items()
        if name in LATER
        for match in re.finditer(pattern, joined)
    ]
    over: list[String] = []
    for one in left:
        name = next((name for start, end, name in drawn if start <= one.start < end), one.word)
        found.append((one.start, name or LEFT))
        over += [] if name else [one]
    return sorted(found), over, [f"{names[row.page]}: {row.value}" for row in unmet]


def _matched(
    left: Sequence[String], rows: Sequence[Row], near: int, found: Found, name: str
) -> tuple[list[String], list[Row]]:
    """Pair strings with rows, and return what is left of both.

    As many as can be, no further apart than so many pages; of those that are alike, the row whose
    name shares the most words with what stands around the string, and then the nearest.
    """
    taken: set[String] = set()
    rest = list(rows)
    for value in dict.fromkeys(value for one in left for value in one.values):
        own = [one for one in left if value in one.values and one not in taken]
        there = [row for row in rest if row.value == value]
        pairs = _paired(own, there, near, value)
        taken |= {own[a] for a, _ in pairs}
        met = {there[b] for _, b in pairs}
        found += [(own[a].start, name) for a, _ in pairs]
        rest = [row for row in rest if row not in met]
    return [one for one in left if one not in taken], rest


def _paired(
    own: Sequence[String], rows: Sequence[Row], near: int, value: str
) -> list[tuple[int, int]]:
    """Return which string goes with which row of a value, by position."""
    if not own or not rows:
        return []
    far = np.abs(np.subtract.outer([one.page for one in own], [row.page for row in rows]))
    alike = np.array([[len(one.around & row.names) for row in rows] for one in own])
    # So is the two of two-thirds, which is no row's but for want of another.
    last = LAST * np.array(
        [[bool(one.word or (len(value) == 1 and FRACTION.match(one.words)))] for one in own]
    )
    cost = np.where(far <= near, far - SHARED * alike + last, FAR)
    lines, columns = linear_sum_assignment(cost)
    return [(a, b) for a, b in zip(lines, columns, strict=True) if far[a, b] <= near]


def _joined(
    left: Sequence[String], text: str, rows: Sequence[Row], found: Found
) -> tuple[list[String], list[Row]]:
    """Take the rows whose number the scan has torn in two: 8. 95, 12 .4, 2 514.17."""
    done: set[int] = set()
    rest = list(rows)
    for one, two in pairwise(left):
        gap = text[one.start + len(one.words) : two.start]
        if one.start in done or len(gap) > 4 or gap.strip(" .,\n") or not one.words[0].isdigit():
            continue
        both = tuple(plain(one.words + point + two.words.lstrip(".")) for point in (".", ""))
        over, rest = _matched([replace(one, values=both)], rest, NEAR, found, ROWS)
        if not over:
            found.append((two.start, ROWS))
            done |= {one.start, two.start}
    return [one for one in left if one.start not in done], rest


def table(text: str, found: Found) -> str:
    """Return the file: counts by page and class, and the checksum of the text."""
    bounds = pages(text)
    checksum = hashlib.sha256(text.encode()).hexdigest()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    # A list of contents may have pages of the same number as what follows it.
    counts: dict[str, Counter[str]] = {name: Counter() for name, _, _ in bounds}
    for name, start, end in bounds:
        counts[name].update(own for place, own in found if start <= place < end)
    for name, own in counts.items():
        writer.writerows([checksum, name, word, own[word]] for word in sorted(own))
    return out.getvalue()


def main() -> None:
    """Read a text, write what its source's rows leave of it, and show what is left over.

    Without a text there is nothing to do: `make evidence` has none.
    """
    if len(sys.argv) < 3:
        print("uncounted: no text given, so that nothing is read (TEXT SLUG)")
        return
    text = Path(sys.argv[1]).read_text("utf8")
    source = Source(sys.argv[2])
    found, left, unmet = account(source, text)
    bounds = pages(text)
    path = Project().data / source.slug / "uncounted.csv"
    write_in_one_move(path, table(text, found))
    print(f"written: data/{source.slug}/{path.name}: {len(found)} strings")
    for name, number in Counter(name for _, name in found).most_common():
        print(f"  {number:6} {name}")
    print(f"rows whose string was not found: {len(unmet)}: {', '.join(unmet)}")
    for one in left:
        around = " ".join(text[max(0, one.start - 40) : one.start + 40].split())
        print(f"{bounds[one.page][0]}: {one.words}: {around}")
    if left:
        raise SystemExit(
            f"{len(left)} strings are left over: a row is missing for each, or a class"
        )


if __name__ == "__main__":
    main()
