"""``sync-hook``: Argo CD understands the hooks, their policies and the waves of objects.

An object with an unknown hook is a hook of no phase, and is never applied; an unknown policy counts as
``BeforeHookCreation``, and a wave that is not a number as 0 (gitops-engine, ``hook.Types``, ``hook.DeletePolicies``,
``syncwaves.Wave``). A hook that only a failure deletes is still there at the next sync.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import ARGOCD_HOOK, ARGOCD_HOOK_DELETE_POLICY, ARGOCD_SYNC_WAVE
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_KNOWN: Final[dict[str, tuple[str, Sequence[str]]]] = {
    ARGOCD_HOOK: ("hook", ("PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip")),
    ARGOCD_HOOK_DELETE_POLICY: ("deletion policy", ("HookSucceeded", "HookFailed", "BeforeHookCreation")),
}
_LEAVES_SUCCESS: Final = "HookFailed"
_FATES: Final = {
    ARGOCD_HOOK: "the object is never applied",
    ARGOCD_HOOK_DELETE_POLICY: "it counts as BeforeHookCreation",
}
_NUMBER: Final = re.compile(r"[+-]?\d+\Z")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.placed:
            if item.owner is not None and item.owner.key.group_kind == APPLICATION:
                for note, message in _problems(item):
                    path = ("metadata", "annotations", note)
                    topic = "sync-wave" if note == ARGOCD_SYNC_WAVE else ""
                    yield Found(cluster=cluster, subject=item, message=message, path=path, topic=topic)


def _problems(item: Placed) -> Iterator[tuple[str, str]]:
    notes = annotations_of(item.manifest)
    for note, (what, known) in _KNOWN.items():
        for name in filter(None, (part.strip() for part in notes.get(note, "").split(","))):
            if name not in known:
                hint = meant(name, known) or f": there are {', '.join(known)}"
                yield note, f"Argo CD has no {what} {name}: {_FATES[note]}{hint}"
    policies = {part.strip() for part in notes.get(ARGOCD_HOOK_DELETE_POLICY, "").split(",")}
    if notes.get(ARGOCD_HOOK) and item.key.name and policies == {_LEAVES_SUCCESS}:
        yield (
            ARGOCD_HOOK_DELETE_POLICY,
            (
                "it stays when it succeeds, so that the next sync does not run it, or its change is refused: "
                "add BeforeHookCreation, or use generateName"
            ),
        )
    wave = notes.get(ARGOCD_SYNC_WAVE)
    if wave is not None and not _NUMBER.match(wave):
        yield ARGOCD_SYNC_WAVE, f"the sync wave {wave} is not a whole number, and counts as 0"


RULE: Final = Rule(
    name="sync-hook",
    topic="hook",
    severity=Severity.WARNING,
    sentence="Argo CD understands the hooks and waves of objects.",
    check=_check,
)
