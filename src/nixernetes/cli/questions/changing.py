"""``sync``, ``refresh``, ``reconcile``, ``suspend``, ``resume``, ``scale``, ``edit`` and ``delete``: done, and told.

What takes time is waited for, as ``flux`` and ``argocd`` do: the request and the waiting are told on stderr, what came
of it on stdout, and the exit status is 1 where it failed.
"""

from __future__ import annotations

import os
import sys

from nixernetes.cli.questions.asking import Inquiry, ended
from nixernetes.cli.questions.printing import say
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.fields import items_at
from nixernetes.objects.manifest import Json

__all__ = ["change", "edit", "reconcile", "sync", "told"]


def change(question: Inquiry, do: str, *, wait: bool = True, timeout: str = "5m", **arguments: Json) -> None:
    """Ask for a change, tell what was done, and wait for what comes of it; exits 1 where that failed."""
    reply = question.ask(do, **arguments)
    _told(reply)
    _follow(question, items_at(reply, "wait"), wait=wait, timeout=timeout)


def told(question: Inquiry, do: str, **arguments: Json) -> None:
    """Ask, and tell the answer as it is."""
    for message in items_at(question.ask(do, **arguments), "messages"):
        say(str(message))


def reconcile(question: Inquiry, *, with_source: bool, wait: bool, timeout: str) -> None:
    """Reconcile an object of Flux, its source before it where that is asked for; exits 1 where that failed."""
    if with_source:
        _requested(question, question.ask("reconcile", source=True), wait=True, timeout=timeout)
    _requested(question, question.ask("reconcile"), wait=wait, timeout=timeout)


def sync(question: Inquiry, request: Json, *, wait: bool, timeout: str) -> None:
    """Sync or refresh an Application; exits 1 where that failed.

    Raises:
        InputError: a kind of Flux is named, or more than one name.

    """
    _requested(
        question, question.ask(name=_application(question, request["do"]), **request), wait=wait, timeout=timeout
    )


def _application(question: Inquiry, do: str) -> str:
    """Return the Application that is meant by ``NAME``, ``app NAME`` or ``app/NAME``."""
    words = [part for word in question.words for part in (word.split("/") if word.count("/") < 3 else [word])]
    is_named = words and words[0].lower() in ("app", "apps", "application", "applications")
    words = words[1:] if is_named and len(words) > 1 else words
    if len(words) == 1:
        return words[0]
    if len(words) == 2 and any("/" in word for word in question.words):
        return "/".join(words)
    if len(words) == 2:
        told = " ".join(words)
        raise InputError(f"{do} is for Applications of Argo CD: `nixernetes reconcile {told}` is for objects of Flux")
    raise InputError(f"name one Application: nixernetes {do} NAME")


def _requested(question: Inquiry, reply: Json, *, wait: bool, timeout: str) -> None:
    say(f"► {reply.get('message', '')}", err=True)
    _follow(question, items_at(reply, "wait"), wait=wait, timeout=timeout)


def _follow(question: Inquiry, waits: list[Json], *, wait: bool, timeout: str) -> None:
    failed = False
    for each in waits if wait else []:
        name = "/".join(str(part) for part in each["object"][1:] if part)
        say(f"◎ waiting for {each['cluster']}: {name}", err=True)
        found = ended(question.target, each, timeout)
        for line in items_at(found, "lines"):
            say(f"  {line}")
        say(f"{'✔' if found['ok'] else '✗'} {each['cluster']}: {name}: {found['message']}", err=not found["ok"])
        failed = failed or not found["ok"]
    if failed:
        sys.exit(1)


def _told(reply: Json) -> None:
    """Tell what was done; who will undo it follows below."""
    for message in items_at(reply, "messages"):
        say(f"✔ {message}")
    for advice in items_at(reply, "advice"):
        say(f"  {advice}")


def edit(question: Inquiry) -> None:
    """Let the user edit an object, and store it; a text that is refused is kept for him.

    Raises:
        InputError: the edit is refused.

    """
    from nixernetes.adapters.terminal.editor import edited  # noqa: PLC0415  # only an edit needs it
    from nixernetes.objects import yamls  # noqa: PLC0415  # same

    found = question.ask("edit")
    before = yamls.dump(found["object"])
    head = f"# {found['cluster']}: save to store this object; values shown as *** stay unchanged.\n"
    after, path = edited(head + before, os.environ)
    if after in (head + before, before) or not after.strip():
        path.unlink()
        say("Edit cancelled, no changes made.", err=True)
        return
    try:
        value = yamls.parse(after, file=str(path))
        reply = question.ask("replace", cluster=found["cluster"], object=value)
    except NixernetesError as error:
        raise InputError(f"{error}\nyour edit is kept in {path}") from error
    path.unlink()
    _told(reply)
