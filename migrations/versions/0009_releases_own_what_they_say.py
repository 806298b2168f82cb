"""releases own what they say besides figures: texts, places, sources, gaps and definitions have a history

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'

DESCRIBED = (
    'component',
    'gap',
    'indicator',
    'level',
    'published_figure',
    'region',
    'region_alias',
    'region_level',
    'region_parent',
    'region_succession',
    'source',
    'source_file',
)


def upgrade() -> None:
    # Code that is deployed already reads and writes these tables as they were: what it adds counts for every release.
    for table in DESCRIBED:
        op.add_column(table, sa.Column('first_release', sa.Integer(), server_default='1', nullable=False))
    op.add_column('release', sa.Column('fingerprint', sa.String(length=32), nullable=True))
    op.add_column('release', sa.Column('owner', sa.Text(), nullable=True))
    op.add_column('release', sa.Column('actor', sa.Text(), nullable=True))
    # Both databases take a check with a new column; Alembic has no words for it.
    states = "CONSTRAINT ck_release_state CHECK (state IN ('draft', 'published', 'withdrawn'))"
    op.execute(f"ALTER TABLE release ADD COLUMN state VARCHAR(9) DEFAULT 'published' NOT NULL {states}")
    op.execute("UPDATE release SET state = 'withdrawn' WHERE id IN (SELECT withdraws_id FROM release)")
    op.create_table('component_history',
    sa.Column('id', sa.String(length=64), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('measured', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_component_history'))
    )
    op.create_table('gap_history',
    sa.Column('indicator_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('indicator_id', 'region_id', 'first_release', name=op.f('pk_gap_history'))
    )
    op.create_table('index_definition',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('first_release', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_index_definition'))
    )
    op.create_table('index_definition_history',
    sa.Column('id', sa.String(length=64), autoincrement=False, nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_index_definition_history'))
    )
    op.create_table('indicator_history',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('component_id', sa.String(length=64), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('decimals', sa.Integer(), nullable=False),
    sa.Column('measure', sa.String(), nullable=False),
    sa.Column('denominator_id', sa.Integer(), nullable=True),
    sa.Column('polarity', sa.String(), nullable=False),
    sa.Column('collection', sa.String(length=16), nullable=True),
    sa.Column('over_time', sa.Boolean(), nullable=True),
    sa.Column('frequency', sa.String(), nullable=False),
    sa.Column('year_kind', sa.String(), nullable=False),
    sa.Column('quality', sa.String(), nullable=False),
    sa.Column('derivation', sa.Text(), nullable=True),
    sa.Column('caveats', sa.Text(), nullable=True),
    sa.Column('last_updated', sa.String(length=10), nullable=True),
    sa.Column('next_update', sa.String(length=10), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_indicator_history'))
    )
    op.create_table('level_history',
    sa.Column('id', sa.String(length=64), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_level_history'))
    )
    op.create_table('published_figure_history',
    sa.Column('id', sa.String(length=120), autoincrement=False, nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=True),
    sa.Column('region_name', sa.Text(), nullable=False),
    sa.Column('level_id', sa.String(length=64), nullable=True),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('printed', sa.Text(), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('bound', sa.String(length=1), nullable=True),
    sa.Column('bound_value', sa.Double(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=True),
    sa.Column('edition', sa.Text(), nullable=False),
    sa.Column('source_title', sa.Text(), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('indicator_id', sa.Integer(), nullable=True),
    sa.Column('median_side', sa.String(length=8), nullable=True),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_published_figure_history'))
    )
    op.create_table('region_alias_history',
    sa.Column('alias', sa.Text(), autoincrement=False, nullable=False),
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=True),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('alias', 'region_id', 'first_release', name=op.f('pk_region_alias_history'))
    )
    op.create_table('region_history',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.String(length=10), nullable=True),
    sa.Column('valid_to', sa.String(length=10), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('centroid', sa.String(), nullable=True),
    sa.Column('hex_q', sa.Integer(), nullable=True),
    sa.Column('hex_r', sa.Integer(), nullable=True),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_region_history'))
    )
    op.create_table('region_level_history',
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('level_id', sa.String(length=64), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('region_id', 'level_id', 'first_release', name=op.f('pk_region_level_history'))
    )
    op.create_table('region_parent_history',
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('parent_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('region_id', 'parent_id', 'first_release', name=op.f('pk_region_parent_history'))
    )
    op.create_table('region_succession_history',
    sa.Column('predecessor_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('successor_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('predecessor_id', 'successor_id', 'first_release', name=op.f('pk_region_succession_history'))
    )
    op.create_table('source_file_history',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('version_date', sa.String(length=10), nullable=True),
    sa.Column('retrieved_from', sa.Text(), nullable=True),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_source_file_history'))
    )
    op.create_table('source_history',
    sa.Column('id', sa.String(length=64), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('publisher', sa.Text(), nullable=False),
    sa.Column('licence', sa.Text(), nullable=False),
    sa.Column('licence_url', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('attribution', sa.Text(), nullable=False),
    sa.Column('first_release', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'first_release', name=op.f('pk_source_history'))
    )


def downgrade() -> None:
    for table in ('index_definition', *DESCRIBED):
        op.drop_table(f'{table}_history')
    op.drop_table('index_definition')
    # Not in batch mode: that would drop the table, which others refer to.
    for table in DESCRIBED:
        op.drop_column(table, 'first_release')
    for column in ('state', 'actor', 'owner', 'fingerprint'):
        op.drop_column('release', column)
