"""OpenID Connect: the authorization code flow with PKCE, as a client (OpenID Connect Core 1.0, section 3.1; RFC 7636).

What counts is the ID token alone: its signature by a key of the issuer, issuer, audience, nonce and times. Signatures
are checked by joserfc, which the extra ``nixernetes[oidc]`` installs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from nixernetes.adapters.web_server.access.roles import OidcSettings
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.manifest import Json

if TYPE_CHECKING:  # httpx takes long to import
    import httpx

__all__ = ["Claims", "Issuer", "Pending"]

_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY_SECONDS: Final = 60
_LONGEST_SECONDS: Final = 24 * 3600  # of a token: what lives longer is refused
_TIMEOUT_SECONDS: Final = 10.0
_MOST_BYTES: Final = 1024 * 1024
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an issuer says of somebody.

    Attributes:
        name: the name.
        groups: the groups.

    """

    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A login that has begun.

    Attributes:
        state: proves that an answer belongs to it.
        nonce: proves that a token does.
        verifier: proves to the issuer that whoever exchanges the code began it.
        to: where to go after it.

    """

    to: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """What the issuer is told of the verifier."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class Issuer:
    """One issuer, and this program as its client. Everything here waits for the network.

    Args:
        settings: the issuer and the client.
        folder: where a relative ``clientSecretFile`` is.
        redirect: the address that the issuer sends browsers back to.
        client: makes the HTTP client.
        now: the machine's time, in seconds since 1970.

    Raises:
        InputError: the extra is not installed, the secret cannot be read, or the issuer is not reached by TLS.

    """

    def __init__(
        self,
        settings: OidcSettings,
        folder: Path,
        redirect: str,
        client: Callable[[], httpx.Client] | None = None,
        now: Callable[[], float] = time,
    ) -> None:
        try:
            import joserfc  # noqa: F401, PLC0415  # an extra
        except ImportError as error:
            raise InputError("logins by OpenID Connect need an extra: pip install 'nixernetes[oidc]'") from error
        _refuse_plain(settings.issuer)
        self.settings = settings
        self._redirect = redirect
        self._secret = _secret(folder, settings.client_secret_file)
        self._client = client or _http
        self._now = now

    def address(self, pending: Pending) -> str:
        """Return where a browser is sent to log in.

        Raises:
            RemoteError: the issuer does not say.

        """
        with self._client() as http:
            found = self._endpoint(self._configuration(http), "authorization_endpoint")
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._redirect,
            "scope": " ".join(self.settings.scopes),
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": pending.challenge,
            "code_challenge_method": "S256",
        }
        return f"{found}{'&' if urlsplit(found).query else '?'}{urlencode(query)}"

    def claims(self, pending: Pending, code: str) -> Claims:
        """Exchange a code, and return what the token says of whoever logged in.

        Raises:
            RemoteError: the issuer does not answer, or what it answers is not to be believed.

        """
        with self._client() as http:
            configuration = self._configuration(http)
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._redirect,
                "client_id": self.settings.client_id,
                "code_verifier": pending.verifier,
                **({"client_secret": self._secret} if self._secret else {}),
            }
            answer = self._asked(http, self._endpoint(configuration, "token_endpoint"), form)
            keys = self._asked(http, self._endpoint(configuration, "jwks_uri"))
        return self._believed(text_at(answer, "id_token"), keys, pending.nonce)

    def _believed(self, token: str, keys: Json, nonce: str) -> Claims:
        from joserfc import jwt  # noqa: PLC0415  # an extra
        from joserfc.errors import JoseError  # noqa: PLC0415  # same
        from joserfc.jwk import KeySet  # noqa: PLC0415  # same

        try:
            found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=[*_ALGORITHMS])
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise self._refused(f"its signature does not hold ({type(error).__name__})") from error
        claims = found.claims
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(audiences, list) or self.settings.client_id not in audiences:
            raise self._refused("it is for somebody else (aud)")
        if len(audiences) > 1 and claims.get("azp") != self.settings.client_id:
            raise self._refused("it was made for somebody else (azp)")
        if claims.get("iss") != self.settings.issuer:
            raise self._refused("it is of another issuer (iss)")
        if not isinstance(claims.get("nonce"), str) or not secrets.compare_digest(claims["nonce"], nonce):
            raise self._refused("it belongs to another login (nonce)")
        self._check_times(claims)
        name = claims.get(self.settings.name_claim)
        if not isinstance(name, str) or not name:
            raise self._refused(f"it names nobody ({self.settings.name_claim})")
        if self.settings.name_claim == "email" and claims.get("email_verified") is False:
            raise self._refused("its mail address is not verified")
        groups = tuple(each for each in items_at(claims, self.settings.groups_claim) if isinstance(each, str))
        return Claims(name=name, groups=groups)

    def _check_times(self, claims: Json) -> None:
        now = self._now()
        ends, begins, made = (claims.get(name) for name in ("exp", "nbf", "iat"))
        if not _is_number(ends) or now > ends + _LEEWAY_SECONDS:
            raise self._refused("it has expired (exp)")
        if not _is_number(made) or made > now + _LEEWAY_SECONDS or now - made > _LONGEST_SECONDS:
            raise self._refused("it was not made now (iat)")
        if begins is not None and (not _is_number(begins) or begins > now + _LEEWAY_SECONDS):
            raise self._refused("it does not hold yet (nbf)")

    def _configuration(self, http: httpx.Client) -> Json:
        found = self._asked(http, f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if text_at(found, "issuer") != self.settings.issuer:
            raise RemoteError("it calls itself otherwise", subject=self.settings.issuer)
        return found

    def _endpoint(self, configuration: Json, name: str) -> str:
        found = text_at(configuration, name)
        try:
            _refuse_plain(found)
        except InputError as error:
            raise RemoteError(f"its {name} is not reached by TLS", subject=self.settings.issuer) from error
        return found

    def _asked(self, http: httpx.Client, url: str, form: dict[str, str] | None = None) -> Json:
        import httpx  # noqa: PLC0415  # takes long to import

        try:
            request = http.build_request(
                "POST" if form else "GET", url, data=form, headers={"accept": "application/json"}
            )
            answer = http.send(request, stream=True)
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    break
            answer.close()
            found = json.loads(body)
        except (httpx.HTTPError, ValueError) as error:
            raise RemoteError(f"the issuer does not answer: {type(error).__name__}", subject=url) from error
        if answer.status_code != 200 or not isinstance(found, dict):
            raise RemoteError(f"the issuer refuses it: {answer.status_code}", subject=url)
        return found

    def _refused(self, why: str) -> RemoteError:
        return RemoteError(f"the token is not believed: {why}", subject=self.settings.issuer)


def _http() -> httpx.Client:
    import httpx  # noqa: PLC0415  # takes long to import

    return httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refuse_plain(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise InputError("an issuer is reached by https, but for one on this machine", subject=url)


def _secret(folder: Path, name: str) -> str:
    if not name:
        return ""
    try:
        return (folder / name).read_text().strip()
    except OSError as error:
        raise InputError(f"the client secret cannot be read: {error.strerror}", subject=name) from error
