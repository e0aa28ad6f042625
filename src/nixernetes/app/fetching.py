"""What a run may ask the outside for: said before it does, and what it asked, or would have, at its end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from nixernetes.adapters.addresses import split_address
from nixernetes.adapters.registries.reachability import Reachability
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_REPOSITORY, OCI_REPOSITORY
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.estate import Note, NoteKind

__all__ = ["asked", "declared_urls", "may_be_asked"]

_LISTED: Final = 8
_SOURCES: Final = (HELM_REPOSITORY, OCI_REPOSITORY)


def may_be_asked(declared: Iterable[Manifest], at_hand: Collection[str], *, offline: bool) -> Iterator[Note]:
    """Yield one line about the hosts that charts and artifacts are declared to come from.

    Args:
        declared: the objects of Flux and Argo CD.
        at_hand: URLs that something on this machine stands for.
        offline: whether nobody is asked.

    """
    known = {url.rstrip("/") for url in at_hand}
    urls = declared_urls(declared)
    hosts = sorted({_host(url) for url in urls if not any(url.rstrip("/") in each for each in known)} - {""})
    if not hosts:
        return
    named = _some(hosts)
    text = f"--offline: nothing is fetched; charts and artifacts would come from {named}"
    yield Note(
        kind=NoteKind.CHOSEN,
        message=text if offline else f"charts and artifacts are fetched from {named}; --offline fetches nothing",
    )


def declared_urls(declared: Iterable[Manifest]) -> list[str]:
    """Return the URLs of charts and artifacts that objects of Flux and Argo CD name."""
    return [url for item in declared for url in _urls(item)]


def asked(hosts: Sequence[Reachability]) -> list[str]:
    """Return lines about what was fetched, and what would have been."""
    refused = sorted({url for each in hosts for url in each.refused})
    lines = [f"not fetched, because of --offline: {_some(refused)}"] if refused else []
    reached = sorted({host for each in hosts for host in each.reached})
    return [*lines, f"fetched from {_some(reached)}"] if reached else lines


def _urls(item: Manifest) -> Iterator[str]:
    kind = group_kind(item)
    if kind in _SOURCES:
        yield text_at(item, "spec", "url")
    elif kind == APPLICATION:
        yield from _of_application(mapping_at(item, "spec"))
    elif kind == APPLICATION_SET:
        yield from _of_application(mapping_at(item, "spec", "template", "spec"))


def _of_application(spec: Json) -> Iterator[str]:
    for source in (mapping_at(spec, "source"), *objects_at(spec, "sources")):
        if text_at(source, "chart"):
            url = text_at(source, "repoURL")
            yield url if "://" in url else f"oci://{url}"


def _host(url: str) -> str:
    """Return the host of a URL; ``""`` where a template makes it."""
    return "" if "{{" in url or "${" in url else split_address(url).netloc.rpartition("@")[2]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
