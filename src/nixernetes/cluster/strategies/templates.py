"""Where objects have the pods that they make."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
)

__all__ = ["POD_SPECS", "TEMPLATES"]

TEMPLATES: Final[dict[GroupKind, tuple[str, ...]]] = {
    **dict.fromkeys((DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB), ("spec", "template")),
    REPLICATION_CONTROLLER: ("spec", "template"),
    GroupKind("", "PodTemplate"): ("template",),
    CRON_JOB: ("spec", "jobTemplate", "spec", "template"),
}
"""The path of the template of a kind."""

POD_SPECS: Final[dict[GroupKind, tuple[str, ...]]] = {
    POD: ("spec",),
    **{kind: (*path, "spec") for kind, path in TEMPLATES.items()},
}
"""The path of the spec of the pods of a kind, or of a pod itself."""
