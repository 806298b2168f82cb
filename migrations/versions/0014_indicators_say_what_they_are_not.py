"""indicators say what they are and are not, for whom they are missing, and what names them in a sentence

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'

COLUMNS = ('phrase', 'meaning', 'covers', 'mistaken_for', 'formula')


def upgrade() -> None:
    # All may be null: code that is deployed already writes indicators without them.
    for name in COLUMNS:
        op.add_column('indicator', sa.Column(name, sa.Text(), nullable=True))
        op.add_column('indicator_history', sa.Column(name, sa.Text(), nullable=True))
    op.add_column('indicator_history', sa.Column('number', sa.String(8), nullable=True))
    # Both databases take a check with a new column; Alembic has no words for it.
    numbers = "CONSTRAINT ck_indicator_number CHECK (number IN ('singular', 'plural'))"
    op.execute(f'ALTER TABLE indicator ADD COLUMN number VARCHAR(8) {numbers}')
    note_anew()


def downgrade() -> None:
    # Not in batch mode: that would drop the table, which others refer to.
    for name in ('number', *COLUMNS):
        op.drop_column('indicator_history', name)
        op.drop_column('indicator', name)
    note_anew()


def note_anew() -> None:
    """Have the fingerprints of releases, which are over all columns, noted by `data prepare`, as of old releases."""
    op.execute('UPDATE release SET fingerprint = NULL')
