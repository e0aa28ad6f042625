"""What a delivery says of itself: its labels, its source, what it waits for; alike for runs, repositories, clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.app.web.values import Fact
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["labels", "source", "waits_for"]

_MOST: Final = 12  # labels: more of them nobody reads
_OF_ENGINES: Final = ".toolkit.fluxcd.io/"


def labels(item: Manifest) -> tuple[str, ...]:
    """Return the labels that people gave it, as ``key=value``."""
    own = [f"{name}={text}" for name, text in sorted(labels_of(item).items()) if _OF_ENGINES not in name]
    return tuple(own[:_MOST])


def source(item: Manifest) -> str:
    """Return where its files come from: a source of Flux by kind and name, a URL; ``""`` where nothing says."""
    spec = mapping_at(item, "spec")
    reference = (
        mapping_at(spec, "sourceRef") or mapping_at(spec, "chartRef") or mapping_at(spec, "chart", "spec", "sourceRef")
    )
    if reference:
        return f"{text_at(reference, 'kind')}/{text_at(reference, 'name')}"
    one = mapping_at(spec, "source") or next(iter(objects_at(spec, "sources")), {})
    return text_at(one, "repoURL") or text_at(spec, "url") or text_at(spec, "endpoint")


def waits_for(item: Manifest) -> Iterator[Fact]:
    """Yield the deliveries of Flux that have to be ready before it."""
    own = text_at(item, "metadata", "namespace")
    found = [
        "/".join((text_at(item, "kind"), text_at(each, "namespace") or own, text_at(each, "name")))
        for each in objects_at(item, "spec", "dependsOn")
    ]
    if found:
        yield Fact(label="Depends on", text=", ".join(found))
