"""What ``kubectl auth reconcile`` says of roles and bindings, which Argo CD runs before it applies them.

The rule is ``rbacReconcile`` of ``pkg/utils/kube/resource_ops.go`` in Argo CD 3.5's gitops-engine; the words are those
of ``pkg/cmd/auth/reconcile.go`` in kubectl.
"""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.manifest import Json, Manifest, canonical

__all__ = ["reconciled"]

_VERSION = "rbac.authorization.k8s.io/v1"
_PARTS = {"Role": "rules", "ClusterRole": "rules", "RoleBinding": "subjects", "ClusterRoleBinding": "subjects"}
_WORDS = {"rules": ("missing rules added", "extra rules removed")}
_WORDS["subjects"] = ("missing subjects added", "extra subjects removed")
_RULE = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
_SUBJECT = ("kind", "apiGroup", "name", "namespace")


def reconciled(live: Manifest | None, target: Manifest, name: str) -> str:
    """Return what is said of a role or a binding; ``""`` of any other object.

    Args:
        live: the object that is there.
        target: the object that is wanted.
        name: how kubectl names it.

    """
    part = _PARTS.get(text_at(target, "kind"))
    if part is None or text_at(target, "apiVersion") != _VERSION:
        return ""
    wanted, held = items_at(target, part), items_at(live or {}, part)
    missing, extra = _without(wanted, held), _without(held, wanted)
    if live is None:
        lines = ["reconciliation required create"]
    elif target.get("roleRef") != live.get("roleRef"):
        lines = ["reconciliation required recreate"]
    elif missing or extra:
        lines = ["reconciliation required update"]
    else:
        return f"{name} reconciled"
    for head, items in zip(_WORDS[part], (missing, extra), strict=True):
        if items:
            lines += [f"\t{head}:", *(f"\t\t{_shown(item, part)}" for item in items)]
    return f"{name} reconciled. " + "\n".join(lines)


def _without(items: Sequence[Json], others: Sequence[Json]) -> list[Json]:
    known = {canonical(other) for other in others}
    return [item for item in items if canonical(item) not in known]


def _shown(item: Json, part: str) -> str:
    """Write a rule or a subject as Go's ``%+v`` does."""
    if part == "subjects":
        return "{" + " ".join(f"{_go(word)}:{text_at(item, word)}" for word in _SUBJECT) + "}"
    return "{" + " ".join(f"{_go(word)}:[{' '.join(map(str, items_at(item, word)))}]" for word in _RULE) + "}"


def _go(word: str) -> str:
    return "APIGroup" + word[8:] if word.startswith("apiGroup") else word[0].upper() + word[1:]
