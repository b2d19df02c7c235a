"""Coloured sprites with sentences, in five levels of growing detail, drawn here (CdSprites+, 50,000 + 10,000 each)."""
