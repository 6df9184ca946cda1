"""The classifier: prepared, trained, measured, calibrated, exported."""
