"""Levels as frameworks: a control for each row of what a level demands, so that a report says which rows are kept."""

from __future__ import annotations

from typing import Final

from nixernetes.compliance.controls import Control, Framework
from nixernetes.compliance.levels import ComplianceLevel

__all__ = ["level_framework", "level_frameworks"]

_ROWS: Final = (
    ("pod-security", "Pods keep the Pod Security Standard of the level", ("psa.",)),
    ("rbac", "Roles name what they allow, and cluster-admin is bounded", ("rbac.",)),
    ("audit-id", "An annotation says what an audit finds an object by", ("labels.audit-id",)),
    ("labels", "Objects bear framework, owner and data classification", ("labels.required",)),
    (
        "network",
        "Network policies deny by default, and select every pod",
        ("net.policy-selects-pod", "net.default-deny"),
    ),
    ("tls", "What comes from outside is served over TLS", ("net.ingress-tls",)),
    ("secrets", "No Secret is in Git in plain text", ("secrets.",)),
    ("storage", "Storage is encrypted", ("storage.",)),
    ("mutual-tls", "The mesh demands mutual TLS", ("mesh.",)),
    ("images", "Images are pinned, and come from known registries", ("pod.image-",)),
    ("signatures", "Admission verifies the signatures of images", ("policy.image-verify",)),
)


def level_framework(level: ComplianceLevel, without: tuple[str, ...] = ()) -> Framework:
    """Return a level as a framework.

    Args:
        level: the level.
        without: checks that are not promised.

    """
    demanded = [each for each in level.requirements if each not in without]
    rows = [(name, title, tuple(each for each in demanded if each.startswith(starts))) for name, title, starts in _ROWS]
    others = ("strict",) if level is ComplianceLevel.HIGH else ()
    return Framework(
        id=f"level-{level}",
        name=f"level {level}",
        label=f"level-{level}",
        version="",
        source="what a level demands: docs/compliance.md",
        provisional=False,
        controls=tuple(Control(id=name, title=title, checks=checks) for name, title, checks in rows if checks),
        aliases=tuple(f"level-{each}" for each in others),
    )


def level_frameworks(without: tuple[str, ...] = ()) -> tuple[Framework, ...]:
    """Return all levels as frameworks."""
    return tuple(level_framework(each, without) for each in ComplianceLevel)
