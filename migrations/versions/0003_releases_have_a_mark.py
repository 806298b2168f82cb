"""releases have a mark

Revision 0003, after 0002.
"""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    # May be null: code that is deployed already publishes without one.
    op.add_column('release', sa.Column('mark', sa.String(length=16), nullable=True))
    release = sa.table('release', sa.column('id', sa.Integer()), sa.column('mark', sa.String()))
    for number in op.get_bind().execute(sa.select(release.c.id)).scalars().all():
        op.execute(release.update().where(release.c.id == number).values(mark=token_hex(8)))


def downgrade() -> None:
    # Not in batch mode: that would drop the table, which others refer to.
    op.drop_column('release', 'mark')
