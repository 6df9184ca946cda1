"""Aligning two and three sequences; matching trees."""
