"""The pages that people write, and what stands in them as code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
#: Made whole by `make accept`, of what is tested elsewhere.
MADE = ("docs/map.md", "docs/teach.md")
#: Of it the newest section alone: what is told of a version that is out was so then.
HISTORY = "CHANGELOG.md"
PATTERNS = ("README.md", "CONTRIBUTING.md", HISTORY, "docs/**/*.md", "other_papers/*/README.md")
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


class Document(NamedTuple):
    """A page: its text, what of it is prose, and its pieces of code."""

    name: str
    text: str

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """Language and text of what stands between fences, but for what a site includes."""
        return [(kind, text) for kind, text in FENCE.findall(self.text) if kind[:1] != "{"]

    @property
    def prose(self) -> str:
        return FENCE.sub("", self.text)

    @property
    def spans(self) -> list[str]:
        """What stands in backticks within a line."""
        return [" ".join(text.split()) for _, text in SPAN.findall(self.prose)]

    @property
    def commands(self) -> list[str]:
        """What is typed into a shell, a line each: of blocks, and of spans that name a program."""
        shells = [text for kind, text in self.blocks if kind in ("sh", "bash", "powershell")]
        lines = "\n".join(shells).replace("\\\n", " ").splitlines()
        return [line.partition("#")[0].strip() for line in lines] + self.spans


def _read(path: Path) -> Document:
    name, text = path.relative_to(ROOT).as_posix(), path.read_text("utf8")
    if name == HISTORY:
        text = re.split(r"^## |^### Removed$", text, flags=re.MULTILINE)[1]
    return Document(name, text)


DOCUMENTS = [
    _read(path)
    for pattern in PATTERNS
    for path in sorted(ROOT.glob(pattern))
    if path.relative_to(ROOT).as_posix() not in MADE
]
#: Of it `make accept` makes the page on teaching. Its files are those that it hands out.
GUIDE = [_read(path) for path in sorted((ROOT / "course" / "guide").glob("*.md"))]
