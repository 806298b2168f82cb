"""what a release changed is counted once, and found by its range

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'

COUNTS = ('added', 'changed', 'removed')
INDICES = (('first_release', 'first_release > 1'), ('last_release', 'last_release IS NOT NULL'))


def upgrade() -> None:
    for name in COUNTS:
        op.add_column('release', sa.Column(name, sa.Integer(), nullable=True))
    for column, where in INDICES:
        given = {f'{database}_where': sa.text(where) for database in ('sqlite', 'postgresql')}
        op.create_index(f'ix_observation_{column}', 'observation', [column], **given)


def downgrade() -> None:
    for column, _ in INDICES:
        op.drop_index(f'ix_observation_{column}', 'observation')
    # Not in batch mode: that would drop the table, which others refer to.
    for name in COUNTS:
        op.drop_column('release', name)
