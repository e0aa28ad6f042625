"""What a registry tells of: an image or an artifact that was pushed (``ghcr.go``, ``registry.go`` of Argo CD 3.5.7).

GitHub's registry alone is read; its requests are signed with the secret of GitHub's webhooks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.webhooks.affected import has_changed_to
from nixernetes.engine.argocd.webhooks.pushes import PushError, Secrets
from nixernetes.engine.webhooks import HookRequest, is_signed
from nixernetes.objects.fields import mapping_at, text_at

__all__ = ["RegistryPush", "is_pulled_by", "is_registry_event", "read_registry_push"]

_UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class RegistryPush:
    """A tag that was pushed to a repository of a registry: ``ghcr.io/owner/name``, in lower case."""

    repository: str
    tag: str


def is_registry_event(request: HookRequest) -> bool:
    """Tell whether a request comes of a registry."""
    return request.header("X-GitHub-Event") == "package"


def read_registry_push(request: HookRequest, secrets: Secrets) -> RegistryPush | None:
    """Verify a request, and return what was pushed; None for what is none of Argo CD's business.

    Raises:
        PushError: it is not verified, or cannot be read.

    """
    secret = secrets.get("webhook.github.secret", "")
    given = request.header("X-Hub-Signature-256")
    proven = given.startswith("sha256=") and is_signed(request.body, secret, given.removeprefix("sha256="), "sha256")
    if secret and not proven:
        raise PushError("Unauthorized", _UNAUTHORIZED)
    try:
        payload = json.loads(request.body)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise PushError("failed to unmarshal GHCR webhook payload")
    package = mapping_at(payload, "package")
    tag = text_at(package, "package_version", "container_metadata", "tag", "name")
    if text_at(payload, "action") != "published" or text_at(package, "package_type").lower() != "container" or not tag:
        return None
    return RegistryPush(f"ghcr.io/{text_at(package, 'owner', 'login')}/{text_at(package, 'name')}".lower(), tag)


def is_pulled_by(read: ReadApplication, push: RegistryPush) -> bool:
    """Tell whether an Application is to be compared again after such a push."""
    return any(
        _plain(text_at(source, "repoURL")) == push.repository
        and has_changed_to(push.tag, text_at(source, "targetRevision"))
        for source in read.sources
    )


def _plain(url: str) -> str:
    return url.removeprefix("oci://").removesuffix("/").lower()
