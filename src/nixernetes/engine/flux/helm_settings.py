"""What a HelmRelease asks of each action, defaults filled in (Flux, section 10.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from nixernetes.cluster.api import Propagation
from nixernetes.engine.flux.controller import duration
from nixernetes.objects.manifest import Json

__all__ = ["ActionSettings", "Remediation", "TestFilters", "action_settings", "retry_interval"]

_TIMEOUT = timedelta(minutes=5)


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
    """The settings of one action."""

    timeout: timedelta
    wait: bool
    hooks: bool
    force: bool
    crds: str
    create_namespace: bool
    keep_history: bool
    propagation: Propagation
    remediation: Remediation
    tests: TestFilters


def action_settings(spec: Json, action: str) -> ActionSettings:
    """Return the settings of ``install``, ``upgrade``, ``rollback``, ``uninstall`` or ``test``."""
    block = spec.get(action) or {}
    crds = block.get("crds") or ("Create" if action == "install" else "Skip")
    propagation = (block.get("deletionPropagation") or "background").capitalize()
    return ActionSettings(
        timeout=duration(block.get("timeout"), duration(spec.get("timeout"), _TIMEOUT)),
        wait=not block.get("disableWait"),
        hooks=not block.get("disableHooks"),
        force=bool(block.get("force")),
        crds="Skip" if block.get("skipCRDs") else crds,
        create_namespace=bool(block.get("createNamespace")),
        keep_history=bool(block.get("keepHistory")),
        propagation=Propagation(propagation),
        remediation=_remediation(spec, block.get("remediation") or {}, action),
        tests=_filters(block.get("filters") or []),
    )


def _filters(entries: Json) -> TestFilters:
    named = {
        skips: frozenset(each["name"] for each in entries if bool(each.get("exclude")) is skips)
        for skips in (True, False)
    }
    return TestFilters(only=named[False], without=named[True])


def retry_interval(spec: Json, action: str) -> timedelta | None:
    """Return the delay between attempts under the strategy RetryOnFailure; None under any other."""
    strategy = (spec.get(action) or {}).get("strategy") or {}
    return duration(strategy.get("retryInterval"), _TIMEOUT) if strategy.get("name") == "RetryOnFailure" else None


def _remediation(spec: Json, block: Json, action: str) -> Remediation:
    retries = int(block.get("retries") or 0)
    last = block.get("remediateLastFailure")
    ignore = block.get("ignoreTestFailures")
    return Remediation(
        retries=retries,
        last=bool(retries > 0 and action == "upgrade") if last is None else bool(last),
        strategy="uninstall" if action == "install" else block.get("strategy") or "rollback",
        ignore_tests=bool((spec.get("test") or {}).get("ignoreFailures")) if ignore is None else bool(ignore),
    )
