"""Compiles a platform into the files of its repository; ``docs/repository-layout.md`` draws the trees.

One document a file; a ``kustomization.yaml`` in each folder that is built; the same bytes for the same platform.
Everything that is wrong is reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.layout import argocd, emitter, flux
from nixernetes.gitops.layout.apps import Content, content_of, kustomization, site_files
from nixernetes.gitops.layout.checks import Placed, check_cycles, check_identities, workload_keys
from nixernetes.gitops.layout.model import (
    GIVEN_NAMESPACES,
    DeliveryPlan,
    ReadFiles,
    SitePlan,
)
from nixernetes.gitops.layout.permissions import check_projects, cluster_kinds, object_namespaces
from nixernetes.gitops.layout.plan import (
    apps_of,
    chart_sources,
    check_apps,
    deliveries_of,
    namespace_at,
    runs_at,
    workloads_at,
)
from nixernetes.gitops.layout.policing.policies_app import PoliciesApp, early_applications, with_policies
from nixernetes.gitops.layout.policing.stages import staged
from nixernetes.gitops.layout.resources import Resources, resolved, resources_of
from nixernetes.gitops.layout.sites import control_plane, control_source, project_name, server_of, sites_of
from nixernetes.gitops.layout.waves import health_of_applications, waves_of
from nixernetes.gitops.marking.marks import NO_MARKS, Marks
from nixernetes.gitops.marking.writing import marked, marked_delivery
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.problems import Problems
from nixernetes.gitops.traps.declared import DeclaredObject
from nixernetes.objects import yamls
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, FLUX_NAMESPACE

__all__ = [
    "bootstrap",
    "branches",
    "cluster_servers",
    "compile_platform",
    "compile_with_objects",
    "control_plane_of",
    "declared_manifests",
    "folders_of",
    "marks_of",
    "repository_url",
]


def compile_platform(platform: Platform, read: ReadFiles) -> dict[str, bytes]:
    """Return the files of the platform's repository, by path, sorted.

    Args:
        platform: the platform.
        read: reads the files that its apps name.

    Raises:
        PlatformError: everything that is wrong with the platform, each with file and line of its declaration.

    """
    return _compiled(platform, read).files


def compile_with_objects(platform: Platform, read: ReadFiles) -> tuple[dict[str, bytes], tuple[DeclaredObject, ...]]:
    """Return the files, as :func:`compile_platform` does, and the objects of Flux and Argo CD among them.

    Raises:
        PlatformError: as :func:`compile_platform`.

    """
    build = _compiled(platform, read)
    return build.files, tuple(build.objects)


def declared_manifests(platform: Platform) -> dict[str, Manifest]:
    """Return the manifests of the platform by path, as far as they follow from what is declared in Python.

    Nothing is read: objects that apps bring in files, overlays and charts are left out, who delivers them is not.

    Raises:
        PlatformError: as :func:`compile_platform`.

    """
    whole = with_policies(platform)
    files = _compiled(platform, _refuse, unread=frozenset(app.name for app in whole.apps if _reads(app))).files
    return {path: yamls.parse(data) for path, data in files.items() if not path.endswith("kustomization.yaml")}


def _reads(app: App) -> bool:
    overlays = [each.kustomize for each in app.environments.values()]
    return bool(app.files or app.folders or app.kustomize or any(overlays) or (app.chart and app.chart.path))


def _refuse(path: Path) -> Mapping[str, bytes]:
    raise InputError("is not read here", subject=str(path))


def _compiled(declared: Platform, read: ReadFiles, unread: frozenset[str] = frozenset()) -> _Build:
    problems = Problems()
    platform = with_policies(declared, problems)
    resources = resources_of(platform, problems)
    sites = sites_of(platform, resources.shared_manifests, problems)
    check_apps(platform, sites, problems)
    problems.raise_if_any()
    contents = {
        app.name: Content(app=app)
        if app.name in unread
        else content_of(app, [site for site in sites if runs_at(app, site)], read, problems)
        for app in platform.apps
    }
    problems.raise_if_any()
    build = _Build(
        platform=platform,
        sites=sites,
        resources=resources,
        contents=contents,
        problems=problems,
        unread=unread,
        marks=marks_of(platform, problems),
    )
    build.run()
    problems.raise_if_any()
    build.files = dict(sorted(build.files.items()))
    return build


def cluster_servers(platform: Platform) -> list[tuple[str, str]]:
    """Return each cluster's name and API server, sorted by name; one that is known by name only gets a made-up URL."""
    return [(site.name, server_of(site)) for site in _sites(platform)]


def branches(platform: Platform) -> dict[str, str]:
    """Return the branch that each cluster (or environment) follows."""
    return {site.name: site.source.branch for site in _sites(platform)}


def folders_of(platform: Platform, engines: AbstractSet[str]) -> tuple[str, ...]:
    """Return the folders of the repository that only some engines read, each with a ``/`` at its end."""
    flux_folders = [f"{site.delivery}/" for site in _sites(platform)] if "flux" in engines else []
    return (*flux_folders, *([f"{argocd.FOLDER}/"] if "argocd" in engines else []))


def repository_url(platform: Platform) -> str:
    """Return the URL that the clusters fetch the repository from."""
    return _sites(platform)[0].source.url


def control_plane_of(platform: Platform) -> str:
    """Return the name of the cluster that runs Argo CD; it need not be one of the platform's."""
    return control_plane(_sites(platform))


def bootstrap(platform: Platform, cluster: str, engines: AbstractSet[str] = frozenset()) -> list[Manifest]:
    """Return what is applied by hand to a fresh cluster, in order; everything else follows from it.

    With Flux: the GitRepository and the root Kustomization. With Argo CD, in the cluster that runs it: the app of apps
    and its AppProject, and where apps have sync waves the setting of Argo CD by which those wait. The namespaces that
    they stand in come first.

    Args:
        platform: the platform.
        cluster: the cluster.
        engines: who starts there; the platform's engines when empty.

    Raises:
        InputError: the platform has no such cluster, or cannot be built.

    """
    chosen = engines or platform.engines
    sites = _sites(platform)
    resources = resources_of(platform, Problems())
    marks = marks_of(platform, Problems())
    found: list[Manifest] = []
    plane = control_plane(sites)
    if cluster not in {site.name for site in sites} | {plane}:
        raise InputError(f"the platform has no cluster {cluster}: it has {', '.join(site.name for site in sites)}")
    for site in sites:
        if site.name == cluster and "flux" in chosen:
            found += flux.bootstrap(site, resources.source(site))
    if "argocd" in chosen and cluster == plane:
        source = control_source(platform, sites)
        found += argocd.bootstrap(platform.name, source, resources.argocd_namespaces)
        found += [health_of_applications()] if waves_of(with_policies(platform).apps) else []
    return [marked(each, marks) for each in found]


def marks_of(platform: Platform, problems: Problems) -> Marks:
    """Return what every object of a platform bears; what is wrong is noted."""
    if platform.compliance is not None:
        with problems.noted(subject=f"Platform {platform.name}", place=platform.declared_at):
            marks: Marks = platform.compliance.marks(platform.name, platform.owner)
            return marks
    return NO_MARKS


def _sites(platform: Platform) -> list[SitePlan]:
    problems = Problems()
    sites = sites_of(platform, resources_of(platform, problems).shared_manifests, problems)
    problems.raise_if_any()
    return sites


@dataclass(slots=True, kw_only=True)
class _Build:
    """One run of the compiler: what it reads, and the files it has made so far."""

    platform: Platform
    sites: list[SitePlan]
    resources: Resources
    contents: Mapping[str, Content]
    problems: Problems
    marks: Marks = NO_MARKS
    unread: frozenset[str] = frozenset()  # apps whose own objects are left out
    files: dict[str, bytes] = field(default_factory=dict)
    objects: list[DeclaredObject] = field(default_factory=list)

    def run(self) -> None:
        """Make all files."""
        charts = chart_sources(self.platform, self.resources.shared_manifests)
        deliveries = {site.name: deliveries_of(self.platform, site, self.contents, charts) for site in self.sites}
        for site in self.sites:
            self._workloads(site)
            if "flux" in self.platform.engines:
                self._flux(site, deliveries[site.name])
        if "argocd" in self.platform.engines:
            self._argocd([delivery for found in deliveries.values() for delivery in found])

    def _workloads(self, site: SitePlan) -> None:
        folders = []
        keys = []
        for app in apps_of(self.platform, site):
            if app.name in self.unread:
                continue
            content = self.contents[app.name]
            if app.chart is not None:
                for path, data in content.chart_files.items():
                    self._put(f"charts/{app.chart.chart_name}/{path}", data, app.declared_at)
                continue
            namespace = namespace_at(self.platform, app, site)
            here = workloads_at(app, site)
            if here is site:
                folders.append(app.name)
            keys += list(workload_keys(content, namespace, self.problems))
            with self.problems.noted(subject=f"App {app.name}", place=app.declared_at):
                for path, data in site_files(content, here, namespace, self.marks):
                    self._put(path, data, app.declared_at)
        check_identities(keys, f"in cluster {site.name}", self.problems)
        if folders:
            path = f"{site.workloads}/kustomization.yaml".lstrip("/")
            self._put(path, kustomization(folders), self.platform.declared_at)

    def _flux(self, site: SitePlan, deliveries: list[DeliveryPlan]) -> None:
        places = {delivery.name: delivery.place for delivery in deliveries}
        compiled = flux.compile_site(site, deliveries, self.problems)
        own = self._declared(resolved(self.resources.flux(site), FLUX_NAMESPACE, compiled, self.problems))
        declared = {key_of(manifest) for manifest, _ in own}
        made: list[Placed] = []
        for manifest in compiled:
            key = key_of(manifest)
            if key in declared and key.kind in ("HelmRepository", "Namespace"):
                continue  # the platform's own declaration of the same thing
            made.append((self._own(manifest, deliveries), places.get(key.name, self.platform.declared_at)))
        made += [(flux.namespace(name), "") for name in _missing_namespaces(own, made)]
        found = staged(site, deliveries, made, own, flux.root(site))
        everything = [*found.objects, *(item for items in found.folders.values() for item in items)]
        check_identities(
            ((key_of(item), place) for item, place in everything), f"in cluster {site.name}", self.problems
        )
        check_cycles(everything, self.problems)
        self.objects += [DeclaredObject(item, place, site.name) for item, place in everything]
        self._objects(site.delivery, FLUX_NAMESPACE, found.objects)
        for name, items in sorted(found.folders.items()):
            self._objects(f"{site.delivery}/stages/{name}", FLUX_NAMESPACE, items)

    def _argocd(self, deliveries: list[DeliveryPlan]) -> None:
        several, here = len(self.sites) > 1, self.platform.declared_at
        made = []
        for delivery in deliveries:
            with self.problems.noted(place=delivery.place):
                made.append((argocd.application(delivery, several=several, marks=self.marks), delivery.place))
        made += [(project, here) for project in self._own_project(deliveries)]
        source = control_source(self.platform, self.sites)
        made += [(item, here) for item in argocd.root(self.platform.name, source, self.resources.argocd_namespaces)]
        own = resolved(self.resources.argocd, ARGOCD_NAMESPACE, (item for item, _ in made), self.problems)
        own = early_applications(self._declared(own), self.platform.apps)
        check_identities(((key_of(item), place) for item, place in (*made, *own)), "for Argo CD", self.problems)
        edited = {argocd.application_name(each, several=several) for each in deliveries if _has_fields(each)}
        check_projects(made, own, self.sites, self.problems, edited)
        self.objects += [DeclaredObject(item, place) for item, place in (*made, *own)]
        self._objects(argocd.FOLDER, ARGOCD_NAMESPACE, (*made, *own))

    def _own_project(self, deliveries: list[DeliveryPlan]) -> list[Manifest]:
        name = project_name(self.platform)
        inside = [delivery for delivery in deliveries if delivery.project == name]
        if not inside:
            return []
        namespaces = object_namespaces(inside, self.contents)
        kinds = cluster_kinds(self.platform, inside, self.contents)
        project = argocd.project(name, f"What {self.platform.name} delivers", inside, namespaces, kinds)
        project["metadata"]["annotations"].update(self.resources.subscriptions)
        return [project]

    def _own(self, manifest: Manifest, deliveries: list[DeliveryPlan]) -> Manifest:
        """Return a delivery of ours that marks what its folder does not: charts, and folders without apps."""
        unmarked = {each.name for each in deliveries if each.chart is not None or (each.app is None and self._is_bare)}
        return marked_delivery(manifest, self.marks) if key_of(manifest).name in unmarked else manifest

    @property
    def _is_bare(self) -> bool:
        return all(isinstance(app, PoliciesApp) for app in self.platform.apps)

    def _declared(self, own: list[Placed]) -> list[Placed]:
        return [(marked_delivery(manifest, self.marks), place) for manifest, place in own]

    def _objects(self, folder: str, home: str, objects: Iterable[Placed]) -> None:
        paths = []
        distinct = {key_of(manifest): (manifest, place) for manifest, place in objects}  # repetitions are noted already
        for key, (manifest, place) in sorted(distinct.items()):
            name = key.name if key.namespace in ("", home) else f"{key.namespace}-{key.name}"
            path = f"{_plural(key.kind)}/{name.replace(':', '-')}.yaml"
            paths.append(path)
            self._put(f"{folder}/{path}", emitter.dump(marked(manifest, self.marks)), place)
        self._put(f"{folder}/kustomization.yaml", kustomization(paths), self.platform.declared_at)

    def _put(self, path: str, data: bytes, place: str) -> None:
        if self.files.setdefault(path, data) != data:
            self.problems.add(f"two different files would be written to {path}: rename one app or object", place=place)


def _has_fields(delivery: DeliveryPlan) -> bool:
    """Tell whether users wrote fields of an Application by themselves."""
    app = delivery.app
    return app is not None and bool(app.argocd or app.overrides(delivery.site.name).argocd)


def _missing_namespaces(own: Iterable[Placed], made: Iterable[Placed]) -> Iterator[str]:
    """Yield the namespaces that declared objects stand in and that nothing creates."""
    there = {key_of(item).name for item, _ in (*own, *made) if item["kind"] == "Namespace"}
    wanted = {key_of(item).namespace for item, _ in own} - {""}
    yield from sorted(wanted - there - GIVEN_NAMESPACES - {FLUX_NAMESPACE})


def _plural(kind: str) -> str:
    name = {"AppProject": "project"}.get(kind, kind.lower())
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
