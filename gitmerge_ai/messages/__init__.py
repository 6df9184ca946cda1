"""Commit messages: proposed from a change and the repository's own history, completed, checked."""
