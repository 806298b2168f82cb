"""series are projected

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('projection',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.Integer(), nullable=False),
    sa.Column('engine', sa.Text(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_projection_release_id_release')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_projection_series_id_series')),
    sa.PrimaryKeyConstraint('series_id', 'digest', name=op.f('pk_projection'))
    )


def downgrade() -> None:
    op.drop_table('projection')
