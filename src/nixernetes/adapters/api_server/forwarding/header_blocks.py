"""Headers as SPDY/3 sends them: names and values behind their lengths, compressed with a dictionary that both know.

The dictionary is that of the SPDY protocol, draft 3, section 2.6.10.1.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final

from nixernetes.errors import InputError

__all__ = ["HeaderReader", "HeaderWriter"]

_MOST_BYTES: Final = 64 * 1024
_LENGTH: Final = 4

_NAMES: Final = [
    "options",
    "head",
    "post",
    "put",
    "delete",
    "trace",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "connection",
    "content-base",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "retry-after",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "method",
    "get",
    "status",
]
_PAIRS: Final = ("200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin")
_CODES: Final = "100 101 201 202 205 206 300 302 303 304 305 306 307 402 405 406 407 408 409 410 411 412 413 414 415"
_MORE_CODES: Final = "416 417 502 504 505"
_PHRASES: Final = (
    "203 Non-Authoritative Information",
    "204 No Content",
    "301 Moved Permanently",
    "400 Bad Request",
    "401 Unauthorized",
    "403 Forbidden",
    "404 Not Found",
    "500 Internal Server Error",
    "501 Not Implemented",
    "503 Service Unavailable",
)
_REST: Final = (
    "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
    "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)


def _dictionary() -> bytes:
    lengthy = b"".join(len(word).to_bytes(_LENGTH, "big") + word.encode() for word in (*_NAMES, *_PAIRS))
    codes = (_CODES + _MORE_CODES).replace(" ", "")
    return lengthy + (codes + "".join(_PHRASES) + _REST).encode()


_DICTIONARY: Final = _dictionary()


class HeaderReader:
    """Reads the header blocks of one direction of a connection, in their order."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(zdict=_DICTIONARY)

    def read(self, block: bytes) -> dict[str, str]:
        """Return the headers of the next block.

        Raises:
            InputError: it is none, or is too long.

        """
        try:
            text = self._inflate.decompress(block, _MOST_BYTES)
        except zlib.error as error:
            raise InputError("the headers of a stream cannot be read") from error
        if self._inflate.unconsumed_tail:
            raise InputError("the headers of a stream are too long")
        reader = _Words(text)
        return {reader.word().lower(): reader.word() for _ in range(reader.number())}


class _Words:
    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0

    def number(self) -> int:
        number = int.from_bytes(self._taken(_LENGTH), "big")
        if number > len(self._text):
            raise InputError("the headers of a stream are longer than they are")
        return number

    def word(self) -> str:
        return self._taken(self.number()).decode("latin-1")

    def _taken(self, length: int) -> bytes:
        found = self._text[self._at : self._at + length]
        if len(found) != length:
            raise InputError("the headers of a stream end too soon")
        self._at += length
        return found


class HeaderWriter:
    """Writes the header blocks of one direction of a connection, in their order."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(zdict=_DICTIONARY)

    def write(self, headers: Mapping[str, str]) -> bytes:
        """Return the next block."""
        words = [word.encode("latin-1") for pair in headers.items() for word in pair]
        text = b"".join(len(word).to_bytes(_LENGTH, "big") + word for word in words)
        block = self._deflate.compress(len(headers).to_bytes(_LENGTH, "big") + text)
        return block + self._deflate.flush(zlib.Z_SYNC_FLUSH)
