"""May this order go out? One policy for operators, strategies and programs alike."""
