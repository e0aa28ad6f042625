"""What types the functions of templates take, and whether a value is of one.

As ``evalCall``, ``evalArg`` and ``validateType`` of Go's ``text/template/exec.go`` judge arguments, with the parameters
that Sprig 3.3.0 (``functions.go`` and the files of its functions) and Argo CD 3.5 (``applicationset/utils``) declare.
A function that is not listed, of another program, takes what it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import GoStrings, SemanticVersion, type_of
from nixernetes.objects.manifest import Json

__all__ = ["NOT_RUN", "Signature", "constant", "fitted", "signature_of"]

# Types, and the functions that take just these; the last type may be taken any number of times.
_TABLE: Final = """
: hello
any: add1 add1f ceil compact deepCopy duration durationRound empty first float64 floor htmlDate initial int int64 kindOf
any: last mustCompact mustDeepCopy mustFirst mustInitial mustLast mustRest mustReverse mustToJson mustToPrettyJson
any: mustToRawJson mustUniq rest reverse sortAlpha toDecimal toJson toPrettyJson toRawJson toString toStrings typeOf
any: uniq not len toYaml
string: adler32sum atoi b32dec b32enc b64dec b64enc base camelcase clean dir ext fail fromJson initials isAbs kebabcase
string: lower mustFromJson nospace osBase osClean osDir osExt osIsAbs regexQuoteMeta semver sha1sum sha256sum sha512sum
string: snakecase swapcase title trim untitle upper urlParse fromYaml fromYamlArray normalize
string string: contains hasPrefix hasSuffix mustRegexFind mustRegexMatch mustToDate regexFind regexMatch semverCompare
string string: split splitList toDate trimAll trimPrefix trimSuffix trimall
any any*: biggest default divf max maxf min minf mul mulf mustSlice mustWithout slice subf without eq index
any*: add addf all any cat coalesce concat dict dig list quote squote tuple html js print println slugify urlquery
any any: append deepEqual div has mod mustAppend mustHas mustPrepend mustPush prepend push sub ne lt le gt ge
int string: abbrev indent nindent repeat trunc wrap
string any: date join kindIs typeIs typeIsLike
string any*: printf
string string int: mustRegexFindAll mustRegexSplit plural regexFindAll regexSplit
string string string: mustRegexReplaceAll mustRegexReplaceAllLiteral regexReplaceAll regexReplaceAllLiteral replace
map map*: merge mergeOverwrite mustMerge mustMergeOverwrite
string time: dateModify date_modify mustDateModify must_date_modify
map string: get hasKey unset
int any: chunk mustChunk
int int string: abbrevboth substr
map: urlJoin values
map string*: omit pick
string any string: dateInZone date_in_zone
any any bool: ternary
any int float64*: round
any string: htmlDateInZone
int: until
int int int: untilStep
int string string: wrapWith
int*: seq
map string any: set
map*: keys
string int string: splitn
string map*: pluck
time: unixEpoch
"""
# What Sprig has and Argo CD leaves in, but gives something else each time: refused by name when it is carried out.
NOT_RUN: Final = frozenset(
    (
        *("ago", "bcrypt", "buildCustomCert", "decryptAES", "derivePassword", "encryptAES", "genCA", "genCAWithKey"),
        *("genPrivateKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey"),
        *("htpasswd", "now", "randAlpha", "randAlphaNum", "randAscii", "randBytes", "randInt", "randNumeric"),
        *("shuffle", "uuidv4", "call"),
    )
)
_NAMES: Final = {"map": "map[string]interface {}", "time": "time.Time"}
_FITS: Final[Mapping[str, Callable[[Json], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "int": lambda value: value.__class__ is int,
    "bool": lambda value: isinstance(value, bool),
    "float64": lambda value: isinstance(value, float),
    "map": lambda value: isinstance(value, dict) and not isinstance(value, SemanticVersion | GoStrings),
    "time": lambda value: isinstance(value, datetime),
}


class Signature(NamedTuple):
    """The types of a function's arguments; ``more`` is that of any number of further ones, ``""`` for none."""

    types: tuple[str, ...]
    more: str

    def at(self, position: int) -> str:
        """Return the type of an argument."""
        return self.types[position] if position < len(self.types) else self.more

    def check(self, name: str, amount: int) -> None:
        """Refuse a wrong amount of arguments.

        Raises:
            TemplateError: there are too few or too many.

        """
        least = len(self.types)
        if amount < least or (amount > least and not self.more):
            wanted = f"at least {least}" if self.more else str(least)
            raise TemplateError(f"wrong number of args for {name}: want {wanted} got {amount}")


def _signatures() -> dict[str, Signature]:
    found = {}
    for line in _TABLE.strip().splitlines():
        types, _, functions = line.partition(":")
        listed = types.split()
        more = listed.pop().removesuffix("*") if listed and listed[-1].endswith("*") else ""
        found.update(dict.fromkeys(functions.split(), Signature(tuple(listed), more)))
    return found


_SIGNATURES: Final = _signatures()


def signature_of(name: str) -> Signature | None:
    """Return what a function takes; None for one that is not listed."""
    return _SIGNATURES.get(name)


def fitted(kind: str, value: Json) -> Json:
    """Return an argument as its function is given it: a nil map is an empty one.

    Raises:
        TemplateError: it is of another type.

    """
    if kind == "any" or _FITS[kind](value):
        return value
    if value is None:
        if kind == "map":
            return {}
        raise TemplateError(f"invalid value; expected {_NAMES.get(kind, kind)}")
    raise TemplateError(f"wrong type for value; expected {_NAMES.get(kind, kind)}; got {type_of(value)}")


def constant(kind: str, value: Json, shown: str) -> Json:
    """Return a constant as its function is given it: a number that is whole fits both kinds of numbers.

    Raises:
        TemplateError: it is none of its type.

    """
    if kind == "any" or (value is None and kind == "map"):
        return fitted(kind, value)
    if value is None:
        raise TemplateError(f"cannot assign nil to {_NAMES.get(kind, kind)}")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "int" and is_number and value == int(value):
        return int(value)
    if kind == "float64" and is_number:
        return float(value)
    if kind in ("map", "time"):
        raise TemplateError(f"can't handle {shown} for arg of type {_NAMES[kind]}")
    if not _FITS[kind](value):
        wanted = {"int": "integer", "float64": "float"}.get(kind, kind)
        raise TemplateError(f"expected {wanted}; found {shown}")
    return value
