"""The services that Argo CD notifies, with the settings of the frequent ones (section 15, appendix H)."""

from __future__ import annotations

import difflib

from nixernetes.objects.manifest import Json, Manifest

__all__ = ["SERVICES", "check_service", "check_service_name"]

# Service type to its settings: those that it needs, and those that it may have. None: they are not checked.
SERVICES: dict[str, tuple[frozenset[str], frozenset[str]] | None] = {
    "alertmanager": (
        frozenset({"targets"}),
        frozenset({"scheme", "apiPath", "basicAuth", "bearerToken", "timeout", "insecureSkipVerify"}),
    ),
    "awssqs": None,
    "email": (
        frozenset({"host", "port", "from"}),
        frozenset({"username", "password", "html", "insecure_skip_verify"}),
    ),
    "gcppubsub": None,
    "github": (frozenset({"appID", "installationID", "privateKey"}), frozenset({"enterpriseBaseURL"})),
    "googlechat": None,
    "grafana": (frozenset({"apiUrl", "apiKey"}), frozenset({"insecureSkipVerify"})),
    "mattermost": (frozenset({"apiURL", "token"}), frozenset({"insecureSkipVerify"})),
    "nats": None,
    "newrelic": None,
    "opsgenie": (frozenset({"apiUrl", "apiKeys"}), frozenset()),
    "pagerduty": None,
    "pagerdutyv2": (frozenset({"serviceKeys"}), frozenset()),
    "pushover": None,
    "rocketchat": None,
    "slack": (
        frozenset({"token"}),
        frozenset({"apiURL", "username", "icon", "channels", "signingSecret", "disableUnfurl", "insecureSkipVerify"}),
    ),
    "teams": (frozenset({"recipientUrls"}), frozenset({"insecureSkipVerify"})),
    "teams-workflows": (frozenset({"recipientUrls"}), frozenset({"insecureSkipVerify"})),
    "telegram": (frozenset({"token"}), frozenset()),
    "webex": None,
    "webhook": (
        frozenset({"url"}),
        frozenset({"headers", "basicAuth", "insecureSkipVerify", "retryWaitMin", "retryWaitMax", "retryMax"}),
    ),
}


def check_service_name(name: str) -> str:
    """Return the type of a service that is named ``type`` or ``type.name``.

    Raises:
        ValueError: Argo CD has no such service.

    """
    kind, _, own = name.partition(".")
    if kind not in SERVICES:
        raise ValueError(f"{name!r} is not a service: {_advice(kind, SERVICES)}")
    if kind == "webhook" and not own:
        raise ValueError("a webhook needs a name of its own: write webhook.<name>")
    return kind


def check_service(name: str, settings: Json) -> None:
    """Check the settings of a service.

    Raises:
        ValueError: a setting is missing or not known; no value is shown.

    """
    rules = SERVICES[check_service_name(name)]
    if not isinstance(settings, dict):
        raise ValueError(f"service {name}: must be a mapping of settings")  # noqa: TRY004  # pydantic gathers ValueErrors
    if rules is not None:
        _check_settings(name, settings, *rules)


def _check_settings(name: str, settings: Manifest, needed: frozenset[str], optional: frozenset[str]) -> None:
    known = needed | optional
    for setting in sorted(settings):
        if setting not in known:
            raise ValueError(f"service {name} has no setting {setting}: {_advice(setting, known)}")
    missing = sorted(needed - settings.keys())
    if missing:
        raise ValueError(f"service {name}: {missing[0]} is missing: give it")


def _advice(word: str, known: dict[str, object] | frozenset[str] | dict[str, Json]) -> str:
    lower = {item.lower(): item for item in known}
    near = difflib.get_close_matches(word.replace("_", "").lower(), lower, n=1)
    return f"did you mean {lower[near[0]]}?" if near else f"there are {', '.join(sorted(known))}"
