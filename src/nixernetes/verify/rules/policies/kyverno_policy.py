"""``kyverno-policy``: the policies of Kyverno admit every object that is brought to a cluster.

What a policy refuses is an error where it is enforced, and a warning where it is audited. What it cannot know here is
no finding; the report says so once. In the namespaces that Kyverno passes over by default it is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.policies.asking import asked_policies
from nixernetes.verify.policies.quoting import without_secrets
from nixernetes.verify.rule import Found, Rule

if TYPE_CHECKING:
    from nixernetes.verify.policies.judgements import PolicyVerdict

__all__ = ["RULE"]

_PATH: Final = re.compile(r"failed at path (/\S*)")


def _check(view: PlatformView) -> Iterator[Found]:
    for verdict in asked_policies(view):
        if not verdict.is_known or (verdict.row.result == "error" and not verdict.is_enforced):
            continue
        yield Found(
            cluster=verdict.cluster,
            subject=verdict.item,
            message=f"{_verb(verdict)} {verdict.named}: {_message(verdict)}",
            path=_path(verdict),
            severity=_severity(verdict),
            related=[(view.place(verdict.source), f"demanded by {verdict.source.key}")] if verdict.source else [],
        )


def _verb(verdict: PolicyVerdict) -> str:
    return "refused by" if verdict.is_enforced else "does not keep (audited)"


def _severity(verdict: PolicyVerdict) -> Severity:
    if verdict.is_filtered:
        return Severity.INFO
    return Severity.ERROR if verdict.is_enforced else Severity.WARNING


def _message(verdict: PolicyVerdict) -> str:
    """Return the words of the policy; what is secret in the object is not among them."""
    text = without_secrets(verdict.row.message or verdict.row.result, verdict.item)
    if verdict.is_filtered:
        text += "; by default Kyverno ignores this namespace"
    return text


def _path(verdict: PolicyVerdict) -> FieldPath:
    """Return the field that a pattern fails at, as deep as the object has it."""
    found = _PATH.search(verdict.row.message)
    path: list[str | int] = []
    here: Json = verdict.item.manifest
    for step in found[1].strip("/").split("/") if found is not None else ():
        if isinstance(here, list) and step.isdigit() and int(step) < len(here):
            path.append(int(step))
            here = here[int(step)]
        elif isinstance(here, dict) and step in here:
            path.append(step)
            here = here[step]
        else:
            break
    return tuple(path)


RULE: Final = Rule(
    name="kyverno-policy",
    topic="policy",
    severity=Severity.ERROR,
    sentence="The Kyverno policies of a cluster admit every object.",
    check=_check,
)
