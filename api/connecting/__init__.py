"""How each kind of database is reached, for how long it is waited for, and what its failures mean."""
