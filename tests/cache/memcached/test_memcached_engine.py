"""What the engine of memcached mode tells the world: effects, descriptions, expiry; and where it is not to be asked."""

from __future__ import annotations

import pytest
from memcache_line import START_US, Line

from kit.cache.memcached.engine import COMMANDS, Engine, Request
from kit.cache.memcached.slabs import SIZES, class_of


def test_effects_say_what_was_done() -> None:
    line = Line()
    assert line.effects("get k") == [("miss", b"k")]
    assert line.effects("set k 0 60 1", b"x") == [("stored", b"k")]
    assert line.effects("get k no k") == [("hit", b"k"), ("miss", b"no"), ("hit", b"k")]
    assert line.effects("add k 0 0 1", b"y") == []
    assert line.effects("append k 0 0 1", b"y") == [("stored", b"k")]
    assert line.effects("touch k 100") == []
    assert line.effects("delete k") == [("deleted", b"k")]
    assert line.effects("delete k") == []
    assert line.effects("set n 0 0 1", b"1") == [("stored", b"n")]
    assert line.effects("incr n 1") == [("stored", b"n")]
    assert line.effects("flush_all") == [("deleted", b"n")]
    assert line.effects("get n") == [("miss", b"n")]


def test_an_expired_item_is_told_by_the_access_that_finds_it() -> None:
    line = Line()
    line.ask("set k 0 5 1", b"x")
    line.wait(4.999)
    assert line.effects("get k") == [("hit", b"k")]
    line.wait(0.001)
    assert line.effects("get k") == [("expired", b"k"), ("miss", b"k")]
    assert line.effects("get k") == [("miss", b"k")]


def test_a_stored_effect_carries_size_time_to_live_and_digest() -> None:
    line = Line()
    (stored,) = line.engine.execute(line.session, line.request("set k 0 60 4", b"1234")).effects
    assert (stored.size, stored.ttl_ms, stored.digest) == (4, 60_000, "9be3e0a3")


def test_a_lease_is_a_miss_that_stores_and_a_stale_item_a_hit() -> None:
    line = Line()
    assert line.effects("mg k v N30") == [("miss", b"k"), ("stored", b"k")]
    assert line.effects("mg k v N30") == [("hit", b"k")]
    assert line.effects("ms k 1 T60", b"x") == [("stored", b"k")]
    assert line.effects("md k I T30") == []
    assert line.effects("mg k v") == [("hit", b"k")]
    assert line.effects("ma n N0") == [("stored", b"n")]
    assert line.effects("md n") == [("deleted", b"n")]


def test_the_too_large_set_deletes_what_it_could_not_replace() -> None:
    line = Line()
    line.ask("set k 0 0 3", b"old")
    assert line.effects("cas k 0 0 1048577 1") == []
    assert line.effects("set k 0 0 1048577") == [("deleted", b"k")]


def test_volatile_keys_and_the_next_expiry() -> None:
    line = Line()
    engine = line.engine
    line.wait(0.25)
    for key, seconds in ("b", 9), ("a", 5), ("c", 0), ("gone", -1):
        line.ask(f"set {key} 0 {seconds} 1", b"x")
    assert engine.volatile() == [b"a", b"b"]
    assert engine.next_expiry_us() == START_US + 5_000_000  # seconds are whole ones of the server's clock
    assert engine.expire_now(b"a").kind == "expired"
    assert engine.volatile() == [b"b"]
    assert engine.next_expiry_us() == START_US + 9_000_000
    with pytest.raises(KeyError, match="has no expiry"):
        engine.expire_now(b"c")
    line.wait(9)
    assert engine.volatile() == []
    assert engine.next_expiry_us() is None


def test_the_moment_of_the_next_expiry_is_the_first_at_which_an_access_misses() -> None:
    line = Line()
    line.wait(0.7)
    line.ask("set k 0 2 1", b"x")
    end = line.engine.next_expiry_us()
    assert end is not None
    line.clock.set(end - 1)
    assert line.ask("get k") != b"END\r\n"
    line.clock.set(end)
    assert line.ask("get k") == b"END\r\n"


def test_a_delayed_flush_ends_what_was_there_before_its_moment() -> None:
    line = Line()
    line.ask("set k 0 0 1", b"x")
    line.ask("flush_all 10")
    line.wait(8)
    assert line.ask("get k") != b"END\r\n"
    line.wait(2)
    assert line.effects("get k") == [("deleted", b"k"), ("miss", b"k")]
    line.ask("set k 0 0 1", b"x")
    assert line.ask("get k") != b"END\r\n"


@pytest.mark.parametrize(
    ("text", "name", "keys", "write", "kind"),
    [
        ("get a b a", "get", (b"a", b"b"), False, "visible"),
        ("gat 5 a b", "gat", (b"a", b"b"), True, "visible"),
        ("set a 0 0 1", "set", (b"a",), True, "visible"),
        ("mg YQ== b v", "mg", (b"a",), True, "visible"),
        ("md a I", "md", (b"a",), True, "visible"),
        ("incr a 1", "incr", (b"a",), True, "visible"),
        ("me a", "me", (b"a",), False, "visible"),
        ("flush_all", "flush_all", (), True, "visible"),
        ("stats items", "stats", (), False, "visible"),
        ("version", "version", (), False, "setup"),
        ("mn", "mn", (), False, "setup"),
        ("quit", "quit", (), False, "setup"),
        ("GET a", "GET", (), False, "visible"),
        ("incr a", "incr", (), False, "visible"),
        ("", "", (), False, "visible"),
    ],
)
def test_a_request_is_described_before_it_runs(
    text: str, name: str, keys: tuple[bytes, ...], write: bool, kind: str
) -> None:
    line = Line()
    told = line.engine.describe(line.session, line.request(text, b"x"))
    assert (told.name, told.keys, told.write, told.kind) == (name, keys, write, kind)


def test_only_what_is_described_as_a_write_changes_what_others_read() -> None:
    """Each command on an item, a stub, a stale item and none: what counts for readers stays unless `write` says so."""
    lines = {
        "get": "get k", "gets": "gets k", "me": "me k", "version": "version", "verbosity": "verbosity 1",
        "stats": "stats", "mn": "mn", "quit": "quit",
    }  # fmt: skip
    assert set(lines) == {name.decode() for name, row in COMMANDS.items() if not row.write}
    for text in lines.values():
        for before in ([], [("set k 0 60 1", b"x")], [("mg k N30", None)], [("set k 0 0 1", b"x"), ("md k I", None)]):
            line = Line()
            for first, data in before:
                line.ask(first, data)
            seen = _read_by_others(line)
            line.ask(text)
            assert _read_by_others(line) == seen, text


def _read_by_others(line: Line) -> object:
    held = {
        key: (item.value, item.flags, item.exptime, item.cas, item.stale, item.won)
        for key, item in line.engine.items.live()
    }
    return held, line.engine.items.last_cas


def test_a_reset_engine_is_as_new() -> None:
    line = Line(maxmemory=1_000)
    fresh = line.engine.state()
    line.ask("set k 7 60 1", b"x")
    line.ask("mg stub N30")
    line.ask("flush_all 5")
    line.ask("verbosity 2")
    assert line.engine.state() != fresh
    line.engine.reset()
    assert line.engine.state() == fresh
    assert line.engine.memory.used == 0
    assert line.ask("set k 0 0 1", b"x") == b"STORED\r\n"
    assert line.ask("gets k") == b"VALUE k 0 1 1\r\nx\r\nEND\r\n"


def test_memory_is_refused_at_the_limit_and_given_back() -> None:
    line = Line(maxmemory=200)
    assert line.ask("set a 0 0 40", b"x" * 40) == b"STORED\r\n"
    assert line.ask("set b 0 0 40", b"x" * 40) == b"STORED\r\n"
    assert line.ask("set c 0 0 40", b"x" * 40) == b"SERVER_ERROR out of memory storing object\r\n"
    line.ask("delete a")
    assert line.ask("set c 0 0 40", b"x" * 40) == b"STORED\r\n"
    line.ask("delete b")
    line.ask("delete c")
    assert line.engine.memory.used == 0


def test_classes_grow_by_a_quarter_and_hold_their_size() -> None:
    assert SIZES[:4] == [96, 120, 152, 192]
    assert SIZES[-1] == 1 << 20
    assert len(SIZES) == 42
    assert [class_of(size) for size in (61, 96, 97, 1 << 20)] == [1, 1, 2, len(SIZES)]


def test_numbers_that_a_real_server_reads_past_their_end_are_none_here() -> None:
    line = Line()
    for value in (b"-7", b"  ", b"\r\n"):
        line.engine.execute(line.session, Request.of(b"set n 0 0 2", value))
        assert line.ask("incr n 1") == b"CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"


def test_a_request_must_come_with_its_block() -> None:
    line = Line()
    with pytest.raises(AssertionError, match=r"make requests with Request\.of or the parser"):
        line.engine.execute(line.session, Request((b"set", b"k", b"0", b"0", b"1")))


def test_a_server_without_a_limit_named_holds_64_mib() -> None:
    assert Engine(Line().clock).memory.limit == 64 << 20
