"""Mail and NATS: what is not HTTP, and is sent from here all the same."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import urlsplit

from nixernetes.adapters.exchanges import Deadline
from nixernetes.engine.notices.requests import Channel, ForeignMessage
from nixernetes.errors import InputError, RemoteError

__all__ = ["send_foreign"]

_SMTPS: Final = 465
_NATS_PORT: Final = 4222
_LONGEST_LINE: Final = 64 * 1024


def send_foreign(message: ForeignMessage, channel: Channel, seconds: float) -> None:
    """Send a message by its protocol.

    Raises:
        InputError: nothing here speaks the protocol, or the address cannot be used.
        RemoteError: it was not taken.

    """
    if message.protocol == "SMTP":
        _mail(message, channel, seconds)
    elif message.protocol == "NATS":
        _publish(message, seconds)
    else:
        raise InputError(f"not sent: {message.protocol} is not spoken here; what would have been sent is recorded")


def _mail(message: ForeignMessage, channel: Channel, seconds: float) -> None:
    host, _, port = message.address.rpartition(":")
    mail = EmailMessage()
    context = ssl.create_default_context()
    if channel.is_insecure:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        mail["From"], mail["To"] = message.sender, message.subject
        mail["Subject"] = " ".join(message.headers.get("Subject", "").split())
        mail.set_content(message.body.decode(errors="replace"), subtype=message.headers.get("Subtype", "plain"))
        number = int(port)
        if number == _SMTPS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, number, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(host, number, timeout=seconds)
        with server:
            server.ehlo()
            if number != _SMTPS and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if message.login[0]:
                server.login(*message.login)
            server.send_message(mail)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise RemoteError(f"the mail was not delivered: {type(error).__name__}", subject=host) from error
    except ValueError:
        raise InputError("the mail cannot be sent: its server, sender or recipients are not addresses") from None


def _publish(message: ForeignMessage, seconds: float) -> None:
    """Publish by the text protocol of NATS: CONNECT, PUB or HPUB, and PING, which is answered when it was taken."""
    if any(letter.isspace() for letter in message.subject):
        raise InputError("the subject of a notification by NATS must be one word")
    try:
        parts = urlsplit(message.address if "://" in message.address else f"nats://{message.address}")
        host, port = parts.hostname or "", parts.port or _NATS_PORT
    except ValueError:
        raise InputError("the address of a NATS server is not a URL: write nats://host:4222") from None
    user, password = message.login if message.login[0] else (parts.username or "", parts.password or "")
    options = {"verbose": False, "pedantic": False, "name": "NATS Provider Publisher", "headers": True}
    if user:
        options |= {"user": user, "pass": password}
    head = "NATS/1.0\r\n" + "".join(f"{name}: {text}\r\n" for name, text in sorted(message.headers.items())) + "\r\n"
    if message.headers:
        sizes = f"{len(head.encode())} {len(head.encode()) + len(message.body)}"
        said = f"HPUB {message.subject} {sizes}\r\n{head}".encode() + message.body
    else:
        said = f"PUB {message.subject} {len(message.body)}\r\n".encode() + message.body
    deadline = Deadline(seconds)
    deadline.begin()
    try:
        with socket.create_connection((host, port), timeout=seconds) as plain:
            _line(plain, b"INFO", deadline)
            plain.sendall(f"CONNECT {json.dumps(options)}\r\n".encode() + said + b"\r\nPING\r\n")
            _line(plain, b"PONG", deadline)
    except (OSError, UnicodeError) as error:
        raise RemoteError(f"the notification was not delivered: {type(error).__name__}", subject=host) from error


def _line(connection: socket.socket, wanted: bytes, deadline: Deadline) -> None:
    found = bytearray()
    while not found.endswith(b"\n"):
        left = deadline.left()
        if left <= 0:  # a timeout of the socket's is for one byte
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(1)
        if not part or len(found) > _LONGEST_LINE:
            break
        found += part
    if not found.startswith(wanted):
        raise RemoteError("the notification was refused by the NATS server")
