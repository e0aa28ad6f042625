"""The sources of Flux as a walk finds them: files of repositories and artifacts, and the charts of releases."""

from __future__ import annotations

from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.artifact_charts import artifact_chart
from nixernetes.render.artifact_generators import ARTIFACT_GENERATOR, assembled, output_of
from nixernetes.render.chart_sources import made_chart
from nixernetes.render.charts import Chart, ChartRepositories
from nixernetes.render.credentials import ANONYMOUS, Credentials
from nixernetes.render.ignore import filter_source
from nixernetes.render.oci import oci_ref_of
from nixernetes.render.outside import Declared, Outside
from nixernetes.render.source_credentials import source_credentials, unsupported_access
from nixernetes.render.sources import Ref, ref_of
from nixernetes.render.tree import Tree

__all__ = ["FluxSources"]

_SOURCES: Final = "source.toolkit.fluxcd.io"
_NOT_FETCHED: Final = {
    "include": "including other repositories is not done here",
    "recurseSubmodules": "submodules are not fetched here",
}
_NOT_VERIFIED: Final = {
    "verify": "signatures are not verified here: verify it yourself, and give it with --source URL=PATH"
}


class FluxSources:
    """Finds files and charts; equal questions are asked once.

    Args:
        outside: what is read besides the declared objects.

    """

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._trees: dict[str, tuple[Tree, str]] = {}
        self._artifacts: dict[tuple[str, Credentials], tuple[Tree, str]] = {}
        self._charts: dict[tuple[str, Credentials], Chart] = {}

    def files(self, reference: Json, namespace: str, declared: Declared) -> tuple[Tree, str]:
        """Return the files of a source, and its revision.

        Args:
            reference: a ``sourceRef``.
            namespace: the namespace of who names it.
            declared: the objects that are declared so far.

        Raises:
            NixernetesError: the source is not declared, cannot be reached, or asks for what is not done here.

        """
        kind, name = reference.get("kind") or "", reference.get("name") or ""
        source = _declared(declared, kind, reference.get("namespace") or namespace, name)
        if kind == "ExternalArtifact":
            return self._assembled(source, declared)
        if kind == "OCIRepository":
            return self._artifact(source, declared)
        spec = source.get("spec") or {}
        _refuse(source, _NOT_FETCHED)
        url = spec.get("url") or spec.get("endpoint") or ""
        if not url:
            raise InputError("its files come from other objects, and are not known here", subject=str(key_of(source)))
        ref = ref_of(spec) if kind == "GitRepository" else Ref(revision="HEAD")
        key = manifests.digest([kind, spec])
        if key not in self._trees:
            found = self._outside.source.snapshot(url, ref)
            filtered = filter_source(found.tree, spec.get("ignore"), sparse=spec.get("sparseCheckout") or ())
            self._trees[key] = (filtered, found.commit)
        return self._trees[key]

    def chart(self, release: Manifest, declared: Declared) -> Chart:
        """Return the chart of a HelmRelease.

        Raises:
            NixernetesError: it names none, or the chart cannot be had.

        """
        spec = release.get("spec") or {}
        namespace = (release.get("metadata") or {}).get("namespace") or "default"
        reference = spec.get("chartRef")
        if reference is None:
            wanted = (spec.get("chart") or {}).get("spec")
            if not wanted:
                raise InputError("it has neither spec.chart nor spec.chartRef")
            return self._made(wanted, namespace, declared)
        at = reference.get("namespace") or namespace
        if reference.get("kind") == "HelmChart":
            found = _declared(declared, "HelmChart", at, reference.get("name") or "")
            return self._made(found.get("spec") or {}, at, declared)
        tree, revision = self.files(reference, namespace, declared)
        return artifact_chart(tree, revision)

    def _made(self, spec: Json, namespace: str, declared: Declared) -> Chart:
        reference = spec.get("sourceRef") or {}
        if reference.get("kind") != "HelmRepository":
            _refuse_verification(spec)
            tree, revision = self.files(reference, namespace, declared)
            return made_chart(spec, tree, "", revision, self._outside.repositories)
        at = reference.get("namespace") or namespace
        source = _declared(declared, "HelmRepository", at, reference.get("name") or "")
        url, who = source["spec"]["url"], ANONYMOUS
        if not self._outside.is_mapped(f"{url.rstrip('/')}/{spec.get('chart')}"):
            _refuse_verification(spec)
            if source["spec"].get("type") == "oci":
                _refuse(source, unsupported_access(source["spec"]))
            who = _who(source, declared)
        key = (manifests.digest([url, spec]), who)
        if key not in self._charts:
            self._charts[key] = made_chart(spec, None, url, "", _AskedAs(self._outside.repositories, url, who))
        return self._charts[key]

    def _artifact(self, source: Manifest, declared: Declared) -> tuple[Tree, str]:
        spec, who = source.get("spec") or {}, ANONYMOUS
        if not self._outside.is_mapped(spec.get("url") or ""):
            _refuse(source, _NOT_VERIFIED | unsupported_access(spec))
            who = _who(source, declared)
        selector = spec.get("layerSelector") or {}
        key = (manifests.digest(spec), who)
        if key not in self._artifacts:
            found = self._outside.registries.artifact(
                spec.get("url") or "", oci_ref_of(spec), who, media_type=selector.get("mediaType") or ""
            )
            copied = selector.get("operation") == "copy"
            tree = found.tree if copied else filter_source(found.tree, spec.get("ignore"))
            self._artifacts[key] = (tree, found.revision)
        return self._artifacts[key]

    def _assembled(self, artifact: Manifest, declared: Declared) -> tuple[Tree, str]:
        """Return the files that an ArtifactGenerator puts together, and the artifact's revision."""
        reference, name = (artifact.get("spec") or {}).get("sourceRef") or {}, key_of(artifact).name
        at = ObjectKey(*ARTIFACT_GENERATOR, reference.get("namespace") or "", reference.get("name") or "")
        generator = declared.get(at) if reference.get("kind") == at.kind else None
        if generator is None:
            raise InputError("its files come from other objects, and are not known here", subject=str(key_of(artifact)))
        output = output_of(generator, name)
        sources = {
            each["alias"]: self.files(each, at.namespace, declared)
            for each in (generator.get("spec") or {}).get("sources") or []
        }
        # The trees of sources live as long as this object, so each is known by its place in memory.
        key = f"{manifests.digest([generator, name])} {[id(tree) for tree, _ in sources.values()]}"
        if key not in self._trees:
            tree = assembled(generator, output, {alias: tree for alias, (tree, _) in sources.items()})
            named = sources.get(str(output.get("revision") or "").removeprefix("@"))
            self._trees[key] = (tree, named[1] if named is not None else f"latest@sha256:{tree.id}")
        return self._trees[key]


class _AskedAs:
    """Repositories one of which is asked with credentials."""

    def __init__(self, repositories: ChartRepositories, url: str, who: Credentials) -> None:
        self._repositories = repositories
        self._url = url
        self._who = who

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index."""
        return self._repositories.index(url, self._who if url == self._url else credentials)

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return a chart."""
        return self._repositories.pull(url, name, version, self._who if url == self._url else credentials)


def _who(source: Manifest, declared: Declared) -> Credentials:
    try:
        return source_credentials(source, declared.lookup)
    except InputError as error:
        raise InputError(error.message, subject=str(key_of(source))) from error


def _refuse(source: Manifest, facts: dict[str, str]) -> None:
    for field, fact in facts.items():
        if (source.get("spec") or {}).get(field):
            raise InputError(f"spec.{field}: {fact}", subject=str(key_of(source)))


def _refuse_verification(spec: Json) -> None:
    if spec.get("verify"):
        raise InputError(f"verify: {_NOT_VERIFIED['verify']}", subject=str(spec.get("chart")))


def _declared(declared: Declared, kind: str, namespace: str, name: str) -> Manifest:
    key = ObjectKey(_SOURCES, kind, namespace, name)
    found = declared.get(key)
    if found is None:
        raise InputError(f"its source {key} is declared nowhere in what is rendered")
    return found
