"""The contract: `openapi.json`, made by `generate` from the code, its examples from the figures in `seed/`."""
