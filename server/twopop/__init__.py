"""The desk of twopop: clients, jobs, time and disk. Imports no tensors."""

__version__ = "0.1.0"
