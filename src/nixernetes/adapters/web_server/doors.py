"""Who may come in: an invitation that opens one session, and a token for those who only look.

An address ends in histories and logs, so the invitation in it is good once: whoever uses it gets a session in a cookie,
and a new invitation takes its place. The token of those who only look stays good for as long as the server runs.
"""

from __future__ import annotations

import enum
import hmac
import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

__all__ = ["Door", "Role"]

_MOST_SESSIONS: Final = 1000


class Role(enum.StrEnum):
    """What somebody may do."""

    VIEWER = "viewer"
    OPERATOR = "operator"


class Door:
    """Where the page is, and what opens it.

    Holds at most a thousand sessions: the oldest is forgotten first.

    Args:
        port: the port.
        told: called with the new address after an invitation was used.
        role: what an invitation opens.

    """

    def __init__(self, port: int, told: Callable[[str], None] = lambda _: None, *, role: Role = Role.OPERATOR) -> None:
        self._port = port
        self._told = told
        self._role = role
        self._secret = secrets.token_bytes(32)
        self._sessions: dict[str, Role] = {}
        self._invitation = secrets.token_urlsafe(24)
        self.viewer_token = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """The address, without a token."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def invitation(self) -> str:
        """The address that opens the page for one browser."""
        return f"{self.address}?{urlencode({'token': self._invitation})}"

    @property
    def viewer_address(self) -> str:
        """The address that opens the page for those who only look."""
        return f"{self.address}?{urlencode({'token': self.viewer_token})}"

    @property
    def cookie(self) -> str:
        """The name of the cookie: ports of one address share theirs."""
        return f"nixernetes-{self._port}"

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser may call this server."""
        return frozenset((f"127.0.0.1:{self._port}", f"localhost:{self._port}"))

    def enter(self, token: str) -> str:
        """Open a session with the token of an address, and return its name; ``""`` where it opens nothing."""
        if _same(token, self._invitation):
            self._invitation = secrets.token_urlsafe(24)
            self._told(self.invitation)
            return self._session(self._role)
        return self._session(Role.VIEWER) if _same(token, self.viewer_token) else ""

    def _session(self, role: Role) -> str:
        while len(self._sessions) >= _MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        name = secrets.token_urlsafe(24)
        self._sessions[name] = role
        return name

    def role(self, session: str) -> Role | None:
        """Return what a session may do; None where there is none of this name."""
        return self._sessions.get(session)

    def is_viewer(self, token: str) -> bool:
        """Tell whether a program has the token of those who only look."""
        return _same(token, self.viewer_token)

    def proof(self, session: str) -> str:
        """Return what a change must come with: a page of ours can read it, one of another site cannot."""
        return hmac.new(self._secret, session.encode(errors="replace"), "sha256").hexdigest()

    def is_proof(self, session: str, given: str) -> bool:
        """Tell whether a change comes from a page of this session."""
        return _same(given, self.proof(session))


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(errors="replace"), wanted.encode())
