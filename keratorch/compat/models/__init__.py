"""What older models were: their attributes and methods, graphs, symbols and files."""
