"""Fills parameters into templates: ``{{name}}`` (fasttemplate) or Go templates (section 14.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import gotemplates
from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.gotemplates.values import show
from nixernetes.objects import yamls
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import MAX_BYTES, Allowance, clipped
from nixernetes.render.argocd.applicationsets.unknown import Unknown

__all__ = ["Templating", "flat"]

_TEMPLATED = re.compile(r"\{\{.*\}\}")  # on one line
_FINALIZERS = ("metadata", "finalizers")  # a set: a strategic merge adds to it
_MAX_TEXT: Final = 1_000_000  # characters of one text; Go templates have the same limit
_TOO_MUCH: Final = (
    f"all templates together make more than {MAX_BYTES // 1024 // 1024} MiB of text: make fewer or smaller ones"
)
_OPTIONS = ("missingkey=default", "missingkey=error", "missingkey=invalid", "missingkey=zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Templating:
    """How the templates of one ApplicationSet are filled in.

    Attributes:
        go: whether they are Go templates.
        options: Go template options such as ``missingkey=error``.

    """

    go: bool = False
    options: tuple[str, ...] = ()
    _whole: gotemplates.TemplateAllowance = field(
        default_factory=gotemplates.TemplateAllowance, init=False, repr=False, compare=False
    )
    _made: Allowance = field(
        default_factory=lambda: Allowance(MAX_BYTES, _TOO_MUCH), init=False, repr=False, compare=False
    )

    @classmethod
    def decode(cls, spec: Json) -> Templating:
        """Read the mode of an ApplicationSet.

        Raises:
            InputError: an unknown option.

        """
        options = tuple(spec.get("goTemplateOptions") or ())
        for option in options:
            if option not in _OPTIONS:
                raise InputError(f"goTemplateOptions {option!r}: use {', '.join(_OPTIONS)}")
        return cls(go=bool(spec.get("goTemplate")), options=options)

    def parameters(self, element: Json) -> Json:
        """Return the parameters that an element gives: nested for Go templates, else flat strings."""
        if not isinstance(element, dict):
            raise InputError("an element of a generator is an object of names and values")
        return element if self.go else flat(element)

    def fill(self, value: Json, parameters: Mapping[str, Json]) -> Json:
        """Return JSON data with every string filled in, keys too; without parameters it is as it was.

        Raises:
            InputError: a Go template is broken or not supported.

        """
        if not parameters:
            return value
        if isinstance(value, dict):
            return {self.text(key, parameters): self.fill(item, parameters) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, parameters) for item in value]
        return self.text(value, parameters) if isinstance(value, str) else value

    def text(self, text: str, parameters: Mapping[str, Json]) -> str:
        """Return one string filled in."""
        if "{{" not in text:
            return text
        filled = self._go_text(text, parameters) if self.go else _fast(text, parameters)
        self._made.take(len(filled))
        return filled

    def _go_text(self, text: str, parameters: Mapping[str, Json]) -> str:
        strict = "missingkey=error" in self.options
        try:
            return gotemplates.render(text, dict(parameters), missing_is_error=strict, within=self._whole)
        except gotemplates.TemplateError as error:
            # As ``Render.Replace`` of ``applicationset/utils/utils.go`` in Argo CD 3.5 says it.
            what = "execute go template" if error.context else "parse template"
            raise InputError(f"failed to {what} {clipped(text)}: {error.told(text)}") from error

    def patch(self, application: Json, patch: str, parameters: Mapping[str, Json]) -> Json:
        """Return an Application with a ``templatePatch`` merged into it.

        Raises:
            InputError: Go templates are off, or the patch is no object.

        """
        if not self.go:
            raise InputError("templatePatch needs goTemplate: true")
        filled = yamls.parse(self.text(patch, parameters))
        if filled is None:
            return application
        if not isinstance(filled, dict):
            raise InputError("templatePatch does not give an object")
        patched = _merged(application, filled)
        if not isinstance(patched.get("spec"), dict):
            return patched
        # A patch may not move an Application to another project.
        spec = {name: value for name, value in patched["spec"].items() if name != "project"}
        project = mapping_at(application, "spec").get("project")
        return {**patched, "spec": spec if project is None else {**spec, "project": project}}


def _fast(text: str, parameters: Mapping[str, Json]) -> str:
    """Fill a text in as fasttemplate does: what begins with ``{{`` ends at the next ``}}``.

    An unknown name stays as it is, so that a chart's own templates survive; so does what is no text. What begins and
    does not end is refused, as ``NewTemplate`` of ``valyala/fasttemplate`` 1.2.2 does, where anything is filled in.
    """
    if not _TEMPLATED.search(text):
        return text
    parts, position, size = [], 0, len(text)
    while (start := text.find("{{", position)) >= 0 and (end := text.find("}}", start + 2)) >= 0:
        name = text[start + 2 : end].strip()
        found = parameters.get(name) if name else None
        filled = str(found) if isinstance(found, str | Unknown) else text[start : end + 2]
        size += len(filled)
        if size > _MAX_TEXT:
            raise InputError(f"template makes more than {_MAX_TEXT:,} characters")
        parts += [text[position:start], filled]
        position = end + 2
    if start >= 0:
        raise InputError(f'invalid template: Cannot find end tag="}}}}" in the template={go_quoted(clipped(text))}')
    return "".join([*parts, text[position:]])


def flat(element: Json, prefix: str = "") -> dict[str, Json]:
    """Return an element as flat texts, its parts joined by dots, as Go prints them; what is unknown stays so."""
    found: dict[str, Json] = {}
    pairs = element.items() if isinstance(element, dict) else enumerate(element)
    for name, value in pairs:
        if isinstance(value, dict | list):
            found.update(flat(value, f"{prefix}{name}."))
        elif isinstance(value, Unknown):
            found[f"{prefix}{name}"] = value
        else:
            found[f"{prefix}{name}"] = "<nil>" if value is None else show(value)
    return found


def _merged(base: Json, patch: Json, path: tuple[str, ...] = ()) -> Json:
    """Merge a patch: maps by key, null deletes, lists are replaced: those of an Application have no merge keys."""
    if path == _FINALIZERS and isinstance(base, list) and isinstance(patch, list):
        return [*base, *(item for item in patch if item not in base)]
    if not isinstance(base, dict) or not isinstance(patch, dict):
        return patch
    result = dict(base)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value, (*path, key))
    return result
