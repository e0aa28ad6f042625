"""How Flux waits where ``dependsOn`` does not reach: from a HelmRelease to a Kustomization, or back, and for policies.

A HelmRelease can only depend on HelmReleases, a Kustomization on Kustomizations. One that must wait for the other
kind, or is waited for by it, stands in a folder of its own, which a Kustomization with its name brings: that can wait
for any other, and it is ready when the release is. Namespaces that policies judge are brought by one Kustomization too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from nixernetes.gitops.layout.checks import Placed
from nixernetes.gitops.layout.model import DeliveryPlan, SitePlan
from nixernetes.gitops.layout.policing.policies_app import POLICIES, PoliciesApp
from nixernetes.objects.api_groups import FLUX_KUSTOMIZE_V1
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION, NAMESPACE
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = ["Staged", "staged"]

_NAMESPACES: Final = "namespaces"
_INTERVAL: Final = "10m"


@dataclass(slots=True, kw_only=True)
class Staged:
    """The Flux objects of one cluster.

    Attributes:
        objects: those of its own folder.
        folders: name of a stage to the objects that stand in its folder.

    """

    objects: list[Placed] = field(default_factory=list)
    folders: dict[str, list[Placed]] = field(default_factory=dict)


def staged(
    site: SitePlan, deliveries: Sequence[DeliveryPlan], made: Sequence[Placed], own: Iterable[Placed], root: Manifest
) -> Staged:
    """Return the Flux objects of a cluster with all that makes one wait for another.

    Args:
        site: the cluster.
        deliveries: what is delivered to it.
        made: the objects that the build makes.
        own: the objects that the platform declares.
        root: the Kustomization that applies them.

    """
    return _Stages(site, deliveries, root).run(made, own)


class _Stages:
    def __init__(self, site: SitePlan, deliveries: Sequence[DeliveryPlan], root: Manifest) -> None:
        self._site = site
        self._root = root
        self._charts = {each.name: each for each in deliveries if each.chart is not None}
        self._folders = {each.name: each for each in deliveries if each.chart is None}
        policies = next((each.app for each in deliveries if isinstance(each.app, PoliciesApp)), None)
        self._first: AbstractSet[str] = policies.first if policies is not None else frozenset()
        self._is_policed = policies is not None
        self._needed = {name for each in self._folders.values() for name in each.depends_on if name in self._charts}
        self._late: set[str] = set()
        self._found = Staged()

    def run(self, made: Sequence[Placed], own: Iterable[Placed]) -> Staged:
        """Sort all objects."""
        declared = list(own)
        self._late = self._late_namespaces(declared)
        for manifest, place in made:
            self._made(manifest, place)
        for manifest, place in declared:
            self._declared(manifest, place)
        if self._late:
            self._found.objects.append((self._stage(_NAMESPACES, (POLICIES,)), ""))
        return self._found

    def _late_namespaces(self, own: Iterable[Placed]) -> set[str]:
        """Return the namespaces that only what waits for the policies stands in."""
        plans = [*self._charts.values(), *self._folders.values()]
        late = {each.namespace for each in plans if each.create_namespace and POLICIES in each.depends_on}
        late -= {each.namespace for each in plans if POLICIES not in each.depends_on}
        return late - {key_of(each).namespace for each, _ in own} - {FLUX_NAMESPACE} if self._is_policed else set()

    def _made(self, manifest: Manifest, place: str) -> None:
        key = key_of(manifest)
        if key.group_kind == NAMESPACE and key.name in self._late:
            self._found.folders.setdefault(_NAMESPACES, []).append((manifest, place))
        elif key.group_kind == HELM_RELEASE and key.name in self._charts:
            plan = self._charts[key.name]
            before = [name for name in plan.depends_on if name in self._folders]
            if before or key.name in self._needed:
                self._wrap(key.name, (manifest, place), self._after(before, plan), plan)
            else:
                self._found.objects.append((manifest, place))
        elif key.group_kind == KUSTOMIZATION and key.name in self._folders:
            plan = self._folders[key.name]
            self._found.objects.append((_depending(manifest, self._after(plan.depends_on, plan)), place))
        else:
            self._found.objects.append((manifest, place))

    def _after(self, names: Iterable[str], plan: DeliveryPlan) -> list[str]:
        return [*names, *([_NAMESPACES] if plan.namespace in self._late else [])]

    def _declared(self, manifest: Manifest, place: str) -> None:
        key = key_of(manifest)
        if not self._is_policed or key.group_kind not in (HELM_RELEASE, KUSTOMIZATION):
            self._found.objects.append((manifest, place))
            return
        is_first = key.name in self._first
        if key.group_kind == HELM_RELEASE:
            name = key.name if key.namespace == FLUX_NAMESPACE else f"{key.namespace}-{key.name}"
            self._wrap(name, (manifest, place), () if is_first else (POLICIES,))
        else:
            name = key.name
            self._found.objects.append((manifest if is_first else _depending(manifest, (POLICIES,)), place))
        if is_first:
            self._let_policies_wait(name, key if key.group_kind == KUSTOMIZATION else None)

    def _let_policies_wait(self, name: str, key: ObjectKey | None) -> None:
        space = key.namespace if key is not None else FLUX_NAMESPACE
        self._found.objects = [
            (_depending(each, (name,), space) if _is_policies(each) else each, place)
            for each, place in self._found.objects
        ]

    def _wrap(self, name: str, release: Placed, before: Sequence[str], plan: DeliveryPlan | None = None) -> None:
        self._found.folders[name] = [release]
        self._found.objects.append((self._stage(name, before, plan), release[1]))

    def _stage(self, name: str, before: Sequence[str], plan: DeliveryPlan | None = None) -> Manifest:
        spec: dict[str, Json] = {
            "interval": plan.interval if plan is not None else _INTERVAL,
            "path": f"./{self._site.delivery}/stages/{name}",
            "prune": True,
            "sourceRef": self._root["spec"]["sourceRef"],
        }
        if plan is not None and plan.timeout:
            spec["timeout"] = plan.timeout
        if plan is None or plan.wait:
            spec["wait"] = True
        manifest: Manifest = {
            "apiVersion": FLUX_KUSTOMIZE_V1,
            "kind": KUSTOMIZATION.kind,
            "metadata": {"name": name, "namespace": FLUX_NAMESPACE},
            "spec": spec,
        }
        return _depending(manifest, before)


def _is_policies(manifest: Manifest) -> bool:
    return key_of(manifest) == ObjectKey(KUSTOMIZATION.group, KUSTOMIZATION.kind, FLUX_NAMESPACE, POLICIES)


def _depending(manifest: Manifest, names: Iterable[str], space: str = FLUX_NAMESPACE) -> Manifest:
    """Return a Kustomization that depends on others besides those that it names itself."""
    home = key_of(manifest).namespace
    own = objects_at(manifest, "spec", "dependsOn")
    known = {(text_at(each, "namespace") or home, text_at(each, "name")) for each in own}
    more = [_reference(name, space, home) for name in names if (space, name) not in known]
    if not more:
        return manifest
    spec: Mapping[str, Json] = manifest["spec"]
    return {**manifest, "spec": {**spec, "dependsOn": [*own, *more]}}


def _reference(name: str, space: str, home: str) -> dict[str, Json]:
    return {"name": name} if space == home else {"name": name, "namespace": space}
