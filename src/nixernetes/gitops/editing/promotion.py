"""Promotion: what one environment of an app runs, another runs too.

Promoted are images, the version of the chart, and Helm values; replicas, patches, namespaces and the like are each
environment's own. An image or value that only the target sets stays as it is. A version that the source does not set is
the app's own, so the target's goes away.

:func:`changes_of` compares two environments, :func:`edited` writes the changes into the declaration. The values that
are written are those of the platform as it ran, not the text that made them: what is promoted stays when that changes.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App, AppOverrides
from nixernetes.gitops.editing.containers import Container, PythonSource, literal
from nixernetes.gitops.editing.secret_names import is_secret_name
from nixernetes.gitops.platform import Platform
from nixernetes.languages.merges import overlaid
from nixernetes.objects.manifest import Json

__all__ = ["Promoted", "app_named", "changes_of", "check_environments", "edited", "promoted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """One thing that the target environment gets.

    Attributes:
        path: the field, and the keys inside it: ``("images", "nginx")``, ``("values", "image", "tag")``.
        before: what the target runs now; None when it does not say.
        after: what it will run; None for a field that goes away.

    """

    path: tuple[str, ...]
    before: Json
    after: Json

    @property
    def is_secret(self) -> bool:
        """Whether its name says that its value is a secret."""
        return any(map(is_secret_name, self.path[1:]))

    @property
    def field(self) -> str:
        """The path in words."""
        return ".".join(self.path)


def app_named(platform: Platform, name: str) -> App:
    """Return an app.

    Raises:
        InputError: the platform has none of this name.

    """
    found = next((app for app in platform.apps if app.name == name), None)
    if found is None:
        names = [app.name for app in platform.apps]
        raise InputError(f"the platform has no app {name}: {_instead(name, names)}", place=platform.declared_at)
    return found


def check_environments(app: App, environments: Sequence[str], names: Iterable[str]) -> None:
    """Refuse environments that the platform does not have, or that the app does not run in.

    Raises:
        InputError: one of them, with those that there are.

    """
    for name in names:
        if name not in environments:
            raise InputError(f"there is no environment {name}: {_instead(name, environments)}", place=app.declared_at)
        if app.clusters and name not in app.clusters:
            raise InputError(
                f"does not run in {name}: it runs in {', '.join(app.clusters)}",
                subject=f"App {app.name}",
                place=app.declared_at,
            )


def _instead(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(names)) or 'none'}"


def changes_of(
    app: App, source: str, target: str, only: Iterable[str] = (), keep: Iterable[str] = ()
) -> list[Promoted]:
    """Return what the target lacks to run what the source runs.

    Args:
        app: the app.
        source: the environment that is promoted from.
        target: the environment that is promoted to.
        only: fields that are promoted: ``images``, ``values.image.tag``. When empty all, but for values that are
            secrets by their names: those are each environment's own.
        keep: fields that stay as they are.

    Raises:
        InputError: a field that cannot be promoted.

    """
    wanted, kept = tuple(only), tuple(keep)
    for field in (*wanted, *kept):
        if field.partition(".")[0] not in ("images", "values", "version"):
            raise InputError(f"{field} cannot be promoted: there are images, version and values, as images.nginx")
    found = [*_images(app, source, target), *_version(app, source, target), *_values(app, source, target)]
    return [
        change
        for change in found
        if (any(_concerns(change, field) for field in wanted) if wanted else not change.is_secret)
        and not any(_concerns(change, field) for field in kept)
    ]


def _concerns(change: Promoted, field: str) -> bool:
    """Tell whether a change is of a field, or inside it; names of images hold dots themselves."""
    return change.field == field or change.field.startswith(f"{field}.")


def _images(app: App, source: str, target: str) -> Iterator[Promoted]:
    there = app.overrides(target).images
    for name, image in app.overrides(source).images.items():
        if there.get(name) != image:
            yield Promoted(path=("images", name), before=there.get(name), after=image)


def _version(app: App, source: str, target: str) -> Iterator[Promoted]:
    before, after = app.version_in(target), app.version_in(source)
    if before != after:
        yield Promoted(path=("version",), before=before, after=app.overrides(source).version or None)


def _values(app: App, source: str, target: str) -> Iterator[Promoted]:
    there = app.values_in(target)
    for path, value in _leaves(app.overrides(source).values, ()):
        before = _at(there, path)
        if before != value or type(before) is not type(value):
            yield Promoted(path=("values", *path), before=before, after=value)


def _leaves(values: Mapping[str, Json], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _at(values: Json, path: tuple[str, ...]) -> Json:
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return None
        values = values[key]
    return values


def promoted(overrides: AppOverrides, changes: Iterable[Promoted]) -> dict[str, Json]:
    """Return images, version and values of an environment with the changes made."""
    found: Json = {"images": dict(overrides.images), "version": overrides.version, "values": overrides.values}
    for change in changes:
        layer: Json = "" if change.after is None else change.after
        for key in reversed(change.path):
            layer = {key: layer}
        found = overlaid(found, layer)
    return dict(found)


def edited(data: bytes, app: App, target: str, changes: Iterable[Promoted], file: str) -> bytes:
    """Return the file that declares an app with the changes in it.

    Args:
        data: the file.
        app: the app, which knows the line that it was declared at.
        target: the environment.
        changes: what changes there.
        file: the file's name, for messages.

    Raises:
        InputError: the declaration is not written out, so that an edit could change more; the place is its line.

    """
    line = int(app.declared_at.rpartition(":")[2])
    for change in changes:
        source = PythonSource(data, file)
        call = _call(source, app.name, line)
        data = _applied(source, call, ("environments", target, *change.path), change.after)
        line = call.lineno  # edits are below it
    return data


def _call(source: PythonSource, name: str, line: int) -> ast.Call:
    """Find the call that declares an app."""
    found = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _is_named(node, name) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    if len(found) != 1:
        raise InputError(
            f'there is no single App(name="{name}", …) here, so its declaration cannot be edited: edit it by hand',
            subject=f"App {name}",
            place=f"{source.file}:{line}",
        )
    return found[0]


def _is_named(node: ast.Call, name: str) -> bool:
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [each.value for each in node.keywords if each.arg == "name"]
    return function == "App" and len(given) == 1 and isinstance(given[0], ast.Constant) and given[0].value == name


def _applied(source: PythonSource, node: ast.expr, path: tuple[str, ...], value: Json) -> bytes:
    """Set a path below a container to a value, or remove it where the value is None."""
    container = Container(source, node)
    key, *rest = path
    below = container.value(key)
    if rest and below is not None:
        return _applied(source, below, tuple(rest), value)
    if value is None:
        return container.without(key) if below is not None else source.data
    text = literal(value)
    for inner in reversed(rest):
        text = f"{{{literal(inner)}: {text}}}"
    return container.with_item(key, text)
