"""Named formats of texts (k8s.io/apiserver ``pkg/cel/library/format.go``, apimachinery ``util/validation``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.libraries.kubernetes.urls import read_url
from nixernetes.languages.cel.times import read_timestamp
from nixernetes.languages.cel.values import NONE, Opaque, OptionalValue

__all__ = ["FORMATS", "Format"]

_Validate = Callable[[str], list[str]]

_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_QUALIFIED_SAYS = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
_LABEL_VALUE_SAYS = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
    " and must start and end with an alphanumeric character"
)
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_SAYS = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
    " and must start and end with an alphanumeric character"
)
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_SUBDOMAIN_SAYS = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
    " and must start and end with an alphanumeric character"
)
_OLD_LABEL = "[a-z]([-a-z0-9]*[a-z0-9])?"
_OLD_LABEL_SAYS = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
    " start with an alphabetic character, and end with an alphanumeric character"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A format that an expression describes: its limit, the expression, what is said, and examples."""

    longest: int
    expression: str
    says: str
    examples: tuple[str, ...]

    def __call__(self, text: str) -> list[str]:
        said = []
        if len(text.encode()) > self.longest:
            said.append(f"must be no more than {self.longest} characters")
        if len(text) > 10 * self.longest or re.fullmatch(self.expression, text, re.ASCII) is None:
            said.append(self.refusal())
        return said

    def refusal(self) -> str:
        """Return what is said of a text that does not match."""
        examples = "".join(f"'{example}',  or " for example in self.examples).removesuffix(" or ").rstrip()
        return f"{self.says} (e.g. {examples} regex used for validation is '{self.expression}')"


_DNS_LABEL = _Rule(longest=63, expression=_LABEL, says=_LABEL_SAYS, examples=("my-name", "123-abc"))
_DNS_SUBDOMAIN = _Rule(longest=253, expression=_SUBDOMAIN, says=_SUBDOMAIN_SAYS, examples=("example.com",))
_DNS_OLD_LABEL = _Rule(longest=63, expression=_OLD_LABEL, says=_OLD_LABEL_SAYS, examples=("my-name", "abc-123"))
_LABEL_VALUE = _Rule(
    longest=63, expression=f"({_QUALIFIED})?", says=_LABEL_VALUE_SAYS, examples=("MyValue", "my_value", "12345")
)
_QUALIFIED_NAME = _Rule(
    longest=63, expression=_QUALIFIED, says=_QUALIFIED_SAYS, examples=("MyName", "my.name", "123-abc")
)


def _qualified(text: str) -> list[str]:
    parts = text.split("/")
    if len(parts) > 2:
        with_prefix = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return [f"a valid label key {_QUALIFIED_NAME.refusal()} {with_prefix}"]
    said = []
    if len(parts) == 2:
        said = [f"prefix part {each}" for each in (_DNS_SUBDOMAIN(parts[0]) if parts[0] else ["must be non-empty"])]
    if not parts[-1]:
        said.append("name part must be non-empty")
    return said + [f"name part {each}" for each in _QUALIFIED_NAME(parts[-1])]


def _prefix(rule: _Rule) -> _Validate:
    """Return a format of what names begin with: it may end with a dash."""
    return lambda text: rule(f"{text[:-2]}a" if len(text) > 1 and text.endswith("-") else text)


def _uri(text: str) -> list[str]:
    try:
        read_url(text)
    except EvaluationError as error:
        return [error.message]
    return []


def _says(message: str, test: Callable[[str], bool]) -> _Validate:
    return lambda text: [] if test(text) else [message]


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return read_timestamp(text) is not None
    except EvaluationError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Opaque):
    """A format by name; two of one name are equal."""

    type_name: ClassVar[str] = "kubernetes.NamedFormat"
    name: str

    def __str__(self) -> str:
        return self.name


_RULES: Mapping[str, _Validate] = {
    "dns1123Label": _DNS_LABEL,
    "dns1123Subdomain": _DNS_SUBDOMAIN,
    "dns1035Label": _DNS_OLD_LABEL,
    "qualifiedName": _qualified,
    "dns1123LabelPrefix": _prefix(_DNS_LABEL),
    "dns1123SubdomainPrefix": _prefix(_DNS_SUBDOMAIN),
    "dns1035LabelPrefix": _prefix(_DNS_OLD_LABEL),
    "labelValue": _LABEL_VALUE,
    "uri": _uri,
    "uuid": _says("does not match the UUID format", lambda text: _UUID.fullmatch(text) is not None),
    "byte": _says("invalid base64", lambda text: _BASE64.fullmatch(text) is not None),
    "date": _says("invalid date", _is_date),
    "datetime": _says("invalid datetime", _is_moment),
}


def _validate(chosen: Format, text: str) -> OptionalValue:
    said = _RULES[chosen.name](text)
    return OptionalValue(said) if said else NONE


def _named(name: str) -> OptionalValue:
    return OptionalValue(Format(name=name)) if name in _RULES else NONE


def _constant(name: str) -> Callable[[], Format]:
    return lambda: Format(name=name)


FORMATS = Library(
    name="kubernetes.format",
    functions=(
        *(function(f"format.{name}", f"() -> {Format.type_name}", _constant(name)) for name in _RULES),
        function("format.named", f"(string) -> optional_type({Format.type_name})", _named),
        function("validate", f"{Format.type_name}.(string) -> optional_type(list(string))", _validate),
    ),
    constants={Format.type_name: type_constant(Format.type_name)},
)
