"""Run as a program: a server whose engine breaks at the command BOOM, as one with a fault of ours would.

Its first word is the mode; without one it is redis.
"""

from __future__ import annotations

import sys

from kit.cache.clock import WallClock
from kit.cache.memcached.engine import Engine as MemcachedEngine
from kit.cache.memcached.request import Request
from kit.cache.redis.engine import Engine
from kit.real.address import listen
from kit.real.client import Allowance
from kit.real.dialogue import Log
from kit.real.memcached_room import MemcachedDialogue, MemcachedRoom
from kit.real.redis_room import RedisDialogue, RedisRoom
from kit.real.server import serve


class FaultyDialogue(RedisDialogue):
    def _serve(self, args: tuple[bytes, ...]) -> bytes:
        if args[0] == b"BOOM":
            raise KeyError(args[1])
        return super()._serve(args)


class FaultyRoom(RedisRoom):
    def dialogue(self, trouble: Log) -> RedisDialogue:
        return FaultyDialogue(self._engine, None, trouble)


class FaultyMemcachedDialogue(MemcachedDialogue):
    def _serve(self, request: Request) -> bytes:
        if request.words[:1] == (b"BOOM",):
            raise KeyError(request.words[1])
        return super()._serve(request)


class FaultyMemcachedRoom(MemcachedRoom):
    def dialogue(self, trouble: Log) -> MemcachedDialogue:
        return FaultyMemcachedDialogue(self._engine, None, None, trouble)


def _say(text: str) -> None:
    print(text, flush=True)


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    door = listen("127.0.0.1", 0, guarded=False)
    memcached = sys.argv[1:] == ["memcached"]
    room = FaultyMemcachedRoom(MemcachedEngine(WallClock())) if memcached else FaultyRoom(Engine(WallClock()))
    serve(door, room, allowance=Allowance(clients=8), say=_say, log=_log)
