"""indicators say since which release figures of theirs come from a source

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    # May be null: code that is deployed already notes sources without it. They then count for every release.
    op.add_column('indicator_source', sa.Column('first_release', sa.Integer(), nullable=True))
    number = ('id', 'indicator_id', 'series_id', 'source_file_id', 'first_release')
    series = sa.table('series', *(sa.column(name, sa.Integer()) for name in number))
    observation = sa.table('observation', *(sa.column(name, sa.Integer()) for name in number))
    file = sa.table('source_file', sa.column('id', sa.Integer()), sa.column('source_id', sa.String()))
    noted = sa.table('indicator_source', *(sa.column(name) for name in ('indicator_id', 'source_id', 'first_release')))
    first = (
        sa.select(series.c.indicator_id, file.c.source_id, sa.func.min(observation.c.first_release))
        .select_from(observation.join(series, series.c.id == observation.c.series_id))
        .join(file, file.c.id == observation.c.source_file_id)
        .group_by(series.c.indicator_id, file.c.source_id)
    )
    for indicator, source, release in op.get_bind().execute(first).all():
        same = noted.c.indicator_id == indicator, noted.c.source_id == source
        op.execute(noted.update().where(*same).values(first_release=release))


def downgrade() -> None:
    # Not in batch mode, as 0007.
    op.drop_column('indicator_source', 'first_release')
