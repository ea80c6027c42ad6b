"""An instructor's pack of one check, as an example: our house names every key of a board `board:…`.

`KIT_CHECKS=exercises/packs/house_rules kit check lazy_loading` judges with it: it comes behind the exercise's own
checks, is hidden, and costs a submission two points. Copy the folder, change the rule, hand out the variable.
"""

from kit.grading.check import Check, Part

PREFIX = b"board:"


def one_miss_and_one_hit(world):
    world.call("get_board", "JFK")
    world.call("get_board", "JFK")


def keys_are_named_by_the_house(tape):
    """A safety property: the first key that breaks the rule breaks it for good."""
    for op in tape:
        for key in op.keys if op.peer == "cache" and op.write else ():
            if not key.startswith(PREFIX):
                return f"{op.actor} wrote the key {key.decode('utf-8', 'replace')}; ours begin with {PREFIX.decode()}"
    return None


CHECKS = (
    Check(
        "house_names", "Every key of a board begins with board:", 2, True, "always",
        (Part(one_miss_and_one_hit),), keys_are_named_by_the_house,
    ),
)  # fmt: skip
