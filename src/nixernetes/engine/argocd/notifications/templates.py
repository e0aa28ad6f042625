"""Templates of notifications: each part of one is filled in, and the templates of a condition become one message.

As ``GetTemplater`` of each service in argoproj/notifications-engine (0.5.1, May 2026): what a service compiles is
filled in, its other settings go through as they are; of some services a later template replaces what an earlier one
said, of others an empty text leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import gotemplates
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["filled_in"]

Fill = Callable[[str], str]

# What goes through as it is, by the part that it belongs to.
_PLAIN: Final[Mapping[str, frozenset[str]]] = {
    "slack": frozenset(("notifyBroadcast", "deliveryPolicy")),
    "webhook": frozenset(("method",)),
    "github": frozenset(("requiredContexts", "autoMerge", "transientEnvironment", "commentTag")),
}
# Of these an empty text leaves what an earlier template said.
_KEEPING: Final = frozenset(("email", "teams", "teams-workflows", "googlechat", "alertmanager", "awssqs", "gcppubsub"))
_LISTS: Final = frozenset(("details", "visibleTo", "actions", "tags"))
_REVISION: Final = "{{.app.status.operationState.syncResult.revision}}"
_REPOSITORY: Final = "{{.app.spec.source.repoURL}}"
_COMMIT: Final = "{{{{(call .repo.GetCommitMetadata .app.status.sync.revision).{}}}}}"
_DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "github": {"repoURLPath": _REPOSITORY, "revisionPath": _REVISION},
    "alertmanager": {"generatorURL": _REPOSITORY},
    "newrelic": {
        "revision": _REVISION,
        "changelog": _COMMIT.format("Message"),
        "user": _COMMIT.format("Author"),
    },
}


def filled_in(
    templates: Mapping[str, Json],
    names: Iterable[str],
    data: Json,
    functions: Mapping[str, Callable[..., Json]],
) -> dict[str, Json]:
    """Return what the templates of a condition say together: ``message``, and a part for each service.

    Args:
        templates: the templates by their names.
        names: those of the condition, in order.
        data: the dot.
        functions: further functions of templates.

    Raises:
        InputError: one is not there, or broken, or fails on this data.

    """
    note: dict[str, Json] = {"message": ""}
    for name in names:
        block = templates.get(name)
        if block is None:
            raise InputError(f"template '{name}' is not supported: argocd-notifications-cm has no template.{name}")
        if not isinstance(block, dict):
            raise InputError(f"template.{name} cannot be read: it is not a mapping")
        _add(note, name, block, lambda text: gotemplates.render(text, data, functions=functions))
    return note


def _add(note: dict[str, Json], name: str, block: Json, fill: Fill) -> None:
    message = fill(text_at(block, "message"))
    note["message"] = message or note["message"]
    for part in sorted(block.keys() - {"message"}):
        given = block[part]
        if not isinstance(given, dict):
            continue
        wanted = {**given, **{k: v for k, v in _DEFAULTS.get(part, {}).items() if not given.get(k)}}
        filled = _filled(wanted, _PLAIN.get(part, frozenset()), fill)
        before = mapping_at(note, part)
        if part == "webhook":
            note[part] = {**before, **filled}
        elif part in _KEEPING:
            note[part] = {**before, **{k: v for k, v in filled.items() if v not in ("", None)}}
        else:
            note[part] = {**{k: v for k, v in before.items() if k in _LISTS or isinstance(v, dict)}, **filled}
        if part == "alertmanager":
            labels = mapping_at(note, part, "labels")
            if not labels:
                raise InputError(f"template.{name}: alertmanager needs at least one label")
            labels.setdefault("alertname", name)


def _filled(value: Json, plain: frozenset[str], fill: Fill) -> Json:
    if isinstance(value, dict):
        return {key: item if key in plain else _filled(item, plain, fill) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, plain, fill) for item in value]
    return fill(value) if isinstance(value, str) else value
