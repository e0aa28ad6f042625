"""The demo tells the whole story, ends by itself, and names what to try next."""

from nixernetes.app import demo
from nixernetes.engine.reports import DeliveryRow


def test_the_demo_shows_every_promise_and_ends() -> None:
    chapters: list[str] = []
    lines: list[str] = []
    shown: list[DeliveryRow] = []
    demo.run(demo.Narrator(chapter=chapters.append, tell=lines.append, show=shown.extend))
    assert len(chapters) == 7
    told = "\n".join(lines)
    for promise in ("rolled out and healthy", "Flux has put it back to 1", "is gone from all three regions"):
        assert promise in told
    failed = [item.message for item in shown if item.state == "failed"]
    assert sum("health check failed" in message for message in failed) == 3
    assert "do not match any of the allowed destinations" in failed[-1]
    assert {item.cluster for item in shown if item.state == "ready"} >= {"us-east-1", "eu-west-1", "ap-south-1"}
