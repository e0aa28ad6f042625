"""What a release needs next (Flux, section 10.4): a pure decision over the storage and the HelmRelease's status."""

from __future__ import annotations

from enum import StrEnum

from nixernetes.engine.flux.helm.settings import ActionSettings, action_settings, retry_strategy
from nixernetes.engine.flux.helm.storage import Release
from nixernetes.errors import NixernetesError
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects.manifest import Json

__all__ = ["ExhaustedError", "HelmAction", "Observed", "next_action", "settings_of"]


class HelmAction(StrEnum):
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


def settings_of(spec: HelmRelease, action: HelmAction) -> ActionSettings:
    """Return the settings of an action."""
    return action_settings(spec, str(action))


def next_action(spec: HelmRelease, seen: Observed) -> HelmAction:
    """Decide what is done next.

    Raises:
        ExhaustedError: all attempts were used up.

    """
    last = seen.last
    if last is None or last.status == "uninstalled":
        _spend(spec, seen, HelmAction.INSTALL)
        return HelmAction.INSTALL
    if last.status.startswith("pending-"):
        return HelmAction.UNLOCK
    if not _is_ours(last, seen.status):
        return HelmAction.ADOPT
    if not seen.in_sync:
        _spend(spec, seen, HelmAction.UPGRADE)
        return HelmAction.UPGRADE
    if last.status == "failed":
        return _after_failure(spec, seen)
    if spec.test is not None and spec.test.enable:
        return _tested(spec, seen)
    return HelmAction.UPGRADE if seen.forced else HelmAction.NONE


def _tested(spec: HelmRelease, seen: Observed) -> HelmAction:
    """Decide about the tests of a release that was rolled out."""
    hooks = (seen.status.get("history") or [{}])[0].get("testHooks")
    if hooks is None:
        return HelmAction.TEST
    if any(one["phase"] == "Failed" for one in hooks.values()):
        action = _attempted(seen)
        if not settings_of(spec, action).remediation.ignore_tests:
            return _after_failure(spec, seen)
    return HelmAction.UPGRADE if seen.forced else HelmAction.NONE


def _spend(spec: HelmRelease, seen: Observed, action: HelmAction) -> None:
    remediation = settings_of(spec, action).remediation
    failures = seen.failures(action)
    if retry_strategy(spec, action) or seen.forced or not failures:
        return
    if remediation.exhausted(failures):
        raise ExhaustedError("RetriesExceeded", f"Failed to {action} after {failures} attempt(s)")


def _after_failure(spec: HelmRelease, seen: Observed) -> HelmAction:
    action = _attempted(seen)
    remediation, failures = settings_of(spec, action).remediation, seen.failures(action)
    if retry_strategy(spec, action) or seen.forced or not failures:
        return HelmAction.UPGRADE
    if remediation.exhausted(failures) and not remediation.last:
        raise ExhaustedError("RetriesExceeded", f"Failed to {action} after {failures} attempt(s)")
    return HelmAction.ROLLBACK if remediation.strategy == "rollback" else HelmAction.UNINSTALL


def _attempted(seen: Observed) -> HelmAction:
    return HelmAction.UPGRADE if seen.status.get("lastAttemptedReleaseAction") == "upgrade" else HelmAction.INSTALL


def _is_ours(last: Release, status: Json) -> bool:
    history = status.get("history") or []
    return any(
        (one["version"], one["name"], one["namespace"]) == (last.version, last.name, last.namespace) for one in history
    )
