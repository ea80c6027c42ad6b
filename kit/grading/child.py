"""The child: the actors of `kit.world.actors` behind a loop of frames. It runs in a limited process of its own.

Everything it needs is imported before it drops its privileges; then foreign code may come. It leaves by `os._exit`:
an abandoned actor is a suspended greenlet that must never be thrown into.
"""

from __future__ import annotations

import gc
import os
import socket
import traceback
from typing import Any

from kit.grading.frames import MOST_BYTES, FrameError, Wire, pack
from kit.grading.untouched import Untouched
from kit.real.privileges import drop_privileges
from kit.world.actors import LocalActors, Submission
from kit.world.request import Request

_COLLECT_EVERY = 200


def main() -> None:
    """Serve the judge at the other end of KIT_CHANNEL_FD until it hangs up."""
    channel = socket.socket(fileno=int(os.environ["KIT_CHANNEL_FD"]))
    for client in ("redis", "memcached"):
        LocalActors(Submission("", client=client))  # imports the client while we still may read everything
    drop_privileges(channel.fileno())
    try:
        _Loop(Wire(channel)).serve()
    except (EOFError, OSError):
        pass
    except BaseException:
        traceback.print_exc()  # the judge shows the last lines
    finally:
        os._exit(0)


class _Loop:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._actors: LocalActors | None = None
        self._untouched = Untouched()
        self._schedules = 0

    def serve(self) -> None:
        while True:
            frame = self._wire.receive()
            assert frame is not None
            answer = self._handle(*frame)
            if answer is not None:
                self._wire.send(answer)

    def _handle(self, verb: str, *args: Any) -> bytes | None:
        if verb == "load":
            return self._load(args[0])
        actors = self._actors
        assert actors is not None, "the judge loads before it calls"
        if verb == "begin":
            self._tidy()
            actors.begin(*args)
            return None
        if verb == "spawn":
            actors.spawn(*args)
            return None
        if verb == "verify":
            return pack("verified", self._untouched.changed(), len(actors.kept))
        request = actors.call(*args) if verb == "call" else actors.resume(*args)
        return _packed(request)

    def _load(self, submission: dict[str, Any]) -> bytes:
        gc.disable()
        try:
            self._actors = LocalActors(Submission(**submission), throw=False, watch=self._untouched)
        except BaseException as error:
            line = error.lineno if isinstance(error, SyntaxError) else None
            return pack("raised", [type(error).__name__, _sentence(error)], line, False)
        gc.collect()
        gc.freeze()
        return pack("ready", [], None, False)

    def _tidy(self) -> None:
        """Collect between schedules only: no destructor may run inside one."""
        self._schedules += 1
        if self._schedules % _COLLECT_EVERY == 0:
            gc.collect()


def _sentence(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg or "invalid syntax"
    return str(error)


def _packed(request: Request) -> bytes:
    kind, args, line, clock = request
    try:
        if kind == "bytes" and len(args[1]) > MOST_BYTES:  # before it is written out as text, which takes as much again
            raise FrameError(f"{len(args[1]):,} bytes; at most {MOST_BYTES:,} may cross")
        return pack(kind, list(args), line, clock)
    except FrameError as error:
        return pack("oversized", [str(error)], line, clock)
    except MemoryError:
        return pack(
            "oversized", [f"there was no memory to write it down; at most {MOST_BYTES:,} bytes may cross"], line, clock
        )
    except (TypeError, ValueError) as error:
        return pack("raised", [type(error).__name__, str(error)], line, clock)
