"""The way in with a password, for browsers on other machines."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST = 8
"""Characters of a password."""
LONGEST = 1_000
FREE = 2
"""Failures that cost no waiting."""
LONGEST_WAIT = 60.0
"""Seconds."""
MOST = 1_000
"""Addresses that are remembered; of more, those that failed longest ago are forgotten."""


class Password:
    """A password, of which only a hash is kept."""

    def __init__(self, text: str) -> None:
        self._salt = secrets.token_bytes(16)
        self._hash = self._hashed(text)

    def fits(self, text: str) -> bool:
        """Whether this is the password; takes as long for any text (16 MB, some hundredths of a second)."""
        return secrets.compare_digest(self._hashed(text[:LONGEST]), self._hash)

    def _hashed(self, text: str) -> bytes:
        return hashlib.scrypt(text.encode("utf-8", "surrogatepass"), salt=self._salt, n=2**14, r=8, p=1)


@dataclass
class Throttle:
    """Makes whoever guesses wait: after some failures a second, then twice as long each time.

    A try counts as failed from its beginning, so that many at once are no way around it.
    """

    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Of each address, latest last: how often it failed, and until when it waits."""

    def begin(self, peer: str) -> float:
        """Begin a try: gives the seconds it must wait first; where there are none, the try has begun."""
        name, now = _name(peer), self.clock()
        failures, until = self._known.get(name, (0, now))
        if until > now:
            return until - now
        wait = 0.0 if failures < FREE else min(2.0 ** (failures - FREE), LONGEST_WAIT)
        self._known.pop(name, None)
        self._known[name] = (min(failures + 1, 100), now + wait)
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return 0.0

    def succeed(self, peer: str) -> None:
        """Forget the failures of whoever knew the password."""
        self._known.pop(_name(peer), None)


def _name(peer: str) -> str:
    """Name who guesses: of IPv6 addresses one machine has a whole network."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer[:100]
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
