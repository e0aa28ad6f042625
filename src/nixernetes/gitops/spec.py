"""The base of everything that is written in Python and read by Kubernetes.

A :class:`Spec` is snake_case in Python and camelCase on the wire, takes nested values as objects or as dicts in either
spelling, and remembers which fields were given: only those are written, so ``from`` and ``to`` Kubernetes are inverse.
A field that is given as ``None`` in Python counts as not given.

Nested dicts are validated without :meth:`Spec.__init__`, so one declaration reports all of its problems at once, as one
:class:`~nixernetes.errors.InputError` that points to the user's line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, ValidationInfo, model_validator

from nixernetes.errors import InputError
from nixernetes.gitops.declared import caller_place
from nixernetes.gitops.refusal import MISSING, refusal
from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Spec", "camel", "guide", "is_lenient"]

# The abbreviations that Flux and Argo CD always write in capitals. Where a CRD differs, the field gives its own alias.
_CAPITALS = {"url": "URL", "urls": "URLs", "oidc": "OIDC"}


def camel(name: str) -> str:
    """Return the Kubernetes spelling of a Python name: ``repo_url`` is ``repoURL``, ``target_path`` ``targetPath``."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(_CAPITALS.get(word, word.capitalize()) for word in rest)


def guide(value: Any, *, required: bool = True, **options: Any) -> Any:
    """Declare a field with the default that the user guide promises; it is written out like a given value.

    Args:
        value: the default of the Python constructor. A manifest that is read gets no default.
        required: whether Kubernetes requires the field, so that a manifest without it is refused.
        options: further options of :func:`pydantic.Field`.

    """
    return Field(default=value, json_schema_extra={"guide": True, "required": required}, **options)


def is_lenient(info: ValidationInfo) -> bool:
    """Tell whether an object is only read, so that what its controller would say of it is no reason to refuse it."""
    return bool((info.context or {}).get("lenient"))


class Spec(BaseModel):
    """A part of a Kubernetes object, written in Python.

    Raises:
        InputError: a field is unknown, missing or breaks a rule of its kind. All problems stand in one message.

    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        defer_build=True,  # most of these are only ever a part of others, which check them
        extra="forbid",
        alias_generator=camel,
        populate_by_name=True,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
    )
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset()  # their values are never shown in a message
    SHORT: ClassVar[dict[str, str]] = {}  # keyword of the constructor alone: the field that it is written to
    _declared_at: str = PrivateAttr(default="")

    def __init__(self, **fields: Any) -> None:
        self._build(fields, {}, caller_place())

    # Tells pydantic to validate nested dicts itself: going through __init__ would stop at the first problem.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @property
    def declared_at(self) -> str:
        """The ``file:line`` where this was declared, ``""`` for a nested dict."""
        return self._declared_at

    def data(self) -> Manifest:
        """Return the fields that were given, as Kubernetes writes them."""
        given = self.model_fields_set
        return {
            field.alias or name: _plain(self.__dict__[name])
            for name, field in type(self).model_fields.items()
            if name in given
        }

    def to_yaml(self) -> str:
        """Return it as YAML: for a resource the manifest, as ``kubectl apply`` takes it, values of Secrets included."""
        return _yaml(self.data())

    @classmethod
    def from_data(cls, data: Mapping[str, Json], *, place: str = "") -> Self:
        """Return the object for Kubernetes data; ``from_data(d).data() == d``.

        Raises:
            InputError: the data is not valid.

        """
        return cls._read(dict(data), place or caller_place())

    @classmethod
    def _read(cls, fields: dict[str, Json], place: str) -> Self:
        made = cls.__new__(cls)
        made._build(fields, {"manifest": True}, place)  # noqa: SLF001  # its own class
        return made

    def _build(self, fields: dict[str, Any], context: dict[str, Any], place: str) -> None:
        try:
            self.__pydantic_validator__.validate_python(
                fields, self_instance=self, context={**self._context(fields), **context}
            )
        except ValidationError as error:
            written = "manifest" in context
            subject = self._subject(fields, written=written)
            raise refusal(type(self), error, subject=subject, place=place, written=written) from None
        self._declared_at = place

    @classmethod
    def _context(cls, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the validators of nested values may know about the whole."""
        del fields
        return {}

    @classmethod
    def _subject(cls, fields: Mapping[str, Any], *, written: bool) -> str:
        del fields, written
        return cls.__name__

    @model_validator(mode="before")
    @classmethod
    def _accept(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping):
            return data
        if (info.context or {}).get("manifest"):
            found = cls._known(data) if is_lenient(info) else cls._from_kubernetes(data)
            missing = {name for name, required in cls._guided() if required}
            return {**dict.fromkeys(sorted(missing), MISSING), **found}
        found = cls.shorthand(cls._from_python(data), info)
        return {**{name: cls.model_fields[name].default for name, _ in cls._guided()}, **found}

    @classmethod
    def _guided(cls) -> tuple[tuple[str, bool], ...]:
        return _guided(cls)

    @classmethod
    def _from_kubernetes(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        names = _names(cls)
        wrong = sorted(key for key in data if key in cls.model_fields and key not in names)
        if wrong:
            raise ValueError(f"{cls.__name__} has no field {wrong[0]}: write {cls.model_fields[wrong[0]].alias}")
        return {names.get(key, key): value for key, value in data.items()}

    @classmethod
    def _known(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that this kind has; null counts as not given, as it does to an API server."""
        names = _names(cls)
        return {names[key]: value for key, value in data.items() if key in names and value is not None}

    @classmethod
    def _from_python(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        names = _names(cls)
        twice = sorted(str(key) for key in data if names.get(key, key) != key and names[key] in data)
        if twice:
            raise ValueError(f"{twice[0]} and {names[twice[0]]} are one field: give it once")
        return {names.get(key, key): value for key, value in data.items() if value is not None}

    @model_validator(mode="after")
    def _forget_defaults(self) -> Self:
        for name in _defaulted(type(self)):
            if name not in self.model_fields_set:
                self.__dict__[name] = None
        return self

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields for what was written in Python; kinds with a shorter Python form override this."""
        del info
        return fields

    def replaced(self, change: Callable[[Spec], Spec]) -> Self:
        """Return a copy in which each nested spec is what ``change`` makes of it (innermost first)."""
        given = {name: _replaced(self.__dict__[name], change) for name in self.model_fields_set}
        changed = {name: value for name, value in given.items() if value is not self.__dict__[name]}
        return self.model_copy(update=changed) if changed else self

    def nested(self, path: str = "") -> Iterator[tuple[str, Spec]]:
        """Yield the path (``sourceRef``, ``install.remediation``) and value of each nested spec, in field order."""
        for name, field in type(self).model_fields.items():
            if name in self.model_fields_set:
                yield from _nested(self.__dict__[name], f"{path}.{field.alias}" if path else str(field.alias))

    def __str__(self) -> str:
        """Return it as YAML, with what is secret hidden."""
        return _yaml(_masked(self.replaced(_masked)).data()).rstrip()

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Yield what was given, for ``repr`` and rich; what is secret is hidden."""
        given = getattr(self, "__pydantic_fields_set__", ())  # a debugger may ask while it is being made
        for name in type(self).model_fields:
            if name in given:
                yield name, "***" if name in self.SECRET_FIELDS else self.__dict__[name]

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except ValidationError:
            raise InputError(
                f"{name}: a declaration does not change: make a changed copy, resource | {{{name!r}: ...}}",
                subject=str(getattr(self, "key", type(self).__name__)),
                place=caller_place(),
            ) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and type(self) is type(other) and self.data() == other.data()

    def __hash__(self) -> int:
        return hash((type(self), manifests.canonical(self.data())))


# What follows is asked for at each object that is read, and stays the same for each of the few hundred types.


@cache
def _names(model: type[Spec]) -> Mapping[str, str]:
    return {field.alias or name: name for name, field in model.model_fields.items()}


@cache
def _guided(model: type[Spec]) -> tuple[tuple[str, bool], ...]:
    extras = ((name, field.json_schema_extra) for name, field in model.model_fields.items())
    return tuple((name, bool(extra["required"])) for name, extra in extras if isinstance(extra, dict))


@cache
def _defaulted(model: type[Spec]) -> tuple[str, ...]:
    fields = model.model_fields.items()
    return tuple(name for name, field in fields if field.default is not None and not field.is_required())


def _plain(value: Any) -> Json:
    if isinstance(value, Spec):
        return value.data()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _masked(part: Spec) -> Spec:
    hidden = dict.fromkeys(part.SECRET_FIELDS & part.model_fields_set, "***")
    return part.model_copy(update=hidden) if hidden else part


def _yaml(data: Json) -> str:
    from nixernetes.objects import yamls  # noqa: PLC0415  # declaring is not writing: most programs need no YAML

    return yamls.dump(data)


def _nested(value: Any, path: str) -> Iterator[tuple[str, Spec]]:
    if isinstance(value, Spec):
        yield path, value
        yield from value.nested(path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _nested(item, f"{path}[{index}]")


def _replaced(value: Any, change: Callable[[Spec], Spec]) -> Any:
    if isinstance(value, Spec):
        return change(value.replaced(change))
    if isinstance(value, tuple) and any(isinstance(item, Spec) for item in value):
        items = tuple(_replaced(item, change) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value
