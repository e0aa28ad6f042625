"""What a walk over deliveries reads besides the objects that they declare."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.errors import InputError
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.charts import ChartRenderer, ChartRepositories
from nixernetes.render.jsonnet import JsonnetRenderer
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.oci import OciRegistries
from nixernetes.render.references import Lookup, data_of
from nixernetes.render.remembered import Store
from nixernetes.render.sources import Source

__all__ = ["Declared", "Outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a walk reads besides the declared objects.

    Attributes:
        source: Git repositories.
        repositories: Helm repositories.
        registries: OCI registries.
        charts: helm.
        jsonnet: evaluates Jsonnet; None refuses it by name.
        given: ConfigMaps and Secrets of the user, by identity; they win over declared ones.
        store: keeps what Kustomizations give; None keeps nothing.
        program: stands for the version of the program, in the keys of the store.
        cache: parsed files, shared between builds.
        remotes: what stands for remote bases of kustomizations; None refuses them by name.
        mapped: the URLs of artifacts and charts (``<repository>/<chart>``) that the user gives: nobody is asked for
            them, so that neither identities nor signatures matter.
        strict: whether a variable of ``postBuild`` that is not set and has no default is an error, else it is empty.

    """

    source: Source
    repositories: ChartRepositories
    registries: OciRegistries
    charts: ChartRenderer
    jsonnet: JsonnetRenderer | None = None
    given: Mapping[ObjectKey, Manifest] = field(default_factory=dict)
    store: Store | None = None
    program: str = ""
    cache: DocumentCache = field(default_factory=DocumentCache)
    remotes: Remotes | None = None
    mapped: Collection[str] = ()
    strict: bool = True

    def is_mapped(self, url: str) -> bool:
        """Tell whether the user gives what stands at a URL."""
        return url.rstrip("/") in self.mapped


@dataclass(frozen=True, slots=True)
class Declared:
    """The objects that are declared so far, as one build asks for them; what it asked for is noted.

    Attributes:
        get: gives an object, or None.
        secrets: gives the Secrets of Argo CD's namespace whose ``argocd.argoproj.io/secret-type`` is one of these.
        given: ConfigMaps and Secrets of the user; they win.

    """

    get: Callable[[ObjectKey], Manifest | None]
    secrets: Callable[[Sequence[str]], list[Manifest]]
    given: Mapping[ObjectKey, Manifest] = field(default_factory=dict)

    @property
    def lookup(self) -> Lookup:
        """Reads the data of ConfigMaps and Secrets.

        The function raises an InputError for what is encrypted.
        """

        def lookup(kind: str, namespace: str, name: str) -> Mapping[str, str] | None:
            key = ObjectKey("", kind, namespace, name)
            given = self.given.get(key)
            if given is not None:
                return data_of(given)
            declared = self.get(key)
            if declared is not None and "sops" in declared:
                raise InputError("is encrypted with SOPS: give its values with --values FILE", subject=str(key))
            return None if declared is None else data_of(declared)

        return lookup
