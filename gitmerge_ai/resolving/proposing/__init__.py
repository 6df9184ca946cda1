"""What a conflict could become: candidates, made of its sides."""
