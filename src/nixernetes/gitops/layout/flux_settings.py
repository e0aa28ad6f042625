"""What an app says about its Kustomization or HelmRelease beyond where it is and what it brings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.argocd.applications.application_fields import IgnoreDifferences
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.gitops.layout.raw_fields import with_fields
from nixernetes.gitops.spec import Spec
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["with_flux_settings", "with_metadata"]

_ANY = "*"


def with_flux_settings(manifest: Manifest, app: App, environment: str, namespace: str) -> Manifest:
    """Return the Kustomization or HelmRelease of an app with everything that the app says about it.

    Args:
        manifest: the object without it.
        app: the app.
        environment: the environment that it is delivered to.
        namespace: where the app's objects live; ``""`` when they name it themselves.

    Raises:
        InputError: fields of ``flux`` that the kind does not have, or a health check without a namespace.

    """
    settings = _for_folders(app, environment, namespace) if app.chart is None else _for_charts(app, environment)
    if app.health_check_exprs:
        settings["healthCheckExprs"] = _data(app.health_check_exprs)
    spec = {**manifest["spec"], **{name: _joined(manifest["spec"].get(name), own) for name, own in settings.items()}}
    found = {**manifest, "metadata": with_metadata(manifest["metadata"], app), "spec": spec}
    kind = Kustomization if app.chart is None else HelmRelease
    for fields, place in ((app.flux, app.declared_at), (app.overrides(environment).flux, _place(app, environment))):
        if fields:
            found = with_fields(found, kind, fields, place)
    return found


def with_metadata(metadata: Mapping[str, Json], app: App, **annotations: str) -> dict[str, Json]:
    """Return metadata with the app's labels and annotations, and with more annotations."""
    found = dict(metadata)
    for name, own in (("labels", app.labels), ("annotations", {**app.annotations, **annotations})):
        if own:
            found[name] = {**found.get(name, {}), **own}
    return found


def _place(app: App, environment: str) -> str:
    return app.overrides(environment).declared_at or app.declared_at


def _for_folders(app: App, environment: str, namespace: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    variables = app.post_build_in(environment)
    if app.decryption is not None:
        found["decryption"] = app.decryption.data()
    if app.health_checks:
        found["healthChecks"] = [_at(check, namespace) for check in app.health_checks]
    if variables is not None:
        found["postBuild"] = variables.data()
    if app.ignore_differences:
        found["ignore"] = [_rule(each) for each in app.ignore_differences]
    return found


def _for_charts(app: App, environment: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    references = (*app.values_from, *app.overrides(environment).values_from)
    if references:
        found["valuesFrom"] = _data(references)
    if app.common_labels or app.common_annotations:
        shared = {"labels": app.common_labels, "annotations": app.common_annotations}
        found["commonMetadata"] = {name: own for name, own in shared.items() if own}
    for name, action in (("install", app.install), ("upgrade", app.upgrade)):
        if action is not None:
            found[name] = action.data()
    if app.ignore_differences:
        found["driftDetection"] = {"ignore": [_rule(each) for each in app.ignore_differences]}
    return found


def _joined(before: Json, own: Json) -> Json:
    return {**before, **own} if isinstance(before, dict) and isinstance(own, dict) else own


def _at(check: Mapping[str, str], namespace: str) -> dict[str, Json]:
    """Return a health check with the app's namespace where it has none; cluster-scoped kinds have no such field."""
    if "namespace" not in check:
        return dict(check)
    if not (check["namespace"] or namespace):
        known = f"{check['kind']}/{check['name']}"
        raise InputError(f"health_checks: {known} has no namespace, and the app has none: give one of them a namespace")
    return {**check, "namespace": check["namespace"] or namespace}


def _rule(each: IgnoreDifferences) -> dict[str, Json]:
    """Return a rule of Argo CD as Flux has it: names are regular expressions there."""
    given = {"group": each.group, "kind": each.kind, "name": each.name, "namespace": each.namespace}
    target = {name: re.escape(text).replace(r"\-", "-") for name, text in given.items() if text and text != _ANY}
    return {"paths": list(each.json_pointers or ()), **({"target": target} if target else {})}


def _literal(text: str) -> str:
    return re.sub(r"([.+*?^$(){}|\[\]\\])", r"\\\1", text)


def _data(parts: Iterable[Spec]) -> list[Json]:
    return [part.data() for part in parts]
