"""Values -> documents: pictures and tables."""
