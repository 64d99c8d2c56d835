"""Call each type of artifact what people call it: the same word on every page, in every list and table."""

_CALLED = {
    "agent": "Agent", "api": "API", "app": "App", "benchmark": "Benchmark", "cli": "Command line", "dataset": "Dataset",
    "extension": "Extension", "finetune": "Fine-tune", "framework": "Framework", "mcp": "MCP server", "model": "Model",
    "platform": "Platform", "product": "Product", "prompt": "Prompt", "repo": "Repository", "skill": "Skill",
    "template": "Template", "webapp": "Web app", "workflow": "Workflow",
}  # fmt: skip


def called(kind: str) -> str:
    """Return what one artifact of a type is called; a type that nobody knows is called as it is written."""
    return _CALLED.get(kind, kind)
