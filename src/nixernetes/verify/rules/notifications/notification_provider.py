"""``notification-provider``: Providers, Alerts and Receivers of Flux have what their types need.

What notification-controller would say of each event or request (``internal/notifier`` and ``internal/server``, 1.9.3):
keys that a type cannot be without, addresses that name no repository, expressions that do not compile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.notifications.hooks import DEFAULTED_KINDS
from nixernetes.engine.flux.notifications.providers.commit_status_ids import broken_status
from nixernetes.engine.flux.notifications.providers.dispatches import ProviderError
from nixernetes.engine.flux.notifications.providers.git_hosts import git_place
from nixernetes.engine.flux.notifications.receiver_filters import broken_filter
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.gitops.flux.notifications.receiver import Receiver
from nixernetes.languages.regexes import linear
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import ALERT, PROVIDER, RECEIVER, SECRET
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import data_keys, is_filled
from nixernetes.verify.references.made import made_in
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_NO_ADDRESS: Final = ("telegram",)  # whose address the controller knows
_LOGINS: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "generic-hmac": (frozenset({"token"}),),
    "telegram": (frozenset({"token"}),),
    "opsgenie": (frozenset({"token"}),),
    "datadog": (frozenset({"token"}),),
    "bitbucket": (frozenset({"token"}),),
    "bitbucketserver": (frozenset({"token"}), frozenset({"username", "password"})),
    **{
        kind: (frozenset({"token"}), frozenset({"username", "password"}), frozenset({"githubAppID"}))
        for kind in ("github", "githubdispatch", "githubpullrequestcomment")
    },
    **{
        kind: (frozenset({"token"}), frozenset({"username", "password"}))
        for kind in ("gitlab", "gitlabmergerequestcomment", "gitea", "giteapullrequestcomment")
    },
}
_CHANNELS: Final = {
    "telegram": "the id of the chat",
    "googlepubsub": "the topic",
    "nats": "the subject",
    "zulip": "<channel>/<topic>",
}
_OWNED: Final = (
    "github",
    "githubdispatch",
    "githubpullrequestcomment",
    "gitea",
    "giteapullrequestcomment",
    "bitbucket",
)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(PROVIDER):
            provider = read(Provider, item.manifest).resource
            if provider is not None and not provider.suspend:
                yield from _provider(view, cluster, item, provider)
        for item in cluster.of(ALERT):
            yield from _expressions(cluster, item)
        for item in cluster.of(RECEIVER):
            receiver = read(Receiver, item.manifest).resource
            if receiver is not None and not receiver.suspend:
                yield from _receiver(cluster, item, receiver)


def _provider(view: PlatformView, cluster: ClusterObjects, item: Placed, provider: Provider) -> Iterator[Found]:
    keys = _keys(view, cluster, item)
    kind = provider.type
    if keys is not None:
        wanted = _LOGINS.get(kind)
        if wanted is not None and not any(each <= keys for each in wanted):
            choices = " or ".join(" and ".join(sorted(each, reverse=True)) for each in wanted)
            where = "its Secret has none" if provider.secret_ref is not None else "set secretRef"
            path = ("spec", "secretRef", "name") if provider.secret_ref is not None else ("spec", "type")
            message = f"type {kind} needs the key {choices} in its Secret: {where}"
            yield Found(cluster=cluster, subject=item, message=message, path=path)
        if not provider.address and "address" not in keys and kind not in _NO_ADDRESS:
            message = f"type {kind} needs an address: set spec.address, or address in its Secret"
            yield Found(cluster=cluster, subject=item, message=message, path=("spec", "type"))
    channel = provider.channel or ""
    if kind in _CHANNELS and (not channel or (kind == "zulip" and not all(channel.partition("/")))):
        message = f"type {kind} needs a channel: {_CHANNELS[kind]}"
        path = ("spec", "channel") if channel else ("spec", "type")
        yield Found(cluster=cluster, subject=item, message=message, path=path)
    if (
        keys is not None
        and "address" not in keys
        and provider.address
        and kind in _OWNED
        and not _names(provider.address)
    ):
        message = f"type {kind} needs the URL of a repository, https://host/<owner>/<name>: the address names none"
        yield Found(cluster=cluster, subject=item, message=message, path=("spec", "address"))
    if provider.commit_status_expr:
        problem = broken_status(provider.commit_status_expr)
        if problem:
            yield Found(cluster=cluster, subject=item, message=problem, path=("spec", "commitStatusExpr"))


def _names(address: str) -> bool:
    try:
        return len(git_place(address)[1].split("/")) == 2  # an owner and a name
    except ProviderError:
        return False


def _keys(view: PlatformView, cluster: ClusterObjects, item: Placed) -> frozenset[str] | None:
    """Return the keys of a Provider's Secret, none where it names none; None where they are not known."""
    name = text_at(item.manifest, "spec", "secretRef", "name")
    if not name:
        return frozenset()
    target = ObjectKey(*SECRET, item.namespace, name)
    given = cluster.given.get(target)
    if given is not None:
        return data_keys(given)
    found = cluster.get(target)
    if found is not None:
        return None if is_filled(found.manifest) else data_keys(found.manifest)
    return made_in(view, cluster).keys(target)


def _expressions(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    for field in ("inclusionList", "exclusionList"):
        for index, text in enumerate(items_at(item.manifest, "spec", field)):
            try:
                linear(str(text))
            except ValueError as error:
                message = f"the regular expression is broken, and finds nothing: {error}"
                yield Found(cluster=cluster, subject=item, message=message, path=("spec", field, index))


def _receiver(cluster: ClusterObjects, item: Placed, receiver: Receiver) -> Iterator[Found]:
    problem = broken_filter(receiver)
    if problem:
        path = ("spec", "resourceFilter") if problem.startswith("invalid resourceFilter") else ("spec", "resources")
        yield Found(cluster=cluster, subject=item, message=problem, path=path)
    for index, each in enumerate(objects_at(item.manifest, "spec", "resources")):
        kind = text_at(each, "kind")
        if not text_at(each, "apiVersion") and kind not in DEFAULTED_KINDS:
            message = f"apiVersion must be given for kind {kind}: each request fails without it"
            yield Found(cluster=cluster, subject=item, message=message, path=("spec", "resources", index, "kind"))
        if text_at(each, "name") == "*" and "matchLabels" not in each:
            message = "the name * needs matchLabels: each request fails without them"
            yield Found(cluster=cluster, subject=item, message=message, path=("spec", "resources", index, "name"))


RULE: Final = Rule(
    name="notification-provider",
    topic="notification",
    severity=Severity.ERROR,
    sentence="Providers, Alerts and Receivers have what their types need, and their expressions can be read.",
    check=_check,
)
