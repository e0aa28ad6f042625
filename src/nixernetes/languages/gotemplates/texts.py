"""Sprig's functions for texts, with the lengths and positions of Go, which counts bytes."""

from __future__ import annotations

from nixernetes.languages.gotemplates.allowance import refuse_long
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import Texts, show
from nixernetes.objects.manifest import Json

__all__ = [
    "abbreviated",
    "abbreviated_both",
    "lowered",
    "split",
    "substring",
    "texts",
    "titled",
    "truncated",
    "uppered",
    "wrapped",
]


def uppered(text: str) -> str:
    """Return a text in upper case, character by character: ``ß`` has none."""
    return "".join(upper if len(upper := letter.upper()) == 1 else letter for letter in text)


def lowered(text: str) -> str:
    """Return a text in lower case, character by character."""
    return "".join(letter.lower()[:1] for letter in text)


def split(separator: str, text: str, count: int = -1) -> Texts:
    """Return a text in at most so many parts (all for a count below zero), as Go's ``strings.SplitN`` does.

    Between no letters and no letters there is every letter alone.
    """
    if count == 0:
        return Texts()
    if separator:
        return Texts(text.split(separator, max(count - 1, -1)))
    alone = len(text) if count < 0 else min(count - 1, max(len(text) - 1, 0))
    return Texts([*text[:alone], text[alone:]] if alone < len(text) else text)


def titled(text: str) -> str:
    """Return a text with a capital after whatever is neither letter, digit nor ``_`` (Go's ``strings.Title``)."""
    parts, before = [], " "
    for letter in text:
        inside = before.isalnum() or before == "_" or (not before.isascii() and not before.isspace())
        parts.append(letter if inside or len(letter.title()) > 1 else letter.title())
        before = letter
    return "".join(parts)


def _cut(text: bytes) -> str:
    """Return bytes as a text; each byte that is no part of a character is one that cannot be shown."""
    found = text.decode(errors="surrogateescape")
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in found)


def substring(start: int, end: int, text: str) -> str:
    """Return the bytes of a text from one position to another; an end below zero, or beyond it, is its end."""
    data = text.encode(errors="replace")
    upto = end if 0 <= end <= len(data) else len(data)
    if max(start, 0) > upto or (start < 0 and not 0 <= end <= len(data)):
        raise TemplateError(f"runtime error: slice bounds out of range [{max(start, 0)}:{upto}]")
    if start < 0:
        return _cut(data[:end])
    return _cut(data[start:] if end < 0 or end > len(data) else data[start:end])


def truncated(count: int, text: str) -> str:
    """Return so many bytes of the beginning of a text, or of its end where the count is below zero."""
    data = text.encode(errors="replace")
    return _cut(data[:count] if count >= 0 else data[count:])


def abbreviated(width: int, text: str) -> str:
    """Return a text of at most so many bytes, with dots for what is left out."""
    data = text.encode(errors="replace")
    return text if width < 4 or len(data) <= width else f"{_cut(data[: width - 3])}..."


def abbreviated_both(left: int, right: int, text: str) -> str:
    """Return at most so many bytes of a text from an offset on, with dots on both sides."""
    data = text.encode(errors="replace")
    if right < 4 or (left > 0 and right < 7) or len(data) <= right:
        return text
    offset = max(min(left, len(data)), 0)
    if len(data) - offset < right - 3:
        offset = len(data) - (right - 3)
    if offset <= 4:
        return f"{_cut(data[: right - 3])}..."
    if offset + right - 3 < len(data):
        return f"...{abbreviated(right - 3, _cut(data[offset:]))}"
    return f"...{_cut(data[len(data) - (right - 3) :])}"


def wrapped(width: int, text: str, sign: str = "\n", *, breaks_words: bool = False) -> str:
    """Return a text in lines of at most so many characters.

    Args:
        width: the characters.
        text: the text.
        sign: what ends a line.
        breaks_words: whether longer words are broken.

    Raises:
        TemplateError: it would be larger than 1 MB.

    """
    width, at, parts = max(width, 1), 0, []
    refuse_long("wrap", len(text) + len(sign) * (len(text) // width + text.count(" ") + 1))
    while len(text) - at > width:
        if text[at] == " ":
            at += 1
            continue
        space = text.rfind(" ", at, at + width + 1)
        if space < 0 and breaks_words:
            parts += [text[at : at + width], sign]
            at += width
            continue
        space = text.find(" ", at + width) if space < 0 else space
        if space < 0:
            break
        parts += [text[at:space], sign]
        at = space + 1
    return "".join([*parts, text[at:]])


def texts(value: Json) -> list[str]:
    """Return the items of a list as texts, without nils; the text of anything else alone."""
    if isinstance(value, list):
        return [show(item) for item in value if item is not None]
    return [] if value is None else [show(value)]
