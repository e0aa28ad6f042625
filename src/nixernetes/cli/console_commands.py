"""The commands that ask a running ``up``, each imported when it is run; named as in kubectl, flux and argocd."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nixernetes.cli.completion import clusters, controllers, kinds, namespaces, objects

if TYPE_CHECKING:
    from nixernetes.cli.questions.asking import Inquiry

__all__ = ["register"]

_Target = Annotated[Path, typer.Option("--target", metavar="PATH", help="What `nixernetes up` was started with.")]
_Namespace = Annotated[
    str,
    typer.Option(
        "--namespace", "-n", metavar="NAME", help="One namespace; all if left out.", autocompletion=namespaces
    ),
]
_Cluster = Annotated[
    str, typer.Option("--cluster", metavar="NAME", help="One cluster; all if left out.", autocompletion=clusters)
]
# Arguments are told by the examples of each command: what typer says of their types helps nobody.
_Objects = Annotated[
    list[str] | None,
    typer.Argument(metavar="KIND NAME", show_default=False, hidden=True, autocompletion=objects),
]
_Faulty = Annotated[
    list[str] | None,
    typer.Argument(metavar="image PATTERN|pod NAME", show_default=False, hidden=True, autocompletion=objects),
]
_Kinds = Annotated[
    list[str] | None,
    typer.Argument(metavar="KIND[,KIND] [NAME]", show_default=False, hidden=True, autocompletion=objects),
]
_Applications = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", show_default=False, hidden=True, autocompletion=objects),
]
_Data = Annotated[str, typer.Option("--output", "-o", metavar="FORMAT", help="yaml or json.")]
_Timeout = Annotated[str, typer.Option("--timeout", metavar="DURATION", help="How long to wait.")]
_NoWait = Annotated[bool, typer.Option("--no-wait", "--async", help="Do not wait for the outcome.")]


def _question(
    words: list[str] | None, target: Path, namespace: str = "", cluster: str = "", output: str = ""
) -> Inquiry:
    from nixernetes.cli.questions.asking import Inquiry  # noqa: PLC0415  # --help must not pay for it

    return Inquiry(target=target, words=words or [], namespace=namespace, cluster=cluster, output=output)


def get(
    objects: _Kinds = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FORMAT", help="wide, yaml, json or name.")] = "",
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Print what changes, until stopped.")] = False,
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """List objects of a running `up`: deliveries, or any kind."""
    from nixernetes.cli.questions import reading, watching  # noqa: PLC0415  # --help must not pay for it

    question = _question(objects, target, namespace, cluster, output)
    if watch:
        watching.watch(question)
    else:
        reading.get(question)


def describe(
    objects: _Objects = None,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Show everything about an object: state, conditions, objects, events."""
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    reading.describe(_question(objects, target, namespace, cluster, output))


def tree(
    objects: _Kinds = None,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Show deliveries with the deliveries and objects they bring."""
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    reading.tree(_question(objects, target, namespace, cluster, output))


def trace(
    objects: _Objects = None,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Trace an object to its delivery, its source, its line in Git."""
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    reading.trace(_question(objects, target, namespace, cluster, output))


def history(
    objects: _Objects = None,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """List the revisions of a delivery, or the commits of an app."""
    from nixernetes.cli import app_history  # noqa: PLC0415  # --help must not pay for it

    if app_history.is_asked_for(target, objects or []):
        app_history.run(target, (objects or [""])[0], output)
        return
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    reading.history(_question(objects, target, namespace, cluster, output))


def events(
    objects: Annotated[
        list[str] | None,
        typer.Argument(metavar="KIND NAME", show_default=False, hidden=True, autocompletion=objects),
    ] = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="Only warnings.")] = False,
    follow: Annotated[bool, typer.Option("--watch", "-w", help="Keep printing new ones.")] = False,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """List what happened to objects, oldest first."""
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    reading.events(_question(objects, target, namespace, cluster, output), warnings=warnings, follow=follow)


def notifications(
    objects: Annotated[
        list[str] | None,
        typer.Argument(metavar="KIND NAME", show_default=False, hidden=True, autocompletion=objects),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that could not be delivered.")] = False,
    requests: Annotated[bool, typer.Option("--requests", help="With each request; secrets are hidden.")] = False,
    follow: Annotated[bool, typer.Option("--watch", "-w", help="Keep printing new ones.")] = False,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """List notifications that were sent, or would have been, oldest first."""
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    question = _question(objects, target, namespace, cluster, output)
    reading.notifications(question, failed=failed, requests=requests, follow=follow)


def logs(
    controller: Annotated[
        list[str] | None,
        typer.Argument(metavar="CONTROLLER", show_default=False, hidden=True, autocompletion=controllers),
    ] = None,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="About this kind.", autocompletion=kinds)] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="About objects of this name.")] = "",
    level: Annotated[str, typer.Option("--level", metavar="LEVEL", help="info or error.")] = "",
    tail: Annotated[int, typer.Option("--tail", metavar="N", help="The last N lines; 0 is all.")] = 0,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new ones.")] = False,
    output: _Data = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Print the logs of controllers, as `flux logs`."""
    from nixernetes.cli.questions import reading  # noqa: PLC0415  # --help must not pay for it

    wanted = {"controllers": controller or [], "kind": kind, "name": name, "level": level, "tail": tail}
    reading.logs(_question([], target, namespace, cluster, output), wanted, follow=follow)


def sync(
    name: _Applications = None,
    prune: Annotated[bool, typer.Option("--prune", help="Delete what Git no longer has.")] = False,
    revision: Annotated[str, typer.Option("--revision", metavar="REV", help="Sync to this revision.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    no_wait: _NoWait = False,
    timeout: _Timeout = "5m",
    target: _Target = Path(),
) -> None:
    """Sync an Argo CD Application now, and tell the outcome."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    request = {"do": "sync", "prune": prune, "revision": revision, "dry_run": dry_run}
    changing.sync(_question(name, target), request, wait=not no_wait, timeout=timeout)


def refresh(
    name: _Applications = None,
    hard: Annotated[bool, typer.Option("--hard", help="Render again, whatever is cached.")] = False,
    no_wait: _NoWait = False,
    timeout: _Timeout = "5m",
    target: _Target = Path(),
) -> None:
    """Compare an Argo CD Application afresh."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.sync(_question(name, target), {"do": "refresh", "hard": hard}, wait=not no_wait, timeout=timeout)


def reconcile(
    objects: _Objects = None,
    with_source: Annotated[bool, typer.Option("--with-source", help="Fetch its source first.")] = False,
    no_wait: _NoWait = False,
    timeout: _Timeout = "5m",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Reconcile a Flux object now, and tell the outcome."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    question = _question(objects, target, namespace, cluster)
    changing.reconcile(question, with_source=with_source, wait=not no_wait, timeout=timeout)


def suspend(
    objects: _Objects = None,
    everything: Annotated[bool, typer.Option("--all", help="All of the kind.")] = False,
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Suspend a Flux object, or the automated sync of an Application."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.change(_question(objects, target, namespace, cluster), "suspend", all=everything)


def resume(
    objects: _Objects = None,
    everything: Annotated[bool, typer.Option("--all", help="All of the kind.")] = False,
    no_wait: _NoWait = False,
    timeout: _Timeout = "5m",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Resume what `suspend` suspended, and tell the outcome."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    question = _question(objects, target, namespace, cluster)
    changing.change(question, "resume", wait=not no_wait, timeout=timeout, all=everything)


def scale(
    objects: _Objects = None,
    replicas: Annotated[int, typer.Option("--replicas", metavar="N", help="How many pods.", show_default=False)] = -1,
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Scale a workload by hand: drift, for engines to undo."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    if replicas < 0:
        raise typer.BadParameter("how many? give --replicas N")
    changing.change(_question(objects, target, namespace, cluster), "scale", replicas=replicas)


def edit(
    objects: _Objects = None, namespace: _Namespace = "", cluster: _Cluster = "", target: _Target = Path()
) -> None:
    """Edit a live object in your editor: drift, for engines to undo."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.edit(_question(objects, target, namespace, cluster))


def delete(
    objects: _Objects = None,
    cascade: Annotated[
        str,
        typer.Option(
            "--cascade",
            metavar="HOW",
            help="background, foreground, or orphan: what depends on it stays.",
        ),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be deleted and what would stay.")] = False,
    no_wait: _NoWait = False,
    timeout: _Timeout = "5m",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Delete live objects: drift, for engines to undo."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    question = _question(objects, target, namespace, cluster)
    changing.change(question, "delete", wait=not no_wait, timeout=timeout, cascade=cascade, dry_run=dry_run)


def confirm(
    objects: _Objects = None, namespace: _Namespace = "", cluster: _Cluster = "", target: _Target = Path()
) -> None:
    """Approve the deletions for which an Argo CD Application waits."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.change(_question(objects, target, namespace, cluster), "confirm")


def clock(
    order: Annotated[
        str, typer.Argument(metavar="[ORDER]", help="step, next, settle, run, pause, or how far to jump: +10m.")
    ] = "",
    speed: Annotated[int, typer.Option("--speed", metavar="N", help="With run: 1, 10, 60 or 600 times as fast.")] = 1,
    target: _Target = Path(),
) -> None:
    """Show the time of a running platform, and steer the clock of `up --clock virtual`."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.told(_question([], target), "clock", order=order, speed=speed)


def fail(
    objects: _Faulty = None,
    how: Annotated[
        str, typer.Option("--how", metavar="REASON", help="ImagePullBackOff, CrashLoopBackOff and the like.")
    ] = "",
    namespace: _Namespace = "",
    cluster: _Cluster = "",
    target: _Target = Path(),
) -> None:
    """Make an image or a pod of a running platform fail."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.change(_question(objects, target, namespace, cluster), "fail", how=how)


def heal(objects: _Faulty = None, namespace: _Namespace = "", cluster: _Cluster = "", target: _Target = Path()) -> None:
    """Undo `fail`: heal an image or a pod."""
    from nixernetes.cli.questions import changing  # noqa: PLC0415  # --help must not pay for it

    changing.change(_question(objects, target, namespace, cluster), "heal")


# Shown below what a command does, as they are typed.
_EXAMPLES = {
    "get": """\
nixernetes get                        the deliveries, failures first
nixernetes get ks,hr -n flux-system   Kustomizations and HelmReleases
nixernetes get deploy web -o yaml     one object; values of Secrets are hidden
nixernetes get all -o wide            workloads, with where each is written
""",
    "describe": """\
nixernetes describe ks web
nixernetes describe deploy/web svc/web -n shop
""",
    "tree": """\
nixernetes tree                       all of them
nixernetes tree ks apps               one, and what it brings
""",
    "trace": """\
nixernetes trace deploy web
nixernetes trace pod/web-5d9c7b8f6-abcde -n shop
""",
    "history": """\
nixernetes history web                 the commits that changed an app
nixernetes history ks web
nixernetes history app/web
""",
    "events": """\
nixernetes events --warnings
nixernetes events ks web --watch
""",
    "notifications": """\
nixernetes notifications --requests
nixernetes notifications --failed
""",
    "logs": """\
nixernetes logs                       all controllers
nixernetes logs kustomize -f --level error
nixernetes logs --kind hr --name web
""",
    "sync": """\
nixernetes sync web --prune
nixernetes sync argocd/web --revision v1.2.0
""",
    "refresh": """\
nixernetes refresh web --hard
""",
    "reconcile": """\
nixernetes reconcile ks web --with-source
nixernetes reconcile hr/web -n shop --cluster staging
""",
    "suspend": """\
nixernetes suspend ks web
nixernetes suspend hr --all
""",
    "resume": """\
nixernetes resume ks web
""",
    "scale": """\
nixernetes scale deploy web --replicas 5
""",
    "edit": """\
EDITOR=nano nixernetes edit deploy web
""",
    "delete": """\
nixernetes delete deploy web
nixernetes delete ks web --dry-run          what would be deleted, what stays
nixernetes delete app web --cascade orphan  the Application alone
""",
    "clock": """\
nixernetes clock             the time, and when something happens next
nixernetes clock next        run to the next event
nixernetes clock +10m        run ten minutes
nixernetes clock run --speed 60
""",
    "fail": """\
nixernetes fail image 'shop:*'            new pods cannot pull it
nixernetes fail pod web-5656746b88-4c5dv  it crashes
""",
    "heal": """\
nixernetes heal image 'shop:*'
""",
    "confirm": """\
nixernetes confirm app web
""",
}


def register(app: typer.Typer) -> None:
    """Add the commands, those that only look first."""
    looking = (get, describe, tree, trace, history, events, notifications, logs)
    for command in (
        *looking,
        sync,
        refresh,
        reconcile,
        suspend,
        resume,
        scale,
        edit,
        delete,
        confirm,
        clock,
        fail,
        heal,
    ):
        said = command.__doc__ or ""
        # A line with a backspace alone keeps the next paragraph as it is.
        app.command(help=f"{said}\n\n\b\n{_EXAMPLES[command.__name__]}", short_help=said)(command)
