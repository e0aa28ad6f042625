"""Parameters from generators (section 14.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError, NixernetesError, RemoteError
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.gotemplates import encodings
from nixernetes.languages.gotemplates.encodings import decoded
from nixernetes.languages.gotemplates.functions import normalize
from nixernetes.languages.merges import overlaid
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.argocd.applicationsets.clusters import (
    CLUSTER_LABEL,
    TargetCluster,
)
from nixernetes.render.argocd.applicationsets.git_parameters import git_parameters
from nixernetes.render.argocd.applicationsets.label_selection import cluster_selection, parameter_selection
from nixernetes.render.argocd.applicationsets.templates import Templating, flat
from nixernetes.render.argocd.applicationsets.unknown import Unknown
from nixernetes.render.tree import Tree

__all__ = ["GENERATORS", "GeneratorInputs", "generate"]

GENERATORS = ("clusters", "git", "list", "matrix", "merge")
_OUTSIDE = ("scmProvider", "pullRequest", "clusterDecisionResource", "plugin")
_GENERIC = ("selector",)
_MAX_PARAMETERS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorInputs:
    """What generators read.

    Attributes:
        clusters: returns the clusters that Argo CD knows.
        tree: returns the files of a repository (arguments: URL, revision).
        templating: how strings are filled in.

    """

    clusters: Callable[[], Sequence[TargetCluster]]
    tree: Callable[[str, str], Tree]
    templating: Templating


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """One set of parameters, and the template that its generator puts over the ApplicationSet's."""

    values: Json
    template: Json = None


def generate(generators: Sequence[Json], around: GeneratorInputs) -> list[Parameters]:
    """Return the parameters of all generators, in order.

    Raises:
        InputError: a generator is broken or not supported; the message says which.
        RemoteError: a repository cannot be read.

    """
    found: list[Parameters] = []
    for generator in generators:
        rows = _one(generator, around, {}, depth=0)
        found += [Parameters(values=row, template=_template(generator)) for row in rows]
        if len(found) > _MAX_PARAMETERS:
            raise InputError(f"more than {_MAX_PARAMETERS:,} sets of parameters")
    return found


def _template(generator: Json) -> Json:
    blocks = [block for name, block in generator.items() if name not in _GENERIC and isinstance(block, dict)]
    return blocks[0].get("template") if blocks else None


def _one(generator: Json, around: GeneratorInputs, known: Json, *, depth: int) -> list[Json]:
    kinds = [name for name in generator if name not in _GENERIC and generator[name] is not None]
    if len(kinds) != 1:
        raise InputError(f"a generator has exactly one kind; found {', '.join(kinds) or 'none'}")
    kind = kinds[0]
    if kind in _OUTSIDE:
        raise InputError(f"generator {kind} needs a service outside and does not run here: use list, clusters or git")
    if kind not in GENERATORS:
        raise InputError(f"unknown generator {kind}: use {', '.join(GENERATORS)}")
    if kind in ("matrix", "merge") and depth > 1:
        raise InputError(f"generator {kind} may be nested in matrix or merge only once")
    keeps = parameter_selection(generator.get("selector"))
    block = _filled(generator[kind], around.templating, known) if known else generator[kind]
    rows = _KINDS[kind](block, around, known, depth)
    return [row for row in rows if keeps.matches(flat(row))] if keeps.requirements else rows


def _filled(block: Json, templating: Templating, known: Json) -> Json:
    """Return a generator filled in with an earlier one's parameters; values that name its own wait for these."""
    head = "failed to replace parameters in generator"
    values = block.get("values") if isinstance(block, dict) else None
    try:
        if values is None:
            return templating.fill(block, known)
        rest = templating.fill({name: part for name, part in block.items() if name != "values"}, known)
    except InputError as error:
        within = ": failed to deeply replace JSON field contents" if "elements" in block else ""
        raise InputError(f"{head}{within}: {error.message}") from error
    filled = {}
    for name, value in values.items():
        try:
            filled[name] = _or_later(value, templating, known)
        except InputError as error:
            raise InputError(f"{head}: failed to pre-resolve Values key {go_quoted(name)}: {error.message}") from error
    return {**rest, "values": filled}


def _or_later(value: Json, templating: Templating, known: Json) -> Json:
    """Return a value filled in, or as it is where it needs what is not known yet (``isMissingKeyError``)."""
    try:
        return replace(templating, options=("missingkey=error",)).fill(value, known)
    except InputError as error:
        if "map has no entry for key" in error.message or "can't evaluate field" in error.message:
            return value
        raise


def _list(block: Json, around: GeneratorInputs, known: Json, depth: int) -> list[Json]:
    del known, depth
    go = around.templating.go
    rows = [decoded(element) if go else _texts(element) for element in block.get("elements") or []]
    if block.get("elementsYaml"):
        more = yamls.parse(block["elementsYaml"])
        if not isinstance(more, list):
            raise InputError("list generator: elementsYaml is not a list")
        rows += [decoded(element) for element in more]
    if not all(isinstance(row, dict) for row in rows):
        raise InputError("an element of a generator is an object of names and values")
    return rows


def _texts(element: Json) -> Json:
    """Return an element without Go templates: its values are texts, those below ``values`` too."""
    if not isinstance(element, dict):
        return element
    values = element.get("values")
    row = {name: value for name, value in element.items() if name != "values"}
    if "values" in element:
        if not isinstance(values, dict):
            raise InputError("error parsing values map")
        row |= {f"values.{name}": value for name, value in values.items()}
    for name, value in row.items():
        if not isinstance(value, str):
            raise InputError(f"list generator: {name} is not a string: quote it, or set goTemplate: true")
    return row


def _clusters(block: Json, around: GeneratorInputs, known: Json, depth: int) -> list[Json]:
    del known, depth
    selector = block.get("selector") or {}
    wanted = cluster_selection(selector)
    chooses = bool(selector.get("matchLabels") or selector.get("matchExpressions"))
    rows = []
    for cluster in around.clusters():
        local = cluster.server == IN_CLUSTER and not cluster.declared
        labels = {**cluster.labels, **({} if local else CLUSTER_LABEL)}
        if (chooses and local) or not wanted.matches(labels):
            continue
        row = around.templating.parameters(_cluster_row(cluster, None if local else labels))
        head = f"error appending templated values for {'local ' if local else ''}cluster"
        rows.append(_with_values(row, block, around, head))
    if block.get("flatList"):
        return [{"clusters": rows}]
    return rows


def _cluster_row(cluster: TargetCluster, labels: Mapping[str, str] | None) -> Json:
    """Return what is known of a cluster; one that no Secret declares has no metadata."""
    row: Json = {
        "name": cluster.name,
        "nameNormalized": normalize(cluster.name),
        "server": cluster.server,
        "project": cluster.project,
    }
    if labels is not None:
        about = {"labels": labels, "annotations": dict(cluster.annotations)}
        row["metadata"] = {part: texts for part, texts in about.items() if texts}
    for part, reason in cluster.unknown.items():
        row[part] = Unknown(reason)
    return {**row, "nameNormalized": row["name"]} if "name" in cluster.unknown else row


def _git(block: Json, around: GeneratorInputs, known: Json, depth: int) -> list[Json]:
    del known, depth
    if block.get("pathParamPrefix") and "/" in block["pathParamPrefix"]:
        raise InputError("git generator: pathParamPrefix has a slash")
    try:
        tree = _repository(block, around)
        rows = git_parameters(block, tree, around.templating)
        return [_with_values(row, block, around, "failed to append templated values") for row in rows]
    except NixernetesError as error:
        raise InputError(f"error generating params from git: {error.message}", subject=error.subject) from error


def _repository(block: Json, around: GeneratorInputs) -> Tree:
    """Return a repository; what is said when it cannot be had comes from Argo CD's repo-server."""
    try:
        return around.tree(block.get("repoURL") or "", block.get("revision") or "HEAD")
    except RemoteError as error:
        why = error.message
        if not why.startswith("unable to resolve"):
            why = f"failed to list refs: {why}"
        if why.endswith("repository not found"):
            why += ": "  # before what the server adds
        told = f"rpc error: code = Internal desc = unable to resolve git revision : {why}"
        if block.get("directories"):
            told = f"error getting directories from repo: error retrieving Git Directories: {told}"
        else:
            told = f"error retrieving Git files: {told}"
        raise InputError(told) from error


def _with_values(row: Json, block: Json, around: GeneratorInputs, head: str) -> Json:
    values = block.get("values") or {}
    if not values:
        return row
    try:  # what an earlier generator knows is filled in already
        filled = {name: around.templating.fill(value, row) for name, value in values.items()}
    except InputError as error:
        way = "failed to replace templated string: failed to replace templated string with rendered values"
        raise InputError(f"{head}: {way}: {error.message}") from error
    if around.templating.go:
        return {**row, "values": filled}
    return {**row, **{f"values.{name}": str(value) for name, value in filled.items()}}


def _matrix(block: Json, around: GeneratorInputs, known: Json, depth: int) -> list[Json]:
    children = block.get("generators") or []
    if len(children) != 2:
        raise InputError(
            f"found {'less' if len(children) < 2 else 'more'} than two generators, Matrix support only two"
        )
    rows = []
    for first in _child(
        children[0], around, known, depth, "error failed to get params for first generator in matrix generator"
    ):
        inner = {**known, **first}
        for second in _child(
            children[1], around, inner, depth, "failed to get params for second generator in the matrix generator"
        ):
            rows.append(_combined(first, second, go=around.templating.go))
            if len(rows) > _MAX_PARAMETERS:
                raise InputError(f"matrix generator: more than {_MAX_PARAMETERS:,} combinations")
    return rows


def _combined(first: Json, second: Json, *, go: bool) -> Json:
    if go:
        return overlaid(second, first)
    for key in first:
        if key in second and second[key] != first[key]:
            raise InputError(
                "failed to combine string maps with merging params for the matrix generator: "
                f"found duplicate key {key} with different value, a: {first[key]} ,b: {second[key]}"
            )
    return {**first, **second}


def _child(generator: Json, around: GeneratorInputs, known: Json, depth: int, head: str) -> list[Json]:
    """Return the parameters of a generator in another one, which says so when it fails."""
    try:
        return _one(generator, around, known, depth=depth + 1)
    except NixernetesError as error:
        message = f"{head}: child generator returned an error on parameter generation: {error.message}"
        raise InputError(message, subject=error.subject) from error


def _merge(block: Json, around: GeneratorInputs, known: Json, depth: int) -> list[Json]:
    children, keys = block.get("generators") or [], block.get("mergeKeys") or []
    if len(children) < 2:
        raise InputError("found less than two generators, Merge requires two or more")
    head = "error getting param sets from generators: error getting params from generator"
    found = [
        _child(child, around, known, depth, f"{head} {number} of {len(children)}")
        for number, child in enumerate(children, 1)
    ]
    if not keys:
        none = "no merge keys were specified, Merge requires at least one"
        raise InputError(f"error getting param sets by merge key: {none}")
    sets = [_keyed(rows, keys) for rows in found]
    result = sets[0]
    for more in sets[1:]:
        for key, row in more.items():
            if key in result:
                result[key] = overlaid(result[key], row) if around.templating.go else {**result[key], **row}
    return list(result.values())


def _keyed(rows: Sequence[Json], keys: Sequence[str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for row in rows:
        values = {key: row.get(key) for key in keys}  # a dotted key is no path: with Go templates there is none such
        text = encodings.to_json(values)
        if text in found:
            raise InputError(
                "error getting param sets by merge key: the parameters from a generator were not unique by the "
                "given mergeKeys, Merge requires "
                f"all param sets to be unique. Duplicate key was {text}"
            )
        found[text] = row
    return found


_KINDS: Mapping[str, Callable[[Json, GeneratorInputs, Json, int], list[Json]]] = {
    "clusters": _clusters,
    "git": _git,
    "list": _list,
    "matrix": _matrix,
    "merge": _merge,
}
