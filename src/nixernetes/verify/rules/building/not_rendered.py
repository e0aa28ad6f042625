"""``not-rendered``: every delivery can be rendered, as its controller would.

The message is the controller's. What the problem is about, and where it is written, is told by its words: they are ours
or upstream's, and stable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule
from nixernetes.verify.rules.references.missing_values import is_made_later

__all__ = ["RULE", "cannot_be_known"]

_OUTSIDE: Final = re.compile(
    r"cannot be reached|is not mapped|not at hand|--source|--allow-remote-bases|--enable-helm|\bverify\b"
    r"|cannot be decrypted|no key that opens|is refused by name|are not run|not read here|not supported"
    r"|needs a service|timed out"
)
_VALUES: Final = re.compile(r"chart values reference|substitute from '|variable not set")
_PLACE: Final = re.compile(r"(?P<file>[^\s:]+):(?P<line>\d+): (?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of problem: the words that tell it, its topic, and the fields of the delivery that it may be about.

    ``is_of_delivery``: whether the field is edited, whatever file the words name.
    """

    words: re.Pattern[str]
    topic: str
    paths: tuple[str, ...] = ()
    is_of_delivery: bool = False


_SORTS: Final = (
    _Sort(
        re.compile(r"is declared nowhere"),
        "source-missing",
        ("spec.sourceRef", "spec.chart.spec.sourceRef", "spec.chartRef"),
    ),
    _Sort(
        re.compile(r"kustomization path not found|app path does not exist"),
        "path-missing",
        ("spec.path", "spec.source.path"),
    ),
    _Sort(
        re.compile(r"invalid chart reference|no chart"), "path-missing", ("spec.chart.spec.chart", "spec.source.path")
    ),
    _Sort(re.compile(r"no values file found"), "path-missing", ("spec.chart.spec.valuesFiles",)),
    _Sort(re.compile(r"correct helm\.valueFiles"), "path-missing", ("spec.source.helm.valueFiles", "spec.sources")),
    _Sort(re.compile(r"chart values reference"), "value-source-missing", ("spec.valuesFrom",)),
    _Sort(
        re.compile(r"substitute from"), "value-source-missing", ("spec.postBuild.substituteFrom",), is_of_delivery=True
    ),
    _Sort(re.compile(r"variable not set|missing closing brace|post build failed"), "substitution", ("spec.postBuild",)),
    _Sort(re.compile(r"values don't meet the specifications"), "helm-values", ("spec.values", "spec.source.helm")),
    _Sort(re.compile(r"duplicate name"), "appset", ("spec.template.metadata.name", "spec.generators")),
    _Sort(re.compile(r"given twice|decode Kubernetes YAML|broken YAML"), "yaml"),
)


def cannot_be_known(delivery: Delivery) -> bool:
    """Tell whether a delivery is not rendered because of something that cannot be had here."""
    return bool(delivery.problem) and _OUTSIDE.search(delivery.problem) is not None


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if not delivery.problem or cannot_be_known(delivery):
            continue
        if _VALUES.search(delivery.problem) and is_made_later(cluster, delivery):
            continue
        sort = next((each for each in _SORTS if each.words.search(delivery.problem)), None)
        place, message = _told(view, delivery, sort)
        yield Found(
            cluster=cluster,
            subject=delivery,
            message=message,
            place=place,
            topic=sort.topic if sort is not None else _topic(delivery),
        )


def _topic(delivery: Delivery) -> str:
    kind = delivery.key.group_kind
    if kind == APPLICATION_SET:
        return "appset"
    if kind == HELM_RELEASE or (kind == APPLICATION and "helm" in delivery.problem.lower()):
        return "helm-chart"
    return "kustomize-build" if kind in (KUSTOMIZATION, APPLICATION) else "source-missing"


def _told(view: PlatformView, delivery: Delivery, sort: _Sort | None) -> tuple[Place, str]:
    """Return where a person edits, and the words without the place."""
    matched = _PLACE.match(delivery.problem)
    is_elsewhere = sort is None or not sort.is_of_delivery
    if matched is not None and is_elsewhere and view.places.text(matched["file"]):
        place = _nearer(view, Place(matched["file"], int(matched["line"])), matched["rest"])
        return place, matched["rest"]
    for name in sort.paths if sort is not None else ():
        path = _nearest(delivery.manifest, tuple(name.split(".")), delivery.problem)
        if path:
            return view.place(delivery, path), delivery.problem
    return view.place(delivery), delivery.problem


def _nearer(view: PlatformView, place: Place, message: str) -> Place:
    """Return the line of a file that holds what a message quotes, as a variable or a key, if it comes later."""
    for quoted in re.findall(r"[\"']([^\"'\s]{2,})[\"']|(\$\{[^}\s]+)|\[([^\]\s]+)\]|open \S*?([^/\s]+):", message):
        text = next(each for each in quoted if each)
        if len(text) > 1 and text in view.places.text(place.file):
            found = view.places.containing(place.file, text, place.line)
            if found.line:
                return found
    return place


def _nearest(manifest: Manifest, path: FieldPath, problem: str) -> FieldPath:
    """Return a field if the object has it; of a list the item that the problem names."""
    here: Json = manifest
    for step in path:
        if not isinstance(here, dict) or step not in here:
            return ()
        here = here[step]
    for index, item in enumerate(here if isinstance(here, list) else ()):
        names = [item] if isinstance(item, str) else [text_at(item, "name"), text_at(item, "valuesKey")]
        if any(name and name in problem for name in names):
            return (*path, index, "name") if isinstance(item, dict) else (*path, index)
    return path


RULE: Final = Rule(
    name="not-rendered",
    topic="kustomize-build",
    severity=Severity.ERROR,
    sentence="Every delivery can be rendered, as its controller would render it.",
    check=_check,
)
