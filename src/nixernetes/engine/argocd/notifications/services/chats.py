"""Chats: Slack, Mattermost, Rocket.Chat, Telegram, Google Chat, Webex."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from nixernetes.engine.argocd.notifications.services.letters import Letter, given_json, present
from nixernetes.engine.notices.encoding import JSON_BODY, go_json
from nixernetes.engine.notices.requests import Exchange, WebReply, WebRequest, accepted, answered_json
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, flag_at, mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["google_chat", "mattermost", "rocket_chat", "slack", "telegram", "webex"]

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_EMOJI: Final = re.compile(r":.+:")
_EMAIL: Final = re.compile(r"\S+@\S+\.\S+")
_OK: Final = WebReply(body=b'{"ok": true}')
_LOGGED_IN: Final = WebReply(body=b'{"status": "success", "data": {"authToken": "***", "userId": "***"}}')
_POSTED: Final = WebReply(body=b'{"success": true}')
_TELEGRAM: Final = "https://api.telegram.org/bot"


def slack(letter: Letter) -> Exchange:
    """Post a message to a channel; its parts are JSON in a form."""
    part = letter.part("slack")
    form: dict[str, str] = {"channel": letter.recipient, "text": letter.message}
    name = text_at(part, "username") or letter.setting("username")
    icon = text_at(part, "icon") or letter.setting("icon")
    if name:
        form["username"] = name
    if _EMOJI.fullmatch(icon):
        form["icon_emoji"] = icon
    elif _is_web_page(icon):
        form["icon_url"] = icon
    if part:
        form["attachments"] = go_json(given_json(text_at(part, "attachments"), "attachments", list)).decode()
        blocks = given_json(text_at(part, "blocks"), "blocks", list)
        form |= {"blocks": go_json(blocks).decode()} if blocks else {}
    if flag_at(letter.settings, "disableUnfurl"):
        form |= {"unfurl_links": "false", "unfurl_media": "false"}
    if flag_at(part, "notifyBroadcast"):
        form["reply_broadcast"] = "true"
    api = letter.setting("apiURL") or "https://slack.com/api/"
    form["token"] = letter.setting("token")
    answer = yield WebRequest(
        url=f"{api}chat.postMessage",
        headers=_FORM,
        body=urlencode(sorted(form.items())).encode(),
        is_answered=True,
        granted=_OK,
    )
    said = answered_json(accepted(answer))
    if at(said, "ok") is not True:
        raise RemoteError(f"Slack responded with error: {text_at(said, 'error')[:100]}")


def _is_web_page(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def mattermost(letter: Letter) -> Exchange:
    """Create a post in a channel."""
    attachments = given_json(text_at(letter.part("mattermost"), "attachments"), "attachments", list)
    body = {"channel_id": letter.recipient, "message": letter.message, "props": {"attachments": attachments}}
    headers = {**JSON_BODY, "Authorization": f"Bearer {letter.setting('token')}"}
    accepted((yield WebRequest(url=f"{letter.setting('apiURL')}/api/v4/posts", headers=headers, body=go_json(body))))


def rocket_chat(letter: Letter) -> Exchange:
    """Log in, and post a message to a channel, a person or a room."""
    base = letter.setting("serverUrl").rstrip("/")
    form = urlencode({"password": letter.setting("password"), "user": letter.setting("email")}).encode()
    answer = yield WebRequest(
        url=f"{base}/api/v1/login", headers=_FORM, body=form, is_answered=True, granted=_LOGGED_IN
    )
    said = answered_json(accepted(answer))
    headers = {
        **JSON_BODY,
        "X-Auth-Token": text_at(said, "data", "authToken"),
        "X-User-Id": text_at(said, "data", "userId"),
    }
    part, to = letter.part("rocketchat"), letter.recipient
    icon, avatar = letter.setting("icon"), letter.setting("avatar")
    body = present(
        roomId="" if to.startswith(("#", "@")) else to,
        channel=to if to.startswith(("#", "@")) else "",
        text=letter.message,
        alias=letter.setting("alias"),
        emoji=icon if _EMOJI.fullmatch(icon) else "",
        avatar=avatar if _is_web_page(avatar) else "",
        attachments=given_json(text_at(part, "attachments"), "attachments", list),
    )
    answer = yield WebRequest(
        url=f"{base}/api/v1/chat.postMessage", headers=headers, body=go_json(body), is_answered=True, granted=_POSTED
    )
    if at(answered_json(accepted(answer)), "success") is not True:
        raise RemoteError("Rocket.Chat did not take the message")


def telegram(letter: Letter) -> Exchange:
    """Ask the bot for its name, which proves the token, and send a message to a chat or a channel."""
    base = f"{_TELEGRAM}{letter.setting('token')}"
    _answered((yield WebRequest(url=f"{base}/getMe", headers=_FORM, is_answered=True, granted=_OK)))
    to, bar, thread = letter.recipient.partition("|")
    form = {"parse_mode": "Markdown", "text": letter.message}
    if letter.recipient.startswith("-"):
        if not to[1:].isdigit() or (bar and not thread.isdigit()):
            raise InputError(f"the recipient {letter.recipient} is not the number of a chat: write -<chat>[|<thread>]")
        form |= {"chat_id": to, **({"message_thread_id": thread} if bar else {})}
    else:
        form["chat_id"] = f"@{letter.recipient}"
    body = urlencode(sorted(form.items())).encode()
    _answered((yield WebRequest(url=f"{base}/sendMessage", headers=_FORM, body=body, is_answered=True, granted=_OK)))


def _answered(answer: WebReply) -> None:
    if at(answered_json(accepted(answer)), "ok") is not True:
        raise RemoteError("Telegram did not take the message")


def google_chat(letter: Letter) -> Exchange:
    """Post a text, or cards, into a space; a key makes a thread."""
    url = letter.address_of("webhooks", "Google chat webhook")
    part = letter.part("googlechat")
    cards, second = text_at(part, "cards"), text_at(part, "cardsV2")
    body: dict[str, Json] = {"text": "" if cards or second else letter.message}
    if cards:
        body["cards"] = _yaml(cards)
    if second:
        body["cardsV2"] = [
            {"cardId": hashlib.sha256(f"{index}{second}".encode()).hexdigest()[:32], "card": card}
            for index, card in enumerate(_yaml(second))
        ]
    thread = text_at(part, "threadKey")
    if thread:
        reply = ("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD")
        parts = urlsplit(url)
        query = sorted([*parse_qsl(parts.query), reply, ("threadKey", thread)])
        url = parts._replace(query=urlencode(query)).geturl()
    answer = yield WebRequest(
        url=url, headers=JSON_BODY, body=go_json(body), is_answered=True, granted=WebReply(body=b"{}")
    )
    if mapping_at(answered_json(answer), "error"):
        raise RemoteError(f"Google Chat refused the message with status {answer.status}")


def _yaml(text: str) -> list[Json]:
    found = yamls.parse(text)
    if not isinstance(found, list):
        raise InputError("cannot create message: the cards of googlechat are not a list")
    return found


def webex(letter: Letter) -> Exchange:
    """Post Markdown to a person or into a room."""
    api = letter.setting("apiURL").removesuffix("/") or "https://webexapis.com"
    to = letter.recipient
    is_person = _EMAIL.fullmatch(to) is not None
    body = present(toPersonEmail=to if is_person else "", roomId="" if is_person else to, markdown=letter.message)
    headers = {**JSON_BODY, "Authorization": f"Bearer {letter.setting('token')}"}
    accepted((yield WebRequest(url=f"{api}/v1/messages", headers=headers, body=go_json(body))))
