"""A HelmRelease and its chart give manifests (Flux, section 10).

Values are composed in Flux's order, the chart is rendered, post-renderers change what came out, and the labels by which
Flux and Helm know their objects are set. CustomResourceDefinitions from ``crds/`` are no part of the release: they come
first, as the CRD policy says, and nothing changes them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.go_yaml import go_yaml_problem
from nixernetes.languages.merges import overlaid
from nixernetes.languages.strvals import set_into
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import FLUX_HELM
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of, copy
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.objects.well_known import APP_MANAGED_BY, HELM_HOOK, HELM_RELEASE_NAME, HELM_RELEASE_NAMESPACE
from nixernetes.render.flux.kustomization import with_common_metadata
from nixernetes.render.kustomize.build import build
from nixernetes.render.kustomize.failures import KustomizeError, words_of
from nixernetes.render.kustomize.resources.documents import checked
from nixernetes.render.references import Lookup, missing
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRenderer
from nixernetes.render.tree import MemoryTree

__all__ = [
    "PostRenderError",
    "ValuesError",
    "compose_values",
    "installed",
    "is_crd",
    "is_hook",
    "release_name",
    "render_release",
]

_EXACT = 2**53  # the largest number below which a float holds every whole one
_TOO_LARGE = 10**300
_SYNTAX = re.compile(r"[\\,\[\]{}]")  # what --set reads as more than text
_MAX_NAME = 53  # Helm's limit of a release name
_TESTS = frozenset(("test", "test-success"))
_ALL = "all.yaml"
_FILE_NAME = "postrenderer.helm.sh/postrender-filename"
_JSON_NAMES: Final[dict[type, str]] = {bool: "bool", list: "array", str: "string"}


class ValuesError(InputError):
    """The values of a HelmRelease cannot be composed. Values are never part of the message."""


class PostRenderError(InputError):
    """What a chart gives cannot be post-rendered.

    Attributes:
        words: what helm-controller says of it; the message names the post-renderer.

    """

    def __init__(self, message: str, *, subject: str = "", place: str = "", words: str = "") -> None:
        super().__init__(message, subject=subject, place=place)
        self.words = f"error while running post render on files: {words or message}"


def compose_values(release: Manifest, lookup: Lookup) -> Json:
    """Return the values of a release, the chart's own left out.

    Args:
        release: the HelmRelease.
        lookup: gives the decoded data of a ConfigMap or Secret by kind, namespace and name.

    Raises:
        ValuesError: a reference that is not optional names nothing, or what it names holds no values.

    """
    spec = mapping_at(release, "spec")
    namespace = text_at(release, "metadata", "namespace")
    inline = copy(mapping_at(spec, "values"))
    result: Json = {}
    for reference in items_at(spec, "valuesFrom"):
        text = _referenced(reference, namespace, lookup)
        if text is None:
            continue
        target = reference.get("targetPath")
        if target:
            result = overlaid(result, inline)  # they share what is below: what is set in one is set in both
            _set(result, target, text, reference, namespace)
        else:
            result = overlaid(result, _parsed(text, reference, namespace))
    return _rounded(overlaid(result, inline))


def _rounded(value: Json) -> Json:
    """Return a copy in which whole numbers that no float holds are floats, as all numbers are to helm in Go."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    is_large = isinstance(value, int) and abs(value) > _EXACT
    return float(value) if is_large and abs(value) < _TOO_LARGE else value


def release_name(release: Manifest) -> str:
    """Return the name of the Helm release: given, or ``[targetNamespace-]name``, shortened when it is too long."""
    spec, name = mapping_at(release, "spec"), release["metadata"]["name"]
    if spec.get("releaseName"):
        return str(spec["releaseName"])
    full = f"{spec['targetNamespace']}-{name}" if spec.get("targetNamespace") else str(name)
    if len(full) <= _MAX_NAME:
        return full
    return f"{full[:40]}-{hashlib.sha256(full.encode()).hexdigest()[:12]}"


def is_hook(manifest: Manifest) -> bool:
    """Tell whether a manifest is a Helm hook (tests among them)."""
    return HELM_HOOK in annotations_of(manifest)


def is_crd(item: Rendered) -> bool:
    """Tell whether a manifest came from a ``crds/`` folder of a chart."""
    parts = item.origin.file.split("/")[:-1]
    return "crds" in parts and "templates" not in parts


def render_release(
    chart: Chart,
    release: Manifest,
    values: Json,
    renderer: ChartRenderer,
    *,
    is_upgrade: bool,
    revision: int = 1,
) -> list[Rendered]:
    """Return the manifests of a release, hooks included (see :func:`is_hook`).

    Args:
        chart: the chart.
        release: the HelmRelease.
        values: its values, as :func:`compose_values` gives them.
        renderer: renders charts.
        is_upgrade: whether the release is there already.
        revision: the revision that the release will have.

    Raises:
        InputError: a post-renderer cannot be applied.
        RemoteError: helm failed; the message is helm's own.

    """
    spec = mapping_at(release, "spec")
    name, namespace = release_name(release), _namespace(release)
    action = spec.get("upgrade" if is_upgrade else "install") or {}
    options = ChartOptions(
        release=name,
        namespace=namespace,
        values=values,
        include_crds=_crds_wanted(action, is_upgrade=is_upgrade),
        is_upgrade=is_upgrade,
        as_flux=True,
        revision=revision,
        skip_schema_validation=bool(action.get("disableSchemaValidation")),
    )
    # helm-controller installs a library chart, which holds nothing; the helm command refuses to.
    found = [] if _is_library(chart) else renderer.template(chart, options)
    definitions = [item for item in found if is_crd(item)]
    objects = _post_rendered([item for item in found if not is_crd(item)], release, chart)
    return [*(_labelled(item, release) for item in definitions), *(_managed(item, name, namespace) for item in objects)]


def _is_library(chart: Chart) -> bool:
    text = chart.tree.read("Chart.yaml") if chart.tree.is_file("Chart.yaml") else b""
    if b"library" not in text:
        return False
    return bool(text_at(yamls.parse(text, file="Chart.yaml"), "type") == "library")


def installed(release: Manifest, found: list[Rendered]) -> list[Rendered]:
    """Return what an installation brings: with ``install.disableHooks`` no hooks, but tests where they are enabled.

    Args:
        release: the HelmRelease.
        found: what its chart gives, hooks included.

    """
    spec = mapping_at(release, "spec")
    if not at(spec, "install", "disableHooks"):
        return found
    runs_tests = bool(at(spec, "test", "enable"))
    return [each for each in found if not is_hook(each.manifest) or (runs_tests and _is_test(each.manifest))]


def _is_test(manifest: Manifest) -> bool:
    return any(moment.strip() in _TESTS for moment in str(annotations_of(manifest)[HELM_HOOK]).split(","))


def _namespace(release: Manifest) -> str:
    spec = mapping_at(release, "spec")
    return spec.get("targetNamespace") or at(release, "metadata", "namespace") or "default"


def _crds_wanted(action: Json, *, is_upgrade: bool) -> bool:
    policy = action.get("crds") or ("Skip" if not is_upgrade and action.get("skipCRDs") else "Create")
    return bool(policy != "Skip")


def _referenced(reference: Json, namespace: str, lookup: Lookup) -> str | None:
    """Return the text that a reference names; None when it is optional and not there."""
    if reference["kind"] not in ("ConfigMap", "Secret"):
        raise _failed(reference, namespace, "unsupported values reference kind")
    data = lookup(reference["kind"], namespace, reference["name"])
    key = reference.get("valuesKey") or "values.yaml"
    if data is not None and key in data:
        return data[key]
    if reference.get("optional"):
        return None
    why = missing(reference) if data is None else "key not found"
    raise _failed(reference, namespace, why)


def _failed(reference: Json, namespace: str, why: str) -> ValuesError:
    is_optional = "optional " if reference.get("optional") else ""
    kind = f"{reference['kind']} " if reference["kind"] else ""
    about = f"{is_optional}{kind}chart values reference '{namespace}/{reference['name']}'"
    return ValuesError(f"could not resolve {about} with key '{reference.get('valuesKey') or 'values.yaml'}': {why}")


def _parsed(text: str, reference: Json, namespace: str) -> Json:
    try:
        values = yamls.parse_first(text, file="values", duplicates="last")  # as sigs.k8s.io/yaml
    except InputError as error:  # its message may quote the text, and a Secret's values may be in it
        problem = go_yaml_problem(error)
        why = f"error converting YAML to JSON: {problem}" if problem else "unable to read values: not valid YAML"
        raise _failed(reference, namespace, why) from None
    if values is not None and not isinstance(values, dict):
        what = _JSON_NAMES.get(type(values), "number")
        why = f"json: cannot unmarshal {what} into Go value of type common.Values"
        raise _failed(reference, namespace, f"error unmarshaling JSON: while decoding JSON: {why}")
    return values or {}


def _set(values: Json, path: str, text: str, reference: Json, namespace: str) -> None:
    """Set one value at a path: literal, a string when it is quoted, else as ``--set`` reads it.

    The path is always read as ``--set`` reads it, escapes and commas too (``ReplacePathLiteralValue`` of fluxcd/pkg
    ``chartutil`` 1.27).
    """
    quoted = text[:1] in ("'", '"') and text[-1] == text[0]
    try:
        if reference.get("literal"):
            set_into(values, f"{path}={_SYNTAX.sub(_escaped, text)}", mode="string")
        elif quoted:
            stripped = text.strip("'\"")
            set_into(values, f"{path}={stripped}", mode="string")
        else:
            set_into(values, f"{path}={text}")
    except InputError:
        # What was refused may be a part of the value, so the reason stays out.
        raise _failed(reference, namespace, f"unable to merge value at path '{path}'{_hint(text)}") from None


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def _hint(text: str) -> str:
    """Say what a value is read as, where that is surprising; a part of it is never said."""
    if "," in text:
        return ": the value holds a comma, after which --set reads another key: escape it as \\, or set literal: true"
    if text.startswith("{"):
        return ": a value that begins with a brace is read as a list: set literal: true"
    return ": the path does not fit the values that are there; a dot in a key is written \\."


def _post_rendered(found: list[Rendered], release: Manifest, chart: Chart) -> list[Rendered]:
    """Change what the chart gives, by the strategy: hooks take part (``combined``), go by themselves, or stay."""
    for item in found:
        _check_object(item, chart)
    strategy = at(release, "spec", "postRenderStrategy") or "combined"
    if strategy == "combined":
        return _changed(found, release)
    hooks = [item for item in found if is_hook(item.manifest)]
    others = _changed([item for item in found if not is_hook(item.manifest)], release)
    return [*others, *(hooks if strategy == "nohooks" else _changed(hooks, release))]


def _check_object(item: Rendered, chart: Chart) -> None:
    """Refuse what is no object: helm-controller always post-renders, with the labels of the release."""
    meta = mapping_at(item.manifest, "metadata")
    marks = {**annotations_of(item.manifest), _FILE_NAME: f"{chart.name}/{item.origin.file}"}
    try:
        checked({**item.manifest, "metadata": {**meta, "annotations": marks}})
    except KustomizeError as error:
        raise PostRenderError(error.message, place=str(item.origin), words=error.words) from error


def _changed(found: list[Rendered], release: Manifest) -> list[Rendered]:
    """Apply the post-renderers in order; Flux's own, which sets metadata, is the last one."""
    for number, entry in enumerate(items_at(release, "spec", "postRenderers")):
        kustomize = mapping_at(entry, "kustomize")
        fields = {field: kustomize[field] for field in ("patches", "images") if kustomize.get(field)}
        if fields and found:
            found = _kustomized(found, fields, f"spec.postRenderers[{number}].kustomize")
    return [_labelled(item, release) for item in found]


def _kustomized(found: list[Rendered], fields: Json, step: str) -> list[Rendered]:
    files = {
        _ALL: yamls.dump_all([item.manifest for item in found]),
        "kustomization.yaml": yamls.dump({"resources": [_ALL], **fields}),
    }
    origins = {key_of(item.manifest): item.origin for item in found}
    try:
        built = build(MemoryTree(files), "")
    except InputError as error:  # its place is in a file that nobody wrote
        raise PostRenderError(f"{step}: {error.message}", subject=error.subject, words=words_of(error)) from error
    result = []
    for item in built:
        origin = origins.get(key_of(item.manifest), Origin())
        fields = [f"{step}.{each.field}" if each.field else step for each in item.origin.chain]
        steps = [Step(StepKind.POST_RENDERER, field=field) for field in fields]
        result.append(replace(item, origin=origin.through(*steps)))
    return result


def _labelled(item: Rendered, release: Manifest) -> Rendered:
    """Set the common metadata, then Flux's labels, which win; a definition has these alone."""
    meta = mapping_at(release, "metadata")
    origin = {f"{FLUX_HELM}/name": text_at(meta, "name"), f"{FLUX_HELM}/namespace": text_at(meta, "namespace")}
    common = {} if is_crd(item) else at(release, "spec", "commonMetadata")
    manifest = with_common_metadata(item.manifest, common)
    return replace(item, manifest=with_common_metadata(manifest, {"labels": origin}))


def _managed(item: Rendered, name: str, namespace: str) -> Rendered:
    """Mark as Helm does what is not a hook."""
    if is_hook(item.manifest):
        return item
    helm = {
        "labels": {APP_MANAGED_BY: "Helm"},
        "annotations": {HELM_RELEASE_NAME: name, HELM_RELEASE_NAMESPACE: namespace},
    }
    return replace(item, manifest=with_common_metadata(item.manifest, helm))
