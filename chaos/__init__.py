"""Everything goes wrong at once, on purpose: ``make chaos`` (see ``chaos.__main__``)."""
