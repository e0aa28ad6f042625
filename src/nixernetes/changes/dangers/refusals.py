"""Changes that an API server refuses, and objects that are made anew because somebody forces them."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.changes.change import Action, ObjectChange
from nixernetes.changes.dangers.scene import ClusterScene
from nixernetes.changes.immutable import refused
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import group_kind, split_api_version
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.custom_rules import has_rules, rule_problems
from nixernetes.verify.findings import Finding, Severity

__all__ = ["find"]

_TOPIC = "immutable-field"


def find(scene: ClusterScene) -> Iterator[Finding]:
    """Yield what is refused or made anew."""
    for change in scene.cluster.of(Action.CHANGE, Action.MOVE):
        if change.before is None or change.after is None or not change.fields:
            continue
        words = refused(*change.stored, change.before, change.after) or _forbidden(scene, change)
        if words:
            yield scene.say(
                _TOPIC, Severity.ERROR, change.key, f"the API server refuses it: {words}; {_remedy(change)}"
            )
    for change in scene.cluster.of(Action.REPLACE):
        if change.before is None or change.after is None or not refused(*change.stored, change.before, change.after):
            continue  # it goes with its release, which is told
        message = f"it is deleted and created again: {change.reason}"
        yield scene.say("replacement", Severity.WARNING, change.key, message)


def _forbidden(scene: ClusterScene, change: ObjectChange) -> str:
    """Return what a rule of the kind's definition has against the step, and not against the object as it is."""
    before, after = change.stored
    schema = _schema(scene, change.after.manifest) if change.after is not None else {}
    if not has_rules(schema):
        return ""
    anyway = {str(each) for each in rule_problems(schema, after)}
    return next((text for each in rule_problems(schema, after, (), before) if (text := str(each)) not in anyway), "")


def _schema(scene: ClusterScene, manifest: Manifest) -> Json:
    """Return the schema of an object's kind and version, as the repository defines it."""
    definition = scene.head.view.definitions.get(group_kind(manifest), {})
    version = split_api_version(text_at(manifest, "apiVersion"))[1]
    served = (each for each in objects_at(definition, "spec", "versions") if text_at(each, "name") == version)
    return next((mapping_at(each, "schema", "openAPIV3Schema") for each in served), {})


def _remedy(change: ObjectChange) -> str:
    owner = change.after.owner if change.after is not None else None
    kind = owner.key.group_kind if owner is not None else None
    if kind == KUSTOMIZATION:
        force = "annotate it with kustomize.toolkit.fluxcd.io/force: enabled to have it recreated"
    elif kind == APPLICATION:
        force = "annotate it with argocd.argoproj.io/sync-options: Force=true,Replace=true to have it recreated"
    elif kind == HELM_RELEASE:
        force = "the upgrade fails until the object is deleted by hand"
    else:
        force = "delete it first"
    return f"give it another name, or {force}"
