"""The mergetool: a session of choices, and three ways to make them: a screen, prompts, or none.

`session.py` is the state and knows no terminal; `app.py`, `plain.py` and `automatic.py` show it.
"""
