"""Frames between judge and child: four bytes of length, then JSON with a form for bytes.

Rules: lock-step, one frame at a time crosses; `begin` and `spawn` are not answered, they ride with the next frame;
nothing is ever unpickled; a frame above `MOST_BYTES` ends the child. Each side tries some non-blocking reads before it
blocks, which spares a wake-up of the other core; where that is mostly in vain (one core, or a busy machine, on which
the other side does not run meanwhile) it stops trying.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any

from kit.world.tape import decode, encode

MOST_BYTES = 16 * 1024 * 1024
_SPINS = 300 if (os.cpu_count() or 1) > 1 else 0
_MOST_LUCK = 40


class FrameError(Exception):
    """What came is no frame: too large, cut short, or not JSON."""


def pack(*fields: Any) -> bytes:
    """One frame. Raises FrameError above MOST_BYTES."""
    body = json.dumps(encode(fields), separators=(",", ":")).encode()
    if len(body) > MOST_BYTES:
        raise FrameError(f"a frame of {len(body):,} bytes; at most {MOST_BYTES:,} may cross")
    return len(body).to_bytes(4, "big") + body


class Wire:
    """Frames over one end of a socket pair."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._buffer = bytearray()
        self._spins = _SPINS
        self._luck = 0  # above 0: trying before blocking has mostly paid of late

    def send(self, data: bytes) -> None:
        self._channel.settimeout(None)
        self._channel.sendall(data)

    def receive(self, timeout: float | None = None) -> list[Any] | None:
        """The next frame; None when `timeout` seconds went by without one. Raises FrameError, EOFError."""
        frame = self._whole()
        if frame is None and self._spins:
            frame = self._spin()
            self._weigh(frame is not None)
        self._channel.settimeout(timeout)
        while frame is None:
            try:
                data = self._channel.recv(65_536)
            except TimeoutError:
                return None
            if not data:
                raise EOFError("the other side is gone")
            self._buffer += data
            frame = self._whole()
        return frame

    def _weigh(self, paid: bool) -> None:
        """Stop trying for good once it has failed much more often than it paid."""
        self._luck = min(self._luck + 1, _MOST_LUCK) if paid else self._luck - 2
        if self._luck < -_MOST_LUCK:
            self._spins = 0

    def _spin(self) -> list[Any] | None:
        self._channel.setblocking(False)
        for _ in range(self._spins):
            try:
                data = self._channel.recv(65_536)
            except BlockingIOError:
                continue
            if not data:
                raise EOFError("the other side is gone")
            self._buffer += data
            if (frame := self._whole()) is not None:
                return frame
        return None

    def _whole(self) -> list[Any] | None:
        """Take one whole frame off the buffer."""
        if len(self._buffer) < 4:
            return None
        size = int.from_bytes(self._buffer[:4], "big")
        if size > MOST_BYTES:
            raise FrameError(f"a frame of {size:,} bytes was announced; at most {MOST_BYTES:,} may cross")
        if len(self._buffer) < 4 + size:
            return None
        body = bytes(self._buffer[4 : 4 + size])
        del self._buffer[: 4 + size]
        try:
            frame = decode(json.loads(body))
        except Exception as error:
            raise FrameError(f"a frame that is not JSON of ours: {type(error).__name__}") from None
        if not isinstance(frame, list) or not frame or not isinstance(frame[0], str):
            raise FrameError("a frame that is no list with a name in front")
        return frame
