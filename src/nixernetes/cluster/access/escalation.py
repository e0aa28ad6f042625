"""Nobody grants more than they have (kubernetes v1.34.4, ``pkg/registry/rbac/escalation_check.go`` and policybased)."""

from __future__ import annotations

import json

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.rules import missing, shown
from nixernetes.cluster.access.users import User
from nixernetes.cluster.api import ApiError, Details
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["check_escalation"]


def check_escalation(authorizer: Authorizer, user: User, manifest: Manifest, resource: str) -> None:
    """Refuse a role or a binding that grants what its writer does not have.

    Args:
        authorizer: knows what the writer has.
        user: the writer.
        manifest: the role or the binding.
        resource: its resource.

    Raises:
        ApiError: Forbidden.

    """
    if user.is_administrator:
        return
    meta = manifest["metadata"]
    namespace, name = text_at(meta, "namespace"), text_at(meta, "name")
    if resource in ("roles", "clusterroles"):
        wish = Attributes(user=user, verb="escalate", group=RBAC, resource=resource, namespace=namespace, name=name)
        granted = objects_at(manifest, "rules")
    else:
        reference = mapping_at(manifest, "roleRef")
        kind = "roles" if text_at(reference, "kind") == "Role" else "clusterroles"
        role = text_at(reference, "name")
        wish = Attributes(user=user, verb="bind", group=RBAC, resource=kind, namespace=namespace, name=role)
        granted = authorizer.role_rules(reference, namespace) or []
    if authorizer.decide(wish).allowed:
        return
    lacking = missing(authorizer.rules_of(user, namespace), granted)
    if not lacking:
        return
    groups = json.dumps(list(user.groups), separators=(" ", ": "))
    told = "\n".join(sorted(shown(rule) for rule in lacking))
    why = f'user "{user.name}" (groups={groups}) is attempting to grant RBAC permissions not currently held:\n{told}'
    details = Details(name=name, group=RBAC, kind=resource)
    raise ApiError("Forbidden", f'{resource}.{RBAC} "{name}" is forbidden: {why}', details=details)
