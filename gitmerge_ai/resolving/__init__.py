"""Ranking what could resolve a conflict, and deciding what is applied."""
