"""mg, ms, md, ma, mn, me: the meta commands, leases among them.

Rules: what a reply shows, and what a command changes, happens flag by flag in the order asked (`t` before `N` shows the
old expiry); the marks stand last: Z (somebody else has won), X (stale), W (you have won); a quiet command (`q`) hides
the reply that is expected of it, never an error.
Source: memcached 1.6.18, proto_text.c (`process_mget_command` and its kin), tried beside the real one.
Leaves out: the flag `E` and flags on a bare `me`, which 1.6.18 does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.cache.errors import CommandError
from kit.cache.memcached import texts
from kit.cache.memcached.arithmetic import change, count_miss
from kit.cache.memcached.base64_keys import decode_key, encode_key
from kit.cache.memcached.items import Item, Items
from kit.cache.memcached.meta_flags import MAX_KEY_BYTES, MOST_WORDS, Flags, checked_opaque, read_flags, shown_key
from kit.cache.memcached.outcome import Reply
from kit.cache.memcached.reply import Meta, Status
from kit.cache.memcached.request import Request
from kit.cache.memcached.slabs import class_of, item_size
from kit.cache.memcached.storage import store
from kit.cache.memcached.table import MANY, Command

if TYPE_CHECKING:
    from kit.cache.memcached.engine import Engine
    from kit.cache.memcached.session import Session

_CODES = {"STORED": "HD", "NOT_STORED": "NS", "EXISTS": "EX", "NOT_FOUND": "NF"}
_UP, _DOWN = (b"", b"I", b"+"), (b"D", b"-")


def _flags(request: Request, too_many: str) -> Flags:
    """The flags of mg, md and ma. Raises CommandError where key or flags are refused."""
    _check_shape(request, too_many)
    return read_flags(request.words[1], request.words[2:])


def _flags_in_short(request: Request) -> Flags:
    """The same for md and ma, which do not say what is wrong with a flag."""
    _check_shape(request, texts.TOO_MANY_FLAGS)
    try:
        return read_flags(request.words[1], request.words[2:])
    except CommandError:
        raise CommandError(texts.INVALID_OR_DUPLICATE_FLAG) from None


def _check_shape(request: Request, too_many: str) -> None:
    if len(request.words[1]) > MAX_KEY_BYTES:
        raise CommandError(texts.BAD_LINE)
    if len(request.words) > MOST_WORDS:
        raise CommandError(too_many)


def _echo(flags: Flags) -> list[bytes]:
    """What a reply repeats where there is no item: opaque and key."""
    return [
        checked_opaque(token) if token[0] == ord("O") else flags.shown_key()
        for token in flags.tokens
        if token[0] in b"Ok"
    ]


# --- mg


def mg(engine: Engine, session: Session, request: Request) -> Reply:
    flags = _flags(request, texts.TOO_MANY_FLAGS_MG)
    items = engine.items
    item = items.find(flags.key)
    created = False
    if item is None:
        if flags.vivify is None or not items.has_room(flags.key, 0, 0):
            return _missed(engine, flags)
        items.facts.append(("miss", flags.key, None, None))
        item = items.link(flags.key, b"", 0, 0)
        created = True
    # Where the reply shows or changes the item's times, the item counts as used only afterwards.
    late = not flags.letters.isdisjoint(b"NTRlh")
    if not (late or flags.asks("u")):
        items.bump(item)
    tokens, won = _shown(items, flags, item, created)
    tokens += _marks(item, won)
    if late and not flags.asks("u"):
        items.bump(item)
    _count_hit(engine, flags)
    if created:
        items.facts[-1] = ("stored", flags.key, b"", items.ttl_ms(item))
    else:
        items.facts.append(("hit", flags.key, item.value, items.ttl_ms(item)))
    return Meta(["VA", tokens, item.value]) if flags.asks("v") else Meta(["HD", tokens, None])


def _missed(engine: Engine, flags: Flags) -> Reply:
    engine.counters.cmd_get += 1
    engine.counters.get_misses += 1
    engine.items.facts.append(("miss", flags.key, None, None))
    echo = _echo(flags)
    return None if flags.asks("q") else Meta(["EN", echo, None])


def _count_hit(engine: Engine, flags: Flags) -> None:
    counters = engine.counters
    if flags.ttl is None:
        counters.cmd_get += 1
        counters.get_hits += 1
    else:
        counters.cmd_touch += 1
        counters.touch_hits += 1


def _shown(items: Items, flags: Flags, item: Item, created: bool) -> tuple[list[bytes], bool]:
    """The flags of a reply, and whether the reader has won: by creating the item, or by its short time to live."""
    tokens: list[bytes] = []
    won = False
    for token in flags.tokens:
        letter = chr(token[0])
        if letter == "T":
            item.exptime = items.deadline(flags.ttl or 0)
        elif letter == "N" and created:
            item.exptime = items.deadline(flags.vivify or 0)
            won = True
        elif letter == "R" and not (item.won or created):
            won = won or 0 < item.exptime < items.deadline(flags.recache or 0)
        elif letter == "k":
            tokens.append(shown_key(flags.key, item.binary))
        elif letter == "O":
            tokens.append(checked_opaque(token))
        elif letter in _SHOW:
            tokens.append(b"%s%d" % (letter.encode(), _SHOW[letter](items, item)))
    return tokens, won


def _seconds_left(items: Items, item: Item) -> int:
    """What `t` shows: -1 for ever; the seconds of an item just ended wrap, as the server's unsigned numbers do."""
    return (item.exptime - items.now()) % (1 << 32) if item.exptime else -1


_SHOW: dict[str, Callable[[Items, Item], int]] = {
    "s": lambda items, item: len(item.value),
    "t": _seconds_left,
    "c": lambda items, item: item.cas,
    "f": lambda items, item: item.flags,
    "l": lambda items, item: items.now() - item.used,
    "h": lambda items, item: int(item.fetched),
}


def _marks(item: Item, won: bool) -> list[bytes]:
    """Z, X, W; who reads a stale item that nobody has won yet wins it."""
    marks = [b"Z"] if item.won else []
    if item.stale:
        marks.append(b"X")
        won = won or not item.won
    if won:
        marks.append(b"W")
        item.won = True
    return marks


# --- ms


def ms(engine: Engine, session: Session, request: Request) -> Reply:
    result, item = store(engine, request)
    flags = request.block.meta if request.block is not None else None
    if flags is None or (result == "STORED" and flags.asks("q")):
        return None
    tokens = []
    for token in flags.tokens:
        if token[0] == ord("c"):
            tokens.append(b"c%d" % (0 if item is None else item.cas))
        elif token[0] == ord("k"):
            tokens.append(flags.shown_key())
        elif token[0] == ord("O"):
            tokens.append(token)
    return Meta([_CODES[result], tokens, None])


# --- md


def md(engine: Engine, session: Session, request: Request) -> Reply:
    flags = _flags_in_short(request)
    echo = _echo(flags)
    item = engine.items.find(flags.key)
    if item is None:
        engine.counters.delete_misses += 1
        return Meta(["NF", echo, None])
    if flags.cas is not None and flags.cas != item.cas:
        engine.counters.delete_misses += 1
        return Meta(["EX", echo, None])
    if flags.asks("I"):
        _mark_stale(engine.items, flags, item)
    else:
        engine.counters.delete_hits += 1
        engine.items.unlink(flags.key, item)
    return None if flags.asks("q") else Meta(["HD", echo, None])


def _mark_stale(items: Items, flags: Flags, item: Item) -> None:
    """The value stays; the next reader is told, and wins."""
    if flags.ttl is not None:
        item.exptime = items.deadline(flags.ttl)
    item.stale, item.won = True, False
    item.cas = items.next_cas()


# --- ma


def ma(engine: Engine, session: Session, request: Request) -> Reply:
    flags = _flags_in_short(request)
    if flags.mode not in _UP + _DOWN:
        raise CommandError(texts.BAD_ARITHMETIC_MODE)
    up = flags.mode in _UP
    item = engine.items.find(flags.key)
    if item is None:
        if flags.vivify is None:
            count_miss(engine, up)
            return Meta(["NF", _echo(flags), None])
        return _begin_counting(engine, flags)
    if flags.cas and item.value and flags.cas != item.cas:
        return Meta(["EX", _echo(flags), None])
    number, item = change(engine, flags.key, item, flags.delta, up=up)
    reply = _counted(engine.items, flags, item, number, created=False)
    return None if flags.asks("q") else reply


def _begin_counting(engine: Engine, flags: Flags) -> Reply:
    text = b"%d" % flags.initial
    if not engine.items.has_room(flags.key, len(text), 0):
        raise CommandError(texts.OUT_OF_MEMORY_CREATING)
    item = engine.items.link(flags.key, text, 0, 0)
    reply = _counted(engine.items, flags, item, flags.initial, created=True)
    engine.items.facts[-1] = ("stored", flags.key, text, engine.items.ttl_ms(item))
    return reply


def _counted(items: Items, flags: Flags, item: Item, number: int, *, created: bool) -> Meta:
    tokens: list[bytes] = []
    for token in flags.tokens:
        letter = chr(token[0])
        if letter == "T":
            item.exptime = items.deadline(flags.ttl or 0)
        elif letter == "N" and created:
            item.exptime = items.deadline(flags.vivify or 0)
        elif letter == "k":
            tokens.append(flags.shown_key())
        elif letter == "O":
            tokens.append(checked_opaque(token))
        elif letter == "c":
            tokens.append(b"c%d" % item.cas)
        elif letter == "t":
            tokens.append(b"t%d" % _seconds_left(items, item))
    return Meta(["VA", tokens, b"%d" % number]) if flags.asks("v") else Meta(["HD", tokens, None])


# --- mn, me


def mn(engine: Engine, session: Session, request: Request) -> Reply:
    return Status("MN")


def me(engine: Engine, session: Session, request: Request) -> Reply:
    words = request.words
    if len(words) < 2 or len(words[1]) > MAX_KEY_BYTES:
        raise CommandError(texts.BAD_LINE)
    key: bytes | None = words[1]
    if len(words) > 2 and words[2] == b"b":
        key = decode_key(words[1])
    if key is None:
        raise CommandError(texts.BAD_LINE)
    items = engine.items
    item = items.find(key)
    engine.counters.cmd_meta += 1
    if item is None:
        return Status("EN")
    return Status(f"ME {(encode_key(key) if item.binary else key).decode('latin-1')} {_inside(items, key, item)}")


def _inside(items: Items, key: bytes, item: Item) -> str:
    """What `me` tells of an item; `exp` counts from the expiry, so that it is negative while the item lives."""
    now, size = items.now(), item_size(key, len(item.value), item.flags)
    return (
        f"exp={now - item.exptime if item.exptime else -1} la={now - item.used} cas={item.cas} "
        f"fetch={'yes' if item.fetched else 'no'} cls={class_of(size)} size={size}"
    )


def meta_key(request: Request) -> tuple[bytes, ...]:
    """The key of a meta command, decoded."""
    key = request.words[1]
    if b"b" in request.words[2:]:
        key = decode_key(key) or b""
    return (key,)


COMMANDS = (
    # A reader of a stale item may be given the W, so two mg of one key do not commute: each counts as a write.
    Command("mg", 2, MANY, mg, meta_key, write=True),
    Command("ms", 2, MANY, ms, meta_key, write=True),
    Command("md", 2, MANY, md, meta_key, write=True),
    Command("ma", 2, MANY, ma, meta_key, write=True),
    Command("mn", 1, MANY, mn, lambda request: (), kind="setup"),
    Command("me", 1, MANY, me, lambda request: meta_key(request) if len(request.words) > 1 else ()),
)
