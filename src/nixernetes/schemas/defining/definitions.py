"""What is wrong with a CustomResourceDefinition itself (apiextensions-apiserver pkg/apis/apiextensions/validation).

After version 0.34.4. A server keeps what all versions have alike above them (``spec.validation`` and so on), and names
it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.defining.places import SchemaPlace
from nixernetes.schemas.defining.schemas import schema_problems
from nixernetes.schemas.problems import MapKey, Problem, forbidden, invalid, required

__all__ = ["definition_problems"]

_COLUMN_TYPES: Final = "must be one of boolean,date,integer,number,string"
_TYPES: Final = ("boolean", "date", "integer", "number", "string")
_FORMATS: Final = ("", "byte", "date", "date-time", "double", "float", "int32", "int64", "password")
_COLUMN_FORMATS: Final = f"must be one of {','.join(_FORMATS[1:])}"
_PROTECTED: Final = (".k8s.io", ".kubernetes.io")
_APPROVAL: Final = "api-approved.kubernetes.io"
_REVIEWS: Final = ("v1", "v1beta1")
_LONGEST_WARNING: Final = 256


def definition_problems(crd: Mapping[str, Json]) -> Iterator[Problem]:
    """Yield what is wrong with a CustomResourceDefinition, beyond its types."""
    spec = mapping_at(crd, "spec")
    versions = objects_at(spec, "versions")
    group, plural = text_at(spec, "group"), text_at(spec, "names", "plural")
    if text_at(crd, "metadata", "name") != f"{plural}.{group}":
        yield invalid(
            ("metadata", "name"), text_at(crd, "metadata", "name"), 'must be spec.names.plural+"."+spec.group'
        )
    yield from _group(group)
    yield from _versions(crd, versions)
    yield from _names(mapping_at(spec, "names"))
    yield from _each_version(versions)
    yield from _conversion(mapping_at(spec, "conversion"))
    if flag_at(spec, "preserveUnknownFields"):
        detail = (
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        )
        yield invalid(("spec", "preserveUnknownFields"), True, detail)
    is_protected = f".{group}".endswith(_PROTECTED)
    if is_protected and not text_at(crd, "metadata", "annotations", _APPROVAL):
        detail = (
            f'protected groups must have approval annotation "{_APPROVAL}", '
            "see https://github.com/kubernetes/enhancements/pull/1111"
        )
        yield required(("metadata", "annotations", MapKey(_APPROVAL)), detail)


def _group(group: str) -> Iterator[Problem]:
    wrong = ",".join(names.subdomain_problems(group)) if group else ""
    if wrong:
        yield invalid(("spec", "group"), group, wrong)
    elif group and "." not in group:
        yield invalid(("spec", "group"), group, "should be a domain with at least one dot")


def _versions(crd: Mapping[str, Json], versions: Sequence[Mapping[str, Json]]) -> Iterator[Problem]:
    here, called = ("spec", "versions"), [text_at(each, "name") for each in versions]
    for number, name in enumerate(called):
        wrong = ",".join(names.service_name_problems(name))
        if wrong:
            yield invalid((*here, number, "name"), name, wrong)
            if number == 0 and name:
                yield replace(invalid((*here, number, "name"), name, wrong), field=("spec", "version"))
        if at(versions[number], "schema", "openAPIV3Schema") is None:
            yield required((*here, number, "schema", "openAPIV3Schema"))
    told = [_told(each) for each in versions] if versions else at(crd, "spec", "versions")
    if len(set(called)) < len(called):
        yield invalid(here, told, "must contain unique version names")
    kept = [text_at(each, "name") for each in versions if flag_at(each, "storage")]
    if len(kept) != 1:
        yield invalid(here, told, "must have exactly one version marked as storage version")
    stored = [*map(str, items_at(crd, "status", "storedVersions"))] or kept
    if not stored:
        yield invalid(("status", "storedVersions"), None, "must have at least one stored version")
    for number, name in enumerate(stored):
        if name not in called:
            detail = (
                f"missing from spec.versions; {name} was previously a storage version, and must remain in "
                f"spec.versions until a storage migration ensures no data remains persisted in {name} and removes "
                f"{name} from status.storedVersions"
            )
            yield invalid(("status", "storedVersions", number), name, detail)


def _told(version: Mapping[str, Json]) -> Json:
    """Return a version as Go shows it, whose parts are kept above it."""
    return {
        "Name": text_at(version, "name"),
        "Served": flag_at(version, "served"),
        "Storage": flag_at(version, "storage"),
        "Deprecated": flag_at(version, "deprecated"),
        "DeprecationWarning": at(version, "deprecationWarning"),
        **dict.fromkeys(("Schema", "Subresources", "AdditionalPrinterColumns", "SelectableFields")),
    }


def _names(told: Mapping[str, Json]) -> Iterator[Problem]:
    here = ("spec", "names")
    plural, singular, kind = (text_at(told, part) for part in ("plural", "singular", "kind"))
    listed = text_at(told, "listKind") or (f"{kind}List" if kind else "")
    mixed = "may have mixed case, but should otherwise match: "
    for part, name in (("plural", plural), ("singular", singular or kind.lower())):
        wrong = ",".join(names.service_name_problems(name)) if name else ""
        if not name:
            yield required((*here, part))
        if wrong:
            yield invalid((*here, part), name, wrong)
    for part, name in (("kind", kind), ("listKind", listed)):
        wrong = ",".join(names.service_name_problems(name.lower())) if name else ""
        if not name:
            yield required((*here, part))
        if wrong:
            yield invalid((*here, part), name, f"{mixed}{wrong}")
    if kind and kind == listed:
        yield invalid((*here, "listKind"), listed, "kind and listKind may not be the same")
    for part in ("shortNames", "categories"):
        for number, name in enumerate(map(str, items_at(told, part))):
            wrong = ",".join(names.service_name_problems(name))
            if wrong:
                yield invalid((*here, part, number), name, wrong)


def _each_version(versions: Sequence[Mapping[str, Json]]) -> Iterator[Problem]:
    """Yield what is wrong in each version; what all of them have alike is told once."""
    alike = {part: _is_alike(versions, part) for part in ("schema", "additionalPrinterColumns", "subresources")}
    alike["selectableFields"] = _is_alike(versions, "selectableFields")
    for number, version in enumerate(versions):
        here = SchemaPlace(("spec", "versions", number))

        def place(part: str, above: str, at_version: SchemaPlace = here) -> SchemaPlace:
            return SchemaPlace((*at_version.path, part), ("spec", above)) if alike[part] else at_version.child(part)

        warning = version.get("deprecationWarning")
        if warning is not None:
            yield from _warning(str(warning), here.child("deprecationWarning"), is_old=flag_at(version, "deprecated"))
        schema = at(version, "schema", "openAPIV3Schema")
        if number == 0 or not alike["schema"]:
            has_status = at(version, "subresources", "status") is not None
            yield from schema_problems(
                schema, place("schema", "validation").child("openAPIV3Schema"), has_status=has_status
            )
        if number == 0 or not alike["additionalPrinterColumns"]:
            columns = place("additionalPrinterColumns", "additionalPrinterColumns")
            for index, column in enumerate(objects_at(version, "additionalPrinterColumns")):
                yield from _column(column, columns.child(index))
        if number == 0 or not alike["subresources"]:
            yield from _subresources(mapping_at(version, "subresources"), place("subresources", "subresources"))
        if number == 0 or not alike["selectableFields"]:
            yield from _selectable(version, schema, place("selectableFields", "selectableFields"))


def _is_alike(versions: Sequence[Mapping[str, Json]], part: str) -> bool:
    found = [version.get(part) for version in versions]
    return bool(found) and all(each is not None and each == found[0] for each in found)


def _warning(text: str, place: SchemaPlace, *, is_old: bool) -> Iterator[Problem]:
    if not is_old:
        yield place.invalid(text, "can only be set for deprecated versions")
        return
    if len(text) > _LONGEST_WARNING:
        yield place.invalid(text, f"must be <= {_LONGEST_WARNING} characters long")
    if not text:
        yield place.invalid(text, "must not be an empty string")


def _column(value: Mapping[str, Json], place: SchemaPlace) -> Iterator[Problem]:
    kind, form, path = text_at(value, "type"), text_at(value, "format"), text_at(value, "jsonPath")
    if not text_at(value, "name"):
        yield place.child("name").required()
    if not kind:
        yield place.child("type").required(_COLUMN_TYPES)
    elif kind not in _TYPES:
        yield place.child("type").invalid(kind, _COLUMN_TYPES)
    if form not in _FORMATS:
        yield place.child("format").invalid(form, _COLUMN_FORMATS)
    here = place.child("jsonPath", "JSONPath")
    if not path:
        yield here.required()
    else:
        yield from _simple_path(path, here)


def _simple_path(text: str, place: SchemaPlace) -> Iterator[Problem]:
    """Yield what is wrong with a path of fields (``validateSimpleJSONPath``)."""
    if not text.startswith("."):
        yield place.invalid(text, "must be a simple json path starting with .")
    elif text.count("[") != text.count("]"):
        yield place.invalid(text, "unterminated array")


def _subresources(value: Mapping[str, Json], place: SchemaPlace) -> Iterator[Problem]:
    if value.get("scale") is None:
        return
    scale, here = mapping_at(value, "scale"), place.child("scale")
    for part, root in (("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")):
        text, where = text_at(scale, part), here.child(part)
        if not text:
            yield where.required()
        elif not text.startswith("."):
            yield where.invalid(text, "must be a simple json path starting with .")
        elif not text.startswith(root):
            yield where.invalid(text, "should be a json path under " + root.rstrip("."))
    text, where = text_at(scale, "labelSelectorPath"), here.child("labelSelectorPath")
    if text and not text.startswith("."):
        yield where.invalid(text, "must be a simple json path starting with .")
    elif text and not text.startswith((".spec.", ".status.")):
        yield where.invalid(text, "should be a json path under either .spec or .status")


def _selectable(version: Mapping[str, Json], schema: Json, place: SchemaPlace) -> Iterator[Problem]:
    seen: set[str] = set()
    if schema is None and objects_at(version, "selectableFields"):
        yield place.invalid("", "may only be set when `version.schema.openAPIV3Schema` is not included")
        return
    for number, each in enumerate(objects_at(version, "selectableFields")):
        text, here = text_at(each, "jsonPath"), place.child(number).child("jsonPath")
        if not text:
            yield here.required()
            continue
        found: Json = schema
        steps = text.split(".")[1:]
        for step in steps:
            found = at(found, "properties", step)
        if not text.startswith("."):
            yield here.invalid(text, f"is an invalid path: expected [ or . but got: {text}")
            continue
        if found is None:
            yield here.invalid(text, "is an invalid path: does not refer to a valid field")
            continue
        if steps[0] == "metadata":
            yield here.invalid(text, "must not point to fields in metadata")
        if text_at(found, "type") not in ("string", "boolean", "integer"):
            detail = (
                "must point to a field of type string, boolean or integer. Enum string fields and strings with formats "
                "are allowed."
            )
            yield here.invalid(text, detail)
        if text in seen:
            yield here.duplicate(text)
        seen.add(text)


def _conversion(value: Mapping[str, Json]) -> Iterator[Problem]:
    here, strategy = ("spec", "conversion"), text_at(value, "strategy")
    told = value.get("webhook")
    client, reviews = (
        mapping_at(value, "webhook").get("clientConfig"),
        items_at(value, "webhook", "conversionReviewVersions"),
    )
    if value and not strategy:
        yield required((*here, "strategy"))
    if strategy != "Webhook":
        if client is not None:
            detail = "should not be set when strategy is not set to Webhook"
            yield replace(forbidden((*here, "webhook", "clientConfig"), detail), field=(*here, "webhookClientConfig"))
        if reviews:
            detail = "should not be set when strategy is not set to Webhook"
            reviewed = (*here, "webhook", "conversionReviewVersions")
            yield replace(forbidden(reviewed, detail), field=(*here, "conversionReviewVersions"))
        return
    place = SchemaPlace(
        (*here, "webhook", "clientConfig") if told is not None else here, (*here, "webhookClientConfig")
    )
    if client is None:
        yield place.required("required when strategy is set to Webhook")
    elif (at(client, "url") is None) == (at(client, "service") is None):
        yield place.required("exactly one of url or service is required")
    place = SchemaPlace((*here, "webhook") if told is not None else here, (*here, "conversionReviewVersions"))
    if not reviews:
        yield place.required()
    elif not any(each in _REVIEWS for each in reviews):
        yield place.invalid(reviews, f"must include at least one of {', '.join(_REVIEWS)}")
