"""An unmodified pymemcache on the engine."""

from __future__ import annotations

import pytest
from memcache_line import Line, client
from pymemcache.exceptions import MemcacheClientError, MemcacheIllegalInputError, MemcacheServerError

TOO_LARGE = b"x" * (1 << 20)


def test_what_is_set_is_read_until_it_expires() -> None:
    line = Line()
    cache = client(line.engine)
    assert cache.get(b"board:JFK") is None
    assert cache.set(b"board:JFK", b"[]", expire=60)
    assert cache.get(b"board:JFK") == b"[]"
    line.wait(60)
    assert cache.get(b"board:JFK") is None


def test_many_keys_at_once() -> None:
    cache = client(Line().engine)
    assert cache.set_many({b"a": b"1", b"b": b"2"}) == []
    assert cache.get_many([b"a", b"b", b"c"]) == {b"a": b"1", b"b": b"2"}
    assert set(cache.gets_many([b"a", b"c"])) == {b"a"}
    assert cache.delete_many([b"a", b"b"])
    assert cache.get_many([b"a", b"b"]) == {}


def test_add_replace_append_prepend_tell_whether_they_stored() -> None:
    cache = client(Line().engine, default_noreply=False)
    assert not cache.replace(b"k", b"x")
    assert cache.add(b"k", b"x")
    assert not cache.add(b"k", b"y")
    assert cache.replace(b"k", b"b")
    assert cache.append(b"k", b"c")
    assert cache.prepend(b"k", b"a")
    assert cache.get(b"k") == b"abc"


def test_without_a_reply_nobody_hears_that_nothing_was_stored() -> None:
    cache = client(Line().engine)
    cache.set(b"k", b"x")
    assert cache.add(b"k", b"y") is True
    assert cache.get(b"k") == b"x"


def test_compare_and_set_is_won_once() -> None:
    engine = Line().engine
    mine, other = client(engine), client(engine)
    assert mine.cas(b"k", b"x", b"1") is None
    mine.set(b"k", b"0")
    _, token = mine.gets(b"k")
    assert other.cas(b"k", b"1", token) is True
    assert mine.cas(b"k", b"2", token) is False
    assert mine.get(b"k") == b"1"


def test_counting_wraps_at_the_top_and_stops_at_nothing() -> None:
    cache = client(Line().engine)
    assert cache.incr(b"n", 1) is None
    cache.set(b"n", b"18446744073709551615")
    assert cache.incr(b"n", 2) == 1
    assert cache.decr(b"n", 5) == 0
    cache.set(b"n", b"x")
    with pytest.raises(MemcacheClientError, match="non-numeric"):
        cache.incr(b"n", 1)


def test_touch_and_gat_move_the_expiry() -> None:
    line = Line()
    cache = client(line.engine, default_noreply=False)
    assert not cache.touch(b"k", 10)
    cache.set(b"k", b"x", expire=5)
    assert cache.touch(b"k", 10)
    line.wait(9)
    assert line.ask("gat 10 k") == b"VALUE k 0 1\r\nx\r\nEND\r\n"  # the client has no word for it
    line.wait(9)
    assert line.ask("gats 10 k").startswith(b"VALUE k 0 1 ")
    line.wait(10)
    assert cache.get(b"k") is None


def test_a_set_that_is_too_large_takes_the_old_item_along_and_a_cas_does_not() -> None:
    cache = client(Line().engine)
    cache.set(b"k", b"old")
    _, token = cache.gets(b"k")
    with pytest.raises(MemcacheServerError, match="object too large for cache"):
        cache.cas(b"k", TOO_LARGE, token)
    assert cache.get(b"k") == b"old"
    with pytest.raises(MemcacheServerError, match="object too large for cache"):
        cache.set(b"k", TOO_LARGE, noreply=False)
    assert cache.get(b"k") is None
    cache.set(b"k", b"old")
    cache.set(b"k", TOO_LARGE)
    assert cache.get(b"k") is None


def test_a_key_of_250_bytes_is_the_longest_and_an_expiry_is_whole_seconds() -> None:
    cache = client(Line().engine)
    cache.set(b"k" * 250, b"x")
    assert cache.get(b"k" * 250) == b"x"
    with pytest.raises(MemcacheIllegalInputError):
        cache.get(b"k" * 251)
    with pytest.raises(MemcacheIllegalInputError):
        cache.set(b"k", b"x", expire=0.5)


def test_31_days_are_a_date_long_past() -> None:
    cache = client(Line().engine)
    cache.set(b"k", b"x", expire=30 * 86_400)
    assert cache.get(b"k") == b"x"
    cache.set(b"k", b"x", expire=31 * 86_400)
    assert cache.get(b"k") is None


def test_version_stats_and_flush() -> None:
    line = Line()
    cache = client(line.engine, default_noreply=False)
    assert cache.version() == b"1.6.18"
    cache.set(b"k", b"x")
    cache.get(b"k")
    cache.get(b"no")
    figures = cache.stats()
    assert (figures[b"cmd_get"], figures[b"get_hits"], figures[b"get_misses"], figures[b"curr_items"]) == (2, 1, 1, 1)
    assert cache.flush_all()
    assert cache.get(b"k") is None
    cache.quit()
    assert line.engine.connected == 1


def test_a_lease_is_won_once_and_a_late_fill_finds_nothing() -> None:
    """strategies.md, section 14, with `mn` as the end of a reply that may hold a value."""
    cache = client(Line().engine)

    def ask(line: bytes) -> bytes:
        return bytes(cache.raw_command(line + b"\r\nmn", end_tokens=b"MN\r\n")).removesuffix(b"MN\r\n")

    assert ask(b"mg k v c N10") == b"VA 0 c1 W\r\n\r\n"
    assert ask(b"mg k v c N10") == b"VA 0 c1 Z\r\n\r\n"
    assert ask(b"md k") == b"HD\r\n"
    assert ask(b"ms k 3 T60 C1\r\nold") == b"NF\r\n"
    assert ask(b"mg k v c N10") == b"VA 0 c2 W\r\n\r\n"
    assert ask(b"ms k 3 T60 C2\r\nnew") == b"HD\r\n"
    assert ask(b"md k I T30") == b"HD\r\n"
    assert ask(b"mg k v c t") == b"VA 3 c4 t30 X W\r\nnew\r\n"
    assert ask(b"mg k v c t") == b"VA 3 c4 t30 Z X\r\nnew\r\n"
