"""first tables

Revision 0001, after .
"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('component',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('measured', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component'))
    )
    op.create_table('level',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level'))
    )
    op.create_table('published_figure',
    sa.Column('id', sa.String(length=120), nullable=False),
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
    sa.CheckConstraint("bound IN ('>', '<')", name=op.f('ck_published_figure_bound')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_figure'))
    )
    with op.batch_alter_table('published_figure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_figure_edition'), ['edition'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_figure_region_code'), ['region_code'], unique=False)

    op.create_table('region',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.String(length=10), nullable=True),
    sa.Column('valid_to', sa.String(length=10), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('centroid', sa.String(), nullable=True),
    sa.Column('hex_q', sa.Integer(), nullable=True),
    sa.Column('hex_r', sa.Integer(), nullable=True),
    sa.CheckConstraint("centroid IN ('published', 'mean-of-members')", name=op.f('ck_region_centroid')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_region')),
    sa.UniqueConstraint('code', name=op.f('uq_region_code'))
    )
    op.create_table('release',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reconstructed', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('release', 'correction', 'withdrawal')", name=op.f('ck_release_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release')),
    sa.UniqueConstraint('published_at', name=op.f('uq_release_published_at'))
    )
    op.create_table('source',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('publisher', sa.Text(), nullable=False),
    sa.Column('licence', sa.Text(), nullable=False),
    sa.Column('licence_url', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('attribution', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source'))
    )
    op.create_table('indicator',
    sa.Column('id', sa.Integer(), nullable=False),
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
    sa.Column('frequency', sa.String(), nullable=False),
    sa.Column('year_kind', sa.String(), nullable=False),
    sa.Column('quality', sa.String(), nullable=False),
    sa.Column('derivation', sa.Text(), nullable=True),
    sa.Column('caveats', sa.Text(), nullable=True),
    sa.Column('last_updated', sa.String(length=10), nullable=True),
    sa.Column('next_update', sa.String(length=10), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("frequency IN ('annual', 'half-yearly', 'quarterly', 'monthly', 'irregular')", name=op.f('ck_indicator_frequency')),
    sa.CheckConstraint("measure IN ('rate', 'count', 'amount')", name=op.f('ck_indicator_measure')),
    sa.CheckConstraint("polarity IN ('higher-is-better', 'lower-is-better', 'neutral')", name=op.f('ck_indicator_polarity')),
    sa.CheckConstraint("quality IN ('accredited-official', 'official', 'official-in-development', 'no-accreditation')", name=op.f('ck_indicator_quality')),
    sa.CheckConstraint("year_kind IN ('calendar', 'financial', 'academic', 'instant', 'month')", name=op.f('ck_indicator_year_kind')),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_indicator_component_id_component')),
    sa.ForeignKeyConstraint(['denominator_id'], ['indicator.id'], name=op.f('fk_indicator_denominator_id_indicator')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_indicator_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('slug', name=op.f('uq_indicator_slug'))
    )
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_indicator_component_id'), ['component_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_indicator_source_id'), ['source_id'], unique=False)

    op.create_table('region_alias',
    sa.Column('alias', sa.Text(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.String(), nullable=False),
    sa.CheckConstraint("scheme IN ('itl', 'nuts', 'ons', 'name')", name=op.f('ck_region_alias_scheme')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_region_alias_region_id_region')),
    sa.PrimaryKeyConstraint('alias', 'region_id', name=op.f('pk_region_alias'))
    )
    with op.batch_alter_table('region_alias', schema=None) as batch_op:
        batch_op.create_index('uq_region_alias_code', ['alias'], unique=True, sqlite_where=sa.text("scheme <> 'name'"), postgresql_where=sa.text("scheme <> 'name'"))

    op.create_table('region_level',
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('level_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['level_id'], ['level.id'], name=op.f('fk_region_level_level_id_level')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_region_level_region_id_region')),
    sa.PrimaryKeyConstraint('region_id', 'level_id', name=op.f('pk_region_level'))
    )
    with op.batch_alter_table('region_level', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_region_level_level_id'), ['level_id'], unique=False)

    op.create_table('region_parent',
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['region.id'], name=op.f('fk_region_parent_parent_id_region')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_region_parent_region_id_region')),
    sa.PrimaryKeyConstraint('region_id', 'parent_id', name=op.f('pk_region_parent'))
    )
    with op.batch_alter_table('region_parent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_region_parent_parent_id'), ['parent_id'], unique=False)

    op.create_table('region_succession',
    sa.Column('predecessor_id', sa.Integer(), nullable=False),
    sa.Column('successor_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.CheckConstraint("kind IN ('recoded', 'reorganised')", name=op.f('ck_region_succession_kind')),
    sa.ForeignKeyConstraint(['predecessor_id'], ['region.id'], name=op.f('fk_region_succession_predecessor_id_region')),
    sa.ForeignKeyConstraint(['successor_id'], ['region.id'], name=op.f('fk_region_succession_successor_id_region')),
    sa.PrimaryKeyConstraint('predecessor_id', 'successor_id', name=op.f('pk_region_succession'))
    )
    with op.batch_alter_table('region_succession', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_region_succession_successor_id'), ['successor_id'], unique=False)

    op.create_table('source_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('version_date', sa.String(length=10), nullable=True),
    sa.Column('retrieved_from', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_source_file_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_file')),
    sa.UniqueConstraint('slug', name=op.f('uq_source_file_slug'))
    )
    with op.batch_alter_table('source_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_source_file_source_id'), ['source_id'], unique=False)

    op.create_table('coverage',
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('level_id', sa.String(length=64), nullable=False),
    sa.Column('period_start', sa.String(length=10), nullable=False),
    sa.Column('period_duration', sa.String(length=8), nullable=False),
    sa.Column('first_release', sa.Integer(), nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=True),
    sa.Column('period', sa.String(length=24), nullable=False),
    sa.Column('regions', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['first_release'], ['release.id'], name=op.f('fk_coverage_first_release_release')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_coverage_indicator_id_indicator')),
    sa.ForeignKeyConstraint(['last_release'], ['release.id'], name=op.f('fk_coverage_last_release_release')),
    sa.ForeignKeyConstraint(['level_id'], ['level.id'], name=op.f('fk_coverage_level_id_level')),
    sa.PrimaryKeyConstraint('indicator_id', 'level_id', 'period_start', 'period_duration', 'first_release', name=op.f('pk_coverage')),
    sqlite_with_rowid=False
    )
    op.create_table('gap',
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.CheckConstraint("reason IN ('suppressed', 'not-measured', 'not-yet-published', 'geography-not-covered')", name=op.f('ck_gap_reason')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_gap_indicator_id_indicator')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_gap_region_id_region')),
    sa.PrimaryKeyConstraint('indicator_id', 'region_id', name=op.f('pk_gap'))
    )
    op.create_table('indicator_source',
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_indicator_source_indicator_id_indicator')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_indicator_source_source_id_source')),
    sa.PrimaryKeyConstraint('indicator_id', 'source_id', name=op.f('pk_indicator_source'))
    )
    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_series_indicator_id_indicator')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_series_region_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series'))
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_series_region_id'), ['region_id'], unique=False)
        batch_op.create_index('uq_series_indicator_id_region_id', ['indicator_id', 'region_id'], unique=True)

    op.create_table('observation',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('period_start', sa.String(length=10), nullable=False),
    sa.Column('period_duration', sa.String(length=8), nullable=False),
    sa.Column('first_release', sa.Integer(), nullable=False),
    sa.Column('last_release', sa.Integer(), nullable=True),
    sa.Column('period', sa.String(length=24), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('status', sa.String(length=1), nullable=False),
    sa.Column('lower', sa.Double(), nullable=True),
    sa.Column('upper', sa.Double(), nullable=True),
    sa.Column('bounds_kind', sa.String(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('source_file_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("bounds_kind IN ('sampling_ci_95', 'method_range_90')", name=op.f('ck_observation_bounds_kind')),
    sa.CheckConstraint("status IN ('A', 'B', 'D', 'E', 'F', 'G', 'M', 'O', 'P', 'Q', 'U')", name=op.f('ck_observation_status')),
    sa.CheckConstraint('last_release >= first_release', name=op.f('ck_observation_release_range')),
    sa.ForeignKeyConstraint(['first_release'], ['release.id'], name=op.f('fk_observation_first_release_release')),
    sa.ForeignKeyConstraint(['last_release'], ['release.id'], name=op.f('fk_observation_last_release_release')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_observation_series_id_series')),
    sa.ForeignKeyConstraint(['source_file_id'], ['source_file.id'], name=op.f('fk_observation_source_file_id_source_file')),
    sa.PrimaryKeyConstraint('series_id', 'period_start', 'period_duration', 'first_release', name=op.f('pk_observation')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('observation')
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_index('uq_series_indicator_id_region_id')
        batch_op.drop_index(batch_op.f('ix_series_region_id'))

    op.drop_table('series')
    op.drop_table('indicator_source')
    op.drop_table('gap')
    op.drop_table('coverage')
    with op.batch_alter_table('source_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_source_file_source_id'))

    op.drop_table('source_file')
    with op.batch_alter_table('region_succession', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_region_succession_successor_id'))

    op.drop_table('region_succession')
    with op.batch_alter_table('region_parent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_region_parent_parent_id'))

    op.drop_table('region_parent')
    with op.batch_alter_table('region_level', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_region_level_level_id'))

    op.drop_table('region_level')
    with op.batch_alter_table('region_alias', schema=None) as batch_op:
        batch_op.drop_index('uq_region_alias_code', sqlite_where=sa.text("scheme <> 'name'"), postgresql_where=sa.text("scheme <> 'name'"))

    op.drop_table('region_alias')
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_indicator_source_id'))
        batch_op.drop_index(batch_op.f('ix_indicator_component_id'))

    op.drop_table('indicator')
    op.drop_table('source')
    op.drop_table('release')
    op.drop_table('region')
    with op.batch_alter_table('published_figure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_published_figure_region_code'))
        batch_op.drop_index(batch_op.f('ix_published_figure_edition'))

    op.drop_table('published_figure')
    op.drop_table('level')
    op.drop_table('component')
