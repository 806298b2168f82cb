"""releases may be withdrawn

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdraws_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_release_withdraws_id'), ['withdraws_id'])
        batch_op.create_foreign_key(batch_op.f('fk_release_withdraws_id_release'), 'release', ['withdraws_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_release_withdraws_id_release'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_release_withdraws_id'), type_='unique')
        batch_op.drop_column('withdraws_id')

