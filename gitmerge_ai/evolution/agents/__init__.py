"""The kinds of agents: each is asked for a change of an individual, and knows nothing of the loop.

`context` is what an agent is told; `edits` needs no model.
"""
