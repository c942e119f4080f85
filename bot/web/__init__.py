"""The side app: health, readiness and metrics over HTTP."""
