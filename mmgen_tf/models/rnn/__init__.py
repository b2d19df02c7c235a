"""Recurrent networks: any modalities in, a sentence out, word by word."""
