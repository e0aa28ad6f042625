"""The manifests that start a cluster: what is applied once, after which the engine goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE, SECRET
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate import StartedCluster
from nixernetes.render.rendered import Rendered

__all__ = ["Bootstrap", "bootstrap_of", "bootstrap_yaml"]

_FIRST: Final = (NAMESPACE, CUSTOM_RESOURCE_DEFINITION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """What starts a cluster.

    Attributes:
        cluster: the cluster.
        engines: the engines that go on from there.
        items: what is applied, in order.
        secrets: Secrets of the repository, which are left out: nothing prints their values.

    """

    cluster: str
    engines: tuple[str, ...]
    items: tuple[Rendered, ...]
    secrets: tuple[Rendered, ...] = ()


def bootstrap_of(start: StartedCluster) -> Bootstrap:
    """Return what starts a cluster: namespaces and definitions first, then what is written, in its order."""
    items = [item for item in start.bootstrap if _kind(item) != SECRET]
    there = {key_of(item.manifest) for item in items}
    wanted = {key_of(item.manifest).namespace for item in start.bootstrap} - {"", "default"}
    spaces = [ObjectKey(*NAMESPACE, "", name) for name in sorted(wanted)]
    made = [Rendered(manifest=_namespace(key.name)) for key in spaces if key not in there]
    ordered = sorted(items, key=lambda item: _FIRST.index(_kind(item)) if _kind(item) in _FIRST else len(_FIRST))
    return Bootstrap(
        cluster=start.name,
        engines=tuple(sorted(start.engines)),
        items=(*made, *ordered),
        secrets=tuple(item for item in start.bootstrap if _kind(item) == SECRET),
    )


def bootstrap_yaml(bootstrap: Bootstrap) -> str:
    """Return what starts a cluster as a stream of YAML documents, each with where it is written."""
    return "---\n".join(_documents(bootstrap))


def _documents(bootstrap: Bootstrap) -> Iterator[str]:
    for number, item in enumerate(bootstrap.items):
        left = "".join(f"# {key_of(each.manifest)} is left out: apply it yourself\n" for each in bootstrap.secrets)
        place = f"# {item.origin.file}\n" if item.origin.file else ""
        yield f"{'' if number else left}{place}{yamls.dump(item.manifest)}"


def _kind(item: Rendered) -> object:
    return key_of(item.manifest).group_kind


def _namespace(name: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
