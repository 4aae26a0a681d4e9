"""Alembic runs here. The connection is given by `workflow.schema`; nothing reads settings."""

from alembic import context

from workflow.models.registry import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
