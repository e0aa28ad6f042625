"""A user's health script: what it returns is the health."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.health.argocd.status import Health, HealthStatus
from nixernetes.languages import lua
from nixernetes.objects.manifest import Manifest

__all__ = ["run_health_script"]


def run_health_script(source: str, obj: Manifest) -> Health:
    """Return what the script says; a script that fails is Unknown, with the reason."""
    try:
        found = lua.run(source, obj, name="health")
    except InputError as error:
        return Health(HealthStatus.UNKNOWN, f"health script: {error.message}")
    said = found if isinstance(found, dict) else {}
    status, message = said.get("status"), said.get("message")
    if not isinstance(status, str) or status not in [*HealthStatus]:
        return Health(HealthStatus.UNKNOWN, f"Lua returned an invalid health status: {status}")
    return Health(HealthStatus(status), str(message) if message is not None else "")
