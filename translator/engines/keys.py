"""Keys: from the environment, else from the system's keyring; they go to the vendor and nowhere else."""

from __future__ import annotations

import os
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVICE = "duizhao"
"""Under this name the keyring has them, one for each engine."""


HIDDEN = "‹key›"


class Key(str):
    """A key that does not show itself in a traceback, a log or a `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Hide it."""
        return HIDDEN

    def hidden_in(self, text: str) -> str:
        """Give a text, as a server's complaint, without the key."""
        return text.replace(str(self), HIDDEN)


def find_key(variables: Sequence[str], name: str, environment: Mapping[str, str] = os.environ) -> Key | None:
    """Give the first of some environment variables that is set, else what the keyring has for the engine `name`."""
    said = next((environment[each].strip() for each in variables if environment.get(each, "").strip()), "")
    if said:
        return _checked(said, " or ".join(variables))
    kept = _from_keyring(name)
    return _checked(kept, f"the keyring's entry {SERVICE} {name}") if kept else None


def _checked(said: str, where: str) -> Key:
    """Take a text for a key, unless it cannot be one: some libraries say aloud what they cannot send."""
    if not said.isascii() or not said.isprintable() or " " in said:
        raise EngineError(f"{where} holds characters that no key has; copy the key again")
    return Key(said)


def _from_keyring(name: str) -> str:
    """Ask the system's keyring, where there is one; a broken one is none, for it is nobody's first way."""
    try:
        import keyring  # noqa: PLC0415  # optional

        return (keyring.get_password(SERVICE, name) or "").strip()
    except Exception:  # noqa: BLE001  # its backends are many, and raise what they like
        return ""


def how_to_set(variable: str, name: str) -> str:
    """Say how a missing key is given."""
    return f"set {variable} in the environment, or `keyring set {SERVICE} {name}` (pip install keyring)"


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = _host(url)
    if host.removesuffix(".") == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, which may lead anywhere
        return False


def is_open_road(url: str) -> bool:
    """Whether what is sent to an address can be read on the way: plain HTTP to another machine."""
    return url.strip().casefold().startswith("http:") and not is_loopback(url)


def can_be_read(url: str) -> bool:
    """Whether the parts of an address can be told apart; what is no address at all may be read, too."""
    try:
        urlsplit(url).port  # noqa: B018  # reading it is the proof
    except ValueError:
        return False
    return True


def has_password(url: str) -> bool:
    """Whether an address has a name or a password in it, as `https://name:password@host`."""
    try:
        return "@" in urlsplit(url).netloc
    except ValueError:
        return "@" in url


def shown(url: str) -> str:
    """Give an address as it may be shown: without a name, a password and what is asked there."""
    scheme, sign, rest = url.partition("://")
    return scheme + sign + rest.partition("?")[0].rpartition("@")[2] if sign else url.partition("?")[0]


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").casefold()
    except ValueError:  # no address at all
        return ""
