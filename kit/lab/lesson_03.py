"""Lesson 03, Lazy loading: three trips, the ladder of what they cost, the hit ratio, and a cache that is taken away.

Rules: those of `lesson.py`.
"""

from __future__ import annotations

from ipywidgets.widgets.widget import Widget

from kit.lab import figures_03, measured_03, player, scenes_03, sheet, tables
from kit.lab.bet import Bet
from kit.lab.bets_03 import CACHE_DIES
from kit.lab.ledger import Kept
from kit.lab.lesson import Lesson
from kit.views import hit_ratio, ladder, outage
from kit.views.series import count, span
from kit.wire.memcache_text import encode_request
from kit.wire.resp import encode_command
from kit.workloads.flights.hits import expected

LOCKED = "Answer or skip the bet above, and the cache can be taken away."
INTERVALS_S = (600, 120)  # of the hook: five times the looks


class Lesson03(Lesson):
    """What the notebook of lesson 03 calls."""

    number = "03"
    engines = "The engines are the kit's models of Valkey 9.1 and memcached 1.6"

    def hook(self) -> None:
        """Show what five times the looks cost a cache from which every change deletes its entry."""
        counted = [figures_03.load()["hits"]["board"][str(interval)] for interval in INTERVALS_S]
        few, many = ((one["looks"], one["misses_when_deleted"]) for one in counted)
        rows = [
            [f"a look every {span(interval)}", count(looks), count(misses)]
            for interval, (looks, misses) in zip(INTERVALS_S, (few, many), strict=True)
        ]
        more = f"{many[0] / few[0]:.1f} times the looks, {100 * (many[1] / few[1] - 1):.1f} % more queries."
        tables.show(["8 March 2013, three boards", "looks", "database queries"], rows, more)

    def trips(self) -> Widget:
        """The player of the first bet's answer."""
        return player.player(
            scenes_03.trips(), "Three looks at one board", subtitle="a miss, a hit, an expiry; modelled"
        )

    def three_looks(self) -> None:
        """Show the three looks, from the first message."""
        player.show(player.player(scenes_03.trips(), "Three looks at one board", subtitle="modelled times", start=1))

    def ladder(self) -> None:
        """Show what each kind of answer costs."""
        sheet.show(ladder.ladder())

    def absent(self, *, kept: bool) -> None:
        """Show two looks at a flight that does not exist. kept: whether "there is none" is stored."""
        title = "A flight that does not exist, kept" if kept else "A flight that does not exist, not kept"
        player.show(player.player(scenes_03.absent(kept=kept), title, subtitle="modelled times", start=1))

    def cache_away(self) -> None:
        """Show one look while the cache does not answer."""
        player.show(player.player(scenes_03.cache_away(), "The cache is away", subtitle="modelled times", start=1))

    def bytes_of_a_miss(self) -> None:
        """Show what goes over the wire in a miss, in both protocols."""
        tables.show(*_wire())

    def hits(self) -> None:
        """Show the hit ratio against the TTL; a point opens its recording."""
        data = figures_03.load()

        def behind(option: str, stop: int) -> Widget:
            grain, interval = option.split("/")
            ttl_s = data["hits"][grain][interval]["ttl_s"][stop]
            tape = scenes_03.trace(figures_03.piece(data, grain, int(interval)), grain, ttl_s)
            title = f"400 looks at {figures_03.KEYS[grain]}"
            return player.player(
                tape, title, subtitle=f"TTL {span(ttl_s)}, a look every {span(int(interval))}; modelled"
            )

        sheet.show_opening(hit_ratio.hit_ratio(data["hits"], expected, ("flight", 600, 60)), behind)

    def outage(self) -> None:
        """Show the database while the cache is taken away and brought back, once its bet is answered."""
        whole = outage.outage(figures_03.load()["outage"])
        picture = sheet.show_locked(outage.before_the_bet(whole), LOCKED)

        def opened(_: Bet, __: Kept) -> None:
            picture.reveal(whole)

        self.when_answered(CACHE_DIES.id, opened)

    def honest_loss(self) -> None:
        """Measure where a cache loses."""
        measured_03.show(measured_03.honest_loss)

    def on_real_servers(self) -> None:
        """Judge the learner's functions, or the reference, before a real Valkey and a real memcached."""
        measured_03.show(measured_03.on_real_servers)


def _wire() -> tuple[list[str], list[list[str]], str]:
    key, value = b"board:EWR", b"[]"
    rows = [
        ["ask", _shown(encode_command((b"GET", key))), _shown(encode_request((b"get", key)))],
        ["nothing there", "_\\r\\n (RESP3), $-1\\r\\n (RESP2)", "END\\r\\n"],
        ["store, for 60 s", _shown(encode_command((b"SET", key, value, b"EX", b"60"))),
         _shown(encode_request((b"set", key, b"0", b"60", b"2"), value))],
        ["done", "+OK\\r\\n", "STORED\\r\\n, or nothing after noreply"],
        ["the same in meta commands", "", _shown(encode_request((b"mg", key, b"v")))
         + ", " + _shown(encode_request((b"ms", key, b"2", b"T60"), value))],
    ]  # fmt: skip
    return ["a miss", "Valkey (RESP)", "memcached (text)"], rows, "The bytes that redis-py and pymemcache send."


def _shown(data: bytes) -> str:
    return data.decode().replace("\r\n", "\\r\\n")
