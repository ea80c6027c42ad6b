"""The small cache package: engines as pure state machines over an injected clock, standard library only."""
