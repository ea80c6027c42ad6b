"""Grading: an exercise on disk, a judge, a child that runs the learner's code, a search over schedules, a verdict."""
