"""The pipeline, the checks and the result."""
