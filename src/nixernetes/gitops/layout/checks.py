"""What may not be in one cluster: two objects with one identity, a circle of dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nixernetes.gitops.layout.apps import Content
from nixernetes.gitops.problems import Problems
from nixernetes.objects.api_groups import FLUX_TOOLKIT, NETWORKING, RBAC
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["Placed", "check_cycles", "check_identities", "workload_keys"]

Placed = tuple[Manifest, str]  # a manifest and where it was declared


def check_identities(keys: Iterable[tuple[ObjectKey, str]], where: str, problems: Problems) -> None:
    """Note every identity that is declared twice; each key comes with the place of its declaration."""
    seen: dict[ObjectKey, str] = {}
    for key, place in keys:
        if key in seen:
            first = f", first at {seen[key]}" if seen[key] else ""
            problems.add(f"{key} is declared twice {where}{first}: rename or remove one", place=place)
        else:
            seen[key] = place


def workload_keys(content: Content, namespace: str, problems: Problems) -> Iterable[tuple[ObjectKey, str]]:
    """Yield the identities of an app's own manifests in the namespace that they are put in."""
    for document in content.named.values():
        key = key_of(document.manifest)
        if is_cluster_scoped(key.group_kind):
            yield key._replace(namespace=""), document.place
            continue
        if not namespace and not key.namespace and key.group in _BUILT_IN:
            problems.add(
                f"{key} has no namespace: give it one, or give app {content.app.name} a namespace", place=document.place
            )
        yield key._replace(namespace=namespace or key.namespace), document.place


_BUILT_IN = frozenset(("", "apps", "batch", "autoscaling", NETWORKING, "policy", RBAC))


def check_cycles(objects: Iterable[Placed], problems: Problems) -> None:
    """Note each circle of ``dependsOn`` among Kustomizations, and among HelmReleases, in order."""
    places: dict[ObjectKey, str] = {}
    graph: dict[ObjectKey, list[ObjectKey]] = {}
    for manifest, place in objects:
        depends = (manifest.get("spec") or {}).get("dependsOn")
        if not depends or not group_kind(manifest).group.endswith(FLUX_TOOLKIT):
            continue
        key = key_of(manifest)
        places[key] = place
        graph[key] = [
            key._replace(name=item["name"], namespace=item.get("namespace") or key.namespace) for item in depends
        ]
    for cycle in _cycles(graph):
        words = " -> ".join(str(key) for key in (*cycle, cycle[0]))
        problems.add(f"dependsOn goes round in a circle: {words}; remove one of them", place=places[cycle[0]])


def _cycles(graph: Mapping[ObjectKey, list[ObjectKey]]) -> list[list[ObjectKey]]:
    """Find one circle in each part of the graph that has any, its smallest key first."""
    done: set[ObjectKey] = set()
    found: list[list[ObjectKey]] = []
    for start in sorted(graph):
        path: list[ObjectKey] = []
        stack = [(start, iter(graph[start]))] if start not in done else []
        if stack:
            path.append(start)
        while stack:
            rest = stack[-1][1]
            following = next((item for item in rest if item in graph and item not in done), None)
            if following is None:
                stack.pop()
                done.add(path.pop())
            elif following in path:
                cycle = path[path.index(following) :]
                smallest = cycle.index(min(cycle))
                found.append(cycle[smallest:] + cycle[:smallest])
                done.update(cycle)
                stack, path = [], []
            else:
                path.append(following)
                stack.append((following, iter(graph[following])))
    return found
