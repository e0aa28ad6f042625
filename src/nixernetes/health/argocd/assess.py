"""Finds the rule for an object and applies it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.health.argocd import others, workloads
from nixernetes.health.argocd.scripts import HealthScript, HealthScripts, health_scripts
from nixernetes.health.argocd.status import Health, HealthStatus, Rule
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import at, items_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Manifest

__all__ = ["HOOK_FINALIZER", "RULES", "Assessor", "assess"]

HOOK_FINALIZER = "argocd.argoproj.io/hook-finalizer"

RULES: dict[GroupKind, Rule] = {**workloads.RULES, **others.RULES}


@dataclass(frozen=True, slots=True)
class Assessor:
    """Assesses health with the user's own scripts before the bundled rules.

    Attributes:
        scripts: the scripts of argocd-cm, by ``<group>_<kind>`` (core kinds: ``<kind>``; ``*`` allowed).
        clock: tells scripts the time.

    """

    scripts: Mapping[str, HealthScript] = field(default_factory=dict)
    clock: Clock | None = None
    _runs: HealthScripts = field(default_factory=HealthScripts, init=False, repr=False, compare=False)

    @classmethod
    def from_settings(cls, data: Mapping[str, str], clock: Clock | None = None) -> Assessor:
        """Take the scripts out of the data of ConfigMap argocd-cm.

        Raises:
            InputError: they cannot be read; the message names the key.

        """
        return cls(health_scripts(data), clock)

    def assess(self, obj: Manifest) -> Health | None:
        """Return the health of a live object, or None when its kind has none."""
        leaves = at(obj, "metadata", "deletionTimestamp")
        if leaves and HOOK_FINALIZER not in items_at(obj, "metadata", "finalizers"):
            return Health(HealthStatus.PROGRESSING, "Pending deletion")
        kind = group_kind(obj)
        key = self.script_key(kind)
        if key:
            return self._runs.run(self.scripts[key], obj, self.clock.now() if self.clock else None)
        rule = RULES.get(kind)
        if rule is not None:
            return rule(obj)
        from nixernetes.health.argocd.bundled import assess_bundled  # noqa: PLC0415 - many repositories have none of them

        return assess_bundled(kind, obj)

    def script_key(self, kind: GroupKind) -> str:
        """Return the key of the user's script for a kind, ``""`` where there is none."""
        name = f"{kind.group}_{kind.kind}" if kind.group else kind.kind
        if name in self.scripts:
            return name
        patterns = (pattern for pattern in self.scripts if "*" in pattern and glob_match(pattern, name))
        return next(patterns, "")


def assess(obj: Manifest) -> Health | None:
    """Return the health of a live object by the shipped rules alone, or None when its kind has none."""
    return Assessor().assess(obj)
