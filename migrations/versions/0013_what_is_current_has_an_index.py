"""what is current is found without its old versions

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'

NAME = 'ix_observation_current'
CURRENT = sa.text('last_release IS NULL')


def upgrade() -> None:
    columns = ['series_id', 'period_start']
    op.create_index(NAME, 'observation', columns, sqlite_where=CURRENT, postgresql_where=CURRENT)


def downgrade() -> None:
    op.drop_index(NAME, 'observation')
