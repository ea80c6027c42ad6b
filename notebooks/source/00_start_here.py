# %% [markdown]
# # 00 Start here
#
# *Friday 8 March 2013, ten to five in the morning. It is snowing on New York, and the first boards light up.*
#
# Nineteen lessons on caching with ElastiCache's engines, told by one real day at three airports. You bet before you know,
# you step through what happens, message by message, and you write code that a machine tries to break.
#
# A cell runs with **Shift and Enter**, and the next one is chosen. Nothing leaves this machine. You have been here before?
# [Your map](#Your-map) stands further down.

# %% [markdown]
# The first cell looks whether all is here. It needs no account and no network.

# %%
from kit.lab.lesson_00 import Lesson00

lesson = Lesson00()
lesson.begin()

# %% [markdown]
# ## A slider, and what it costs
#
# This is a departure board at nine o'clock of that day, and above it what all three boards ask of the database. Keep a
# copy of each board for a while, and ask only when the copy has ended: how long it may live is its **TTL** (time to live).
# Run the cell and move the slider to the right. One figure falls; watch what the other one does.

# %%
lesson.board()

# %% [markdown]
# That is the whole course in one slider: a copy spares the database, and a copy goes stale. Every lesson is about getting
# more of the first for less of the second.

# %% [markdown]
# ## Two bad days
#
# Two storms, a month apart. On 8 February a blizzard cancelled 472 flights of 930; on 8 March snow and sleet cancelled 180
# of 979. *Which of them brought the departure boards down?* One slider moves both days.

# %%
lesson.days()

# %% [markdown]
# ## Two bets
#
# Answer before you know. Nothing is counted, and each option, right or wrong, tells its why. Arrow keys choose, Enter
# shows.

# %%
lesson.bet("more_changes")

# %% [markdown]
# And the second: when is the day at its worst for whoever has to answer all those looks?

# %%
lesson.bet("peak")

# %% [markdown]
# ## One look, message by message
#
# A passenger asks for one flight. There is no cache yet, so the look goes the whole way: four messages. Press Play, or step
# with → and back with ←; the sentence on top says what happens. *Table* and *Text* show the same recording in other
# clothes: pictures here are never more than a view of what was recorded.

# %%
lesson.look()

# %% [markdown]
# ## The storm day, without a cache
#
# The day minute by minute: how many people wait, how often they look, and how long the database takes to answer them all.
# Make them look more often with the slider. Then let the whole day run: one button, twenty seconds.
# The slider below the curves stops at any minute of it.
#
# **Break it.** Choose a database that turns ten times slower in the afternoon (a lost index, a backup, a bad neighbour).
# What it cannot answer in a minute waits for the next: boards freeze. One button undoes it.

# %%
lesson.storm()

# %% [markdown]
# Read the three curves from top to bottom. The people are the weather's work, and hours late. The looks are theirs. The
# wait is ours: below the dashed line nobody notices the database, above it everybody does, long after.

# %% [markdown]
# ## Warm-up: what a check looks like
#
# Three lines: return the flight that is scheduled first. It has no points; it is here so that you meet every answer a check
# can give. Run the cell as it is: *not attempted*. Get it wrong: return the first row that comes, and open the trace. Ask for
# a hint. Then get it right: *correct*. The cell's text becomes `work/exercises/warm_up.py`; `kit reset warm_up` in a shell
# brings the first text back and keeps yours as a dated copy. The task: `exercises/warm_up/README.md`.

# %% tags=["exercise"]
# %%exercise warm_up

# %% [markdown]
# A check never reads your code for style or for words. It runs it and looks at the recording: what was asked, in which
# order, and what was answered. So any code that keeps the promise passes.

# %% [markdown]
# ## Your map
#
# Nothing is locked. What is underlined is there; what is dashed is being written. Run the cell to bring it up to date; it
# needs no other cell before it.

# %%
from kit.lab import course

course.show()

# %% [markdown]
# **Enough for today?** You have moved a slider, made two bets, stepped through a look and met a verdict. What follows is for
# looking things up.

# %% [markdown]
# ## What is here, and how to come back
#
# Engines, files, progress, and how one leaves: this card looks again whenever you run it.

# %%
lesson.set_up()

# %% [markdown]
# ## What the exam says, and what is so
#
# | exam phrase | the fact | source |
# |---|---|---|
# | "Managed cache (Redis/Memcached)" | Outdated. Three engines since 8 October 2024: Valkey, Redis OSS (which ends at 7.1) and Memcached; node-based or serverless. AWS patches, replaces nodes and backs up; keys, TTLs and consistency stay yours. | ElastiCache developer guide, *What's new*, *Choosing an engine*, *Deployment options*, copies of 2025 and 2026 |
# | "In-memory database, high performance, low latency" | Half. AWS says data store or cache. Data lives in memory and by default dies with its node. Node-based caches answer below a millisecond, serverless ones in single-digit milliseconds. | ElastiCache guide, *Redis AOF*, archived 2023-05-22; AWS agent toolkit, *serverless-vs-node*, 2026-08-20 |

# %% [markdown]
# ## Three questions to take along
#
# Say the answer aloud before you look it up; the place to look stands behind each.
#
# 1. What is a change on a board? *(first bet)*
# 2. Why does the load outlive the snow? *(second bet, and the upper curve of the storm day)*
# 3. What does a grade look at? *(the sentence under the warm-up)*

# %% [markdown]
# ## Do it at work
#
# - Write down your service's worst day, and its worst hour.
# - Reads a second then; changes a second then.
# - Who noticed first? Which number would you have looked at?

# %% [markdown]
# ## The cliff
#
# Fifty-odd looks a second are nothing for the page you have just seen. The same database answers three other pages, and
# under the very same looks its dial is red on *one* of the four. Which?
#
# Next: whatever your [map](#Your-map) underlines. The lessons stand alone; none asks for another first.
