"""``secret-in-plain-text``: Secrets are encrypted in Git, and their delivery decrypts them.

Values are never shown. What holds no secret is passed over: empty values, placeholders that another tool fills in,
certificates of authorities, Argo CD's own Secrets without credentials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.regexes import compiled
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, CONFIG_MAP, KUSTOMIZATION, SECRET
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE
from nixernetes.render.sops.resources import is_encrypted
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_RULES_FILE: Final = ".sops.yaml"
_CIPHER: Final = "ENC[AES256_GCM,data:"
_PUBLIC: Final = ("ca.crt", "ca.pem", "ca-bundle.crt", "url", "type", "name", "server", "project", "username", "host")
_CREDENTIAL: Final = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|secret[_-]?(?:access[_-]?)?key|api[_-]?key|(?:access|auth)[_-]?token|client[_-]?secret)$"
)
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_SHORTEST: Final = 8  # characters of a value that may be a credential
_FILLED_IN: Final = re.compile(
    r"\A\s*(<[^>]*>|\{\{.*\}\}|\$\{[^}]*\}|ref\+.*|vault:.*|<path:.*|changeme|\.\.\.)?\s*\Z", re.DOTALL
)


def _check(view: PlatformView) -> Iterator[Found]:
    patterns = _encrypted_paths(view)
    for cluster in view.clusters:
        for item in cluster.placed:
            if item.owner is not None and item.owner.key.group_kind == KUSTOMIZATION and item.seal is not None:
                yield from _undecrypted(view, cluster, item)
            elif item.key.group_kind == CONFIG_MAP and item.seal is None and not is_encrypted(item.manifest):
                yield from _cipher_text(cluster, item)
                yield from _credentials(cluster, item)
            elif item.owner is not None and item.owner.key.group_kind == APPLICATION and _is_sealed(item):
                message = (
                    "SOPS encrypted it, and Argo CD decrypts nothing by itself: the cipher text is applied; let a "
                    "plugin decrypt it, or an operator make it"
                )
                yield Found(cluster=cluster, subject=item, message=message, path=("kind",))
            elif item.key.group_kind == SECRET and item.seal is None and item.origin.file:
                yield from _plain(cluster, item, patterns)


def _is_sealed(item: Placed) -> bool:
    """Tell whether the cipher text and the data of SOPS reach the cluster."""
    return is_encrypted(item.manifest) or (item.seal is not None and item.seal.state == "refused")


def _undecrypted(view: PlatformView, cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    owner = item.owner
    if owner is None or mapping_at(owner.manifest, "spec", "decryption") or "/" in cluster.name:
        return
    is_refused = item.seal is not None and item.seal.state == "refused"
    fate = "Flux refuses it" if is_refused else "the cipher text is applied"
    message = f"it applies {item.key}, which SOPS encrypted, and has no spec.decryption of its own: {fate}"
    related = [(view.place(item), "encrypted here")]
    yield Found(cluster=cluster, subject=owner, message=message, related=related)


def _cipher_text(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    """Yield the first value of a ConfigMap that is cipher text: Flux decrypts what generators of Secrets read alone."""
    for key, value in mapping_at(item.manifest, "data").items():
        if isinstance(value, str) and _CIPHER in value:
            message = (
                f"its value {key} is cipher text of SOPS, and nothing decrypts it there: only Secrets, whole manifests "
                "and the files of secretGenerator are decrypted"
            )
            yield Found(cluster=cluster, subject=item, message=message, path=("data", key))
            return


def _credentials(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    """Yield the values of a ConfigMap that look like credentials, by their names or as private keys."""
    for key, value in mapping_at(item.manifest, "data").items():
        if not isinstance(value, str) or _FILLED_IN.match(value):
            continue
        is_named = _CREDENTIAL.search(key) and len(value) >= _SHORTEST and not re.search(r"[\s{}$/:]", value)
        if is_named or _PRIVATE_KEY.search(value):
            message = f"its value {key} looks like a credential, and a ConfigMap is for all to read: make it a Secret"
            yield Found(cluster=cluster, subject=item, message=message, path=("data", key), severity=Severity.INFO)


def _encrypted_paths(view: PlatformView) -> list[str]:
    """Return the patterns of files that ``.sops.yaml`` wants encrypted."""
    index = view.platform.estate.index
    if not index.tree.is_file(_RULES_FILE):
        return []
    return [
        text_at(rule, "path_regex")
        for document in index.lenient(_RULES_FILE)
        for rule in objects_at(document.data, "creation_rules")
        if text_at(rule, "path_regex")
    ]


def _plain(cluster: ClusterObjects, item: Placed, patterns: list[str]) -> Iterator[Found]:
    keys = _secret_keys(item.manifest)
    if not keys or is_encrypted(item.manifest):
        return
    file = item.origin.file
    part = "stringData" if mapping_at(item.manifest, "stringData") else "data"
    if any(_matches(pattern, file) for pattern in patterns) or ".sops." in file.rpartition("/")[2]:
        message = "it is in plain text, and its file is one that SOPS encrypts: encrypt it, and change its values"
        yield Found(cluster=cluster, subject=item, message=message, path=(part, keys[0]))
        return
    message = f"it is in plain text: encrypt it with SOPS, or let an operator make it ({', '.join(keys[:3])})"
    yield Found(cluster=cluster, subject=item, message=message, path=(part, keys[0]), severity=Severity.INFO)


def _matches(pattern: str, file: str) -> bool:
    try:
        return compiled(pattern).search(file) is not None
    except (InputError, ValueError):
        return False


def _secret_keys(manifest: Manifest) -> list[str]:
    """Return the keys whose values look like secrets."""
    if labels_of(manifest).get(ARGOCD_SECRET_TYPE) and not {"password", "sshPrivateKey", "bearerToken"} & _keys(
        manifest
    ):
        return []
    found = []
    for part in ("stringData", "data"):
        for key, value in mapping_at(manifest, part).items():
            if isinstance(value, str) and key not in _PUBLIC and not _FILLED_IN.match(value):
                found.append(key)
    return sorted(found)


def _keys(manifest: Manifest) -> set[str]:
    return {*mapping_at(manifest, "stringData"), *mapping_at(manifest, "data")}


RULE: Final = Rule(
    name="secret-in-plain-text",
    topic="secrets",
    severity=Severity.ERROR,
    sentence="Secrets are encrypted in Git, and their delivery decrypts them.",
    check=_check,
)
