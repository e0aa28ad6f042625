"""The sources of Flux: which revision one names now, the files of a revision, and the charts of releases.

The walk over a repository and source-controller both find files here. Controllers ask which revision a source names
now, at their interval, and fetch it when it is another one; a walk fetches once. What was fetched at one revision is
shared by all who ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import ARTIFACT_GENERATOR
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.artifact_generators import made_artifact, output_of
from nixernetes.render.flux.fetched import Fetched, revision_of
from nixernetes.render.flux.ignore import filter_source
from nixernetes.render.flux.included import includes_of, with_includes
from nixernetes.render.flux.named_repositories import NamedRepositories
from nixernetes.render.flux.source_credentials import source_credentials, unsupported_access
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings
from nixernetes.render.sources.artifact_charts import artifact_chart, digest_of
from nixernetes.render.sources.chart_folders import made_chart
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.git import Ref, ref_of
from nixernetes.render.sources.oci import OciRef, oci_ref_of
from nixernetes.render.tools import Tools
from nixernetes.render.tree import Tree

__all__ = ["FluxSources"]

_SUBMODULES: Final = "spec.recurseSubmodules is not honoured: submodules are not fetched, and their folders are empty"
_NO_ORIGIN: Final = "its files come from other objects, and are not known here"
_MOST: Final = 512


class FluxSources:
    """Finds files and charts; equal questions are asked once.

    It forgets the trees and charts that were asked for least recently when it holds more than 512 of either.

    Args:
        tools: what is read through.

    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._fetched: Bounded[object, Fetched] = Bounded(_MOST)
        self._charts: Bounded[object, Chart] = Bounded(_MOST)

    def unsupported(self, source: Manifest) -> Mapping[str, str]:
        """Return the fields of a source that ask for what is not done here, each with the fact."""
        spec: Json = mapping_at(source, "spec")
        kind = key_of(source).kind
        facts: dict[str, str] = {}
        if kind == "OCIRepository" and not self._tools.is_mapped(text_at(spec, "url")):
            facts = {**unsupported_access(spec)}
        if kind == "HelmRepository" and spec.get("type") == "oci":
            facts = {**unsupported_access(spec)}
        return {field: fact for field, fact in facts.items() if spec.get(field)}

    def not_verified(self, source: Manifest) -> tuple[PreviewNote, ...]:
        """Return a note where the files of a source are taken without the signature that it asks for."""
        spec: Json = mapping_at(source, "spec")
        mapped = key_of(source).kind == "OCIRepository" and self._tools.is_mapped(text_at(spec, "url"))
        return () if mapped or not spec.get("verify") else (_unsigned(str(key_of(source)), spec),)

    def chart_not_verified(self, spec: Json, source: Manifest) -> tuple[PreviewNote, ...]:
        """Return a note where a chart is taken without the signature that its spec asks for.

        Args:
            spec: the spec of the HelmChart.
            source: its source.

        """
        url = text_at(source, "spec", "url").rstrip("/")
        mapped = self._tools.is_mapped(f"{url}/{spec.get('chart')}")
        return () if mapped or not spec.get("verify") else (_unsigned(f"chart {spec.get('chart')}", spec),)

    def credentials(self, source: Manifest, declared: Surroundings) -> Credentials:
        """Return who a source asks as; nobody for what the user gives.

        Raises:
            InputError: a Secret is not there, or is malformed. Values are never part of the message.

        """
        spec = mapping_at(source, "spec")
        if key_of(source).kind == "GitRepository" or self._tools.is_mapped(text_at(spec, "url")):
            return ANONYMOUS  # repositories are read from this machine
        return source_credentials(source, declared.lookup)

    def revision(self, source: Manifest, who: Credentials = ANONYMOUS) -> str:
        """Return the revision that a source names now, in Flux's format, without fetching its files.

        Raises:
            RemoteError: it cannot be reached, or has no such revision.

        """
        spec: Json = mapping_at(source, "spec")
        if key_of(source).kind == "OCIRepository":
            return self._tools.registries.resolve(text_at(spec, "url"), oci_ref_of(spec), who)
        if key_of(source).kind == "HelmRepository":
            return self._tools.repositories.index(text_at(spec, "url"), who)
        return revision_of(*self._tools.source.resolve(*_place(source)))

    def fetched(
        self,
        source: Manifest,
        who: Credentials = ANONYMOUS,
        revision: str = "",
        included: Sequence[Tree] = (),
    ) -> Fetched:
        """Return the files of a GitRepository, Bucket or OCIRepository, filtered as it says.

        Args:
            source: the object.
            who: who asks.
            revision: the revision to fetch; ``""`` is what the source names, found out once.
            included: the files of the repositories that it includes, in the order of ``spec.include``.

        Raises:
            NixernetesError: it cannot be reached, or has no files, or cannot be put together.

        """
        spec: Json = mapping_at(source, "spec")
        kind = key_of(source).kind
        key = (kind, manifests.digest(spec), who, revision, tuple(tree.id for tree in included))
        if kind == "OCIRepository":
            return self._fetched.answer(key, lambda: self._artifact(spec, who, revision))
        return self._fetched.answer(key, lambda: self._git(source, included))

    def files(self, reference: Json, namespace: str, declared: Surroundings) -> Fetched:
        """Return the files of a source by its name.

        Args:
            reference: a ``sourceRef``.
            namespace: the namespace of who names it.
            declared: the objects around.

        Raises:
            NixernetesError: the source is not declared, cannot be reached, or asks for what is not done here.

        """
        kind, name = text_at(reference, "kind"), text_at(reference, "name")
        source = _declared(declared, kind, reference.get("namespace") or namespace, name)
        if kind == "ExternalArtifact":
            return self._assembled(source, declared)
        self._refuse(source)
        for note in self.not_verified(source):
            declared.noted(note)
        found = self.fetched(source, self._who(source, declared), included=self._included(source, declared, (name,)))
        for text in found.notes:
            declared.noted(PreviewNote(subject=str(key_of(source)), text=text))
        return found

    def place(self, reference: Json, namespace: str, declared: Surroundings) -> tuple[str, str]:
        """Return the URL of a source by its name, and its revision; the arguments and errors are those of ``files``."""
        found = self.files(reference, namespace, declared)
        at = reference.get("namespace") or namespace
        spec = _declared(declared, text_at(reference, "kind"), at, text_at(reference, "name")).get("spec") or {}
        return str(spec.get("url") or text_at(spec, "endpoint")), found.revision

    def _included(self, source: Manifest, declared: Surroundings, line: tuple[str, ...]) -> list[Tree]:
        """Return the files of the repositories that a GitRepository includes; ``line`` holds those that include it."""
        found = []
        namespace = key_of(source).namespace
        includes = includes_of(mapping_at(source, "spec")) if key_of(source).kind == "GitRepository" else ()
        for include in includes:
            if include.name in line:
                circle = " -> ".join((*line, include.name))
                raise InputError(f"spec.include: a circle: {circle}", subject=str(key_of(source)))
            other = _declared(declared, "GitRepository", namespace, include.name)
            below = self._included(other, declared, (*line, include.name))
            found.append(self.fetched(other, included=below).tree)
        return found

    def chart(self, release: Manifest, declared: Surroundings) -> Chart:
        """Return the chart of a HelmRelease, found by name.

        Raises:
            NixernetesError: it names none, or the chart cannot be had.

        """
        spec = mapping_at(release, "spec")
        namespace = at(release, "metadata", "namespace") or "default"
        reference = spec.get("chartRef")
        if reference is None:
            wanted = at(spec, "chart", "spec")
            if not wanted:
                raise InputError("it has neither spec.chart nor spec.chartRef")
            return self._found(wanted, namespace, declared)
        place = text_at(reference, "namespace") or namespace
        if reference.get("kind") == "HelmChart":
            found = _declared(declared, "HelmChart", place, text_at(reference, "name"))
            return self._found(mapping_at(found, "spec"), place, declared)
        files = self.files(reference, namespace, declared)
        return artifact_chart(files.tree, files.revision)

    def made(
        self, spec: Json, source: Manifest, declared: Surroundings, files: Fetched | None, *, generation: int = 1
    ) -> Chart:
        """Return the chart that a HelmChart's spec describes.

        Args:
            spec: the spec.
            source: the HelmRepository, GitRepository or Bucket that it names.
            declared: the objects around: HelmRepositories of the source's namespace say who asks for dependencies.
            files: the files of a source that is no HelmRepository.
            generation: the HelmChart's.

        Raises:
            ChartBuildError: there is no chart, or a values file or a dependency cannot be had.
            NixernetesError: the repository cannot be asked, or has no such chart.

        """
        url = text_at(source, "spec", "url")
        repositories = NamedRepositories(self._tools, source, declared, self.credentials)
        if files is not None:
            return made_chart(spec, files.tree, "", files.revision, repositories, generation=generation)
        if not self._tools.is_mapped(f"{url.rstrip('/')}/{spec.get('chart')}"):
            self._refuse(source)
        return made_chart(spec, None, url, "", repositories, generation=generation)

    def _found(self, spec: Json, namespace: str, declared: Surroundings) -> Chart:
        """Return a chart as a walk asks for it: once."""
        reference = mapping_at(spec, "sourceRef")
        at = reference.get("namespace") or namespace
        if reference.get("kind") != "HelmRepository":
            for note in self.chart_not_verified(spec, {}):
                declared.noted(note)
            files = self.files(reference, namespace, declared)
            return self.made(spec, {"metadata": {"namespace": at}}, declared, files)
        source = _declared(declared, "HelmRepository", at, text_at(reference, "name"))
        for note in self.chart_not_verified(spec, source):
            declared.noted(note)
        url = text_at(source, "spec", "url")
        is_mapped = self._tools.is_mapped(f"{url.rstrip('/')}/{spec.get('chart')}")
        who = ANONYMOUS if is_mapped else self._who(source, declared)
        key = (manifests.digest([url, spec]), who)
        return self._charts.answer(key, lambda: self.made(spec, source, declared, None))

    def _git(self, source: Manifest, included: Sequence[Tree]) -> Fetched:
        spec: Json = mapping_at(source, "spec")
        found = self._tools.source.snapshot(*_place(source))
        tree: Tree = filter_source(found.tree, spec.get("ignore"), sparse=items_at(spec, "sparseCheckout"))
        if included:
            whole = with_includes(tree, list(zip(includes_of(spec), included, strict=True)))
            tree = filter_source(whole, spec.get("ignore"))
        return Fetched(
            tree=tree,
            revision=revision_of(found.commit, found.reference),
            name=found.commit,
            message=(found.message.splitlines() or [""])[0],
            notes=(_SUBMODULES,) if spec.get("recurseSubmodules") and found.tree.is_file(".gitmodules") else (),
        )

    def _artifact(self, spec: Json, who: Credentials, revision: str) -> Fetched:
        selector: Json = mapping_at(spec, "layerSelector")
        wanted = OciRef(digest=digest_of(revision)) if revision else oci_ref_of(spec)
        found = self._tools.registries.artifact(
            text_at(spec, "url"), wanted, who, media_type=text_at(selector, "mediaType")
        )
        copied = selector.get("operation") == "copy"
        return Fetched(
            tree=found.tree if copied else filter_source(found.tree, spec.get("ignore")),
            revision=revision or found.revision,
            name=found.layer.rpartition(":")[2],
            annotations=dict(sorted(found.annotations.items())),
        )

    def _assembled(self, artifact: Manifest, declared: Surroundings) -> Fetched:
        """Return the files that an ArtifactGenerator puts together, and the artifact's revision."""
        reference, name = mapping_at(artifact, "spec", "sourceRef"), key_of(artifact).name
        at = ObjectKey(*ARTIFACT_GENERATOR, text_at(reference, "namespace"), text_at(reference, "name"))
        generator = declared.get(at) if reference.get("kind") == at.kind else None
        if generator is None:
            raise InputError(_NO_ORIGIN, subject=str(key_of(artifact)))
        output = output_of(generator, name)
        sources = {
            each["alias"]: self.files(each, at.namespace, declared) for each in items_at(generator, "spec", "sources")
        }
        # Equal content gives one tree: a build that read it is not made again where only its place in memory changed.
        key = (manifests.digest([generator, name]), tuple(each.tree.id for each in sources.values()))

        return self._fetched.answer(key, lambda: made_artifact(generator, output, sources))

    def _who(self, source: Manifest, declared: Surroundings) -> Credentials:
        try:
            return self.credentials(source, declared)
        except InputError as error:
            raise InputError(error.message, subject=str(key_of(source))) from error

    def _refuse(self, source: Manifest) -> None:
        for field, fact in self.unsupported(source).items():
            raise InputError(f"spec.{field}: {fact}", subject=str(key_of(source)))


def _unsigned(subject: str, spec: Json) -> PreviewNote:
    by = (spec["verify"] or {}).get("provider") or (spec["verify"] or {}).get("mode") or "spec.verify"
    return PreviewNote(subject=subject, text=f"its signature ({by}) is not verified here")


def _place(source: Manifest) -> tuple[str, Ref]:
    """Return where a GitRepository or Bucket is, and which revision it follows."""
    spec: Json = mapping_at(source, "spec")
    url = spec.get("url") or text_at(spec, "endpoint")
    if not url:
        raise InputError(_NO_ORIGIN, subject=str(key_of(source)))
    return url, ref_of(spec) if key_of(source).kind == "GitRepository" else Ref(revision="HEAD")


def _declared(declared: Surroundings, kind: str, namespace: str, name: str) -> Manifest:
    key = ObjectKey(FLUX_SOURCE, kind, namespace, name)
    found = declared.get(key)
    if found is None:
        raise InputError(f"its source {key} is not declared in anything that is rendered")
    return found
