"""``not-rendered``: every delivery can be rendered, as its controller would.

The message is the controller's. What the problem is about, and where it is written, is told by its words: they are ours
or upstream's, and stable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.local_charts import chart_folders
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.other_branches import follows_another_branch
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import walked
from nixernetes.verify.references.value_files import value_file_problems
from nixernetes.verify.rule import Found, Rule
from nixernetes.verify.rules.references.missing_values import is_made_later

__all__ = ["RULE", "cannot_be_known"]

_OUTSIDE: Final = re.compile(
    r"cannot be reached|is not mapped|not at hand|--source|--allow-remote-bases|--enable-helm|\bverify\b"
    r"|cannot be decrypted|no key that opens|is refused by name|are not run|not read here|not supported"
    r"|needs a service|timed out"
    r"|couldn't find remote ref|unable to resolve '|no match found for semver"  # a clone may lack tags and commits
)
# what helm says of a chart that it has: a chart may say anything of its values, in whatever words
_VERDICTS: Final = re.compile(
    r"execution error at|error calling |parse error at|values don't meet the specifications"
    r"|error converting YAML to JSON|error unmarshaling JSON"
)
_FILES: Final = re.compile(r"path not found|path does not exist|no such file|invalid chart reference")
_VALUES: Final = re.compile(r"chart values reference|substitute from '|variable not set")
_HELM: Final = re.compile(r"(?i)helm|Chart\.yaml|execution error|parse error at|templates/")
# as the validators of Helm 3 and Helm 4 name a value, and one that may not be there
_VALUE: Final = re.compile(
    r"(?m)^\s*- (?:(?P<dotted>\S+): (?:Additional property (?P<extra>\S+) is)?|at '(?P<pointer>[^']*)':"
    r"(?: additional properties '(?P<more>[^']+)')?)"
)
_NUMBERED: Final = re.compile(r"for source (\d+) of")
# as helm names a template: ``CHART/templates/NAME:LINE``, of a chart in it ``CHART/charts/OTHER/templates/NAME:LINE``
_TEMPLATE: Final = re.compile(
    r"[\w.-]+/(?P<file>(?:charts/[\w.-]+/)*templates/[^\s:()]+):(?:(?P<line>\d+)| .*yaml: line (?P<made>\d+))"
)
_DEPENDENCY: Final = re.compile(r"failed to add (?:local )?dependency '(?P<name>[^']+)'")
_NO_CHART: Final = re.compile(r"(?P<folder>[^\s:]+): Chart\.yaml file is missing")
_FIELD: Final = re.compile(r"\bspec(?:\.[A-Za-z]+|\[\d+\])+")
_STEP: Final = re.compile(r"[A-Za-z]+|\d+")
_PLACE: Final = re.compile(r"(?P<file>[^\s:]+)(?::(?P<line>\d+))?: (?P<rest>.*)", re.DOTALL)


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
        re.compile(r"is not declared in anything that is rendered"),
        "source-missing",
        ("spec.sourceRef", "spec.chart.spec.sourceRef", "spec.chartRef"),
    ),
    _Sort(
        re.compile(r"no source has a 'ref' field"),
        "source-missing",
        ("spec.source.helm.valueFiles", "spec.sources.[].helm.valueFiles", "spec.sources.[].helm.fileParameters"),
    ),
    _Sort(
        re.compile(r"kustomization path not found|app path does not exist|kustomization\.yaml: not a directory"),
        "path-missing",
        ("spec.path", "spec.source.path", "spec.sources.[].path"),
    ),
    _Sort(
        re.compile(r"dependency build error"),
        "helm-chart",
        ("spec.chart.spec.chart", "spec.source.path", "spec.sources.[].path"),
    ),
    _Sort(
        re.compile(r"invalid chart reference|no chart"),
        "path-missing",
        ("spec.chart.spec.chart", "spec.source.path", "spec.sources.[].path"),
    ),
    _Sort(re.compile(r"no values file found"), "path-missing", ("spec.chart.spec.valuesFiles",)),
    _Sort(
        re.compile(r"correct helm\.valueFiles"),
        "path-missing",
        ("spec.source.helm.valueFiles", "spec.sources.[].helm.valueFiles", "spec.sources"),
    ),
    _Sort(
        re.compile(r"\A(failed to generate manifest for source \d+ of \d+: )?\S+: no such file\Z"),
        "path-missing",
        ("spec.source.helm.fileParameters", "spec.sources.[].helm.fileParameters", "spec.source", "spec.sources"),
    ),
    _Sort(re.compile(r"must build at directory: '"), "kustomize-build", ("spec.components",)),
    _Sort(
        re.compile(r"resource with name \S+ does not match a config"),
        "kustomize-build",
        ("spec.source.kustomize.replicas", "spec.sources.[].kustomize.replicas"),
        is_of_delivery=True,
    ),
    _Sort(re.compile(r"chart values reference"), "value-source-missing", ("spec.valuesFrom",)),
    _Sort(
        re.compile(r"substitute from"), "value-source-missing", ("spec.postBuild.substituteFrom",), is_of_delivery=True
    ),
    _Sort(re.compile(r"variable not set|missing closing brace|post build failed"), "substitution", ("spec.postBuild",)),
    _Sort(re.compile(r"values don't meet the specifications"), "helm-values", ("spec.values", "spec.source.helm")),
    _Sort(
        re.compile(r"chart requires kubeVersion|library charts are not installable"),
        "helm-chart",
        ("spec.chart.spec.chart", "spec.source.path", "spec.sources.[].path", "spec.chartRef"),
    ),
    _Sort(re.compile(r"release name check failed"), "k8s-value", ("spec.releaseName",)),
    _Sort(re.compile(r"duplicate name"), "appset", ("spec.template.metadata.name", "spec.generators")),
    _Sort(re.compile(r"Matrix support"), "appset", ("spec.generators.[].matrix.generators", "spec.generators")),
    _Sort(re.compile(r"merge keys"), "appset", ("spec.generators.[].merge", "spec.generators")),
    _Sort(
        re.compile(r"given twice|decode Kubernetes YAML|broken YAML"),
        "yaml",
        ("spec.source.helm.values", "spec.sources.[].helm.values", "spec.templatePatch"),
    ),
)


def cannot_be_known(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> bool:
    """Tell whether a delivery is not rendered because of something that cannot be had here."""
    if not delivery.problem:
        return False
    is_elsewhere = _FILES.search(delivery.problem) is not None and follows_another_branch(view, cluster, delivery)
    if _VERDICTS.search(delivery.problem):
        return is_elsewhere
    return is_elsewhere or _OUTSIDE.search(delivery.problem) is not None


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if not delivery.problem:
            continue
        if cannot_be_known(view, cluster, delivery):
            yield from _without_chart(view, cluster, delivery)
            continue
        if _VALUES.search(delivery.problem) and is_made_later(view, cluster, delivery):
            continue
        sort = next((each for each in _SORTS if each.words.search(delivery.problem)), None)
        place, message = _told(view, delivery, sort)
        yield Found(
            cluster=cluster,
            subject=delivery,
            message=message,
            place=place,
            topic=_topic(delivery, sort),
        )


def _without_chart(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield what is wrong with value files of this repository for a chart that cannot be had."""
    if delivery.key.group_kind == APPLICATION and not follows_another_branch(view, cluster, delivery):
        for path, message, topic in value_file_problems(delivery.manifest, view.platform.estate):
            yield Found(cluster=cluster, subject=delivery, message=message, path=path, topic=topic)


def _topic(delivery: Delivery, sort: _Sort | None) -> str:
    kind = delivery.key.group_kind
    if kind == APPLICATION_SET:
        return "appset"
    if sort is not None:
        return sort.topic
    if kind == HELM_RELEASE or (kind == APPLICATION and _HELM.search(delivery.problem)):
        return "helm-chart"
    return "kustomize-build" if kind in (KUSTOMIZATION, APPLICATION) else "source-missing"


def _told(view: PlatformView, delivery: Delivery, sort: _Sort | None) -> tuple[Place, str]:
    """Return where a person edits, and the words without the place."""
    problem = delivery.problem
    if sort is not None and sort.is_of_delivery:
        path = _named(delivery.manifest, sort.paths, problem)
        if path:
            return view.place(delivery, path), problem
    matched = _PLACE.match(problem)
    if matched is not None and view.places.text(matched["file"]):
        place = _nearer(view, Place(matched["file"], int(matched["line"] or 1)), matched["rest"])
        return place, matched["rest"]
    template = _template(view, delivery)
    if template.line:
        return template, problem
    path = _refused_value(delivery.manifest, problem) if sort is not None and sort.topic == "helm-values" else ()
    path = path or _named(delivery.manifest, sort.paths if sort is not None else (), problem) or _field(delivery)
    if path:
        return view.place(delivery, path), problem
    place = view.place(delivery)
    if delivery.key.group_kind == APPLICATION_SET and place.line:
        return _nearer(view, place, problem), problem
    return place, problem


def _field(delivery: Delivery) -> FieldPath:
    """Return the entry of a list of the delivery that its problem names, as ``spec.postRenderers[0].kustomize``."""
    found = _FIELD.search(delivery.problem)
    steps: FieldPath = tuple(int(each) if each.isdigit() else each for each in _STEP.findall(found[0] if found else ""))
    while steps and not isinstance(steps[-1], int):
        steps = steps[:-1]
    return steps


def _refused_value(manifest: Manifest, problem: str) -> FieldPath:
    """Return the value that the schema of a chart refuses, where the delivery itself gives it."""
    for found in _VALUE.finditer(problem):
        written = found["dotted"] or found["pointer"].strip("/").replace("/", ".")
        steps = [each for each in written.split(".") if each not in ("", "(root)")]
        steps += [found["extra"] or found["more"]] if found["extra"] or found["more"] else []
        for before in ("spec.values", "spec.source.helm.valuesObject", "spec.sources.[].helm.valuesObject"):
            for path, _ in walked(manifest, ".".join((before, *steps))):
                return path if len(steps) else ()
    return ()


def _template(view: PlatformView, delivery: Delivery) -> Place:
    """Return the line of a chart of the repository that a problem names, or the dependency in its ``Chart.yaml``."""
    found = _TEMPLATE.search(delivery.problem)
    wanted, gone = _DEPENDENCY.search(delivery.problem), _NO_CHART.search(delivery.problem)
    for folder in chart_folders(delivery):
        text = view.places.text(f"{folder}/{found['file']}") if found is not None else ""
        if found is not None and text:
            line = min(int(found["line"] or found["made"]), len(text.splitlines()))
            return Place(f"{folder}/{found['file']}", line)
        if wanted is not None:
            file = f"{folder}/Chart.yaml"
            place = view.places.containing(file, f"name: {wanted['name']}")
            if place.line:
                return place
        if gone is not None:
            place = view.places.containing(f"{folder}/Chart.yaml", gone["folder"].rpartition("/")[2])
            if place.line:
                return place
    return Place()


def _nearer(view: PlatformView, place: Place, message: str) -> Place:
    """Return the line of a file that holds what a message quotes, as a variable or a key, if it comes later."""
    for quoted in re.findall(
        r"[\"']([^\"'\s]{2,})[\"']|(\$\{[^}\s]+)|\[([^\]\s]+)\]|open \S*?([^/\s]+):"
        r"|template (\{\{[^:]*\}?)(?=:)",
        message,
    ):
        text = next(each for each in quoted if each)
        if len(text) > 1 and text in view.places.text(place.file):
            found = view.places.containing(place.file, text, place.line)
            if found.line:
                return found
    return place


def _named(manifest: Manifest, patterns: Iterable[str], problem: str) -> FieldPath:
    """Return the first of some fields that an object has; of a list the item that the problem names."""
    number = _NUMBERED.search(problem)
    for pattern in patterns:
        first: FieldPath = ()
        for path, here in walked(manifest, pattern):
            if number is not None and path[1:2] == ("sources",) and path[2:3] not in ((), (int(number[1]) - 1,)):
                continue
            for index, item in enumerate(here if isinstance(here, list) else ()):
                field = _naming(item, problem)
                if field is not None:
                    return (*path, index, *field)
            first = first or ((*path, "name") if isinstance(here, dict) and "name" in here else path)
        if first:
            return first
    return ()


def _naming(item: Json, problem: str) -> FieldPath | None:
    """Return the field of an item by which a problem names it; None where it does not."""
    if isinstance(item, str):
        return () if item in problem or item.rpartition("../")[2] in problem else None
    for name in ("path", "valuesKey", "name"):
        text = text_at(item, name)
        if text and text in problem:
            return ("name",) if name == "valuesKey" else (name,)
    return None


RULE: Final = Rule(
    name="not-rendered",
    topic="kustomize-build",
    severity=Severity.ERROR,
    sentence="Every delivery can be rendered, as its controller would render it.",
    check=_check,
)
