"""The contract: marshmallow schemas. Questions come in through them; answers are documented and tested by them."""
