"""The figures that come with the project, as a Data Package; `check` holds a running service against them."""
