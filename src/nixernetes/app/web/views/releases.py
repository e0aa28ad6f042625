"""In which order Helm installs a release: hooks by their event and weight around what is installed at once.

After Helm 3's ``pkg/action`` (``execHook``): the hooks of an event run one after the other, by weight, kind and name;
one that is for several events runs at each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nixernetes.app.web.values import ObjectLine, ObjectName
from nixernetes.app.web.views.graph_values import StageLine, StepLine, WaveLine
from nixernetes.app.web.views.reading import WantedObject
from nixernetes.engine.argocd.sync import hooks
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import HELM_HOOK, HELM_HOOK_WEIGHT

__all__ = ["release_stages"]

_OBJECTS: Final = "Objects"
_STAGES: Final = {
    "pre-install": "before the first install",
    "pre-upgrade": "before an upgrade",
    _OBJECTS: "what is installed, in Helm's order of kinds",
    "post-install": "when it has been installed",
    "post-upgrade": "when it has been upgraded",
    "pre-rollback": "before it is rolled back",
    "post-rollback": "when it has been rolled back",
    "pre-delete": "before it is uninstalled",
    "post-delete": "when it has been uninstalled",
    "test": "when it is tested",
}


def release_stages(wanted: Sequence[WantedObject], statuses: Mapping[ObjectKey, ObjectLine]) -> Iterator[StageLine]:
    """Yield the stages of a release that have something in them.

    Args:
        wanted: what its chart gives, hooks too.
        statuses: how its objects stand.

    """
    found: dict[str, dict[int, list[StepLine]]] = {name: {} for name in _STAGES}
    for each in sorted(wanted, key=lambda item: (_weight(item.manifest), item.id.kind, item.id.name)):
        for event in _events(each.manifest):
            step = StepLine(id=each.id, is_hook=True, deletes=hooks.delete_policies(each.manifest))
            found[event].setdefault(_weight(each.manifest), []).append(step)
    for each in wanted:
        if HELM_HOOK not in annotations_of(each.manifest):
            found[_OBJECTS].setdefault(0, []).append(_step(each.id, statuses.get(each.id.key)))
    for name, text in _STAGES.items():
        if found[name]:
            waves = tuple(WaveLine(number=weight, steps=tuple(found[name][weight])) for weight in sorted(found[name]))
            yield StageLine(name=name, text=text, waves=waves)


def _events(item: Manifest) -> list[str]:
    words = [word.strip() for word in annotations_of(item).get(HELM_HOOK, "").split(",")]
    known = ["test" if word == "test-success" else word for word in words]
    return [word for word in dict.fromkeys(known) if word in _STAGES and word != _OBJECTS]


def _weight(item: Manifest) -> int:
    """Return the weight of a hook; what is no number counts as 0."""
    try:
        return int(annotations_of(item).get(HELM_HOOK_WEIGHT, "0"))
    except ValueError:
        return 0


def _step(name: ObjectName, line: ObjectLine | None) -> StepLine:
    if line is None:
        return StepLine(id=name)
    return StepLine(id=name, status=line.status, message=line.message, available=line.available)
