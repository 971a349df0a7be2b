"""What `make_references.py` records: one module for one file of references."""
