"""Emoji in six drawing styles, named in six languages, split by concept (9,454 + 326 of held-out styles + 1,086)."""
