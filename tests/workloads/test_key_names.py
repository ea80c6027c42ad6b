"""Key names: written as the course's slots and rings need them, and unique for each thing of a day."""

from __future__ import annotations

from kit.workloads import keys
from kit.workloads.flights import replay, rule


def test_keys_are_spelled_as_the_syllabus_spells_them() -> None:
    assert keys.board("EWR", "2013-03-08") == "board:EWR:2013-03-08"
    assert keys.hour_board("EWR", "2013-03-08", 9) == "board:EWR:2013-03-08:09"
    assert keys.route("EWR", "ORD", "2013-03-08") == "route:EWR:ORD:2013-03-08"
    assert keys.flight("UA", 1545, "2013-03-08") == "flight:UA:1545:2013-03-08"


def test_an_hour_board_has_a_key_of_23_bytes() -> None:
    assert {len(keys.hour_board("LGA", "2013-03-08", hour).encode()) for hour in range(24)} == {23}


def test_a_storm_day_has_3_54_176_and_979_keys(storm: rule.Day) -> None:
    counts = {
        name: len({key_of(flight, storm.day) for flight in storm.flights}) for name, key_of in replay.GRAINS.items()
    }
    assert counts == {"board": 3, "hour": 54, "route": 176, "flight": 979}
