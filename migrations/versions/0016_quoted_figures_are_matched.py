"""quoted figures say how they compare with the nearest figure that is served here

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'

KINDS = "'equal', 'other-definition', 'other-period', 'other-boundary', 'not-open', 'quoted-only'"
COLUMNS = {'match_region_code': sa.String(12), 'match_period': sa.String(24), 'match_detail': sa.Text()}


def upgrade() -> None:
    # All may be null: code that is deployed already writes quoted figures without them.
    for name, kind in COLUMNS.items():
        op.add_column('published_figure', sa.Column(name, kind, nullable=True))
        op.add_column('published_figure_history', sa.Column(name, kind, nullable=True))
    op.add_column('published_figure_history', sa.Column('match_kind', sa.String(20), nullable=True))
    # Both databases take a check with a new column; Alembic has no words for it.
    check = f'CONSTRAINT ck_published_figure_match_kind CHECK (match_kind IN ({KINDS}))'
    op.execute(f'ALTER TABLE published_figure ADD COLUMN match_kind VARCHAR(20) {check}')
    note_anew()


def downgrade() -> None:
    for name in ('match_kind', *COLUMNS):
        op.drop_column('published_figure_history', name)
        op.drop_column('published_figure', name)
    note_anew()


def note_anew() -> None:
    """Have the fingerprints of releases, which are over all columns, noted by `data prepare`, as of old releases."""
    op.execute('UPDATE release SET fingerprint = NULL')
