"""The Flux and Argo CD objects that a platform declares itself, with their references resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nixernetes.gitops.argocd.notifications.notifications import NotificationsConfig
from nixernetes.gitops.layout.checks import Placed
from nixernetes.gitops.layout.model import SitePlan
from nixernetes.gitops.notification import WebhookNotification
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.problems import Problems
from nixernetes.gitops.reference import Reference
from nixernetes.gitops.resource import Resource
from nixernetes.objects.api_groups import FLUX_SOURCE, FLUX_TOOLKIT
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, FLUX_NAMESPACE

__all__ = ["Resources", "resolved", "resources_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a platform declares besides apps.

    Attributes:
        shared: Flux objects of every cluster.
        own: cluster name to Flux objects of that cluster alone.
        argocd: Argo CD objects.
        subscriptions: annotations that subscribe the platform's AppProject to its webhooks.

    """

    shared: tuple[Resource, ...] = ()
    own: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    argocd: tuple[Resource, ...] = ()
    subscriptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def shared_manifests(self) -> list[Manifest]:
        """The manifests of the objects that every cluster has."""
        return [_placed(resource, FLUX_NAMESPACE)[0] for resource in self.shared]

    @property
    def argocd_namespaces(self) -> frozenset[str]:
        """The namespaces that Argo CD's objects stand in."""
        return frozenset(resource.namespace or ARGOCD_NAMESPACE for resource in self.argocd)

    def flux(self, site: SitePlan) -> list[Resource]:
        """Return the Flux objects declared for one site."""
        return [*self.shared, *self.own.get(site.name, ())]

    def source(self, site: SitePlan) -> list[Manifest]:
        """Return the declared GitRepository that the site's source is, or nothing."""
        found = (_placed(resource, FLUX_NAMESPACE)[0] for resource in self.flux(site))
        name = ObjectKey(FLUX_SOURCE, "GitRepository", site.source.namespace, site.source.name)
        return [manifest for manifest in found if site.source.declared and key_of(manifest) == name]


def resources_of(platform: Platform, problems: Problems) -> Resources:
    """Sort a platform's resources by engine; those that no chosen engine reads are noted."""
    flux: list[Resource] = []
    argocd: list[Resource] = []
    webhooks = [item for item in platform.resources if isinstance(item, WebhookNotification)]
    for resource in _distinct(item for item in platform.resources if not isinstance(item, WebhookNotification)):
        engine = _engine(resource)
        if _usable(resource, engine, platform, problems):
            (flux if engine == "flux" else argocd).append(resource)
    subscriptions: dict[str, str] = {}
    for webhook in webhooks:
        with problems.noted(subject=f"WebhookNotification {webhook.name}", place=webhook.declared_at):
            flux += webhook.flux() if "flux" in platform.engines else []
            if "argocd" in platform.engines:
                told = webhook.argocd()
                argocd = _with_config(argocd, told.config)
                subscriptions |= told.annotations
    own: dict[str, tuple[Resource, ...]] = {}
    for name, cluster in {**platform.clusters, **platform.environments}.items():
        found = [item for item in _distinct(cluster.resources) if _usable(item, _engine(item), platform, problems)]
        for resource in found:
            if _engine(resource) == "argocd":
                problems.add(
                    f"belongs to Argo CD, not to cluster {name}: move it to the platform's resources",
                    subject=str(resource.key),
                    place=resource.declared_at,
                )
        own[name] = tuple(found)
    return Resources(
        shared=tuple(flux), own=own, argocd=tuple(argocd), subscriptions=dict(sorted(subscriptions.items()))
    )


def resolved(resources: Iterable[Resource], home: str, made: Iterable[Manifest], problems: Problems) -> list[Placed]:
    """Return the manifests with every reference resolved; references to nothing are noted.

    Args:
        resources: what the platform declares for one cluster.
        home: the namespace of objects that name none.
        made: the manifests that the build adds, which may be referred to as well.
        problems: where to note what is wrong.

    """
    own = list(resources)
    known = {_at_home(resource, home) for resource in own} | {key_of(manifest) for manifest in made}
    return [_placed(_resolve(resource, home, known, problems), home) for resource in own]


def _resolve(resource: Resource, home: str, known: set[ObjectKey], problems: Problems) -> Resource:
    namespace = resource.namespace or home

    def target(reference: Reference) -> ObjectKey | None:
        spaces = [reference.namespace] if reference.namespace else [namespace]
        if not reference.namespace and not reference.local:
            spaces.append(home)
        keys = [ObjectKey(reference.group, reference.kind, space, reference.name) for space in spaces]
        return next((key for key in keys if key in known), None)

    def elsewhere(reference: Reference) -> str | None:
        key = target(reference)
        return key.namespace if key is not None and key.namespace != namespace else None

    for reference in resource.references():
        if reference.required and target(reference) is None:
            wanted = ObjectKey(reference.group, reference.kind, reference.namespace or namespace, reference.name)
            problems.add(
                f"{reference.field} points at {wanted}, and the platform declares none: add it to its resources",
                subject=str(resource.key),
                place=resource.declared_at,
            )
    return resource.resolve(elsewhere)


def _with_config(resources: list[Resource], config: NotificationsConfig) -> list[Resource]:
    """Add a notifications ConfigMap, or merge it into the one that is there: Argo CD reads a single one."""
    before = next((item for item in resources if isinstance(item, NotificationsConfig)), None)
    if before is None:
        return [*resources, config]
    return [before.merged(config) if item is before else item for item in resources]


def _usable(resource: Resource, engine: str, platform: Platform, problems: Problems) -> bool:
    if engine in platform.engines:
        return True
    chosen = " and ".join(sorted(platform.engines))
    problems.add(
        f'is for {engine}, and the platform is built for {chosen}: give Platform engine="both", or remove it',
        subject=str(resource.key),
        place=resource.declared_at,
    )
    return False


def _distinct(resources: Iterable[Resource]) -> list[Resource]:
    """Leave out an object that is listed twice: it is the same declaration, not a second one."""
    return list({id(resource): resource for resource in resources}.values())


def _engine(resource: Resource) -> str:
    return "flux" if resource.group_kind().group.endswith(FLUX_TOOLKIT) else "argocd"


def _at_home(resource: Resource, home: str) -> ObjectKey:
    return resource.key._replace(namespace=resource.namespace or home)


def _placed(resource: Resource, home: str) -> Placed:
    manifest = resource.manifest()
    if not manifest["metadata"].get("namespace"):
        metadata = {"name": resource.name, "namespace": home, **manifest["metadata"]}
        manifest = {**manifest, "metadata": metadata}
    return manifest, resource.declared_at
