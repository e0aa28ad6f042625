"""``long-timeout``: a controller gives up before it would begin again.

A reconciliation of Flux that waits for its timeout is not begun anew meanwhile: the interval and the retry interval
are not kept (controller-runtime works on one object in one worker). Argo CD cuts its backoff at ``maxDuration``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.kinds import (
    APPLICATION,
    BUCKET,
    GIT_REPOSITORY,
    HELM_RELEASE,
    HELM_REPOSITORY,
    KUSTOMIZATION,
    OCI_REPOSITORY,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Severity
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_OF_FLUX: Final = (KUSTOMIZATION, HELM_RELEASE, GIT_REPOSITORY, HELM_REPOSITORY, OCI_REPOSITORY, BUCKET)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(*_OF_FLUX):
            spec = mapping_at(item.manifest, "spec")
            timeout = _duration(text_at(spec, "timeout"))
            for field in ("retryInterval", "interval"):
                again = _duration(text_at(spec, field))
                if timeout is not None and again is not None and timeout > again:
                    message = (
                        f"its timeout {spec['timeout']} is longer than its {field} {spec[field]}, which is not kept "
                        "while it waits"
                    )
                    yield Found(cluster=cluster, subject=item, message=message, path=("spec", "timeout"))
                    break
        for item in cluster.of(APPLICATION):
            path, message = _backoff(item.manifest)
            if message:
                yield Found(cluster=cluster, subject=item, message=message, path=path)


def _backoff(application: Manifest) -> tuple[FieldPath, str]:
    path = ("spec", "syncPolicy", "retry", "backoff")
    backoff = mapping_at(application, *path)
    first, most = _duration(text_at(backoff, "duration")), _duration(text_at(backoff, "maxDuration"))
    if first is None or most is None or first <= most:
        return path, ""
    message = f"its first wait {backoff['duration']} is longer than maxDuration {backoff['maxDuration']}, which cuts it"
    return (*path, "maxDuration"), message


def _duration(text: str) -> timedelta | None:
    try:
        return parse_duration(text) if text else None
    except (InputError, ValueError):
        return None


RULE: Final = Rule(
    name="long-timeout",
    topic="interval",
    severity=Severity.INFO,
    sentence="A timeout is not longer than the interval after which a controller tries again.",
    check=_check,
)
