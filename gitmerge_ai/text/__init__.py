"""Encodings, line endings and conflict markers."""
