"""Microsoft Teams: connectors of Office, and workflows of Power Automate."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from nixernetes.engine.argocd.notifications.services.letters import Letter, given_json, listed, present
from nixernetes.engine.notices.encoding import JSON_BODY, go_json
from nixernetes.engine.notices.requests import Exchange, WebReply, WebRequest, accepted
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["teams", "teams_workflows"]

_WORKFLOWS: Final = re.compile(
    r"api\.(powerautomate|powerplatform)\.com|flow\.microsoft\.com|webhook\.office\.com/workflows|/powerautomate/",
    re.IGNORECASE,
)


def teams(letter: Letter) -> Exchange:
    """Post a message card; the connector answers ``1`` where it takes it, whatever the status says."""
    url = letter.address_of("recipientUrls", "teams webhook")
    part = letter.part("teams")
    body = text_at(part, "template").encode() or go_json(_message_card(letter, part))
    answer = yield WebRequest(url=url, headers=JSON_BODY, body=body, is_answered=True, granted=WebReply(body=b"1"))
    if answer.body != b"1":
        raise RemoteError(f"teams webhook post error: the answer is not 1, the status {answer.status}")


def _message_card(letter: Letter, part: Json) -> Json:
    sections = given_json(text_at(part, "sections"), "teams sections", list)
    facts = text_at(part, "facts")
    if facts:
        sections = [*sections, {"facts": given_json(facts, "teams facts", list)}]
    return {
        "@type": "MessageCard",
        "context": "https://schema.org/extensions",
        "title": text_at(part, "title"),
        "summary": text_at(part, "summary"),
        "text": text_at(part, "text") or letter.message,
        **present(
            themeColor=text_at(part, "themeColor"),
            potentialAction=given_json(text_at(part, "potentialAction"), "teams potential action", list),
            sections=sections,
        ),
    }


def teams_workflows(letter: Letter) -> Exchange:
    """Post an adaptive card to a workflow."""
    url = letter.address_of("recipientUrls", "teams-workflows webhook")
    _check(url, letter.recipient)
    part = letter.part("teams-workflows")
    given = text_at(part, "adaptiveCard").strip()
    card = given_json(given, "teams-workflows adaptiveCard", dict) if given else _adaptive_card(letter, part)
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    body = {"type": "message", "attachments": [attachment]}
    accepted((yield WebRequest(url=url, headers=JSON_BODY, body=go_json(body))))


def _check(url: str, recipient: str) -> None:
    about = f"invalid webhook URL for recipient {recipient}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise InputError(f"{about}: it is not a URL") from None
    local = host == "localhost" or host.startswith("127.")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise InputError(f"{about}: webhook URL must use HTTPS scheme")
    if not host:
        raise InputError(f"{about}: webhook URL must have a valid host")
    if not _WORKFLOWS.search(url):
        raise InputError(f"{about}: it does not appear to be a Microsoft Teams Workflows URL (Power Automate)")


def _adaptive_card(letter: Letter, part: Json) -> Json:
    body: list[Json] = []
    title, text = text_at(part, "title"), text_at(part, "text") or letter.message
    if title:
        colour = present(color=text_at(part, "themeColor"))
        body.append({"type": "TextBlock", "text": title, "size": "Large", "weight": "Bolder", **colour, "wrap": True})
    if text:
        body.append({"type": "TextBlock", "text": text, "wrap": True})
    facts = given_json(text_at(part, "facts"), "teams-workflows facts", list)
    sections = given_json(text_at(part, "sections"), "teams-workflows sections", list)
    for each in (facts, *(listed(at(section, "facts")) for section in sections)):
        found = [
            {"title": fact["name"], "value": _shown(at(fact, "value"))}
            for fact in each
            if isinstance(at(fact, "name"), str)
        ]
        if found:
            body.append({"type": "FactSet", "facts": found})
    actions = [
        {"type": "Action.OpenUrl", **present(title=text_at(action, "name")), "url": uri}
        for action in given_json(text_at(part, "potentialAction"), "teams-workflows potential action", list)
        if text_at(action, "@type") == "OpenUri" and (uri := _first_uri(action))
    ]
    return {"type": "AdaptiveCard", "version": "1.4", "body": body, **present(actions=actions)}


def _shown(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _first_uri(action: Json) -> str:
    return next((text_at(target, "uri") for target in listed(at(action, "targets"))[:1]), "")
