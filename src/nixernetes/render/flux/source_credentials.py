"""Who a Flux source asks as: the Secrets that its spec names, found and read (Flux, section 1.5)."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.errors import InputError
from nixernetes.objects.fields import flag_at, mapping_at, text_at
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
    provider = text_at(spec, "provider") or "generic"
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
    spec: Json = mapping_at(source, "spec")
    return from_secret(
        text_at(spec, "url"),
        _data(source, spec.get("secretRef"), "authentication", lookup),
        _data(source, spec.get("certSecretRef"), "TLS authentication", lookup),
        insecure=flag_at(spec, "insecure"),
        pass_credentials=flag_at(spec, "passCredentials"),
    )


def _data(source: Manifest, ref: Json, what: str, lookup: Lookup) -> Mapping[str, str] | None:
    if not ref:
        return None
    namespace, name = key_of(source).namespace, text_at(ref, "name")
    found = lookup("Secret", namespace, name)
    if found is None:
        raise InputError(f"failed to get {what} secret '{namespace}/{name}': secrets \"{name}\" not found")
    if any(PLACEHOLDER in text for text in found.values()):
        remedy = "have its key at hand, or give its values with --values FILE"
        raise InputError(f"Secret/{namespace}/{name} is encrypted with SOPS: {remedy}")
    return found
