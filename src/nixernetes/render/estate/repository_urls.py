"""By which URLs a repository calls itself.

One repository is written in many ways: ``git@host:org/name``, ``ssh://git@host/org/name.git``,
``https://host/Org/Name``. They are one URL here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from nixernetes.objects.fields import mappings_in
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["same_urls", "spelled", "urls_in"]

_SCP: Final = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?![/\d])[^\s]+|\d+[^\s/\d][^\s]*)\Z")
_FIELDS: Final = ("repoURL", "url", "endpoint")
_OCI: Final = "oci://"


def spelled(url: str) -> str:
    """Return the one spelling of a repository's URL: host and path, in lower case, without user, scheme and ``.git``.

    An artifact's URL keeps its scheme: what stands in a registry is not what stands in a Git repository.
    """
    text = url.strip()
    scp = _SCP.match(text) if "://" not in text else None
    if scp is not None:
        text = f"{scp['host']}/{scp['path']}"
    try:
        parts = urlsplit(text) if "://" in text else None
    except ValueError:  # a broken address in brackets: it is spelled as it is written
        parts = None
    if parts is not None and parts.netloc:
        text = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
    bare = text.rstrip("/").removesuffix(".git").rstrip("/").lower()
    return f"{_OCI}{bare}" if url.strip().startswith(_OCI) else bare


def urls_in(manifests: Iterable[Manifest]) -> Iterator[str]:
    """Yield every URL that objects of Flux and Argo CD name a repository by, as it is written."""
    for manifest in manifests:
        for mapping in mappings_in(manifest.get("spec")):
            yield from (value for field in _FIELDS for value in (_text(mapping.get(field)),) if value)


def same_urls(own: Collection[str], manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """Return the own URLs, and every other spelling of them that objects use, in order."""
    wanted = {spelled(url) for url in own}
    others = (url for url in urls_in(manifests) if spelled(url) in wanted)
    return tuple(dict.fromkeys((*own, *others)))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
