"""Digits in four modalities: handwritten, shown with a hand, spoken and as a word (20,000 + 2,000 rows)."""
