"""Handwritten digits with captions that state digit, stroke thickness and slant (MNIST, 60,000 + 10,000)."""
