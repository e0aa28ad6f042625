"""What is promised: by the settings of a repository, and by the profile of a platform; the settings win."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from nixernetes.adapters.files.control_mappings import mapping_in
from nixernetes.app import platform_file
from nixernetes.compliance.checks.catalog import CHECK_IDS
from nixernetes.compliance.controls import Framework, framework, frameworks
from nixernetes.compliance.levels import ComplianceLevel
from nixernetes.compliance.options import AssessmentOptions
from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.errors import InputError
from nixernetes.languages.regexes import compiled
from nixernetes.settings.compliance_model import ComplianceSettings
from nixernetes.settings.reading import NAME, SettingsFile
from nixernetes.verify.complying import Promises
from nixernetes.verify.hints import meant

__all__ = ["promises_of", "reads_mapping"]

T = TypeVar("T")


def reads_mapping(found: SettingsFile) -> bool:
    """Tell whether the settings name a mapping of controls in a file beside them."""
    return found.settings.compliance is not None and bool(found.settings.compliance.mapping)


def promises_of(found: SettingsFile, target: Path, today: date | None) -> Promises:
    """Return what is promised.

    Args:
        found: the settings.
        target: the repository, or a platform file or its folder.
        today: the day, on which waivers may have ended.

    Raises:
        InputError: there is no such level, framework, check or mapping, or the platform is wrong.

    """
    settings = found.settings.compliance or ComplianceSettings()
    own = _mapping(found, settings)
    declared = _declared(target)
    if settings.framework:
        _checked(found, ("framework",), lambda: framework(settings.framework, own))
    level = _checked(found, ("level",), lambda: ComplianceLevel.named(settings.level)) if settings.level else None
    for number, each in enumerate(settings.without):
        if each not in CHECK_IDS:
            fact = f"there is no check {each}{meant(each, CHECK_IDS)}"
            raise InputError(fact, place=found.place("compliance", "without", number))
    for number, each in enumerate(settings.credential_keys):
        _checked(found, ("credentialKeys", number), partial(compiled, each))
    return Promises(
        framework=settings.framework or (own[0].id if own else declared.framework),
        level=level or declared.level,
        without=(*settings.without, *declared.without),
        waivers=(*_waivers(found, settings, own), *declared.waivers),
        options=AssessmentOptions(
            registries=settings.registries,
            admins=settings.admins,
            roles=settings.roles,
            policies=settings.policies,
            encrypted_storage_classes=settings.encrypted_storage_classes,
            credential_keys=settings.credential_keys,
            pod_security=(level or declared.level or ComplianceLevel.LOW).pod_security,
        ),
        own=own,
        today=today or date.min,
    )


def _declared(target: Path) -> Promises:
    """Return what the labels or the profile of a platform promise."""
    if target.is_dir() and platform_file.found_in(target) is None:
        return Promises()
    from nixernetes.app.load import load  # noqa: PLC0415  # the vocabulary takes long to import
    from nixernetes.compliance.labelling import ComplianceLabels  # noqa: PLC0415  # same
    from nixernetes.compliance.profiles import Profile  # noqa: PLC0415  # same

    given = load(target).platform.compliance
    if isinstance(given, Profile):
        without, waivers = tuple(given.without), tuple(given.waivers)
        return Promises(framework=given.framework, level=given.level, without=without, waivers=waivers)
    if isinstance(given, ComplianceLabels):
        return Promises(framework=given.framework, level=given.level)
    return Promises()


def _waivers(found: SettingsFile, settings: ComplianceSettings, own: Iterable[Framework]) -> list[ComplianceWaiver]:
    known = {*CHECK_IDS}
    for each in (*own, *frameworks()):
        known.update(name for control in each.controls for name in (control.id, *control.also))
    for number, waiver in enumerate(settings.waivers):
        if waiver.control not in known:
            fact = f"there is no control or check {waiver.control}{meant(waiver.control, sorted(known))}"
            raise InputError(fact, place=found.place("compliance", "waivers", number, "control"))
    return [
        ComplianceWaiver(
            control=each.control,
            match=each.object,
            cluster=each.cluster,
            owner=each.owner,
            reason=each.reason,
            until=each.until,
            source=f"{NAME}:{found.line('compliance', 'waivers', number)}",
        )
        for number, each in enumerate(settings.waivers)
    ]


def _mapping(found: SettingsFile, settings: ComplianceSettings) -> tuple[Framework, ...]:
    if not settings.mapping:
        return ()
    path = Path(found.file).parent / settings.mapping
    if not path.is_file():
        raise InputError("no such file", subject=settings.mapping, place=found.place("compliance", "mapping"))
    return (mapping_in(path, settings.mapping),)


def _checked(found: SettingsFile, path: tuple[str | int, ...], read: Callable[[], T]) -> T:
    """Return what a function reads from the settings; its refusal gets the line of the key."""
    try:
        return read()
    except InputError as error:
        raise InputError(error.message, subject=error.subject, place=found.place("compliance", *path)) from error
    except ValueError as error:
        raise InputError(str(error), place=found.place("compliance", *path)) from error
