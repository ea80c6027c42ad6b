"""A client of a server of ours: its socket's end, fairness, and how much may wait.

Rules: nobody is served for longer than a turn while others wait; replies that a client does not read are kept up to a
limit, and what it asks beyond is not served until it has read half of them: one that reads nothing for a while is
dropped, and so is one that sends more than a limit without an end; memory is taken for what has come, never for what
was announced; a fault of ours ends that client's line and nobody else's.
Source: Valkey 9.1.2, networking.c: replies are kept while requests are read (clients send a whole pipeline before they
read), client-output-buffer-limit (which drops at once, also who reads as fast as it can), client-query-buffer-limit.
Leaves out: a limit on all clients together (maxmemory-clients), idle time-outs.
"""

from __future__ import annotations

import asyncio
import socket
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kit.real.address import spelled
from kit.real.dialogue import Dialogue, Room

COMMANDS_A_TURN = 200
BYTES_A_TURN = 64 * 1024
KEEPALIVE_S = 300
PATIENCE_S = 2.0
"""How long a client that asks beyond the limit may read nothing."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What clients may take. unread_bytes: replies that one does not read; unfinished_bytes: of one command."""

    clients: int = 10_000
    unread_bytes: int = 256 * 1024**2
    unfinished_bytes: int = 1024**3


class House(Protocol):
    """What a client needs of its server."""

    allowance: Allowance
    room: Room

    def enter(self, client: Client) -> Dialogue | None:
        """A dialogue for a new client; None = it was one too many."""
        ...

    def leave(self, client: Client) -> None: ...
    def log(self, text: str) -> None: ...


class Client(asyncio.Protocol):
    """One connection. heard: bytes came since somebody last set it to False; leaving: it is being let go."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.heard = False
        self._unfinished = 0
        self.leaving = self._serving = False
        self._why = "left"
        self._patience: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport
        self._dialogue: Dialogue | None = None

    # --- what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        _keep_alive(transport)
        unread = self.house.allowance.unread_bytes
        transport.set_write_buffer_limits(unread, unread // 2)
        self._dialogue = self.house.enter(self)
        if self._dialogue is None:
            transport.write(self.house.room.too_many)
            transport.close()
        else:
            self.trouble(f"connected from {spelled(transport.get_extra_info('peername'))}")

    def data_received(self, data: bytes) -> None:
        if self._dialogue is None or self._transport.is_closing():
            return
        self.heard = True
        self._dialogue.receive(data)
        self._unfinished += len(data)
        if self._unfinished > self.house.allowance.unfinished_bytes:
            self.drop(f"it sent {self._unfinished:,} bytes without an end")
        elif not self._serving:
            self._turn(self._dialogue)

    def resume_writing(self) -> None:
        """Half of what was unread has been read."""
        if self._patience is not None and self._dialogue is not None:
            self._patience.cancel()
            self._patience = None
            self._turn(self._dialogue)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        if self._dialogue is not None:
            self._dialogue.end()
            self.trouble(f"{self._why} after {counted(self._dialogue.commands, 'command')}")
            self.house.leave(self)
            self._dialogue = None

    # --- what the server asks

    @property
    def quiet(self) -> bool:
        """Has everything that came been answered?"""
        return not self._serving and not self.heard

    def let_go(self) -> None:
        """Hang up as soon as what came has been answered; the replies are still sent."""
        self.leaving = True
        if not self._serving and not self._transport.is_closing():
            self._why = "was let go"
            self._transport.close()

    def drop(self, why: str) -> None:
        """Hang up at once; what was not sent is thrown away."""
        self._why = f"was dropped: {why},"
        self._transport.abort()

    # --- serving

    def _turn(self, dialogue: Dialogue) -> None:
        """Answer some commands; if there may be more, go on when the others had their turn."""
        self._serving = False
        if self._transport.is_closing():
            return
        unread = self._transport.get_write_buffer_size()
        if unread > self.house.allowance.unread_bytes and dialogue.waiting:
            return self._hold(unread)
        replies, more = self._answers(dialogue)
        if replies:
            self._transport.write(replies)
        if dialogue.closing:
            self._why = dialogue.why
            self._transport.close()
        else:
            self._go_on(dialogue, more)

    def _hold(self, unread: int) -> None:
        """Serve nothing until the client reads. What it sends is still taken: many send everything before they read."""
        self._serving = True
        self._transport.resume_reading()
        self._patience = asyncio.get_running_loop().call_later(PATIENCE_S, self._look_again, unread)

    def _look_again(self, before: int) -> None:
        unread = self._transport.get_write_buffer_size()
        if unread < before:
            self._hold(unread)
        else:
            self.drop(f"it left {unread:,} bytes of replies unread")

    def _go_on(self, dialogue: Dialogue, more: bool) -> None:
        """While commands wait nothing more is read from this client."""
        self._serving = more
        if more:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._turn, dialogue)
        elif self.leaving:
            self.let_go()
        else:
            self._transport.resume_reading()

    def _answers(self, dialogue: Dialogue) -> tuple[bytes, bool]:
        """Replies to the next commands, and whether more commands may wait."""
        replies: list[bytes] = []
        size = 0
        while len(replies) < COMMANDS_A_TURN and size < BYTES_A_TURN:
            try:
                reply = dialogue.answer()
            except Exception as fault:
                reply = self.house.room.fault
                dialogue.closing, dialogue.why = True, f"met a fault of ours ({where(fault)})"
            if reply is None:
                return b"".join(replies), False
            replies.append(reply)
            size += len(reply)
            if not dialogue.collecting:
                self._unfinished = 0
            if dialogue.closing:
                break
        return b"".join(replies), True

    def trouble(self, text: str) -> None:
        """Log something about this client."""
        if self._dialogue is not None:
            self.house.log(f"client {self._dialogue.number} {text}")


def counted(number: int, noun: str) -> str:
    """`1 command`, `1,204 commands`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def where(fault: Exception) -> str:
    """Kind and place of an exception, without its text: that may quote a key or a value."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {Path(last.filename).name}, line {last.lineno}"


def _keep_alive(transport: asyncio.Transport) -> None:
    """A peer whose machine has gone is noticed some day."""
    line: socket.socket | None = transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_KEEPIDLE"):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_S)
