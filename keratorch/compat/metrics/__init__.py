"""What losses and metrics were: their names, and how they were computed."""
