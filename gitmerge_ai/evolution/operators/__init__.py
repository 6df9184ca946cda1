"""Edits of a source text in any language that is parsed, and what says which to try where.

`dialects` is what languages write differently, `shapes` what they write alike; `reading` finds the
places of a text that can be edited and what is in scope there, `surroundings` what is around one;
`expressions`, `elements`, `statements` and `ordering` are the operators, one function each, and
`table` names them; `mutator` chooses and applies; `bandit` says which operator has paid,
`localisation` which lines are suspect. Nothing here touches git or runs anything.
"""
