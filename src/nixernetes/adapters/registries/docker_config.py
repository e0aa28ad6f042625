"""Who the user is at registries: the file that ``docker login``, ``helm registry login`` and ``flux`` share."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.render.sources.credentials import Credentials, from_docker_config

__all__ = ["DockerConfig"]


class DockerConfig:
    """The user's ``config.json``, read when a registry is asked without credentials of its source.

    Programs that it names (``credsStore``, ``credHelpers``) are not run.

    Args:
        path: the file; by default in ``$DOCKER_CONFIG``, else in ``~/.docker``.

    """

    def __init__(self, path: Path | None = None) -> None:
        folder = os.environ.get("DOCKER_CONFIG")
        self._path = path or (Path(folder) if folder else Path.home() / ".docker") / "config.json"
        self._text: str | None = None

    def completed(self, url: str, credentials: Credentials) -> Credentials:
        """Return the credentials with the user's name and password for a registry, where a source gives none.

        Args:
            url: what is asked; nothing but ``oci://`` is a registry.
            credentials: those of the source.

        Raises:
            InputError: the file is no docker configuration.

        """
        if credentials.username or not url.startswith("oci://"):
            return credentials
        if self._text is None:
            try:
                self._text = self._path.read_text()
            except (OSError, UnicodeDecodeError):
                self._text = ""
        if not self._text.strip():
            return credentials
        try:
            username, password = from_docker_config(self._text, url)
        except InputError as error:
            raise InputError(error.message, subject=str(self._path)) from error
        return replace(credentials, username=username, password=password)
