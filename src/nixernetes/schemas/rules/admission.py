"""Webhooks and admission policies (``pkg/apis/admissionregistration/validation``, Kubernetes 1.34.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from nixernetes.objects.fields import items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.expressions import match_conditions, policy_expressions
from nixernetes.schemas.rules.match_rules import match_resources, rule_with_operations

__all__ = ["RULES"]

_FAILURE: Final = ("Fail", "Ignore")
_MATCH: Final = ("Equivalent", "Exact")
_ACTIONS: Final = ("Audit", "Deny", "Warn")
_NOT_FOUND: Final = ("Deny", "Allow")
_REINVOCATION: Final = ("IfNeeded", "Never")
_SIDE_EFFECTS: Final = ("None", "NoneOnDryRun")
_REVIEWS: Final = ("v1", "v1beta1")
_LONGEST_TIMEOUT: Final = 30
_FORM: Final = "; desired format: https://host[/path]"
_HIGHEST_PORT: Final = 65_535


def _policy(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    spec, here = mapping_at(value, "spec"), (*path, "spec")
    if "failurePolicy" in spec and spec["failurePolicy"] not in _FAILURE:
        yield unsupported((*here, "failurePolicy"), spec["failurePolicy"], _FAILURE)
    if "paramKind" in spec:
        yield from _param_kind(mapping_at(spec, "paramKind"), (*here, "paramKind"))
    constraints = (*here, "matchConstraints")
    if spec.get("matchConstraints") is None:
        yield required(constraints)
    else:
        yield from match_resources(mapping_at(spec, "matchConstraints"), constraints)
        if not objects_at(spec, "matchConstraints", "resourceRules"):
            yield required((*constraints, "resourceRules"))
    yield from policy_expressions(spec, text_at(value, "metadata", "name"), here)


def _param_kind(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    api_version, kind = text_at(value, "apiVersion"), text_at(value, "kind")
    group, _, version = api_version.rpartition("/")
    if not api_version:
        yield required((*path, "apiVersion"))
    elif api_version.count("/") > 1:
        yield invalid((*path, "apiVersion"), api_version, f"unexpected GroupVersion string: {api_version}")
    else:
        wrong = names.subdomain_problem(group) if group else ""
        if wrong:
            yield invalid((*path, "apiVersion"), group, wrong)
        wrong = names.service_name_problem(version) if version else "version must be specified"
        if wrong:
            yield invalid((*path, "apiVersion"), version or api_version, wrong)
    if not kind:
        yield required((*path, "kind"))
    elif wrong := names.service_name_problem(kind.lower()):
        yield invalid((*path, "kind"), kind, f"may have mixed case, but should otherwise match: {wrong}")


def _binding(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "policyName")
    if not name:
        yield required((*path, "policyName"))
    elif wrong := names.subdomain_problem(name):
        yield invalid((*path, "policyName"), name, wrong)
    if "paramRef" in value:
        yield from _param_ref(mapping_at(value, "paramRef"), (*path, "paramRef"))
    if "matchResources" in value:
        yield from match_resources(mapping_at(value, "matchResources"), (*path, "matchResources"))
    actions, here, seen = items_at(value, "validationActions"), (*path, "validationActions"), set[str]()
    for number, action in enumerate(actions):
        if action not in _ACTIONS:
            yield unsupported((*here, number), action, _ACTIONS)
        if str(action) in seen:
            yield duplicate((*here, number), action)
        seen.add(str(action))
    if {"Deny", "Warn"} <= seen:
        told = "repeating the same validation failure information in the API response and headers serves no purpose"
        yield invalid(here, actions, f"must not contain both Deny and Warn ({told})")
    if not actions:
        yield required(here, "at least one validation action is required")


def _param_ref(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name, has_selector = text_at(value, "name"), value.get("selector") is not None
    both = "name and selector are mutually exclusive"
    if name:
        wrong = names.path_segment_problem(name)
        if wrong:
            yield invalid((*path, "name"), name, wrong)
        if has_selector:
            yield from (forbidden((*path, part), both) for part in ("name", "selector"))
    elif not has_selector:
        yield required(path, "one of name or selector must be specified")
    action = text_at(value, "parameterNotFoundAction")
    if not action:
        yield required((*path, "parameterNotFoundAction"))
    elif action not in _NOT_FOUND:
        yield unsupported((*path, "parameterNotFoundAction"), action, _NOT_FOUND)


def _webhooks(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    seen = set[str]()
    for number, hook in enumerate(objects_at(value, "webhooks")):
        here, name = (*path, "webhooks", number), text_at(hook, "name")
        yield from _webhook(hook, here)
        yield from _reviews([str(each) for each in items_at(hook, "admissionReviewVersions")], here)
        if name and name in seen:
            yield duplicate((*here, "name"), name)
        seen.add(name)


def _webhook(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "name")
    if not name:
        yield required((*path, "name"))
    elif wrong := names.subdomain_problem(name):
        yield invalid((*path, "name"), name, wrong)
    elif name.count(".") < 2:  # two dots, three parts
        yield invalid((*path, "name"), name, "should be a domain with at least three segments separated by dots")
    for number, rule in enumerate(objects_at(value, "rules")):
        yield from rule_with_operations(rule, (*path, "rules", number))
    for part, known in (("failurePolicy", _FAILURE), ("matchPolicy", _MATCH), ("reinvocationPolicy", _REINVOCATION)):
        if part in value and value[part] not in known:
            yield unsupported((*path, part), value[part], known)
    if "sideEffects" not in value:
        yield required((*path, "sideEffects"), f"must specify one of {', '.join(_SIDE_EFFECTS)}")
    elif value["sideEffects"] not in _SIDE_EFFECTS:
        yield unsupported((*path, "sideEffects"), value["sideEffects"], _SIDE_EFFECTS)
    if "timeoutSeconds" in value and not 1 <= number_at(value, "timeoutSeconds") <= _LONGEST_TIMEOUT:
        told = "the timeout value must be between 1 and 30 seconds"
        yield invalid((*path, "timeoutSeconds"), value["timeoutSeconds"], told)
    yield from _client(mapping_at(value, "clientConfig"), (*path, "clientConfig"))
    yield from match_conditions(objects_at(value, "matchConditions"), (*path, "matchConditions"), has_params=False)


def _client(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    url, service = value.get("url"), value.get("service")
    if (url is None) == (service is None):
        yield required(path, "exactly one of url or service is required")
    elif isinstance(url, str):
        yield from _url(url, (*path, "url"))
    else:
        yield from _service(mapping_at(value, "service"), (*path, "service"))


def _url(url: str, path: FieldPath) -> Iterator[Problem]:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        yield required(path, f"url must be a valid URL: {error}{_FORM}")
        return
    user = parts.netloc.rpartition("@")[0]
    if parts.scheme != "https":
        yield invalid(path, parts.scheme, f"'https' is the only allowed URL scheme{_FORM}")
    if not parts.netloc.removeprefix(f"{user}@"):
        yield invalid(path, "", f"host must be specified{_FORM}")
    if user:
        yield invalid(path, user, "user information is not permitted in the URL")
    if parts.fragment:
        yield invalid(path, parts.fragment, "fragments are not permitted in the URL")
    if parts.query:
        yield invalid(path, parts.query, "query parameters are not permitted in the URL")


def _service(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from (required((*path, part)) for part in ("name", "namespace") if not text_at(value, part))
    port = value.get("port", 443)
    if isinstance(port, int) and not 1 <= port <= _HIGHEST_PORT:
        yield invalid((*path, "port"), port, "port is not valid: must be between 1 and 65535, inclusive")
    where, here = text_at(value, "path"), (*path, "path")
    if where in ("", "/"):
        return
    if where == "//":
        yield invalid(here, where, "segment[0] may not be empty")
        return
    if not where.startswith("/"):
        yield invalid(here, where, "must start with a '/'")
    for number, step in enumerate(where[1:].removesuffix("/").split("/")):
        wrong = names.subdomain_problem(step) if step else ""
        if not step:
            yield invalid(here, where, f"segment[{number}] may not be empty")
        elif wrong:
            yield invalid(here, where, f"segment[{number}]: {wrong}")


def _reviews(given: list[str], path: FieldPath) -> Iterator[Problem]:
    here, known, seen = (*path, "admissionReviewVersions"), ", ".join(_REVIEWS), set[str]()
    if not given:
        yield required(here, f"must specify one of {known}")
        return
    for number, version in enumerate(given):
        if version in seen:
            yield invalid((*here, number), version, "duplicate version")
            continue
        seen.add(version)
        wrong = names.service_name_problem(version)
        if wrong:
            yield invalid((*here, number), version, wrong)
    if seen.isdisjoint(_REVIEWS):
        yield invalid(here, given, f"must include at least one of {known}")


RULES: Final = {
    "ValidatingAdmissionPolicy": (_policy,),
    "ValidatingAdmissionPolicyBindingSpec": (_binding,),
    "ValidatingWebhookConfiguration": (_webhooks,),
    "MutatingWebhookConfiguration": (_webhooks,),
}
