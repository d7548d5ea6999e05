"""Delivery: what a finished take looks like on disk."""
