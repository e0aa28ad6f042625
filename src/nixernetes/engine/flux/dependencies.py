"""dependsOn of Kustomizations and HelmReleases (Flux, section 2.4), and the order in which a new revision runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.expressions import NoValueError, is_ready
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.dependency_circles import circle_of, circle_text

__all__ = ["DependencyError", "check", "in_order", "source_key"]


class DependencyError(NixernetesError):
    """A dependency is missing or not ready yet."""


def check(api: Reader, subject: Subject, revision: str | None = None) -> None:
    """Check all dependencies, read live.

    Args:
        api: the cluster.
        subject: who depends.
        revision: the current revision of the subject's source; None where it does not matter (HelmRelease).

    Raises:
        DependencyError: one is missing, not ready, or not at the revision.
        InputError: a ``readyExpr`` is wrong.

    """
    for entry in subject.spec.get("dependsOn") or []:
        key = ObjectKey(*subject.key.group_kind, entry.get("namespace") or subject.namespace, entry["name"])
        label = f"dependency '{key.namespace}/{key.name}'"
        found = api.get(key)
        if found is None:
            kind = f"{subject.key.kind.lower()}s.{subject.key.group}"
            raise DependencyError(f'{label} not found: {kind} "{key.name}" not found')
        if entry.get("readyExpr"):
            if not _holds(entry["readyExpr"], subject, found):
                raise DependencyError(f"{label} is not ready according to readyExpr eval")
            continue
        if not _is_ready(found):
            line = circle_of(subject.key, api.get)
            circle = f": dependsOn is a circle: {circle_text(line)}: remove one of them" if line else ""
            raise DependencyError(f"{label} is not ready{circle}")
        same_source = revision is not None and source_key(found) == source_key(subject.live)
        if same_source and (found.get("status") or {}).get("lastAppliedRevision") != revision:
            raise DependencyError(f"{label} revision is not up to date")


def _holds(expression: str, subject: Subject, found: Manifest) -> bool:
    """Return what an expression says; what it cannot say yet it may say later, when the objects have changed."""
    try:
        return is_ready(expression, subject.live, found)
    except NoValueError as error:
        raise DependencyError(error.message) from error


def source_key(kustomization: Manifest) -> ObjectKey:
    """Return the source that a Kustomization (or HelmChart) refers to; empty parts for what it does not say."""
    spec = kustomization.get("spec")
    found = spec.get("sourceRef") if isinstance(spec, dict) else None
    ref = found if isinstance(found, dict) else {}
    namespace = ref.get("namespace") or (kustomization.get("metadata") or {}).get("namespace") or ""
    return ObjectKey("source.toolkit.fluxcd.io", ref.get("kind") or "", namespace, ref.get("name") or "")


def in_order(objects: Sequence[Manifest], kind: GroupKind) -> list[Manifest]:
    """Sort objects of one kind so that each comes after what it depends on; nothing at all when there is a cycle."""
    by_key = {key_of(one): one for one in objects}
    before = {key: [dep for dep in _dependencies(one, kind) if dep in by_key] for key, one in by_key.items()}
    done: dict[ObjectKey, None] = {}
    for key in sorted(by_key):
        if not _visit(key, before, done):
            return []
    return [by_key[key] for key in done]


def _visit(key: ObjectKey, before: Mapping[ObjectKey, Sequence[ObjectKey]], done: dict[ObjectKey, None]) -> bool:
    """Visit depth-first with a stack of our own: a chain of dependencies may be longer than Python's."""
    path: dict[ObjectKey, None] = {}
    stack = [(key, False)]
    while stack:
        here, leaving = stack.pop()
        if leaving:
            path.pop(here)
            done[here] = None
        elif here in path:
            return False
        elif here not in done:
            path[here] = None
            stack.append((here, True))
            stack += [(dep, False) for dep in reversed(before[here]) if dep not in done]
    return True


def _dependencies(manifest: Manifest, kind: GroupKind) -> list[ObjectKey]:
    namespace = manifest["metadata"].get("namespace") or ""
    found = (manifest.get("spec") or {}).get("dependsOn") or []
    return [ObjectKey(*kind, entry.get("namespace") or namespace, entry["name"]) for entry in found]


def _is_ready(manifest: Manifest) -> bool:
    status: Json = manifest.get("status") or {}
    observed = status.get("observedGeneration")
    if not status.get("conditions") or observed != manifest["metadata"].get("generation"):
        return False
    return any(one["type"] == "Ready" and one["status"] == "True" for one in status["conditions"])
