"""What a server of ours says to one client, without a socket: bytes in, the reply to each whole command out.

Rules: a dialogue never blocks and never writes; nothing that a client sent is in a text that is meant for the log.
A mode is a room: it makes the dialogues and has something to do now and then.
Leaves out: pushes that no command asked for, blocking commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kit.cache.effects import Effect

Log = Callable[[str], None]


class Dialogue(Protocol):
    """One client's conversation.

    number: the client's, from 1; commands: how many were answered; closing: nothing more will be answered, `why` is
    the reason for the log; waiting: something came that is not answered; collecting: what came is kept for later
    (a transaction), so its bytes still count.
    """

    number: int
    commands: int
    closing: bool
    why: str

    @property
    def waiting(self) -> bool: ...
    @property
    def collecting(self) -> bool: ...

    def receive(self, data: bytes) -> None:
        """Take bytes as they came."""
        ...

    def answer(self) -> bytes | None:
        """Serve the next whole command: its reply, or as much of it as is sent at once; None = none has come yet."""
        ...

    def end(self) -> None:
        """The connection is gone."""
        ...


class Room(Protocol):
    """What a mode brings.

    too_many: what a client hears that is one too many; fault: what stands for a reply that we failed to make. Both are
    whole replies of the mode's protocol, and the line ends behind them.
    """

    too_many: bytes
    fault: bytes

    def dialogue(self, trouble: Log) -> Dialogue:
        """Of a new client. trouble: is told what whoever runs the server should know about it."""
        ...

    def tick(self) -> None:
        """Called ten times a second."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """One command as it was served, for a recording.

    client: its number, 0 = the server itself; times: µs since the epoch.
    """

    client: int
    name: str
    keys: tuple[bytes, ...]
    write: bool
    request: object
    reply: object
    effects: tuple[Effect, ...]
    arrived_us: int
    served_us: int
    answered_us: int


Witness = Callable[[Served], None]
"""Is told of every command that was served, before its reply leaves."""
