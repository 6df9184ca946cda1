"""Runs what was evolved, bounded on every side: commands in a sandbox, over trees of a worktree."""
