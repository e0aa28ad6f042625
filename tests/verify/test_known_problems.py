"""What the schemas have against objects is kept by what decides about it."""

from nixernetes.schemas.problems import MapKey, Problem, ProblemKind
from nixernetes.verify.known_problems import KnownProblems

CLAIM = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
CRD = {"kind": "CustomResourceDefinition", "spec": {"group": "example.com"}}
PROBLEM = Problem(
    ("metadata", "labels", MapKey("a/b"), 0),
    ProblemKind.INVALID,
    "Invalid value: 1",
    " (is it x?)",
    field=("metadata",),
)


class Store(dict[str, bytes]):
    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def test_a_verdict_outlives_the_run_word_for_word() -> None:
    store = Store()
    known = KnownProblems(store, "here")
    digest = known.digest(CLAIM, None, 34)
    known.put(digest, (PROBLEM,))
    known.save()
    found = KnownProblems(store, "here").get(digest)
    assert found == (PROBLEM,)
    assert str(found[0]) == "metadata.labels[a/b][0]: Invalid value: 1 (is it x?)"
    assert KnownProblems(store, "elsewhere").get(digest) is None


def test_everything_that_decides_is_in_the_digest() -> None:
    known = KnownProblems()
    digests = {
        known.digest(CLAIM, None, 34),
        known.digest(CLAIM, None, 33),
        known.digest({**CLAIM, "data": {}}, None, 34),
        known.digest(CLAIM, CRD, 34),
        known.digest(CLAIM, {**CRD, "spec": {"group": "example.org"}}, 34),
    }
    assert len(digests) == 5
    assert known.digest(dict(CLAIM), dict(CRD), 34) in digests


def test_what_is_not_json_is_never_known() -> None:
    known = KnownProblems()
    digest = known.digest({"data": {1, 2}}, None)
    known.put(digest, ())
    assert known.get(digest) is None


def test_what_a_run_did_not_ask_for_is_forgotten_once_it_is_most() -> None:
    store = Store()
    known = KnownProblems(store, "here")
    digests = [known.digest({"n": number}, None) for number in range(10)]
    for each in digests:
        known.put(each, ())
    known.save()
    later = KnownProblems(store, "here")
    assert later.get(digests[0]) == ()
    later.save()
    last = KnownProblems(store, "here")
    assert last.get(digests[0]) == ()
    assert last.get(digests[1]) is None


def test_a_damaged_entry_counts_as_none() -> None:
    for damaged in (b"", b"[1,2]", b"{}", b"\xff", b'[[],{"a":[[[],"no such kind","","",null]]}]'):
        assert KnownProblems(Store({"here": damaged}), "here").get("a") is None
