"""A population of agents that edits, crosses and selects commits of a repository, unattended.

An individual is a commit, the population a set of refs, and what is known of an individual a note
on it: the commit graph is the only thing that agents share. `values` names what passes between the
parts; `graph` keeps it in git; `operators` and `agents` make children; `evaluation` runs them;
`selection` decides what lives; `running` is the loop. No screens, and no options: those are in
`interface` and `commands`.
"""
