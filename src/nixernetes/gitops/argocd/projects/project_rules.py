"""What the API of Argo CD refuses in an AppProject (section 3.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from nixernetes.objects.fields import at, items_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, canonical

__all__ = ["problems"]

_ROLE = re.compile(r"[A-Za-z0-9]([-_A-Za-z0-9]*[A-Za-z0-9])?\Z")
# What tells the items of a list apart: some of their fields, or all that they hold.
_TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "sourceRepos": (),
    "destinations": (),
    "roles": ("name",),
    "syncWindows": ("kind", "schedule", "duration", "timeZone", "applications", "namespaces", "clusters"),
    "destinationServiceAccounts": ("server", "namespace"),
}
_RESOURCES = ("applications", "applicationsets", "repositories", "clusters", "logs", "exec")


def problems(project: str, spec: Manifest) -> Iterator[str]:
    """Yield what is wrong with a project's ``spec``, field first."""
    yield from _duplicates(spec)
    for field in ("sourceRepos", "sourceNamespaces"):
        if "!*" in items_at(spec, field):
            yield f"{field}: '!*' denies everything: leave the list empty instead"
    for index, item in enumerate(objects_at(spec, "destinations")):
        for field in ("server", "name", "namespace"):
            if text_at(item, field) == "!*":
                yield f"destinations[{index}].{field}: '!*' is not a valid pattern: name what is denied"
    for index, account in enumerate(objects_at(spec, "destinationServiceAccounts")):
        if any("!" in text_at(account, field) for field in ("server", "namespace", "defaultServiceAccount")):
            yield f"destinationServiceAccounts[{index}]: '!' is not allowed: name what is meant"
    for index, role in enumerate(objects_at(spec, "roles")):
        yield from _role(project, f"roles[{index}]", role)
    for index, window in enumerate(objects_at(spec, "syncWindows")):
        yield from _window(f"syncWindows[{index}]", window)


def _duplicates(spec: Manifest) -> Iterator[str]:
    for field, told_by in _TOLD_BY.items():
        index = _repeated([at(item, part) for part in told_by] or item for item in items_at(spec, field))
        if index is not None:
            yield f"{field}[{index}]: is there twice: remove one"


def _repeated(items: Iterable[Json]) -> int | None:
    seen: set[bytes] = set()
    for index, item in enumerate(items):
        key = canonical(item)
        if key in seen:
            return index
        seen.add(key)
    return None


def _role(project: str, where: str, role: Manifest) -> Iterator[str]:
    name = text_at(role, "name")
    if not _ROLE.match(name):
        yield f"{where}.name: {name!r}: must be letters, digits, - and _, with a letter or digit at both ends"
    for field in ("policies", "groups"):
        index = _repeated(items_at(role, field))
        if index is not None:
            yield f"{where}.{field}[{index}]: is there twice: remove one"
    for index, policy in enumerate(items_at(role, "policies")):
        problem = _policy(project, name, str(policy))
        if problem:
            yield f"{where}.policies[{index}]: {policy!r}: {problem}"


def _policy(project: str, role: str, policy: str) -> str:
    words = [word.strip() for word in policy.split(",")]
    form = f"p, proj:{project}:{role}, applications, get, {project}/*, allow"
    if len(words) != 6 or words[0] != "p":
        return f"must have the form {form}"
    _, subject, resource, action, target, effect = words
    if subject != f"proj:{project}:{role}":
        return f"its subject must be proj:{project}:{role}"
    if resource not in _RESOURCES:
        return f"its resource must be one of {', '.join(_RESOURCES)}"
    if not action:
        return f"its action is missing: write it in the form {form}"
    if not target.startswith(f"{project}/") or target == f"{project}/":
        return f"its object must start with {project}/"
    return "" if effect in ("allow", "deny") else "it must end with allow or deny"


def _window(where: str, window: Manifest) -> Iterator[str]:
    for field in ("kind", "schedule", "duration"):
        if not text_at(window, field):
            yield f"{where}: {field} is missing: give it"
    if not any(items_at(window, field) for field in ("applications", "namespaces", "clusters")):
        yield f"{where}: applies to nothing: give applications, namespaces or clusters"
