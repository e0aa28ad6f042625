"""Nobody grants more than they have (kubernetes v1.34.4, ``pkg/registry/rbac/escalation_check.go`` and policybased)."""

from __future__ import annotations

import json
from typing import Final

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.rules import missing, shown
from nixernetes.cluster.access.users import User
from nixernetes.cluster.api import ApiError, Details
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["check_escalation"]


def check_escalation(
    authorizer: Authorizer, user: User, manifest: Manifest, live: Manifest | None, resource: str
) -> None:
    """Refuse a role or a binding that grants what its writer does not have.

    Args:
        authorizer: knows what the writer has.
        user: the writer.
        manifest: the role or the binding as it would be stored.
        live: what it replaces; None for a new one.
        resource: its resource.

    Raises:
        ApiError: Forbidden; NotFound, the role that is bound is not there.

    """
    if user.is_administrator or (live is not None and _kept(live) == _kept(manifest)):
        return
    meta = manifest["metadata"]
    namespace, name = text_at(meta, "namespace"), text_at(meta, "name")
    if resource in ("roles", "clusterroles"):
        wish = Attributes(user=user, verb="escalate", group=RBAC, resource=resource, namespace=namespace, name=name)
        if authorizer.decide(wish).allowed:
            return
        granted = objects_at(manifest, "rules")
    else:
        reference = mapping_at(manifest, "roleRef")
        kind = "roles" if text_at(reference, "kind") == "Role" else "clusterroles"
        role = text_at(reference, "name")
        wish = Attributes(user=user, verb="bind", group=RBAC, resource=kind, namespace=namespace, name=role)
        if authorizer.decide(wish).allowed:
            return
        found = authorizer.role_rules(reference, namespace)
        if found is None:
            details = Details(name=role, group=RBAC, kind=kind)
            raise ApiError("NotFound", f'{kind}.{RBAC} "{role}" not found', details=details)
        granted = found
    held = authorizer.rules_of(user, namespace)
    lacking = missing(held, granted)
    if lacking:
        groups = json.dumps(list(user.groups), separators=(" ", ": "))
        told = "\n".join(sorted(shown(rule) for rule in lacking))
        who = f'user "{user.name}" (groups={groups})'
        raise _forbidden(name, resource, f"{who} is attempting to grant RBAC permissions not currently held:\n{told}")
    gathers = any(each is not None and mapping_at(each, "aggregationRule") for each in (manifest, live))
    if gathers and missing(held, _EVERYTHING):
        raise _forbidden(name, resource, "must have cluster-admin privileges to use the aggregationRule")


def _kept(manifest: Manifest) -> Manifest:
    """Return what of an object is not there for garbage collection alone."""
    meta = {name: value for name, value in manifest["metadata"].items() if name not in _COLLECTED}
    return {**manifest, "metadata": meta}


def _forbidden(name: str, resource: str, why: str) -> ApiError:
    details = Details(name=name, group=RBAC, kind=resource)
    return ApiError("Forbidden", f'{resource}.{RBAC} "{name}" is forbidden: {why}', details=details)


_COLLECTED: Final = ("finalizers", "managedFields", "ownerReferences", "resourceVersion")
_EVERYTHING: Final = (
    {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
    {"verbs": ["*"], "nonResourceURLs": ["*"]},
)
