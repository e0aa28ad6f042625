"""Requests for certificates (``pkg/apis/certificates/validation``, Kubernetes 1.34.4)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import items_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, invalid, required, unsupported

__all__ = ["RULES"]

_BLOCK: Final = "CERTIFICATE REQUEST"
_PEM: Final = re.compile(
    rb"(?m)^-----BEGIN ([^\r\n-]{1,64})-----[ \t]*\r?$[A-Za-z0-9+/=\s]*^-----END \1-----[ \t]*\r?$"
)
_SHORTEST: Final = 600  # seconds
_LONGEST_NAME: Final = 253 + 1 + 63 + 253 + 1
_LEGACY: Final = "kubernetes.io/legacy-unknown"
_USAGES: Final = (
    *("any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment"),
    *("decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel"),
    *("ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime"),
    *("server auth", "signing", "timestamping"),
)
_ALWAYS_TRUE: Final = ("Approved", "Denied", "Failed")


def _spec(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    wrong = _request_problem(text_at(value, "request"))
    if wrong:
        yield invalid((*path, "request"), text_at(value, "request"), wrong)
    usages, here, seen = items_at(value, "usages"), (*path, "usages"), set[str]()
    if not usages:
        yield required(here)
    for number, usage in enumerate(usages):
        if usage not in _USAGES:
            yield unsupported((*here, number), usage, _USAGES)
    for number, usage in enumerate(map(str, usages)):
        if usage in seen:
            yield duplicate((*here, number), usage)
        seen.add(usage)
    yield from _signer(text_at(value, "signerName"), (*path, "signerName"))
    if "expirationSeconds" in value and number_at(value, "expirationSeconds") < _SHORTEST:
        told = "may not specify a duration less than 600 seconds (10 minutes)"
        yield invalid((*path, "expirationSeconds"), value["expirationSeconds"], told)


def _request_problem(text: str) -> str:
    """Return what is wrong with a request; what is signed in it is not looked at."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return ""  # not base64: said already
    found = _PEM.search(data)
    return "" if found is not None and found[1] == _BLOCK.encode() else f"PEM block type must be {_BLOCK}"


def _signer(name: str, path: FieldPath) -> Iterator[Problem]:
    domain, slash, rest = name.partition("/")
    if name == _LEGACY:
        yield invalid(path, name, "the legacy signerName is not allowed via this API version")
    elif not name:
        yield required(path)
    elif not slash or "/" in rest:
        told = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
        yield invalid(path, name, told)
    else:
        for label in domain.split("."):
            wrong = names.dns_label_problem(label)
            if wrong:
                yield invalid(path, domain, f'validating label "{label}": {wrong}')
                break
        if "." not in domain:
            yield invalid(path, domain, "should be a domain with at least two segments separated by dots")
        for label in rest.split("."):
            wrong = names.subdomain_problem(label)
            if wrong:
                yield invalid(path, rest, f'validating label "{label}": {wrong}')
                break
        if len(name) > _LONGEST_NAME:
            yield Problem(path, invalid(path, name, "").kind, f"Too long: may not be more than {_LONGEST_NAME} bytes")


def _status(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    here, seen = (*path, "conditions"), set[str]()
    for number, condition in enumerate(objects_at(value, "conditions")):
        kind, status = text_at(condition, "type"), text_at(condition, "status")
        allowed = ("True",) if kind in _ALWAYS_TRUE else ("False", "True", "Unknown")
        if not kind:
            yield required((*here, number, "type"))
        if not status:
            yield required((*here, number, "status"))
        elif status not in allowed:
            yield unsupported((*here, number, "status"), status, allowed)
        if {kind, *seen} >= {"Approved", "Denied"} and kind in ("Approved", "Denied"):
            yield invalid(here, kind, "Approved and Denied conditions are mutually exclusive")
        if kind in seen:
            yield duplicate((*here, number, "type"), kind)
        seen.add(kind)


RULES: Final = {
    "CertificateSigningRequestSpec": (_spec,),
    "CertificateSigningRequestStatus": (_status,),
}
