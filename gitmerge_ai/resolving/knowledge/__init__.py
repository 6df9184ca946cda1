"""What is known of a conflict beside its texts: history, habits, other decisions."""
