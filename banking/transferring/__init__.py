"""Transferring: single payments, requests, standing orders, batches and payment files."""
