"""ConfigMaps and Secrets from literals, files and env files, and the hash that their names end in."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.kustomize.failures import KustomizeError, wrap
from nixernetes.render.kustomize.kustomization import GeneratorArgs, GeneratorOptions
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.resource import BuildResource

__all__ = ["config_map", "content_hash", "secret", "with_global_options"]

_MAX_KEYS = 100_000  # a ConfigMap or Secret may hold 1 MiB, and each key takes ten bytes of it
_BASE64_LINE = 70
_BEHAVIORS = ("create", "merge", "replace")


def with_global_options(own: GeneratorOptions | None, shared: GeneratorOptions | None) -> GeneratorOptions | None:
    """Return a generator's options completed by ``generatorOptions``; its own labels and annotations win."""
    if shared is None:
        return own
    own = own or GeneratorOptions()
    return GeneratorOptions(
        labels={**shared.labels, **own.labels},
        annotations={**shared.annotations, **own.annotations},
        disable_name_suffix_hash=own.disable_name_suffix_hash or shared.disable_name_suffix_hash,
        immutable=own.immutable or shared.immutable,
    )


def config_map(args: GeneratorArgs, loader: Loader, schemas: OpenApi) -> BuildResource:
    """Return the ConfigMap of one entry of ``configMapGenerator``.

    Raises:
        KustomizeError: no name, a key twice, a source that cannot be read.

    """
    manifest = _base("ConfigMap", args)
    for key, value in sorted(_pairs(args, loader)):
        field, text = _config_map_value(value)
        manifest.setdefault(field, {})[key] = text
    return _resource(manifest, args, schemas)


def secret(args: GeneratorArgs, loader: Loader, schemas: OpenApi) -> BuildResource:
    """Return the Secret of one entry of ``secretGenerator``.

    Raises:
        KustomizeError: as :func:`config_map`.

    """
    manifest = _base("Secret", args)
    manifest["type"] = args.type or "Opaque"
    manifest["data"] = {key: _base64(value) for key, value in sorted(_pairs(args, loader))}
    return _resource(manifest, args, schemas)


def _base(kind: str, args: GeneratorArgs) -> Manifest:
    if not args.name:
        raise KustomizeError("a configmap must have a name")
    meta: dict[str, Json] = {"name": args.name}
    if args.namespace:
        meta["namespace"] = args.namespace
    return {"apiVersion": "v1", "kind": kind, "metadata": meta}


def _resource(manifest: Manifest, args: GeneratorArgs, schemas: OpenApi) -> BuildResource:
    options = args.options or GeneratorOptions()
    meta = dict(manifest["metadata"])
    for field, values in (("labels", options.labels), ("annotations", options.annotations)):
        if values:
            meta[field] = dict(values)
    manifest = {**manifest, "metadata": meta}
    if options.immutable:
        manifest["immutable"] = True
    return BuildResource(
        manifest=manifest,
        schemas=schemas,
        source=Origin(),
        behavior=args.behavior if args.behavior in _BEHAVIORS else "unspecified",
        needs_hash=not options.disable_name_suffix_hash,
    )


def _config_map_value(value: bytes) -> tuple[str, str]:
    try:
        return "data", value.decode()
    except UnicodeDecodeError:
        return "binaryData", _base64(value)


def _base64(value: bytes) -> str:
    """Encode as Kustomize does: from 70 characters on in lines of 70, each ended."""
    text = base64.b64encode(value).decode()
    if len(text) < _BASE64_LINE:
        return text
    return "".join(text[i : i + _BASE64_LINE] + "\n" for i in range(0, len(text), _BASE64_LINE))


def _pairs(args: GeneratorArgs, loader: Loader) -> list[tuple[str, bytes]]:
    try:
        pairs = [*_from_envs(args, loader), *_from_literals(args), *_from_files(args, loader)]
    except KustomizeError as error:
        raise wrap("loading KV pairs", error) from error
    if len(pairs) > _MAX_KEYS:
        raise KustomizeError(f"configmap {args.name} has {len(pairs):,} keys: at most {_MAX_KEYS:,}")
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise KustomizeError(f"configmap {args.name} illegally repeats the key `{key}`")
        seen.add(key)
    return pairs


def _from_literals(args: GeneratorArgs) -> Iterator[tuple[str, bytes]]:
    for literal in args.literals:
        key, equals, value = literal.partition("=")
        if not key or not equals:
            # The text itself may be a secret: it is not repeated.
            raise KustomizeError(f"literal sources of {args.name}: invalid literal source, expected key=value")
        yield key, _unquoted(value).encode()


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _from_files(args: GeneratorArgs, loader: Loader) -> Iterator[tuple[str, bytes]]:
    for source in args.files:
        key, path = _file_source(source)
        try:
            yield key, loader.read(path)
        except KustomizeError as error:
            raise wrap(f"file sources: [{' '.join(args.files)}]", error) from error


def _file_source(source: str) -> tuple[str, str]:
    amount = source.count("=")
    if amount == 0:
        return source.rstrip("/").rsplit("/", 1)[-1], source
    if amount > 1:
        raise KustomizeError(f"source \"{source}\" key name or file path contains '='")
    key, _, path = source.partition("=")
    if not key:
        raise KustomizeError(f'missing key name for file path "{path}" in source "{source}"')
    if not path:
        raise KustomizeError(f'missing file path for key name "{key}" in source "{source}"')
    return key, path


def _from_envs(args: GeneratorArgs, loader: Loader) -> Iterator[tuple[str, bytes]]:
    for path in args.envs:
        try:
            text = loader.read(path).decode()
        except KustomizeError as error:
            raise wrap(f"env source files: [{' '.join(args.envs)}]", error) from error
        except UnicodeDecodeError as error:
            raise KustomizeError("an env file has invalid utf8 bytes", place=loader.file(path)) from error
        for line in text.removeprefix("\ufeff").split("\n"):
            entry = line.removesuffix("\r").lstrip()
            if entry and not entry.startswith("#"):
                key, _, value = entry.partition("=")
                yield key, value.encode()


# Go's JSON writer escapes these, so that the text can stand in HTML.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_LETTERS = str.maketrans({"0": "g", "1": "h", "3": "k", "a": "m", "e": "t"})


def content_hash(manifest: Manifest) -> str:
    """Return the ten letters that Kustomize appends to the name of a ConfigMap or Secret with this content.

    Raises:
        KustomizeError: another kind.

    """
    kind = manifest.get("kind")
    content: dict[str, Json] = {"kind": kind, "name": "", "data": _part(manifest, "data")}
    if kind == "ConfigMap":
        optional = "binaryData"
    elif kind == "Secret":
        optional = "stringData"
        content["type"] = manifest.get("type", "")
    else:
        raise KustomizeError(f"the hash of a {kind} is not known: only ConfigMaps and Secrets are hashed")
    if isinstance(manifest.get(optional), dict):
        content[optional] = manifest[optional]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for letter, escape in _ESCAPES.items():
        text = text.replace(letter, escape)
    return hashlib.sha256(text.encode()).hexdigest()[:10].translate(_LETTERS)


def _part(manifest: Manifest, field: str) -> Json:
    value = manifest.get(field)
    return "" if value is None else value
