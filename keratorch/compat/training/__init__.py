"""What training was: optimizers, callbacks, logs, and what data were let pass."""
