"""regions have boundaries, and boundaries have lines that they share

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    op.create_table('boundary_arc',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Text(), nullable=False),
    sa.Column('first_release', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boundary_arc'))
    )
    op.create_table('boundary_arc_history',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('points', sa.Text(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_boundary_arc_history'))
    )
    op.create_table('boundary',
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('valid_to', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('coordinates', sa.Text(), nullable=False),
    sa.Column('arcs', sa.Text(), nullable=False),
    sa.Column('west', sa.Double(), nullable=False),
    sa.Column('south', sa.Double(), nullable=False),
    sa.Column('east', sa.Double(), nullable=False),
    sa.Column('north', sa.Double(), nullable=False),
    sa.Column('first_release', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("kind IN ('Polygon', 'MultiPolygon')", name=op.f('ck_boundary_kind')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_boundary_region_id_region')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_boundary_source_id_source')),
    sa.PrimaryKeyConstraint('region_id', 'valid_from', name=op.f('pk_boundary'))
    )
    op.create_index(op.f('ix_boundary_source_id'), 'boundary', ['source_id'])
    op.create_table('boundary_history',
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('valid_from', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('valid_to', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('coordinates', sa.Text(), nullable=False),
    sa.Column('arcs', sa.Text(), nullable=False),
    sa.Column('west', sa.Double(), nullable=False),
    sa.Column('south', sa.Double(), nullable=False),
    sa.Column('east', sa.Double(), nullable=False),
    sa.Column('north', sa.Double(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('region_id', 'valid_from', 'first_release', name=op.f('pk_boundary_history'))
    )
    note_anew()


def downgrade() -> None:
    for table in ('boundary_history', 'boundary', 'boundary_arc_history', 'boundary_arc'):
        op.drop_table(table)
    note_anew()


def note_anew() -> None:
    """Have the fingerprints of releases, which are over all tables, noted by `data prepare`, as of old releases."""
    op.execute("UPDATE release SET fingerprint = NULL")
