"""What is delivered where: the one answer that the Flux and the Argo CD compiler both start from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from nixernetes.gitops.apps.charts import HelmChartRef
from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.flux.sources.oci_repository import OCIRepository
from nixernetes.gitops.layout.apps import Content
from nixernetes.gitops.layout.model import GIVEN_NAMESPACES, ChartPlan, DeliveryPlan, SitePlan
from nixernetes.gitops.layout.policing.policies_app import PoliciesApp
from nixernetes.gitops.layout.sites import project_name
from nixernetes.gitops.layout.waves import check_waves, waves_of
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.problems import Problems
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = [
    "ChartSources",
    "apps_of",
    "chart_sources",
    "check_apps",
    "deliveries_of",
    "namespace_at",
    "runs_at",
    "workloads_at",
]


def apps_of(platform: Platform, site: SitePlan) -> list[App]:
    """Return the apps that run at a site, sorted by name."""
    return sorted((app for app in platform.apps if runs_at(app, site)), key=lambda app: app.name)


def runs_at(app: App, site: SitePlan) -> bool:
    """Tell whether an app runs at a site."""
    return not app.clusters or site.name in app.clusters


def namespace_at(platform: Platform, app: App, site: SitePlan) -> str:
    """Return the namespace of an app at a site: its own, else the deployment's, else ``""``; policies name theirs."""
    if isinstance(app, PoliciesApp):
        return ""
    return app.namespace_in(site.name) or (platform.deployment.namespace if platform.deployment is not None else "")


def workloads_at(app: App, site: SitePlan) -> SitePlan:
    """Return the site as an app is written to it: policies stand apart from a folder that is delivered as a whole."""
    return replace(site, workloads="") if site.whole and isinstance(app, PoliciesApp) else site


def deliveries_of(
    platform: Platform, site: SitePlan, contents: Mapping[str, Content], charts: ChartSources
) -> list[DeliveryPlan]:
    """Return what is delivered to a site, sorted by name.

    Args:
        platform: the platform.
        site: the site.
        contents: app name to what the app brings.
        charts: the objects that stand for chart repositories.

    """
    apps = apps_of(platform, site)
    given = {name for app in apps for name in _namespaces(contents[app.name])}
    found = []
    waves = waves_of(platform.apps)
    for app in apps:
        if app.chart is not None or not site.whole or isinstance(app, PoliciesApp):
            found.append(_delivery(platform, app, site, given, charts, waves))
    others = [app for app in platform.apps if not isinstance(app, PoliciesApp)]
    if site.whole and (not others or any(app.chart is None and app in others for app in apps)):
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
    _check_chart_sources(platform, problems)
    if "argocd" in platform.engines:
        check_waves(platform.apps, problems)


def _check_chart_sources(platform: Platform, problems: Problems) -> None:
    """Note logins that differ for one repository, and versions that a declared OCIRepository would not follow."""
    pulled = {each.url for each in platform.resources if isinstance(each, OCIRepository)}
    logins: dict[str, App] = {}
    for app in platform.apps:
        chart, subject = app.chart, f"App {app.name}"
        if chart is None or not chart.repository:
            continue
        first = logins.setdefault(chart.repository, app) if not chart.is_oci else app
        if first.chart is not None and first.chart.secret_ref != chart.secret_ref:
            message = f"chart: {chart.repository} has another secret_ref in app {first.name}: give both the same"
            problems.add(message, subject=subject, place=app.declared_at)
        if f"{chart.repository.rstrip('/')}/{chart.chart_name}" in pulled:
            for name in sorted(name for name, each in app.environments.items() if each.version):
                problems.add(
                    f"environments.{name}: version: the platform declares the OCIRepository of the chart, and that "
                    "names the version: change it there, or leave it out of the resources",
                    subject=subject,
                    place=app.declared_at,
                )


@dataclass(frozen=True, slots=True)
class ChartSources:
    """The objects of Flux that stand for chart repositories, by URL.

    Attributes:
        declared: those of the platform's own resources, OCIRepositories by the URL of the chart.
        made: the HelmRepositories that the build adds.

    """

    declared: Mapping[str, str]
    made: Mapping[str, str]


def chart_sources(platform: Platform, declared: list[Manifest]) -> ChartSources:
    """Name what stands for each chart repository: as declared, else by its URL, in full when two would agree."""
    own = {
        text_at(item, "spec", "url"): key_of(item).name
        for item in declared
        if item["kind"] in ("HelmRepository", "OCIRepository")
    }
    charts = (app.chart for app in platform.apps if app.chart is not None)
    urls = sorted({chart.repository for chart in charts if chart.repository and not chart.is_oci} - own.keys())
    short = {url: _short_name(url) for url in urls}
    taken = [*own.values(), *short.values()]
    made = {url: name if taken.count(name) == 1 else _slug(url.partition("://")[2]) for url, name in short.items()}
    return ChartSources(own, made)


def _delivery(  # what a delivery follows from
    platform: Platform, app: App, site: SitePlan, given: set[str], charts: ChartSources, waves: Mapping[str, int]
) -> DeliveryPlan:
    namespace = namespace_at(platform, app, site)
    here, preset = app.overrides(site.name), app.preset_in(site.name)
    settings = here.preset or app  # the same three words
    return DeliveryPlan(
        name=app.name,
        site=site,
        path="" if app.chart is not None else f"{workloads_at(app, site).workloads}/{app.name}".lstrip("/"),
        chart=None if app.chart is None else _chart(app, app.chart, site, charts),
        namespace=namespace,
        create_namespace=bool(namespace) and namespace not in GIVEN_NAMESPACES | given,
        project=app.project or project_name(platform),
        depends_on=app.depends_on,
        interval=here.interval or settings.interval,
        timeout=app.timeout,
        retry_interval=app.retry_interval,
        wait=settings.wait and not app.health_checks,  # Flux passes over them where it waits for everything
        prune=settings.prune,
        prune_last=settings.prune and preset is not None and preset.prune_last,
        place=app.declared_at,
        app=app,
        wave=waves.get(app.name, 0),
    )


def _chart(app: App, chart: HelmChartRef, site: SitePlan, charts: ChartSources) -> ChartPlan:
    whole = f"{chart.repository.rstrip('/')}/{chart.chart_name}"  # the URL of an OCIRepository ends with the chart
    is_oci = chart.is_oci and chart.repository not in charts.declared
    url = whole if is_oci else chart.repository
    version = app.version_in(site.name)
    return ChartPlan(
        name=chart.chart_name,
        release=app.name,
        values=app.values_in(site.name),
        repository=chart.repository,
        repository_name=charts.declared.get(url) or (app.name if is_oci else charts.made.get(url, "")),
        is_declared=url in charts.declared,
        is_oci=is_oci,
        version=version,
        digest="" if version else chart.digest,
        secret=chart.secret_ref,
        path="" if chart.repository else f"charts/{chart.chart_name}",
    )


def _whole(platform: Platform, site: SitePlan, apps: Sequence[App]) -> DeliveryPlan:
    policies = [app.name for app in apps if isinstance(app, PoliciesApp)]
    deployment = platform.deployment
    assert deployment is not None  # noqa: S101  # only a deployment makes a site whole
    return DeliveryPlan(
        name=deployment.name,
        site=site,
        path=site.workloads,
        namespace=deployment.namespace,
        create_namespace=deployment.namespace not in GIVEN_NAMESPACES,
        force_namespace=len(apps) == len(policies) and "namespace" in deployment.model_fields_set,
        project=project_name(platform),
        depends_on=tuple(policies),
        interval=deployment.interval,
        place=deployment.declared_at,
    )


def _namespaces(content: Content) -> set[str]:
    return {key_of(item).name for item in content.manifests() if item["kind"] == "Namespace"}


_FLUX_ONLY = (
    *("decryption", "health_check_exprs", "health_checks", "install", "interval", "post_build", "retry_interval"),
    *("timeout", "upgrade", "values_from", "wait"),
)
_ARGO_HAS_NONE = {
    "decryption": "Argo CD does not decrypt: give the app's Secrets to an operator such as External Secrets",
    "post_build": "Argo CD replaces no variables: use environments with patches or images",
    "values_from": "Argo CD reads no values from the cluster: give values, or let the chart name a Secret",
    "flux": 'the platform is built for argocd only: leave it out, or give Platform engine="both"',
}
_FLUX_HAS_NONE = {
    "argocd": 'the platform is built for flux only: leave it out, or give Platform engine="both"',
    "project": "Flux has no AppProjects; leave it out",
    "sync_options": "Flux has no sync options; leave it out",
    "wave": "Flux has no sync waves: use depends_on",
}


def _engine_limits(platform: Platform, app: App) -> Iterable[str]:
    if platform.engines == {"argocd"}:
        yield from _argocd_limits(app)
    if platform.engines == {"flux"}:
        yield from (f"{name}: {why}" for name, why in _FLUX_HAS_NONE.items() if name in _given(app))
    if "flux" in platform.engines and any(not each.json_pointers for each in app.ignore_differences):
        yield (
            "ignore_differences: Flux knows only json_pointers: write them, or give "
            "argocd={'ignore_differences': [...]} for Argo CD alone"
        )
    if "argocd" in platform.engines and app.chart is not None and (app.common_labels or app.common_annotations):
        yield "common_labels and common_annotations: Argo CD adds none to a chart: leave them out, or use its values"
    if app.name in _taken(platform):
        yield "the platform's own root is called so: rename the app"
    if platform.deployment is not None and app.chart is None and not isinstance(app, PoliciesApp):
        for name in sorted(_given(app) & _DELIVERED):
            yield f"{name}: the apps of a deployment are delivered together; use a repository instead"


def _argocd_limits(app: App) -> Iterable[str]:
    given = _given(app)
    for name in sorted(given & {*_FLUX_ONLY, *_ARGO_HAS_NONE}):
        if name in _ARGO_HAS_NONE:
            yield f"{name}: {_ARGO_HAS_NONE[name]}"
        elif app.preset is None or name not in ("interval", "wait"):
            yield f"{name}: Argo CD has no such setting for an Application; leave it out"
    for overrides in app.environments.values():
        for name in sorted(overrides.model_fields_set & {"interval", "substitute", "values_from"}):
            yield f"environments: {name}: Argo CD has no such setting for an Application; leave it out"


# What says how one app is delivered.
_DELIVERED = {
    *("annotations", "argocd", "decryption", "depends_on", "flux", "health_check_exprs", "health_checks"),
    *("ignore_differences", "labels", "post_build", "sync_options", "wave"),
}


def _given(app: App) -> set[str]:
    """Return the fields that say something: a False, a 0 and text do, what is empty does not."""
    return {name for name in app.model_fields_set if app.__dict__[name] not in ((), {}, None, "")}


def _taken(platform: Platform) -> set[str]:
    flux = {FLUX_NAMESPACE} if "flux" in platform.engines else set()
    return flux | ({f"{platform.name}-root"} if "argocd" in platform.engines else set())


def _check_dependencies(app: App, apps: Mapping[str, App], problems: Problems) -> None:
    for name in app.depends_on:
        subject, place = f"App {app.name}", app.declared_at
        other = apps.get(name)
        if other is None:
            problems.add(f"depends_on {name}, and the platform has no such app", subject=subject, place=place)
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
