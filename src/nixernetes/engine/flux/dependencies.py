"""dependsOn of Kustomizations and HelmReleases (Flux, section 2.4), and the order in which a new revision runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.statuses import is_ready, status_of
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.flux_references import DependencyReference
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.gitops.flux.sources.helm_chart import HelmChart
from nixernetes.health import expressions
from nixernetes.health.expressions import NoValueError
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.dependency_circles import circle_of, circle_text

__all__ = ["TERMINAL", "DependencyError", "ReadyExprError", "check", "in_order", "source_key"]


TERMINAL: Final = "Reconciliation failed terminally due to configuration error: "  # only another spec will do


class DependencyError(NixernetesError):
    """A dependency is missing or not ready yet.

    Attributes:
        remedy: what to do where waiting does not help, or ``""``.

    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ReadyExprError(NixernetesError):
    """A ``readyExpr`` cannot be evaluated, whatever becomes of the dependency; the message is Flux's."""


def check(api: Reader, subject: Subject[Kustomization | HelmRelease], revision: str | None = None) -> None:
    """Check all dependencies, read live.

    Args:
        api: the cluster.
        subject: who depends.
        revision: the current revision of the subject's source; None where it does not matter (HelmRelease).

    Raises:
        DependencyError: one is missing, not ready, or not at the revision.
        ReadyExprError: a ``readyExpr`` is wrong.

    """
    for entry in subject.spec.depends_on or ():
        key = ObjectKey(*subject.key.group_kind, entry.namespace or subject.namespace, entry.name)
        label = f"dependency '{key.namespace}/{key.name}'"
        found = api.get(key)
        if found is None:
            kind = f"{subject.key.kind.lower()}s.{subject.key.group}"
            missing = f'{kind} "{key.name}" not found'
            if subject.key.kind == "HelmRelease":
                raise DependencyError(f"unable to get '{key.namespace}/{key.name}' dependency: {missing}")
            raise DependencyError(f"{label} not found: {missing}")
        if entry.ready_expr:
            if not _holds(entry, subject.live, found):
                raise DependencyError(f"{label} is not ready according to readyExpr eval")
            continue
        if not is_ready(found):
            line = circle_of(subject.key, api.get)
            circle = f"dependsOn is a circle: {circle_text(line)}: remove one of them" if line else ""
            raise DependencyError(f"{label} is not ready", remedy=circle)
        if revision not in (None, status_of(found).get("lastAppliedRevision")) and _share_source(subject.spec, found):
            raise DependencyError(f"{label} revision is not up to date")


def _holds(entry: DependencyReference, subject: Manifest, found: Manifest) -> bool:
    """Return what an expression says; what it cannot say yet it may say later, when the objects have changed.

    The words of what is wrong for good: ``evalReadyExpr`` of kustomize-controller v1.9.6 and helm-controller v1.6.3.
    """
    try:
        return expressions.is_ready(entry.ready_expr or "", subject, found)
    except NoValueError as error:
        raise DependencyError(error.message) from error
    except InputError as error:
        text = f"terminal error: failed to evaluate dependency {entry.name}: {error.message}"
        raise ReadyExprError(text) from error


def _share_source(one: Kustomization | HelmRelease, found: Manifest) -> bool:
    other = read(Kustomization, found).resource
    return isinstance(one, Kustomization) and other is not None and source_key(one) == source_key(other)


def source_key(spec: Kustomization | HelmChart) -> ObjectKey:
    """Return the source that a Kustomization or a HelmChart refers to; that of a chart is beside it."""
    ref = spec.source_ref
    elsewhere = spec.source_ref.namespace if isinstance(spec, Kustomization) else None
    return ObjectKey(FLUX_SOURCE, ref.kind, elsewhere or spec.namespace or "", ref.name)


def in_order(objects: Sequence[Kustomization]) -> list[Kustomization]:
    """Sort Kustomizations so that each comes after what it depends on; nothing at all when there is a cycle."""
    by_key = {one.key: one for one in objects}
    before = {key: [dep for dep in _dependencies(one) if dep in by_key] for key, one in by_key.items()}
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


def _dependencies(one: Kustomization) -> list[ObjectKey]:
    at = one.namespace or ""
    return [ObjectKey(*one.group_kind(), entry.namespace or at, entry.name) for entry in one.depends_on or ()]
