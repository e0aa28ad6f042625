"""``nixernetes promote``: what one environment of an app runs is written into the declaration of another.

The edited program is run before it is written: it has to declare the same platform, but for what is promoted.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nixernetes.adapters.files.edited_files import write_edited
from nixernetes.app.load import Loaded, load
from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App, AppOverrides
from nixernetes.gitops.editing.declared_values import declared_values
from nixernetes.gitops.editing.promotion import (
    Promoted,
    app_named,
    changes_of,
    check_environments,
    edited,
    promoted,
)
from nixernetes.gitops.editing.secret_names import hidden
from nixernetes.gitops.layout.compiler import branches
from nixernetes.gitops.platform import Platform
from nixernetes.objects.manifest import Json

__all__ = ["Promotion", "PromotionOptions", "promote", "to_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionOptions:
    """What is promoted.

    Attributes:
        file: the platform file, or its folder.
        app: the app's name.
        source: the environment that it is promoted from.
        target: the environment that it is promoted to.
        only: fields that are promoted; all when empty.
        keep: fields that stay as they are.
        is_dry: whether nothing is written.

    """

    file: Path
    app: str
    source: str
    target: str
    only: Sequence[str] = ()
    keep: Sequence[str] = ()
    is_dry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What a promotion did, or would do.

    Attributes:
        options: what was asked for.
        file: the file that declares the app.
        changes: what the target gets.
        diff: the edit, as a unified diff; values that look like secrets are hidden.
        branch: the branch that the target follows, when the source follows another one; else ``""``.

    """

    options: PromotionOptions
    file: Path
    changes: tuple[Promoted, ...] = ()
    diff: str = ""
    branch: str = ""


def promote(options: PromotionOptions) -> Promotion:
    """Promote an app.

    Raises:
        InputError: the platform is wrong, has no such app or environment, or cannot be edited safely; nothing is
            written then.

    """
    loaded = load(options.file)
    app = app_named(loaded.platform, options.app)
    followed = branches(loaded.platform)
    check_environments(app, sorted(followed), (options.source, options.target))
    if options.source == options.target:
        raise InputError(f"{options.source} is promoted to itself: give two environments")
    changes = tuple(changes_of(app, options.source, options.target, options.only, options.keep))
    file = Path(app.declared_at.rpartition(":")[0])
    result = Promotion(
        options=options,
        file=file,
        changes=changes,
        branch=followed[options.target] if followed[options.source] != followed[options.target] else "",
    )
    if not changes:
        return result
    before = file.read_bytes()
    after = edited(before, app, options.target, changes, str(file))
    _verify(loaded, app, options, changes, {file.resolve(): after})
    if not options.is_dry:
        write_edited(file, before, after)
    return replace(result, diff=_diff(before.decode(), after.decode(), file.name))


def to_json(promotion: Promotion) -> Json:
    """Return a promotion as JSON data; ``docs/environments.md`` documents the fields."""
    options = promotion.options
    return {
        "app": options.app,
        "from": options.source,
        "to": options.target,
        "file": str(promotion.file),
        "written": bool(promotion.changes) and not options.is_dry,
        "changes": [
            {"field": change.field, "before": shown(change, change.before), "after": shown(change, change.after)}
            for change in promotion.changes
        ],
        "branch": promotion.branch,
        "diff": promotion.diff,
    }


def shown(change: Promoted, value: Json) -> Json:
    """Return a value as it may be shown: hidden where its name says that it is a secret."""
    return "***" if value is not None and change.is_secret else value


def _verify(
    loaded: Loaded, app: App, options: PromotionOptions, changes: tuple[Promoted, ...], edits: dict[Path, bytes]
) -> None:
    """Run the edited program: everything but what is promoted has to be as it was."""
    expected = _expected(loaded.platform, app, options.target, changes)
    try:
        found = load(loaded.file, edits).platform
    except InputError as error:
        raise InputError(f"the edit would break the file ({error}): edit it by hand", place=app.declared_at) from error
    if declared_values(found) != declared_values(expected):
        raise InputError(
            "the edit would change more than what is promoted, since the file computes a part of this: edit it by hand",
            subject=f"App {app.name}",
            place=app.declared_at,
        )


def _expected(platform: Platform, app: App, target: str, changes: tuple[Promoted, ...]) -> Platform:
    before = app.overrides(target)
    own = before.model_copy(update=promoted(before, changes))
    environments: dict[str, AppOverrides] = {**app.environments, target: own}
    after = app.model_copy(update={"environments": environments})
    apps = tuple(after if each.name == app.name else each for each in platform.apps)
    return platform.model_copy(update={"apps": apps})


def _diff(before: str, after: str, name: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", n=2, lineterm="")
    return "".join(f"{hidden(line)}\n" for line in lines)
