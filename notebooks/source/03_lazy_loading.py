# %% [markdown]
# # 03 Lazy loading
#
# *Friday 8 March 2013, seven in the morning. The first departures slip, and thousands of phones begin to ask.*
#
# Ask the cache; if it has nothing, ask the database, and leave a copy for the next one. Everybody "knows" this pattern.
# This lesson is about what it really does to a database, what it does not, and about six lines of code that everybody
# writes and few write so that they survive.

# %% [markdown]
# The first cell gets the lesson ready. It needs no account and no network.

# %%
from kit.lab.lesson_03 import Lesson03

lesson = Lesson03()
lesson.begin()

# %% [markdown]
# ## The number
#
# Three airport boards stand in a cache, and every change of a flight throws its board away. Once each passenger looks
# every ten minutes, and once, on the same day, every two minutes.

# %%
lesson.hook()

# %% [markdown]
# Five times the people, and the database noticed next to nothing. *Where did they go?* The answer is in the second half of
# this lesson; keep your guess.

# %% [markdown]
# ## Three bets
#
# Answer before you know. Nothing is counted, and each option, right or wrong, tells its why. First: what does a reader pay
# who finds nothing?

# %%
lesson.bet("trips_of_a_miss", opens=lesson.trips)

# %% [markdown]
# The second is about the worst minute of the day.

# %%
lesson.bet("cache_dies")

# %% [markdown]
# And the third about memory, which is what one buys.

# %%
lesson.bet("twice_as_large")

# %% [markdown]
# ## Three trips, one message at a time
#
# One board, three looks: the first finds nothing, the second finds the copy, and the third comes a minute later, when the
# copy has ended. Step through with → and back with ←, and count what each passenger waits for.

# %%
lesson.three_looks()

# %% [markdown]
# The same as a **ladder**: what each step costs, and which steps an answer takes. Each bar of it is ten times the next
# tick, so a disk and a cache fit into one picture. Move the slider from a hit to a miss, and to no cache at all: a miss is
# dearer than having no cache.

# %%
lesson.ladder()

# %% [markdown]
# Two looks more, which the textbook leaves out. Somebody asks for a flight that does not exist. If only what was *found*
# is kept, "there is none" is asked for again each time:

# %%
lesson.absent(kept=False)

# %% [markdown]
# An empty answer is an answer, and can be kept like any other:

# %%
lesson.absent(kept=True)

# %% [markdown]
# And a cache that does not answer. The reader hears an error, asks the database, and answers its passenger; it stores
# nothing, and nobody's board is missing:

# %%
lesson.cache_away()

# %% [markdown]
# These are the very bytes, in both protocols. What you write below sends them through the real clients.

# %%
lesson.bytes_of_a_miss()

# %% [markdown]
# ## Exercise: lazy loading
#
# Write `get_board(cache, db, airport)`. Begin with the five lines that everybody writes: get, `if`, query, set, return.
# They will look right, and the first two checks will say so. Then see what else the task promises: the whole of it stands in
# `exercises/lazy_loading/README.md`. `cache` is a `redis.Redis` in front of a Valkey 9.1; each call runs in a process of its
# own; a board may be 60 s old and no older.
#
# The cell's text becomes `work/exercises/lazy_loading.py` and is judged in a process of its own. A failure opens the
# shortest order of events that breaks *your* code. Once it passes, it serves the boards of lesson 05.

# %% tags=["exercise"]
# %%exercise lazy_loading

# %% [markdown]
# **Enough for today?** Hook, bets, player and one verdict are behind you. What follows goes deeper and is not needed for
# the next lesson.

# %% [markdown]
# ## Where did they go?
#
# A key that is asked for λ times a second and kept for T seconds is loaded once in T + 1/λ seconds: the copy's life, then
# the wait for the next reader. Meanwhile it answered λT looks. So the share of hits is **λT / (1 + λT)**, and nothing else
# is in it: no size, no policy, no luck. The curve is that formula; the dots are the day, counted look by look. (At a second
# or two the dots lie above it: the formula knows one mean rate, and the day has busy keys and quiet ones.)
#
# Let the people look more often: the ratio climbs, and the misses hardly move. Then cut the key from airport to flight.
# Click a dot (or press the button) and the recording behind it opens: 400 real looks under one key, with that TTL.

# %%
lesson.hits()

# %% [markdown]
# So read the misses, never the ratio: 93 and 99.8 per cent of hits look alike, and are 160,000 queries apart.

# %% [markdown]
# ## Take the cache away
#
# "Node failures are not fatal" is what the exam wants to hear, and it is half of the truth. Take the cache away at 17:10 and
# look at what the database is asked; then bring it back, empty. Your second bet opens this picture.

# %%
lesson.outage()

# %% [markdown]
# The load is multiplied by 1 / (1 − h), h being the share of hits: the better the cache was, the harder the fall. When it is
# back, each key costs one miss, once: that is the hump, and no amount of memory makes it smaller (your third bet). The waves
# behind it are copies that were filled together and end together, minute after minute.

# %% [markdown]
# ## The same in a memcached
#
# The other engine, the other client, the same promises, and one more: what the cache will not store is shown all the same.
# `cache` is a `pymemcache.Client`, whose `set` waits for no answer unless you ask for one. The task:
# `exercises/lazy_loading_memcached/README.md`.

# %% tags=["exercise"]
# %%exercise lazy_loading_memcached

# %% [markdown]
# ## Second task: the same boards, fewer queries, no waiting
#
# Your `get_board` serves half an hour of 8 March, for one passenger in twelve. Counted are database queries, the p99 of the
# time to an answer (one look in sixty is a miss, so that is a miss's), and boards that are too old; par is the kit's own code
# on the very same minutes, the seed is yours, and the best score is kept once the exercise has passed. The weakest of
# the three decides. A hint: nobody says that the copy must be written *before* the passenger has the answer.

# %%
lesson.score()

# %% [markdown]
# ## The honest loss
#
# A cache is no speed-up as such. The next cell measures, here, a look-up by key in an embedded database and in a real
# Valkey, and then a report over the whole year. No claim of this course rests on these figures.

# %% tags=["measured"]
lesson.honest_loss()

# %% [markdown]
# ## On real servers
#
# Everything so far ran on the kit's own engines. This cell starts a real Valkey and, where there is one, a real memcached,
# and plays your functions before them: the checks that need no virtual clock, in every order.

# %% tags=["measured"]
lesson.on_real_servers()

# %% [markdown]
# ## What the exam says, and what is so
#
# | exam phrase | the fact | source |
# |---|---|---|
# | "Lazy Loading / Cache Aside / Lazy Population" | True. Three names of one pattern; AWS also says lazy caching. | aws.amazon.com/caching/best-practices, 2026-11-24 |
# | "Check the cache; on a miss query the RDS; write to the cache" | Half. Between query and write another process may change the row: the old value then sits there until the TTL. (Lesson 05 closes that.) | ElastiCache guide, *Caching strategies*, archived 2023-05-22 |
# | "Application queries ElastiCache, if no hit, gets the data from the RDS" | True, and somebody must also store the result. RDS is an example: any slow source will do. | the same page |
# | "Best for read optimisation" | Half. Good where few of many keys are read often. The first read of each key is slower than without a cache, and so is every read after an expiry. | the same page |
# | "Only requested data is cached" | True. Memory follows the reads; a scan that reads everything once fills it with rubbish too. | the same page |
# | "Node failures are not fatal" | Half. Answers stay right, slower; the database must carry the full load meanwhile, and may be what fails. | the same page; the picture above |
# | "Cache miss penalty that results in three round trips" | True. Cache read, database query, cache write; a hit costs one, no cache costs one. The third need not delay the answer. | the same page |
# | "Data can be stale" | True. Nothing updates the cache when the database changes; write-through and a TTL are AWS's two remedies. | the same page |
# | "Reads are quick" (of write-through) | Half. For keys written since the node started and not evicted; lazy loading fetches the others. | the same page |
#
# A new node starts cold and costs each key once; until then the database has everything (aws.md, R18 and R19).

# %% [markdown]
# ## Three questions to take along
#
# Say the answer aloud before you look it up; the place to look stands behind each.
#
# 1. Which three trips, and which of them need not be waited for? *(the player, and the ladder)*
# 2. What is the formula of the hit ratio under a TTL, and what is *not* in it? *(the dots on the curve)*
# 3. What must an error of the cache never do to a passenger? *(the cache is away; then your own solution)*

# %% [markdown]
# ## Do it at work
#
# - Wrap the cache in one function, and use no other way in.
# - Give it a time-out below the database's, catch its errors, and count them.
# - A TTL always, in the same command as the value.
# - Never keep an exception; an empty answer is none.
# - Test with the cache switched off, at the load of your worst hour.

# %% [markdown]
# ## The cliff
#
# 07:41, LaGuardia. A flight goes to four hours and twenty minutes late, and the board still says "on time": the copy has
# nineteen seconds to live. Who is going to tell it?
#
# That is [lesson 05](05_keeping_it_true.ipynb). Or go back to [your map](00_start_here.ipynb#Your-map).
