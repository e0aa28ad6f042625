"""Parts of pods: eviction, binding, logs; what needs a kubelet is refused, since there is none.

After Kubernetes 1.34.4: ``pkg/registry/core/pod/storage/eviction.go``, ``storage.go`` (``BindingREST``) and
``strategy.go`` (``LogLocation``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from nixernetes.cluster.api import ApiError, Cause, Details, Propagation
from nixernetes.cluster.server.options import DeleteOptions
from nixernetes.cluster.server.parts.insides import PodInsides, PodTunnel
from nixernetes.cluster.server.parts.logs import LogOptions, log_response
from nixernetes.cluster.server.requests import ApiResponse, UrlQuery
from nixernetes.cluster.server.serving import Served, not_found
from nixernetes.cluster.server.writes import preconditions
from nixernetes.objects.fields import at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import NODE, POD, POD_DISRUPTION_BUDGET
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["PodParts", "PodStore"]

_SUCCESS: Final[Manifest] = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
_VIOLATES: Final = "Cannot evict pod as it would violate the pod's disruption budget."
_SPDY: Final = "SPDY/3.1"
_FORWARDING: Final = "portforward.k8s.io"
_SIMULATED: Final = "the pods of this cluster are simulated, nothing runs in them"
_WAIT: Final = 10  # seconds until a budget that was just written is looked at


class PodStore(Protocol):
    """What holds pods."""

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name."""
        ...

    def update(
        self, manifest: Manifest, *, manager: str, subresource: str = "", dry_run: bool = False, tracked: bool = False
    ) -> Manifest:
        """Replace an object, or a part of it."""
        ...

    def delete(
        self, key: ObjectKey, *, propagation: Propagation | None = Propagation.BACKGROUND, grace: int | None = None
    ) -> None:
        """Delete an object."""
        ...

    def place(self, pod: Manifest, placed: Manifest) -> None:
        """Store a pod that got a node."""
        ...

    def now(self) -> str:
        """Return the present."""
        ...


class PodParts:
    """Answers for the parts of pods.

    Args:
        store: the cluster.
        insides: knows what is in pods; None where nothing of it is known.

    """

    def __init__(self, store: PodStore, insides: PodInsides | None = None) -> None:
        self._store = store
        self._insides = insides

    def evict(self, served: Served, eviction: Manifest, *, dry_run: bool) -> Manifest:
        """Delete a pod unless its disruption budget forbids it.

        Raises:
            ApiError: NotFound, TooManyRequests.

        """
        if text_at(eviction, "metadata", "name") != served.name:
            raise ApiError("BadRequest", "name in URL does not match name in Eviction object")
        pod = self.find(served)
        options = mapping_at(eviction, "deleteOptions")
        dry_run = dry_run or bool(items_at(options, "dryRun"))
        phase = text_at(pod, "status", "phase")
        if phase not in ("Succeeded", "Failed", "Pending") and not at(pod, "metadata", "deletionTimestamp"):
            self._spend(pod, dry_run=dry_run)
        grace = at(options, "gracePeriodSeconds")
        told = DeleteOptions.read(UrlQuery(), {"preconditions": mapping_at(options, "preconditions")})
        preconditions.check_deletion(served, pod, told)
        if not dry_run:
            self._store.place(pod, _evicted(pod, self._store.now()))
            self._store.delete(served.key, grace=grace if isinstance(grace, int) else None)
        return _SUCCESS

    def _spend(self, pod: Manifest, *, dry_run: bool) -> None:
        """Take one disruption from the budget of a pod."""
        budgets = [each for each in self._store.rows(POD_DISRUPTION_BUDGET).values() if _covers(each, pod)]
        if not budgets:
            return
        if len(budgets) > 1:
            why = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            raise ApiError("InternalError", why, code=500)
        budget = budgets[0]
        name, status = budget["metadata"]["name"], mapping_at(budget, "status")
        if number_at(status, "observedGeneration") < number_at(budget, "metadata", "generation"):
            told = f"The disruption budget {name} is still being processed by the server."
            raise _refused(told, retry_after=_WAIT)
        allowed = number_at(status, "disruptionsAllowed")
        if allowed <= 0:
            wanted, now = number_at(status, "desiredHealthy"), number_at(status, "currentHealthy")
            raise _refused(f"The disruption budget {name} needs {wanted} healthy pods and has {now} currently")
        if not dry_run:
            gone = {**mapping_at(status, "disruptedPods"), pod["metadata"]["name"]: self._store.now()}
            new = {**budget, "status": {**status, "disruptionsAllowed": allowed - 1, "disruptedPods": gone}}
            self._store.update(new, manager="kube-apiserver", subresource="status")

    def bind(self, served: Served, binding: Manifest, *, dry_run: bool) -> Manifest:
        """Place a pod on a node, as the store does it, which notes no owner (``assignPod``).

        Raises:
            ApiError: NotFound, Conflict, BadRequest.

        """
        if text_at(binding, "metadata", "name") != served.name:
            raise ApiError("BadRequest", "name in URL does not match name in Binding object")
        wrong = _wrong_target(mapping_at(binding, "target"))
        if wrong:
            raise ApiError("", wrong, code=500)
        pod = self.find(served)
        node, present = text_at(binding, "target", "name"), text_at(pod, "spec", "nodeName")
        why = ""
        if at(pod, "metadata", "deletionTimestamp"):
            why = f"pod {served.name} is being deleted, cannot be assigned to a host"
        elif present:
            why = f'pod {served.name} is already assigned to node "{present}"'
        elif objects_at(pod, "spec", "schedulingGates"):
            why = f"pod {served.name} has non-empty .spec.schedulingGates"
        if why:
            message = f'Operation cannot be fulfilled on pods/binding "{served.name}": {why}'
            details = Details(name=served.name, kind="pods/binding")
            raise ApiError("Conflict", message, details=details)
        if not dry_run:
            self._store.place(pod, _placed(pod, binding, node, self._store.now()))
        return _SUCCESS

    def connect(self, served: Served, headers: Mapping[str, str], query: UrlQuery) -> ApiResponse:
        """Lead to the ports of a pod that stands for a program of this process; refuse what needs a kubelet.

        A client that would rather speak SPDY inside of WebSockets is refused, and falls back to SPDY alone.

        Raises:
            ApiError: in all other cases.

        """
        pod = self.find(served)
        if served.target.subresource == "portforward" and self._insides is not None and self._insides.knows(pod):
            if headers.get("upgrade", "").lower() != _SPDY.lower():
                raise ApiError("BadRequest", "Upgrade request required")
            told = (("Connection", "Upgrade"), ("Upgrade", _SPDY), ("X-Stream-Protocol-Version", _FORWARDING))
            return ApiResponse(status=101, headers=told, tunnel=PodTunnel(self._insides, pod))
        if served.target.subresource == "proxy":
            raise ApiError("BadRequest", "address not allowed")
        if served.target.subresource != "portforward":
            _container(served, pod, query.text("container"))
        if not text_at(pod, "spec", "nodeName"):
            raise ApiError("BadRequest", f"pod {served.name} does not have a host assigned")
        self._check_node(pod)
        raise ApiError("NotImplemented", f"{served.target.subresource}: {_SIMULATED}", code=501)

    def log(self, served: Served, query: UrlQuery) -> ApiResponse:
        """Return the log of a container.

        Raises:
            ApiError: NotFound, BadRequest, Invalid.

        """
        pod = self.find(served)
        key = ObjectKey("", "PodLogOptions", served.namespace, served.name)
        options = LogOptions.read(query, key, datetime.fromisoformat(self._store.now()))
        container = _container(served, pod, options.container)
        log = self._insides.log(pod, container) if self._insides is not None else None
        if log is not None:
            if options.is_previous:
                told = f'previous terminated container "{container}" in pod "{served.name}" not found'
                raise ApiError("BadRequest", told)
            return log_response(log, options)
        if not text_at(pod, "spec", "nodeName"):
            return ApiResponse(status=204, content_type="text/plain")
        self._check_node(pod)
        raise ApiError("NotImplemented", f"log: {_SIMULATED}", code=501)

    def _check_node(self, pod: Manifest) -> None:
        """Refuse a pod on a node that is not there, which a server tells as a pod."""
        node = text_at(pod, "spec", "nodeName")
        if ("", node) not in self._store.rows(NODE):
            raise ApiError("NotFound", f'pods "{node}" not found', details=Details(name=node, kind="pods"))

    def find(self, served: Served) -> Manifest:
        """Return the pod.

        Raises:
            ApiError: NotFound.

        """
        found = self._store.rows(POD).get((served.namespace, served.name))
        if found is None:
            raise not_found(served)
        return found


def _wrong_target(target: Manifest) -> str:
    """Return what is wrong with the target of a binding, or ``""`` (``ValidatePodBinding``)."""
    found = []
    kind = text_at(target, "kind")
    if kind not in ("", "Node"):
        found.append(f'target.kind: Unsupported value: "{kind}": supported values: "Node", "<empty>"')
    if not text_at(target, "name"):
        found.append("target.name: Required value")
    return found[0] if len(found) == 1 else f"[{', '.join(found)}]" if found else ""


def _evicted(pod: Manifest, now: str) -> Manifest:
    """Return a pod that says that it was evicted."""
    condition: Json = {
        "lastProbeTime": None,
        "lastTransitionTime": now,
        "message": "Eviction API: evicting",
        "reason": "EvictionByEvictionAPI",
        "status": "True",
        "type": "DisruptionTarget",
    }
    return {
        **pod,
        "status": {**mapping_at(pod, "status"), "conditions": [*_others(pod, "DisruptionTarget"), condition]},
    }


def _others(pod: Manifest, kind: str) -> list[Manifest]:
    """Return the conditions of a pod of all types but one."""
    return [each for each in objects_at(pod, "status", "conditions") if text_at(each, "type") != kind]


def _placed(pod: Manifest, binding: Manifest, node: str, now: str) -> Manifest:
    """Return a pod on its node, with the annotations of what placed it."""
    placed: Json = {"lastProbeTime": None, "lastTransitionTime": now, "status": "True", "type": "PodScheduled"}
    meta = dict(pod["metadata"])
    told = mapping_at(binding, "metadata", "annotations")
    if told:
        meta["annotations"] = {**mapping_at(meta, "annotations"), **told}
    status = {**mapping_at(pod, "status"), "conditions": [*_others(pod, "PodScheduled"), placed]}
    return {**pod, "metadata": meta, "spec": {**mapping_at(pod, "spec"), "nodeName": node}, "status": status}


def _covers(budget: Manifest, pod: Manifest) -> bool:
    """Tell whether a budget is about a pod: an empty selector is about all pods of its namespace."""
    if budget["metadata"].get("namespace") != pod["metadata"].get("namespace"):
        return False
    told = at(budget, "spec", "selector")
    return isinstance(told, dict) and matches(told, labels_of(pod))


def _container(served: Served, pod: Manifest, wanted: str) -> str:
    """Return the container of a pod that a request means: the only one, unless it names one (``validateContainer``)."""
    spec = mapping_at(pod, "spec")
    parts = ("initContainers", "containers", "ephemeralContainers")
    known = [text_at(each, "name") for part in parts for each in objects_at(spec, part)]
    if wanted and wanted not in known:
        raise ApiError("BadRequest", f"container {wanted} is not valid for pod {served.name}")
    mains = objects_at(spec, "containers")
    if not wanted and len(mains) != 1:
        choice = f", choose one of: [{' '.join(known)}]" if mains else ""
        raise ApiError("BadRequest", f"a container name must be specified for pod {served.name}{choice}")
    return wanted or text_at(mains[0], "name")


def _refused(why: str, *, retry_after: int = 0) -> ApiError:
    details = Details(causes=(Cause("DisruptionBudget", why),))
    return ApiError("TooManyRequests", _VIOLATES, details=details, retry_after=retry_after, code=429)
