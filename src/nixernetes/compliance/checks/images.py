"""Checks of images and of what containers are told: tags, digests, registries, credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from nixernetes.compliance.checks.check import CheckScene, ComplianceCheck, Fault, on_kinds, on_pods
from nixernetes.compliance.objects import AssessedObject, FieldPath
from nixernetes.languages.regexes import linear
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.kinds import CONFIG_MAP, DAEMON_SET, DEPLOYMENT
from nixernetes.objects.well_known import DOCKER_INDEX, DOCKER_REGISTRY

__all__ = ["CHECKS", "ImageName", "image_name", "images"]

_WORDS: Final = frozenset(
    (
        *("password", "passwd", "passphrase", "secret", "token", "apikey", "credential", "credentials", "pwd"),
        *("accesskey", "secretkey", "privatekey", "clientsecret", "authtoken"),
    )
)
_KEY_PAIRS: Final = frozenset((("api", "key"), ("access", "key"), ("secret", "key"), ("private", "key")))
_ABOUT: Final = frozenset(  # what is said about a credential, and is none
    (
        *("file", "path", "dir", "name", "ref", "url", "uri", "host", "port", "enabled", "disabled", "ttl", "timeout"),
        *("length", "expiry", "expiration", "interval", "duration", "type", "policy", "size", "count", "max", "min"),
        *("issuer", "audience", "endpoint", "store", "class", "format", "header", "id", "rotation", "namespace"),
    )
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VALUE: Final = (  # searched in time that grows with the value alone: values are long, and written by anybody
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}"
    r"|\bxox[abprs]-[0-9A-Za-z-]{10}|\bglpat-[0-9A-Za-z_-]{20}|[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@$<{]+@"
)
_HARMLESS: Final = re.compile(r"(?i:true|false|yes|no|none|null|-?\d{1,4}|\*+)?\Z|\$[({]|/[\w./-]+\Z|<[^>]*>\Z")


class ImageName(NamedTuple):
    """The parts of the name of an image."""

    registry: str
    repository: str
    tag: str
    digest: str


def image_name(text: str) -> ImageName:
    """Return the parts of an image's name; without a registry it is of Docker Hub, as container runtimes read it."""
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    first, _, rest = f"{head}{slash}{last}".partition("/")
    if rest and ("." in first or ":" in first or first == "localhost"):
        return ImageName(DOCKER_REGISTRY if first == DOCKER_INDEX else first, rest, tag, digest)
    return ImageName(DOCKER_REGISTRY, f"{head}{slash}{last}" if head else f"library/{last}", tag, digest)


def images(item: AssessedObject, scene: CheckScene) -> Iterator[tuple[FieldPath, str]]:
    """Yield the image of each container of a pod, and where it stands."""
    for container in scene.index.pod(item).containers:
        image = text_at(container.spec, "image")
        if image:
            yield (*container.path, "image"), image


def _tag(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for path, image in images(item, scene):
        name = image_name(image)
        if not name.digest and name.tag in ("", "latest"):
            yield Fault(path, "a digest, or a tag other than latest", image)


def _digest(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for path, image in images(item, scene):
        if not image_name(image).digest:
            yield Fault(path, "a digest", image)


def _registry(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    allowed = [each.rstrip("/") for each in scene.options.registries]
    for path, image in images(item, scene):
        name = image_name(image)
        whole = f"{name.registry}/{name.repository}/"
        if not allowed:
            yield Fault(path, "no list of registries is set: compliance.registries", image, undecided=True)
        elif not any(whole.startswith(f"{each}/") for each in allowed):
            yield Fault(path, f"an image of {', '.join(allowed)}", image)


def _retired(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    if not isinstance(at(item.manifest, "spec", "template"), dict):
        return
    for number, container in enumerate(items_at(item.manifest, "spec", "template", "spec", "containers")):
        image = text_at(container, "image")
        if image and image_name(image).repository.endswith(("ingress-nginx/controller", "nginx-ingress-controller")):
            path = ("spec", "template", "spec", "containers", number, "image")
            yield Fault(path, "a controller that is still maintained", image)


def _credentials(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    if item.key.group_kind == CONFIG_MAP:
        for key, value in mapping_at(item.manifest, "data").items():
            if isinstance(value, str) and _is_credential(key, value, scene):
                yield Fault(("data", key), "no credential in a ConfigMap", "***")
        return
    for container in scene.index.pod(item).containers:
        for number, each in enumerate(items_at(container.spec, "env")):
            value = at(each, "value")
            if isinstance(value, str) and _is_credential(text_at(each, "name"), value, scene):
                yield Fault((*container.path, "env", number, "value"), "a value from a Secret", "***")


def _is_credential(key: str, value: str, scene: CheckScene) -> bool:
    if linear(_VALUE)(value):
        return True
    if "\n" in value or _HARMLESS.match(value):
        return False
    return _names_credential(key) or any(linear(pattern)(key) for pattern in scene.options.credential_keys)


def _names_credential(key: str) -> bool:
    words = [word.lower() for word in _WORD.findall(key)]
    if not words or words[-1] in _ABOUT:
        return False
    pairs = pairwise(words)
    return any(word in _WORDS for word in words) or any(pair in _KEY_PAIRS for pair in pairs)


CHECKS: Final = (
    on_pods("pod.image-tag", _tag),
    on_pods("pod.image-digest", _digest),
    on_pods("pod.image-registry", _registry),
    ComplianceCheck("pod.no-plain-credentials", lambda index: [*index.pods, *index.of(CONFIG_MAP)], _credentials),
    on_kinds("net.ingress-nginx", _retired, DEPLOYMENT, DAEMON_SET),
)
