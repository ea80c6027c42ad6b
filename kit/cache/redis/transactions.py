"""Transactions: MULTI, EXEC, DISCARD, WATCH, UNWATCH.

Rules: a command refused while queueing fails the EXEC; a command that fails while running does not undo the others;
EXEC answers nil, and runs nothing, where a watched key changed or ended since its WATCH; time stands still in EXEC.
Source: Valkey 9.1.2, multi.c.
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.reply import OK
from kit.cache.redis.session import Session
from kit.cache.redis.table import LOOK, Args, Command, Keys, Reply


def multi(session: Session, args: Args) -> Reply:
    session.queue = []
    return OK


def exec_(session: Session, args: Args) -> Reply:
    queue = session.queue
    if queue is None:
        raise CommandError(texts.EXEC_WITHOUT_MULTI)
    failed, intact = session.failed, session.watched_keys_intact()
    session.leave()
    session.unwatch()
    if failed:
        raise CommandError(texts.EXEC_ABORT)
    if not intact:
        return None
    return session.engine.run_all(session, queue)


def discard(session: Session, args: Args) -> Reply:
    if session.queue is None:
        raise CommandError(texts.DISCARD_WITHOUT_MULTI)
    session.leave()
    session.unwatch()
    return OK


def watch(session: Session, args: Args) -> Reply:
    if not session.dirty:  # a transaction that must fail already needs no further key
        for key in args[1:]:
            session.watch(key)
    return OK


def unwatch(session: Session, args: Args) -> Reply:
    session.unwatch()
    return OK


_ANY_TIME = ("noscript", "loading", "stale")
_FAST = ("@fast", "@transaction")

COMMANDS = (
    Command(
        "multi", 1, multi, (*_ANY_TIME, "fast", "no_multi", "allow_busy"), _FAST, kind="queued", queues=False,
    ),
    Command("exec", 1, exec_, (*_ANY_TIME, "skip_commandlog"), ("@slow", "@transaction"), queues=False),
    Command("discard", 1, discard, (*_ANY_TIME, "fast", "allow_busy"), _FAST, kind="queued", queues=False),
    Command(
        "watch", -2, watch, (*_ANY_TIME, "fast", "no_multi", "allow_busy"), _FAST, Keys(LOOK, last=-1), queues=False,
    ),
    Command("unwatch", 1, unwatch, (*_ANY_TIME, "fast", "allow_busy"), _FAST, kind="queued"),
)  # fmt: skip
