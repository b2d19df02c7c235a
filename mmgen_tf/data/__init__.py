"""Where examples come from: dataset builders, a user's own folder, and the pipeline that batches them."""
