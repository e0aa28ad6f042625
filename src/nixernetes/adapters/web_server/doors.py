"""Who may come in: an invitation that opens one session, and a token for those who only look.

An address ends in histories and logs, so the invitation in it is good once: whoever uses it gets a session in a cookie,
and a new invitation takes its place. The token of those who only look stays good for as long as the server runs.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from time import monotonic
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.responses import Response

from nixernetes.adapters.web_server.access.standing import OPERATOR, VIEWER, Role, Standing

__all__ = ["Door", "Role"]

_MOST_SESSIONS: Final = 1000
_SESSION_SECONDS: Final = 12 * 3600  # of somebody who has logged in


class Door:
    """Where the page is, and what opens it.

    Holds at most a thousand sessions: the oldest of those who only look is forgotten first, then the oldest.

    Args:
        port: the port.
        told: called with the new address after an invitation was used.
        role: what an invitation opens.
        url: what browsers call it; ``""`` is the loopback address. Elsewhere nothing is opened by an address.

    """

    def __init__(
        self, port: int, told: Callable[[str], None] = lambda _: None, *, role: Role = Role.OPERATOR, url: str = ""
    ) -> None:
        self._port = port
        self._told = told
        self._opened = OPERATOR if role is Role.OPERATOR else VIEWER
        self._url = url
        self._secret = secrets.token_bytes(32)
        self._sessions: dict[str, tuple[Callable[[], Standing | None], float]] = {}
        self._invitation = secrets.token_urlsafe(24)
        self.viewer_token = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """The address, without a token."""
        return self._url.rstrip("/") + "/" if self._url else f"http://127.0.0.1:{self._port}/"

    @property
    def is_encrypted(self) -> bool:
        """Whether it is reached by TLS."""
        return urlsplit(self.address).scheme == "https"

    @property
    def invitation(self) -> str:
        """The address that opens the page for one browser."""
        return self.address if self._url else f"{self.address}?{urlencode({'token': self._invitation})}"

    @property
    def viewer_address(self) -> str:
        """The address that opens the page for those who only look."""
        return self.address if self._url else f"{self.address}?{urlencode({'token': self.viewer_token})}"

    @property
    def cookie(self) -> str:
        """The name of the cookie: ports of one address share theirs."""
        return f"nixernetes-{self._port}"

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser may call this server."""
        if self._url:
            return frozenset((urlsplit(self._url).netloc.lower(),))
        return frozenset((f"127.0.0.1:{self._port}", f"localhost:{self._port}"))

    def enter(self, token: str) -> str:
        """Open a session with the token of an address, and return its name; ``""`` where it opens nothing."""
        if self._url:
            return ""
        if _same(token, self._invitation):
            self._invitation = secrets.token_urlsafe(24)
            self._told(self.invitation)
            return self._session(lambda: self._opened)
        return self._session(lambda: VIEWER) if _same(token, self.viewer_token) else ""

    def begin(self, standing: Callable[[], Standing | None]) -> str:
        """Open a session for somebody who has logged in, for twelve hours at most, and return its name.

        Args:
            standing: says what that person may do at present; None ends the session.

        """
        return self._session(standing, monotonic() + _SESSION_SECONDS)

    def end(self, session: str) -> None:
        """End a session."""
        self._sessions.pop(session, None)

    def give(self, answer: Response, session: str) -> None:
        """Give a browser its session."""
        secure = self.is_encrypted
        answer.set_cookie(self.cookie, session, httponly=True, samesite="strict", path="/", secure=secure)

    def _session(self, standing: Callable[[], Standing | None], until: float = float("inf")) -> str:
        while len(self._sessions) >= _MOST_SESSIONS:
            held = ((name, each()) for name, (each, _) in self._sessions.items())
            looking = (name for name, found in held if found is None or found.role is Role.VIEWER)
            del self._sessions[next(looking, None) or next(iter(self._sessions))]
        name = secrets.token_urlsafe(24)
        self._sessions[name] = (standing, until)
        return name

    def standing(self, session: str) -> Standing | None:
        """Return what a session may do; None where there is none of this name, or no longer."""
        held, until = self._sessions.get(session, (None, 0.0))
        found = held() if held is not None and monotonic() < until else None
        if found is None:
            self.end(session)
        elif self._opened is VIEWER:  # nothing can be changed here, whoever it is
            return Standing(role=Role.VIEWER, name=found.name, grants=())
        return found

    def role(self, session: str) -> Role | None:
        """Return the role of a session; None where there is none of this name."""
        standing = self.standing(session)
        return standing.role if standing is not None else None

    def is_viewer(self, token: str) -> bool:
        """Tell whether a program has the token of those who only look."""
        return not self._url and _same(token, self.viewer_token)

    def proof(self, session: str) -> str:
        """Return what a change must come with: a page of ours can read it, one of another site cannot."""
        return hmac.new(self._secret, session.encode(errors="replace"), "sha256").hexdigest()

    def is_proof(self, session: str, given: str) -> bool:
        """Tell whether a change comes from a page of this session."""
        return _same(given, self.proof(session))


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(errors="replace"), wanted.encode())
