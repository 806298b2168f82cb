"""levels say what they are: in which order they are ranked, what they are to others, what people call them

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'

COLUMNS = (('rank_order', sa.Integer()), ('role', sa.String(16)), ('counterpart', sa.String(64)), ('words', sa.Text()))
LEVELS = {
    'uk': {'role': 'whole'},
    'country': {'rank_order': 4, 'role': 'nation'},
    'itl1': {'rank_order': 1, 'role': 'main'},
    'itl3': {'counterpart': 'local-authority'},
    'combined-authority': {'rank_order': 2},
    'local-authority': {'rank_order': 3, 'role': 'district', 'counterpart': 'itl3'},
    'other': {'role': 'grouping'},
}
"""What the code said of levels until now, by their identifiers."""


def upgrade() -> None:
    # All may be null: code that is deployed already writes levels without them.
    for name, kind in COLUMNS:
        if name != 'role':
            op.add_column('level', sa.Column(name, kind, nullable=True))
        op.add_column('level_history', sa.Column(name, kind, nullable=True))
    # Both databases take a check with a new column; Alembic has no words for it.
    roles = "CONSTRAINT ck_level_role CHECK (role IN ('whole', 'nation', 'main', 'district', 'grouping'))"
    op.execute(f"ALTER TABLE level ADD COLUMN role VARCHAR(16) {roles}")
    for table in ('level', 'level_history'):
        own = sa.table(table, sa.column('id'), *(sa.column(name) for name, _ in COLUMNS))
        for level, said in LEVELS.items():
            op.execute(own.update().where(own.c.id == level).values(**said))
    note_anew()


def downgrade() -> None:
    # Not in batch mode: that would drop the table, which others refer to.
    for name, _ in COLUMNS:
        op.drop_column('level_history', name)
        op.drop_column('level', name)
    note_anew()


def note_anew() -> None:
    """Have the fingerprints of releases, which are over all columns, noted by `data prepare`, as of old releases."""
    op.execute("UPDATE release SET fingerprint = NULL")
