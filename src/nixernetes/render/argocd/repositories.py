"""Repositories as Argo CD knows them: who asks, and what is fetched (Argo CD, sections 1.1 and 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE
from nixernetes.render.references import data_of
from nixernetes.render.sops.sealed import PLACEHOLDER, is_sealed
from nixernetes.render.sources.credentials import Credentials, from_secret
from nixernetes.render.sources.oci import OciRef
from nixernetes.render.tree import Tree

__all__ = ["artifact_files", "artifact_reference", "chart_url", "is_oci", "repository_credentials"]

_RANGE: Final = frozenset("*^~<>=|, ")
_NAME: Final = "\0name"  # no key of a Secret; holds who it is
_IDENTITY: Final = ("username", "password", "tlsClientCertData", "tlsClientCertKey")


def is_oci(url: str) -> bool:
    """Tell whether the files of a source come from an OCI registry: whether its URL begins with ``oci://``."""
    return url.startswith("oci://")


def chart_url(url: str) -> str:
    """Return where a chart is pulled from: a URL without a scheme is an OCI registry's, as in Argo CD."""
    return url if "://" in url else f"oci://{url}"


def artifact_reference(target_revision: str) -> OciRef:
    """Return which artifact a ``targetRevision`` means: a digest, a range, or a tag (default ``latest``)."""
    if target_revision.startswith("sha256:"):
        return OciRef(digest=target_revision)
    parts = target_revision.removeprefix("v").split(".")
    if _RANGE & set(target_revision) or any(part in ("x", "X") for part in parts):
        return OciRef(semver=target_revision)
    return OciRef(tag=target_revision)


def artifact_files(tree: Tree, path: str) -> Tree:
    """Return the files that ``path`` is below: those of an artifact, or of the one chart that it wraps in a folder."""
    folders = list(tree.entries(""))
    if path.strip("./") or len(folders) != 1 or not tree.is_file(f"{folders[0]}/Chart.yaml"):
        return tree
    return tree.below(folders[0])


def repository_credentials(url: str, secrets: Iterable[Manifest], project: str = "") -> Credentials:
    """Return who asks a repository, as Argo CD's Secrets say it.

    A Secret of the project counts more than one of no project; a repository without credentials of its own has those
    of the longest ``repo-creds`` URL that its own begins with.

    Args:
        url: ``spec.source.repoURL``.
        secrets: the Secrets of Argo CD's namespace; others among them are passed over.
        project: the Application's project.

    Raises:
        InputError: a Secret lacks a half of a pair, or SOPS encrypted what it says of who asks. Values are never part
            of the message.

    """
    labelled = [(labels_of(one).get(ARGOCD_SECRET_TYPE), _data(one)) for one in secrets]
    wanted = _place(url)
    named = [data for kind, data in labelled if kind == "repository" and _place(text_at(data, "url")) == wanted]
    fitting = [data for data in named if text_at(data, "project") in ("", project)]
    own = max(fitting, key=lambda data: text_at(data, "project") != "", default=None)
    if own is not None and any(own.get(part) for part in _IDENTITY):
        return _credentials(url, own)
    shared = [
        data
        for kind, data in labelled
        if kind == "repo-creds" and data.get("url") and wanted.startswith(_place(data["url"]))
    ]
    borrowed = max(shared, key=lambda data: len(_place(data["url"])), default={})
    merged = {**borrowed, **{part: text for part, text in (own or {}).items() if text}}
    merged[_NAME] = borrowed.get(_NAME, "")  # what could be encrypted is borrowed
    return _credentials(url, merged)


def _data(secret: Manifest) -> dict[str, str]:
    """Return the data of a Secret; what SOPS encrypted in place of text is kept, to be refused when it is needed."""
    encrypted = {part: str(text) for part, text in mapping_at(secret, "data").items() if _is_cipher(text)}
    return {**data_of(secret), **encrypted, _NAME: str(key_of(secret))}


def _is_cipher(text: Json) -> bool:
    return is_sealed(text) or text == PLACEHOLDER


def _credentials(url: str, data: Mapping[str, str]) -> Credentials:
    if any(_is_cipher(data.get(part, "")) for part in _IDENTITY):
        raise InputError("is encrypted with SOPS: give it with --values FILE", subject=data[_NAME])
    certificates = {"tls.crt": text_at(data, "tlsClientCertData"), "tls.key": text_at(data, "tlsClientCertKey")}
    identity = {part: data[part] for part in ("username", "password") if data.get(part)}
    plain = text_at(data, "insecureOCIForceHttp").lower() == "true"
    return from_secret(url, identity, certificates, insecure=plain)


def _place(url: str) -> str:
    """Return a URL in the form that two ways to write it share."""
    return url.strip().removeprefix("oci://").removesuffix("/").removesuffix(".git")
