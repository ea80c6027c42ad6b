"""Where a server of ours may listen, and the socket that does.

Rules: one address, never all of a name's; anything but loopback needs a password; a port in use is a sentence.
Source: ipaddress (RFC 1122, 127.0.0.0/8; RFC 4291, ::1), getaddrinfo(3).
Leaves out: Unix sockets, TLS.
"""

from __future__ import annotations

import errno
import ipaddress
import socket

BACKLOG = 511  # as Valkey's tcp-backlog: so many may wait to be accepted

Address = tuple[socket.AddressFamily, tuple[str, int]]


class AddressRefused(ValueError):
    """The server may or can not listen there; the text says why and what to do."""


def listen(host: str, port: int, *, guarded: bool) -> socket.socket:
    """A socket that listens; port 0: any free one. guarded: whoever connects needs a password.

    Raises AddressRefused.
    """
    family, address = _resolve(host, port)
    if not guarded and not is_loopback(address[0]):
        raise AddressRefused(
            f"{host} can be reached from other machines, so it needs a password: name a file that holds one with "
            f"--requirepass-file, or listen on 127.0.0.1."
        )
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port whose last server has just ended is free
        door.bind(address)
        door.listen(BACKLOG)
    except (OSError, OverflowError) as problem:
        door.close()
        raise AddressRefused(_why(problem, host, port)) from problem
    door.setblocking(False)
    return door


def shown(door: socket.socket) -> str:
    """`127.0.0.1:6379`, `[::1]:6379`."""
    return spelled(door.getsockname())


def spelled(address: object) -> str:
    """A socket's address as people write it."""
    if not isinstance(address, tuple):
        return "an unknown address"
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_loopback(host: str) -> bool:
    """Can only this machine reach that address?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # an address with a scope, say: not taken for ours
        return False


def _resolve(host: str, port: int) -> Address:
    """The first address of a name, IPv4 before IPv6."""
    if not host:
        raise AddressRefused("an empty --host would be every address of this machine; name the one that is meant.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as problem:
        raise AddressRefused(f"{host!r} is no address of this machine: {problem}.") from problem
    family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    return family, (str(address[0]), int(address[1]))


def _why(problem: Exception, host: str, port: int) -> str:
    if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use. Leave --port out and a free one is taken, or end what uses it."
    if isinstance(problem, OSError) and problem.errno == errno.EACCES:
        return f"port {port} of {host} is reserved by this system. Take one from 1024 on, or leave --port out."
    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
    return f"this machine cannot listen on {host}, port {port}: {reason}."
