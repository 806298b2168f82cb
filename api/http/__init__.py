"""The Flask-facing machinery, a module each subject."""
