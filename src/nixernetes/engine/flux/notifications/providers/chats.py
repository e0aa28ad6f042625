"""Chats: Slack and those who understand its messages, Teams, Google Chat, Lark, Matrix, Webex, Telegram, Zulip."""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, ProviderError, event_body
from nixernetes.engine.notices.encoding import JSON_BODY, basic_login, go_json
from nixernetes.engine.notices.requests import Exchange, WebReply, WebRequest, accepted, answered_json
from nixernetes.errors import RemoteError
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.manifest import Json

__all__ = [
    "discord",
    "google_chat",
    "lark",
    "markdown",
    "matrix",
    "rocket",
    "slack",
    "teams",
    "telegram",
    "webex",
    "zulip",
]

_SLACK_API: Final = "https://slack.com/api/chat.postMessage"
_SLACK_GRANTED: Final = WebReply(body=b'{"ok": true}')
_TELEGRAM: Final = "https://api.telegram.org/bot"
_ESCAPED: Final = "\\.-_[]()~>`#+=|{}!*"  # what Telegram's MarkdownV2 gives a meaning
_OFFICE: Final = ".webhook.office.com"


def slack(dispatch: Dispatch) -> Exchange:
    """Post a message with an attachment; Slack's own API answers 200 to what it refuses, and says so in the body."""
    headers = dict(JSON_BODY)
    if dispatch.login.token:
        headers["Authorization"] = f"Bearer {dispatch.login.token}"
    fallback = f"{dispatch.subject}: {dispatch.message.partition(chr(10))[0]}"
    body = _slack_body(dispatch, dispatch.channel, dispatch.username or dispatch.event.controller, fallback=fallback)
    is_api = dispatch.address == _SLACK_API
    answer = yield WebRequest(
        url=dispatch.address, headers=headers, body=go_json(body), is_answered=is_api, granted=_SLACK_GRANTED
    )
    if not is_api:
        accepted(answer)
        return
    said = answered_json(answer)
    if at(said, "ok") is not True:
        raise RemoteError(f"Slack responded with error: {text_at(said, 'error')[:100]}")


def discord(dispatch: Dispatch) -> Exchange:
    """Post what Slack would get to the webhook's path for that."""
    address = dispatch.address
    if not address.endswith("/slack"):
        parts = urlsplit(address)
        address = parts._replace(path=f"{parts.path.rstrip('/')}/slack").geturl()
    body = _slack_body(dispatch, "", dispatch.username or dispatch.event.controller)
    accepted((yield WebRequest(url=address, headers=JSON_BODY, body=go_json(body))))


def rocket(dispatch: Dispatch) -> Exchange:
    """Post what Slack would get, in colours of its own."""
    body = _slack_body(dispatch, dispatch.channel, dispatch.username, colours=("#0076D7", "#FF0000"))
    accepted((yield WebRequest(url=dispatch.address, headers=JSON_BODY, body=go_json(body))))


def _slack_body(
    dispatch: Dispatch, channel: str, name: str, *, fallback: str = "", colours: tuple[str, str] = ("good", "danger")
) -> Json:
    attachment: dict[str, Json] = {
        "fallback": fallback,
        "color": colours[dispatch.is_error],
        "author_name": dispatch.subject,
        "text": dispatch.message,
        "mrkdwn_in": ["text"],
        "fields": [{"title": fact, "value": text, "short": False} for fact, text in dispatch.facts],
    }
    return {"channel": channel, "username": name, "icon_url": "", "icon_emoji": "", "attachments": [attachment]}


def teams(dispatch: Dispatch) -> Exchange:
    """Post an adaptive card, or what the connectors of Office take whose host ends with ``.webhook.office.com``."""
    host = urlsplit(dispatch.address).hostname or ""
    body = _message_card(dispatch) if host.endswith(_OFFICE) else _adaptive_card(dispatch)
    accepted((yield WebRequest(url=dispatch.address, headers=JSON_BODY, body=go_json(body))))


def _message_card(dispatch: Dispatch) -> Json:
    section = {
        "activityTitle": dispatch.message,
        "activitySubtitle": dispatch.subject,
        "facts": [{"name": name, "value": text} for name, text in dispatch.facts],
    }
    return {
        "@type": "MessageCard",
        "@context": "http://schema.org/extensions",
        "themeColor": "FF0000" if dispatch.is_error else "0076D7",
        "summary": dispatch.subject,
        "sections": [section],
    }


def _adaptive_card(dispatch: Dispatch) -> Json:
    facts = sorted(dispatch.facts, key=lambda fact: (fact[0] != "summary", fact[0]))
    alarm = {"color": "attention"} if dispatch.is_error else {}
    shown = {"facts": [{"title": name, "value": text} for name, text in facts]} if facts else {}
    items: list[Json] = [
        {"type": "TextBlock", "text": dispatch.subject, "size": "large", "weight": "bolder", "wrap": True},
        {"type": "TextBlock", "text": dispatch.message, **alarm, "wrap": True},
        {"type": "FactSet", **shown},
    ]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "Container", "items": items}],
        "msteams": {"width": "Full"},
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def google_chat(dispatch: Dispatch) -> Exchange:
    """Post a card."""
    text = f'<font color="#ff0000">{dispatch.message}</font>' if dispatch.is_error else dispatch.message
    sections: list[Json] = [{"header": "", "widgets": [{"textParagraph": {"text": text}, "keyValue": None}]}]
    if dispatch.metadata:
        sections.append({"header": "", "widgets": [_key_value(name, value) for name, value in dispatch.facts]})
    header = {"title": dispatch.subject, "subtitle": dispatch.event.controller, "imageUrl": None, "imageStyle": None}
    body = {"cards": [{"header": header, "sections": sections}]}
    accepted((yield WebRequest(url=dispatch.address, headers=JSON_BODY, body=go_json(body))))


def _key_value(name: str, value: str) -> Json:
    pair = {"topLabel": name, "content": value, "contentMultiline": False, "bottomLabel": None, "icon": None}
    return {"textParagraph": None, "keyValue": pair}


def lark(dispatch: Dispatch) -> Exchange:
    """Post an interactive card."""
    facts = "".join(f"{name}: {text}\n" for name, text in dispatch.facts)
    title = {"tag": "plain_text", "content": f"{_emoji(dispatch)} {dispatch.subject}"}
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"title": title, "template": "red" if dispatch.is_error else "turquoise"},
        "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": f"**{dispatch.message}**\n\n{facts}"}}],
    }
    accepted(
        (
            yield WebRequest(
                url=dispatch.address, headers=JSON_BODY, body=go_json({"msg_type": "interactive", "card": card})
            )
        )
    )


def matrix(dispatch: Dispatch) -> Exchange:
    """Put a message into a room, under the hash of the event, so that it is there once."""
    digest = hashlib.sha1(event_body(dispatch), usedforsecurity=False).hexdigest()
    url = f"{dispatch.address}/_matrix/client/r0/rooms/{quote(dispatch.channel, safe='!:@$&+,;=~*()' + chr(39))}"
    facts = "".join(f"- {name}: {text}\n" for name, text in dispatch.facts)
    body = {"body": f"{_emoji(dispatch)} {dispatch.subject}\n{dispatch.message}\n{facts}", "msgtype": "m.text"}
    headers = {**JSON_BODY, "Authorization": f"Bearer {dispatch.login.token}"}
    request = WebRequest(method="PUT", url=f"{url}/send/m.room.message/{digest}", headers=headers, body=go_json(body))
    accepted((yield request))


def webex(dispatch: Dispatch) -> Exchange:
    """Post Markdown into a room."""
    facts = "".join(f">**{name}**: {text}\n" for name, text in dispatch.facts)
    head = f"{'💣' if dispatch.is_error else '✅'} **{dispatch.subject}**\n{dispatch.message}\n"
    body = {"roomId": dispatch.channel, "markdown": f"{head}{facts}"}
    headers = {**JSON_BODY, "Authorization": f"Bearer {dispatch.login.token}"}
    body = {name: text for name, text in body.items() if text}
    accepted((yield WebRequest(url=dispatch.address, headers=headers, body=go_json(body))))


def telegram(dispatch: Dispatch) -> Exchange:
    """Send a message of a bot to a chat, or to a thread of it: ``<chat>:<thread>``."""
    if not dispatch.channel:
        raise ProviderError("empty Telegram channel")
    if not dispatch.login.token:
        raise ProviderError("empty Telegram token")
    key = dispatch.event.key
    heading = f"{_emoji(dispatch)} {key.kind.lower()}/{key.name}/{key.namespace}"
    facts = "".join(f"\\- *{_quoted(name)}*: {_quoted(text)}\n" for name, text in dispatch.facts)
    chat, colon, thread = dispatch.channel.partition(":")
    body: dict[str, Json] = {
        "chat_id": chat,
        **({"message_thread_id": thread} if colon and thread else {}),
        "text": f"*{_quoted(heading)}*\n{_quoted(dispatch.message)}\n{facts}",
        "parse_mode": "MarkdownV2",
    }
    url = f"{_TELEGRAM}{dispatch.login.token}/sendMessage"
    accepted((yield WebRequest(url=url, headers=JSON_BODY, body=go_json(body))))


def _quoted(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _ESCAPED else letter for letter in text)


def _emoji(dispatch: Dispatch) -> str:
    return "🚨" if dispatch.is_error else "💫"


def zulip(dispatch: Dispatch) -> Exchange:
    """Post Markdown under a topic of a channel: ``<channel>/<topic>``."""
    channel, _, topic = dispatch.channel.partition("/")
    if not channel or not topic:
        raise ProviderError(f"invalid Zulip channel format, expected <channel>/<topic>, got '{dispatch.channel}'")
    form = {"content": markdown(dispatch), "to": channel, "topic": topic, "type": "stream"}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if dispatch.username or dispatch.login.password:
        headers["Authorization"] = basic_login(dispatch.username, dispatch.login.password)
    url = urlsplit(dispatch.address)._replace(path="/api/v1/messages").geturl()
    accepted((yield WebRequest(url=url, headers=headers, body=urlencode(form, safe="").encode())))


def markdown(dispatch: Dispatch) -> str:
    """Return an event as Markdown, as comments and Zulip have it."""
    key = dispatch.event.key
    emoji = "⚠️" if dispatch.is_error else "ℹ️"  # noqa: RUF001  # the sign of the real one
    facts = "".join(f"* `{name}`: {text}\n" for name, text in dispatch.facts if name != "change_request")
    return (
        f"## Flux Status\n\n{emoji} {key.kind}/{key.namespace}/{key.name}\n\n{dispatch.message}\n\nMetadata:\n{facts}"
    )
