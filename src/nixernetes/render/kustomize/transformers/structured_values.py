r"""Replacements below a text that holds JSON or YAML: ``data.config\.json.host`` of a ConfigMap.

The rules are those of ``setValueInStructuredData`` (kustomize api v0.21.1, ``filters/replacement/replacement.go``): the
first text on the path that can be read as YAML is read, changed and written back: JSON as JSON (in one line, or with
two spaces where it had several lines), anything else as YAML. Options like a delimiter do not count there.
"""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.errors import InputError
from nixernetes.languages.kyaml.nodes import is_null, kind_of, text_of
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.yaml_text import Respelled, YamlText
from nixernetes.render.kustomize.transformers.field_paths import lookup

__all__ = ["StructuredText", "respelling", "text_on_path"]


class StructuredText:
    """Data in a text.

    Args:
        text: JSON or YAML.

    Raises:
        InputError: it is neither.

    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._yaml = YamlText(text)

    @property
    def is_empty(self) -> bool:
        """Whether the text holds nothing."""
        return self._yaml.is_empty

    @property
    def data(self) -> Json:
        """What the text holds."""
        return self._yaml.data

    def written(self, after: Json) -> str:
        """Return the text with changed data.

        Raises:
            KustomizeError: JSON into which a value does not fit.

        """
        text = self._yaml.changed(self._yaml.data, after)
        if self._text.lstrip()[:1] not in ("{", "["):
            return text
        from nixernetes.languages.gotemplates.encodings import to_json  # noqa: PLC0415  # templates take long to load

        is_pretty = "\n" in self._text and "  " in self._text
        try:
            return to_json(YamlText(text).data, indent=2 if is_pretty else None)
        except InputError as error:
            raise KustomizeError(error.message) from error


def text_on_path(manifest: Json, path: list[str]) -> tuple[list[str], list[str], StructuredText] | None:
    """Return the first text on a path that can be read as data, with the path to it and the path within; None if none.

    Args:
        manifest: the object.
        path: the parts of a field path.

    """
    for end in range(1, len(path)):
        try:
            found = lookup(manifest, path[:end])
        except KustomizeError:
            continue
        if is_null(found) or kind_of(found) != "ScalarNode":
            continue
        try:
            text = StructuredText(text_of(found))
        except InputError:
            continue
        return None if text.is_empty else (path[:end], path[end:], text)
    return None


def respelling(value: Json) -> Callable[[Json], Json]:
    """Return what writes a value over what stands in a text: a scalar keeps its tag and quotes."""

    def change(old: Json) -> Json:
        return Respelled(text_of(value)) if kind_of(old) == "ScalarNode" else value

    return change
