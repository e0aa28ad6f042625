"""What one may ask of a running world: sync an Application, reconcile a Flux object, read the report.

A request is a JSON object with ``do`` (``sync``, ``reconcile`` or ``get``) and its arguments; an answer has ``message``
or ``error``. The names follow ``argocd app sync`` and ``flux reconcile``.
"""

from __future__ import annotations

from nixernetes.app.worlds import World
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.engine import reports
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import FLUX_HELM, FLUX_KUSTOMIZE, FLUX_SOURCE
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import flag_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, GIT_REPOSITORY
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import FLUX_REQUESTED_AT

__all__ = ["answer", "push", "reconcile", "refresh", "sync"]

_MANAGER = "nixernetes"
_FLUX_GROUPS = (FLUX_KUSTOMIZE, FLUX_HELM, FLUX_SOURCE)


def answer(world: World, request: Json) -> Json:
    """Do what a request asks; an error becomes ``{"error": text}``."""
    try:
        match text_at(request, "do"):
            case "sync":
                return {"message": sync(world, _asked(request, "name"), **_options(request))}
            case "refresh":
                return {"message": refresh(world, _asked(request, "name"), hard=flag_at(request, "hard"))}
            case "reconcile":
                place = text_at(request, "namespace"), text_at(request, "cluster")
                return {"message": reconcile(world, _asked(request, "kind"), _asked(request, "name"), *place)}
            case "get":
                return {"report": reports.to_json(world.report())}
            case unknown:
                return {"error": f"unknown request {unknown!r}"}
    except NixernetesError as error:
        return {"error": str(error)}


def _asked(request: Json, field: str) -> str:
    found = text_at(request, field)
    if not found:
        raise InputError(f"broken request: {field} is missing")
    return found


def sync(world: World, name: str, *, prune: bool = False, revision: str = "", dry_run: bool = False) -> str:
    """Start a manual sync of an Application (``name`` or ``namespace/name``); return what to tell the user.

    Raises:
        InputError: Argo CD does not run here, or there is no such Application.
        NixernetesError: another operation is in progress.

    """
    api, key = _application(world, name)
    from nixernetes.engine.argocd.requests import request_sync  # noqa: PLC0415  # takes long to import

    request_sync(api, key.namespace, key.name, prune=prune, revision=revision, dry_run=dry_run, clock=world.clock)
    return f"{key}: sync started"


def refresh(world: World, name: str, *, hard: bool = False) -> str:
    """Ask for a fresh comparison of an Application; return what to tell the user."""
    api, key = _application(world, name)
    from nixernetes.engine.argocd.requests import request_refresh  # noqa: PLC0415  # takes long to import

    request_refresh(api, key.namespace, key.name, hard=hard)
    return f"{key}: {'hard ' if hard else ''}refresh requested"


def reconcile(world: World, kind: str, name: str, namespace: str = "", cluster: str = "") -> str:
    """Ask for a reconcile of a Flux object, as ``flux reconcile`` does; return what to tell the user.

    Raises:
        InputError: no such object, or several.

    """
    found = _flux_objects(world, kind.lower(), name, namespace, cluster)
    if not found:
        raise InputError(f"no {kind} named {name}: `nixernetes get` lists what runs")
    if len(found) > 1 and not cluster:
        places = ", ".join(sorted(f"{place}: {key_of(item)}" for place, item in found))
        raise InputError(f"several match ({places}): choose with --cluster and --namespace")
    place, item = found[0]
    _request(world, place, item)
    return f"{place}: {key_of(item)}: reconciliation requested"


def push(world: World) -> None:
    """Tell every engine that its repositories may have changed, as a webhook would."""
    for cluster in world.clusters.values():
        for item in cluster.list(GIT_REPOSITORY) if cluster.is_namespaced(GIT_REPOSITORY) is not None else []:
            _request(world, cluster.name, item)
    for name in world.argocd:
        plane = world.clusters[name]
        from nixernetes.engine.argocd.requests import request_refresh  # noqa: PLC0415  # takes long to import

        for item in plane.list(APPLICATION):
            key = key_of(item)
            request_refresh(plane, key.namespace, key.name)


def _request(world: World, place: str, item: Manifest) -> None:
    changed, stamps = manifests.copy(item), annotations_of(item)
    token = _token(timestamp(world.clock.now()), stamps.get(FLUX_REQUESTED_AT, ""))
    changed["metadata"]["annotations"] = {**stamps, FLUX_REQUESTED_AT: token}
    world.clusters[place].update(changed, manager=_MANAGER)


def _options(request: Json) -> dict[str, Json]:
    return {
        "prune": flag_at(request, "prune"),
        "revision": text_at(request, "revision"),
        "dry_run": flag_at(request, "dry_run"),
    }


def _application(world: World, name: str) -> tuple[EmbeddedCluster, ObjectKey]:
    """Return the control plane of an Application, and its identity."""
    if not world.argocd:
        raise InputError("Argo CD does not run here: `nixernetes reconcile` is for Flux objects", subject=name)
    namespace, _, bare = name.rpartition("/")
    planes = [world.clusters[plane] for plane in world.argocd]
    known = [(plane, key_of(item)) for plane in planes for item in plane.list(APPLICATION)]
    found = [(plane, key) for plane, key in known if key.name == bare and namespace in ("", key.namespace)]
    if len(found) != 1:
        names = ", ".join(sorted(key.name for _, key in known)) or "none"
        raise InputError(f"{'several' if found else 'no'} Applications named {name}: there are {names}")
    return found[0]


def _flux_objects(world: World, kind: str, name: str, namespace: str, cluster: str) -> list[tuple[str, Manifest]]:
    found: list[tuple[str, Manifest]] = []
    for place, api in world.clusters.items():
        served: list[GroupKind] = [item for item in api.kinds() if item.group in _FLUX_GROUPS]
        for group_kind in served if cluster in ("", place) else []:
            if kind not in (group_kind.kind.lower(), f"{group_kind.kind.lower()}s", _SHORT.get(group_kind.kind, "")):
                continue
            for item in api.list(group_kind, namespace=namespace or None):
                if key_of(item).name == name:
                    found.append((place, item))
    return found


# The short names of the kinds (kubectl api-resources), as spec section 0.1 lists them.
_SHORT = {
    "GitRepository": "gitrepo",
    "OCIRepository": "ocirepo",
    "HelmRepository": "helmrepo",
    "HelmChart": "hc",
    "Kustomization": "ks",
    "HelmRelease": "hr",
}


def _token(now: str, before: str) -> str:
    """Return a token that differs from the one before, also twice in one second."""
    return f"{now}+" if before == now else now
