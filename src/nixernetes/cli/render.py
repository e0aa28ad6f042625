"""``nixernetes render``: arguments in, manifests out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nixernetes.app.render_folder import FolderOptions, FolderRenderer
from nixernetes.cli.render_arguments import Arguments, read
from nixernetes.errors import InputError, printable

if TYPE_CHECKING:  # what only a miss of the cache needs
    from nixernetes.render.deliveries import Delivery
    from nixernetes.render.rendered import Rendered

__all__ = ["main"]

_BETWEEN = "---\n"


def main(arguments: Sequence[str]) -> None:
    """Run the command; exits 1 when a delivery is not rendered.

    Raises:
        NixernetesError: a folder cannot be built, or an option is wrong.

    """
    found = read(arguments)
    if found.folders:
        _folders(found)
    else:
        _deliveries(found)


def _text(found: Arguments, items: Sequence[Rendered]) -> str:
    from nixernetes.app.manifest_text import View, chosen, json_text, yaml_text  # noqa: PLC0415  # a miss only

    view = View(only=found.only, origin=found.origin, show_secrets=found.show_secrets)
    shown = chosen(items, view)
    return json_text(shown, view) if found.output == "json" else yaml_text(shown, view)


def _folders(found: Arguments) -> None:
    options = FolderOptions(
        load_restrictor=found.load_restrictor,
        enable_helm=found.enable_helm,
        rev=found.rev,
        sources=dict(found.sources),
        allow_remote_bases=found.allow_remote_bases,
    )
    shown = repr((found.output, found.only, found.origin, found.show_secrets))
    renderer = FolderRenderer(options, lambda items: _text(found, items), shown)
    printed = shows = False
    try:
        for folder in found.folders:
            text = renderer.text(folder)
            if text and printed and found.output == "yaml":
                sys.stdout.write("---\n")
            sys.stdout.write(text)
            printed = printed or bool(text)
            shows = shows or text.strip() not in ("", "[]")
    finally:
        renderer.close()
    if found.only and not shows:
        raise InputError("nothing that is rendered has this name", subject=f"--only {' --only '.join(found.only)}")


def _deliveries(found: Arguments) -> None:
    from nixernetes.app import render_deliveries  # noqa: PLC0415  # folders must not pay for it
    from nixernetes.app.preview_notes import preview_notes  # noqa: PLC0415  # same
    from nixernetes.app.toolbox import ToolOptions  # noqa: PLC0415  # same

    query = render_deliveries.Query(
        repo=found.repo,
        rev=found.rev,
        wanted=None if found.everything else found.deliveries,
        cluster=found.cluster,
        folders=dict(found.started),
        options=ToolOptions(
            sources=dict(found.sources),
            values=found.values,
            allow_remote_bases=found.allow_remote_bases,
            enable_helm=found.enable_helm,
            kube_version=found.kube_version,
            api_versions=found.api_versions,
            strict_substitute=found.strict_substitute,
        ),
        told=_progress if sys.stderr.isatty() else lambda _: None,
    )
    try:
        estate = render_deliveries.render(query)
    finally:
        query.told("")
    clusters = estate.clusters
    if found.everything:
        deliveries = [(each.name, item) for each in clusters for item in each.deliveries]
    else:
        deliveries = [("", item) for item in render_deliveries.find(clusters, found.deliveries)]
    items = [item for _, delivery in deliveries for item in delivery.manifests]
    named = dict.fromkeys(cluster for cluster, _ in deliveries)
    if len(named) > 1 and found.output == "yaml":
        _by_cluster(found, deliveries)
    else:
        sys.stdout.write(_text(found, items))
    sys.stdout.flush()
    for line in preview_notes([delivery for _, delivery in deliveries]):
        sys.stderr.write(f"nixernetes: {printable(line)}\n")
    failed = [(cluster, delivery) for cluster, delivery in deliveries if delivery.problem]
    for cluster, delivery in failed:
        where = f"{cluster}: " if cluster else ""
        place = f" ({delivery.origin})" if delivery.origin.file else ""
        told = printable(f"{where}{delivery.key}{place}: not rendered: {delivery.problem}")
        sys.stderr.write(f"nixernetes: {told}\n")
    for note in estate.notes:
        sys.stderr.write(f"nixernetes: {printable(str(note))}\n")
    if failed or any(note.is_problem for note in estate.notes):
        sys.exit(1)
    _check_chosen(items, found.only)


def _by_cluster(found: Arguments, deliveries: Sequence[tuple[str, Delivery]]) -> None:
    """Print the manifests of several clusters, each cluster named in front of its own."""
    printed = False
    for cluster in dict.fromkeys(name for name, _ in deliveries):
        text = _text(found, [item for name, each in deliveries if name == cluster for item in each.manifests])
        if text:
            sys.stdout.write(f"{_BETWEEN if printed else ''}# cluster: {printable(cluster)}\n{text}")
            printed = True


def _progress(delivery: str) -> None:
    """Show on a terminal what is being rendered, in a line that the next one replaces."""
    import shutil  # noqa: PLC0415  # a folder that is in the cache must not pay for it

    columns = shutil.get_terminal_size().columns
    text = f"rendering {delivery}"[: columns - 1] if delivery else ""
    sys.stderr.write(f"\r\033[K{printable(text)}")
    sys.stderr.flush()


def _check_chosen(items: Sequence[Rendered], only: Sequence[str]) -> None:
    """Refuse to print nothing for an object that is asked for.

    Raises:
        InputError: it is not among what is rendered.

    """
    if not only:
        return
    from nixernetes.objects.identity import key_of  # noqa: PLC0415  # a miss only

    known = sorted({str(key_of(item.manifest)) for item in items})
    for wanted in only:
        if wanted not in known:
            from difflib import get_close_matches  # noqa: PLC0415  # rarely needed

            near = get_close_matches(wanted, known, n=3)
            instead = f": is it {' or '.join(near)}?" if near else ""
            raise InputError(f"nothing that is rendered has this name{instead}", subject=f"--only {wanted}")
