"""Short videos of small people, composed from layers, with sentences that state what is seen (LPC sprites)."""
