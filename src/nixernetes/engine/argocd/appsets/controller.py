"""The ApplicationSet controller: generates Applications and keeps them as generated (sections 14.4 and 14.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from nixernetes.cluster.api import Api, ApiError, Propagation
from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.appsets import rollout
from nixernetes.engine.argocd.appsets.conditions import SetLook, conditions
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.destinations import Clusters
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.engine.argocd.removal.steps import POST_DELETE, PRE_DELETE
from nixernetes.engine.argocd.statuses import ApplicationStatus, deletion_time, owners_of
from nixernetes.engine.results import Done, Result, Waiting
from nixernetes.engine.runtime import Key
from nixernetes.errors import InputError
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import ARGOPROJ, ARGOPROJ_V1ALPHA1
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_NOTIFIED, ARGOCD_REFRESH, ARGOCD_RESOURCES_FINALIZER
from nixernetes.render.argocd.applicationsets import VALIDATION, GenerationError, duplicates
from nixernetes.render.declared_shapes import form_problem
from nixernetes.render.delivery_builds import Builder

__all__ = ["CONTROLLER", "ApplicationSetController"]

CONTROLLER = "argocd-applicationset-controller"
_REQUEUE = timedelta(minutes=3)  # ARGOCD_APPLICATIONSET_CONTROLLER_REQUEUE_AFTER
_REFRESH = "argocd.argoproj.io/application-set-refresh"
# Annotations of others that an update leaves alone.
_KEPT = (ARGOCD_REFRESH, ARGOCD_NOTIFIED, "argocd.argoproj.io/hydrate")
_PARAMETERS = "ApplicationGenerationFromParamsError"
_POLICIES = ("create-delete", "create-only", "create-update", "sync")
_DELETING = ("sync", "create-delete")
_DELETION_POLL = timedelta(seconds=10)  # between two Applications that are deleted in order
_PROGRESSIVE = "applicationsetcontroller.enable.progressive.syncs"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    applications: tuple[Manifest, ...] = ()
    error: str = ""
    reason: str = ""
    generated: bool = False
    rollout: rollout.StepwiseSync | None = None


class ApplicationSetController:
    """Reconciles ApplicationSets; a key is (namespace, name)."""

    name = CONTROLLER

    def __init__(
        self,
        *,
        api: Api,
        builder: Builder,
        clusters: Clusters,
        clock: Clock,
        violations: Callable[[Manifest], Sequence[str]],
        tell: Callable[[Manifest, str, str], object],
    ) -> None:
        self._api = api
        self._builder = builder
        self._clusters = clusters
        self._clock = clock
        self._violations = violations
        self._tell = tell

    def reconcile(self, key: Key) -> Result:
        """Generate, and create, update and delete Applications accordingly."""
        found = self._api.get(ObjectKey(*APPLICATION_SET, *key))
        if found is None:
            return Done()
        if deletion_time(found):
            return self._retire(found)
        if self._is_progressive() and rollout.is_reversed(found):
            found = self._held(found)
        try:
            outcome = self._generate(found)
        except (AttributeError, KeyError, TypeError) as broken:
            outcome = _Outcome(error=f"the spec cannot be read: {broken}", reason=_PARAMETERS)
        error, reason = outcome.error, outcome.reason
        if not reason:
            outcome = self._roll(found, outcome)
            error, reason = self._bring(found, outcome.applications)
        self._report(found, outcome, error, reason)
        return Done(_REQUEUE)

    def _generate(self, found: Manifest) -> _Outcome:
        wrong = form_problem(found)
        if wrong:
            return _Outcome(error=f"the spec cannot be read: {wrong}", reason=_PARAMETERS)
        try:
            generated = self._builder.application_set(found, self._clusters.known)
        except GenerationError as error:
            return _Outcome(error=error.message, reason=error.reason, generated=error.reason == VALIDATION)
        reference = _reference(found)
        return _Outcome(
            generated=True, applications=tuple(_owned_by(reference, application) for application in generated)
        )

    def _is_progressive(self) -> bool:
        """Tell whether progressive syncs are on: as argocd-cmd-params-cm says, and without one as an author means."""
        key = ObjectKey("", "ConfigMap", namespace_of(self._api), "argocd-cmd-params-cm")
        params = self._api.get(key)
        return params is None or text_at(params, "data", _PROGRESSIVE) == "true"

    def _roll(self, found: Manifest, outcome: _Outcome) -> _Outcome:
        """Let those Applications sync whose turn it is, where they are synced step by step."""
        if not rollout.is_rolling(found) or not self._is_progressive():
            return outcome
        generated = outcome.applications
        now = self._clock.now()
        made = rollout.rolled(found, self._owned(found), generated, partial(self._is_changed, found), now)
        applications = tuple(rollout.triggered(found, made, each) for each in generated)
        return replace(outcome, applications=applications, rollout=made)

    def _is_changed(self, found: Manifest, live: Manifest, wanted: Manifest) -> bool:
        """Tell whether an update would change a spec (``SpecsEquivalent`` of ``utils/createOrUpdate.go``)."""
        target = self._as_ignored(found, rollout.without_automation(wanted), live)
        return bool(_normal(target.get("spec")) != _normal(live.get("spec")))

    def _held(self, found: Manifest) -> Manifest:
        """Return the ApplicationSet with the finalizer that lets its Applications be deleted in order."""
        finalizers = items_at(found, "metadata", "finalizers")
        if ARGOCD_RESOURCES_FINALIZER in finalizers:
            return found
        changed: Manifest = manifests.copy(found)
        changed["metadata"]["finalizers"] = [*finalizers, ARGOCD_RESOURCES_FINALIZER]
        return self._api.update(changed, manager=CONTROLLER)

    def _retire(self, found: Manifest) -> Result:
        """Take a step of a deletion: Applications in order or not at all, then the finalizer.

        What is left without the finalizer goes, or stays, with the owner references.
        """
        if _policy(found) not in _DELETING:
            for live in self._owned(found):
                freed: Manifest = manifests.copy(live)
                freed["metadata"].pop("ownerReferences")
                self._api.update(freed, manager=CONTROLLER)
        if rollout.is_reversed(found):
            owned = {live["metadata"]["name"]: live for live in self._owned(found)}
            for name in rollout.backwards(found, list(owned.values())):
                if not deletion_time(owned[name]):
                    key = ObjectKey(*APPLICATION, owned[name]["metadata"]["namespace"], name)
                    self._api.delete(key, propagation=Propagation.BACKGROUND)
                    if self._api.get(key) is None:
                        continue
                return Waiting(_DELETION_POLL, f"deletion of Application {name}")
        kept = [name for name in items_at(found, "metadata", "finalizers") if name != ARGOCD_RESOURCES_FINALIZER]
        if kept != items_at(found, "metadata", "finalizers"):
            changed: Manifest = manifests.copy(found)
            changed["metadata"]["finalizers"] = kept
            self._api.update(changed, manager=CONTROLLER)
        return Done()

    def _bring(self, found: Manifest, wanted: Sequence[Manifest]) -> tuple[str, str]:
        """Make the Applications as generated; return what went wrong and its reason.

        The first that cannot be written stops nothing but deletions; of several that are not valid the last is told.
        """
        policy = _policy(found)
        if policy not in _POLICIES:
            return f"applicationsSync {policy!r}: use {', '.join(_POLICIES)}", VALIDATION
        wrong = {each["metadata"]["name"]: errors[0] for each in wanted if (errors := self._violations(each))}
        invalid = {**wrong, **duplicates(found, wanted)}
        update, refused = policy in ("sync", "create-update"), ""
        for application in sorted(wanted, key=lambda each: str(each["metadata"]["name"])):
            if application["metadata"]["name"] in invalid:
                continue
            try:
                self._put(found, application, update=update)
            except (ApiError, InputError) as error:
                refused = refused or error.message
        if refused:
            return refused, "UpdateApplicationError" if update else "CreateApplicationError"
        if policy in _DELETING:
            self._delete_others(found, {application["metadata"]["name"] for application in wanted})
        if not invalid:
            return "", ""
        message = invalid[max(invalid)]
        return message + (f" (and {len(invalid) - 1} more)" if len(invalid) > 1 else ""), VALIDATION

    def _put(self, found: Manifest, application: Manifest, *, update: bool) -> None:
        meta = application["metadata"]
        live = self._api.get(ObjectKey(*APPLICATION, meta["namespace"], meta["name"]))
        if live is None:
            self._api.create(application, manager=CONTROLLER)
            self._tell(found, "created", f"created Application {go_quoted(meta['name'])}")
            return
        if not update or not _is_owned(live, found):
            return
        wanted = self._as_ignored(found, application, live)
        changed = _updated(live, wanted, mapping_at(found, "spec", "preservedFields"))
        if changed != live:
            self._api.update(changed, manager=CONTROLLER)
            self._tell(found, "updated", f"updated Application {go_quoted(meta['name'])}")

    def _as_ignored(self, found: Manifest, application: Manifest, live: Manifest) -> Manifest:
        rules = objects_at(found, "spec", "ignoreApplicationDifferences")
        rules = [rule for rule in rules if text_at(rule, "name") in ("", live["metadata"]["name"])]
        return diff.keep_ignored(application, live, rules, self._builder.tools.jq)

    def _delete_others(self, found: Manifest, names: set[str]) -> None:
        for live in self._owned(found):
            if live["metadata"]["name"] not in names and not deletion_time(live):
                key = ObjectKey(*APPLICATION, live["metadata"]["namespace"], live["metadata"]["name"])
                self._api.delete(key, propagation=Propagation.BACKGROUND)
                self._tell(found, "Deleted", f"Deleted Application {go_quoted(key.name)}")

    def _owned(self, found: Manifest) -> list[Manifest]:
        namespace = found["metadata"]["namespace"]
        return [live for live in self._api.list(APPLICATION, namespace=namespace) if _is_owned(live, found)]

    def _report(self, found: Manifest, outcome: _Outcome, error: str, reason: str) -> None:
        latest = self._api.get(ObjectKey(*APPLICATION_SET, found["metadata"]["namespace"], found["metadata"]["name"]))
        if latest is None:
            return
        changed = manifests.copy(latest)
        (changed["metadata"].get("annotations") or {}).pop(_REFRESH, None)
        owned = self._owned(found)
        block = changed.setdefault("status", {})
        made = outcome.rollout
        said = SetLook(
            error=error,
            reason=reason,
            is_generated=outcome.generated,
            step=None if made is None else made.step,
        )
        now = moments.timestamp(self._clock.now())
        old = objects_at(block, "conditions")
        block["conditions"] = conditions(old, said, is_rolling=rollout.is_rolling(found), now=now)
        if made is not None and made.statuses:
            block["applicationStatus"] = list(made.statuses)
        elif made is not None or not reason:
            block.pop("applicationStatus", None)
        block["resources"] = [_resource(live) for live in owned]
        block["resourcesCount"] = len(owned)
        if changed != latest:
            if annotations_of(changed) != annotations_of(latest):
                latest = self._api.update({**changed, "status": latest.get("status") or {}}, manager=CONTROLLER)
                changed["metadata"] = latest["metadata"]
            self._api.update(changed, manager=CONTROLLER, subresource="status")


def _policy(found: Manifest) -> str:
    return text_at(found, "spec", "syncPolicy", "applicationsSync") or "sync"


def _normal(spec: Json) -> Json:
    """Return a spec without what is empty, which says nothing (``NormalizeApplicationSpec``, ``appEquality``)."""
    if isinstance(spec, dict):
        parts = {name: _normal(value) for name, value in spec.items()}
        return {name: value for name, value in parts.items() if value not in (None, "", {}, [])}
    return [_normal(item) for item in spec] if isinstance(spec, list) else spec


def _owned_by(reference: Json, application: Manifest) -> Manifest:
    return {**application, "metadata": {**application["metadata"], "ownerReferences": [reference]}}


def _reference(found: Manifest) -> Json:
    return {
        "apiVersion": ARGOPROJ_V1ALPHA1,
        "kind": "ApplicationSet",
        "name": found["metadata"]["name"],
        "uid": found["metadata"].get("uid", ""),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _is_owned(live: Manifest, found: Manifest) -> bool:
    uid = found["metadata"].get("uid", "")
    return any(text_at(item, "uid") == uid and flag_at(item, "controller") for item in owners_of(live))


def _finalizers(live: Manifest, wanted: Manifest) -> list[str]:
    """Return the finalizers as generated, and those of hooks that the application controller added."""
    generated = [str(name) for name in items_at(wanted, "metadata", "finalizers")]
    held = [str(name) for name in items_at(live, "metadata", "finalizers")]
    return generated + [name for name in held if name.startswith((PRE_DELETE, POST_DELETE)) and name not in generated]


def _updated(live: Manifest, wanted: Manifest, preserved: Json) -> Manifest:
    """Return the live Application with spec, labels and annotations as generated; what is others' stays."""
    changed: Manifest = manifests.copy(live)
    changed["spec"] = manifests.copy(wanted["spec"])
    if "operation" in wanted:
        changed["operation"] = manifests.copy(wanted["operation"])
    finalizers = _finalizers(live, wanted)
    if finalizers or "finalizers" in changed["metadata"]:
        changed["metadata"]["finalizers"] = finalizers
    for part, kept in (
        ("annotations", (*_KEPT, *items_at(preserved, "annotations"))),
        ("labels", tuple(items_at(preserved, "labels"))),
    ):
        before = mapping_at(live, "metadata", part)
        stay = {name: value for name, value in before.items() if name in kept}
        values = {**mapping_at(wanted, "metadata", part), **stay}
        if values:
            changed["metadata"][part] = values
        else:
            changed["metadata"].pop(part, None)
    return changed


def _resource(live: Manifest) -> Json:
    status = ApplicationStatus.of(live)
    row = {
        "group": ARGOPROJ,
        "version": "v1alpha1",
        "kind": "Application",
        "namespace": live["metadata"]["namespace"],
        "name": live["metadata"]["name"],
        "health": {"status": status.health} if status.health else {},
    }
    return {**row, "status": status.sync} if status.sync else row
