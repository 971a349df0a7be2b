"""What older layers were: names, arguments, weights, and those that are gone."""
