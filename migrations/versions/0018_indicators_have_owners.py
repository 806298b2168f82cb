"""indicators have owners, and may be variants of others

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'

COLUMNS = {'owner': sa.Text(), 'variant_of': sa.String(64)}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column('indicator', sa.Column(name, kind, nullable=True))
        op.add_column('indicator_history', sa.Column(name, kind, nullable=True))
    note_anew()


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column('indicator_history', name)
        op.drop_column('indicator', name)
    note_anew()


def note_anew() -> None:
    """Have the fingerprints of releases, which are over all columns, noted by `data prepare`, as of old releases."""
    op.execute('UPDATE release SET fingerprint = NULL')
