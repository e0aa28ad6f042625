"""The types of notification services: what each sends, and how often it tries (``services.go``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from nixernetes.engine.argocd.notifications.services import chats, github, monitors, others, teams
from nixernetes.engine.argocd.notifications.services.letters import Letter
from nixernetes.engine.notices.requests import Channel, Exchange, Parcel, Resending
from nixernetes.errors import InputError
from nixernetes.objects.durations import nanoseconds
from nixernetes.objects.fields import at, flag_at
from nixernetes.objects.manifest import Json

__all__ = ["SERVICE_TYPES", "parcel_of"]

_SERVICES: Final[Mapping[str, Callable[[Letter], Exchange]]] = {
    "alertmanager": monitors.alertmanager,
    "awssqs": others.sqs,
    "email": others.email,
    "gcppubsub": others.pubsub,
    "github": github.github,
    "googlechat": chats.google_chat,
    "grafana": monitors.grafana,
    "mattermost": chats.mattermost,
    "nats": others.nats,
    "newrelic": monitors.newrelic,
    "opsgenie": monitors.opsgenie,
    "pagerduty": monitors.pagerduty,
    "pagerdutyv2": monitors.pagerduty_v2,
    "pushover": others.pushover,
    "rocketchat": chats.rocket_chat,
    "slack": chats.slack,
    "teams": teams.teams,
    "teams-workflows": teams.teams_workflows,
    "telegram": chats.telegram,
    "webex": chats.webex,
    "webhook": others.webhook,
}
SERVICE_TYPES: Final = frozenset(_SERVICES)
_SECONDS: Final = 30.0  # the real ones set none of their own but Alertmanager's; nobody here waits for ever
_NANOS: Final = 1_000_000_000
_MOST_TIMES: Final = 10


def parcel_of(kind: str, letter: Letter, hidden: frozenset[str]) -> Parcel:
    """Return what a service of a type is sent.

    Args:
        kind: the type.
        letter: the message.
        hidden: texts that are never shown.

    Raises:
        InputError: there is no such type.

    """
    talks = _SERVICES.get(kind)
    if talks is None:
        raise InputError(f"service type '{kind}' is not supported")
    insecure = "insecure_skip_verify" if kind == "email" else "insecureSkipVerify"
    channel = Channel(
        seconds=_SECONDS,
        resending=_resending(letter.settings) if kind == "webhook" else Resending(),
        is_insecure=flag_at(letter.settings, insecure) is True,
    )
    return Parcel(exchange=partial(talks, letter), channel=channel, hidden=hidden)


def _resending(settings: Json) -> Resending:
    """Return how often a webhook is tried: durations are nanoseconds there, as Go reads numbers into them."""
    times = at(settings, "retryMax")
    return Resending(
        times=min(times, _MOST_TIMES) if isinstance(times, int) and times > 0 else 3,
        first_seconds=_pause(at(settings, "retryWaitMin"), 1.0),
        last_seconds=_pause(at(settings, "retryWaitMax"), 5.0),
    )


def _pause(value: Json, default: float) -> float:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value / _NANOS
    if isinstance(value, str) and value:
        return nanoseconds(value) / _NANOS
    return default
