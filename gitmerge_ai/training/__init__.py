"""Mining conflicts, training and evaluating the classifier."""
