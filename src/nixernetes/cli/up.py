"""``nixernetes up``: options in, views out."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nixernetes.adapters.issuer_keys import read_keys
from nixernetes.adapters.kept_answers import Answer, KeptAnswers, dead_hosts
from nixernetes.app import platform_file, targets, up
from nixernetes.app.fetching import asked
from nixernetes.app.targets import Prepared
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.web.served_world import ServedPage
from nixernetes.app.worlds import World
from nixernetes.cli import view
from nixernetes.cli.answer import tell
from nixernetes.cli.arguments.tool_arguments import pairs, tool_options
from nixernetes.cli.console import following
from nixernetes.cli.console.choices import not_ready
from nixernetes.cli.console.ending import ending
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.engine import reports
from nixernetes.engine.issuers import Issuers
from nixernetes.errors import InputError, printable
from nixernetes.objects.durations import format_duration, parse_duration

if TYPE_CHECKING:
    from nixernetes.adapters.web_server.access.places import PagePlace
    from nixernetes.app.serving.kept_worlds import StateOfWorld

__all__ = ["FollowOptions", "issuers", "options", "run", "tool_options"]

LOOPBACK = "127.0.0.1"
_DEAD_HOST_SECONDS = 60.0
_COURIERS = 4  # a receiver that is slow holds up neither the run nor most of the others


def options(
    engine: str, tools: ToolOptions, clusters: list[str], ready_after: str, fail: list[str]
) -> targets.RunOptions:
    """Read the options.

    Raises:
        InputError: one of them is not of its form.

    """
    try:
        delay = parse_duration(ready_after)
    except ValueError as error:
        raise InputError(str(error), subject="--ready-after") from error
    failures = {image: _failure(reason) for image, reason in pairs("--fail", "IMAGE=REASON", fail).items()}
    return targets.RunOptions(
        engine=engine,
        tools=tools,
        clusters=pairs("--cluster", "NAME=FOLDER", clusters),
        profile=WorkloadProfile(ready_after=delay, failures=failures),
    )


def _failure(reason: str) -> Failure:
    try:
        return Failure(reason)
    except ValueError as error:
        raise InputError(f"{reason!r}: use one of {', '.join(Failure)}", subject="--fail") from error


def _hint(target: Path) -> str:
    hint = platform_file.hint(target)
    return f"nixernetes: {printable(hint)}\n" if hint else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOptions:
    """How a run that goes on is followed.

    Attributes:
        port: the port of its page; 0 takes a free one.
        host: the address that this listens at.
        roles: the file of roles; None where whoever has a printed address may come in.
        clock: ``real``, or ``virtual``: time stands still, and is steered.
        is_served: whether there is a page.
        is_opened: whether that is opened in the browser.
        state: the folder in which the run is kept, and goes on from; None for memory alone.

    """

    port: int = 0
    host: str = LOOPBACK
    roles: Path | None = None
    clock: str = "real"
    is_served: bool = True
    is_opened: bool = False
    state: Path | None = None

    @property
    def is_virtual(self) -> bool:
        """Whether time is virtual."""
        return self.clock == "virtual"

    def checked(self) -> FollowOptions:
        """Return it, where it fits together.

        Raises:
            InputError: there is no such clock, others are to reach what nobody serves, or time cannot go on.

        """
        if self.clock not in ("real", "virtual"):
            raise InputError(f"{self.clock!r}: use real or virtual", subject="--clock")
        if not self.is_served and (self.roles is not None or self.host != LOOPBACK):
            raise InputError("--no-web serves no page: leave --host and --roles out")
        if self.is_virtual and self.state is not None:
            raise InputError("a kept state runs in real time: leave out --state or --clock virtual")
        return self


def issuers(named: list[str]) -> Issuers:
    """Return the keys of issuers as ``--issuer-keys`` names their files.

    Raises:
        InputError: one is not of its form, or its file does not hold keys.

    """
    files = pairs("--issuer-keys", "URL=FILE", named)
    return Issuers(keys={url: read_keys(Path(file)) for url, file in files.items()})


def run(
    target: Path,
    options: targets.RunOptions,
    *,
    only_once: bool,
    output: str,
    answers: KeptAnswers | None = None,
    followed: FollowOptions | None = None,
) -> None:
    """Run the command; exits 1 when ``--once`` did not converge.

    Args:
        target: what to run.
        options: how.
        only_once: whether to end where nothing moves any more.
        output: the form of what ``--once`` prints.
        answers: where the answer of ``--once`` is kept for the next run that would read the very same.
        followed: how it is followed, where it goes on.

    """
    if output not in ("", "json"):
        raise InputError(f"unknown output {output!r}: use json")
    if output and not only_once:
        raise InputError("-o json prints a finished state: add --once")
    followed = (followed or FollowOptions()).checked()
    state = followed.state
    if state is not None and only_once:
        raise InputError("--state keeps a run that continues, and --once ends: leave one of them out")
    if not only_once:  # who watches for hours wants to see a host come back
        beside = not followed.is_virtual  # on a virtual clock nobody can wait for what takes real time
        tools = replace(options.tools, again_after_seconds=_DEAD_HOST_SECONDS, background=beside)
        options = replace(options, tools=tools, couriers=_COURIERS)
    with contextlib.ExitStack() as until:
        kept = _kept(until, state, target)
        options = replace(options, repository=kept.repository if kept is not None else None)
        prepared = until.enter_context(targets.prepare(target, options))
        said = _hint(target) + _said(prepared)
        sys.stderr.write(said)
        sys.stderr.flush()
        if not only_once:
            _followed(prepared, target, followed, kept)
            return
        answer, is_whole = _once(prepared, output, said)
        dead = None if prepared.reads_beside else dead_hosts(prepared.hosts)
    if answers is not None and dead is not None and is_whole:
        answers.remember(answer, dead)
    tell(answer, told=said)


def _kept(until: contextlib.ExitStack, folder: Path | None, target: Path) -> StateOfWorld | None:
    if folder is None:
        return None
    from nixernetes.app.serving.kept_worlds import kept_world  # noqa: PLC0415  # most runs keep nothing

    state = until.enter_context(kept_world(folder))
    state.claim(target)
    return state


def _followed(prepared: Prepared, target: Path, page: FollowOptions, state: StateOfWorld | None) -> None:
    title = targets.folder_of(target).resolve().name
    keep = state.keep if state is not None else lambda: None
    served = ServedPage(title, prepared.head, _place(page), keep) if page.is_served else None
    following.follow(prepared, target, served, is_opened=page.is_opened, state=state, is_virtual=page.is_virtual)


def _place(page: FollowOptions) -> PagePlace:
    from nixernetes.adapters.web_server.access.places import place_of  # noqa: PLC0415  # not every run has a page

    return place_of(page.host, page.port, page.roles)


def _said(prepared: Prepared) -> str:
    """Return what is said of what runs, and of what in the repository does not."""
    lines = [f"running {prepared.head}"] if prepared.head else []
    lines += [f"nixernetes: {note}" for note in prepared.notes]
    return "".join(f"{printable(line)}\n" for line in lines)


def _once(prepared: Prepared, output: str, said: str) -> tuple[Answer, bool]:
    """Run to the end; return what is printed, and whether the engine itself did all that it should."""
    errors = view.console(stderr=True)
    with errors.status("reconciling …") as status:

        def progress(world: World) -> None:
            status.update(f"reconciling … {world.clock.now():%H:%M:%S} virtual time")

        outcome = up.once(prepared.blueprint, prepared.outside, progress=progress if errors.is_terminal else None)
    is_ok = outcome.ok and not any(note.is_problem for note in prepared.notes)
    if output == "json":
        value = {"converged": is_ok, "settled": outcome.settled, **reports.to_json(outcome.report)}
        out = json.dumps(value, indent=2) + "\n"
    else:
        out = _drawn(outcome, is_ok, asked(prepared.hosts))
    wrong = [f"nixernetes: {refused}" for refused in outcome.refused]
    wrong += [f"nixernetes: {fault}" for fault in (*outcome.faults, *outcome.unmatched)]
    err = said + "".join(f"{printable(line)}\n" for line in wrong)
    return Answer(out, err, 0 if is_ok else 1), not outcome.faults


def _counted(report: reports.Report) -> str:
    count = sum(1 for _ in reports.troubles(not_ready(report.deliveries), report))
    return f", for {count} reason{'' if count == 1 else 's'}" if count else ""


def _drawn(outcome: up.RunOutcome, is_ok: bool, fetched: list[str]) -> str:
    screen = view.console()
    ready = sum(item.state == "ready" for item in outcome.report.deliveries)
    with screen.capture() as drawn:
        screen.print(view.tree(outcome.report))
        for text in (*view.summary(outcome.report), *ending(outcome.report, screen.width)):
            screen.print(text)
        for line in fetched:
            screen.print(printable(line))
        screen.print(
            f"{'converged' if is_ok else 'not converged'}: {ready} of {len(outcome.report.deliveries)} deliveries "
            f"ready after {format_duration(outcome.took)} of virtual time{_counted(outcome.report)}",
            style="green" if is_ok else "red",
        )
    return drawn.get()
