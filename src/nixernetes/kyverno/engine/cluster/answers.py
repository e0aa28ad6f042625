"""What policies ask of the cluster and of servers, answered from objects and answers that are given.

Nobody is asked. What cannot be answered is ``None`` where a cluster would say that there is nothing, and an error where
it is not known: a policy that asks what nobody gave is not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.functions import FUNCTIONS
from nixernetes.kyverno.engine.images import normalized
from nixernetes.languages.jmespath import compile_expression
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.languages.labels import selectors as label_selectors
from nixernetes.objects.api_groups import KYVERNO
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import group_kind, split_api_version
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.schemas.plurals import plurals_of

__all__ = ["NOTHING_KNOWN", "ClusterAnswers", "NotGivenError", "cluster_answers"]

_ENTRY: Final = "GlobalContextEntry"


class NotGivenError(InputError):
    """What is asked for was not given."""


@dataclass(frozen=True, kw_only=True)
class ClusterAnswers:
    """What is known.

    Attributes:
        objects: what exists in the cluster.
        is_known: whether that is all of the cluster, so that what is not among it does not exist.
        definitions: CustomResourceDefinitions, for the plurals of their kinds.
        calls: answers of servers: ``url``, ``method``, ``response`` with ``statusCode`` and ``body``.
        entries: what GlobalContextEntries hold: ``name``, ``data`` or ``resources``, ``projections``.
        images: what registries say of images: ``image``, and what else is known of it.
        held: objects by group and plural, in the place of ``objects``.
        now: the present in RFC 3339; ``""`` where it was not given.

    """

    objects: Sequence[Manifest] = ()
    is_known: bool = False
    definitions: Sequence[Manifest] = ()
    calls: Sequence[Mapping[str, Json]] = ()
    entries: Sequence[Mapping[str, Json]] = ()
    images: Sequence[Mapping[str, Json]] = ()
    held: Mapping[tuple[str, str], Sequence[Manifest]] | None = None
    now: str = ""

    @cached_property
    def _resources(self) -> Mapping[tuple[str, str], Sequence[Manifest]]:
        if self.held is not None:
            return self.held
        names = {
            (text_at(each, "spec", "group"), text_at(each, "spec", "names", "kind")): text_at(
                each, "spec", "names", "plural"
            )
            for each in self.definitions
        }
        found: dict[tuple[str, str], list[Manifest]] = {}
        for each in self.objects:
            kind = group_kind(each)
            known = names.get(kind)
            for plural in (known,) if known else plurals_of(kind.kind):
                found.setdefault((kind.group, plural), []).append(each)
        return found

    def found(self, api_version: str, resource: str, namespace: str, name: str) -> Json:
        """Return an object, or None if there is none.

        Raises:
            NotGivenError: it is not among what is given, and that is not all.

        """
        group = split_api_version(api_version)[0]
        for each in self._resources.get((group, resource), ()):
            if text_at(each, "metadata", "name") == name and _is_in(each, namespace):
                return each
        self._missing(f"{resource} {namespace}/{name}" if namespace else f"{resource} {name}")
        return None

    def present(self) -> str:
        """Return the present in RFC 3339.

        Raises:
            NotGivenError: it was not given.

        """
        if not self.now:
            raise NotGivenError("not provided: the present")
        return self.now

    def group_resource(self, api_version: str, kind: str) -> dict[str, Json]:
        """Return ``group``, ``version`` and ``resource`` of a kind."""
        group, version = split_api_version(api_version)
        names = (
            text_at(each, "spec", "names", "plural")
            for each in self.definitions
            if (text_at(each, "spec", "group"), text_at(each, "spec", "names", "kind")) == (group, kind)
        )
        return {"group": group, "version": version, "resource": next(names, "") or plurals_of(kind)[0]}

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Json]:
        """Return the objects of a namespace (``""``: of all) that have these labels.

        Raises:
            NotGivenError: what is given is not all.

        """
        group = split_api_version(api_version)[0]
        here = [
            each
            for each in self._resources.get((group, resource), ())
            if (not namespace or _is_in(each, namespace)) and labels.items() <= labels_of(each).items()
        ]
        if not here:
            self._missing(f"{resource} of namespace {namespace}" if namespace else resource)
        return list(here)

    def of_kind(self, api_version: str, kind: str, namespace: str, name: str) -> Manifest | None:
        """Return an object by its kind, or None if there is none.

        Raises:
            NotGivenError: it is not among what is given, and that is not all.

        """
        for each in self.all_of_kind(api_version, kind, namespace):
            if text_at(each, "metadata", "name") == name:
                return each
        self._missing(f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}")
        return None

    def all_of_kind(self, api_version: str, kind: str, namespace: str) -> list[Manifest]:
        """Return the objects of a kind in a namespace, as far as they are given."""
        group = split_api_version(api_version)[0]
        for plural in plurals_of(kind):
            here = [each for each in self._resources.get((group, plural), ()) if text_at(each, "kind") == kind]
            if here:
                return [each for each in here if _is_in(each, namespace)]
        return []

    def kind_of(self, api_version: str, resource: str) -> str:
        """Return the kind of a resource, ``""`` where no object of it is given."""
        group = split_api_version(api_version)[0]
        return next((text_at(each, "kind") for each in self._resources.get((group, resource), ())), "")

    def config_map(self, namespace: str, name: str) -> Manifest | None:
        """Return a ConfigMap, if it is given."""
        for each in self._resources.get(("", "configmaps"), ()):
            if text_at(each, "metadata", "name") == name and _is_in(each, namespace):
                return each
        return None

    def namespace(self, name: str) -> Manifest | None:
        """Return a Namespace, if it is given."""
        found = self._resources.get(("", "namespaces"), ())
        return next((each for each in found if text_at(each, "metadata", "name") == name), None)

    def raw(self, url: str) -> Json:
        """Return what an API server answers to a GET of a path.

        Raises:
            NotGivenError: it is not known.
            InputError: the path is none of an API server, or there is no such object.

        """
        parts = urlsplit(url)
        steps = [unquote(each) for each in parts.path.split("/") if each]
        if steps[:1] == ["api"] and len(steps) > 2:
            group, version, rest = "", steps[1], steps[2:]
        elif steps[:1] == ["apis"] and len(steps) > 3:
            group, version, rest = steps[1], steps[2], steps[3:]
        else:
            raise InputError(f"failed to parse path: {url.strip('/')}")
        namespace = ""
        if rest[0] == "namespaces" and len(rest) > 2:
            namespace, rest = rest[1], rest[2:]
        api_version = f"{group}/{version}" if group else version
        if len(rest) > 1:
            found = self.found(api_version, rest[0], namespace, rest[1])
            if found is None:
                what = f"{rest[0]}.{group}" if group else rest[0]
                raise InputError(f'{what} "{rest[1]}" not found')
            return found
        items = self.listed(api_version, rest[0], namespace, {})
        wanted = parse_qs(parts.query).get("labelSelector", [""])[0]
        if wanted:
            items = [each for each in items if label_selectors.matches(wanted, labels_of(each))]
        kind = self.kind_of(api_version, rest[0])
        return {"apiVersion": api_version, "kind": f"{kind}List", "metadata": {}, "items": items}

    def call(self, method: str, url: str) -> Mapping[str, Json]:
        """Return the response of a server: ``statusCode`` and ``body``.

        Raises:
            NotGivenError: it is not given.

        """
        found = self._answer(method, url)
        if found is None:
            raise NotGivenError(f"not provided: the answer of {url}")
        return mapping_at(found, "response")

    def is_answered(self, method: str, url: str) -> bool:
        """Tell whether the response to a call of a URL, or of a path of the API server, is given."""
        return self._answer(method, url) is not None

    def _answer(self, method: str, url: str) -> Mapping[str, Json] | None:
        for wanted in (method.upper(), ""):  # an answer without a method is that of all others
            for each in self.calls:
                of_method = text_at(each, "method").upper()
                if url in (text_at(each, "url"), text_at(each, "urlPath")) and of_method == wanted:
                    return each
        return None

    def image(self, reference: str) -> Mapping[str, Json]:
        """Return what a registry says of an image.

        Raises:
            NotGivenError: it is not given.

        """
        for each in self.images:
            if normalized(text_at(each, "image")) == normalized(reference):
                return {name: value for name, value in each.items() if name != "image"}
        raise NotGivenError(f"not provided: metadata of image {reference}")

    def entry(self, name: str, projection: str) -> Json:
        """Return what a GlobalContextEntry holds (``""``: all of it), or None if there is no such entry.

        Raises:
            NotGivenError: it is not given, and what is given of the cluster is not all.

        """
        for each in self.entries:
            if text_at(each, "name") == name:
                data: Json = each["data"] if "data" in each else items_at(each, "resources")
                projections = objects_at(each, "projections")
                if projection or not isinstance(data, dict):
                    return _projected(data, projections, projection)
                names = [text_at(one, "name") for one in projections]
                return data | {name: _projected(data, projections, name) for name in names}
        for each in self._resources.get((KYVERNO, "globalcontextentries"), ()):
            if text_at(each, "metadata", "name") == name:
                spec = mapping_at(each, "spec")
                return _projected(self._entry_data(spec), objects_at(spec, "projections"), projection)
        self._missing(f"{_ENTRY} {name}")
        return None

    def _entry_data(self, spec: Mapping[str, Json]) -> Json:
        wanted = mapping_at(spec, "kubernetesResource")
        if wanted:
            group, version = text_at(wanted, "group"), text_at(wanted, "version")
            api_version = f"{group}/{version}" if group else version
            return self.listed(api_version, text_at(wanted, "resource"), text_at(wanted, "namespace"), {})
        path = text_at(spec, "apiCall", "urlPath")
        if path:
            return self.raw(path)
        return mapping_at(self.call("GET", text_at(spec, "apiCall", "service", "url")), "body")

    def _missing(self, what: str) -> None:
        if not self.is_known:
            raise NotGivenError(f"not provided: {what}")


NOTHING_KNOWN: Final = ClusterAnswers()


def cluster_answers(
    objects: Iterable[Manifest],
    *,
    is_known: bool,
    definitions: Sequence[Manifest] = (),
    mocks: Mapping[str, Json] | None = None,
    now: str = "",
) -> ClusterAnswers:
    """Return answers from objects, and from a document with ``apiCallResponses``, ``globalContextEntries``, ``images``.

    Args:
        objects: what exists in the cluster.
        is_known: whether that is all.
        definitions: CustomResourceDefinitions.
        mocks: the document.
        now: the present in RFC 3339.

    """
    return ClusterAnswers(
        objects=tuple(objects),
        is_known=is_known,
        definitions=definitions,
        calls=objects_at(mocks, "apiCallResponses"),
        entries=objects_at(mocks, "globalContextEntries"),
        images=objects_at(mocks, "images"),
        now=now,
    )


def _is_in(manifest: Manifest, namespace: str) -> bool:
    held = text_at(manifest, "metadata", "namespace")
    if not held and not is_cluster_scoped(group_kind(manifest)) and namespace:
        held = "default"
    return held == namespace or (not namespace and not held)


def _projected(data: Json, projections: Iterable[Mapping[str, Json]], wanted: str) -> Json:
    if not wanted:
        return data
    for each in projections:
        if text_at(each, "name") == wanted:
            try:
                path = text_at(each, "jmesPath") or text_at(each, "path")
                return compile_expression(path).search(data, FUNCTIONS)
            except JmesPathError:
                return None
    return at(data, wanted) if isinstance(data, dict) else None
