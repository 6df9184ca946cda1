"""Conflicts and their resolutions, collected out of histories."""
