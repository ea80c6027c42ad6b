"""A server of ours on a real socket: `kit serve`.

Rules: one thread, one loop; whoever asks gets an answer in order of arrival; SIGTERM or Ctrl-C: nobody new is let in,
what has come is answered and sent, then the clients are let go; a second signal ends at once. The log has numbers and
addresses, no key, no value, no password. The room's own work (keys past their time end) is done ten times a second.
Source: contracts.md, "Processes"; Valkey 9.1.2, server.c (`serverCron`, `adjustOpenFilesLimit`).
Leaves out: threads, persistence, TLS.

>>> serve(listen("127.0.0.1", 0, guarded=False), RedisRoom(engine), say=print, log=print)     # doctest: +SKIP
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import socket

from kit.cache.clock import WallClock
from kit.real.address import BACKLOG, shown
from kit.real.client import Allowance, Client, counted, where
from kit.real.dialogue import Dialogue, Log, Room

TICK_S = 0.1
LOOK_WITHIN_S = 1.0
"""How long, after a signal, clients that go on asking are answered."""
SEND_WITHIN_S = 5.0
"""How long, after that, replies have to reach clients that read slowly."""
_OWN_FILES = 32  # as Valkey: files of the server beside its clients'


class Server:
    """Clients of one room behind one socket."""

    def __init__(self, room: Room, allowance: Allowance, log: Log) -> None:
        self.allowance = allowance
        self.log = log
        self.clients: set[Client] = set()
        self.room = room
        self._clock = WallClock()
        self._signals = 0
        self._told = asyncio.Event()
        self._empty = asyncio.Event()
        self._entered = self._refused = 0

    async def run(self, door: socket.socket, say: Log) -> None:
        """Serve until a signal comes. say: is told the address, once connections are answered."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._fault)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signal)
        listening = await loop.create_server(lambda: Client(self), sock=door, backlog=BACKLOG)
        sweeping = loop.create_task(self._tick())
        say(f"listening on {shown(door)}")
        await self._told.wait()
        self.log(f"ending: {counted(len(self.clients), 'client')} to let go")
        listening.close()
        sweeping.cancel()
        await self._finish()
        self.log(f"ended after {counted(self._entered, 'client')}, {self._refused:,} refused")

    # --- what clients ask

    def enter(self, client: Client) -> Dialogue | None:
        if len(self.clients) >= self.allowance.clients:
            self._refused += 1
            self.log(f"a client was refused: there are {self.allowance.clients:,} (--maxclients)")
            return None
        self._entered += 1
        self.clients.add(client)
        return self.room.dialogue(client.trouble)

    def leave(self, client: Client) -> None:
        self.clients.discard(client)
        if not self.clients:
            self._empty.set()

    # --- the end

    def _signal(self) -> None:
        self._signals += 1
        self._told.set()
        if self._signals > 1:
            for client in tuple(self.clients):
                client.drop("a second signal came")

    async def _finish(self) -> None:
        """Answer what has come, let everybody go, wait until the replies are sent."""
        until = self._clock.monotonic_s() + LOOK_WITHIN_S
        busy = set(self.clients)
        while busy and self._clock.monotonic_s() < until:
            for client in busy:
                client.heard = False
            await asyncio.sleep(0)
            await asyncio.sleep(0)  # by now the loop has looked at every socket
            for client in busy & self.clients:
                if client.quiet:
                    client.let_go()
            busy = {client for client in busy & self.clients if not client.leaving}
        for client in tuple(self.clients):
            client.let_go()
        self._empty.clear()
        if self.clients:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), SEND_WITHIN_S)
        for client in tuple(self.clients):
            client.drop("it did not read its replies in time")
        await asyncio.sleep(0)  # each tells the log that it has gone

    # --- now and then

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self.room.tick()
            except Exception as fault:
                self.log(f"a fault of ours: {where(fault)}")

    def _fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """asyncio's own report would quote what it likes."""
        fault = context.get("exception")
        self.log(f"a fault: {where(fault) if isinstance(fault, Exception) else context.get('message')}")


def serve(door: socket.socket, room: Room, *, allowance: Allowance, say: Log, log: Log) -> None:
    """Serve on a listening socket until SIGTERM or SIGINT. Call it in the main thread."""
    allowance = within_the_system(allowance, log)

    async def run() -> None:
        await Server(room, allowance, log).run(door, say)

    asyncio.run(run())


def within_the_system(allowance: Allowance, log: Log) -> Allowance:
    """The allowance, with no more clients than this process may have files open; that limit is raised if it can be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = allowance.clients + _OWN_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return allowance
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):  # macOS has a ceiling that it does not tell
        most = soft
    if most >= wanted:
        return allowance
    clients = max(1, most - _OWN_FILES)
    log(f"maxclients is {clients:,}, not {allowance.clients:,}: this process may open {most:,} files")
    return Allowance(clients, allowance.unread_bytes, allowance.unfinished_bytes)
