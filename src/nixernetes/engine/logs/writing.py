"""A line as the real controllers write it: one JSON object, by zap (Flux) or by logrus (Argo CD).

After controller-runtime's fields with Flux's ``pkg/runtime/logger``, and Argo CD 3.5's ``--logformat json``, which is
what its controllers do unless told otherwise.
"""

from __future__ import annotations

import json
from datetime import UTC

from nixernetes.engine.logs.kept import LogLine
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION
from nixernetes.objects.manifest import Json

__all__ = ["text_of"]


def text_of(controller: str, line: LogLine) -> str:
    """Return the text of a line in the log of a controller."""
    found = _logrus(line) if controller.startswith("argocd-") else _zap(line)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _zap(line: LogLine) -> Json:
    moment = line.time.astimezone(UTC)
    found: Json = {
        "level": line.level,
        "ts": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z",
        "msg": line.message,
    }
    if line.key is not None:
        key = line.key
        found |= {
            "controller": key.kind.lower(),
            "controllerGroup": key.group,
            "controllerKind": key.kind,
            key.kind: {"name": key.name, "namespace": key.namespace},
            "namespace": key.namespace,
            "name": key.name,
        }
    return {**found, **line.fields, **({"error": line.error} if line.error else {})}


def _logrus(line: LogLine) -> Json:
    found: Json = {"level": line.level, "msg": line.message, "time": timestamp(line.time), **line.fields}
    if line.error:
        found["error"] = line.error
    if line.key is not None:
        names = {APPLICATION: "application", APP_PROJECT: "project"}
        found[names.get(line.key.group_kind, "name")] = line.key.name
        if line.key.group_kind == APPLICATION:
            found["app-namespace"] = line.key.namespace
    return dict(sorted(found.items()))
