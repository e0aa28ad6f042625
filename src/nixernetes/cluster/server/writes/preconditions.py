"""What a write says of the state that it was made for (apiserver pkg/registry/generic/registry/store.go, v0.34.4)."""

from __future__ import annotations

import json
import re
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.server.options import DeleteOptions
from nixernetes.cluster.server.serving import Served
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["check_deletion", "check_patch", "check_update"]

_MODIFIED: Final = "the object has been modified; please apply your changes to the latest version and try again"
_NUMBER: Final = re.compile(r"[0-9]+")
_FOLDERS: Final = {
    "services": "services/specs",
    "nodes": "minions",
    "ingresses": "ingress",
    "endpoints": "services/endpoints",
}


def check_metadata(served: Served, manifest: Manifest, live: Manifest) -> None:
    """Refuse to change when an object is deleted, and new finalizers of one that is (``ValidateObjectMetaUpdate``).

    Raises:
        ApiError: Invalid.

    """
    new, old = manifest["metadata"], live["metadata"]
    found = []
    for name in ("deletionTimestamp", "deletionGracePeriodSeconds"):
        told = new.get(name)
        if told is not None and told != old.get(name):
            message = f"Invalid value: {json.dumps(told)}: field is immutable"
            found.append(Cause("FieldValueInvalid", message, f"metadata.{name}"))
    added = [each for each in new.get("finalizers") or () if each not in (old.get("finalizers") or ())]
    if old.get("deletionTimestamp") and added:
        shown = ", ".join(json.dumps(each) for each in sorted(map(str, added)))
        why = f"if the object is being deleted, found new finalizers []string{{{shown}}}"
        message = f"Forbidden: no new finalizers can be added {why}"
        found.append(Cause("FieldValueForbidden", message, "metadata.finalizers"))
    if found:
        raise _invalid(served, found)


def _invalid(served: Served, causes: list[Cause]) -> ApiError:
    """Return the refusal of metadata, at which built-in kinds look twice."""
    kind = served.kind
    what = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    told = [f"{each.field}: {each.message}" for each in causes]
    words = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    times = 1 if served.is_custom else 2
    details = Details(name=served.name, group=kind.group, kind=kind.kind, causes=(*causes,) * times)
    return ApiError("Invalid", f'{what} "{served.name}" is invalid: {words}', details=details)


def check_update(served: Served, manifest: Manifest, live: Manifest) -> None:
    """Refuse the replacement of another object or of another state of it.

    Raises:
        ApiError: Conflict; Invalid, the kind wants a version.

    """
    told, mine = text_at(manifest, "metadata", "uid"), text_at(live, "metadata", "uid")
    if told and told != mine:
        folder = _FOLDERS.get(served.target.resource, served.target.resource)
        folder = f"{served.kind.group}/{folder}" if served.is_custom else folder
        place = "/".join(part for part in (folder, served.namespace, served.name) if part)
        why = f"StorageError: invalid object, Code: 4, Key: /registry/{place}, ResourceVersion: 0, AdditionalErrorMsg: "
        raise conflict(served, f"{why}Precondition failed: UID in precondition: {told}, UID in object meta: {mine}")
    version = text_at(manifest, "metadata", "resourceVersion")
    if version in ("", "0") and served.put_needs_version:
        cause = Cause(
            "FieldValueInvalid", "Invalid value: 0: must be specified for an update", "metadata.resourceVersion"
        )
        kind = served.target.resource
        details = Details(name=served.name, group=served.kind.group, kind=kind, causes=(cause,))
        message = f'{served.resource} "{served.name}" is invalid: {cause.field}: {cause.message}'
        raise ApiError("Invalid", message, details=details)
    _check_version(served, version, live)
    check_metadata(served, manifest, live)


def check_patch(served: Served, manifest: Manifest, live: Manifest) -> None:
    """Refuse a patch that was made for another state, or that would make another object of it.

    Raises:
        ApiError: Conflict or Invalid.

    """
    told = text_at(manifest, "metadata", "uid")
    if told and told != text_at(live, "metadata", "uid"):
        message = f'Invalid value: "{told}": field is immutable'
        raise _invalid(served, [Cause("FieldValueInvalid", message, "metadata.uid")])
    _check_version(served, text_at(manifest, "metadata", "resourceVersion"), live)
    check_metadata(served, manifest, live)


def check_deletion(served: Served, live: Manifest, options: DeleteOptions) -> None:
    """Refuse the deletion of another object, or of another state of it, than the client means.

    Raises:
        ApiError: Conflict.

    """
    meta = live["metadata"]
    for told, field, name in ((options.uid, "uid", "UID"), (options.version, "resourceVersion", "ResourceVersion")):
        if told and told != meta[field]:
            why = (
                f"the {name} in the precondition ({told}) does not match the {name} in record ({meta[field]}). "
                f"The object might have been {'modified' if field != 'uid' else 'deleted and then recreated'}"
            )
            kind = served.kind
            message = f"Operation cannot be fulfilled on {kind.kind}{'.' + kind.group if kind.group else ''} "
            details = Details(name=served.name, group=kind.group, kind=kind.kind)
            raise ApiError("Conflict", f'{message}"{served.name}": {why}', details=details)


def conflict(served: Served, why: str) -> ApiError:
    """Return the refusal of a write that was made for another state."""
    message = f'Operation cannot be fulfilled on {served.resource} "{served.name}": {why}'
    return ApiError("Conflict", message, details=served.details(), subject=str(served.key))


def _check_version(served: Served, told: str, live: Manifest) -> None:
    if told and not _NUMBER.fullmatch(told):
        raise ApiError("", f'strconv.ParseUint: parsing "{told}": invalid syntax', code=500)
    if told not in ("", "0", live["metadata"]["resourceVersion"]):
        raise conflict(served, _MODIFIED)
