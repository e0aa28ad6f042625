"""Why what an Application wants cannot be loaded, in the words of Argo CD's controller, which asks its repo-server.

The repo-server runs helm and kustomize, and tells the command with what it printed (``util/helm/cmd.go``,
``util/kustomize/kustomize.go`` and ``reposerver/repository/repository.go`` of Argo CD 3.5). Where it keeps repositories
and files that it makes stands ``<path to cached source>`` and ``<file>`` here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.applications import SourceError

__all__ = ["load_problem"]

# What the repo-server answers with the code FailedPrecondition.
_PRECONDITIONS = ("Failed to unmarshal", "Failed to evaluate jsonnet", "Failed to open", "Found multiple objects")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# How what helm says of a chart begins; behind the first four it tells how to see the YAML.
_RENDERED = ("template: ", "execution error at ", "parse error at ", "YAML parse error on ")
_HELM = (*_RENDERED, "values don't meet the specifications", "chart requires kubeVersion", "found in Chart.yaml, but")
_CACHE = "<path to cached source>"
_MISSING = re.compile(r"accumulating resources: open (\S+): no such file or directory")
_LOST_VALUES = re.compile(r"open (\S+): no such file or directory: correct helm\.valueFiles")
_KUBERNETES = "1.34.4"  # what an API server says that it is


def load_problem(error: NixernetesError, app: ReadApplication) -> str:
    """Return the text of a failure; that of a source says which it was, and that the repo-server told."""
    if not isinstance(error, SourceError):
        return error.message
    inner, code = error.error, "Unknown"
    told = inner.message
    source = app.sources[error.number - 1] if error.number <= len(app.sources) else None
    if told.startswith(_PRECONDITIONS):
        code, told = "FailedPrecondition", str(inner)  # it says in which line of the file
    elif inner.place.rpartition("/")[2].partition(":")[0] in _KUSTOMIZATIONS:
        told = _of_kustomize(text_at(source, "path"), told)
    elif isinstance(inner, RemoteError) and told.startswith(_HELM):
        told = _of_helm(source, app, told)
    elif (lost := _LOST_VALUES.fullmatch(told)) is not None:
        told = _of_helm(source, app, f"open {_CACHE}/{lost[1]}: no such file or directory")
    return f"{error.which}: rpc error: code = {code} desc = {told}"


def _of_kustomize(folder: str, told: str) -> str:
    path = f"{_CACHE}/{folder}".rstrip("/")
    missing = _MISSING.fullmatch(told)
    if missing is not None:
        name = missing[1].removeprefix(f"{folder}/")
        lost = f"evalsymlink failure on '{path}/{name}' : lstat {path}/{name}: no such file or directory"
        told = (
            f"accumulating resources: accumulation err='accumulating resources from '{name}': {lost}': "
            f"must build at directory: not a valid directory: {lost}"
        )
    return f"`kustomize build {path}` failed exit status 1: Error: {told}"


def _of_helm(source: Json, app: ReadApplication, told: str) -> str:
    words = " ".join(_helm_arguments(source, app))
    advice = "\n\nUse --debug flag to render out invalid YAML" if told.startswith(_RENDERED) else ""
    return (
        f"failed to execute helm template command: failed running helm: `helm template . {words}` "
        f"failed exit status 1: Error: {told}{advice}"
    )


def _helm_arguments(source: Json, app: ReadApplication) -> Iterator[str]:
    options = mapping_at(source, "helm")
    yield f"--name-template {text_at(options, 'releaseName') or app.key.name}"
    namespace = text_at(options, "namespace") or app.namespace
    if namespace:
        yield f"--namespace {namespace}"
    yield f"--kube-version {text_at(options, 'kubeVersion') or _KUBERNETES}"
    for entry in objects_at(options, "parameters"):
        flag = "--set-string" if entry.get("forceString") else "--set"
        yield f"{flag} {text_at(entry, 'name')}={text_at(entry, 'value')}"
    for entry in objects_at(options, "fileParameters"):
        yield f"--set-file {text_at(entry, 'name')}={_kept(source, text_at(entry, 'path'))}"
    for name in items_at(options, "valueFiles"):
        yield f"--values {_kept(source, str(name))}"
    if options.get("values") or options.get("valuesObject"):
        yield "--values <file>"
    yield "<api versions removed>"
    if not options.get("skipCrds"):
        yield "--include-crds"
    if options.get("skipSchemaValidation"):
        yield "--skip-schema-validation"
    if options.get("skipTests"):
        yield "--skip-tests"


def _kept(source: Json, name: str) -> str:
    path = name.lstrip("/") if name.startswith("/") else f"{text_at(source, 'path')}/{name}"
    return f"{_CACHE}/{path}"
