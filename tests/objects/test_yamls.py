"""YAML is read as Kubernetes tools read it."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects import yamls


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("off", False),
        ("y", True),
        ("N", False),
        ("0777", 511),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("2020-01-01", "2020-01-01"),
        ("12:30:45", "12:30:45"),
        ("'on'", "on"),
        ("!!str 12", "12"),
        ("~", None),
    ],
)
def test_plain_scalars_are_yaml_1_1_through_json(text: str, value: object) -> None:
    assert yamls.parse(f"a: {text}") == {"a": value}


def test_a_duplicate_key_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"^x\.yaml:2: key 'a' is given twice"):
        yamls.parse("a: 1\na: 2", file="x.yaml")


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(InputError, match="after expanding aliases"):
        yamls.parse("\n".join(lines), file="bomb.yaml")


@pytest.mark.parametrize("text", ["yes", "123", "1e3", "", "a\nb\n", " x", "x: y", "# no", "null", "- a", "ü"])
def test_a_dumped_string_reads_back_as_the_same_string(text: str) -> None:
    assert yamls.parse(yamls.dump({"a": text})) == {"a": text}


def test_an_anchor_may_be_defined_again() -> None:
    assert yamls.parse("a: &x 1\nb: *x\nc: &x 2\nd: *x") == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_an_alias_inside_its_own_anchor_is_refused() -> None:
    with pytest.raises(InputError, match="contains itself"):
        yamls.parse("a: &x [*x]")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("08", 8),
        ("1_000", 1000),
        ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", 1.8446744073709552e19),
        ("1e400", "1e400"),
        ("0x1FFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFF"),
        pytest.param("9" * 100_000, "9" * 100_000, id="100,000 digits"),
        ("!!binary aGVsbG8=", "hello"),
        ('!!int "12"', 12),
    ],
)
def test_numbers_pass_through_json(text: str, value: object) -> None:
    found = yamls.parse(f"a: {text}")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan"])
def test_a_number_that_json_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a number that JSON has"):
        yamls.parse(f"a: {text}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("true", True),
        ("2020-01-01", "2020-01-01T00:00:00Z"),
        ("2020-01-01 10:00:00", "2020-01-01T10:00:00Z"),
        ("", yamls.EMPTY),
        ("null", None),
    ],
)
def test_the_kustomize_dialect_reads_as_kustomize(text: str, value: object) -> None:
    assert yamls.parse(f"a: {text}", dialect="kustomize") == {"a": value}


def test_a_document_is_written_as_kubernetes_tools_write_it() -> None:
    data = {
        "l": [{"b": "y", "a": "on"}],
        "t": "12:30",
        "n": 1.5e-7,
        "f": 1234567.5,
        "w": 2.0,
        "s": "x\ny\n",
        "q": ": a",
    }
    assert yamls.dump(data, sort_keys=True) == (
        'f: 1.2345675e+06\nl:\n- a: "on"\n  b: "y"\n"n": 1.5e-07\nq: \': a\'\ns: |\n  x\n  y\nt: "12:30"\nw: 2\n'
    )


def test_the_line_of_a_path_is_found() -> None:
    text = "a: 1\n---\nspec:\n  list:\n  - x\n  - name: y\n    image: z\n"
    assert yamls.locate(text, ["spec", "list", 1, "image"], document=1) == 7
    assert yamls.locate(text, ["spec", "list", 9], document=1) == 4
    assert yamls.locate(text, ["x"], document=5) == 0


def test_a_merge_overrides_what_stands_before_it_except_for_kustomize() -> None:
    text = "a: 1\n<<: {a: 2, b: 3}\nb: 4\n"
    assert yamls.parse(text) == {"a": 2, "b": 4}
    assert yamls.parse(text, dialect="kustomize") == {"a": 1, "b": 4}


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "~"])
def test_kustomize_takes_no_key_that_is_not_text(key: str) -> None:
    with pytest.raises(InputError, match=rf"f\.yaml:2: the key '{key}' is not text: quote it"):
        yamls.parse_all(f"a:\n  {key}: x\n", file="f.yaml", dialect="kustomize")
    assert yamls.parse_all(f"a:\n  '{key}': x\n", dialect="kustomize")[0].data == {"a": {key: "x"}}


def test_a_null_key_is_refused() -> None:
    with pytest.raises(InputError, match="is not text"):
        yamls.parse("null: x")


def test_text_that_keeps_its_end_is_written_without_an_end_mark() -> None:
    assert yamls.dump({"a": "x\n\n"}) == "a: |+\n  x\n\n"
    assert yamls.dump_all([{"a": "x\n\n"}, {"b": "...\n"}]) == "a: |+\n  x\n\n---\nb: |\n  ...\n"


def test_broken_base64_is_refused() -> None:
    with pytest.raises(InputError, match="cannot read a value as !!binary"):
        yamls.parse("a: !!binary '***'")
