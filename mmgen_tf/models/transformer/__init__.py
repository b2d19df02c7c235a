"""Transformers: any modalities in, a sentence out."""
