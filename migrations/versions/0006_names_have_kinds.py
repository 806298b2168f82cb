"""names of regions have kinds

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    # May be null: codes have none, and code that is deployed already writes names without one.
    op.add_column('region_alias', sa.Column('kind', sa.String(length=16), nullable=True))


def downgrade() -> None:
    # Not in a batch: that would make the table anew, and with it an index which holds for codes alone.
    op.drop_column('region_alias', 'kind')
