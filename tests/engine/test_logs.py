"""Controllers' logs are kept up to a bound, followed, and written as the real controllers write."""

from __future__ import annotations

import json
from datetime import timedelta

from nixernetes.engine.events import Recorder
from nixernetes.engine.logs.kept import ControllerLogs, LogLine
from nixernetes.engine.logs.writing import text_of
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, GIT_REPOSITORY

_REPOSITORY = ObjectKey(*GIT_REPOSITORY, "flux-system", "repo")


def test_the_latest_lines_of_each_controller_are_kept() -> None:
    logs = ControllerLogs(VirtualClock(), keep=2)
    for text in ("a", "b", "c"):
        logs.write("one", "source-controller", text)
    logs.write("one", "helm-controller", "d")
    logs.write("two", "source-controller", "e")
    assert [line.message for line in logs.lines("one", "source-controller")] == ["b", "c"]
    assert [line.message for line in logs.lines("one", "helm-controller")] == ["d"]
    assert [line.message for line in logs.lines("two", "source-controller")] == ["e"]


def test_nothing_is_kept_where_nobody_can_ask() -> None:
    logs = ControllerLogs(VirtualClock())
    logs.write("one", "source-controller", "a")
    assert logs.lines("one", "source-controller") == []


def test_who_follows_is_told_until_that_ends() -> None:
    logs, heard = ControllerLogs(VirtualClock(), keep=5), list[LogLine]()
    end = logs.follow("one", "source-controller", heard.append)
    logs.write("one", "source-controller", "a")
    logs.write("one", "helm-controller", "b")
    end()
    logs.write("one", "source-controller", "c")
    assert [line.message for line in heard] == ["a"]


def test_flux_writes_as_zap_does() -> None:
    clock = VirtualClock()
    clock.advance(timedelta(milliseconds=5))
    line = LogLine(time=clock.now(), level="error", message="no", key=_REPOSITORY, error="GitOperationFailed")
    assert json.loads(text_of("source-controller", line)) == {
        "level": "error",
        "ts": "2026-01-01T00:00:00.005Z",
        "msg": "no",
        "controller": "gitrepository",
        "controllerGroup": "source.toolkit.fluxcd.io",
        "controllerKind": "GitRepository",
        "GitRepository": {"name": "repo", "namespace": "flux-system"},
        "namespace": "flux-system",
        "name": "repo",
        "error": "GitOperationFailed",
    }


def test_argo_cd_writes_as_logrus_does() -> None:
    key = ObjectKey(*APPLICATION, "argocd", "web")
    line = LogLine(time=VirtualClock().now(), level="info", message="hi", key=key, fields={"project": "default"})
    assert text_of("argocd-application-controller", line) == (
        '{"app-namespace":"argocd","application":"web","level":"info","msg":"hi","project":"default",'
        '"time":"2026-01-01T00:00:00Z"}'
    )


def test_a_recorder_without_logs_tells_no_traces() -> None:
    recorder, heard = Recorder(VirtualClock()), list[object]()
    recorder.subscribe(heard.append)
    recorder.trace({"apiVersion": "v1", "kind": "A"}, "B", "c", {}, controller="d", cluster="e")
    assert heard == []


def test_lines_of_all_controllers_come_in_the_order_in_which_they_were_written() -> None:
    logs = ControllerLogs(VirtualClock(), keep=2)
    for number, controller in enumerate(("one", "two", "one", "one")):
        logs.write("c", controller, f"line {number}")
    logs.write("other", "one", "elsewhere")
    assert [(each.controller, each.line.message) for each in logs.held("c")] == [
        ("two", "line 1"),
        ("one", "line 2"),
        ("one", "line 3"),
    ]
    assert [each.line.message for each in logs.held("c", after=logs.held("c")[0].number)] == ["line 2", "line 3"]
    assert [each.line.message for each in logs.held("c", "two")] == ["line 1"]
