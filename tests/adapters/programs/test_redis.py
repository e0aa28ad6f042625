"""A Redis that only knows what it is asked for."""

from __future__ import annotations

import gzip
import json

import pytest

from nixernetes.adapters.programs.redis import RedisConversation
from nixernetes.errors import InputError, NotYetError
from nixernetes.objects.manifest import Json


def _value(key: str) -> Json:
    if key == "app|broken":
        raise InputError("no such\r\nthing")
    if key == "app|later":
        raise NotYetError("the chart is being\nrendered")
    return {"app|shop": {"nodes": []}}.get(key)


def _command(*parts: str) -> bytes:
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part.encode()) for part in parts)


@pytest.fixture(name="redis")
def a_connection() -> RedisConversation:
    return RedisConversation(_value)


def test_a_value_is_told_as_json_and_packed_where_its_key_says_so(redis: RedisConversation) -> None:
    assert redis.receive(_command("GET", "app|shop|1.8.3")) == b'$13\r\n{"nodes": []}\r\n'
    packed = redis.receive(_command("GET", "app|shop|1.8.3.gz"))
    length, _, rest = packed.partition(b"\r\n")
    assert json.loads(gzip.decompress(rest[: int(length[1:])])) == {"nodes": []}


def test_what_is_not_there_is_nothing_and_what_fails_is_an_error_of_one_line(redis: RedisConversation) -> None:
    assert redis.receive(_command("GET", "app|other|1.8.3")) == b"$-1\r\n"
    assert redis.receive(_command("GET", "app|broken|1.8.3")) == b"-ERR no such thing\r\n"
    assert redis.receive(_command("GET", "app|later|1.8.3")) == b"-LOADING the chart is being rendered\r\n"


def test_commands_come_in_pieces_and_several_at_once(redis: RedisConversation) -> None:
    sent = _command("PING") + _command("CLIENT", "SETINFO", "LIB-NAME", "go") + _command("DEL", "a") + _command("HELLO")
    answers = b"".join(redis.receive(sent[at : at + 1]) for at in range(len(sent)))
    assert answers == b"+PONG\r\n+OK\r\n:0\r\n-ERR unknown command 'HELLO'\r\n"
    assert redis.receive(sent) == answers


def test_who_leaves_hears_no_more(redis: RedisConversation) -> None:
    assert redis.receive(_command("QUIT") + _command("PING")) == b"+OK\r\n"
    assert redis.is_over


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\n", b"*1\r\n+x\r\n", b"*-1\r\n", b"*999999999\r\n", b"x" * 2_000_000]
)
def test_what_is_no_command_is_refused(redis: RedisConversation, sent: bytes) -> None:
    with pytest.raises(InputError):
        redis.receive(sent)
