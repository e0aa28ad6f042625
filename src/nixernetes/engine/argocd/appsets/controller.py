"""The ApplicationSet controller: generates Applications and keeps them as generated (section 14.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from nixernetes.cluster.api import Api, ApiError, Propagation
from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.destinations import Clusters
from nixernetes.engine.argocd.removal.steps import POST_DELETE, PRE_DELETE
from nixernetes.engine.argocd.statuses import ApplicationStatus, deletion_time, owners_of
from nixernetes.engine.results import Done, Result
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
from nixernetes.objects.well_known import ARGOCD_NOTIFIED, ARGOCD_REFRESH, ARGOCD_SET_REFRESH
from nixernetes.render.argocd.applicationsets import VALIDATION, GenerationError, duplicates
from nixernetes.render.declared_shapes import form_problem
from nixernetes.render.delivery_builds import Builder

__all__ = ["CONTROLLER", "ApplicationSetController", "updated_application"]

CONTROLLER = "argocd-applicationset-controller"
_REQUEUE = timedelta(minutes=3)  # ARGOCD_APPLICATIONSET_CONTROLLER_REQUEUE_AFTER
# Annotations of others that an update leaves alone.
_KEPT = (ARGOCD_REFRESH, ARGOCD_NOTIFIED, "argocd.argoproj.io/hydrate")
_PARAMETERS = "ApplicationGenerationFromParamsError"
_POLICIES = ("create-delete", "create-only", "create-update", "sync")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    applications: tuple[Manifest, ...] = ()
    error: str = ""
    reason: str = ""
    generated: bool = False


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
        if found is None or deletion_time(found):
            return Done()
        try:
            outcome = self._generate(found)
        except (AttributeError, KeyError, TypeError) as broken:
            outcome = _Outcome(error=f"the spec cannot be read: {broken}", reason=_PARAMETERS)
        error, reason = outcome.error, outcome.reason
        if not reason:
            error, reason = self._bring(found, outcome.applications)
        self._report(found, outcome, error, reason)
        return Done(_REQUEUE)

    def _generate(self, found: Manifest) -> _Outcome:
        wrong = form_problem(found)
        if wrong:
            return _Outcome(error=f"the spec cannot be read: {wrong}", reason=_PARAMETERS)
        strategy = text_at(found, "spec", "strategy", "type") or "AllAtOnce"
        if strategy != "AllAtOnce":
            message = f"strategy {strategy} is not supported: progressive syncs are off, use AllAtOnce"
            return _Outcome(error=message, reason="InvalidRolloutConfig")
        try:
            generated = self._builder.application_set(found, self._clusters.known)
        except GenerationError as error:
            return _Outcome(error=error.message, reason=error.reason, generated=error.reason == VALIDATION)
        reference = _reference(found)
        return _Outcome(
            generated=True, applications=tuple(_owned_by(reference, application) for application in generated)
        )

    def _bring(self, found: Manifest, wanted: Sequence[Manifest]) -> tuple[str, str]:
        """Make the Applications as generated; return what went wrong and its reason.

        The first that cannot be written stops nothing but deletions; of several that are not valid the last is told.
        """
        policy = text_at(found, "spec", "syncPolicy", "applicationsSync") or "sync"
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
        if policy in ("sync", "create-delete"):
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
        rules = objects_at(found, "spec", "ignoreApplicationDifferences")
        rules = [rule for rule in rules if text_at(rule, "name") in ("", meta["name"])]
        wanted = diff.keep_ignored(application, live, rules, self._builder.tools.jq)
        changed = updated_application(live, wanted, mapping_at(found, "spec", "preservedFields"))
        if changed != live:
            self._api.update(changed, manager=CONTROLLER)
            self._tell(found, "updated", f"updated Application {go_quoted(meta['name'])}")

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
        (changed["metadata"].get("annotations") or {}).pop(ARGOCD_SET_REFRESH, None)
        owned = self._owned(found)
        block = changed.setdefault("status", {})
        block["conditions"] = self._conditions(block.get("conditions") or [], outcome, error, reason)
        block["resources"] = [_resource(live) for live in owned]
        block["resourcesCount"] = len(owned)
        if changed != latest:
            if annotations_of(changed) != annotations_of(latest):
                latest = self._api.update({**changed, "status": latest.get("status") or {}}, manager=CONTROLLER)
                changed["metadata"] = latest["metadata"]
            self._api.update(changed, manager=CONTROLLER, subresource="status")

    def _conditions(self, old: Sequence[Json], outcome: _Outcome, error: str, reason: str) -> list[Json]:
        """Return the conditions (``setApplicationSetStatusCondition`` of Argo CD 3.5), sorted by type."""
        good = "All applications have been generated successfully"
        generated = outcome.generated
        rows = [
            ("ErrorOccurred", "True" if error else "False", reason or "ApplicationSetUpToDate", error or good),
            (
                "ParametersGenerated",
                "True" if generated else "False",
                "ParametersGenerated" if generated else "ErrorOccurred",
                "Successfully generated parameters for all Applications" if generated else error,
            ),
            (
                "ResourcesUpToDate",
                "False" if error else "True",
                "ErrorOccurred" if error else "ApplicationSetUpToDate",
                error or good,
            ),
        ]
        now = moments.timestamp(self._clock.now())
        before = {(c["type"], c["status"], c["reason"], c["message"]): c for c in old}
        names = ("type", "status", "reason", "message")
        return [before.get(row) or {**dict(zip(names, row, strict=True)), "lastTransitionTime": now} for row in rows]


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


def updated_application(live: Manifest, wanted: Manifest, preserved: Json) -> Manifest:
    """Return the live Application with spec, labels and annotations as generated; what is others' stays.

    Args:
        live: the Application as it is.
        wanted: the Application as it is generated.
        preserved: ``spec.preservedFields`` of the ApplicationSet.

    """
    changed: Manifest = manifests.copy(live)
    changed["spec"] = manifests.copy(wanted["spec"])
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
