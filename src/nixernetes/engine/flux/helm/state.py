"""What a release needs next (Flux, section 10.4): a pure decision over the storage and the HelmRelease's status.

The states have the names of helm-controller's ``internal/reconcile/state.go`` (``ReleaseStatus``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from nixernetes.engine.flux.helm.settings import ActionSettings, action_settings, retry_strategy
from nixernetes.engine.flux.helm.storage import Release
from nixernetes.engine.state_machines import Move, StateMachine
from nixernetes.errors import NixernetesError
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects.manifest import Json

__all__ = [
    "RELEASE",
    "ExhaustedError",
    "HelmAction",
    "Observed",
    "ReleaseState",
    "next_action",
    "release_state",
    "settings_of",
]


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


class ReleaseState(StrEnum):
    """How a release stands to its HelmRelease."""

    ABSENT = "Absent"
    LOCKED = "Locked"
    UNMANAGED = "Unmanaged"
    OUT_OF_SYNC = "OutOfSync"
    FAILED = "Failed"
    UNTESTED = "Untested"
    IN_SYNC = "InSync"


_S, _A = ReleaseState, HelmAction
_CHANGED: Final = (_S.IN_SYNC, _S.UNTESTED, _S.FAILED)  # what an action that writes a release can end in
RELEASE: Final = StateMachine(
    name="Helm release of a HelmRelease",
    moves=(
        *(Move((_S.ABSENT,), _A.INSTALL, state) for state in (*_CHANGED, _S.ABSENT)),
        *(Move((_S.OUT_OF_SYNC,), _A.UPGRADE, state) for state in (*_CHANGED, _S.OUT_OF_SYNC)),
        *(Move((_S.UNMANAGED,), _A.ADOPT, state) for state in (*_CHANGED, _S.UNMANAGED)),
        Move((_S.LOCKED,), _A.UNLOCK, _S.FAILED),
        *(Move((_S.UNTESTED,), _A.TEST, state) for state in (_S.IN_SYNC, _S.FAILED)),
        *(Move((_S.FAILED,), _A.UPGRADE, state) for state in _CHANGED),
        *(Move((_S.FAILED,), _A.ROLLBACK, state) for state in (_S.OUT_OF_SYNC, _S.FAILED)),
        Move((_S.FAILED,), _A.UNINSTALL, _S.ABSENT),
        *(Move((_S.IN_SYNC,), _A.UPGRADE, state) for state in _CHANGED),
    ),
)


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


def release_state(spec: HelmRelease, seen: Observed) -> ReleaseState:
    """Return how a release stands to its HelmRelease: the first that holds."""
    last = seen.last
    if last is None or last.status == "uninstalled":
        return ReleaseState.ABSENT
    if last.status.startswith("pending-"):
        return ReleaseState.LOCKED
    if not _is_ours(last, seen.status):
        return ReleaseState.UNMANAGED
    if not seen.in_sync:
        return ReleaseState.OUT_OF_SYNC
    if last.status in ("failed", "uninstalling"):
        return ReleaseState.FAILED
    return _tested(spec, seen) if spec.test is not None and spec.test.enable else ReleaseState.IN_SYNC


def _tested(spec: HelmRelease, seen: Observed) -> ReleaseState:
    """Return how a release stands that was rolled out and has tests."""
    hooks = (seen.status.get("history") or [{}])[0].get("testHooks")
    if hooks is None:
        return ReleaseState.UNTESTED
    has_failed = any(one["phase"] == "Failed" for one in hooks.values())
    counts = has_failed and not settings_of(spec, _attempted(seen)).remediation.ignore_tests
    return ReleaseState.FAILED if counts else ReleaseState.IN_SYNC


def next_action(spec: HelmRelease, seen: Observed) -> HelmAction:
    """Decide what is done next.

    Raises:
        ExhaustedError: all attempts were used up.

    """
    return _DECIDED[release_state(spec, seen)](spec, seen)


def _install(spec: HelmRelease, seen: Observed) -> HelmAction:
    return _spent(spec, seen, HelmAction.INSTALL)


def _upgrade(spec: HelmRelease, seen: Observed) -> HelmAction:
    return _spent(spec, seen, HelmAction.UPGRADE)


def _spent(spec: HelmRelease, seen: Observed, action: HelmAction) -> HelmAction:
    remediation = settings_of(spec, action).remediation
    failures = seen.failures(action)
    is_free = retry_strategy(spec, action) or seen.forced or not failures
    if not is_free and remediation.exhausted(failures):
        raise ExhaustedError("RetriesExceeded", f"Failed to {action} after {failures} attempt(s)")
    return action


def _after_failure(spec: HelmRelease, seen: Observed) -> HelmAction:
    action = _attempted(seen)
    remediation, failures = settings_of(spec, action).remediation, seen.failures(action)
    if retry_strategy(spec, action) or seen.forced or not failures:
        return HelmAction.UPGRADE
    if remediation.exhausted(failures) and not remediation.last:
        raise ExhaustedError("RetriesExceeded", f"Failed to {action} after {failures} attempt(s)")
    return HelmAction.ROLLBACK if remediation.strategy == "rollback" else HelmAction.UNINSTALL


_DECIDED: Final[Mapping[ReleaseState, Callable[[HelmRelease, Observed], HelmAction]]] = {
    ReleaseState.ABSENT: _install,
    ReleaseState.LOCKED: lambda _spec, _seen: HelmAction.UNLOCK,
    ReleaseState.UNMANAGED: lambda _spec, _seen: HelmAction.ADOPT,
    ReleaseState.OUT_OF_SYNC: _upgrade,
    ReleaseState.FAILED: _after_failure,
    ReleaseState.UNTESTED: lambda _spec, _seen: HelmAction.TEST,
    ReleaseState.IN_SYNC: lambda _spec, seen: HelmAction.UPGRADE if seen.forced else HelmAction.NONE,
}


def _attempted(seen: Observed) -> HelmAction:
    return HelmAction.UPGRADE if seen.status.get("lastAttemptedReleaseAction") == "upgrade" else HelmAction.INSTALL


def _is_ours(last: Release, status: Json) -> bool:
    history = status.get("history") or []
    return any(
        (one["version"], one["name"], one["namespace"]) == (last.version, last.name, last.namespace) for one in history
    )
