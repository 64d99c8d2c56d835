"""Serve the catalog to agents over the Model Context Protocol."""
