"""A Redis that only knows what it is asked for: the cache of Argo CD, as its programs read it.

After the protocol of Redis (RESP 2) and ``util/cache/redis.go`` of Argo CD 3.5: a value is JSON, compressed by gzip
where its key ends in ``.gz``, and each key ends in the version of the cache. What is written is not kept: it is only
what its reader could find out here again.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from typing import Final

from nixernetes.errors import InputError, NixernetesError, NotYetError
from nixernetes.objects.manifest import Json

__all__ = ["RedisConversation"]

_MOST_BYTES: Final = 1 << 20  # of a command
_MOST_PARTS: Final = 1024
_END: Final = b"\r\n"
_NOTHING: Final = b"$-1\r\n"
_DONE: Final = b"+OK\r\n"
_DONE_WITH: Final = ("AUTH", "CLIENT", "SELECT", "SET", "SETEX")
_NUMBERS: Final = ("DEL", "EXISTS", "EXPIRE", "PUBLISH", "SETNX", "UNLINK")


class RedisConversation:
    """One connection.

    Args:
        value: returns what stands under a key, without version; None for nothing.

    """

    def __init__(self, value: Callable[[str], Json]) -> None:
        self._value = value
        self._held = bytearray()
        self.is_over = False

    def receive(self, data: bytes) -> bytes:
        """Return the answers to the commands that are whole by now.

        Raises:
            InputError: it is no command of Redis, or is too long.

        """
        self._held += data
        answers = []
        while not self.is_over and (command := self._command()) is not None:
            answers.append(self._answer(command))
        return b"".join(answers)

    def _command(self) -> list[bytes] | None:
        """Take the next command; None where it is not whole yet."""
        if len(self._held) > _MOST_BYTES:
            raise InputError("a command of Redis is too long")
        head = self._line(0)
        if head is None:
            return None
        count, at = _count(head, b"*"), len(head) + 2
        parts = []
        for _ in range(min(count, _MOST_PARTS)):
            line = self._line(at)
            if line is None:
                return None
            begin = at + len(line) + 2
            end = begin + _count(line, b"$")
            if len(self._held) < end + 2:
                return None
            parts.append(bytes(self._held[begin:end]))
            at = end + 2
        del self._held[:at]
        return parts

    def _line(self, at: int) -> bytes | None:
        end = self._held.find(_END, at)
        return bytes(self._held[at:end]) if end >= 0 else None

    def _answer(self, command: Sequence[bytes]) -> bytes:
        name = command[0].decode("latin-1").upper() if command else ""
        if name == "GET" and len(command) == 2:
            return self._stored(command[1].decode("utf-8", "replace"))
        if name == "PING":
            return b"+PONG\r\n"
        if name == "QUIT":
            self.is_over = True
        if name == "QUIT" or name in _DONE_WITH:
            return _DONE
        if name in _NUMBERS:
            return b":0\r\n"
        return f"-ERR unknown command '{name[:64]}'\r\n".encode()

    def _stored(self, key: str) -> bytes:
        is_packed = key.endswith(".gz")
        try:
            found = self._value(key.removesuffix(".gz").rpartition("|")[0])
        except NotYetError as error:
            return f"-LOADING {' '.join(str(error).split())}\r\n".encode()  # clients ask again
        except NixernetesError as error:
            return f"-ERR {' '.join(error.message.split())}\r\n".encode()
        if found is None:
            return _NOTHING
        text = json.dumps(found).encode()
        data = gzip.compress(text, mtime=0) if is_packed else text
        return b"$%d\r\n%b\r\n" % (len(data), data)


def _count(line: bytes, mark: bytes) -> int:
    digits = line[1:]
    if line[:1] != mark or not digits.isdigit() or len(digits) > 8:
        raise InputError("that is not a command of Redis")
    return int(digits)
