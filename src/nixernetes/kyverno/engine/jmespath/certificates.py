"""``x509_decode``: a certificate, or a request for one, with the names that Go gives its fields; RSA keys only."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.objects.manifest import Json

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["decoded_certificate"]

_LONGEST: Final = 200_000  # characters of a certificate
_ALGORITHMS: Final = {"sha1": 3, "sha256": 4, "sha384": 5, "sha512": 6}
_NAMES: Final = {
    "2.5.4.6": "Country",
    "2.5.4.10": "Organization",
    "2.5.4.11": "OrganizationalUnit",
    "2.5.4.7": "Locality",
    "2.5.4.8": "Province",
    "2.5.4.9": "StreetAddress",
    "2.5.4.17": "PostalCode",
}
_USAGES: Final = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign"),
)


def decoded_certificate(text: str) -> dict[str, Json]:
    """Return what is in a certificate or a request, in PEM.

    Raises:
        JmesPathError: it is neither, or its key is not of RSA.

    """
    from cryptography import x509  # noqa: PLC0415  # few expressions read certificates

    if len(text) > _LONGEST:
        raise JmesPathError(f"a certificate of {len(text):,} characters is too long")
    try:
        if "CERTIFICATE REQUEST" in text:
            return _request(x509.load_pem_x509_csr(text.encode()))
        return _certificate(x509.load_pem_x509_certificate(text.encode()))
    except ValueError as error:
        told = "invalid certificate" if "-----BEGIN" in text else "failed to decode PEM block"
        raise JmesPathError(told) from error


def _key(key: object) -> dict[str, Json]:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415  # few expressions

    if not isinstance(key, RSAPublicKey):
        raise JmesPathError("certificate should use rsa algorithm")
    numbers = key.public_numbers()
    return {"N": str(numbers.n), "E": numbers.e}


def _name(name: x509.Name) -> dict[str, Json]:
    found: dict[str, Json] = {
        **dict.fromkeys(_NAMES.values()),
        "SerialNumber": "",
        "CommonName": "",
        "ExtraNames": None,
    }
    names: list[Json] = []
    for each in name:
        dotted, value = each.oid.dotted_string, str(each.value)
        names.append({"Type": [int(part) for part in dotted.split(".")], "Value": value})
        if dotted == "2.5.4.3":
            found["CommonName"] = value
        elif dotted == "2.5.4.5":
            found["SerialNumber"] = value
        elif dotted in _NAMES:
            found[_NAMES[dotted]] = [*(found[_NAMES[dotted]] or []), value]
    return {**found, "Names": names}


def _alternatives(extensions: x509.Extensions) -> dict[str, Json]:
    from cryptography import x509  # noqa: PLC0415  # few expressions read certificates

    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return dict.fromkeys(("DNSNames", "EmailAddresses", "IPAddresses", "URIs"))
    return {
        "DNSNames": list(names.get_values_for_type(x509.DNSName)) or None,
        "EmailAddresses": list(names.get_values_for_type(x509.RFC822Name)) or None,
        "IPAddresses": [str(each) for each in names.get_values_for_type(x509.IPAddress)] or None,
        "URIs": list(names.get_values_for_type(x509.UniformResourceIdentifier)) or None,
    }


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _shared(found: x509.CertificateSigningRequest | x509.Certificate) -> dict[str, Json]:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # few expressions

    algorithm = found.signature_hash_algorithm
    return {
        "Raw": _encoded(found.public_bytes(Encoding.DER)),
        "Signature": _encoded(found.signature),
        "SignatureAlgorithm": _ALGORITHMS.get(algorithm.name, 0) if algorithm is not None else 0,
        "PublicKeyAlgorithm": 1,
        "PublicKey": _key(found.public_key()),
        "Subject": _name(found.subject),
        **_alternatives(found.extensions),
    }


def _request(found: x509.CertificateSigningRequest) -> dict[str, Json]:
    return {**_shared(found), "Version": 0, "Attributes": []}


def _certificate(found: x509.Certificate) -> dict[str, Json]:
    from cryptography import x509  # noqa: PLC0415  # few expressions read certificates

    told = {
        **_shared(found),
        "Version": found.version.value + 1,
        "SerialNumber": found.serial_number,
        "Issuer": _name(found.issuer),
        "NotBefore": f"{found.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
        "NotAfter": f"{found.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
        "IsCA": False,
        "BasicConstraintsValid": False,
        "MaxPathLen": 0,
        "KeyUsage": 0,
    }
    for each in found.extensions:
        value = each.value
        if isinstance(value, x509.BasicConstraints):
            length = -1 if value.path_length is None and value.ca else value.path_length or 0
            told |= {"IsCA": value.ca, "BasicConstraintsValid": True, "MaxPathLen": length}
        elif isinstance(value, x509.KeyUsage):
            told["KeyUsage"] = sum(1 << bit for bit, name in enumerate(_USAGES) if getattr(value, name))
    return told
