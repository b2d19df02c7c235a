"""Dialogues of several turns about a picture of one coloured shape, whose follow-ups need what was said before."""
