"""The reception: what nobody else can see is answered at once, until an actor stands before a visible operation.

Rules: set-up, MULTI, queued commands, begin, rollback, release and the start of a thread are no switch points; whole
commands only reach the engine; two threads on one socket would read each other's replies, so the second is hung up on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.world.actor import Actor, Pending
from kit.world.network import Connection
from kit.world.request import Request
from kit.world.store import Transaction
from kit.world.stuck import Stuck

if TYPE_CHECKING:
    from kit.world.service import Service

_AT_ONCE_LIMIT = 1_000  # requests in a row that are no switch points


class Reception:
    """In front of one schedule's `service`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._network, self._resume = service.network, service.resume
        self.born: list[Actor] = []

    def settle(self, actor: Actor, request: Request | None) -> Request | None:
        """Answer what is no switch point, until the actor stands before a visible operation or waits.

        Returns the `answer` or `raised` that a call ended in; its caller makes the record.
        """
        asked, service = 0, self._service
        while request is not None:
            service.clock_read = service.clock_read or request.clock
            asked += 1
            if asked > _AT_ONCE_LIMIT:  # such a loop never meets a limit of operations, nor one of time
                raise Stuck(
                    "limit", f"{actor.name} asked {_AT_ONCE_LIMIT} times for nothing that anybody else could see"
                )
            if request.kind in ("answer", "raised"):
                if actor.started:
                    return request
                # A call without an operation has its place in the order too.
                actor.pending = Pending("nothing", request, request.line, "answer")
                return None
            handler = _AT_ONCE.get(request.kind)
            request = handler(self, actor, request.args, request.line) if handler else self._stand(actor, request)
        return None

    def _stand(self, actor: Actor, request: Request) -> Request | None:
        """The actor stands before an operation of the store, the clock or a lock."""
        kind, args, line, _ = request
        inside = actor.process.transaction is not None
        if kind in ("query", "execute"):
            actor.pending = Pending(kind, (args[0], args[1]), line, kind, kind == "execute", inside=inside)
        elif kind == "commit":
            transaction = actor.process.transaction
            if transaction is None or not transaction.statements:
                actor.process.transaction = None
                return self._resume(actor, "ok", None)
            actor.pending = Pending("commit", ("", {}), line, "commit", True, inside=True)
        elif kind == "sleep":
            actor.pending = Pending("sleep", args[0], line, "sleep")
        elif kind in ("acquire", "join"):
            actor.pending = Pending(kind, args, line, kind)
            actor.wake = self._service.clock.now_us() + args[-1] if args[-1] is not None else None
        else:
            raise ValueError(f"an actor asked for {kind!r}, which is no request")
        return None

    def _connect(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        owner = actor.process.address
        if not args[0]:
            refused = actor.cut or self._is_away()
            pending = Pending("connect", (), line, "CONNECT")
            lost = "request" if refused else ""
            self._service.recorder.operation(actor, pending, "cache", None, None, lost=lost, setup=True)
            if refused:
                return self._resume(actor, "refused", None)
        number = self._network.connect(self._service.engine, owner, anew=bool(args[0]))
        self._network.name(owner, self.first_id(actor))
        return self._resume(actor, "ok", number)

    def _is_away(self) -> bool:
        """Whether a standing fault keeps everybody from connecting; an attempt uses it up as an operation does."""
        for fault in self._service.faults:
            if (fault.kind, fault.on) == ("unreachable", "all") and fault.count != 0:
                if fault.count is not None:
                    fault.count -= 1
                return True
        return False

    def first_id(self, actor: Actor) -> int:
        """Client ids of a process begin here."""
        return 100 * actor.process.order + 1

    def _bytes(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request | None:
        number, data = args
        connection = self._network.get(number)
        if connection is None or connection.dead or actor.cut:
            return self._resume(actor, "closed", b"")
        if connection.busy or connection.owner != actor.process.address:
            return self._resume(actor, "closed", b"")  # two threads on one socket would read each other's replies
        connection.receive(data)
        return self.pump(actor, connection, line)

    def pump(self, actor: Actor, connection: Connection, line: int | None) -> Request | None:
        """Serve a connection's backlog up to its next visible command."""
        engine, session = connection.engine, connection.session
        while connection.backlog:
            command = connection.backlog[0]
            description = engine.describe(session, command)
            if description.kind == "visible":
                actor.pending = Pending(
                    "command", command, line, description.name, description.write, connection, description
                )  # fmt: skip
                connection.busy = True
                return None
            connection.backlog.pop(0)
            connection.answer(engine.execute(session, command))
        return self._resume(actor, "ok", connection.take_replies())

    def _read(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        if args[1] is None:
            raise Stuck("dead-lock", f"a dead-lock: {actor.name} waits for ever for a reply that nobody sends")
        self._service.clock.advance(args[1])
        return self._resume(actor, "lost", b"")

    def _begin(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        if actor.process.transaction is not None:
            return self._resume(
                actor, "raised", ("OperationalError", "cannot start a transaction within a transaction")
            )
        actor.process.transaction = Transaction()
        return self._resume(actor, "ok", None)

    def _rollback(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        actor.process.transaction = None
        return self._resume(actor, "ok", None)

    def _release(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        self._service.locks.pop((actor.process.name, args[0]), None)
        self._service.recorder.operation(actor, Pending("release", args, line, "release"), "lock", args[0], None)
        return self._resume(actor, "ok", None)

    def _spawn(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> Request:
        process = actor.process
        process.threads += 1
        if process.threads > _AT_ONCE_LIMIT:
            raise Stuck("limit", f"{process.name} started {_AT_ONCE_LIMIT} threads in one scene")
        thread = Actor(f"{process.name}/{process.threads}", (), process, address=f"{process.address}/{process.threads}")
        thread.started = True
        thread.held = actor.held  # what it stores was read by the call that it belongs to
        self.born.append(thread)
        return self._resume(actor, "ok", thread.address)

    def _end_thread(self, actor: Actor, args: tuple[Any, ...], line: int | None) -> None:
        actor.ended = True


_AT_ONCE: dict[str, Callable[[Reception, Actor, tuple[Any, ...], int | None], Request | None]] = {
    "connect": Reception._connect,
    "bytes": Reception._bytes,
    "read": Reception._read,
    "begin": Reception._begin,
    "rollback": Reception._rollback,
    "release": Reception._release,
    "spawn": Reception._spawn,
    "ended": Reception._end_thread,
}
