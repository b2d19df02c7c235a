"""Photos with five captions each (Flickr8k, 6,000 + 1,000 + 1,000), from the user's own copy."""
