"""Aligning sequences and trees; it decides what corresponds to what, never what is kept."""
