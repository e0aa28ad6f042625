"""Programs that give credentials (client-go ``plugin/pkg/client/auth/exec/exec.go``, v0.34.4).

They are named by the user's own kubeconfig and started without a shell, as kubectl starts them. What one gives is used
until it expires, or until a server refuses it. Nothing of its output stands in a message.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nixernetes.adapters.kube.contexts import ClusterAddress, CredentialPlugin
from nixernetes.errors import InputError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["Credential", "CredentialSource"]

_SECONDS: Final = 300  # a person may have to log in
_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credential:
    """What a plugin gave; printed, it shows nothing.

    Attributes:
        token: a bearer token, or ``""``.
        certificate: a client certificate in PEM, or ``""``.
        key: its key.
        expires: when it is of no use any more; None if nobody said.

    """

    token: str = ""
    certificate: str = ""
    key: str = ""
    expires: datetime | None = None


class CredentialSource:
    """Gives the credentials of one plugin for one cluster; holds the last one.

    Args:
        plugin: the program.
        cluster: what it may be told about.
        clock: tells whether a credential has expired.
        environment: the environment variables.

    """

    def __init__(
        self, plugin: CredentialPlugin, cluster: ClusterAddress, clock: Clock, environment: dict[str, str]
    ) -> None:
        self._plugin = plugin
        self._cluster = cluster
        self._clock = clock
        self._environment = environment
        self._held: Credential | None = None
        self._lock = threading.Lock()  # whoever asks at once waits for one run of the program

    def credential(self) -> Credential:
        """Return a credential that has not expired.

        Raises:
            InputError: the program is not there, failed, or gave none.

        """
        with self._lock:
            held = self._held
            if held is None or (held.expires is not None and held.expires <= self._clock.now()):
                held = self._held = self._asked()
            return held

    def forget(self, refused: Credential) -> None:
        """Forget a credential that a server refused; one that is newer stays."""
        with self._lock:
            if self._held is refused:
                self._held = None

    def _asked(self) -> Credential:
        plugin = self._plugin
        can_ask = plugin.interactive != "Never" and sys.stdin is not None and sys.stdin.isatty()
        if plugin.interactive == "Always" and not can_ask:
            raise InputError("it must ask its user, and standard input is not a terminal", subject=plugin.command)
        environment = {
            **self._environment,
            **plugin.environment,
            "KUBERNETES_EXEC_INFO": json.dumps(self._told(can_ask=can_ask)),
        }
        try:
            done = subprocess.run(
                [plugin.command, *plugin.arguments],
                stdin=None if can_ask else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                env=environment,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            hint = f"\n{plugin.install_hint}" if plugin.install_hint else ""
            raise InputError(f"the credential plugin is not installed{hint}", subject=plugin.command) from error
        except subprocess.TimeoutExpired:  # without the cause: it holds the output
            raise InputError(f"gave no credentials within {_SECONDS} seconds", subject=plugin.command) from None
        except (OSError, ValueError) as error:
            raise InputError(f"cannot be started: {error}", subject=plugin.command) from error
        if done.returncode:
            raise InputError(f"failed with status {done.returncode}", subject=plugin.command)
        return self._read(done.stdout)

    def _told(self, *, can_ask: bool) -> Json:
        spec: dict[str, Json] = {"interactive": can_ask}
        if self._plugin.with_cluster:
            cluster = self._cluster
            told = {
                "server": cluster.server,
                "tls-server-name": cluster.server_name,
                "insecure-skip-tls-verify": cluster.insecure,
                "certificate-authority-data": base64.b64encode(cluster.authority.encode()).decode(),
                "proxy-url": cluster.proxy,
                "config": cluster.extension,
            }
            spec["cluster"] = {name: value for name, value in told.items() if value}
        return {"apiVersion": self._plugin.api_version, "kind": "ExecCredential", "spec": spec}

    def _read(self, output: bytes) -> Credential:
        subject = self._plugin.command
        try:
            answer = json.loads(output) if len(output) <= _MOST_BYTES else None
        except (ValueError, RecursionError):  # without the cause: it would show what was read
            answer = None
        if text_at(answer, "kind") != "ExecCredential":
            raise InputError("did not print an ExecCredential in JSON", subject=subject)
        version = text_at(answer, "apiVersion")
        if version != self._plugin.api_version:
            fact = f"answered with apiVersion {version!r}, and the kubeconfig says {self._plugin.api_version!r}"
            raise InputError(fact, subject=subject)
        token = text_at(answer, "status", "token")
        certificate = text_at(answer, "status", "clientCertificateData")
        key = text_at(answer, "status", "clientKeyData")
        if not token and not (certificate and key):
            raise InputError("gave neither a token nor a client certificate with its key", subject=subject)
        return Credential(
            token=token,
            certificate=certificate,
            key=key,
            expires=_moment(text_at(answer, "status", "expirationTimestamp")),
        )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
