"""``get``, ``describe``, ``tree``, ``events``, ``notifications``, ``logs``, ``history``, ``trace``: what they print."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from nixernetes.cli.questions.asking import Inquiry, checked_form
from nixernetes.cli.questions.printing import columns, data, say, section
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["describe", "events", "get", "history", "logs", "notifications", "shown_tables", "trace", "tree"]

_DATA: Final = ("yaml", "json")
_FOLLOW_SECONDS: Final = 0.5


def get(question: Inquiry) -> None:
    """Print objects of kinds, or the deliveries where no kind is named."""
    output = checked_form(question.output, ("wide", "yaml", "json", "name"))
    if not question.words:
        _deliveries(question, output)
    elif output == "name":
        for name in question.ask("names")["names"]:
            say(name)
    elif output in _DATA:
        _objects(question.ask("objects")["items"], output)
    else:
        tables = list(shown_tables(question))
        for number, (heads, rows) in enumerate(tables):
            if number:
                say("")
            columns(heads, rows)
        if not tables:
            say(f"No resources found{f' in {question.namespace} namespace' if question.namespace else ''}.", err=True)


def shown_tables(question: Inquiry) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield heads and rows, a table for each kind; of the deliveries where no kind is named."""
    is_wide = question.output == "wide"
    if not question.words:
        rows = [row for row in _report(question.ask("get")["report"])["deliveries"] if _is_chosen(row, question)]
        yield _heads(wide=is_wide), [_cells(row, wide=is_wide) for row in rows]
        return
    tables = question.ask("table", wide=is_wide)["tables"]
    for table in tables:
        heads, rows = table["heads"], table["rows"]
        if len(tables) > 1:  # kubectl names the kind with the name where there are several
            at = heads.index("NAME")
            rows = [[*row[:at], f"{table['kind']}/{row[at]}", *row[at + 1 :]] for row in rows]
        yield heads, rows


def _objects(items: list[Json], output: str) -> None:
    """Print objects: one as it is, several as a List of JSON, or a stream of YAML that names the clusters."""
    if output == "json":
        several = [{**item["object"], "cluster": item["cluster"]} for item in items]
        data(items[0]["object"] if len(items) == 1 else {"apiVersion": "v1", "kind": "List", "items": several}, "json")
        return
    clusters = {item["cluster"] for item in items}
    for number, item in enumerate(items):
        if number:
            say("---")
        if len(clusters) > 1:
            say(f"# cluster: {item['cluster']}")
        data(item["object"], "yaml")


def _deliveries(question: Inquiry, output: str) -> None:
    report = question.ask("get")["report"]
    rows = [row for row in _report(report)["deliveries"] if _is_chosen(row, question)]
    if output in _DATA:
        data({**report, "deliveries": rows}, output)
        return
    if output == "name":
        for row in rows:
            say(f"{row['kind'].lower()}/{row['name']}")
        return
    cells = [_cells(row, wide=output == "wide") for row in rows]
    if output != "wide" and sys.stdout.isatty():
        _drawn(question, report)
    else:
        columns(_heads(wide=output == "wide"), cells)


def _heads(*, wide: bool) -> list[str]:
    heads = ["CLUSTER", "KIND", "NAMESPACE", "NAME", "STATUS", "REVISION", "MESSAGE"]
    return [*heads, "DECLARED"] if wide else heads


def _is_chosen(row: Json, question: Inquiry) -> bool:
    return question.namespace in ("", row["namespace"]) and question.cluster in ("", row["cluster"])


def _cells(row: Json, *, wide: bool) -> list[str]:
    from nixernetes.engine.reports import short_revision  # noqa: PLC0415  # takes long to import

    shown = [row["cluster"], row["kind"], row["namespace"], row["name"], row["status"]]
    shown += [short_revision(row["revision"]), short_revision(row["message"])]
    return [*shown, row["origin"]] if wide else shown


def _drawn(question: Inquiry, found: Json) -> None:
    """Print deliveries on a terminal as ``up`` shows them."""
    from nixernetes.cli import view  # noqa: PLC0415  # a pipe must not pay for it
    from nixernetes.cli.console.choices import Choice, chosen  # noqa: PLC0415  # same
    from nixernetes.cli.console.screen import counts  # noqa: PLC0415  # same
    from nixernetes.cli.console.table import table_lines  # noqa: PLC0415  # same

    report = view.read(found)
    console = view.console()
    rows = chosen(report.deliveries, Choice(cluster=question.cluster))
    rows = [row for row in rows if question.namespace in ("", row.key.namespace)]
    for line in table_lines(rows, console.width):
        console.print(line)
    console.print(counts(report))


def _report(found: Json) -> Json:
    if not isinstance(found, dict) or not isinstance(found.get("deliveries"), list):
        raise RemoteError("what runs there gives another report: is it this version of Nixernetes?")
    return found


def describe(question: Inquiry) -> None:
    """Print everything about objects."""
    output = checked_form(question.output, _DATA)
    found = question.ask("describe")["described"]
    if output:
        data(found, output)
        return
    if not found:
        say("No resources found.", err=True)
    for number, item in enumerate(found):
        if number:
            say("\n")
        section(item["fields"])
        for part in item["parts"]:
            say(f"{part['title']}:")
            for line in part["lines"]:
                say(f"  {line}")


def tree(question: Inquiry) -> None:
    """Print deliveries with what they bring, down to the last object."""
    output = checked_form(question.output, _DATA)
    found = _report(question.ask("get")["report"])
    roots = question.ask("find")["found"] if question.words else []
    if output:
        chosen = {(root["cluster"], *root["object"][1:]) for root in roots}
        rows = [row for row in found["deliveries"] if not question.words or _identity(row) in chosen]
        data({**found, "deliveries": rows}, output)
        return
    from nixernetes.cli import view  # noqa: PLC0415  # data must not pay for it
    from nixernetes.cli.console.nested import nested  # noqa: PLC0415  # same

    report = view.read(found)
    if roots and not any(_is_delivery(root, report.deliveries) for root in roots):
        name = "/".join(filter(None, roots[0]["object"][1:]))
        raise InputError(f"{name} is not a delivery and brings nothing: `nixernetes trace` tells what brought it")
    view.console().print(nested(report, [(root["cluster"], tuple(root["object"])) for root in roots], question.cluster))


def _identity(row: Json) -> tuple[str, ...]:
    return (row["cluster"], row["kind"], row["namespace"], row["name"])


def _is_delivery(root: Json, rows: object) -> bool:
    return any((row.cluster, tuple(row.key)) == (root["cluster"], tuple(root["object"])) for row in rows)  # type: ignore[attr-defined]


def trace(question: Inquiry) -> None:
    """Print the way from objects to the line in Git."""
    output = checked_form(question.output, _DATA)
    found = question.ask("trace")["traces"]
    if output:
        data([[dict(_merged(part)) for part in way] for way in found], output)
        return
    for number, way in enumerate(found):
        if number:
            say("")
        for step, part in enumerate(way):
            if step:
                say("---")
            section(part)


def _merged(part: list[list[str]]) -> Iterator[tuple[str, Json]]:
    """Yield labels with their text, or with a list where several lines have one label."""
    labels = [label for label, _ in part]
    for label in dict.fromkeys(labels):
        texts = [text for each, text in part if each == label]
        yield label[:1].lower() + label[1:].replace(" ", ""), texts[0] if label != "Through" else texts


def history(question: Inquiry) -> None:
    """Print what deliveries were at."""
    output = checked_form(question.output, _DATA)
    found = question.ask("history")["histories"]
    if output:
        data(found, output)
        return
    for number, item in enumerate(found):
        if number:
            say("")
        say(f"{item['cluster']}: {item['object']}")
        rows = [[entry[part] for part in ("id", "time", "status", "revision", "commit")] for entry in item["entries"]]
        if rows:
            columns(["ID", "DATE", "STATUS", "REVISION", "COMMIT"], rows)
        else:
            say("nothing was applied yet")


def events(question: Inquiry, *, warnings: bool, follow: bool) -> None:
    """Print what happened to objects."""

    def ask() -> list[Json]:
        found: list[Json] = question.ask("events", warnings=warnings)["events"]
        return found

    def show(found: list[Json]) -> None:
        heads = ["TIME", "CLUSTER", "TYPE", "REASON", "OBJECT", "MESSAGE"]
        columns(
            heads, [[*(each[part] for part in ("time", "cluster", "type", "reason")), *_told(each)] for each in found]
        )

    _printed(question, ask, show, follow=follow)


def notifications(question: Inquiry, *, failed: bool, requests: bool, follow: bool) -> None:
    """Print who was told of what, or would have been."""

    def ask() -> list[Json]:
        found: list[Json] = question.ask("notifications", failed=failed)["notifications"]
        return found

    def show(found: list[Json]) -> None:
        heads = ["TIME", "CLUSTER", "RECEIVER", "OUTCOME", "REASON", "OBJECT", "MESSAGE"]
        parts = ("time", "cluster", "receiver", "outcome", "reason")
        for each in found if requests else ():
            about, message = _told(each)
            say(f"{each['time']} {each['receiver']} {each['outcome']}: {about}: {each['error'] or message}")
            for request in each["requests"]:
                say(f"  {request['method']} {request['url']}")
                for name, text in request["headers"].items():
                    say(f"  {name}: {text}")
                for line in request["body"].splitlines():
                    say(f"    {line}")
        if not requests:
            rows = [
                [*(each[part] for part in parts), _told(each)[0], each["error"] or _told(each)[1]] for each in found
            ]
            columns(heads, rows)

    _printed(question, ask, show, follow=follow, nothing="No notifications found.")


def _told(event: Json) -> tuple[str, str]:
    key = event["object"]
    return "/".join(filter(None, (key["kind"], key["namespace"], key["name"]))), event["message"]


def logs(question: Inquiry, wanted: Mapping[str, Json], *, follow: bool) -> None:
    """Print what controllers logged."""

    def ask() -> list[Json]:
        found: list[Json] = question.ask("logs", **wanted)["lines"]
        return found

    def show(found: list[Json]) -> None:
        for each in found:
            say(_log_line(each))

    _printed(question, ask, show, follow=follow, nothing="No log lines found.")


def _log_line(line: Json) -> str:
    """Return a line as ``flux logs`` writes it, with the cluster."""
    if "object" not in line:
        return f"{line['time']} {line['level']} - {line['message']}"
    key = line["object"]
    about = f"{key['kind']}/{key['name']}.{key['namespace']}".rstrip(".")
    place = f"{text_at(line, 'cluster')} {text_at(line, 'controller')}".strip()
    return f"{line['time']} {line['level']} {place} {about} - {' '.join(line['message'].split())}"


def _printed(
    question: Inquiry,
    ask: Callable[[], list[Json]],
    show: Callable[[list[Json]], None],
    *,
    follow: bool,
    nothing: str = "No events found.",
) -> None:
    """Print what there is, and then what comes, until the user ends it."""
    output = checked_form(question.output, _DATA)
    found = ask()
    if output:
        data(found, output)
        return
    if found:
        show(found)
    elif not follow:
        say(nothing, err=True)
    while follow:
        time.sleep(_FOLLOW_SECONDS)
        later = ask()
        new = _after(found, later)
        if new:
            show(new)
        found = later


def _after(before: list[Json], later: list[Json]) -> list[Json]:
    """Return what came since; of what is forgotten meanwhile nothing is known."""
    if not before:
        return later
    last = before[-1]
    at = max((number for number, each in enumerate(later) if each == last), default=-1)
    return later[at + 1 :]
