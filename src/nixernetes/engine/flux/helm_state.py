"""What a release needs next (Flux, section 10.4): a pure decision over the storage and the HelmRelease's status."""

from __future__ import annotations

from enum import StrEnum

from nixernetes.engine.flux.helm_settings import ActionSettings, action_settings
from nixernetes.engine.flux.helm_storage import Release
from nixernetes.errors import NixernetesError
from nixernetes.objects.manifest import Json

__all__ = ["Action", "ExhaustedError", "Observed", "next_action", "settings_of"]


class Action(StrEnum):
    """What is done to a release."""

    INSTALL = "install"
    UPGRADE = "upgrade"
    TEST = "test"
    ROLLBACK = "rollback"
    UNINSTALL = "uninstall"
    UNLOCK = "unlock"
    ADOPT = "adopt"
    NONE = ""


class ExhaustedError(NixernetesError):
    """There is nothing left to try.

    Attributes:
        reason: RetriesExceeded or MissingRollbackTarget.

    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Observed:
    """What is known of a release before a decision.

    Args:
        last: the newest revision in storage.
        status: the HelmRelease's status.
        in_sync: whether the newest revision has the wanted chart and values.
        forced: whether a request asked for an attempt whatever the counters say.

    """

    def __init__(self, last: Release | None, status: Json, *, in_sync: bool, forced: bool) -> None:
        self.last = last
        self.status = status
        self.in_sync = in_sync
        self.forced = forced

    def failures(self, action: str) -> int:
        """Return how often an action failed since the counters were reset."""
        return int(self.status.get(f"{action}Failures") or 0)


def settings_of(spec: Json, action: Action) -> ActionSettings:
    """Return the settings of an action."""
    return action_settings(spec, str(action))


def next_action(spec: Json, seen: Observed) -> Action:
    """Decide what is done next.

    Raises:
        ExhaustedError: all attempts were used up.

    """
    last = seen.last
    if last is None or last.status == "uninstalled":
        _spend(spec, seen, Action.INSTALL)
        return Action.INSTALL
    if last.status.startswith("pending-"):
        return Action.UNLOCK
    if not _is_ours(last, seen.status):
        return Action.ADOPT
    if not seen.in_sync:
        _spend(spec, seen, Action.UPGRADE)
        return Action.UPGRADE
    if last.status == "failed":
        return _after_failure(spec, seen)
    if (spec.get("test") or {}).get("enable"):
        return _tested(spec, seen)
    return Action.UPGRADE if seen.forced else Action.NONE


def _tested(spec: Json, seen: Observed) -> Action:
    """Decide about the tests of a release that was rolled out."""
    hooks = (seen.status.get("history") or [{}])[0].get("testHooks")
    if hooks is None:
        return Action.TEST
    if any(one.get("phase") == "Failed" for one in hooks.values()):
        action = _attempted(seen)
        if not settings_of(spec, action).remediation.ignore_tests:
            return _after_failure(spec, seen)
    return Action.UPGRADE if seen.forced else Action.NONE


def _spend(spec: Json, seen: Observed, action: Action) -> None:
    remediation = settings_of(spec, action).remediation
    failures = seen.failures(action)
    if _retries_on_failure(spec, action) or seen.forced or not failures:
        return
    if remediation.exhausted(failures):
        raise ExhaustedError("RetriesExceeded", f"Failed to {action} after {failures} attempt(s)")


def _after_failure(spec: Json, seen: Observed) -> Action:
    action = _attempted(seen)
    remediation, failures = settings_of(spec, action).remediation, seen.failures(action)
    if _retries_on_failure(spec, action) or seen.forced or not failures:
        return Action.UPGRADE
    if remediation.exhausted(failures) and not remediation.last:
        raise ExhaustedError("RetriesExceeded", f"Failed to {action} after {failures} attempt(s)")
    return Action.ROLLBACK if remediation.strategy == "rollback" else Action.UNINSTALL


def _attempted(seen: Observed) -> Action:
    return Action.UPGRADE if seen.status.get("lastAttemptedReleaseAction") == "upgrade" else Action.INSTALL


def _retries_on_failure(spec: Json, action: Action) -> bool:
    return ((spec.get(str(action)) or {}).get("strategy") or {}).get("name") == "RetryOnFailure"


def _is_ours(last: Release, status: Json) -> bool:
    history = status.get("history") or []
    return any(
        (one["version"], one["name"], one["namespace"]) == (last.version, last.name, last.namespace) for one in history
    )
