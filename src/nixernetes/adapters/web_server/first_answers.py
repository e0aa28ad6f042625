"""What a view asks first is answered in its page, so that a view costs one request.

The answers stand as data, behind everything that the browser can begin with before it has them. What takes long to
work out, or is asked again and again, is not among them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from nixernetes.adapters.web_server.questions import Answering, WebQuestion

__all__ = ["first_answers"]

_ALWAYS: Final = ("fleet", "clock")  # the head of every page says how it stands, and what time it is
_OF_VIEWS: Final = {
    "/clusters": "clusters",
    "/projects": "projects",
    "/sources": "sources",
    "/policies": "policies",
    "/findings": "findings",
    "/history": "timeline",
    "/reasons": "reasons",
    "/activity": "activity",
    "/notifications": "notifications",
}
_DELIVERY: Final = "/delivery"
_WAYS: Final = ("order", "network")  # in which a delivery is looked at that are asked for by themselves
_LINES: Final = "300"  # of a tree: as many as the page asks for first
_OF_OBJECT: Final = ("cluster", "group", "kind", "namespace", "name")  # of one that is looked at beside its delivery
_PARTS: Final = ("cluster", "kind", "namespace", "name")  # of a delivery, in the order in which the page writes them


async def first_answers(ask: Answering, path: str, choices: Mapping[str, str]) -> list[bytes]:
    """Return what a view asks first, each as JSON that holds no ``<``; what is no success is left for it to ask.

    Args:
        ask: answers questions.
        path: the path of the view.
        choices: what is chosen in it.

    """
    questions = [WebQuestion(name=name) for name in _ALWAYS]
    if path in _OF_VIEWS:
        questions.append(WebQuestion(name=_OF_VIEWS[path]))
    if path == _DELIVERY:
        about = {part: choices.get(part, "") for part in _PARTS}
        names = ("delivery", *(way for way in _WAYS if way == choices.get("as")))
        questions += [WebQuestion(name=name, about=about) for name in names]
        parts = [unquote(part) for part in choices.get("object", "").split("/")]
        if len(parts) == len(_OF_OBJECT):
            by = {f"by-{part}": text for part, text in about.items()}
            questions.append(WebQuestion(name="object", about=dict(zip(_OF_OBJECT, parts, strict=True)) | by))
    answers = await asyncio.gather(*(ask(_few(each)) for each in questions))
    return [
        _written(question, answer.body)
        for question, answer in zip(questions, answers, strict=True)
        if answer.status == 200
    ]


def _few(question: WebQuestion) -> WebQuestion:
    """Ask for the first lines of a tree alone: the page asks for the others when it shows them."""
    return replace(question, about={**question.about, "lines": _LINES}) if question.name == "delivery" else question


def _written(question: WebQuestion, body: bytes) -> bytes:
    about = json.dumps(question.about).encode()
    written = b'{"name":"%s","about":%s,"value":%s}' % (question.name.encode(), about, body)
    return written.replace(b"<", b"\\u003c")
