"""Runs a recorded case of the real Flux controllers on the embedded ones, and tells what each of its points shows."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pygit2
import yaml
from tests.engine.flux.conftest import World

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.repositories.git import GitSource
from nixernetes.cluster.api import Event
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.engine.flux.kinds import KINDS
from nixernetes.errors import NixernetesError
from nixernetes.languages.merges import merge_patched
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey, group_kind, split_api_version
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["GoldenRun"]

_REQUEST = "reconcile.fluxcd.io/requestedAt"
_HIDDEN = ("deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration")
_DURATION = re.compile(
    r"(?<![\w.:-])(\d+h)?(\d+m)?\d+(\.\d+)?(ms|µs|s)(?!\w)|(?<![\w.:-])\d+(\.\d+)?ms\b|(?<![\w.])\d+m0?s?\b(?= )"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_TEMPORARY = re.compile(r"/tmp/(kustomization|helm|gitrepository|[a-z-]+)-[\w-]*\d+/?")  # noqa: S108 - in messages
_TIMES_OF_HISTORY = (
    "firstReconciled",
    "lastReconciled",
    "lastReconciledDuration",
    "firstDeployed",
    "lastDeployed",
    "totalReconciliations",
    "digest",
    "deleted",
)
_KINDS = (
    *("Namespace", "ConfigMap", "Secret", "ServiceAccount", "Service", "PersistentVolumeClaim"),
    *("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "PodDisruptionBudget", "HorizontalPodAutoscaler"),
    *("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "Ingress", "NetworkPolicy"),
    *("CustomResourceDefinition", *(each.kind for each in KINDS)),
)
_QUIET_SECONDS = 31
_DROPPED = ("Pod", "ReplicaSet", "Event", "ControllerRevision", "Endpoints", "EndpointSlice", "Lease")


def _is_judged(item: Manifest) -> bool:
    conditions = (item.get("status") or {}).get("conditions") or []
    ready = next((each["status"] for each in conditions if each["type"] == "Ready"), None)
    without = item["kind"] in ("Alert", "Provider") or (item.get("spec") or {}).get("suspend")
    return bool(without) or bool(item["metadata"].get("deletionTimestamp")) or ready in ("True", "False")


def _text(message: str) -> str:
    """Return a message without durations, times, temporary folders, and the logs of Helm."""
    plain = _TIME.sub("<time>", _DURATION.sub("<dur>", message.split("\n\nLast Helm logs", maxsplit=1)[0]))
    return _TEMPORARY.sub("", plain).rstrip("\n")


@dataclass
class GoldenRun:
    """The steps of a case.

    Attributes:
        folder: the case.
        work: an empty folder for its repository.
        points: the name of a check to what was seen then: ``objects`` by key, ``events``.

    """

    folder: Path
    work: Path
    points: dict[str, Json] = field(default_factory=dict)
    _commits: list[str] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)

    def run(self) -> dict[str, Json]:
        """Take all steps; return the points."""
        case = json.loads((self.folder / "case.json").read_text())
        expected = json.loads((self.folder / "expected.json").read_text())["points"].values()
        self._kinds = {*_KINDS, *(item["kind"] for point in expected for item in point["objects"].values())}
        self._git = pygit2.init_repository(str(self.work), initial_head="main")
        profile = WorkloadProfile(ready_after=timedelta(seconds=2))
        self._world = World(HelmRenderer(), profile=profile, source=GitSource({case["url"]: self.work}))
        self._world.recorder.subscribe(self._events.append)
        self._apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.folder.name}}, "kubectl")
        for step in case["steps"]:
            self._take(step)
        return self.points

    def _take(self, step: dict[str, Any]) -> None:
        world = self._world
        if "commit" in step:
            self._commit(self.folder / step["commit"])
        elif "tag" in step:
            self._tag(step["tag"], is_annotated=step["annotated"])
        elif "apply" in step:
            for document in yaml.safe_load_all((self.folder / step["apply"]).read_text()):
                if document:
                    self._apply(document, step["manager"], force=step["force"])
        elif "patch" in step:
            self._patch(_key(*step["patch"]), step["merge"], step["manager"])
        elif "delete" in step:
            self._delete(_key(*step["delete"]))
        elif "annotate" in step:
            kind = next(each for each in KINDS if each.kind == step["annotate"])
            marks = {"metadata": {"annotations": {_REQUEST: step[_REQUEST]}}}
            key = ObjectKey(kind.group, kind.kind, step["namespace"], step["name"])
            self._patch(key, marks, "flux-client-side-apply")
        elif "wait_seconds" in step:
            world.run(seconds=step["wait_seconds"])
        elif "settle" in step:
            self._settle()
        elif "check" in step:
            self.points[step["check"]] = self._seen()
        else:
            raise AssertionError(step)

    def _settle(self) -> None:
        """Wait until every object of Flux is ready or not, and nothing has changed for a while."""
        quiet, before = 0, ""
        for _ in range(130):
            self._world.run(seconds=1)
            found = [item for kind in KINDS for item in self._world.cluster.list(kind) if self._is_mine(item)]
            now = json.dumps([[item["metadata"].get("generation"), item.get("status")] for item in found])
            # Dependencies were looked at every five seconds where the cases were recorded, not every thirty.
            quiet, before = quiet + 1 if now == before else 0, now
            if quiet >= _QUIET_SECONDS and all(map(_is_judged, found)):
                return

    def _commit(self, files: Path) -> None:
        number = len(self._commits) + 1
        for path in self.work.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(files, self.work, dirs_exist_ok=True)
        index = self._git.index
        index.clear()
        index.add_all(["*"])
        index.write()
        who = pygit2.Signature("T", "t@example.com", 1767225600 + number, 0)  # from 2026-01-01 on
        parents = [pygit2.Oid(hex=each) for each in self._commits[-1:]]
        made = self._git.create_commit("refs/heads/main", who, who, f"commit {number}\n", index.write_tree(), parents)
        self._commits.append(str(made))

    def _tag(self, name: str, *, is_annotated: bool) -> None:
        target = pygit2.Oid(hex=self._commits[-1])
        if is_annotated:
            who = pygit2.Signature("T", "t@example.com", 1767225600, 0)
            self._git.create_tag(name, target, pygit2.enums.ObjectType.COMMIT, who, "annotated\n")
        else:
            self._git.references.create(f"refs/tags/{name}", target)

    def _apply(self, manifest: Manifest, manager: str, *, force: bool = True) -> None:
        try:
            self._world.cluster.apply(manifest, manager=manager, force=force)
        except NixernetesError:
            return  # a refusal is an answer; what it leads to is what the points show

    def _delete(self, key: ObjectKey) -> None:
        try:
            self._world.cluster.delete(key)
        except NixernetesError:
            return

    def _patch(self, key: ObjectKey, patch: Json, manager: str) -> None:
        live = self._world.cluster.get(key)
        if live is None:
            return
        try:
            self._world.cluster.update(merge_patched(live, patch), manager=manager)
        except NixernetesError:
            return

    def _seen(self) -> Json:
        cluster = self._world.cluster
        found = [item for kind in cluster.kinds() for item in cluster.list(kind) if self._is_mine(item)]
        shown = {_shown_key(item): self._object(item) for item in found}
        events = [
            [f"{each.key.kind}/{each.key.namespace}/{each.key.name}", str(each.type), each.reason, _text(each.message)]
            for each in self._events
            if self._is_ours(each.key.namespace)
        ]
        text = json.dumps({"objects": shown, "events": events})
        for number, commit in enumerate(self._commits, 1):
            text = text.replace(commit, f"<commit-{number}>").replace(commit[:12], f"<commit-{number}>[:12]")
        result: Json = json.loads(text)
        return result

    def _is_ours(self, namespace: str) -> bool:
        return namespace == self.folder.name or namespace.startswith(f"{self.folder.name}-")

    def _is_mine(self, item: Manifest) -> bool:
        meta, kind = item["metadata"], item["kind"]
        namespace = meta.get("namespace") or (meta["name"] if kind == "Namespace" else "")
        if (kind, meta["name"]) in (("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")):
            return False
        if kind in _DROPPED or kind not in self._kinds:
            return False
        return self._is_ours(namespace) if namespace else self.folder.name in meta["name"]

    def _object(self, item: Manifest) -> Json:
        meta = item["metadata"]
        result: dict[str, Json] = {
            "apiVersion": item["apiVersion"],
            "kind": item["kind"],
            "namespace": meta.get("namespace", ""),
            "name": meta["name"],
        }
        marks = {
            name: "<request>" if name == _REQUEST else text
            for name, text in annotations_of(item).items()
            if name not in _HIDDEN
        }
        parts = {"labels": labels_of(item), "annotations": marks, "finalizers": meta.get("finalizers")}
        result |= {name: value for name, value in parts.items() if value}
        if meta.get("ownerReferences"):
            result["ownerReferences"] = [{"kind": r["kind"], "name": r["name"]} for r in meta["ownerReferences"]]
        if meta.get("deletionTimestamp"):
            result["deleting"] = True
        if item["kind"] == "Namespace":
            return {**result, "managers": [], "body": {}}
        # Who fills in statuses of workloads is nobody here; a manager of one server more or less is no difference.
        managers = (
            (each["manager"], each["operation"])
            for each in meta.get("managedFields") or []
            if not each["manager"].startswith("kube-")
        )
        result["managers"] = sorted({f"{name.removeprefix('gotk-')}|{operation}" for name, operation in managers})
        body = {name: value for name, value in item.items() if name not in ("apiVersion", "kind", "metadata", "status")}
        body = manifests.copy(body)
        if item["kind"] == "Service":
            body["spec"].pop("clusterIP", None)
            body["spec"].pop("clusterIPs", None)
        if meta["name"].startswith("sh.helm.release"):
            body.pop("data", None)
            result["labels"] = {name: text for name, text in result["labels"].items() if name != "modifiedAt"}
        result["body"] = body
        if group_kind(item) in KINDS and item.get("status"):
            result["status"] = dict(_status(item["status"]))
        return result


def _status(status: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    for name, value in status.items():
        if name in ("failures", "lastAttemptedReleaseActionDuration") or (name, value) == ("observedGeneration", -1):
            continue
        if name == "conditions":
            rows = ({**row, "message": _text(row["message"])} for row in value)
            yield (
                name,
                sorted(
                    ({key: row[key] for key in row if key != "lastTransitionTime"} for row in rows),
                    key=lambda row: str(row["type"]),
                ),
            )
        elif name == "inventory":
            yield name, [f"{entry['id']}@{entry['v']}" for entry in value.get("entries") or []]
        elif name == "history":
            kept = [{key: each[key] for key in each if key not in _TIMES_OF_HISTORY} for each in value]
            yield name, [_without_times(each) for each in kept]
        elif name == "artifact":
            shown = {"revision": value.get("revision")}
            yield name, {**shown, "metadata": value["metadata"]} if value.get("metadata") else shown
        elif name == "url":
            yield name, "set"
        else:
            yield name, "<request>" if name == "lastHandledReconcileAt" else value


def _without_times(entry: dict[str, Json]) -> dict[str, Json]:
    hooks = entry.get("testHooks")
    if hooks is None:
        return entry
    return {**entry, "testHooks": {name: {"phase": hook["phase"]} for name, hook in hooks.items()}}


def _key(api_version: str, kind: str, namespace: str, name: str) -> ObjectKey:
    return ObjectKey(split_api_version(api_version)[0], kind, namespace or "", name)


def _shown_key(item: Manifest) -> str:
    return f"{item['kind']}/{item['metadata'].get('namespace', '')}/{item['metadata']['name']}"
