"""Kyverno's policies at admission: those that the cluster holds are asked about every object that somebody writes.

Mutations come first, and what policies generate is written after the object. An enforced policy that is not kept
refuses the write, in the words of Kyverno's webhooks (kyverno/kyverno ``pkg/webhooks/utils/block.go``,
``pkg/webhooks/resource/vpol/handler.go``); what was wrong before an update and still is, is let be. What asks for
something that nobody can answer here refuses nothing. As it is installed by default, Kyverno is not asked about its own
namespace and those of Kubernetes, nor about what controllers of Kubernetes make.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml

from nixernetes.cluster.admission.surroundings import PolicyStore, surroundings
from nixernetes.cluster.api import ApiError
from nixernetes.kyverno.engine.admission.enforcement import is_enforced
from nixernetes.kyverno.engine.admission.kinds import EXCEPTIONS, FILTERED_NAMESPACES, GENERATING, JUDGING
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.evaluation import Judgement, PolicySet
from nixernetes.objects.api_groups import KYVERNO
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Manifest

__all__ = ["KyvernoAdmission", "is_filtered"]

_FILTERED_KINDS: Final = (
    *("Event", "Node", "APIService", "TokenReview", "SubjectAccessReview", "ReplicaSet"),
    *("PolicyReport", "ClusterPolicyReport"),
)
_SYSTEM: Final = ("kube-apiserver", "kube-controller-manager", "kubelet")
_WRONG: Final = ("fail", "error")


class KyvernoAdmission:
    """The policies of one cluster; they are compiled when one of them has changed.

    Args:
        store: the cluster.

    """

    def __init__(self, store: PolicyStore) -> None:
        self._store = store
        self._policies: PolicySet | None = None
        self._is_stale = False
        self._around = surroundings(store)
        self._labels = self._around.namespace_labels

    def note(self, kind: GroupKind) -> None:
        """Take note that an object of a kind was written or deleted."""
        if kind in JUDGING or kind in GENERATING or kind in EXCEPTIONS:
            self._is_stale = True

    def admitted(
        self, manifest: Manifest, live: Manifest | None, key: ObjectKey, manager: str
    ) -> tuple[Manifest, list[Manifest]]:
        """Return an object as the policies change it, and the objects that they make beside it.

        Args:
            manifest: what is to be stored.
            live: what it replaces; None for a new object.
            key: who it is.
            manager: who writes it.

        Raises:
            ApiError: an enforced policy refuses it.

        """
        policies = self._compiled()
        if policies is None or manager in _SYSTEM or is_filtered(key):
            return manifest, []
        operation = "CREATE" if live is None else "UPDATE"
        asked = Request(manifest=manifest, old=live, operation=operation, namespace=key.namespace)
        answer = policies.admitted(asked)
        wrong = [each for each in answer.judgements if self._refuses(each, key)]
        if wrong and live is not None:
            wrong = [*self._new(wrong, policies, live, key)]
        if wrong:
            raise ApiError("", _words(wrong, key), subject=str(key))
        return answer.manifest, [made for each in answer.judgements for made in each.row.generated]

    def _compiled(self) -> PolicySet | None:
        if self._is_stale:
            self._is_stale = False
            given = [each for kind in (*JUDGING, *GENERATING) for each in self._store.list(kind)]
            exceptions = [each for kind in EXCEPTIONS for each in self._store.list(kind)]
            around = self._around
            self._policies = PolicySet(given, exceptions=exceptions, around=around) if given else None
        return self._policies

    def _refuses(self, judged: Judgement, key: ObjectKey) -> bool:
        row = judged.row
        if row.result not in _WRONG or row.not_given or row.message.startswith("not evaluated"):
            return False
        if row.result == "error" and _failure_policy(judged.policy) == "Ignore":
            return False
        return is_enforced(judged.policy, row.rule, key.namespace, self._labels.get(key.namespace, {}))

    def _new(self, wrong: list[Judgement], policies: PolicySet, live: Manifest, key: ObjectKey) -> Iterator[Judgement]:
        """Yield what was not wrong before; of the newer kinds, all (``allowExistingViolations``)."""
        before = policies.admitted(Request(manifest=live, namespace=key.namespace)).judgements
        known = {(id(each.policy), each.row.rule, each.row.result) for each in before}
        for each in wrong:
            allows = text_at(each.policy, "kind") in ("ClusterPolicy", "Policy") and _allows_existing(each)
            if not allows or (id(each.policy), each.row.rule, each.row.result) not in known:
                yield each


def is_filtered(key: ObjectKey) -> bool:
    """Tell whether Kyverno is not asked about an object, as it is installed by default."""
    space = key.name if key.group_kind == NAMESPACE else key.namespace
    return space in FILTERED_NAMESPACES or key.kind in _FILTERED_KINDS or key.group.endswith(KYVERNO)


def _failure_policy(policy: Manifest) -> str:
    spec = mapping_at(policy, "spec")
    return text_at(spec, "webhookConfiguration", "failurePolicy") or text_at(spec, "failurePolicy") or "Fail"


def _allows_existing(judged: Judgement) -> bool:
    plain = judged.row.rule.removeprefix("autogen-").removeprefix("cronjob-")
    return not any(
        text_at(each, "name") in (judged.row.rule, plain)
        and mapping_at(each, "validate").get("allowExistingViolations") is False
        for each in objects_at(judged.policy, "spec", "rules")
    )


def _words(wrong: list[Judgement], key: ObjectKey) -> str:
    """Return what the API server says; the first webhook that refuses ends the request."""
    ruled = [each for each in wrong if text_at(each.policy, "kind") in ("ClusterPolicy", "Policy")]
    told = ruled or wrong
    ending = "ignore" if all(_failure_policy(each.policy) == "Ignore" for each in told) else "fail"
    if ruled:
        failures: dict[str, dict[str, str]] = {}
        for each in ruled:
            name = text_at(each.policy, "metadata", "name")
            failures.setdefault(name, {})[each.row.rule] = each.row.message
        text = yaml.dump(failures, Dumper=yaml.CSafeDumper, default_flow_style=False, allow_unicode=True)
        place = f"{key.kind}/{key.namespace}/{key.name}"
        denied = f"\n\nresource {place} was blocked due to the following policies \n\n{text}"
        return f'admission webhook "validate.kyverno.svc-{ending}" denied the request: {denied}'
    words = (
        f"Policy {text_at(each.policy, 'metadata', 'name')} "
        f"{'failed' if each.row.result == 'fail' else 'error'}: {each.row.message}"
        for each in told
    )
    return f'admission webhook "vpol.validate.kyverno.svc-{ending}" denied the request: {"; ".join(words)}'
