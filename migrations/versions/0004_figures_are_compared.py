"""figures are compared: how they are collected, and which quoted ones they stand beside

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'

# What the figures that come with the project were before they said so themselves.
COLLECTION = {
    'administrative': (
        'gigabit-availability', 'premises-below-30-mbps', 'fe-ict-achievements', 'fe-ict-enrolments',
        'apprenticeship-starts-rate', 'innovate-uk-funding', 'ukri-funding', 'business-birth-rate',
        'high-growth-businesses', 'active-businesses', 'three-year-survival', 'enterprises-sic-j',
        'enterprises-sic-j-share',
    ),
    'survey': (
        'employment-soc-21', 'employment-soc-31', 'level-3-qualifications', 'daily-internet-users',
        'business-rd-expenditure', 'public-rd-expenditure', 'inward-fdi-stock', 'total-exports',
        'ict-service-exports', 'employment-sic-j',
    ),
    'modelled': (
        '4g-area-coverage', '5g-area-coverage', 'digital-job-adverts', 'digital-job-adverts-share', 'gva-sic-j',
        'gva-sic-j-per-head', 'gva-per-hour', 'population',
    ),
}
NEAREST = {
    'Gigabit broadband coverage': 'gigabit-availability',
    'Digital output (GVA) per person': 'gva-sic-j-per-head',
    '4G coverage': '4g-area-coverage',
    '5G coverage': '5g-area-coverage',
    'Business spending on research and development': 'business-rd-expenditure',
    'Digital share of job adverts': 'digital-job-adverts-share',
    'Output (GVA) of the digital sector': 'gva-sic-j',
    'Employment in the digital sector': 'employment-sic-j',
    'Filled jobs in the digital sector': 'employment-sic-j',
}
NO_TIME_SERIES = 'employment-sic-j'
ABOVE_THE_MEDIAN = 'ldi-2023-digital-gva-per-person-west-midlands-techuk'


def upgrade() -> None:
    op.add_column('indicator', sa.Column('collection', sa.String(length=16), nullable=True))
    op.add_column('indicator', sa.Column('over_time', sa.Boolean(), nullable=True))
    with op.batch_alter_table('published_figure', schema=None) as batch_op:
        batch_op.add_column(sa.Column('indicator_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('median_side', sa.String(length=8), nullable=True))
        batch_op.create_index(batch_op.f('ix_published_figure_indicator_id'), ['indicator_id'])
        batch_op.create_foreign_key(
            batch_op.f('fk_published_figure_indicator_id_indicator'), 'indicator', ['indicator_id'], ['id']
        )
    indicator = sa.table('indicator', *(sa.column(name) for name in ('id', 'slug', 'collection', 'over_time')))
    for collection, slugs in COLLECTION.items():
        known = indicator.update().where(indicator.c.slug.in_(slugs))
        op.execute(known.values(collection=collection, over_time=indicator.c.slug != NO_TIME_SERIES))
    figure = sa.table('published_figure', *(sa.column(name) for name in ('id', 'label', 'indicator_id', 'median_side')))
    for label, slug in NEAREST.items():
        number = sa.select(indicator.c.id).where(indicator.c.slug == slug).scalar_subquery()
        op.execute(figure.update().where(figure.c.label == label).values(indicator_id=number))
    op.execute(figure.update().where(figure.c.id == ABOVE_THE_MEDIAN).values(median_side='above'))


def downgrade() -> None:
    with op.batch_alter_table('published_figure', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_published_figure_indicator_id_indicator'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_published_figure_indicator_id'))
        batch_op.drop_column('median_side')
        batch_op.drop_column('indicator_id')
    # Not in batch mode: that would drop the table, which others refer to.
    op.drop_column('indicator', 'over_time')
    op.drop_column('indicator', 'collection')
