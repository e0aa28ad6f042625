"""The policies of a platform as an app that is delivered to every cluster before what they judge.

What the policies need themselves comes before them: whatever installs Kyverno, and what that depends on. Everything
else depends on the app: ``dependsOn`` of Flux, a lower sync wave of Argo CD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from pathlib import Path
from typing import Any, Final

from pydantic import PrivateAttr

from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.layout.checks import Placed
from nixernetes.gitops.layout.model import GIVEN_NAMESPACES
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.problems import Problems
from nixernetes.gitops.resource import Resource
from nixernetes.objects.api_groups import KYVERNO, KYVERNO_POLICIES
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, CUSTOM_RESOURCE_DEFINITION, HELM_RELEASE
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.scopes import is_cluster_scoped_policy, is_policy_group
from nixernetes.objects.well_known import ARGOCD_SYNC_OPTIONS, ARGOCD_SYNC_WAVE, FLUX_PRUNE

__all__ = ["POLICIES", "PoliciesApp", "early_applications", "with_policies"]

POLICIES: Final = "policies"
_ENGINE: Final = "kyverno"  # the chart that installs it
_RETRY: Final = "1m"  # Kyverno may be installed by others, at any time


class PoliciesApp(App):
    """What a platform's policies become."""

    _first: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def first(self) -> frozenset[str]:
        """The names of apps and resources that come before it."""
        return self._first

    def after(self, first: frozenset[str], place: str, places: Iterable[str]) -> PoliciesApp:
        """Return it with what comes first, where it was declared, and where each manifest was."""
        made = self.model_copy()
        made._first = first  # noqa: SLF001  # its own class
        made._declared_at = place  # noqa: SLF001  # its own class
        made._manifests_at = tuple(places)  # noqa: SLF001  # its own class
        return made


def with_policies(platform: Platform, problems: Problems | None = None) -> Platform:
    """Return a platform whose policies are an app, and whose other apps wait for it; itself where it has none.

    Args:
        platform: the platform.
        problems: where to note what is wrong.

    """
    if not platform.policies:
        return platform
    noted = problems if problems is not None else Problems()
    first = _come_first(platform)
    _check_names(platform, noted)
    waves = _waves(platform, first) if "argocd" in platform.engines else {}
    app = _app(platform, first, waves, noted)
    others = (_waiting(each, platform) if each.name not in first else _early(each, waves) for each in platform.apps)
    made: Platform = platform.model_copy(update={"apps": (*others, app), "policies": ()})
    return made


def _come_first(platform: Platform) -> frozenset[str]:
    """Return the names of apps and resources that come before the policies: what they need, and what that needs."""
    known: dict[str, Any] = {app.name: app for app in platform.apps}
    found = {app.name for app in platform.apps if _installs(app)} | set(platform.policies_depend_on)
    found |= {each.name for each in _resources(platform) if _brings_engine(each.manifest())}
    waiting = sorted(found)
    while waiting:
        app = known.get(waiting.pop())
        for name in app.depends_on if app is not None else ():
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _app(platform: Platform, first: frozenset[str], waves: Mapping[str, int], problems: Problems) -> App:
    manifests: list[Manifest] = []
    places: list[str] = []
    paths: list[Path] = []
    for each in platform.policies:
        if isinstance(each, Path):
            paths.append(each)
            continue
        manifest = each.manifest() if isinstance(each, Resource) else each
        place = each.declared_at if isinstance(each, Resource) else platform.declared_at
        manifests.append(manifest)
        places.append(place)
        if _lacks_namespace(manifest):
            problems.add("has no namespace: give it one", subject=str(key_of(manifest)), place=place)
    for name in sorted(_missing_namespaces(platform, manifests, first, problems)):
        manifests.append(_namespace(name))
        places.append(platform.declared_at)
    fields: dict[str, Any] = {"retry_interval": _RETRY} if "flux" in platform.engines else {}
    if waves:
        fields["wave"] = waves[POLICIES]
    app = PoliciesApp(
        name=POLICIES,
        manifests=tuple(manifests),
        files=tuple(path for path in paths if path.suffix in (".yaml", ".yml")),
        folders=tuple(path for path in paths if path.suffix not in (".yaml", ".yml")),
        depends_on=tuple(sorted(first & {each.name for each in platform.apps})),
        **fields,
    )
    return app.after(first, platform.declared_at, places)


def _lacks_namespace(manifest: Manifest) -> bool:
    kind = group_kind(manifest)
    return is_policy_group(kind.group) and not is_cluster_scoped_policy(kind) and not key_of(manifest).namespace


def _waiting(app: App, platform: Platform) -> App:
    """Return an app that depends on the policies; those of a deployment are delivered together, and wait together."""
    if platform.deployment is not None and app.chart is None:
        return app
    made: App = app.model_copy(update={"depends_on": (*app.depends_on, POLICIES)})
    return made


def _early(app: App, waves: Mapping[str, int]) -> App:
    made: App = app.model_copy(update={"wave": waves[app.name]}) if app.name in waves else app
    return made


def _waves(platform: Platform, first: AbstractSet[str]) -> dict[str, int]:
    """Return the waves of the policies and of what comes before them: below all that judges waits for.

    Apps are in wave 0 unless they say otherwise, and so are Applications among the resources.
    """
    late = [0, *(app.wave for app in platform.apps if app.wave is not None and app.name not in first)]
    late += [wave for each in _resources(platform) if (wave := _own_wave(each)) is not None and each.name not in first]
    early = [app.wave for app in platform.apps if app.wave is not None and app.name in first]
    here = max([min(late) - 1, *(wave + 1 for wave in early)])
    known = {app.name: app for app in platform.apps}
    found = {POLICIES: here}
    level = here - 1
    waiting = {name for name in first if name in known}
    below = {name: known[name] for name in waiting}
    users: dict[str, set[str]] = {name: set() for name in waiting}
    for name, app in below.items():
        for other in app.depends_on:
            if other in users:
                users[other].add(name)
    while waiting:
        ready = {name for name in waiting if not users[name] & waiting} or waiting  # a circle is noted elsewhere
        found |= {name: level for name in ready if below[name].wave is None}
        waiting -= ready
        level -= 1
    return found


def early_applications(own: Iterable[Placed], apps: Iterable[App]) -> list[Placed]:
    """Return declared objects of Argo CD; Applications that come before the policies have an earlier wave."""
    policies = next((each for each in apps if isinstance(each, PoliciesApp)), None)
    return [(_before(manifest, policies), place) for manifest, place in own]


def _before(manifest: Manifest, policies: PoliciesApp | None) -> Manifest:
    is_first = policies is not None and policies.wave is not None and key_of(manifest).name in policies.first
    if not is_first or group_kind(manifest) != APPLICATION or ARGOCD_SYNC_WAVE in annotations_of(manifest):
        return manifest
    wave = str((policies.wave or 0) - 1) if policies is not None else ""
    annotations = {**annotations_of(manifest), ARGOCD_SYNC_WAVE: wave}
    return {**manifest, "metadata": {**manifest["metadata"], "annotations": annotations}}


def _own_wave(resource: Resource) -> int | None:
    text = annotations_of(resource.manifest()).get(ARGOCD_SYNC_WAVE, "")
    return int(text) if text.lstrip("-").isdigit() else None


def _missing_namespaces(
    platform: Platform, manifests: Iterable[Manifest], first: AbstractSet[str], problems: Problems
) -> Iterator[str]:
    """Yield the namespaces that policies stand in and that nothing makes before them."""
    there = {key_of(each).name for each in manifests if each.get("kind") == "Namespace"}
    there |= {space for app in platform.apps if app.name in first for space in _spaces(app)}
    brought = {
        key_of(each).name: app for app in platform.apps for each in app.manifests if each.get("kind") == "Namespace"
    }
    for name in {key_of(each).namespace for each in manifests} - there - GIVEN_NAMESPACES - {""}:
        app = brought.get(name)
        if app is None:
            yield name
        elif app.name not in first:
            problems.add(
                f"a policy stands in namespace {name}, which app {app.name} brings after the policies: give the app "
                f"namespace={name!r} in place of the Namespace",
                place=platform.declared_at,
            )


def _spaces(app: App) -> set[str]:
    return {app.namespace, *(each.namespace for each in app.environments.values())}


def _namespace(name: str) -> Manifest:
    annotations = {ARGOCD_SYNC_OPTIONS: "Prune=false", FLUX_PRUNE: "disabled"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "annotations": annotations}}


def _check_names(platform: Platform, problems: Problems) -> None:
    known = {app.name for app in platform.apps} | {each.name for each in _resources(platform)}
    for name in sorted(set(platform.policies_depend_on) - known):
        problems.add(
            f"policies_depend_on {name}, and the platform has no app or resource that is called so",
            subject=f"Platform {platform.name}",
            place=platform.declared_at,
        )
    for app in platform.apps:
        if app.name in (POLICIES, "namespaces"):
            problems.add(
                f"a platform with policies has a delivery called {app.name}: rename the app",
                subject=f"App {app.name}",
                place=app.declared_at,
            )


def _resources(platform: Platform) -> Iterator[Resource]:
    for resources in (platform.resources, *(each.resources for each in _clusters(platform))):
        yield from (each for each in resources if isinstance(each, Resource))


def _clusters(platform: Platform) -> Iterator[Any]:
    yield from platform.clusters.values()
    yield from platform.environments.values()


def _installs(app: App) -> bool:
    if app.chart is not None:
        return app.chart.chart_name == _ENGINE
    return any(_defines_policies(each) for each in app.manifests)


def _defines_policies(manifest: Manifest) -> bool:
    is_definition = group_kind(manifest) == CUSTOM_RESOURCE_DEFINITION
    return is_definition and text_at(manifest, "spec", "group") in (KYVERNO, KYVERNO_POLICIES)


def _brings_engine(manifest: Manifest) -> bool:
    """Tell whether a declared delivery installs Kyverno by its chart."""
    kind = group_kind(manifest)
    if kind == HELM_RELEASE:
        return text_at(manifest, "spec", "chart", "spec", "chart") == _ENGINE
    return kind == APPLICATION and text_at(manifest, "spec", "source", "chart") == _ENGINE
