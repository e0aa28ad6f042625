"""TLS around a conversation, without a socket: what comes is decrypted, and what is answered encrypted."""

from __future__ import annotations

import ssl

from nixernetes.cluster.server.requests import Conversation
from nixernetes.errors import InputError

__all__ = ["EncryptedConversation"]

_PIECE = 1 << 16


class EncryptedConversation:
    """One connection.

    Args:
        context: how it is encrypted, on the side of the server.
        inside: what is said in it.

    """

    def __init__(self, context: ssl.SSLContext, inside: Conversation) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._inside = inside
        self._is_begun = False
        self._is_left = False

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more is answered."""
        return self._is_left or self._inside.is_over

    def receive(self, data: bytes) -> bytes:
        """Return what is answered, encrypted.

        Raises:
            InputError: it is not TLS, or whatever the inside refuses.

        """
        self._incoming.write(data)
        try:
            if not self._is_begun:
                self._tls.do_handshake()
                self._is_begun = True
                self._say(b"")
            while not self._is_left:
                heard = self._tls.read(_PIECE)
                self._is_left = not heard
                self._say(heard)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            raise InputError(f"TLS: {error.reason or 'cannot be read'}") from error
        return self._outgoing.read()

    def _say(self, heard: bytes) -> None:
        answer = self._inside.receive(heard)
        if answer:
            self._tls.write(answer)
