"""What was resolved automatically: kept, read, reviewed, explained and taken back."""
