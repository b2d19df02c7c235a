"""Sentences about photos in English, German, French and Czech, a quarter with their photo (Multi30K, 29,000)."""
