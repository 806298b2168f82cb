"""A release as files: written once, kept on disk, and served again and again."""
