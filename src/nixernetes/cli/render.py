"""``nixernetes render``: arguments in, manifests out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nixernetes.app.rendering.render_folder import FolderOptions, FolderRenderer
from nixernetes.cli.answer import retold, tell
from nixernetes.cli.arguments.render_arguments import Arguments, read
from nixernetes.errors import InputError, printable

if TYPE_CHECKING:  # what only a miss of the cache needs
    from nixernetes.adapters.kept_answers import Answer, DeadHost, KeptAnswers
    from nixernetes.render.deliveries import Delivery
    from nixernetes.render.rendered import Rendered

__all__ = ["main"]

_BETWEEN = "---\n"
_NO_KUSTOMIZATION = "unable to find one of 'kustomization.yaml'"
_SETTINGS = "nixernetes.yaml"  # as nixernetes.settings.reading has it, which takes long to import


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
    from nixernetes.app.rendering.manifest_text import View, chosen, json_text, yaml_text  # noqa: PLC0415  # a miss only

    view = View(only=found.only, origin=found.origin, show_secrets=found.show_secrets)
    shown = chosen(items, view)
    return json_text(shown, view) if found.output == "json" else yaml_text(shown, view)


def _folders(found: Arguments) -> None:
    options = FolderOptions(
        load_restrictor=found.load_restrictor,
        enable_helm=found.enable_helm,
        rev=found.rev,
        sources={**_settled_sources(found), **dict(found.sources)},
        allow_remote_bases=found.allow_remote_bases,
    )
    shown = repr((found.output, found.only, found.origin, found.show_secrets))
    renderer = FolderRenderer(options, lambda items: _text(found, items), shown, is_plain=found.show_secrets)
    printed = shows = False
    try:
        for folder in found.folders:
            text = _of_folder(renderer, folder)
            if text and printed and found.output == "yaml":
                sys.stdout.write("---\n")
            sys.stdout.write(text)
            printed = printed or bool(text)
            shows = shows or text.strip() not in ("", "[]")
    finally:
        renderer.close()
    if found.only and not shows:
        raise InputError("nothing that is rendered has this name", subject=f"--only {' --only '.join(found.only)}")


def _of_folder(renderer: FolderRenderer, folder: Path) -> str:
    """Return the text of a folder.

    Raises:
        InputError: it cannot be built; of a folder without a kustomization, the error says what renders deliveries.

    """
    try:
        return renderer.text(folder)
    except InputError as error:
        # Words around these: a base of the folder has none, or there is one that cannot be read.
        if not (error.message.startswith(_NO_KUSTOMIZATION) and error.message.endswith("'")):
            raise
        import shlex  # noqa: PLC0415  # rarely needed

        repo = "" if folder == Path() else f" --repo {shlex.quote(str(folder))}"
        instead = f"{error.message}: `nixernetes render --all{repo}` renders what the clusters of a repository run"
        raise InputError(instead, subject=error.subject, place=error.place) from error


def _settled_sources(found: Arguments) -> dict[str, Path]:
    """Return the sources that the settings of the folders' repositories name; without a Git repository, of --repo."""
    from nixernetes.adapters.repositories.work_trees import WorkTrees  # noqa: PLC0415  # as render_folder has it

    places = WorkTrees()
    roots = dict.fromkeys(places.around(places.real(str(folder))) or str(found.repo) for folder in found.folders)
    sources: dict[str, Path] = {}
    for root in map(Path, roots):
        if (root / _SETTINGS).exists():
            from nixernetes.app.settings import settings_of, with_settings  # noqa: PLC0415  # most have no settings
            from nixernetes.app.toolbox import ToolOptions  # noqa: PLC0415  # same

            sources.update(with_settings(ToolOptions(), settings_of(root)).sources)
    return sources


def _deliveries(found: Arguments) -> None:
    answers = _kept_answers(found)
    if retold(answers):
        return
    answer, dead = _answered(found)
    if answers is not None and dead is not None:
        answers.remember(answer, dead)
    tell(answer)


def _kept_answers(found: Arguments) -> KeptAnswers | None:
    """Return where answers are kept; None for a run that reads more than the repository, or shows what is secret."""
    if found.rev or found.sources or found.values or found.show_secrets or found.allow_remote_bases:
        return None
    from nixernetes.app.answers import answers_of  # noqa: PLC0415  # folders must not pay for it

    return answers_of("render", found._asdict(), found.repo)


def _answered(found: Arguments) -> tuple[Answer, Sequence[DeadHost] | None]:
    """Return what is printed, and the hosts that could not be reached; None for these where a host answered."""
    from nixernetes.adapters.kept_answers import Answer  # noqa: PLC0415  # folders must not pay for it
    from nixernetes.app.rendering import render_deliveries  # noqa: PLC0415  # same
    from nixernetes.app.rendering.preview_notes import preview_notes  # noqa: PLC0415  # same
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
            offline=found.offline,
        ),
        told=_progress if sys.stderr.isatty() else lambda _: None,
    )
    try:
        estate, dead = render_deliveries.render_from_hosts(query)
    finally:
        query.told("")
    if found.everything:
        deliveries = [(each.name, item) for each in estate.clusters for item in each.deliveries]
    else:
        deliveries = [("", item) for item in render_deliveries.find(estate.clusters, found.deliveries)]
    said = [*preview_notes([delivery for _, delivery in deliveries])]
    failed = [(cluster, delivery) for cluster, delivery in deliveries if delivery.problem]
    for cluster, delivery in failed:
        where = f"{cluster}: " if cluster else ""
        place = f" ({delivery.origin})" if delivery.origin.file else ""
        said.append(f"{where}{delivery.key}{place}: not rendered: {delivery.problem}")
    said += [str(note) for note in estate.notes]
    status = 1 if failed or any(note.is_problem for note in estate.notes) else 0
    if not status:
        _check_chosen([item for _, delivery in deliveries for item in delivery.manifests], found.only)
    err = "".join(f"nixernetes: {printable(line)}\n" for line in said)
    return Answer(_printed(found, deliveries), err, status), dead


def _printed(found: Arguments, deliveries: Sequence[tuple[str, Delivery]]) -> str:
    """Return the manifests; those of several clusters with the cluster named in front of its own."""
    named = list(dict.fromkeys(cluster for cluster, _ in deliveries))
    if len(named) < 2 or found.output != "yaml":
        return _text(found, [item for _, delivery in deliveries for item in delivery.manifests])
    texts = []
    for cluster in named:
        text = _text(found, [item for name, each in deliveries if name == cluster for item in each.manifests])
        texts += [f"# cluster: {printable(cluster)}\n{text}"] if text else []
    return _BETWEEN.join(texts)


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
