"""One digit class in five pictures, each of another hand on another photograph (PolyMNIST, 60,000 + 10,000)."""
