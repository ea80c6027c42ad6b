# %% [markdown]
# # Elasticache Kit
#
# Nineteen lessons on caching with ElastiCache's engines, told by one real day: Friday 8 March 2013, when sleet fell on
# New York and the departure boards of three airports changed 5,793 times.
#
# You predict, you step through what really happened, message by message, and you write code that a machine tries to
# break. Where it succeeds, it shows the shortest order of events that breaks *your* code.
#
# **How to work here.** A cell runs with Shift and Enter, and the next one is chosen. Everything you write stays in the
# folder `work/` of your clone; nothing leaves this machine. The same exercises work from a shell: `kit list`.

# %% [markdown]
# The map shows what is there already, and how far you are. Run the cell to bring it up to date.

# %%
from kit.lab import course

course.show()

# %% [markdown]
# Lesson [05 Keeping it true](05_keeping_it_true.ipynb) is written; it stands alone and takes about forty minutes. The
# others are being written, and this page will link them as they come.
