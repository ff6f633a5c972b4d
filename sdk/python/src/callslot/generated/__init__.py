"""What scripts/generate.py makes of docs/openapi.json and docs/errors.md."""
