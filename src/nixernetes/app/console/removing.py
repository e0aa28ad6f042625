"""Deleting by hand, and confirming what waits for that: as ``kubectl``, ``flux`` and ``argocd`` do it.

How an Application's objects go is said by its finalizers, as ``argocd app delete`` writes them. What a delivery of Flux
has applied stays where that is suspended first. Of everything else the garbage collector knows who owns what.
"""

from __future__ import annotations

from nixernetes.app.console import changing
from nixernetes.app.console.leaving import Cascade, expected
from nixernetes.app.console.listing import resource
from nixernetes.app.console.outcomes import waiting_for_removal
from nixernetes.app.console.selecting import LiveObject, Selection, one
from nixernetes.app.worlds import World
from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.errors import InputError
from nixernetes.objects.fields import flag_at
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json

__all__ = ["cascade_called", "confirm", "delete", "preview"]

_SUSPENDED_FIRST = (KUSTOMIZATION, HELM_RELEASE)


def cascade_called(word: str) -> Cascade:
    """Read how what depends on an object goes.

    Raises:
        InputError: there is no such way.

    """
    try:
        return Cascade(word)
    except ValueError as error:
        names = ", ".join(filter(None, Cascade))
        raise InputError(f"--cascade {word}: use one of {names}") from error


def delete(world: World, selection: Selection, cascade: Cascade = Cascade.AS_IT_SAYS) -> Json:
    """Delete objects; return ``messages``, ``advice``, and in ``wait`` what is not gone yet.

    Raises:
        InputError: no name is given, or what is named is not there.

    """
    messages, advice, waits = [], [], []
    for item in _meant(world, selection):
        advice += changing.undone(world, item)
        try:
            _delete(world, item, cascade)
        except ApiError as error:
            raise InputError(f"the cluster refuses it: {error.message}") from error
        is_gone = world.clusters[item.cluster].get(item.key) is None
        messages.append(f"{resource(item.key)} {'deleted' if is_gone else 'is being deleted'}")
        if not is_gone:
            waits.append(waiting_for_removal(item))
    return {"messages": messages, "advice": advice, "wait": waits}


def preview(world: World, selection: Selection, cascade: Cascade = Cascade.AS_IT_SAYS) -> Json:
    """Return what :func:`delete` would do: ``messages``, a line for each object that would go and each that stays.

    Raises:
        InputError: no name is given, or what is named is not there.

    """
    messages = []
    for item in _meant(world, selection):
        found = expected(world, item, cascade)
        messages.append(f"{item.key} would be deleted")
        messages += found.says
        messages += [_line("goes", part.key, part.why) for part in found.goes]
        messages += [_line("stays", part.key, part.why) for part in found.stays]
        messages += ["and more, which is not followed"] if found.is_cut else []
    return {"messages": messages}


def confirm(world: World, selection: Selection) -> Json:
    """Approve the deletions for which Applications wait, as ``argocd app confirm-deletion`` does.

    Raises:
        InputError: something else is named, or nothing.

    """
    from nixernetes.engine.argocd.requests import request_confirmation  # noqa: PLC0415  # takes long to import

    messages = []
    for item in _meant(world, selection):
        if item.key.group_kind != APPLICATION:
            raise InputError(f"{item.key}: only an Application of Argo CD waits for a confirmation")
        request_confirmation(world.clusters[item.cluster], item.key.namespace, item.key.name, world.clock)
        messages.append(f"{item.key}: deletions are approved")
    return {"messages": messages}


def _meant(world: World, selection: Selection) -> list[LiveObject]:
    if not selection.wanted or not all(wanted.name for wanted in selection.wanted):
        raise InputError("which object? write KIND NAME")
    return [
        one(world, Selection(wanted=(wanted,), namespace=selection.namespace, cluster=selection.cluster))
        for wanted in selection.wanted
    ]


def _line(word: str, key: object, why: str) -> str:
    return f"{word:<6} {key}" + (f"  ({why})" if why else "")


def _delete(world: World, item: LiveObject, cascade: Cascade) -> None:
    api, key = world.clusters[item.cluster], item.key
    if key.group_kind == APPLICATION and cascade:
        from nixernetes.engine.argocd.requests import request_deletion  # noqa: PLC0415  # takes long to import

        is_alone = cascade is Cascade.ORPHAN
        policy = "" if is_alone else str(cascade)
        request_deletion(api, key.namespace, key.name, cascade=not is_alone, policy=policy)
        return
    if key.group_kind in _SUSPENDED_FIRST and cascade is Cascade.ORPHAN and not flag_at(item.object, "spec", "suspend"):
        changing.set_suspended(world, item, wanted=True)
    api.delete(key, propagation=_PROPAGATION[cascade])


_PROPAGATION = {
    Cascade.AS_IT_SAYS: Propagation.BACKGROUND,
    Cascade.BACKGROUND: Propagation.BACKGROUND,
    Cascade.FOREGROUND: Propagation.FOREGROUND,
    Cascade.ORPHAN: Propagation.ORPHAN,
}
