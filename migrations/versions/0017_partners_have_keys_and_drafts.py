"""partners have keys and drafts

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    op.create_table('api_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=True),
    sa.Column('indicators', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('prefix', name=op.f('uq_api_key_prefix'))
    )
    with op.batch_alter_table('api_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_key_owner'), ['owner'], unique=False)

    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('key_prefix', sa.String(length=12), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('subject', sa.String(length=80), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('details', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('base_release', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('release_id', sa.Integer(), nullable=True),
    sa.Column('preview', sa.String(length=40), nullable=True),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.Column('key_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('release', 'correction')", name=op.f('ck_draft_kind')),
    sa.CheckConstraint("state IN ('open', 'publishing', 'published', 'discarded')", name=op.f('ck_draft_state')),
    sa.ForeignKeyConstraint(['base_release'], ['release.id'], name=op.f('fk_draft_base_release_release')),
    sa.ForeignKeyConstraint(['key_id'], ['api_key.id'], name=op.f('fk_draft_key_id_api_key')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_draft_release_id_release')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('release_id', name=op.f('uq_draft_release_id'))
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_owner'), ['owner'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_publish_at'), ['publish_at'], unique=False)

    op.create_table('draft_part',
    sa.Column('draft_id', sa.String(length=22), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind IN ('indicator', 'place')", name=op.f('ck_draft_part_kind')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_part_draft_id_draft')),
    sa.PrimaryKeyConstraint('draft_id', 'kind', 'name', name=op.f('pk_draft_part'))
    )
    op.create_table('idempotent_request',
    sa.Column('key_id', sa.Integer(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=255), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('location', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['key_id'], ['api_key.id'], name=op.f('fk_idempotent_request_key_id_api_key')),
    sa.PrimaryKeyConstraint('key_id', 'idempotency_key', name=op.f('pk_idempotent_request'))
    )
    with op.batch_alter_table('idempotent_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotent_request_answered_at'), ['answered_at'], unique=False)

    op.create_table('upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.String(length=22), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=True),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('step', sa.Text(), nullable=True),
    sa.Column('rows', sa.Integer(), nullable=True),
    sa.Column('good', sa.Integer(), nullable=True),
    sa.Column('errors', sa.Integer(), nullable=True),
    sa.Column('warnings', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.JSON(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'checking', 'checked', 'refused')", name=op.f('ck_upload_state')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_upload_draft_id_draft')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_draft_id'), ['draft_id'], unique=False)
    never_change_audit()



def downgrade() -> None:
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_draft_id'))

    op.drop_table('upload')
    op.drop_table('draft_part')
    with op.batch_alter_table('idempotent_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotent_request_answered_at'))

    op.drop_table('idempotent_request')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_publish_at'))
        batch_op.drop_index(batch_op.f('ix_draft_owner'))

    op.drop_table('draft')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_at'))

    op.drop_table('audit_entry')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_change_of_audit()')
    with op.batch_alter_table('api_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_key_owner'))

    op.drop_table('api_key')


def never_change_audit() -> None:
    """Entries are added: whoever would change one is refused by the database."""
    refusal = 'An entry of the audit is never changed.'
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            f"CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            'CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit()'
        )
    else:
        op.execute(
            'CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry '
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
