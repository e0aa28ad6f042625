"""A user's health script: what it returns is the health."""

from __future__ import annotations

from collections import Counter
from typing import Final

from nixernetes.errors import InputError
from nixernetes.health.argocd.status import Health, HealthStatus
from nixernetes.languages import lua
from nixernetes.objects.manifest import Manifest

__all__ = ["HealthScripts"]

_STRIKES: Final = 10  # limits reached, after which a script counts as one that always does: the next takes no second


class HealthScripts:
    """Runs scripts, and remembers how often each reached a limit, as long as the settings stay as they are."""

    def __init__(self) -> None:
        self._strikes: Counter[str] = Counter()

    def run(self, source: str, obj: Manifest) -> Health:
        """Return what a script says; a script that fails is Unknown, with the reason."""
        if self._strikes[source] >= _STRIKES:
            return _failed(f"it reached its limits {_STRIKES} times and is run no more")
        try:
            found = lua.run(source, obj, name="health")
        except lua.LimitError as error:
            self._strikes[source] += 1
            return _failed(error.message)
        except InputError as error:
            return _failed(error.message)
        said = found if isinstance(found, dict) else {}
        status, message = said.get("status"), said.get("message")
        if not isinstance(status, str) or status not in [*HealthStatus]:
            return Health(HealthStatus.UNKNOWN, f"Lua returned an invalid health status: {status}")
        return Health(HealthStatus(status), str(message) if message is not None else "")


def _failed(why: str) -> Health:
    return Health(HealthStatus.UNKNOWN, f"health script: {why}")
