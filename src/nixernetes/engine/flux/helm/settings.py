"""What a HelmRelease asks of each action, defaults filled in (Flux, section 10.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from nixernetes.cluster.api import Propagation
from nixernetes.engine.flux.controller import duration
from nixernetes.gitops.flux.helm_actions import (
    Install,
    InstallRemediation,
    Rollback,
    Strategy,
    Test,
    Uninstall,
    Upgrade,
    UpgradeRemediation,
)
from nixernetes.gitops.flux.helm_release import HelmRelease

__all__ = [
    "ActionSettings",
    "Remediation",
    "TestFilters",
    "action_settings",
    "ignores_tests",
    "retry_interval",
    "retry_strategy",
]

_TIMEOUT: Final = timedelta(minutes=5)
_MOST: Final = 5  # revisions
_SERVER_SIDE: Final = {"enabled": True, "disabled": False}
_INSTALL: Final = Install.model_construct()
_UPGRADE: Final = Upgrade.model_construct()
_ROLLBACK: Final = Rollback.model_construct()
_UNINSTALL: Final = Uninstall.model_construct()
_TEST: Final = Test.model_construct()
_NO_REMEDIATION: Final = UpgradeRemediation.model_construct()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """What follows a failure: how many more attempts (negative: no end), and how to clean up between them."""

    retries: int = 0
    last: bool = False
    strategy: str = "uninstall"
    ignore_tests: bool = False

    def exhausted(self, failures: int) -> bool:
        """Tell whether there were more failures than retries."""
        return 0 <= self.retries < failures


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFilters:
    """Which test hooks run, by name: those of ``only`` if there are any, and never those of ``without``."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def runs(self, name: str) -> bool:
        """Tell whether the hook of a name runs."""
        return name not in self.without and (not self.only or name in self.only)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSettings:
    """The settings of one action; what an action knows nothing of stays at its default.

    ``server_side`` is None where the release before decides it; ``takes_over`` tells whether objects of others are
    taken into the release.
    """

    timeout: timedelta
    wait: bool = True
    wait_for_jobs: bool = True
    legacy_wait: bool = False
    hooks: bool = True
    force: bool = False
    server_side: bool | None = True
    takes_over: bool = True
    crds: str = "Skip"
    create_namespace: bool = False
    keep_history: bool = False
    propagation: Propagation = Propagation.BACKGROUND
    most: int = 0
    remediation: Remediation = Remediation()
    tests: TestFilters = TestFilters()


def action_settings(spec: HelmRelease, action: str) -> ActionSettings:
    """Return the settings of ``install``, ``upgrade``, ``rollback``, ``uninstall`` or ``test``."""
    match action:
        case "install":
            return _install(spec, spec.install or _INSTALL)
        case "upgrade":
            return _upgrade(spec, spec.upgrade or _UPGRADE)
        case "rollback":
            return _rollback(spec, spec.rollback or _ROLLBACK)
        case "uninstall":
            return _uninstall(spec, spec.uninstall or _UNINSTALL)
        case _:
            asked = spec.test or _TEST
            return ActionSettings(timeout=_timeout(spec, asked.timeout), tests=_filters(asked))


def retry_interval(spec: HelmRelease, action: str) -> timedelta | None:
    """Return the delay between attempts under the strategy RetryOnFailure; None under any other."""
    strategy = retry_strategy(spec, action)
    return None if strategy is None else duration(strategy.retry_interval, _TIMEOUT)


def retry_strategy(spec: HelmRelease, action: str) -> Strategy | None:
    """Return the strategy of an action where it is RetryOnFailure."""
    asked = {"install": spec.install, "upgrade": spec.upgrade}.get(action)
    strategy = None if asked is None else asked.strategy
    return strategy if strategy is not None and strategy.name == "RetryOnFailure" else None


def ignores_tests(spec: HelmRelease) -> bool:
    """Tell whether a test that fails is no failure of the release."""
    return bool(spec.test is not None and spec.test.ignore_failures)


def _install(spec: HelmRelease, asked: Install) -> ActionSettings:
    return ActionSettings(
        timeout=_timeout(spec, asked.timeout),
        wait=not asked.disable_wait,
        wait_for_jobs=not asked.disable_wait_for_jobs,
        legacy_wait=_waits_as_before(spec),
        hooks=not asked.disable_hooks,
        most=_most(spec),
        server_side=asked.server_side_apply is not False,
        takes_over=not asked.disable_take_ownership,
        crds="Skip" if asked.skip_crds else asked.crds or "Create",
        create_namespace=bool(asked.create_namespace),
        remediation=_remediation(spec, asked.remediation, strategy="uninstall", last=False),
    )


def _upgrade(spec: HelmRelease, asked: Upgrade) -> ActionSettings:
    remediation = asked.remediation or _NO_REMEDIATION
    return ActionSettings(
        timeout=_timeout(spec, asked.timeout),
        wait=not asked.disable_wait,
        wait_for_jobs=not asked.disable_wait_for_jobs,
        legacy_wait=_waits_as_before(spec),
        hooks=not asked.disable_hooks,
        force=bool(asked.force),
        most=_most(spec),
        server_side=_SERVER_SIDE.get(asked.server_side_apply or "auto"),
        takes_over=not asked.disable_take_ownership,
        crds=asked.crds or "Create",
        remediation=_remediation(
            spec, remediation, strategy=remediation.strategy or "rollback", last=(remediation.retries or 0) > 0
        ),
    )


def _rollback(spec: HelmRelease, asked: Rollback) -> ActionSettings:
    return ActionSettings(
        timeout=_timeout(spec, asked.timeout),
        wait=not asked.disable_wait,
        wait_for_jobs=not asked.disable_wait_for_jobs,
        legacy_wait=_waits_as_before(spec),
        hooks=not asked.disable_hooks,
        force=bool(asked.force),
        most=_most(spec),
        server_side=_SERVER_SIDE.get(asked.server_side_apply or "auto"),
    )


def _uninstall(spec: HelmRelease, asked: Uninstall) -> ActionSettings:
    return ActionSettings(
        timeout=_timeout(spec, asked.timeout),
        wait=not asked.disable_wait,
        hooks=not asked.disable_hooks,
        keep_history=bool(asked.keep_history),
        propagation=Propagation((asked.deletion_propagation or "background").capitalize()),
    )


def _waits_as_before(spec: HelmRelease) -> bool:
    return spec.wait_strategy is not None and spec.wait_strategy.name == "legacy"


def _most(spec: HelmRelease) -> int:
    return _MOST if spec.max_history is None else spec.max_history


def _timeout(spec: HelmRelease, of_action: str | None) -> timedelta:
    return duration(of_action, duration(spec.timeout, _TIMEOUT))


def _filters(asked: Test) -> TestFilters:
    filters = asked.filters or ()
    return TestFilters(
        only=frozenset(each.name for each in filters if not each.exclude),
        without=frozenset(each.name for each in filters if each.exclude),
    )


def _remediation(spec: HelmRelease, asked: InstallRemediation | None, *, strategy: str, last: bool) -> Remediation:
    given = asked or _NO_REMEDIATION
    ignore = given.ignore_test_failures
    return Remediation(
        retries=given.retries or 0,
        last=last if given.remediate_last_failure is None else given.remediate_last_failure,
        strategy=strategy,
        ignore_tests=ignores_tests(spec) if ignore is None else ignore,
    )
