"""APIServices (kube-aggregator v0.34.4, ``pkg/apis/apiregistration/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import flag_at, mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required

__all__ = ["RULES"]

_MOST_GROUP: Final = 20_000
_MOST_VERSION: Final = 1000
_MOST_PORT: Final = 65_535


def _name(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "metadata", "name")
    wanted = f"{text_at(value, 'spec', 'version')}.{text_at(value, 'spec', 'group')}"
    if name and name != wanted and not names.path_segment_problem(name):
        yield invalid((*path, "metadata", "name"), name, f'must be `spec.version+"."+spec.group`: "{wanted}"')


def _spec(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    group, version, service = text_at(value, "group"), text_at(value, "version"), mapping_at(value, "service")
    if not group and version != "v1":
        missing = required((*path, "group"))
        words = "only v1 may have an empty group and it better be legacy kube"
        yield Problem(missing.path, missing.kind, f"{missing.message}: {words}")
    wrong = names.subdomain_problem(group) if group else ""
    if wrong:
        yield invalid((*path, "group"), group, wrong)
    wrong = names.service_name_problem(version)
    if wrong:
        yield invalid((*path, "version"), version, wrong)
    for field, most in (("groupPriorityMinimum", _MOST_GROUP), ("versionPriority", _MOST_VERSION)):
        if not 0 < number_at(value, field) <= most:
            yield invalid((*path, field), number_at(value, field), f"must be positive and less than {most}")
    yield from _trust(value, service, path)
    for field in ("namespace", "name") if service else ():
        if not text_at(service, field):
            yield required((*path, "service", field))
    port = number_at(service, "port", default=443)
    if not 0 < port <= _MOST_PORT:
        told = "port is not valid: must be between 1 and 65535, inclusive"
        yield invalid((*path, "service", "port"), port, told)


def _trust(value: Mapping[str, Json], service: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with whom the server is to trust."""
    bundle, trusts_all = text_at(value, "caBundle"), flag_at(value, "insecureSkipTLSVerify")
    if not service:
        if bundle:
            yield invalid((*path, "caBundle"), f"{len(bundle)} bytes", "local APIServices may not have a caBundle")
        if trusts_all:
            told = "local APIServices may not have insecureSkipTLSVerify"
            yield invalid((*path, "insecureSkipTLSVerify"), True, told)
        return
    if trusts_all and bundle:
        yield invalid((*path, "insecureSkipTLSVerify"), True, "may not be true if caBundle is present")


RULES: Final = {"APIService": (_name,), "APIServiceSpec": (_spec,)}
"""By type."""
