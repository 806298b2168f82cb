"""what each release took from which file is noted when it is published

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'

FILLED = """
INSERT INTO release_file (release_id, indicator_id, source_file_id, begun, ended)
SELECT changed.release_id, changed.indicator_id, changed.source_file_id, sum(changed.begun), sum(changed.ended)
FROM (
    SELECT o.first_release AS release_id, s.indicator_id, o.source_file_id, count(*) AS begun, 0 AS ended
    FROM observation o JOIN series s ON s.id = o.series_id
    GROUP BY o.first_release, s.indicator_id, o.source_file_id
    UNION ALL
    SELECT o.last_release + 1, s.indicator_id, o.source_file_id, 0, count(*)
    FROM observation o JOIN series s ON s.id = o.series_id
    WHERE o.last_release IS NOT NULL
    GROUP BY o.last_release, s.indicator_id, o.source_file_id
) AS changed
GROUP BY changed.release_id, changed.indicator_id, changed.source_file_id
"""


def upgrade() -> None:
    op.create_table(
        'release_file',
        sa.Column('release_id', sa.Integer(), nullable=False),
        sa.Column('indicator_id', sa.Integer(), nullable=False),
        sa.Column('source_file_id', sa.Integer(), nullable=False),
        sa.Column('begun', sa.Integer(), nullable=False),
        sa.Column('ended', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_release_file_release_id_release')),
        sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_release_file_indicator_id_indicator')),
        sa.ForeignKeyConstraint(
            ['source_file_id'], ['source_file.id'], name=op.f('fk_release_file_source_file_id_source_file')
        ),
        sa.PrimaryKeyConstraint('release_id', 'indicator_id', 'source_file_id', name=op.f('pk_release_file')),
    )
    op.execute(FILLED)


def downgrade() -> None:
    op.drop_table('release_file')
