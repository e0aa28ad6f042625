"""What a kubeconfig says of one context, as values (client-go ``tools/clientcmd/api/v1/types.go``, v0.34.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.objects.manifest import Json

__all__ = ["ClusterAddress", "ClusterUser", "CredentialPlugin", "KubeContext"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAddress:
    """Where a cluster answers, and how it proves that it is the one.

    Attributes:
        server: the URL, without a slash at its end.
        authority: certificates of the authorities that are trusted, in PEM; ``""``: those of the system.
        server_name: the name in the server's certificate; ``""``: the host of the URL.
        insecure: whether the certificate is not looked at.
        proxy: the URL of a proxy; ``""``: that of the environment.
        extension: what the kubeconfig hands to credential plugins (``client.authentication.k8s.io/exec``).

    """

    server: str
    authority: str = ""
    server_name: str = ""
    insecure: bool = False
    proxy: str = ""
    extension: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPlugin:
    """A program that gives credentials.

    Attributes:
        command: the program; found on PATH unless it is a path.
        arguments: its arguments.
        environment: variables beside those of this process.
        api_version: the version of ``ExecCredential`` that it speaks.
        with_cluster: whether it is told about the cluster.
        interactive: ``Never``, ``IfAvailable`` or ``Always``: whether it may ask its user.
        install_hint: what to do where it is not there.

    """

    command: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    api_version: str
    with_cluster: bool = False
    interactive: str = "IfAvailable"
    install_hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClusterUser:
    """Who asks; printed, it shows nothing.

    Attributes:
        token: a bearer token.
        token_file: a file with one, read again as it changes; it wins over ``token``.
        username: of basic authentication.
        password: of basic authentication.
        certificate: a client certificate, in PEM.
        key: its key, in PEM.
        plugin: a program that gives credentials.
        headers: headers of impersonation.

    """

    token: str = ""
    token_file: str = ""
    username: str = ""
    password: str = ""
    certificate: str = ""
    key: str = ""
    plugin: CredentialPlugin | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeContext:
    """One context.

    Attributes:
        name: its name.
        namespace: the namespace that is meant where none is named.
        cluster: where it leads.
        user: who asks.

    """

    name: str
    namespace: str = "default"
    cluster: ClusterAddress
    user: ClusterUser = field(default_factory=ClusterUser)
