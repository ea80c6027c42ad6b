"""The player as a widget: what a choice of the learner's makes of the recording, and what is stored of it."""

from __future__ import annotations

import pytest

from kit.lab.player import Player, player, scheduler
from kit.lab.scenes import STALE_SET, race
from kit.views.narration import tell
from kit.world.tape import Tape


def fresh(tape: Tape) -> str | None:
    """The rule of the race: no passenger is shown a board that a confirmed delay has superseded."""
    newest, confirmed = 1, 1
    for op in tape:
        for effect in op.effects:
            if effect.kind == "changed" and effect.version:
                newest = effect.version
            if effect.kind == "hit" and effect.version is not None and effect.version < confirmed:
                return "A passenger was shown the old board."
        if op.name == "answer" and op.actor == "Writer":
            confirmed = newest
    return None


@pytest.fixture
def chosen() -> Player:
    return scheduler(lambda choices: race(choices)[:2], "Who goes next?", holds=fresh)


def test_before_a_choice_nothing_has_happened_and_everybody_may_begin(chosen: Player) -> None:
    recording = chosen.recording
    assert recording["steps"] == 0
    assert [(one["actor"], one["what"]) for one in recording["turn"]["options"]] == [
        ("Reader 1", "GET"),
        ("Writer", "UPDATE"),
    ]
    assert len(recording["pictures"][0]["lanes"]) == 5


def test_a_choice_shows_the_run_up_to_the_next_switch_point_and_not_beyond(chosen: Player) -> None:
    chosen.choices = [0]
    assert chosen.recording["steps"] == chosen.recording["start"] == 2
    chosen.choices = [0, 0]
    assert tuple(chosen.recording["sentences"]) == tell(race(STALE_SET).tape)[:4]
    assert {one["actor"] for one in chosen.recording["turn"]["options"]} == {"Reader 1", "Writer"}
    assert chosen.recording["turn"]["broken"] is None


def test_the_learner_finds_the_order_that_breaks_the_rule(chosen: Player) -> None:
    for made in range(1, 6):
        writer = next((one for one in chosen.recording["turn"]["options"] if one["actor"] == "Writer"), None)
        first = chosen.recording["turn"]["options"][0]
        chosen.choices = [*chosen.choices, writer["index"] if writer and made >= 3 else first["index"]]
    turn = chosen.recording["turn"]
    assert turn["over"]
    assert turn["options"] == []
    assert turn["broken"] == {"step": 12, "rule": "A passenger was shown the old board."}
    assert tuple(chosen.recording["sentences"]) == tell(race(STALE_SET).tape)


def test_the_default_order_keeps_it(chosen: Player) -> None:
    chosen.choices = [0, 0, 0, 0, 0]
    assert chosen.recording["turn"]["over"]
    assert chosen.recording["turn"]["broken"] is None


def test_take_back_and_start_again_are_shorter_lists(chosen: Player) -> None:
    first = chosen.recording
    chosen.choices = [1]
    chosen.choices = []
    assert chosen.recording == first


def test_neither_player_shows_an_address_of_this_machine(chosen: Player) -> None:
    assert repr(chosen) == "Scheduler('Who goes next?')"
    assert repr(player(race(STALE_SET).tape, "The race")) == "Player('The race', 12 steps)"


def test_the_stored_twin_of_a_choice_gives_nothing_away(chosen: Player) -> None:
    assert "choose who goes next" in chosen.still
    assert "version" not in chosen.still


def test_a_player_stores_its_picture_and_its_sentences() -> None:
    one = player(race(STALE_SET).tape, "The race")
    assert one.still.count("<img") == 1
    assert one.text.splitlines()[1:] == [f"{at:>3}  {line}" for at, line in enumerate(tell(race(STALE_SET).tape), 1)]


def test_the_script_of_the_widget_is_one_module_with_one_export() -> None:
    text = str(Player._esm)
    assert text.count("export ") == 1
    assert "export default { render };" in text
