"""What the figures are ratios of: a bare Python, redis-py over nothing; and which peers are here."""

from __future__ import annotations

import errno
import importlib.util
import subprocess
import sys

import redis
from redis.backoff import NoBackoff
from redis.connection import Connection, ConnectionPool
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from tests.bench.paired import cpu, wall

VALUE = b"v" * 64
_GETS = 500


def bare_python() -> float:
    """Seconds until a Python that does nothing has ended."""
    return wall(lambda: run_python("pass"))


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """This interpreter on a line of code. Raises CalledProcessError if it fails."""
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)


def missing(peer: str) -> str:
    """Why a peer cannot be measured; nothing if it can."""
    return "" if importlib.util.find_spec(peer) else f"{peer} is not installed"


class Floor:
    """redis-py over a transport that does nothing: the least that any server in process can cost through it."""

    def __init__(self) -> None:
        pool = ConnectionPool(
            connection_class=_Nowhere, driver_info=None, retry=Retry(NoBackoff(), 0),
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )  # fmt: skip
        self._client = redis.Redis(connection_pool=pool)

    def __call__(self) -> float:
        """CPU seconds of a GET."""
        return cpu(self._gets) / _GETS

    def on_the_wall(self) -> float:
        """Seconds of a GET on the wall."""
        return wall(self._gets) / _GETS

    def _gets(self) -> None:
        get = self._client.get
        for _ in range(_GETS):
            get("board:JFK")


class _Nowhere(Connection):
    def _connect(self) -> _Silence:
        return _Silence()


class _Silence:
    """A socket that answers the hand-shake as it must and everything else with one value."""

    def __init__(self) -> None:
        self._reply = b""

    def sendall(self, data: bytes) -> None:
        self._reply = b"%1\r\n+proto\r\n:3\r\n" if b"HELLO" in data else b"$64\r\n" + VALUE + b"\r\n"

    def recv(self, size: int) -> bytes:
        if not self._reply:
            raise BlockingIOError(errno.EWOULDBLOCK, "nothing here")
        reply, self._reply = self._reply, b""
        return reply

    def settimeout(self, timeout: float | None) -> None:
        pass

    def gettimeout(self) -> None:
        return None

    def getpeername(self) -> tuple[str, int]:
        return ("127.0.0.1", 6379)

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        pass
