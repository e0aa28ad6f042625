"""The types of Providers: what each sends, and what it hears of (``factory.go``, ``event_handlers.go``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.flux.notifications.providers import (
    chats,
    comments,
    commit_statuses,
    forwarders,
    monitors,
    traces,
)
from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, ProviderError
from nixernetes.engine.notices.requests import Exchange

__all__ = ["begins", "is_commit_status", "is_dropped", "may_hold_secret"]

_COMMIT_STATUSES: Final = ("github", "gitlab", "gitea", "bitbucketserver", "bitbucket", "azuredevops")
_COMMENTS: Final = ("githubpullrequestcomment", "gitlabmergerequestcomment", "giteapullrequestcomment")
_GENERIC: Final = ("generic", "generic-hmac")
_EVENT: Final = "event.toolkit.fluxcd.io"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type: its conversation, whether it must have an address, and whether the path of it may be a secret."""

    talks: Callable[[Dispatch], Exchange]
    is_hook: bool = True
    needs_address: bool = True


_KINDS: Final[Mapping[str, _Kind]] = {
    "generic": _Kind(forwarders.generic),
    "generic-hmac": _Kind(forwarders.generic_hmac),
    "slack": _Kind(chats.slack),
    "discord": _Kind(chats.discord),
    "rocket": _Kind(chats.rocket),
    "msteams": _Kind(chats.teams),
    "googlechat": _Kind(chats.google_chat),
    "googlepubsub": _Kind(forwarders.pubsub, is_hook=False, needs_address=False),
    "webex": _Kind(chats.webex, is_hook=False),
    "sentry": _Kind(monitors.sentry, is_hook=False, needs_address=False),
    "azureeventhub": _Kind(forwarders.event_hub, needs_address=False),
    "telegram": _Kind(chats.telegram, is_hook=False, needs_address=False),
    "lark": _Kind(chats.lark),
    "matrix": _Kind(chats.matrix, is_hook=False),
    "opsgenie": _Kind(monitors.opsgenie, is_hook=False),
    "alertmanager": _Kind(monitors.alertmanager, is_hook=False),
    "grafana": _Kind(monitors.grafana, is_hook=False),
    "pagerduty": _Kind(monitors.pagerduty, is_hook=False),
    "datadog": _Kind(monitors.datadog, is_hook=False),
    "nats": _Kind(forwarders.nats, is_hook=False, needs_address=False),
    "github": _Kind(commit_statuses.github, is_hook=False),
    "githubdispatch": _Kind(comments.github_dispatch, is_hook=False),
    "githubpullrequestcomment": _Kind(comments.on_github, is_hook=False),
    "gitlab": _Kind(commit_statuses.gitlab, is_hook=False),
    "gitlabmergerequestcomment": _Kind(comments.on_gitlab, is_hook=False),
    "gitea": _Kind(commit_statuses.gitea, is_hook=False),
    "giteapullrequestcomment": _Kind(comments.on_gitea, is_hook=False),
    "bitbucketserver": _Kind(commit_statuses.bitbucket_server, is_hook=False),
    "bitbucket": _Kind(commit_statuses.bitbucket, is_hook=False),
    "azuredevops": _Kind(commit_statuses.azure_devops, is_hook=False),
    "zulip": _Kind(chats.zulip, is_hook=False),
    "otel": _Kind(traces.open_telemetry, is_hook=False),
}


def begins(dispatch: Dispatch) -> Callable[[], Exchange]:
    """Return what begins the conversation of a Provider's type.

    Raises:
        ProviderError: notification-controller has no such type, or it needs an address and has none.

    """
    kind = _KINDS.get(dispatch.provider.type)
    if kind is None:
        raise ProviderError(f"provider {dispatch.provider.type} not supported")
    if kind.needs_address and not dispatch.address:
        raise ProviderError("the provider has no address: set spec.address, or address in its Secret")
    return partial(kind.talks, dispatch)


def may_hold_secret(kind: str) -> bool:
    """Tell whether a type's address may be a secret by itself: that of a webhook is."""
    known = _KINDS.get(kind)
    return known is not None and known.is_hook


def is_commit_status(kind: str) -> bool:
    """Tell whether a type sets the status of a commit."""
    return kind in _COMMIT_STATUSES


def is_dropped(kind: str, event: RecordedEvent) -> bool:
    """Tell whether a type never hears of an event.

    Updates of commit statuses go to Git hosts and generic types alone; Git hosts hear of nothing else but failures and
    what names a commit; comments need the number of their request.
    """
    facts = event.annotations
    updates = facts.get(f"{event.key.group}/commit_status") == "update"
    if kind in _COMMIT_STATUSES:
        return not updates and not facts.get(f"{_EVENT}/commit") and event.type != "Warning"
    if kind in _COMMENTS and not facts.get(f"{_EVENT}/change_request"):
        return True
    return updates and kind not in _GENERIC
