"""What the first bytes of a text file say of its encoding."""

from __future__ import annotations

import codecs

__all__ = ["LONGEST", "marked_as"]

#: The marks of encodings. That of UTF-16 begins one of UTF-32, which therefore goes before it.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
#: Bytes that the longest mark has.
LONGEST = max(map(len, MARKS))


def marked_as(first: bytes) -> tuple[bytes, str]:
    r"""Return the mark that a text begins with, nothing where it has none, and its encoding.

    Parameters
    ----------
    first : bytes
        The text, or its first `LONGEST` bytes.

    Examples
    --------
    >>> marked_as("size".encode("utf-16-le")), marked_as("size".encode("utf-8-sig"))
    ((b'', 'utf-8'), (b'\xef\xbb\xbf', 'utf-8'))
    """
    mark = next((mark for mark in MARKS if first.startswith(mark)), b"")
    return mark, MARKS.get(mark, "utf-8")
