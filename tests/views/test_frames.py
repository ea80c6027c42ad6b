"""What the picture shows when: ribbons, hatches, the field, the window, words; and that nothing runs out of it."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest
import race
from hypothesis import given, settings
from hypothesis import strategies as st
from test_narration import tapes

from kit.cache.effects import Effect
from kit.views import svg
from kit.views.frames import recording
from kit.views.metrics import width
from kit.world.tape import Op, Tape

Data = dict[str, Any]


def picture(tape: Tape, size: int = 0, **more: Any) -> Data:
    drawn: Data = recording(tape, "A title", **more)["pictures"][size]
    return drawn


def flat(elements: list[list[Any]], down: float = 0) -> list[tuple[list[Any], float]]:
    """Every element with the y that its groups add."""
    found = []
    for element in elements:
        found += flat(element[3], down + element[2]) if element[0] == "g" else [(element, down)]
    return found


def looks(drawn: Data, step: int, look: str) -> list[list[Any]]:
    return [element for element, _ in flat(svg.draw(drawn, step)) if look in element[1].split()]


def words(drawn: Data, step: int) -> list[str]:
    return [element[5] for element, _ in flat(svg.draw(drawn, step)) if element[0] == "t"]


def hatched_lanes(drawn: Data, step: int) -> set[float]:
    return {element[2] for element in looks(drawn, step, "k-hatch")}


READER, CACHE = 132, 477  # left edges of Reader 1's ribbon and of the cache's, in the wide picture


@pytest.mark.parametrize("step", range(1, 13))
def test_the_readers_ribbon_is_hatched_from_the_update_to_the_put_back(step: int) -> None:
    drawn = picture(race.race())
    assert (READER in hatched_lanes(drawn, step)) == (step >= 5)
    assert bool(looks(drawn, step, "k-held")) == (step >= 5)
    # From step 9 on the hatch stays as the past: it ends at the arrow with which the reader lets go of the value.
    ribbon = [element for element in looks(drawn, step, "k-hatch") if element[2] == READER]
    assert all(element[3] + element[5] <= drawn["head"] + 9 * 34 for element in ribbon)


@pytest.mark.parametrize("step", range(1, 13))
def test_the_field_exists_from_the_put_back_and_not_before(step: int) -> None:
    drawn = picture(race.race())
    assert bool(looks(drawn, step, "k-field")) == (step >= 9)
    assert ("cache ≠ database" in words(drawn, step)) == (step >= 9)
    assert (CACHE in hatched_lanes(drawn, step)) == (step >= 9)


def ended_by(last: str) -> Tape:
    """The race, and what ends the disagreement: steps 13 and 14."""
    at = race.Recorder()
    at.ops = list(race.race().ops[:-1])
    if last == "delete":
        at.delete("Reader 2", 1)
    elif last == "set":
        at.put("Writer", 2)
    else:
        at.add("world", "cache", "expire", keys=[race.KEY], effects=[Effect("expired", race.KEY)])
    at.get("Reader 3", race.miss())
    return at.tape()


@pytest.mark.parametrize("last", ["delete", "set", "expire"])
def test_a_delete_a_new_set_or_the_expiry_ends_the_field(last: str) -> None:
    data = recording(ended_by(last), "")
    (field,) = data["pictures"][0]["fields"]
    assert field[2:4] == [2 * 8, 2 * 12]
    (hatch,) = [span for span in data["pictures"][0]["spans"] if span[0] == "k-hatch" and span[2] == 14]
    assert hatch[3:5] == [2 * 8, 2 * 12]


def test_rows_to_come_are_lines_without_words() -> None:
    drawn = picture(race.race())
    for step in range(13):
        groups = [element for element in svg.draw(drawn, step) if element[0] == "g"]
        assert [("k-ghost" in group[1]) for group in groups] == [at >= step for at in range(12)]
        for group in groups[step:]:
            assert {element[0] for element in group[3]} <= {"p", "r"}


def test_the_past_and_now_say_what_was_sent() -> None:
    shown = words(picture(race.race()), 9)
    assert {"GET board:EWR", "nothing: miss", "UPDATE MQ3737", "v1 · 07:10", "v2", "0 deleted", "SET board:EWR"} <= set(
        shown
    )
    assert not {"OK", "stale hit"} & set(shown)


def test_the_narrow_picture_keeps_its_verbs() -> None:
    shown = words(picture(race.race(), 2), 12)
    assert {"GET board:EWR", "UPDATE", "v1", "v2", "≠"} <= set(shown)
    assert "v1 · 07:10" not in shown


@pytest.mark.parametrize("name", race.all_tapes())
@pytest.mark.parametrize("size", range(3))
def test_no_text_runs_out_of_its_picture_or_into_another(name: str, size: int) -> None:
    drawn = picture(race.all_tapes()[name], size)
    for step in range(1, len(drawn["rows"]) + 1):
        rows: dict[float, list[tuple[float, float, str]]] = {}
        for element, down in flat(svg.draw(drawn, step)):
            if element[0] != "t" or "k-name" in element[1]:
                continue
            left, right = extent(element, drawn["name"])
            assert left >= 0, element
            assert right <= drawn["width"], element
            if down:
                rows.setdefault(down + element[3] // 8, []).append((left, right, element[5]))
        for texts in rows.values():
            texts.sort()
            assert all(one[1] <= other[0] + 0.5 for one, other in pairwise(texts)), texts


def extent(element: list[Any], name: str) -> tuple[float, float]:
    _, look, x, _, anchor, text = element
    size = {"k-chip": 11.5, "k-time": 11, "k-held": 11, "k-version": 11}.get(look.split()[-1])
    size = size or {"wide": 12.5, "middle": 12, "narrow": 11.5}[name]
    wide = width(text, size, code=look == "k-code", bold="k-chip" in look or look == "k-held")
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
    return left, left + wide


@given(st.integers(1, 200), st.sampled_from([0, 1, 2]))
@settings(max_examples=25, deadline=None)
def test_now_is_in_sight_and_no_window_begins_with_a_reply(looks_up: int, size: int) -> None:
    data = recording(race.lazy(looks_up), "")
    drawn = data["pictures"][min(size, len(data["pictures"]) - 1)]
    for step, first in enumerate(drawn["first"], 1):
        assert first < step <= first + drawn["window"]
        assert not data["replies"][first]
    assert drawn["window"] == (data["steps"] if data["steps"] <= 12 else 9 if drawn["name"] == "narrow" else 11)


@given(tapes())
@settings(deadline=None)
def test_every_tape_can_be_drawn_at_every_step(tape: Tape) -> None:
    data = recording(tape, "t")
    assert json.loads(json.dumps(data)) == data
    for drawn in data["pictures"]:
        for step in range(data["steps"] + 1):
            assert svg.svg(svg.draw(drawn, step), drawn["width"], svg.height(drawn), "u", "x").startswith("<svg")


@pytest.mark.parametrize("name", ["race", "troubled", "writers"])
def test_an_untimed_tape_shows_no_time_but_what_a_key_has_to_live(name: str) -> None:
    data = recording(race.all_tapes()[name], "")
    shown = json.dumps({key: data[key] for key in ("sentences", "pictures", "table", "done")})
    assert re.findall(r"[\d.]+ ?m?s\b", shown.replace("for 300 s", "").replace("its 300 s", "")) == []


def test_a_timed_tape_shows_them() -> None:
    shown = words(picture(race.race(timed=True)), 12)
    assert {"0.0 ms", "0.5 ms", "6.5 ms", "8.5 ms"} <= set(shown)
    assert "8.5" in words(picture(race.race(timed=True), 2), 12)


def test_a_long_pause_is_a_dotted_rule() -> None:
    drawn = picture(race.lazy(12))
    assert any(row[5] for row in drawn["rows"])


def test_without_a_version_there_is_no_ribbon_no_hatch_and_no_field() -> None:
    drawn = picture(race.lazy(40))
    assert drawn["spans"] == []
    assert drawn["fields"] == []


def test_a_shown_prefix_can_have_the_lanes_of_the_whole() -> None:
    whole = race.race()
    data = recording(whole.prefix(3), "", cast=whole)
    assert data["steps"] == 2
    assert len(data["pictures"][0]["lanes"]) == 5


def test_an_empty_tape_is_a_picture_of_its_stores() -> None:
    data = recording(Tape("empty", 0, (), False, ()), "")
    assert (data["steps"], data["start"]) == (0, 0)
    assert "Cache" in words(data["pictures"][0], 0)


def test_readers_stand_left_of_the_stores_and_writers_right() -> None:
    drawn = picture(race.two_writers())
    names = [element[5] for element in drawn["heads"] if element[0] == "t"]
    assert names[:5] == ["Reader 1", "Reader 2", "Reader 3", "Cache", "Database"]
    assert names[-1] == "Writer"


def test_a_miss_or_a_stale_value_never_vanishes_among_the_ticks() -> None:
    data = recording(race.lazy(400), "")
    misses = sum(row[0] == "k-miss" for row in data["pictures"][0]["rows"])
    marks = [element for element in data["pictures"][0]["ticks"] if "k-miss" in element[1]]
    assert data["steps"] > 80
    assert len(marks) == misses
    assert len(data["pictures"][0]["ticks"]) <= misses + 80


def cells(data: Data, step: int) -> Data:
    start = (step - 1) // data["panels"]["keyframe"] * data["panels"]["keyframe"]
    merged: Data = {}
    for change in data["panels"]["changes"][start:step]:
        merged.update(change)
    return merged


def test_the_panels_say_what_the_next_passenger_reads() -> None:
    data = recording(race.race(), "")
    before, after = cells(data, 8), cells(data, 9)
    assert before["live"] == "no key"
    assert before["next"]["note"] == "No copy: the next one asks the database."
    assert after["key0"]["state"] == "stale"
    assert after["key0"]["value"] == "v1 · 07:10 on time"
    assert after["key0"]["ttl"] == {"share": 100, "text": "300 s"}
    assert after["database"]["value"] == "v2 · 07:49 delayed"
    assert after["next"]["rows"][2] == ["MQ3737", "ORD", "07:10", "07:49", True]
    assert after["next"]["note"] == "Wrong for up to 300 s, until the key expires."
    assert after["why"] == (
        "Reader 1 read at step 4 and stored at step 9. "
        "The change (5) and the delete (7) fell in between, so nothing removes version 1 now."
    )


def test_without_a_truth_the_panels_count() -> None:
    data = recording(race.lazy(40), "")
    last = cells(data, data["steps"])
    assert last["next"] is None
    assert dict(last["counts"])["Hits"] == str(sum(row[0] == "k-hit" for row in data["pictures"][0]["rows"]))
    assert last["more"] == "and 4 more"
    assert [last[f"key{at}"]["state"] for at in range(6)].count("live") >= 1


def test_a_key_keeps_its_place_in_the_panel() -> None:
    data = recording(race.lazy(60), "")
    shown = [
        [(cells(data, step).get(f"key{at}") or {}).get("key") for at in range(6)]
        for step in range(1, data["steps"] + 1)
    ]
    for before, after in pairwise(shown):
        assert sum(one != other for one, other in zip(before, after, strict=True)) <= 1


def test_where_nobody_asks_a_cache_it_has_neither_lane_nor_panel() -> None:
    ask = Op(
        0, "Web app", "store", "query", (), False, ["/* flight */ SELECT 1", {}], [{"id": 1}], (), False, 0, 1, 2, None
    )
    asked = Op(1, "Passenger", "Web app", "GET", (b"/flight/1",), False, [], "09:00", (), False, 0, 1, 9, None)
    data = recording(Tape("look", 0, (), True, (asked, ask)))
    assert data["cache"] is False
    assert [part[-1] for part in data["pictures"][0]["heads"] if part[1] == "k-name"] == [
        "Passenger",
        "Web app",
        "Database",
    ]
    assert recording(race.race())["cache"] is True
