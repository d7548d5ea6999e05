"""The pack of the composer ``score``, from nothing: corpus, training, measures of it."""
