"""withdrawals say up to which release the figures stood that they withdraw

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    # May be null: code that is deployed already withdraws without it. Readers then take all releases in between for
    # ones that held such figures.
    op.add_column('release', sa.Column('withdraws_to', sa.Integer(), nullable=True))
    release = sa.table('release', *(sa.column(name, sa.Integer()) for name in ('id', 'withdraws_id', 'withdraws_to')))
    observation = sa.table('observation', *(sa.column(name, sa.Integer()) for name in ('first_release', 'last_release')))
    connection = op.get_bind()
    withdrawals = sa.select(release.c.id, release.c.withdraws_id).where(release.c.withdraws_id.is_not(None))
    for number, withdrawn in connection.execute(withdrawals).all():
        last = sa.select(sa.func.max(observation.c.last_release)).where(observation.c.first_release == withdrawn)
        to = max(connection.execute(last).scalar() or withdrawn, withdrawn)
        op.execute(release.update().where(release.c.id == number).values(withdraws_to=to))


def downgrade() -> None:
    # Not in batch mode: that would drop the table, which others refer to.
    op.drop_column('release', 'withdraws_to')
