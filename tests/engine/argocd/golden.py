"""Runs a recorded case of the real controllers on the embedded ones, and tells what each of its snapshots shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from tests.engine.argocd.conftest import Plane

from nixernetes.languages.merges import merge_patched
from nixernetes.objects import manifest as manifests, yamls
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["GoldenRun", "compact"]

_GROUPS = {"Application": "argoproj.io", "ApplicationSet": "argoproj.io", "Deployment": "apps"}
_DROPPED = ("Pod", "ReplicaSet", "Event", "ControllerRevision", "Endpoints", "EndpointSlice", "Lease")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec: {replicas: 1, selector: {matchLabels: {a: %s}},"
    " template: {metadata: {labels: {a: %s}}, spec: {containers: [{name: c, image: nginx}]}}}\n---\n"
)


def _config_map(name: str, annotations: str = "", ns: str = "", data: str = "k: v", labels: str = "") -> str:
    meta = [f"name: {name}"]
    meta += [f"namespace: {ns}"] if ns else []
    meta += [f"labels: {{{labels}}}"] if labels else []
    meta += [f"annotations: {{{annotations}}}"] if annotations else []
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{{', '.join(meta)}}}\ndata: {{{data}}}\n---\n"


@dataclass
class GoldenRun:
    """The steps of a case, by the names that its ``steps.txt`` uses.

    Attributes:
        folder: the case.
        plane: a control plane with the tools that the cases need.
        shots: label to what was seen.

    """

    folder: Path
    plane: Plane
    shots: dict[str, Json] = field(default_factory=dict)
    _files: dict[str, bytes] = field(default_factory=dict)

    @property
    def case(self) -> str:
        """Its name."""
        return self.folder.name

    @property
    def method(self) -> str:
        """The way in which objects are tracked, which the names of some cases say."""
        return {"annotation": "annotation", "label": "label", "annotationlabel": "annotation+label"}[self.case[3:]]

    def run(self) -> dict[str, Json]:
        """Commit the repository, apply what starts it, and do the steps."""
        root = self.folder / "repo"
        self._files = {
            str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
        }
        self._push()
        texts = [path.read_bytes() for path in sorted(root.glob("argocd/*.yaml"))]
        started = [doc.data for text in texts for doc in yamls.parse_all(text) if doc.data]
        self._apply(sorted(started, key=lambda obj: group_kind(obj) != APP_PROJECT))
        _perform(self, (self.folder / "steps.txt").read_text())
        return self.shots

    def snap(self, label: str) -> None:
        """Wait until nothing moves, and note what there is."""
        self.plane.runtime.run_due()
        self.plane.settle()
        self.plane.run(20)
        self.shots[label] = _normal(self._seen())

    def commit(self, files: Json) -> None:
        """Change files, and let everything look."""
        for path, text in files.items():
            if text is None:
                self._files = {p: t for p, t in self._files.items() if p != path and not p.startswith(path + "/")}
            else:
                self._files[path] = self._named(text).encode()
        self._push()
        self.refresh()

    def refresh(self, level: str = "normal") -> None:
        """Ask every Application and ApplicationSet to look again."""
        for kind, name, value in (
            (APPLICATION, "argocd.argoproj.io/refresh", level),
            (APPLICATION_SET, "argocd.argoproj.io/application-set-refresh", "true"),
        ):
            for found in self.plane.api.list(kind):
                self._patch(found, {"metadata": {"annotations": {name: value}}}, "argocd-server")

    def patch(self, kind: str, ns: str, name: str, merge: Json, manager: str = "kubectl-patch") -> None:
        """Merge a patch into an object."""
        found = self.plane.api.get(ObjectKey(_GROUPS.get(kind, ""), kind, self._named(ns), self._named(name)))
        assert found is not None
        self._patch(found, merge, manager)

    def delete(self, kind: str, ns: str, name: str) -> None:
        """Delete an object."""
        self.plane.api.delete(ObjectKey(_GROUPS.get(kind, ""), kind, self._named(ns), self._named(name)))

    def apply(self, text: str) -> None:
        """Apply documents."""
        self._apply([doc.data for doc in yamls.parse_all(self._named(text)) if doc.data])

    def op(self, name: str, sync: Json) -> None:
        """Ask for a sync as the API server of Argo CD does."""
        found = manifests.copy(self.plane.app(self._named(name)))
        found["operation"] = {"sync": sync}
        (found.get("status") or {}).pop("operationState", None)
        self.plane.api.update(found, manager="argocd-server")

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self.plane.run(seconds)

    def _push(self) -> None:
        self.plane.source.commit(f"https://git.example.com/{self.case}", dict(self._files))

    def _named(self, text: str) -> str:
        return text.replace("$URL", f"https://git.example.com/{self.case}").replace("$N", self.case)

    def _apply(self, objects: Iterable[Manifest]) -> None:
        for obj in objects:
            meta = {"namespace": "argocd", **obj["metadata"]} if group_kind(obj) == APPLICATION else obj["metadata"]
            self.plane.api.apply({**obj, "metadata": meta}, manager="kubectl", force=True)

    def _patch(self, found: Manifest, merge: Json, manager: str) -> None:
        self.plane.api.update(merge_patched(found, merge), manager=manager)

    def _seen(self) -> Json:
        api = self.plane.api
        apps = {found["metadata"]["name"]: _application(found) for found in api.list(APPLICATION)}
        sets = {found["metadata"]["name"]: _set(found) for found in api.list(APPLICATION_SET)}
        kinds = {group_kind(obj) for obj in api.written()}
        objects = {}
        for kind in sorted(kinds):
            for obj in api.list(kind):
                if _is_recorded(kind, obj):
                    key = key_of(obj)
                    objects[f"{key.kind}/{key.namespace}/{key.name}"] = _object(obj)
        return {"apps": apps, "sets": sets, "objects": objects}


def _perform(run: GoldenRun, text: str) -> None:
    """Do the steps, which are Python with a run called ``s``: a function, a lambda, or one call."""
    names: Json = {"s": run, "cm": _config_map, "DEP": _DEPLOYMENT}
    text = dedent(text).strip()
    if text.startswith("def "):
        exec(text, names)  # noqa: S102 - the steps are ours
        next(value for name, value in names.items() if re.fullmatch(r"c\d+", name))(run)
        return
    calls = [text[found.start() :] for found in re.finditer(r"\bs\.\w+\(", text)]
    for call in calls:
        eval(_balanced(call), names)  # noqa: S307 - the steps are ours


def _balanced(text: str) -> str:
    """Return the call at the beginning of a text: a lambda of several may miss its last parenthesis."""
    for end in (found.end() for found in re.finditer(r"\)", text)):
        try:
            compile(text[:end], "steps.txt", "eval")
        except SyntaxError:
            continue
        return text[:end]
    return text


def _is_recorded(kind: GroupKind, obj: Manifest) -> bool:
    key = key_of(obj)
    if kind.group == "argoproj.io" or kind.kind in _DROPPED or key.namespace in ("argocd", "default", "kube-system"):
        return False
    if kind.kind == "Namespace":
        return key.name not in ("argocd", "default", "kube-system", "kube-public", "kube-node-lease")
    return (key.kind, key.name) not in (("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default"))


def _object(obj: Manifest) -> Json:
    meta = obj["metadata"]
    notes = {k: v for k, v in annotations_of(obj).items() if k != "kubectl.kubernetes.io/last-applied-configuration"}
    labels = {k: v for k, v in labels_of(obj).items() if k != "kubernetes.io/metadata.name"}
    found: Json = {"labels": labels, "annotations": notes}
    if meta.get("finalizers"):
        found["finalizers"] = meta["finalizers"]
    if meta.get("ownerReferences"):
        found["owners"] = [f"{item['kind']}/{item['name']}" for item in meta["ownerReferences"]]
    spec = obj.get("spec") or {}
    if obj["kind"] in ("ConfigMap", "Secret"):
        found["data"] = obj.get("data") or {}
    elif obj["kind"] in ("Deployment", "StatefulSet"):
        containers = spec["template"]["spec"]["containers"]
        kept = ("name", "image", "env", "resources", "command", "args")
        shown = [{name: one[name] for name in kept if one.get(name)} for one in containers]
        found["spec"] = {"containers": shown, "replicas": spec.get("replicas")}
    elif obj["kind"] == "Service":
        found["spec"] = {name: spec.get(name) for name in ("ports", "selector", "type")}
    return found


def compact(spec: Json) -> Json:
    """Return a spec without what says nothing: the controllers write it back as Go does, without empty values."""
    if isinstance(spec, list):
        return [compact(item) for item in spec]
    if not isinstance(spec, dict):
        return spec
    return {name: compact(value) for name, value in spec.items() if value not in (None, "", 0, False, [])}


def _application(app: Manifest) -> Json:
    meta, status = app["metadata"], app.get("status") or {}
    state = status.get("operationState")
    result = (state or {}).get("syncResult") or {}
    sync = status.get("sync") or {}
    return {
        "labels": dict(labels_of(app)),
        "annotations": {
            name: value
            for name, value in annotations_of(app).items()
            if name != "kubectl.kubernetes.io/last-applied-configuration"
        },
        "finalizers": meta.get("finalizers") or [],
        "owners": [f"{item['kind']}/{item['name']}" for item in meta.get("ownerReferences") or []],
        "deleting": bool(meta.get("deletionTimestamp")),
        "spec": compact(app["spec"]),
        "sync": sync.get("status"),
        "health": (status.get("health") or {}).get("status"),
        "conditions": [{n: item[n] for n in ("message", "type")} for item in status.get("conditions") or []],
        "sourceType": status.get("sourceType"),
        "sourceTypes": status.get("sourceTypes"),
        "images": (status.get("summary") or {}).get("images"),
        "history": len(status.get("history") or []),
        "revision": bool(sync.get("revision") or sync.get("revisions")),
        "resources": [
            {"health": None, **{name: value for name, value in row.items() if name != "version"}}
            for row in status.get("resources") or []
        ],
        "operation": None if state is None else _operation(state, result),
    }


def _operation(state: Json, result: Json) -> Json:
    asked = (state.get("operation") or {}).get("sync") or {}
    names = ("group", "kind", "namespace", "name", "status", "message", "hookPhase", "hookType", "syncPhase")
    rows = [{name: row[name] for name in names if row.get(name)} for row in result.get("resources") or []]
    order = ("syncPhase", "kind", "namespace", "name")
    return {
        "phase": state.get("phase"),
        "message": state.get("message"),
        "retryCount": state.get("retryCount") or 0,
        "automated": bool(((state.get("operation") or {}).get("initiatedBy") or {}).get("automated")),
        "sync": {n: v for n, v in asked.items() if n not in ("revision", "revisions", "source", "sources")},
        "results": sorted(rows, key=lambda row: [row.get(name) or "" for name in order]),
        "namespaceMeta": result.get("managedNamespaceMetadata"),
    }


def _set(found: Manifest) -> Json:
    status = found.get("status") or {}
    return {
        "conditions": [
            {name: item[name] for name in ("message", "reason", "status", "type")}
            for item in status.get("conditions") or []
        ],
        "resources": [
            {
                "health": (row.get("health") or {}).get("status"),
                **{name: row[name] for name in ("kind", "name", "namespace", "status") if row.get(name)},
            }
            for row in status.get("resources") or []
        ],
    }


def _normal(value: Json) -> Json:
    """Return what is seen without what no two runs share: commits, moments, identities."""
    text = json.dumps(value)
    text = re.sub(r"\b[0-9a-f]{40}\b", "<sha>", text)
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>", text)
    return json.loads(_TIME.sub("<time>", text))
