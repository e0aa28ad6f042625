"""What is delivered where: the one answer that the Flux and the Argo CD compiler both start from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from nixernetes.gitops.layout.apps import Content
from nixernetes.gitops.layout.model import GIVEN_NAMESPACES, ChartPlan, DeliveryPlan, SitePlan
from nixernetes.gitops.layout.sites import project_name
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.problems import Problems
from nixernetes.gitops.workloads import App, HelmChartRef
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = ["apps_of", "check_apps", "deliveries_of", "namespace_at", "repository_names", "runs_at"]


def apps_of(platform: Platform, site: SitePlan) -> list[App]:
    """Return the apps that run at a site, sorted by name."""
    return sorted((app for app in platform.apps if runs_at(app, site)), key=lambda app: app.name)


def runs_at(app: App, site: SitePlan) -> bool:
    """Tell whether an app runs at a site."""
    return not app.clusters or site.name in app.clusters


def namespace_at(platform: Platform, app: App, site: SitePlan) -> str:
    """Return the namespace of an app at a site: its own, else the deployment's, else ``""``."""
    return app.namespace_in(site.name) or (platform.deployment.namespace if platform.deployment is not None else "")


def deliveries_of(
    platform: Platform, site: SitePlan, contents: Mapping[str, Content], charts: Mapping[str, str]
) -> list[DeliveryPlan]:
    """Return what is delivered to a site, sorted by name.

    Args:
        platform: the platform.
        site: the site.
        contents: app name to what the app brings.
        charts: chart repository URL to the name of its HelmRepository.

    """
    apps = apps_of(platform, site)
    given = {name for app in apps for name in _namespaces(contents[app.name])}
    found = []
    for app in apps:
        if app.chart is not None or not site.whole:
            found.append(_delivery(platform, app, site, given, charts))
    if site.whole and (not platform.apps or any(app.chart is None for app in apps)):
        found.append(_whole(platform, site, apps))
    return sorted(found, key=lambda delivery: delivery.name)


def check_apps(platform: Platform, sites: list[SitePlan], problems: Problems) -> None:
    """Note apps that share a name, name unknown clusters or apps, or ask for what their engine cannot do."""
    names = {site.name for site in sites}
    seen: dict[str, App] = {}
    for app in platform.apps:
        subject = f"App {app.name}"
        if app.name in seen:
            problems.add(
                f"two apps have this name, the first at {seen[app.name].declared_at}: rename one",
                subject=subject,
                place=app.declared_at,
            )
        seen[app.name] = app
        for name in sorted({*app.environments, *app.clusters} - names) if sites else ():
            problems.add(
                f"names environment {name}, and the platform has {', '.join(sorted(names))}",
                subject=subject,
                place=app.declared_at,
            )
        for message in _engine_limits(platform, app):
            problems.add(message, subject=subject, place=app.declared_at)
    for app in platform.apps:
        _check_dependencies(app, seen, problems)


def repository_names(platform: Platform, declared: list[Manifest]) -> dict[str, str]:
    """Name the HelmRepository of each chart repository: as declared, else by its URL, in full when two would agree."""
    own = {item["spec"].get("url"): item["metadata"]["name"] for item in declared if item["kind"] == "HelmRepository"}
    charts = (app.chart for app in platform.apps if app.chart is not None)
    urls = sorted({chart.repository for chart in charts if chart.repository})
    short = {url: _short_name(url) for url in urls if url not in own}
    taken = [*own.values(), *short.values()]
    named = {url: name if taken.count(name) == 1 else _slug(url.partition("://")[2]) for url, name in short.items()}
    return {**named, **{url: own[url] for url in urls if url in own}}


def _delivery(platform: Platform, app: App, site: SitePlan, given: set[str], charts: Mapping[str, str]) -> DeliveryPlan:
    namespace = namespace_at(platform, app, site)
    here, preset = app.overrides(site.name), app.preset_in(site.name)
    settings = here.preset or app  # the same three words
    return DeliveryPlan(
        name=app.name,
        site=site,
        path="" if app.chart is not None else f"{site.workloads}/{app.name}".lstrip("/"),
        chart=None if app.chart is None else _chart(app, app.chart, site, charts),
        namespace=namespace,
        create_namespace=bool(namespace) and namespace not in GIVEN_NAMESPACES | given,
        project=app.project or project_name(platform),
        depends_on=app.depends_on,
        interval=here.interval or settings.interval,
        timeout=app.timeout,
        retry_interval=app.retry_interval,
        wait=settings.wait,
        prune=settings.prune,
        prune_last=settings.prune and preset is not None and preset.prune_last,
        place=app.declared_at,
    )


def _chart(app: App, chart: HelmChartRef, site: SitePlan, charts: Mapping[str, str]) -> ChartPlan:
    return ChartPlan(
        name=chart.chart_name,
        release=app.name,
        values=app.values_in(site.name),
        repository=chart.repository,
        repository_name=charts.get(chart.repository, ""),
        version=chart.version,
        path="" if chart.repository else f"charts/{chart.chart_name}",
    )


def _whole(platform: Platform, site: SitePlan, apps: Iterable[App]) -> DeliveryPlan:
    deployment = platform.deployment
    assert deployment is not None  # noqa: S101  # only a deployment makes a site whole
    return DeliveryPlan(
        name=deployment.name,
        site=site,
        path=site.workloads,
        namespace=deployment.namespace,
        create_namespace=deployment.namespace not in GIVEN_NAMESPACES,
        force_namespace=not list(apps) and "namespace" in deployment.model_fields_set,
        project=project_name(platform),
        interval=deployment.interval,
        place=deployment.declared_at,
    )


def _namespaces(content: Content) -> set[str]:
    return {key_of(item).name for item in content.manifests() if item["kind"] == "Namespace"}


def _engine_limits(platform: Platform, app: App) -> Iterable[str]:
    if "argocd" in platform.engines and app.depends_on:
        yield "depends_on: Argo CD cannot make an Application wait for another; use sync waves, or engine='flux'"
    if platform.engines == {"argocd"} and app.preset is None:
        for name in sorted(app.model_fields_set & {"interval", "timeout", "retry_interval", "wait"}):
            yield f"{name}: Argo CD has no such setting for an Application; leave it out"
    if platform.engines == {"argocd"} and any(overrides.interval for overrides in app.environments.values()):
        yield "environments: interval: Argo CD has no such setting for an Application; leave it out"
    if app.name in _taken(platform):
        yield "the platform's own root is called so: rename the app"
    if platform.deployment is not None and app.depends_on and app.chart is None:
        yield "depends_on: the apps of a deployment are delivered together; use a repository instead"
    if app.project and platform.engines == {"flux"}:
        yield "project: Flux has no AppProjects; leave it out"


def _taken(platform: Platform) -> set[str]:
    flux = {FLUX_NAMESPACE} if "flux" in platform.engines else set()
    return flux | ({f"{platform.name}-root"} if "argocd" in platform.engines else set())


def _check_dependencies(app: App, apps: Mapping[str, App], problems: Problems) -> None:
    for name in app.depends_on:
        subject, place = f"App {app.name}", app.declared_at
        other = apps.get(name)
        if other is None:
            problems.add(f"depends_on {name}, and the platform has no such app", subject=subject, place=place)
        elif (other.chart is None) != (app.chart is None):
            problems.add(
                f"depends_on {name}: a Kustomization and a HelmRelease cannot depend on each other",
                subject=subject,
                place=place,
            )
        elif other.clusters and not set(app.clusters or ("",)) <= set(other.clusters):
            problems.add(
                f"depends_on {name}, which does not run in all clusters that {app.name} runs in",
                subject=subject,
                place=place,
            )


def _short_name(url: str) -> str:
    parts = urlsplit(url)
    last = parts.path.strip("/").rpartition("/")[2]
    return _slug(last or parts.hostname or url)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:63].strip("-")
