"""The catalog and the ledger in one SQL database: SQLite in a file, or PostgreSQL."""
