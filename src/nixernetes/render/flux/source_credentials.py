"""Who a Flux source asks as: the Secrets that its spec names, found and read (Flux, section 1.5)."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.references import Lookup
from nixernetes.render.sops.sealed import PLACEHOLDER
from nixernetes.render.sources.credentials import Credentials, from_secret

__all__ = ["source_credentials", "unsupported_access"]


def unsupported_access(spec: Json) -> dict[str, str]:
    """Return the fields of an OCIRepository or HelmRepository that ask for an identity which cannot be had here.

    Each comes with the fact, as the middle of a message.
    """
    found = {}
    provider = spec.get("provider") or "generic"
    if provider != "generic":
        found["provider"] = f"the cloud identity of {provider!r} is not to be had here: use generic and a secretRef"
    if spec.get("serviceAccountName"):
        found["serviceAccountName"] = "image pull secrets of service accounts are not read here: name a secretRef"
    if spec.get("proxySecretRef"):
        found["proxySecretRef"] = "proxies are not used here"
    return found


def source_credentials(source: Manifest, lookup: Lookup) -> Credentials:
    """Return the credentials of an OCIRepository or HelmRepository.

    Args:
        source: the source; its Secrets are in its own namespace.
        lookup: reads Secrets.

    Raises:
        InputError: a Secret is not there, or is malformed. Values are never part of the message.

    """
    spec: Json = source.get("spec") or {}
    return from_secret(
        spec.get("url") or "",
        _data(source, spec.get("secretRef"), "authentication", lookup),
        _data(source, spec.get("certSecretRef"), "TLS authentication", lookup),
        insecure=bool(spec.get("insecure")),
        pass_credentials=bool(spec.get("passCredentials")),
    )


def _data(source: Manifest, ref: Json, what: str, lookup: Lookup) -> Mapping[str, str] | None:
    if not ref:
        return None
    namespace, name = key_of(source).namespace, ref.get("name") or ""
    found = lookup("Secret", namespace, name)
    if found is None:
        raise InputError(f"failed to get {what} secret '{namespace}/{name}': secrets \"{name}\" not found")
    if any(PLACEHOLDER in text for text in found.values()):
        remedy = "have its key at hand, or give its values with --values FILE"
        raise InputError(f"Secret/{namespace}/{name} is encrypted with SOPS: {remedy}")
    return found
