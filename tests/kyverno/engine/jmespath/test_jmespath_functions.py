"""Kyverno's functions of JMESPath: its own answers, and what is refused."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.functions import FUNCTIONS, functions_at
from nixernetes.languages.jmespath import compile_expression


def value(expression: str, data: Any = None, now: str = "") -> Any:
    return compile_expression(expression).search(data, functions_at(now))


@needs_shared
def test_functions_answer_as_kyvernos() -> None:
    table = json.loads((SHARED / "conformance/kyverno/units/jmespath.json").read_text())
    right = 0
    for case in table["cases"]:
        try:
            found, error = compile_expression(case["expr"]).search(table["input"], FUNCTIONS), ""
        except InputError as raised:
            found, error = None, raised.message
        right += (found, error) == (case.get("result"), case.get("error", ""))
    assert right / len(table["cases"]) > 0.93


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("time_add('2024-01-31T23:00:00+02:00', '2h')", "2024-02-01T01:00:00+02:00"),
        ("time_utc('2024-01-01T01:00:00+02:00')", "2023-12-31T23:00:00Z"),
        ("time_parse('1702691171', '1702691171')", "2023-12-16T01:46:11Z"),
        ("time_between('2024-01-02T00:00:00Z', '2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z')", False),
        ("time_to_cron('2024-05-05T10:15:00Z')", "15 10 5 5 0"),
        ("semver_compare('1.2.3', '!1.2.3 || >=2.0.0')", False),
        ("semver_compare('v1.2.3', '>=1.0.0')", False),
        ("semver_compare('1.9.9', '1.x')", True),
    ],
)
def test_times_and_versions(expression: str, expected: Any) -> None:
    assert value(expression) == expected


def test_the_present_is_what_is_handed_in() -> None:
    assert value("time_now_utc()", now="2024-01-01T00:00:00Z") == "2024-01-01T00:00:00Z"
    assert value("time_since('', '2023-12-31T00:00:00Z', '')", now="2024-01-01T00:00:00Z") == "24h0m0s"
    with pytest.raises(InputError, match="not evaluated: time_now_utc needs the time"):
        value("time_now_utc()")


def test_a_random_text_fits_its_pattern_and_is_the_same_again() -> None:
    text = value("random('[a-f]{6}-(x|y)')")
    assert value(r"regex_match('^[a-f]{6}-(x|y)$', '" + text + "')")
    assert value("random('[a-f]{6}-(x|y)')") == text


@pytest.mark.parametrize("pattern", ["(" * 30, "[z-a]", "a{9999}", "((a{999}){999}){999}", "(a", "[a"])
def test_a_hostile_pattern_is_refused_soon(pattern: str) -> None:
    begun = time.process_time()
    with pytest.raises(InputError, match="not evaluated: random"):
        value(f"random('{pattern}')")
    assert time.process_time() - begun < 1


def test_a_request_and_a_certificate_are_decoded() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "angela")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = request.public_bytes(Encoding.PEM).decode()
    assert value("x509_decode(@).Subject.CommonName", pem) == "angela"
    assert value("x509_decode(@).PublicKey.E", pem) == 65537
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=7,
        not_valid_before=begin,
        not_valid_after=begin + timedelta(days=1),
    )
    signed = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    found = value("x509_decode(@)", signed.public_bytes(Encoding.PEM).decode())
    assert (found["NotAfter"], found["IsCA"], found["SerialNumber"]) == ("2024-01-02T00:00:00Z", True, 7)


def test_a_key_of_another_kind_and_what_is_no_certificate_are_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    with pytest.raises(InputError, match="rsa"):
        value("x509_decode(@)", request.public_bytes(Encoding.PEM).decode())
    with pytest.raises(InputError, match="failed to decode PEM block"):
        value("x509_decode('nothing')")
