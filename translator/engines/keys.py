"""Keys: from the environment, else from the system's keyring; they go to the vendor and nowhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVICE = "duizhao"
"""Under this name the keyring has them, one for each engine."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Key(str):
    """A key that does not show itself in a traceback, a log or a `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Hide it."""
        return "‹key›"


def find_key(variables: Sequence[str], name: str, environment: Mapping[str, str] = os.environ) -> Key | None:
    """Give the first of some environment variables that is set, else what the keyring has for the engine `name`."""
    said = next((environment[each].strip() for each in variables if environment.get(each, "").strip()), "")
    if said:
        if not said.isascii() or not said.isprintable():
            raise EngineError(f"{' or '.join(variables)} holds characters that no key has; copy the key again")
        return Key(said)
    return _from_keyring(name)


def _from_keyring(name: str) -> Key | None:
    try:
        import keyring  # noqa: PLC0415  # optional
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        found = keyring.get_password(SERVICE, name)
    except KeyringError:
        return None
    return Key(found) if found else None


def how_to_set(variable: str, name: str) -> str:
    """Say how a missing key is given."""
    return f"set {variable} in the environment, or `keyring set {SERVICE} {name}` (pip install keyring)"


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = (urlsplit(url).hostname or "").casefold()
    return host in LOOPBACK or host.startswith("127.")


def is_open_road(url: str) -> bool:
    """Whether what is sent to an address can be read on the way: plain HTTP to another machine."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)
